"""Draws seeded samples of a release's documents and prints each beside what Maildex read, to be judged by eye.

Usage:
  released.py outside TEXTS TABLES [--seed 1] [-n 200]      documents that no table knows
  released.py differing DIFFERENCES [--seed 1] [-n 200]     lines of the file that the test `released` writes
  released.py beside TEXTS SITE NUMBER...                   the texts, and what the site says of them

The first two print a number a line, the third the pages to read. The same seed gives the same sample.
"""

import argparse
import csv
import json
import pathlib
import random
import subprocess
import sys


def texts(folder: str) -> dict:
    return {path.stem: path for path in sorted(pathlib.Path(folder).rglob("*.txt"))}


def known(folder: str) -> set:
    """Numbers of the documents of which a table says anything."""
    numbers = set()
    for path in sorted(pathlib.Path(folder).glob("*.csv")):
        csv.field_size_limit(1 << 30)
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            for row in csv.DictReader(file):
                numbers.add(row.get("doc_number") or row.get("MetadataDocumentNumber") or "")
    return numbers


def outside(args: argparse.Namespace) -> list:
    return sorted(set(texts(args.texts)) - known(args.tables))


def differing(args: argparse.Namespace) -> list:
    return sorted(pathlib.Path(args.differences).read_text(encoding="utf-8").splitlines())


def beside(args: argparse.Namespace) -> None:
    paths = texts(args.texts)
    for number in args.numbers:
        print("=" * 30, number)
        print(paths[number].read_text(encoding="utf-8", errors="replace").strip())
        search = [args.maildex, "search", args.site, f"docid:{number}", "--json", "--limit", "50"]
        hits = json.loads(subprocess.run(search, capture_output=True, check=False).stdout or b"{}")
        for hit in hits.get("hits", []):
            print("-" * 10, "OURS")
            show = [args.maildex, "show", args.site, hit["key"]]
            print(subprocess.run(show, capture_output=True, check=False).stdout.decode().strip())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, folders in (("outside", ["texts", "tables"]), ("differing", ["differences"])):
        command = commands.add_parser(name)
        for folder in folders:
            command.add_argument(folder)
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("-n", type=int, default=200)
    command = commands.add_parser("beside")
    command.add_argument("texts")
    command.add_argument("site")
    command.add_argument("numbers", nargs="+")
    command.add_argument("--maildex", default="maildex")
    args = parser.parse_args()
    if args.command == "beside":
        beside(args)
        return
    pool = outside(args) if args.command == "outside" else differing(args)
    print(f"{len(pool)} to draw from", file=sys.stderr)
    print("\n".join(sorted(random.Random(args.seed).sample(pool, min(args.n, len(pool))))))


if __name__ == "__main__":
    main()
