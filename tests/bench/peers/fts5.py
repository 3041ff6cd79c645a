"""Builds an FTS5 index: `python3 fts5.py DOCS.jsonl INDEX.db PAGE_SIZE`.

Without the texts (content=''), with a table of what a result shows; prefixes scan the terms.
"""

import json
import os
import sqlite3
import sys


def main(docs, database, page_size):
    if os.path.exists(database):
        os.remove(database)
    db = sqlite3.connect(database)
    db.execute(f"pragma page_size = {int(page_size)}")
    db.execute("pragma journal_mode = off")
    db.execute("pragma synchronous = off")
    db.execute("create table mail (id integer primary key, date int, sender text, subject text)")
    db.execute("create virtual table fts using fts5(subject, body, sender, rcpt, content='', tokenize='unicode61')")
    with open(docs, encoding="utf-8") as file:
        for line in file:
            doc = json.loads(line)
            db.execute("insert into mail values (?, ?, ?, ?)", (doc["id"], doc["date"], doc["from"], doc["subject"]))
            db.execute("insert into fts (rowid, subject, body, sender, rcpt) values (?, ?, ?, ?, ?)",
                       (doc["id"], doc["subject"], doc["body"], doc["from"], doc["to"]))
    db.execute("insert into fts (fts) values ('optimize')")
    db.commit()
    db.isolation_level = None
    db.execute("vacuum")
    db.close()
    print(json.dumps({"sqlite": sqlite3.sqlite_version}))


main(*sys.argv[1:])
