"""Measures maildex beside its peers and writes results.json and tables.md.

    tests/bench/run.sh list.mbox                         every engine on one mailbox
    tests/bench/run.sh --demo 5000                       the same on the invented archive
    tests/bench/run.sh list/ --sizes 5000,20000          parts of it, at an even stride in the order of dates
    tests/bench/run.sh list.mbox --peers tantivy         fewer peers; what a folder holds of others stays
    tests/bench/run.sh --scale 10000,100000,1000000      growth, by the invented archive
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

import documents
import engines
import queries
import scale
import setup
import tables
from measure import Failed, run
from setup import say

PINNED = setup.HERE / "queries" / "demo-5000.json"
"""The queries of `--demo 5000`: they tell when the rule that draws them, or the archive, is not what it was."""


def main():
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    store = Store(args.out)
    told = setup.versions(args.peers) if args.no_setup else setup.set_up(args.peers)
    store.put(["versions"], store.of(["versions"]) | told)
    store.put(["machine"], setup.machine() | {"date": time.strftime("%Y-%m-%d")})
    args.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=args.work) as folder:
        folder = Path(folder)
        if args.demo:
            mbox = folder / f"demo-{args.demo}.mbox"
            run([setup.MAILDEX, "demo", "--quiet", "--messages", args.demo, "--seed", 1, "-o", mbox])
            args.mailbox.append(str(mbox))
        if args.mailbox:
            measure_mail(args, store, folder)
        for n in args.scale:
            scratch = folder / "scale"
            scratch.mkdir()
            store.put(["scale", str(n)], scale.measure(n, scratch))
            shutil.rmtree(scratch)
    print(args.out / "tables.md")


def arguments():
    parser = argparse.ArgumentParser(prog="run.sh", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mailbox", nargs="*", help="mbox files or folders of mail")
    parser.add_argument("--name", help="what the mail is called in the tables; its file name if not given")
    parser.add_argument("--demo", type=int, metavar="N", help="the invented archive of N messages")
    parser.add_argument("--sizes", type=numbers, default=[], metavar="N,N", help="messages to take; all if not given")
    parser.add_argument("--peers", type=peers, default=setup.ALL_PEERS, metavar="NAME,NAME",
                        help=f"of {', '.join(setup.ALL_PEERS)}; or none")
    parser.add_argument("--scale", type=numbers, default=[], metavar="N,N", help="growth at these sizes")
    parser.add_argument("--repeats", type=int, default=3, help="builds whose median counts; slow peers once (3)")
    parser.add_argument("--out", type=Path, default=setup.BENCH / "results", help="folder of the results")
    parser.add_argument("--work", type=Path, default=setup.BENCH / "work", help="where indexes are built")
    parser.add_argument("--no-setup", action="store_true", help="everything is built and installed already")
    args = parser.parse_args()
    if not (args.mailbox or args.demo or args.scale):
        parser.error("expected a mailbox, --demo N or --scale N")
    return args


def numbers(text):
    return [int(part) for part in text.split(",") if part]


def peers(text):
    names = [] if text == "none" else text.split(",")
    for name in names:
        if name not in setup.ALL_PEERS:
            raise argparse.ArgumentTypeError(f"expected some of {', '.join(setup.ALL_PEERS)}, found {name}")
    return names


def measure_mail(args, store, folder):
    name = args.name or (f"demo {args.demo}" if args.demo else Path(args.mailbox[0]).name)
    say(f"reading {name}")
    for row in documents.convert(args.mailbox, str(folder), args.sizes or [None]):
        asked = queries.draw(row["docs"])
        if args.demo == 5000 and not args.sizes:
            check_pinned(asked)
        key = ["mail", f"{name}, {row['messages']:,} messages"]
        store.put([*key, "input"], {field: row[field] for field in ("messages", "unread", "raw_bytes", "body_bytes")})
        measure_engines(args, store, key, row, asked, folder)


def check_pinned(asked):
    if not PINNED.exists():
        PINNED.write_text("[\n" + ",\n".join(map(json.dumps, asked)) + "\n]\n")
        say(f"wrote {PINNED.name}")
    elif json.loads(PINNED.read_text()) != asked:
        raise SystemExit(f"the queries drawn from the demo archive are not those of {PINNED}; delete it to pin these")


def measure_engines(args, store, key, row, asked, folder):
    site = folder / "site"
    say("maildex: building")
    built = engines.built_maildex(row["inputs"], site, repeats=args.repeats)
    store.put([*key, "maildex"], built)
    folders = {"maildex": site}
    if "tantivy" in args.peers:
        say("tantivy: building")
        store.put([*key, "tantivy"], engines.tantivy(row["docs"], folder / "tantivy", asked, repeats=args.repeats))
        folders["tantivy"] = folder / "tantivy" / "index"
    say("native: warm queries by turns")
    store.put([*key, "native"], engines.native(asked, folders, args.repeats))
    say("native: instructions")
    store.put([*key, "instructions"], engines.instructions(asked, folders))
    store.put([*key, "asked_for"], engines.asked_for(site, asked))
    say("maildex: Chromium")
    store.put([*key, "chromium"], engines.chromium_maildex(site, asked))
    for peer in ("minisearch", "fts5", "pagefind"):
        if peer in args.peers:
            say(peer)
            try:
                store.put([*key, peer], getattr(engines, peer)(row["docs"], folder, asked))
            except (Failed, RuntimeError) as error:
                # A peer that dies of the archive is a result too.
                store.put([*key, peer], {"failed": str(error)})
                say(f"{peer}: {error}")


class Store:
    """The results, written after every part, so that a run that is broken off keeps what it has."""

    def __init__(self, folder):
        self.file, self.tables = folder / "results.json", folder / "tables.md"
        self.rows = json.loads(self.file.read_text()) if self.file.exists() else {}

    def of(self, path):
        node = self.rows
        for name in path:
            node = node.get(name, {})
        return node

    def put(self, path, value):
        node = self.rows
        for name in path[:-1]:
            node = node.setdefault(name, {})
        node[path[-1]] = value
        self.file.write_text(json.dumps(self.rows, indent=1, sort_keys=True) + "\n")
        self.tables.write_text(tables.render(self.rows))


if __name__ == "__main__":
    sys.exit(main())
