#!/usr/bin/env python3
"""What a reader on a slow link waits for, at a site and at Pagefind's own page of the same mails.

    tests/bench/slow.py MAILDEX MAILBOX... [--words 10] [--site SITE]

Builds both (or takes the site as it is), then by turns opens each in a fresh Chromium behind a link of 1.6 Mbit/s and
150 ms, types a word, and opens the first hit: half of the visits on a wide screen, half on a phone's. Prints the medians
and the longest, in milliseconds; fails where a median of the site is beyond its goal.
"""

import argparse
import html
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import documents
import queries
import setup
from measure import median, run

LINK = {"bitsPerSecond": 1_600_000, "roundTripMs": 150}
GOALS = {"opened": 2500, "answer": 1000, "message": 700}
WHAT = {"opened": "page usable", "answer": "first results, after the last key", "message": "message open"}
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Search</title>
<link href="/pagefind/pagefind-ui.css" rel="stylesheet"><script src="/pagefind/pagefind-ui.js"></script>
<h1>Search</h1><div id="search"></div>
<script>addEventListener('DOMContentLoaded', () => new PagefindUI({ element: '#search', showImages: false }));</script>
"""
MESSAGE = '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{subject}</title><article><h1>{subject}</h1><p>{who}</p><pre>{body}</pre></article>\n'


def main():
    args = arguments()
    browser = setup.ROOT / "tests" / "browser"
    setup.install(browser, browser, ["package.json", "package-lock.json"], ["npm", "ci"])
    setup.install(setup.HERE / "peers", setup.PEERS, ["package.json"], ["npm", "install", "--no-package-lock"])
    work = setup.BENCH / "work"
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work) as folder:
        folder = Path(folder)
        site = args.site or folder / "site"
        [row] = documents.convert(args.mailbox, str(folder), [None])
        if args.site is None:
            setup.say("building the site")
            run([args.maildex, "build", "--quiet", *args.mailbox, "-o", site])
        setup.say("building Pagefind's page")
        peer = pagefind(row["docs"], folder / "pagefind-site")
        words = drawn(row["docs"], args.words)
        visits = measured({"site": str(site), "pagefind": str(peer), "words": words, "link": LINK})
    sys.exit(told(row["messages"], visits))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("maildex", type=Path, help="the program")
    parser.add_argument("mailbox", nargs="+", help="mbox files or folders of mail")
    parser.add_argument("--words", type=int, default=10, help="visits to each (10)")
    parser.add_argument("--site", type=Path, help="a site of the same mails; else it is built")
    return parser.parse_args()


def pagefind(docs, folder):
    """Pagefind's page as its documentation says, and a plain page for each message."""
    script = setup.PEERS / "build.mjs"
    script.write_bytes((setup.HERE / "peers" / "build.mjs").read_bytes())
    run(["node", script, "pagefind", docs, folder / "pagefind"], cwd=setup.PEERS)
    (folder / "index.html").write_text(PAGE)
    for line in open(docs, encoding="utf-8"):
        doc = json.loads(line)
        own = folder / "m" / str(doc["id"])
        own.mkdir(parents=True)
        texts = {"subject": doc["subject"], "who": doc["from"], "body": doc["body"]}
        (own / "index.html").write_text(MESSAGE.format(**{name: html.escape(text) for name, text in texts.items()}), encoding="utf-8")
    return folder


def drawn(docs, count):
    """Common and rare words by turns, as for the other measurements."""
    asked = queries.draw(docs)
    kinds = [[query["text"] for query in asked if query["kind"] == kind] for kind in ("common", "rare")]
    # Two of each kind in a row, so that wide and narrow screens get both.
    return [kinds[idx // 2 % 2][idx // 4 * 2 + idx % 2] for idx in range(count)]


def measured(job):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(job, file)
        file.flush()
        done = subprocess.run(["node", setup.HERE / "browser" / "slow.mjs", file.name], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def told(messages, visits):
    """Prints the table; 1 where the site is too slow."""
    rows = visits["rows"]
    print(f"{messages:,} messages, {len(rows) // 2} visits each, {visits['browser']}, load average {os.getloadavg()[0]:.1f}\n")
    print("| | goal, ms | maildex | KB | Pagefind | KB |\n|---|---|---|---|---|---|")
    slow = 0
    for part, goal in GOALS.items():
        cells = []
        for engine in ("maildex", "pagefind"):
            own = [row for row in rows if row["engine"] == engine]
            times = [row[part] for row in own]
            cells.append(f"{median(times):,} (at most {max(times):,}) | {median([row['bytes'][part] for row in own]) / 1000:.0f}")
            if engine == "maildex" and median(times) > goal:
                slow += 1
        print(f"| {WHAT[part]} | {goal:,} | {cells[0]} | {cells[1]} |")
    return 1 if slow else 0


if __name__ == "__main__":
    main()
