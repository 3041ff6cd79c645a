"""Growth: the demo archive at several sizes, asked for words that are in as many messages at every size; then mail is
added to it."""

import os
import re

from engines import built_maildex, chromium_maildex, native
from measure import run
from queries import STOP, order
from setup import MAILDEX, NATIVE, say

TARGETS = [5, 50, 500, 5000]
# The words that `maildex demo` plants, and in how many messages; an archive has them from 30 times as many on.
PLANTED = {
    5: ["fivefoldheron", "fivefoldlantern", "fivefoldteapot", "fivefoldmackerel"],
    50: ["fiftyfoldheron", "fiftyfoldlantern", "fiftyfoldteapot", "fiftyfoldmackerel"],
    500: ["fivehundredfoldheron", "fivehundredfoldlantern"],
    5000: ["fivethousandfoldheron", "fivethousandfoldlantern"],
}
# In most messages: beside it, a rare word's list should be all that is read.
COMMONEST = "the"
# Messages that are added at the end: other ones of the same years.
LATE = 1000
CHUNKS, CHUNK = 64, 1 << 18
CANDIDATES = 300
WORD = re.compile(rb"\b[a-z]{4,14}\b")


def measure(n, folder):
    """Builds the demo archive of n messages and asks it; a row of the results."""
    mbox, site = folder / "demo.mbox", folder / "site"
    say(f"demo archive of {n:,} messages")
    run([MAILDEX, "demo", "--quiet", "--messages", n, "--seed", 1, "-o", mbox])
    row = {"messages": n, "raw_bytes": mbox.stat().st_size}
    say("building its site")
    row |= {"maildex": built_maildex([mbox], site, repeats=1, options=["--memory", "1G"])}
    queries = draw(n, mbox, site)
    os.remove(mbox)
    say("asking it")
    row["chromium"] = chromium_maildex(site, queries, steps=["newest", "warm"])
    row["native"] = native(queries, {"maildex": site}, rounds=1)["maildex"]
    say(f"adding {LATE:,} messages to it")
    late = folder / "late.mbox"
    run([MAILDEX, "demo", "--quiet", "--messages", LATE, "--seed", 2, "-o", late])
    row["added"] = run([MAILDEX, "add", site, late, "--memory", "1G"])
    say("making one part of the two")
    row["merged"] = run([MAILDEX, "merge", site, "--memory", "1G"])
    return row


def draw(n, mbox, site):
    """Words with the wanted numbers of messages: planted ones, else the nearest of the archive's own."""
    asked = []
    for target in TARGETS:
        words = PLANTED[target] if n >= 30 * target else nearest(target, n, mbox, site)
        asked += [{"kind": str(target), "terms": [word], "text": word} for word in words]
    rare = PLANTED[50] if n >= 30 * 50 else PLANTED[5]
    return asked + [{"kind": "a word in 50 beside the commonest", "terms": [word, COMMONEST], "text": f"{word} {COMMONEST}"}
                    for word in rare]


def nearest(target, n, mbox, site):
    """Four words of the archive that are in about so many of its messages."""
    counts, seen = sample(mbox)
    guess = {word: count * n / seen for word, count in counts.items()}
    likely = sorted((w for w, g in guess.items() if target / 2 <= g <= target * 2 and w not in STOP), key=order)
    totals = run([NATIVE, "totals", site, written(likely[:CANDIDATES], site.parent / "words.json")])["printed"]
    return sorted(totals, key=lambda word: (abs(totals[word] - target), word))[:4]


def sample(mbox):
    """In how many messages of some stretches of the file each word is, and how many messages that were."""
    counts, seen, size = {}, 0, mbox.stat().st_size
    with open(mbox, "rb") as file:
        for idx in range(CHUNKS):
            file.seek(size * idx // CHUNKS)
            for message in file.read(CHUNK).split(b"\nFrom ")[1:-1]:
                seen += 1
                for word in set(WORD.findall(message.lower())):
                    counts[word.decode()] = counts.get(word.decode(), 0) + 1
    return counts, max(seen, 1)


def written(words, file):
    file.write_text("[" + ", ".join(f'"{word}"' for word in words) + "]")
    return file
