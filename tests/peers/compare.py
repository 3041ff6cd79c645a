#!/usr/bin/env python3
"""Asks maildex, notmuch and mu the same questions over the same mail and compares which messages they find.

    apt-get install notmuch maildir-utils
    tests/peers/compare.py MAILDEX MAIL SCRATCH [--queries N]

MAIL is a Maildir, or a tree with one message a file, which is copied into a Maildir first. The questions are drawn from
every so-manieth message: sender, recipient, subject's words and phrases, day, the text's words and phrases. Messages are
told apart by Message-ID, as all three know it; those that are the same but for it and for where they lay (copies with
ids of their own) count as one, because maildex merges them. Prints a table, and for each question with different answers the
messages that only one side has. docs/query.md says why they differ.
"""

import argparse
import email
import email.policy
import email.utils
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

KINDS = ["from", "from address", "to address", "subject", "subject phrase", "date", "word", "phrase"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("maildex", type=Path)
    parser.add_argument("mail", type=Path)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--queries", type=int, default=20, help="of each kind (20)")
    args = parser.parse_args()
    args.scratch.mkdir(parents=True, exist_ok=True)
    mail = maildir(args.mail.resolve(), args.scratch.resolve())
    same = copies(mail)
    engines = Engines(args.maildex.resolve(), mail, args.scratch.resolve())
    totals = {}
    for kind, value in questions(mail, args.queries):
        answers = engines.ask(kind, value)
        for other in ("notmuch", "mu"):
            total = totals.setdefault((kind, other), [0, 0, 0, 0])
            ours, theirs = ({same.get(name, name) for name in answers[own]} for own in ("maildex", other))
            total[0] += 1
            total[1] += ours == theirs
            total[2] += len(ours - theirs)
            total[3] += len(theirs - ours)
            if ours != theirs:
                tell(kind, value, other, ours, theirs)
    print("\n| question | other | asked | same | only maildex | only the other |\n|---|---|---|---|---|---|")
    for (kind, other), numbers in totals.items():
        print(f"| {kind} | {other} | {' | '.join(map(str, numbers))} |")


def tell(kind, value, other, ours, theirs):
    def some(ids):
        return f"{len(ids)} ({', '.join(sorted(ids)[:3])})" if ids else "0"
    print(f"{kind} {value!r}: only maildex {some(ours - theirs)}; only {other} {some(theirs - ours)}")


def copies(mail):
    """For each Message-ID, the first of those whose messages have its people, date, subject and body."""
    first, same = {}, {}
    for path in sorted(path for folder in ("cur", "new") for path in (mail / folder).iterdir()):
        head, _, body = path.read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")
        message = email.message_from_bytes(head + b"\n\n", policy=email.policy.compat32)
        name = str(message.get("message-id", "")).strip().strip("<>")
        who = [str(message.get(header)) for header in ("from", "to", "cc", "date", "subject")]
        same.setdefault(name, first.setdefault((*who, body), name))
    return same


def maildir(mail, scratch):
    """The mail as a Maildir; mu reads nothing else."""
    if (mail / "cur").is_dir():
        return mail
    out = scratch / "maildir"
    if not out.exists():
        for folder in ("cur", "new", "tmp"):
            (out / folder).mkdir(parents=True)
        files = sorted(path for path in mail.rglob("*") if path.is_file() and not path.name.startswith("."))
        for number, path in enumerate(files):
            shutil.copy(path, out / "cur" / f"{number}.mail:2,S")
    return out


def questions(mail, n):
    """Questions of each kind, drawn evenly from the messages in the order of their files' names."""
    files = sorted(path for folder in ("cur", "new") for path in (mail / folder).iterdir())
    asked = {kind: [] for kind in KINDS}
    for path in files[:: max(1, len(files) // (n * 3))]:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.compat32)
        for kind, value in drawn(message):
            if value and value not in asked[kind] and len(asked[kind]) < n:
                asked[kind].append(value)
    return [(kind, value) for kind in KINDS for value in asked[kind]]


def drawn(message):
    senders = email.utils.getaddresses([str(message.get("from", ""))])
    recipients = email.utils.getaddresses([str(value) for value in message.get_all("to", [])])
    subject = words(str(message.get("subject", "")))
    body = next((part for part in message.walk() if part.get_content_type() == "text/plain"), None)
    payload = body.get_payload(decode=True) if body else b""
    text = words((payload or b"").decode("ascii", "replace"))
    for name, address in senders[:1]:
        yield "from", next(iter(words(name)), "")
        yield "from address", plain(address)
    for _, address in recipients[:1]:
        yield "to address", plain(address)
    yield "subject", subject[-1] if subject else ""
    yield "subject phrase", " ".join(subject[-2:]) if len(subject) > 1 else ""
    date = email.utils.parsedate_tz(str(message.get("date", "")))
    if date:
        yield "date", "%04d-%02d-%02d" % date[:3]
    yield "word", text[len(text) // 2] if text else ""
    yield "phrase", " ".join(text[len(text) // 3:][:2]) if len(text) > 6 else ""


def words(text):
    """Words that all three take for one word each."""
    return [word.lower() for word in re.findall(r"(?<![\w.@'-])[A-Za-z]{3,20}(?![\w.@'-])", text)]


def plain(address):
    return address.lower() if re.fullmatch(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+", address) else ""


class Engines:
    def __init__(self, maildex, mail, scratch):
        self.maildex, self.site = maildex, scratch / "site"
        self.mu = ["--muhome", str(scratch / "mu")]
        # Days are those of UTC on all sides.
        self.env = os.environ | {"TZ": "UTC", "NOTMUCH_CONFIG": str(scratch / "notmuch.conf"), "LC_ALL": "C.UTF-8"}
        if not self.site.exists():
            self.run([maildex, "build", mail, "-o", self.site, "--quiet"])
        if not (scratch / "notmuch.conf").exists():
            (scratch / "notmuch").mkdir(exist_ok=True)
            conf = f"[database]\npath={scratch / 'notmuch'}\nmail_root={mail}\n[new]\ntags=\n[search]\nexclude_tags=\n"
            (scratch / "notmuch.conf").write_text(conf)
            self.run(["notmuch", "new", "--quiet"])
        if not (scratch / "mu").exists():
            self.run(["mu", "init", *self.mu, "--maildir", mail])
            self.run(["mu", "index", *self.mu, "--quiet"])

    def run(self, command, ok=(0,)):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env=self.env)
        if done.returncode not in ok:
            raise SystemExit(f"{' '.join(map(str, command))}: {done.stderr}")
        return done.stdout

    def ask(self, kind, value):
        ours, notmuch, mu = spelt(kind, value)
        found = json.loads(self.run([self.maildex, "search", self.site, ours, "--json", "--limit", "1000000"], (0, 1)))
        # mu ends with 2 or 4 where it finds nothing.
        lines = self.run(["mu", "find", *self.mu, "--fields", "i", "--skip-dups", mu], (0, 2, 4)).splitlines()
        names = self.run(["notmuch", "search", "--output=messages", notmuch]).splitlines()
        return {
            "maildex": {hit["message_id"] for hit in found["hits"] if hit["message_id"]},
            "mu": {line.strip() for line in lines if line.strip()},
            "notmuch": {name.removeprefix("id:") for name in names},
        }


def spelt(kind, value):
    """The question as each of the three is asked it. Quotes keep notmuch from stemming."""
    day = value.replace("-", "")
    return {
        "from": (f"from:{value}", f'from:"{value}"', f"from:{value}"),
        "from address": (f"from:{value}", f"from:{value}", f"from:{value}"),
        "to address": (f"to:{value}", f"to:{value}", f"recip:{value}"),
        "subject": (f"subject:{value}", f'subject:"{value}"', f"subject:{value}"),
        "subject phrase": (f'subject:"{value}"', f'subject:"{value}"', f'subject:"{value}"'),
        "date": (f"date:{value}", f"date:{value}..{value}", f"date:{day}..{day}"),
        "word": (value, f'"{value}"', value),
        "phrase": (f'"{value}"', f'"{value}"', f'"{value}"'),
    }[kind]


if __name__ == "__main__":
    main()
