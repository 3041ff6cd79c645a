"""A site made of an Outlook mailbox beside what readpst (Debian's pst-utils) makes of it: messages and attachments.

Usage: pst.py MAILDEX SITE MAILBOX.pst     SITE was built from it with --attachments keep

Python reads what readpst wrote, so that no reader is asked about itself. A message is compared by its subject and the
SHA-256 of what is attached to it. The exit code is 1 where the two differ.
"""

import collections
import email.header
import email.parser
import email.policy
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile


def readpst(mailbox: str) -> collections.Counter:
    found = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["readpst", "-q", "-j", "0", "-e", "-o", folder, mailbox], check=True)
        for path in sorted(pathlib.Path(folder).rglob("*.eml")):
            message = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(path.read_bytes())
            subject = str(email.header.make_header(email.header.decode_header(message["Subject"] or "")))
            leaves = [part for part in message.walk() if part.get_filename()]
            sums = sorted(hashlib.sha256(part.get_payload(decode=True)).hexdigest() for part in leaves)
            found[(" ".join(subject.split()), *sums)] += 1
    return found


def of_site(maildex: str, site: str) -> collections.Counter:
    def ask(*arguments: str) -> dict:
        return json.loads(subprocess.run([maildex, *arguments, "--json"], capture_output=True, check=True).stdout)

    found = collections.Counter()
    for hit in ask("search", site, "*", "--limit", "10000000")["hits"]:
        shown = ask("show", site, hit["key"])
        sums = sorted(attachment["sha256"] for attachment in shown["attachments"])
        found[(" ".join(shown["subject"].split()), *sums)] += 1
    return found


def main() -> None:
    maildex, site, mailbox = sys.argv[1:]
    theirs, ours = readpst(mailbox), of_site(maildex, site)
    for name, only in (("readpst alone", theirs - ours), ("the site alone", ours - theirs)):
        for subject, *sums in only.elements():
            print(f"{name}: {subject!r} with {len(sums)} attachments {[own[:12] for own in sums]}")
    n_attached = sum(len(key) - 1 for key in (theirs & ours).elements())
    print(f"{(theirs & ours).total()} of {theirs.total()} messages agree, with {n_attached} attachments")
    sys.exit(0 if theirs == ours and ours else 1)


if __name__ == "__main__":
    main()
