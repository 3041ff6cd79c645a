//! Mail as services hand it out: whole folders of it, written for these tests as those write theirs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use maildex_build::build::add::add;
use maildex_build::build::report::BuildReport;
use maildex_build::build::{BuildOptions, build};
use maildex_build::input::Reason;
use maildex_core::query::{Context, parse};
use maildex_core::{Request, Sort};
use maildex_tests::site::{Silent, Site};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mail").join(name)
}

fn options(input: PathBuf, out: &Path) -> BuildOptions {
    let names = BTreeMap::from([(input.clone(), "mail".to_owned())]);
    BuildOptions { inputs: vec![input], names, out: out.to_owned(), ..BuildOptions::default() }
}

fn built(input: PathBuf) -> (tempfile::TempDir, Site, BuildReport) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("site");
    let report = build(&options(input, &out), &Silent).expect("it is built");
    (folder, Site::open(&out), report)
}

/// The subjects of what a query finds, the oldest first.
fn found(site: &mut Site, text: &str) -> Vec<String> {
    let query = parse(text, &Context::default());
    let request = Request { query: &query, typing: false, sort: Sort::Oldest, offset: 0, limit: 100 };
    site.run(|archive| archive.search(&request)).lines.into_iter().map(|line| line.subject).collect()
}

/// The conversation of the one message that a query finds: Message-IDs, each with that of the one it hangs under;
/// `~` before guesses.
fn conversation(site: &mut Site, text: &str) -> Vec<String> {
    let query = parse(text, &Context::default());
    let request = Request { query: &query, typing: false, sort: Sort::Oldest, offset: 0, limit: 2 };
    let keys: Vec<u64> =
        site.run(|archive| archive.search(&request)).lines.iter().map(|line| line.key).collect();
    assert_eq!(keys.len(), 1, "{text}");
    let thread = site.run(|archive| archive.thread(keys[0])).expect("a thread");
    let ids: Vec<String> = thread
        .messages
        .iter()
        .map(|own| {
            let Some(line) = &own.line else { return "?".to_owned() };
            let message = site.run(|archive| archive.message(line.key)).expect("a message");
            message.1.message_id.split('@').next().unwrap_or_default().to_owned()
        })
        .collect();
    let place = |(own, id): (&maildex_core::InThread, &String)| {
        let parent = own.parent.map_or(String::new(), |parent| format!(" < {}", ids[parent as usize]));
        format!("{}{id}{parent}", if own.guessed { "~" } else { "" })
    };
    thread.messages.iter().zip(&ids).map(place).collect()
}

/// What was not read, each with how often and the first place.
fn not_read(report: &BuildReport) -> Vec<(Reason, u64, &str)> {
    let told = report.inputs.iter().flat_map(|input| &input.read.skipped);
    told.map(|skipped| (skipped.reason, skipped.n, skipped.example.as_str())).collect()
}

#[test]
fn a_takeout_of_gmail() {
    let (_folder, mut site, report) = built(fixture("Takeout/Mail"));
    assert_eq!((report.messages, report.threads, not_read(&report)), (6, 3, vec![]));
    assert_eq!(found(&mut site, "label:\"Quay, North\" label:Grüße"), ["Winter timetable"]);
    assert_eq!(found(&mut site, "\"from monday on there are two ferries\""), ["Winter timetable"]);
    let expected = ["timetable", "~phone-1 < timetable", "~late < timetable", "thanks < late"];
    assert_eq!(conversation(&mut site, "\"weeks later\""), expected);
    assert_eq!(conversation(&mut site, "\"another conversation\""), ["another"]);
}

#[test]
fn a_takeout_that_comes_in_two_parts() {
    let whole = fs::read_to_string(fixture("Takeout/Mail/All mail Including Spam and Trash.mbox"))
        .expect("a fixture");
    let at = whole.find("From 1784070131313155003").expect("the third message");
    let folder = tempfile::tempdir().expect("a folder");
    let [one, two, out] = ["one.mbox", "two.mbox", "site"].map(|name| folder.path().join(name));
    fs::write(&one, &whole[..at]).expect("written");
    fs::write(&two, &whole[at..]).expect("written");
    build(&options(one, &out), &Silent).expect("it is built");
    let added = add(&options(two, &out), &Silent).expect("it is added to");
    assert_eq!((added.report.messages, added.n_continued), (4, 1));
    let expected = ["timetable", "~phone-1 < timetable", "~late < timetable", "thanks < late"];
    assert_eq!(conversation(&mut Site::open(&out), "\"weeks later\""), expected);
}

#[test]
fn groups_of_google() {
    let (_folder, mut site, report) = built(fixture("Takeout/Groups"));
    assert_eq!((report.messages, report.threads), (4, 2));
    let info = "mail/quay-watch@groups.example/info.json";
    assert_eq!(not_read(&report), [(Reason::NotMail, 1, info)]);
    assert_eq!(found(&mut site, "list:quay-watch"), ["Gulls on the quay", "Re: Gulls on the quay"]);
    assert_eq!(found(&mut site, "\"degrees upwards\" date:2020-01-10"), ["Gulls on the quay"]);
    assert_eq!(conversation(&mut site, "diesel"), ["3ekg0g$1", "3ekg0g$2 < 3ekg0g$1"]);
    assert_eq!(found(&mut site, "from:gil@island.example date:1995-01-06"), ["Which engine?"]);
}

#[test]
fn a_leak_of_single_messages() {
    let (_folder, mut site, report) = built(fixture("leak"));
    let read = &report.inputs[0].read;
    assert_eq!((read.kind.as_str(), read.files, read.files_with_mail), ("folder of messages", 5, 3));
    assert_eq!(
        not_read(&report),
        [(Reason::NotMail, 1, "mail/index.html"), (Reason::Empty, 1, "mail/00000004.eml")]
    );
    assert_eq!((report.messages, report.threads, report.undated), (3, 2, 1));
    assert_eq!(found(&mut site, "has:attachment"), ["Draft — speech"]);
    assert_eq!(found(&mut site, "attachment:neighbours"), ["Draft — speech"]);
    assert_eq!(found(&mut site, "\"comments by noon\""), ["Draft — speech"]);
    assert_eq!(conversation(&mut site, "shorter"), ["draft", "comments < draft"]);
    // The number of the file is how such releases are cited.
    let query = parse("clips", &Context::default());
    let request = Request { query: &query, typing: false, sort: Sort::Newest, offset: 0, limit: 1 };
    let key = site.run(|archive| archive.search(&request)).lines[0].key;
    let (_, record) = site.run(|archive| archive.message(key)).expect("a message");
    assert_eq!((record.places[0].source.as_str(), record.places[0].path.as_str()), ("mail", "00000003.eml"));
}
