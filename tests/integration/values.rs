//! Operators whose values are compared whole: labels, lists, kinds of files.

use maildex_core::query::{Context, parse};
use maildex_core::{Request, Sort};
use maildex_tests::site::Site;

const LABELS: [&str; 4] = ["Sent Items,Opened", "sent_items", "Inbox,_sent", "\"In-box\""];

fn site() -> (tempfile::TempDir, Site) {
    let letters = LABELS.iter().enumerate().map(|(number, labels)| {
        format!(
            "From - Mon May  5 12:00:00 2003\nFrom: amy@acme.example\nX-Gmail-Labels: {labels}\n\
             Date: Mon, 5 May 2003 12:{number:02}:00 +0000\nMessage-ID: <{number}@acme.example>\n\
             Subject: Letter {number}\nList-Id: <dev{number}.acme.example>\n\nThe ferry.\n\n"
        )
    });
    Site::of_mbox(letters.collect::<String>())
}

/// The numbers of the letters that a query finds, and what is noted.
fn found(site: &mut Site, text: &str) -> (String, Vec<String>) {
    let query = parse(text, &Context::default());
    let request = Request { query: &query, typing: false, sort: Sort::Oldest, offset: 0, limit: 10 };
    let found = site.run(|archive| archive.search(&request));
    let numbers = found.lines.iter().map(|line| line.subject.trim_start_matches("Letter "));
    (numbers.collect::<Vec<_>>().join(" "), found.notes)
}

#[test]
fn labels_and_values_by_their_shape() {
    let (_folder, mut site) = site();
    let mut check = |text: &str, expect: &str| assert_eq!(found(&mut site, text).0, expect, "{text}");
    check("label:\"sent items\"", "0 1");
    check("label:sent_items", "0 1");
    check("in:Sent-Items", "0 1");
    check("label:inbox", "2 3");
    // A sign in front is a letter.
    check("label:sent", "");
    check("label:_sent", "2");
    check("label:inb*", "2 3");
    check("label:*sent*", "0 1 2");
    check("label:s?nt*", "0 1");
    check("list:dev?.acme.example -list:dev0*", "1 2 3");
    check("label:opened list:*", "0");
    check("label:* -label:opened", "1 2 3");
}

#[test]
fn an_address_without_a_domain_is_found_as_it_stands() {
    let letter = |number: u32, from: &str| {
        format!(
            "From - Mon May  5 12:00:00 2003\nFrom: {from}\nDate: Mon, 5 May 2003 12:{number:02}:00 +0000\nSubject: Letter {number}\n\nThe ferry.\n\n"
        )
    };
    let mbox = [letter(0, "Amy <amy@>"), letter(1, "Amy <amy@acme.example>"), letter(2, "Bob <@>")].concat();
    let (_folder, mut site) = Site::of_mbox(mbox);
    let mut check = |text: &str, expect: &str| assert_eq!(found(&mut site, text).0, expect, "{text}");
    check("from:amy@", "0");
    check("from:amy", "0 1");
    check("from:amy@acme.example", "1");
    check("from:@acme.example", "1");
}

#[test]
fn what_no_message_has_is_noted() {
    let (_folder, mut site) = site();
    let mut check = |text: &str, expect: &[&str]| assert_eq!(found(&mut site, text).1, expect, "{text}");
    check("label:nosuch", &["no message of this archive has label:nosuch"]);
    check("ferry -is:unread", &["no message of this archive has label:unread"]);
    check("label:opened OR is:bounce", &["no message of this archive has is:bounce"]);
    check(
        "label:x* rfc822msgid:9@acme.example",
        &[
            "no message of this archive has label:x*",
            "no message of this archive has rfc822msgid:9@acme.example",
        ],
    );
    check("label:opened rfc822msgid:0@acme.example list:*", &[]);
}
