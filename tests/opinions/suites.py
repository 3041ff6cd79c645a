"""Suites of hard messages that say what is in them, beside what a site says of the same files.

Usage: suites.py stalwart|mime4j MAILDEX SITE FOLDER [--list FILE]

SITE was built from FOLDER with --attachments keep. Stalwart's suite has a JSON file beside each message: headers,
structure and bodies as its reader (mail-parser) has them. mime4j's has the decoded body of each part
(`x_decoded_1_2.txt`). Prints one JSON object: what -> {"both": n, "agree": n}; `--list` writes what differs.
"""

import argparse
import collections
import datetime
import hashlib
import html
import json
import pathlib
import re
import subprocess
import sys


def shown(maildex: str, site: str, folder: pathlib.Path) -> dict:
    """File -> all that the site says of the message in it."""
    def ask(*arguments: str) -> dict:
        run = subprocess.run([maildex, *arguments, "--json"], capture_output=True, check=True)
        return json.loads(run.stdout)

    found = {}
    for hit in ask("search", site, "*", "--limit", "10000000")["hits"]:
        message = ask("show", site, hit["key"])
        for place in message["sources"]:
            found.setdefault(folder / place["path"], message)
    return found


def words(text: str) -> list:
    return re.findall(r"\w+", text)


def of_html(source: str) -> str:
    source = re.sub(r"(?is)<(style|script|head|title)\b.*?</\1>|<!--.*?-->", " ", source)
    return html.unescape(re.sub(r"<[^>]*>", " ", source))


def header(part: dict, name: str):
    """The last one counts."""
    values = [own["value"] for own in part["headers"] if own["name"] == name]
    return values[-1] if values else {}


def people(value) -> list:
    address = value.get("Address") if isinstance(value, dict) else None
    if not isinstance(address, dict):
        return []
    groups = address.get("Group")
    listed = address.get("List") or [own for group in groups or [] for own in group["addresses"]]
    return [((own.get("address") or "").lower(), " ".join((own.get("name") or "").split())) for own in listed]


def time(value) -> int | None:
    told = value.get("DateTime") if isinstance(value, dict) else None
    if not told:
        return None
    try:
        local = datetime.datetime(
            told["year"], told["month"], told["day"], told["hour"], told["minute"], told["second"],
            tzinfo=datetime.UTC,
        )
    except ValueError:
        return None
    offset = datetime.timedelta(hours=told["tz_hour"], minutes=told["tz_minute"])
    return int((local + (offset if told["tz_before_gmt"] else -offset)).timestamp())


def attached(expected: dict) -> int:
    """Attachments, those of messages inside too."""
    n = 0
    for index in expected["attachments"]:
        body = expected["parts"][index]["body"]
        inner = body.get("Message") if isinstance(body, dict) else None
        n += 1 + (attached(inner) if inner else 0)
    return n


def bodies(expected: dict) -> str:
    texts = []
    for index in expected["text_body"]:
        body = expected["parts"][index]["body"]
        texts.append(body.get("Text") or of_html(body.get("Html") or ""))
    return "\n".join(texts)


def stalwart(folder: pathlib.Path, site: dict, compare) -> None:
    for path in sorted(folder.rglob("*.eml")):
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        ours = site.get(path)
        compare("message", path, True, ours is not None)
        if ours is None:
            continue
        head = expected["parts"][0]
        subject = header(head, "subject")
        subject = subject.get("Text", "") if isinstance(subject, dict) else ""
        compare("subject", path, " ".join(subject.split()), " ".join(ours["subject"].split()))
        for name in ("from", "to", "cc"):
            told = [(own["address"].lower(), " ".join(own["name"].split())) for own in ours[name]]
            compare(name, path, people(header(head, name)), told)
        date = ours["date_header"]
        date = int(datetime.datetime.fromisoformat(date).timestamp()) if date else None
        compare("date", path, time(header(head, "date")), date)
        compare("attachments", path, attached(expected), len(ours["attachments"]))
        missing = collections.Counter(words(bodies(expected))) - collections.Counter(words(ours["text"]))
        compare("body", path, "", " ".join(missing))


def mime4j(folder: pathlib.Path, site: dict, compare) -> None:
    for path in sorted(folder.rglob("*_decoded_*.txt")):
        name, _, part = path.stem.rpartition("_decoded_")
        ours = site.get(path.with_name(f"{name}.msg"))
        raw = path.read_bytes()
        if not raw.strip():
            continue
        compare("message", path, True, ours is not None)
        if ours is None:
            continue
        sums = {attachment["sha256"] for attachment in ours["attachments"]}
        # Line ends of the decoded files are those of the disk that they were written on.
        forms = (raw, raw.replace(b"\r\n", b"\n"), raw.replace(b"\n", b"\r\n"), raw.rstrip(b"\r\n"))
        if any(hashlib.sha256(form).hexdigest() in sums for form in forms):
            compare("attached part", path, "", "")
            continue
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
        if re.search(r"(?i)<(html|body|p|br|div)\b", text):
            text = of_html(text)
        missing = collections.Counter(words(text)) - collections.Counter(words(ours["text"]))
        compare("text part", path, "", " ".join(missing)[:200] and f"{part} lacks: {' '.join(missing)[:200]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("suite", choices=("stalwart", "mime4j"))
    for name in ("maildex", "site", "folder"):
        parser.add_argument(name)
    parser.add_argument("--list", type=pathlib.Path)
    args = parser.parse_args()
    counts: dict = {}
    lines = []
    folder = pathlib.Path(args.folder)

    def compare(what: str, path: pathlib.Path, theirs, ours) -> None:
        count = counts.setdefault(what, {"both": 0, "agree": 0})
        count["both"] += 1
        count["agree"] += theirs == ours
        if theirs != ours:
            lines.append(f"{what}\t{path.relative_to(folder)}\t{theirs!r}\t{ours!r}")

    site = shown(args.maildex, args.site, folder)
    {"stalwart": stalwart, "mime4j": mime4j}[args.suite](folder, site, compare)
    if args.list:
        args.list.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="replace")
    json.dump(counts, sys.stdout, indent=1)
    sys.exit(0 if counts else 1)


if __name__ == "__main__":
    main()
