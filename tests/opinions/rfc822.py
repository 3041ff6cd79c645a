"""Python's `email` as a second opinion on what a site says of its messages: subject, sender, date, attachments.

Usage: rfc822.py MAILDEX SITE ARCHIVE [--list FILE]

ARCHIVE is the folder that SITE was built from: files of one message each, Maildir, or mbox. Each message of the site is
compared with the bytes at its first place. `--list` writes what differs: field, place, Python's, the site's.
Prints one JSON object: field -> {"both": n, "agree": n}, and what differs by its cause. Where a header has bytes that
no charset is named for, Python leaves them undecoded: that is no opinion, and "both" does not count it. The exit code
is 1 below 99.5 % in any field.
"""

import argparse
import collections
import datetime
import email.header
import email.parser
import email.policy
import email.utils
import json
import mailbox
import pathlib
import re
import subprocess
import sys

FLOOR = 0.995
UNDECODED = "bytes without a charset"
FIELDS = ("subject", "from", "date", "attachments")
BODY = ("text/plain", "text/html", "text/enriched", "text/richtext")


def bytes_at(root: pathlib.Path) -> dict:
    """Place -> a function that reads the message there. Places are named as a site names them."""
    found = {}
    for path in sorted(root.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(root.parent).as_posix()
        with path.open("rb") as file:
            is_mbox = file.read(5) == b"From "
        found[name] = path.read_bytes
        if is_mbox:
            box = mailbox.mbox(path, create=False)
            with path.open("rb") as file:
                for key in box.iterkeys():
                    file.seek(box._toc[key][0])
                    file.readline()
                    found[f"{name}@{file.tell()}"] = lambda box=box, key=key: box.get_bytes(key)
    return found


def decoded(value) -> str:
    """A header with its encoded words read, as the older half of the package does it."""
    try:
        return str(email.header.make_header(email.header.decode_header(str(value))))
    except (LookupError, UnicodeError, email.errors.HeaderParseError, ValueError):
        return str(value)


def attachments(part, is_root: bool = True) -> int:
    """Leaves that are no body: named, said to be attached, or of a type that no body has."""
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        nested = attachments(inner[0]) if isinstance(inner, list) and inner else 0
        return nested + (not is_root)
    # The fields of a delivery report are read as parts of it.
    if part.is_multipart() and part.get_content_maintype() != "message":
        return sum(attachments(child, False) for child in part.get_payload())
    if is_root and part.get_content_maintype() in ("text", "multipart"):
        return 0
    is_named = bool(part.get_filename())
    return int(is_named or part.get_content_disposition() == "attachment" or part.get_content_type() not in BODY)


def opinion(raw: bytes) -> dict:
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    message = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(raw)
    name, address = email.utils.parseaddr(decoded_people(message["From"] or ""))
    try:
        date = email.utils.parsedate_to_datetime(str(message["Date"] or ""))
        if date.year < 1000:
            # Three digits count from 1900 (RFC 5322, 4.3), which Python does not do.
            date = date.replace(year=date.year + 1900)
        date = int((date if date.tzinfo else date.replace(tzinfo=datetime.UTC)).timestamp())
    except (TypeError, ValueError, IndexError, OverflowError):
        date = None
    return {
        "subject": words(decoded(message["Subject"] or "")),
        "from": (words(name), address.lower()),
        "date": date,
        "attachments": attachments(message),
    }


def decoded_people(value) -> str:
    """Encoded words in a name may hold commas and brackets, which are none of the list's."""
    return re.sub(
        r"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=(\s+(?==\?))?",
        lambda found: '"' + re.sub(r'["\\]', "", decoded(found.group(0).strip())) + '"',
        str(value),
    )


def words(text: str) -> str:
    """Blanks made one, quotes gone, surrogates for undecoded bytes as a mark."""
    text = re.sub(r"[\ud800-\udfff]+", "\ufffd", text)
    return " ".join(text.replace('"', "").split())


def ask(maildex: str, *arguments: str) -> dict:
    run = subprocess.run([maildex, *arguments], capture_output=True, check=False)
    return json.loads(run.stdout)


def site_opinion(maildex: str, site: str, hit: dict, count: bool) -> dict:
    shown = ask(maildex, "show", site, hit["key"], "--json") if count else None
    name, address = email.utils.parseaddr(hit["from"])
    if shown:
        sender = shown["from"][0] if shown["from"] else {"name": "", "address": ""}
        name, address = sender["name"], sender["address"]
    date = shown["date_header"] if shown else hit["date"]
    return {
        "subject": words(hit["subject"]),
        "from": (words(name), address.lower()),
        "date": int(datetime.datetime.fromisoformat(date).timestamp()) if date else None,
        "attachments": len(shown["attachments"]) if shown else 0,
    }


def cause(field: str, theirs, ours) -> str:
    """Why the two differ, as far as a program can tell."""
    if "\ufffd" in str(theirs):
        return UNDECODED
    if field == "date" and theirs is None:
        return "read by the site alone"
    if field == "date" and ours is None:
        return "read by Python alone"
    return "other"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("maildex", "site", "archive"):
        parser.add_argument(name)
    parser.add_argument("--list", type=pathlib.Path)
    args = parser.parse_args()
    raw = bytes_at(pathlib.Path(args.archive).resolve())
    everything = ask(args.maildex, "search", args.site, "*", "--json", "--limit", "10000000")
    # Only of these does the site tell more than a line of results does.
    with_files = ask(args.maildex, "search", args.site, "has:attachment", "--json", "--limit", "10000000")
    keys = {hit["key"] for hit in with_files["hits"]}
    counts = {field: {"both": 0, "agree": 0} for field in FIELDS}
    lines = []
    causes = collections.Counter()
    unplaced = 0
    for hit in everything["hits"]:
        if hit["source"] not in raw:
            unplaced += 1
            continue
        theirs = opinion(raw[hit["source"]]())
        ours = site_opinion(args.maildex, args.site, hit, hit["key"] in keys or theirs["attachments"] > 0)
        if any(theirs[field] != ours[field] for field in FIELDS):
            # A line of results has the date that orders, and not all of the sender.
            ours = site_opinion(args.maildex, args.site, hit, True)
        for field in FIELDS:
            agree = theirs[field] == ours[field]
            reason = "" if agree else cause(field, theirs[field], ours[field])
            counts[field]["both"] += reason != UNDECODED
            counts[field]["agree"] += agree
            if not agree:
                causes[f"{field}: {reason}"] += 1
                lines.append(f"{field}\t{reason}\t{hit['source']}\t{theirs[field]!r}\t{ours[field]!r}")
    if args.list:
        args.list.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="replace")
    json.dump({"messages": len(everything["hits"]), "unplaced": unplaced} | counts | {"causes": causes}, sys.stdout, indent=1)
    low = any(count["agree"] < FLOOR * count["both"] for count in counts.values())
    sys.exit(1 if low or unplaced or not everything["hits"] else 0)


if __name__ == "__main__":
    main()
