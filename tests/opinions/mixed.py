"""Whether the report of a build accounts for every file of a folder that mixes all archives.

Usage: mixed.py MAILDEX DATA [--whole] [--each N]

Of each archive in the folder DATA, N small files of each ending are copied into one folder (with `--whole`: everything
in DATA is read where it lies). One command builds that folder. Then:
- a file on disk or a member of a container either gave messages or is counted with a reason; files with mail and those
  without add up;
- without `--whole`, another command reads each of the files as an input of its own: each of them gives messages or a
  reason, and what the folder gave is what they gave together.
Prints one JSON object; the exit code is 1 if anything is not accounted for.
"""

import argparse
import collections
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

KNOWN = "From: a@known.example\nDate: Thu, 1 Jan 2004 00:00:00 +0000\nSubject: known\n\nSo that there is mail.\n"
# What is said of messages and not of files: more than one of them may be in one file.
OF_MESSAGES = ("message longer", "an item", "a row", "deleted from")
LARGEST = 2_000_000


def choose(data: pathlib.Path, each: int) -> list:
    """Some small files of each archive, by ending."""
    chosen = []
    for archive in sorted(path for path in data.iterdir() if path.is_dir()):
        n_of = collections.Counter()
        for path in sorted(archive.rglob("*")):
            kind = (path.parent if path.suffix == "" else path.parent.parent, path.suffix.lower())
            if path.is_file() and path.stat().st_size <= LARGEST and n_of[kind] < each and sum(n_of.values()) < 40 * each:
                n_of[kind] += 1
                chosen.append(path)
    return chosen


def build(maildex: str, inputs: list, scratch: pathlib.Path) -> dict:
    report = scratch / "report.json"
    site = scratch / "site"
    command = [maildex, "build", *map(str, inputs), "-o", str(site), "--report", str(report), "--quiet"]
    run = subprocess.run([*command, "--attachments", "drop"], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"{command[:3]}…: {run.stderr}")
    shutil.rmtree(site)
    return json.loads(report.read_text())


def accounts(told: dict) -> list:
    """What does not add up in the report on one input."""
    without = told["files"] - told["files_with_mail"]
    reasons = sum(row["n"] for row in told["not_read"] if not row["reason"].startswith(OF_MESSAGES))
    wrong = []
    # Damage of a file that gave messages before it is told too, so there may be more reasons than files.
    if reasons < without:
        wrong.append(f"{told['source']}: {without} files gave no message and {reasons} reasons are told")
    if told["found"] == 0 and not told["not_read"]:
        wrong.append(f"{told['source']}: neither messages nor a reason")
    return wrong


def reasons_of(inputs: list) -> dict:
    total = collections.Counter()
    for told in inputs:
        for row in told["not_read"]:
            total[row["reason"]] += row["n"]
    return dict(sorted(total.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("maildex")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--each", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        mixed, chosen, wrong = args.data, [], []
        if not args.whole:
            mixed = scratch / "mixed"
            chosen = choose(args.data, args.each)
            for path in chosen:
                into = mixed / path.relative_to(args.data)
                into.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, into)
        n_files = sum(path.is_file() for path in mixed.rglob("*"))
        built = build(args.maildex, [mixed], scratch)
        told = built["inputs"][0]
        wrong += accounts(told)
        result = {"files on disk": n_files} | {name: told[name] for name in ("files", "files_with_mail", "found")}
        result |= {name: built[name] for name in ("indexed", "copies", "seconds")}
        result["not read"] = reasons_of([told])
        if chosen:
            alone = []
            for number, path in enumerate(chosen):
                into = scratch / "alone" / f"{number:05}" / path.relative_to(args.data)
                into.parent.mkdir(parents=True)
                shutil.copyfile(path, into)
                alone.append(scratch / "alone" / f"{number:05}")
            known = scratch / "known.eml"
            known.write_text(KNOWN)
            each = build(args.maildex, [known, *alone], scratch)["inputs"][1:]
            for path, own in zip(chosen, each, strict=True):
                wrong += [f"{path}: {line}" for line in accounts(own)]
            found = sum(own["found"] for own in each)
            if (found, reasons_of(each)) != (told["found"], result["not read"]):
                wrong.append(f"each by itself: {found} messages, {reasons_of(each)}")
    json.dump(result | {"wrong": wrong}, sys.stdout, indent=1)
    sys.exit(1 if wrong or not told["found"] else 0)


if __name__ == "__main__":
    main()
