"""Mail to the documents that the peers index: one JSON object a line, in the order of dates.

The mail is read by Python's `email`, not by maildex, so that a fault of maildex's own reading cannot favour it. Only
plain text parts are taken; copies (one Message-ID) are dropped, as maildex merges them.
"""

import gzip
import hashlib
import json
import os
import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime

SEPARATOR = re.compile(rb"From \S.*\d{4}\s*$")
# What pipermail makes of an address in its mbox files.
MASKED = re.compile(r"^(\S+) at (\S+) \((.*)\)$")


def files_of(inputs):
    """Every file below the inputs, in the order of paths."""
    for path in inputs:
        if os.path.isdir(path):
            for root, folders, names in os.walk(path):
                folders.sort()
                yield from (os.path.join(root, name) for name in sorted(names))
        else:
            yield path


def raw_bytes(inputs):
    """How much mail there is, in bytes."""
    return sum(os.path.getsize(path) for path in files_of(inputs))


def messages(inputs):
    """The raw messages: of mbox files, else one a file."""
    for path in files_of(inputs):
        opened = gzip.open if path.endswith(".gz") else open
        with opened(path, "rb") as file:
            start = file.read(5)
            file.seek(0)
            if start == b"From ":
                yield from split(file)
            else:
                yield file.read()


def split(file):
    """The messages of an mbox, with their quoting as it is."""
    lines, begun = [], False
    for line in file:
        if SEPARATOR.match(line):
            if begun:
                yield b"".join(lines)
            lines, begun = [], True
        else:
            lines.append(line)
    if begun:
        yield b"".join(lines)


def header(message, name):
    value = message.get(name)
    if value is None:
        return ""
    try:
        text = str(make_header(decode_header(str(value))))
    except (LookupError, ValueError):
        text = str(value)
    return re.sub(r"\s+", " ", clean(text)).strip()


def clean(text):
    """Without lone surrogates, which `email` makes of undeclared bytes and JSON's readers refuse."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")


def body(message):
    texts = []
    for part in message.walk():
        if part.is_multipart() or part.get_content_type() != "text/plain" or part.get_filename():
            continue
        raw = part.get_payload(decode=True) or b""
        try:
            texts.append(raw.decode(part.get_content_charset() or "utf-8", "replace"))
        except LookupError:
            texts.append(raw.decode("latin-1", "replace"))
    text = clean("\n".join(texts)).replace("\r\n", "\n")
    return re.sub(r"^>(>*From )", r"\1", text, flags=re.MULTILINE)


def seconds(message):
    try:
        return int(parsedate_to_datetime(str(message.get("Date"))).timestamp())
    except (TypeError, ValueError, OverflowError, IndexError):
        return 0


def document(raw):
    """The identity of a message and what is indexed of it; None for what is no message."""
    try:
        message = message_from_bytes(raw)
        if not message.get("From"):
            return None
        sender = header(message, "From")
        masked = MASKED.match(sender)
        if masked:
            sender = f"{masked[3]} <{masked[1]}@{masked[2]}>"
        identity = (str(message.get("Message-ID") or "")).strip() or hashlib.sha1(raw).hexdigest()
        fields = {"date": seconds(message), "from": sender, "to": header(message, "To"),
                  "subject": header(message, "Subject"), "body": body(message)}
    except Exception as error:  # `email` fails on broken mail in many ways; what it cannot read is counted.
        return error
    return identity, fields


def convert(inputs, folder, sizes):
    """Writes FOLDER/N.jsonl and, for a part of the mail, FOLDER/N.mbox; returns a row for each size.

    Sizes are taken at an even stride in the order of dates; None is all of it.
    """
    seen, kept, unread = set(), [], 0
    for raw in messages(inputs):
        found = document(raw)
        if not isinstance(found, tuple):
            unread += 1
        elif found[0] not in seen:
            seen.add(found[0])
            kept.append((found[1]["date"], len(kept), found[1], raw))
    kept.sort(key=lambda row: row[:2])
    rows = []
    for size in sizes:
        count = min(size or len(kept), len(kept))
        part = [kept[idx * len(kept) // count] for idx in range(count)]
        row = {"messages": count, "docs": os.path.join(folder, f"{count}.jsonl"), "unread": unread,
               "body_bytes": sum(len(fields["body"].encode()) for _, _, fields, _ in part)}
        with open(row["docs"], "w", encoding="utf-8") as out:
            for doc, (_, _, fields, _) in enumerate(part):
                out.write(json.dumps({"id": doc, **fields}, ensure_ascii=False) + "\n")
        if count == len(kept):
            row |= {"inputs": list(inputs), "raw_bytes": raw_bytes(inputs)}
        else:
            mbox = os.path.join(folder, f"{count}.mbox")
            with open(mbox, "wb") as out:
                for *_, raw in part:
                    out.write(b"From bench Thu Jan  1 00:00:00 1970\n" + raw.rstrip(b"\n") + b"\n\n")
            row |= {"inputs": [mbox], "raw_bytes": os.path.getsize(mbox)}
        rows.append(row)
    return rows
