//! A site that was built in steps answers as one that was built at once.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use maildex_build::build::add::{Added, add};
use maildex_build::build::merge::{Merged, merge};
use maildex_build::build::{Attachments, BuildError, BuildOptions, build};
use maildex_build::released::{Profile, Release, Tables};
use maildex_core::query::{Context, parse};
use maildex_core::{Facet, Request, Sort, Thread};
use maildex_tests::generator::Random;
use maildex_tests::site::{Silent, Site};

const WORDS: [&str; 24] = [
    "harbour", "ferry", "storm", "tide", "quay", "winter", "letter", "gull", "light", "rope", "boat", "sand",
    "meeting", "plan", "budget", "north", "south", "island", "engine", "ticket", "fog", "bell", "map",
    "coal",
];

const PEOPLE: [&str; 6] = ["ann", "bob", "cid", "dot", "eve", "fay"];

/// A message of an invented list: some answer one before, some one that nobody has, some nothing by their headers.
fn letter(number: usize, random: &mut Random) -> String {
    let from = PEOPLE[random.below(PEOPLE.len())];
    let (day, hour) = (1 + number / 8 % 28, number % 24);
    let mut text = format!(
        "From - Mon May {day:2} {hour:02}:00:00 2003\nFrom: {from} <{from}@quay.example>\nTo: list@quay.example\n\
         Date: {day} May 2003 {hour:02}:00:00 +0000\nMessage-ID: <{number}@quay.example>\n"
    );
    let before = number.saturating_sub(1 + random.below(9));
    let subject = WORDS[before % WORDS.len()];
    match random.below(6) {
        0..=2 if number > 0 => {
            let _ = write!(text, "References: <{before}@quay.example>\nSubject: Re: {subject}\n\n");
        }
        3 => {
            let lost = 1000 + number / 7;
            let _ = write!(text, "References: <{lost}@quay.example>\nSubject: Re: {subject}\n\n");
        }
        4 if number > 0 => {
            let _ = write!(text, "Subject: Re: {subject}\n\n");
        }
        _ => {
            let _ = write!(text, "Subject: {}\n\n", WORDS[number % WORDS.len()]);
        }
    }
    for _ in 0..12 {
        let _ = write!(text, "{} ", WORDS[random.below(WORDS.len())]);
    }
    text + "\n\n"
}

/// Mailboxes of messages by their numbers.
struct Mail {
    folder: tempfile::TempDir,
    letters: Vec<String>,
}

impl Mail {
    fn new(n: usize) -> Mail {
        let mut random = Random::new(5);
        let letters = (0..n).map(|number| letter(number, &mut random)).collect();
        Mail { folder: tempfile::tempdir().unwrap(), letters }
    }

    fn mbox(&self, name: &str, numbers: impl Iterator<Item = usize>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, numbers.map(|number| self.letters[number].as_str()).collect::<String>()).unwrap();
        path
    }

    fn site(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The inputs are called alike, so that `source:` finds the same.
fn options(input: PathBuf, out: &Path) -> BuildOptions {
    let names = BTreeMap::from([(input.clone(), "list".to_owned())]);
    BuildOptions { inputs: vec![input], names, out: out.to_owned(), ..BuildOptions::default() }
}

fn built(input: PathBuf, out: &Path) -> Site {
    build(&options(input, out), &Silent).expect("it is built");
    Site::open(out)
}

fn added(input: PathBuf, out: &Path) -> Added {
    add(&options(input, out), &Silent).expect("it is added to")
}

fn keys(site: &mut Site, text: &str, sort: Sort) -> Vec<u64> {
    let query = parse(text, &Context::default());
    let request = Request { query: &query, typing: false, sort, offset: 0, limit: 1000 };
    let lines = site.run(|archive| archive.search(&request)).lines;
    assert_eq!(lines.len() as u64, site.run(|archive| archive.total(&query, false)), "{text}");
    lines.iter().map(|line| line.key).collect()
}

/// What stands where: the key, or the id of what is not here; the parent, and whether that is guessed.
type Stood<'a> = (Option<u64>, Option<&'a str>, Option<u32>, bool);

fn tree(thread: &Thread) -> Vec<Stood<'_>> {
    let nodes = thread.messages.iter();
    nodes
        .map(|own| (own.line.as_ref().map(|line| line.key), own.ghost.as_deref(), own.parent, own.guessed))
        .collect()
}

