use super::super::{ParseOptions, parse};
use super::*;

#[track_caller]
fn check(raw: &str, expect: &[&str]) {
    let message = parse(raw.replace('\n', "\r\n").as_bytes(), None, &ParseOptions::default());
    assert_eq!(states(&message, &maildex_core::text::regions(&message.text)), expect, "{raw}");
}

#[test]
fn plain_mail_has_none() {
    check("From: a@b.example\nSubject: Lunch\n\nAt one.\n", &[]);
}

#[test]
fn replies_and_forwards() {
    check("From: a@b.example\nSubject: Re: Lunch\n\nYes.\n", &["is:reply"]);
    check("From: a@b.example\nSubject: Lunch\nIn-Reply-To: <1@b.example>\n\nYes.\n", &["is:reply"]);
    check("From: a@b.example\nSubject: Fwd: Lunch\n\nSee https://b.example/\n", &["has:link", "is:forward"]);
}

#[test]
fn lists_bulk_and_bounces() {
    check(
        "From: a@b.example\nSubject: Digest\nList-Id: Dev talk <dev.lists.example>\nPrecedence: bulk\n\nHi\n",
        &["is:bulk", "is:list", "list:dev", "list:dev.lists.example"],
    );
    check(
        "Return-Path: <>\nFrom: MAILER-DAEMON@b.example\nSubject: Returned mail\n\nNo such user.\n",
        &["is:bounce"],
    );
    check(
        "From: a@b.example\nSubject: x\nX-Gmail-Labels: Work/Ideas,\"Opened\"\n\nHi\n",
        &["has:userlabels", "label:ideas", "label:opened", "label:work", "label:work/ideas"],
    );
    // As Takeout writes them: encoded, folded, and quoted where a label has a comma.
    check(
        "From: a@b.example\nSubject: x\nX-Gmail-Labels: =?UTF-8?Q?Entw=C3=BCrfe,\"Smith,_Doe_&_Co\",?=\n =?UTF-8?Q?Posteingang?=\n\nHi\n",
        &["has:userlabels", "label:entwürfe", "label:posteingang", "label:smithdoeco"],
    );
}

#[test]
fn attachments_by_name_and_type() {
    let raw = "From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
               --b\nContent-Type: text/plain\n\nHi\n\
               --b\nContent-Type: application/octet-stream; name=\"Plan.PDF\"\nContent-Disposition: attachment; \
               filename=\"Plan.PDF\"\n\nx\n\
               --b\nContent-Type: image/png; name=map.png\nContent-Disposition: attachment; filename=map.png\n\nx\n--b--\n";
    check(
        raw,
        &[
            "filetype:pdf",
            "filetype:png",
            "has:attachment",
            "has:image",
            "has:pdf",
            "mime:application",
            "mime:application/octet-stream",
            "mime:image",
            "mime:image/png",
        ],
    );
}

#[test]
fn folders_are_found_by_each_part() {
    let mut found = Vec::new();
    labels("A/B/C", &mut |label| found.push(label.to_owned()));
    found.sort();
    assert_eq!(found, ["A", "A/B", "A/B/C", "B", "B/C", "C"]);
}
