//! The cases of Dovecot's imaptest for SEARCH, SORT and THREAD, as far as they mean what we mean.
//!
//! The suite is not part of the project: `MAILDEX_SUITES` names the folder that holds `imaptest.json` and its
//! mailboxes. Which cases are answered otherwise here, and why, stands in [`meaning`].

use std::cmp::Reverse;
use std::path::Path;

use maildex_build::message::subject::base_subject;
use maildex_build::message::{self, Message, ParseOptions};
use maildex_build::threads::{Node, Options, Thread, Threader, Who};
use maildex_core::query::{Field, Node as Query};
use maildex_tests::oracle::Oracle;
use maildex_tests::suite;

/// What a case asks for in our terms.
enum Meaning {
    Threads,
    Search(Query),
    Sort(SortBy),
    /// Answered otherwise, and why.
    NotOurs(&'static str),
}

enum SortBy {
    Date,
    DateReverse,
    Subject,
    SubjectReverse,
}

const SUBSTRINGS: &str =
    "IMAP looks for parts of words; a query looks for words, or for what they begin with";
const EMPTY_VALUE: &str = "asks whether a header is there, as `header:` does for those that are kept";
const HEADERS: &str = "looks into headers that are not searched";
const SENT_DATE: &str = "IMAP cuts days in the zone of each sender, an archive cuts them in its own";
const SIZE: &str = "sizes are not searched or sorted by yet";
const SECOND_SORT: &str = "there is one sort, and the key decides between equals";
const OTHER_SORT: &str = "sorting by people is not built yet";
const ORDERED_SUBJECT: &str = "threads are made of references, never of subjects alone";
const GROUPS: &str = "the name of an address group is no person";

/// Every case of the suite has a meaning here; an unknown one fails the test.
fn meaning(test: &str, command: &str, args: &str) -> Option<Meaning> {
    Some(match (test, command) {
        (_, "thread") if args.starts_with("references ") => Meaning::Threads,
        (_, "thread") if args.starts_with("orderedsubject ") => Meaning::NotOurs(ORDERED_SUBJECT),
        ("sort-date" | "sort-arrival", "sort") => match args.split(')').next()? {
            "(date" | "(arrival" => Meaning::Sort(SortBy::Date),
            "(reverse date" | "(reverse arrival" => Meaning::Sort(SortBy::DateReverse),
            _ => Meaning::NotOurs(SECOND_SORT),
        },
        ("sort-subject", "sort") => match args.split(')').next()? {
            "(subject" => Meaning::Sort(SortBy::Subject),
            "(reverse subject" => Meaning::Sort(SortBy::SubjectReverse),
            _ => Meaning::NotOurs(SECOND_SORT),
        },
        ("sort-size", _) | ("search-size", _) => Meaning::NotOurs(SIZE),
        ("sort-addresses" | "sort-display-from" | "sort-display-to", _) => Meaning::NotOurs(OTHER_SORT),
        ("search-date", _) => Meaning::NotOurs(SENT_DATE),
        ("search-addresses" | "search-body" | "search-header", "search") => search_meaning(args)?,
        _ => return None,
    })
}

fn search_meaning(args: &str) -> Option<Meaning> {
    if args.ends_with("\"\"") {
        return Some(Meaning::NotOurs(EMPTY_VALUE));
    }
    let (key, value) = args.split_once(' ')?;
    let value = value.trim_matches('"');
    let field = match key {
        "from" => Field::From,
        "to" => Field::OnlyTo,
        "cc" => Field::Cc,
        "bcc" => Field::Bcc,
        "subject" => Field::Subject,
        "body" => Field::Body,
        "text" => Field::Any,
        "header" => return Some(Meaning::NotOurs(HEADERS)),
        _ => return None,
    };
    const PARTS_OF_WORDS: [&str; 12] = [
        "ser-fro",
        "ser-t",
        "ser-c",
        "ser-bc",
        "ealfro",
        "ealt",
        "ealc",
        "ealbc",
        "sdfghjk",
        "xcvbn",
        "wertyuio",
        "eautiful worl",
    ];
    if PARTS_OF_WORDS.contains(&value) {
        return Some(Meaning::NotOurs(SUBSTRINGS));
    }
    if value.starts_with("groupname") {
        return Some(Meaning::NotOurs(GROUPS));
    }
    let text = value.to_owned();
    if value == "qwertyuiop" && field == Field::Any {
        return Some(Meaning::NotOurs(HEADERS));
    }
    Some(Meaning::Search(if value.contains(' ') {
        Query::Phrase { field, text, slop: None }
    } else {
        Query::Word { field, text, typos: 0 }
    }))
}

#[test]
fn cases_of_imaptest() {
    let Some(path) = suite("imaptest.json") else { return };
    let text = std::fs::read_to_string(&path).expect("imaptest.json can be read");
    let tests: serde_json::Value = serde_json::from_str(&text).expect("imaptest.json is JSON");
    let (mut ours, mut others) = (0, 0);
    for test in tests.as_array().expect("a list of tests") {
        let field = |name: &str| test[name].as_str().expect("a text").to_owned();
        let name = field("test");
        let messages = read_mailbox(&path.with_file_name(field("mbox")));
        for case in test["cases"].as_array().expect("a list of cases") {
            let text = |name: &str| case[name].as_str().expect("a text");
            let (command, args, expected) = (text("command"), text("args"), text("expect"));
            let answer =
                match meaning(&name, command, args).unwrap_or_else(|| panic!("{name}: {command} {args}?")) {
                    Meaning::Threads => print_threads(&messages),
                    Meaning::Search(query) => search(&messages, &query),
                    Meaning::Sort(by) => sort(&messages, &by),
                    Meaning::NotOurs(reason) => {
                        assert!(!reason.is_empty());
                        others += 1;
                        continue;
                    }
                };
            assert_eq!(answer, expected, "{name}: {command} {args}");
            ours += 1;
        }
    }
    assert_eq!((ours, others), (OURS, OTHERS), "the table of meanings covers the suite");
}

/// The cases that are answered, and those that mean something else.
const OURS: usize = 36;
const OTHERS: usize = 85;

/// The suite's mailboxes hold no line of a body that begins with `From `.
fn read_mailbox(path: &Path) -> Vec<Message> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let text = format!("\n{text}");
    let options = ParseOptions { keep_bcc: true, ..ParseOptions::default() };
    let messages = text.split("\nFrom ").skip(1).map(|mail| {
        let (envelope, bytes) = mail.split_once('\n').unwrap_or((mail, ""));
        let date = envelope.split_once(' ').and_then(|(_, date)| message::parse_date(date.trim()));
        message::parse(bytes.as_bytes(), date.map(|date| date.time), &options)
    });
    messages.collect()
}