fn same_threads(one: &mut Site, other: &mut Site) {
    for key in keys(one, "", Sort::Oldest) {
        let [expected, found] = [&mut *one, &mut *other]
            .map(|site| site.run(|archive| archive.thread(key)).expect("it is there"));
        assert_eq!(tree(&found), tree(&expected), "{key:016x}");
        assert_eq!(found.focus, expected.focus, "{key:016x}");
        let line = found.messages[found.focus].line.as_ref();
        assert_eq!(line.map(|line| line.key), Some(key));
    }
}

fn same_answers(one: &mut Site, other: &mut Site) {
    let mut random = Random::new(11);
    let mut queries: Vec<String> =
        ["", "is:reply", "is:missing", "kind:any", "source:list", "from:ann -fog", "@quay.example"]
            .map(str::to_owned)
            .to_vec();
    for _ in 0..60 {
        let mut word = || WORDS[random.below(WORDS.len())];
        let (a, b, c) = (word(), word(), word());
        queries.extend([
            a.to_owned(),
            format!("{a} {b} -{c}"),
            format!("\"{a} {b}\""),
            format!("{a} NEAR/3 {b}"),
        ]);
        queries.extend([format!("subject:{a}"), format!("({a} OR {b}) {c}"), format!("{}*", &a[..2])]);
        queries.push(format!("from:{} date:2003-05-{:02}", PEOPLE[random.below(6)], 1 + random.below(20)));
    }
    let sorts = [Sort::Newest, Sort::Oldest, Sort::Relevance, Sort::Size, Sort::Sender, Sort::Subject];
    for text in &queries {
        for sort in sorts {
            assert_eq!(keys(other, text, sort), keys(one, text, sort), "{text:?} by {sort:?}");
        }
        let query = parse(text, &Context::default());
        let facets = [&mut *one, &mut *other].map(|site| {
            site.run(|archive| archive.facets(&query, false, &[Facet::Month, Facet::People], 20))
        });
        assert_eq!(facets[0], facets[1], "{text:?}");
    }
}

#[test]
fn a_site_in_steps_answers_as_one_at_once() {
    let mail = Mail::new(160);
    let mut whole = built(mail.mbox("whole.mbox", 0..160), &mail.site("whole"));
    let site = mail.site("steps");
    // The last part comes with what the site has already, and with some that is older.
    built(mail.mbox("a.mbox", (0..100).filter(|n| n % 17 != 3)), &site);
    let first = added(mail.mbox("b.mbox", 90..130), &site);
    assert_eq!((first.report.messages, first.report.copies), (30, 10));
    assert!(first.n_continued > 1, "{first:?}");
    let second = added(mail.mbox("c.mbox", (0..160).filter(|n| n % 17 == 3 || *n >= 130)), &site);
    assert!(second.n_continued > 1, "{second:?}");
    let mut steps = Site::open(&site);
    same_answers(&mut whole, &mut steps);
    same_threads(&mut whole, &mut steps);
}

#[test]
fn what_is_here_is_not_added_again() {
    let mail = Mail::new(40);
    let site = mail.site("site");
    built(mail.mbox("a.mbox", 0..40), &site);
    let before = fs::read(site.join("manifest.json")).unwrap();
    let again = added(mail.mbox("again.mbox", 0..40), &site);
    assert_eq!((again.report.messages, again.report.copies), (0, 40));
    assert_eq!(fs::read(site.join("manifest.json")).unwrap(), before);
    // The same id with another text is another message; the same text under another id is not.
    let (same, other) = (mail.site("same.mbox"), mail.site("other.mbox"));
    fs::write(&same, mail.letters[7].replace("<7@quay", "<seven@quay")).unwrap();
    fs::write(&other, mail.letters[7].replace("\n\n", "\n\nwhelk ")).unwrap();
    assert_eq!(added(same, &site).report.messages, 0);
    assert_eq!(added(other, &site).report.messages, 1);
    assert_eq!(keys(&mut Site::open(&site), "whelk", Sort::Newest).len(), 1);
    assert_eq!(keys(&mut Site::open(&site), "rfc822msgid:7@quay.example", Sort::Newest).len(), 2);
}

