"""Counts the messages of real archives with Python's own readers: an account that shares no code with Maildex.

Usage: counts.py FOLDER, where FOLDER holds the unpacked archives. Prints one JSON object:
archive -> {"messages": n, "with_id": n, "distinct_ids": n, "by_file": {file: n}} (by_file for mbox only).
"""

import email.parser
import json
import mailbox
import pathlib
import sys

HEADERS = email.parser.BytesHeaderParser()


def mbox_messages(folder: pathlib.Path):
    """Python's mbox takes every line that begins with `From ` for a separator, even without a date."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            box = mailbox.mbox(path, create=False)
            for key in box.iterkeys():
                with box.get_file(key) as file:
                    yield path.name, HEADERS.parse(file)


def maildir_messages(folder: pathlib.Path):
    box = mailbox.Maildir(folder, create=False)
    # It reads a folder again when that is newer than what it read, and nothing is newer than 1970.
    box._toc_mtimes = {"cur": -1, "new": -1}
    for key in box.iterkeys():
        with box.get_file(key) as file:
            yield "", HEADERS.parse(file)


def file_messages(folder: pathlib.Path):
    """One message a file, whatever the names; files without any header are not mail."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                message = HEADERS.parse(file)
            if message.keys():
                yield "", message


READERS = {
    "extropians-mbox": mbox_messages,
    "usrp-users-maildir-2022-2023": maildir_messages,
    "enron-maildir-skilling": file_messages,
    "spamassassin-corpus": file_messages,
}


def count(messages) -> dict:
    total, ids, by_file = 0, [], {}
    for name, message in messages:
        total += 1
        by_file[name] = by_file.get(name, 0) + 1
        if message["Message-ID"]:
            ids.append(str(message["Message-ID"]).strip())
    by_file.pop("", None)
    return {"messages": total, "with_id": len(ids), "distinct_ids": len(set(ids)), "by_file": by_file}


def main() -> None:
    root = pathlib.Path(sys.argv[1])
    archives = {name: reader for name, reader in READERS.items() if (root / name).is_dir()}
    json.dump({name: count(reader(root / name)) for name, reader in archives.items()}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