fn search(messages: &[Message], query: &Query) -> String {
    let mut oracle = Oracle::default();
    for message in messages {
        oracle.add(message, 0);
    }
    numbers(&oracle.search(query).expect("a query of words"))
}

fn sort(messages: &[Message], by: &SortBy) -> String {
    let date = |number: &usize| messages[*number].date.order;
    // As IMAP compares (i;ascii-casemap): bytes, with ASCII letters in upper case.
    let subject = |number: &usize| base_subject(&messages[*number].subject).0.to_ascii_uppercase();
    let mut order: Vec<usize> = (0..messages.len()).collect();
    match by {
        SortBy::Date => order.sort_by_key(date),
        SortBy::DateReverse => order.sort_by_key(|number| Reverse(date(number))),
        SortBy::Subject => order.sort_by_key(subject),
        SortBy::SubjectReverse => order.sort_by_key(|number| Reverse(subject(number))),
    }
    numbers(&order)
}

/// Messages as IMAP counts them, from 1.
fn numbers(messages: &[usize]) -> String {
    messages.iter().map(|number| (number + 1).to_string()).collect::<Vec<_>>().join(" ")
}

/// Threads as IMAP writes them: answers after what they answer, brackets where there are several.
fn print_threads(messages: &[Message]) -> String {
    let mut threader = Threader::default();
    for (key, message) in (1..).zip(messages) {
        let (base, is_reply) = base_subject(&message.subject);
        threader.add_message(key, message, &base, is_reply);
    }
    let threads = threader.finish(&Options::rfc5256());
    threads.iter().map(|thread| format!("({})", print_branch(thread, 0))).collect()
}

fn print_branch(thread: Thread, position: u32) -> String {
    let is_answer = |(_, node): &(u32, &Node)| node.parent == Some(position);
    let answers = (0..).zip(thread.nodes).filter(is_answer);
    let answers: Vec<String> = answers.map(|(answer, _)| print_branch(thread, answer)).collect();
    let mut printed = match thread.nodes[position as usize].who {
        Who::Here(number) => (number + 1).to_string(),
        Who::Missing(_) | Who::Outside(_) | Who::Gathered => String::new(),
    };
    if let [answer] = answers.as_slice() {
        printed.extend([" ", answer]);
    } else if !answers.is_empty() {
        printed.push_str(if printed.is_empty() { "" } else { " " });
        printed.extend(answers.iter().map(|answer| format!("({answer})")));
    }
    printed
}