#[test]
fn shards_stay_for_one_generation() {
    let mail = Mail::new(60);
    let site = mail.site("site");
    built(mail.mbox("a.mbox", 0..40), &site);
    let shards = |site: &Path| -> Vec<String> {
        let names = fs::read_dir(site.join("d")).unwrap().map(|own| own.unwrap().file_name());
        names.map(|name| name.into_string().unwrap()).collect()
    };
    let first = shards(&site);
    added(mail.mbox("b.mbox", 40..50), &site);
    let second = shards(&site);
    assert!(first.iter().all(|name| second.contains(name)), "a reader of the manifest before is not cut off");
    added(mail.mbox("c.mbox", 50..60), &site);
    let third = shards(&site);
    let gone = second.iter().filter(|name| !third.contains(name)).count();
    assert!(gone > 0 && second.iter().all(|name| third.contains(name) || first.contains(name)));
    assert_eq!(keys(&mut Site::open(&site), "", Sort::Newest).len(), 60);
}

#[test]
fn the_same_addition_is_the_same_bytes() {
    let mail = Mail::new(90);
    let (a, b) = (mail.mbox("a.mbox", 0..60), mail.mbox("b.mbox", 60..90));
    let manifests = [1, 4].map(|threads| {
        let site = mail.site(&format!("site{threads}"));
        built(a.clone(), &site);
        add(&BuildOptions { threads: Some(threads), ..options(b.clone(), &site) }, &Silent).unwrap();
        fs::read(site.join("manifest.json")).unwrap()
    });
    assert_eq!(manifests[0], manifests[1]);
}

/// How parts are made and merged: with all that a site can keep.
fn keeping(inputs: Vec<PathBuf>, out: &Path) -> BuildOptions {
    let title = Some("mail".to_owned());
    let out = out.to_owned();
    BuildOptions {
        inputs,
        out,
        title,
        attachments: Attachments::Keep,
        originals: true,
        ..BuildOptions::default()
    }
}

/// Adds each of `later` to a site of `first`, makes one part of all, and compares every file with those of one build.
fn same_bytes(folder: &Path, first: Vec<PathBuf>, later: Vec<PathBuf>) -> Merged {
    let (whole, steps) = (folder.join("at-once"), folder.join("in-steps"));
    let all = first.iter().chain(&later).cloned().collect();
    build(&keeping(all, &whole), &Silent).expect("it is built");
    build(&keeping(first, &steps), &Silent).expect("it is built");
    for input in later {
        let added = add(&keeping(vec![input], &steps), &Silent).expect("it is added to");
        assert_eq!(added.report.copies, 0, "what is here already leaves no trace of where else it lay");
    }
    let merged =
        merge(&keeping(Vec::new(), &steps), &Silent).expect("it is merged").expect("there are parts");
    let sums = |site: &Path| fs::read_to_string(site.join("SHA256SUMS")).expect("sums");
    assert_eq!(sums(&steps), sums(&whole));
    assert!(sums(&steps).contains("manifest.json"));
    merged
}

#[test]
fn parts_become_what_one_build_makes() {
    let mail = Mail::new(160);
    let again = mail.site("again.mbox");
    // Copies under other ids, one of them twice.
    let copies = mail.letters[21..37].iter().map(|own| own.replace("Message-ID: <", "Message-ID: <copy"));
    fs::write(&again, copies.chain([mail.letters[7].clone(), mail.letters[21].clone()]).collect::<String>())
        .unwrap();
    let first = vec![mail.mbox("a.mbox", (0..100).filter(|n| n % 17 != 3)), again];
    let late = |n: &usize| n % 17 == 3 || *n >= 130;
    let later = vec![
        mail.mbox("b.mbox", (100..130).filter(|n| !late(n))),
        mail.mbox("c.mbox", (0..160).filter(late)),
    ];
    let merged = same_bytes(mail.folder.path(), first, later);
    assert_eq!(merged, Merged { n_parts: 3, messages: 160 });
    let mut site = Site::open(&mail.site("in-steps"));
    assert_eq!(keys(&mut site, "rfc822msgid:copy25@quay.example", Sort::Newest).len(), 1);
}

