#!/usr/bin/env python3
"""How good is the order of relevance? nDCG@10 over mail that people have labelled.

    tests/bench/relevance.py MAILDEX MAIL SCRATCH [TANTIVY]

MAIL is the Enron mail labelled at UC Berkeley (folders of N.txt, a message, and N.cats, its labels: one line
`top,second,votes` for each). Queries stand in queries/relevance.tsv, each with the category that it looks for. A message
has the grade 2 if two or more gave it that category, 1 if one did, else 0. All words of a query must be in a message, as
both engines do by default. nDCG@10 is the sum of (2^grade - 1) / log2(rank + 1) over the first ten hits, divided by that of
the best ten messages of the whole archive. TANTIVY is the program of tests/bench/tantivy; without it there is no peer.
"""

import email
import email.policy
import json
import math
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = 10


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    maildex, mail, scratch, *peers = map(Path, sys.argv[1:])
    scratch.mkdir(parents=True, exist_ok=True)
    lines = (HERE / "queries" / "relevance.tsv").read_text().splitlines()
    queries = [line.split("\t") for line in lines if not line.startswith("#")]
    site = scratch / "site"
    if not site.exists():
        run([maildex, "build", mail, "-o", site, "--quiet"])
    # Copies are one message: what is graded is what the site holds.
    here = {hit["message_id"] for hit in search(maildex, site, "*", "newest", 1_000_000)}
    messages = [message for message in read(mail) if message["id"] in here]
    by_relevance = [[hit["message_id"] for hit in search(maildex, site, text, "relevance", TOP)] for _, text in queries]
    by_date = [[hit["message_id"] for hit in search(maildex, site, text, "newest", TOP)] for _, text in queries]
    orders = {"maildex, relevance": by_relevance, "maildex, newest": by_date}
    for tantivy in peers:
        orders["tantivy, BM25"] = bm25(tantivy, messages, [text for _, text in queries], scratch)
    rows = []
    for at, (category, text) in enumerate(queries):
        grades = {message["id"]: message["grades"].get(category, 0) for message in messages}
        rows.append((category, f"`{text}`", [ndcg(order[at], grades) for order in orders.values()]))
    means = [sum(numbers) / len(rows) for numbers in zip(*(row[2] for row in rows))]
    print(f"| category | query | {' | '.join(orders)} |\n|{'---|' * (len(orders) + 2)}")
    for category, text, numbers in [*rows, ("", f"mean of {len(rows)}", means)]:
        print(f"| {category} | {text} | {' | '.join(f'{number:.3f}' for number in numbers)} |")


def run(command, ok=(0,)):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode not in ok:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr}")
    return done.stdout


def search(maildex, site, text, order, limit):
    out = run([maildex, "search", site, text, "--json", "--sort", order, "--limit", limit], (0, 1))
    return json.loads(out)["hits"]


def read(mail):
    """The messages with their grades by category, each Message-ID once."""
    seen = set()
    for path in sorted(mail.glob("*/*.txt")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.compat32)
        name = str(message.get("message-id", "")).strip().strip("<>")
        labels = path.with_suffix(".cats")
        if not name or name in seen or not labels.exists():
            continue
        seen.add(name)
        grades = {}
        for line in labels.read_text().split():
            top, second, votes = line.split(",")
            grades[f"{top}.{second}"] = min(int(votes), 2)
        payload = message.get_payload(decode=True) or b""
        yield {"id": name, "grades": grades, "subject": str(message.get("subject", "")),
               "from": str(message.get("from", "")), "to": str(message.get("to", "")),
               "body": payload.decode("utf-8", "replace")}


def bm25(tantivy, messages, texts, scratch):
    """tantivy's ten best for each query; a message's number stands in the place of its date."""
    docs, queries = scratch / "docs.jsonl", scratch / "queries.json"
    fields = ("subject", "from", "to", "body")
    docs.write_text("".join(json.dumps({name: message[name] for name in fields} | {"date": number}) + "\n"
                            for number, message in enumerate(messages)))
    terms = [{"kind": "and", "terms": re.findall(r"\w+", text.lower())} for text in texts]
    queries.write_text(json.dumps(terms))
    run([tantivy, "build", docs, scratch / "tantivy"])
    return [[messages[number]["id"] for number in numbers]
            for numbers in json.loads(run([tantivy, "top", scratch / "tantivy", queries]))]


def ndcg(found, grades):
    def gain(each):
        return sum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(each))
    best = gain(sorted(grades.values(), reverse=True)[:TOP])
    return gain([grades.get(name, 0) for name in found[:TOP]]) / best if best else 0.0


if __name__ == "__main__":
    main()