#[test]
fn long_parts_become_one_with_any_number_of_threads() {
    let mail = Mail::new(1500);
    let first = mail.mbox("a.mbox", (0..1500).filter(|n| n % 5 > 0));
    let sites = [1, 4].map(|threads| {
        let site = mail.site(&format!("site{threads}"));
        build(&keeping(vec![first.clone()], &site), &Silent).unwrap();
        added_to(&mail, &site);
        let options = BuildOptions { threads: Some(threads), ..keeping(Vec::new(), &site) };
        merge(&options, &Silent).unwrap().expect("there are parts");
        fs::read_to_string(site.join("SHA256SUMS")).unwrap()
    });
    let whole = mail.site("whole");
    build(&keeping(vec![first, mail.site("b.mbox")], &whole), &Silent).unwrap();
    let whole = fs::read_to_string(whole.join("SHA256SUMS")).unwrap();
    assert!(sites[0] == whole && sites[1] == whole);
}

/// Adds every fifth message.
fn added_to(mail: &Mail, site: &Path) {
    let later = mail.mbox("b.mbox", (0..1500).filter(|n| n % 5 == 0));
    let report = add(&keeping(vec![later], site), &Silent).unwrap().report;
    assert_eq!((report.messages, report.copies), (300, 0));
}

#[test]
fn parts_with_pages_attachments_and_labels_become_one() {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let later = ["mail/leak", "mail/Takeout/Mail", "mail/Takeout/Groups"].map(|name| fixtures.join(name));
    let merged = same_bytes(folder.path(), vec![fixtures.join("format/sample.mbox")], later.to_vec());
    assert_eq!(merged.n_parts, 4);
}

#[test]
fn a_site_that_cannot_be_merged_stays() {
    let mail = Mail::new(60);
    let site = mail.site("site");
    let options = options(PathBuf::new(), &site);
    built(mail.mbox("a.mbox", 0..40), &site);
    assert_eq!(merge(&options, &Silent).unwrap(), None);
    added(mail.mbox("b.mbox", 40..60), &site);
    let files = |site: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        let mut folders = vec![site.to_owned()];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() {
                    folders.push(entry);
                } else {
                    files.push((entry.clone(), fs::read(&entry).unwrap()));
                }
            }
        }
        files.sort();
        files
    };
    let before = files(&site);
    let shards = || before.iter().filter(|(path, _)| path.extension().is_some_and(|own| own == "7z"));
    for ((path, bytes), is_cut) in shards().flat_map(|own| [(own, false), (own, true)]) {
        let mut damaged = bytes.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 0x40;
        damaged.truncate(if is_cut { middle } else { bytes.len() });
        fs::write(path, damaged).unwrap();
        // The front is in the manifest as well, and what placeholders say is told anew.
        match merge(&options, &Silent) {
            Err(BuildError::Site { .. }) => {}
            Ok(Some(_)) => {
                fs::remove_dir_all(&site).unwrap();
                for (path, bytes) in &before {
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(path, bytes).unwrap();
                }
            }
            other => panic!("{}: {other:?}", path.display()),
        }
        fs::write(path, bytes).unwrap();
        assert!(files(&site) == before, "{}", path.display());
    }
}

#[test]
fn released_documents_are_not_merged() {
    let mail = Mail::new(20);
    let (text, site) = (mail.site("C09900001.txt"), mail.site("site"));
    let document = "UNCLASSIFIED U.S. Department of State Case No. F-2033-00017 Doc No. C09900001 Date: 08/31/2035\n\n\
                    From: Gull, Mary\nSent: Thursday, January 14, 2010 6:35 PM\nTo: P\nSubject: The ferry\n\nAt nine.\n";
    fs::write(&text, document).unwrap();
    let profile = Profile::named("clinton").unwrap();
    let zone = Some(profile.zone.clone());
    let release = Release { profile, tables: Tables::default(), forced: false };
    build(&BuildOptions { releases: vec![release], ..options(text, &site) }, &Silent).unwrap();
    assert_eq!(keys(&mut Site::open(&site), "docid:C09900001", Sort::Newest).len(), 1);
    // Nothing tells the zone that the documents were printed in, which is that of the site.
    let refused = add(&options(mail.mbox("a.mbox", 0..20), &site), &Silent).unwrap_err();
    assert!(refused.to_string().contains("released documents"), "{refused}");
    let knowing = BuildOptions { zone, ..options(mail.mbox("a.mbox", 0..20), &site) };
    add(&knowing, &Silent).unwrap();
    let before = fs::read(site.join("manifest.json")).unwrap();
    let refused = merge(&options(PathBuf::new(), &site), &Silent).unwrap_err();
    assert!(refused.to_string().contains("released documents"), "{refused}");
    assert_eq!(fs::read(site.join("manifest.json")).unwrap(), before);
}
