//! The search through a source that gives only the bytes asked for: the same answers as from a resident archive, in
//! few rounds and bytes; and the same bytes from every way to build it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use maildex_build::build::{BuildOptions, build};
use maildex_core::format::block::SectionId;
use maildex_core::query::{Context, Query, Zone, parse};
use maildex_core::{Facet, Facets, Found, Request, Sort, Step};
use maildex_tests::generator::Random;
use maildex_tests::site::{Silent, Site, Spent};

const N_MESSAGES: usize = 3000;
/// 2010-01-01.
const NOW: i64 = 1_262_304_000;

const QUERIES: [&str; 33] = [
    "",
    "aba",
    "abe",
    "ubu",
    "solo77",
    "nothere",
    "aba abe",
    "aba solo77",
    "aba ubu idi",
    "aba -abe",
    "-aba",
    "aba OR solo77",
    "(aba OR abe) (abi OR abo)",
    "solo1*",
    "ub*",
    "\"aba abe\"",
    "\"round trip\"",
    "\"round trip ticket\"",
    "\"trip round\"",
    "-\"round trip\" ubu",
    "subject:aba",
    "subject:\"about aba\"",
    "from:ada@quay.example",
    "from:@holm.example",
    "to:crew from:bo",
    "with:cora@holm.example ubu",
    "quoted:aba -new:aba",
    "has:attachment",
    "filename:plan has:attachment",
    "after:2003-01-01 before:2003-07-01",
    "date:2004 aba",
    "before:2001",
    "subject:solo9* -has:attachment date:2003..2005",
];

const SORTS: [Sort; 6] =
    [Sort::Newest, Sort::Oldest, Sort::Relevance, Sort::Sender, Sort::Subject, Sort::Size];

fn word(random: &mut Random) -> String {
    // Words of two to six letters; the smaller of three numbers makes a few frequent and most rare.
    let n = (0..3).map(|_| random.below(20_000)).min().unwrap_or(0);
    let (vowels, consonants) = (b"aeiou", b"bdfgklmnprst");
    let mut out = String::new();
    let mut rest = n;
    loop {
        out.push(char::from(vowels[rest % 5]));
        out.push(char::from(consonants[rest / 5 % 12]));
        rest /= 60;
        if rest == 0 {
            out.push(char::from(vowels[n % 5]));
            return out;
        }
    }
}

fn text(random: &mut Random, n: usize) -> String {
    (0..n).map(|_| word(random)).collect::<Vec<_>>().join(" ")
}

const PEOPLE: [&str; 4] = [
    "Ada Quay <ada@quay.example>",
    "Bo Holm <bo@holm.example>",
    "cora@holm.example",
    "Dag <dag@mail.holm.example>",
];

/// Message `i`; every 31st has no date that could be read, and pairs share a second.
fn message(i: usize) -> String {
    let mut random = Random::new(i as u64 * 7919 + 1);
    let mut out = String::new();
    let (from, to) = (PEOPLE[i % 4], PEOPLE[(i / 4 + 1) % 4]);
    let subject = format!(
        "{}about {} solo{}",
        if i.is_multiple_of(5) { "" } else { "Re: " },
        word(&mut random),
        i % 997
    );
    let _ = write!(
        out,
        "From: {from}\nTo: {to}, crew@quay.example\nSubject: {subject}\nMessage-ID: <{i}@quay.example>\n"
    );
    if !i.is_multiple_of(31) {
        let (day, second) = (i / 2 % 28 + 1, i / 2 % 60);
        let (month, year) = (["Jan", "Apr", "Jul", "Oct"][i / 56 % 4], 2000 + i / 224);
        let _ = writeln!(out, "Date: {day} {month} {year} 12:{:02}:{second:02} +0000", i / 2 / 60 % 60);
    }
    if !i.is_multiple_of(5) {
        let _ = writeln!(out, "In-Reply-To: <{}@quay.example>", i - 1);
    }
    let own = text(&mut random, 90);
    let trip = if i % 50 == 3 {
        "a round trip ticket, "
    } else if i.is_multiple_of(7) {
        "trip, round and "
    } else {
        ""
    };
    let body =
        format!("{trip}{own}\n\n> {}\n> {}\n\nsolo{i}\n", text(&mut random, 12), text(&mut random, 12));
    if i.is_multiple_of(9) {
        let _ = write!(
            out,
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=_b\"\n\n--=_b\nContent-Type: text/plain\n\n{body}\n\
             --=_b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=\"plan {i}.pdf\"\n\nplan {i}\n\
             --=_b--\n"
        );
    } else {
        let _ = write!(out, "\n{body}");
    }
    out
}

fn mbox(messages: impl Iterator<Item = usize>) -> String {
    messages.map(|i| format!("From crew@quay.example Thu Jan  1 00:00:00 1970\n{}\n", message(i))).collect()
}

/// A folder for the length of the tests, and sites in it.
struct Sites {
    folder: tempfile::TempDir,
}

impl Sites {
    fn new() -> Sites {
        Sites { folder: tempfile::tempdir().expect("a folder for the sites") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(&path, content).expect("a file can be written");
        path
    }

    fn build(&self, name: &str, options: BuildOptions) -> PathBuf {
        let out = self.path(name);
        let title = Some("Sample".to_owned());
        build(&BuildOptions { out: out.clone(), title, ..options }, &Silent)
            .expect("the archive can be built");
        out
    }
}

/// The sample's site, built once.
static SAMPLE: LazyLock<(Sites, PathBuf)> = LazyLock::new(|| {
    let sites = Sites::new();
    let input = sites.write("sample.mbox", &mbox(0..N_MESSAGES));
    let out = sites.build("site", BuildOptions { inputs: vec![input], ..BuildOptions::default() });
    (sites, out)
});

fn sample() -> Site {
    Site::open(&SAMPLE.1)
}

fn read(text: &str) -> Query {
    parse(text, &Context { now: NOW, zone: Zone::default(), typing: false })
}

fn search(site: &mut Site, text: &str, sort: Sort, offset: usize, limit: usize) -> Found {
    let query = read(text);
    site.run(|archive| archive.search(&Request { query: &query, typing: false, sort, offset, limit }))
}

/// The first twenty threads.
fn threads(site: &mut Site, text: &str, sort: Sort) -> Found {
    let query = read(text);
    let request = Request { query: &query, typing: false, sort, offset: 0, limit: 20 };
    site.run(|archive| archive.search_threads(&request))
}

fn facets(site: &mut Site, text: &str, which: &[Facet]) -> Facets {
    let query = read(text);
    site.run(|archive| archive.facets(&query, false, which, 10))
}

fn keys(site: &mut Site, text: &str, sort: Sort, offset: usize, limit: usize) -> Vec<u64> {
    search(site, text, sort, offset, limit).lines.into_iter().map(|line| line.key).collect()
}

fn total(site: &mut Site, text: &str) -> u64 {
    let query = read(text);
    site.run(|archive| archive.total(&query, false))
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut open = vec![folder.to_owned()];
    let mut out = BTreeMap::new();
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("the folder can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it lies below").to_owned();
                out.insert(name, fs::read(&path).expect("the file can be read"));
            }
        }
    }
    out
}

#[test]
fn answers_are_those_of_a_resident_archive() {
    let mut whole = sample();
    whole.load();
    let mut n_found = 0;
    for text in QUERIES {
        for sort in SORTS {
            let mut sparse = sample();
            let expected = search(&mut whole, text, sort, 0, 20);
            let found = search(&mut sparse, text, sort, 0, 20);
            assert_eq!(found, expected, "{text} {sort:?}");
            // Some read a column of all that was found before they know which lines to show.
            let rounds = if matches!(sort, Sort::Newest | Sort::Oldest) { 3 } else { 4 };
            assert!(sparse.spent.rounds <= rounds, "{text} {sort:?}: {:?}", sparse.spent);
            n_found += usize::from(!found.lines.is_empty());
            let mut sparse = sample();
            let expected = threads(&mut whole, text, sort);
            assert_eq!(threads(&mut sparse, text, sort), expected, "{text} {sort:?} by thread");
            assert!(sparse.spent.rounds <= 5, "{text} {sort:?} by thread: {:?}", sparse.spent);
        }
        let mut sparse = sample();
        assert_eq!(facets(&mut sparse, text, &Facet::ALL), facets(&mut whole, text, &Facet::ALL), "{text}");
        assert!(sparse.spent.rounds <= 5, "the facets of {text}: {:?}", sparse.spent);
        let mut sparse = sample();
        assert_eq!(total(&mut sparse, text), total(&mut whole, text), "{text}");
        assert!(sparse.spent.rounds <= 2, "the total of {text}: {:?}", sparse.spent);
    }
    assert_eq!(whole.spent.rounds, 0, "a resident archive reads nothing");
    assert!(n_found > QUERIES.len() * 4, "{n_found}");
}

/// Words in hundreds and thousands of messages.
const FREQUENT: [&str; 3] = ["about", "re", "trip"];

#[test]
fn the_first_by_relevance_are_the_first_of_all() {
    let mut site = sample();
    site.load();
    for text in QUERIES.into_iter().chain(FREQUENT) {
        // With room for every hit none is left out for its score.
        let all = keys(&mut site, text, Sort::Relevance, 0, N_MESSAGES);
        for limit in [0, 1, 3, 20] {
            let first = keys(&mut site, text, Sort::Relevance, 0, limit);
            assert_eq!(first, all[..limit.min(all.len())], "{text}");
        }
        // Hits are left out from the second block of a list on.
        assert!(all.len() > 2 * 128 || !FREQUENT.contains(&text), "{text}: {}", all.len());
    }
}

#[test]
fn what_is_read_whole_is_counted_with_its_first_hit() {
    for text in ["aba ubu", "about -aba", "\"round trip\"", "(aba OR trip) re"] {
        let mut site = sample();
        let counted = total(&mut site, text);
        for sort in [Sort::Newest, Sort::Oldest] {
            assert_eq!(search(&mut site, text, sort, 0, 1).total, Some(counted), "{text} {sort:?}");
        }
    }
}

/// What the first twenty hits cost, newest first: rounds, requests, bytes.
const COSTS: [(&str, usize, usize, u64); 6] = [
    ("", 1, 1, 1728),
    ("aba", 3, 18, 13475),
    ("solo77", 3, 5, 2896),
    ("aba solo77", 2, 4, 3699),
    ("\"round trip\"", 3, 26, 18310),
    ("date:2004 aba", 3, 4, 11331),
];
/// What opening reads.
const OPENING: u64 = 5428;

#[test]
fn rounds_requests_and_bytes_are_what_they_were() {
    let opening = sample().opening();
    let mut told = String::new();
    for (text, ..) in COSTS {
        let mut site = sample();
        search(&mut site, text, Sort::Newest, 0, 20);
        let spent = site.spent;
        let _ = writeln!(told, "    ({text:?}, {}, {}, {}),", spent.rounds, spent.requests, spent.bytes);
    }
    let near = |now: u64, then: u64| now.abs_diff(then) * 20 <= then;
    let mut costs = COSTS.iter().map(|(text, rounds, requests, bytes)| {
        let mut site = sample();
        search(&mut site, text, Sort::Newest, 0, 20);
        let spent = site.spent;
        (spent.rounds, spent.requests) == (*rounds, *requests) && near(spent.bytes, *bytes)
    });
    assert!(near(opening, OPENING) && costs.all(|same| same), "opening {opening}, costs\n{told}");
}

/// What a question may cost at most in a fresh reader, beside [`COSTS`]: rounds, requests, bytes. The texts of the first ten
/// lines, of which marked snippets are made, count from the lines on.
const MOST: [(&str, Question, usize, usize, u64); 27] = [
    ("aba", Question::Relevance, 4, 19, 15800),
    ("solo77", Question::Relevance, 4, 6, 5100),
    ("aba solo77", Question::Relevance, 2, 4, 3800),
    ("\"round trip\"", Question::Relevance, 4, 27, 20800),
    ("aba abe", Question::Total, 2, 2, 2600),
    ("\"round trip\"", Question::Total, 2, 6, 7000),
    ("solo1*", Question::Total, 2, 2, 6800),
    ("date:2004 aba", Question::Total, 2, 3, 11000),
    ("rfc822msgid:<77@quay.example>", Question::Total, 1, 1, 2100),
    ("", Question::TenTexts, 2, 2, 30100),
    ("aba", Question::TenTexts, 2, 7, 83100),
    ("solo77", Question::TenTexts, 2, 4, 47800),
    ("\"round trip\"", Question::TenTexts, 2, 8, 109100),
    ("", Question::Months, 1, 1, 11500),
    ("aba", Question::Months, 3, 3, 14100),
    ("date:2004 aba", Question::Months, 2, 3, 11000),
    ("", Question::People, 2, 2, 2300),
    ("aba", Question::People, 4, 4, 4800),
    ("solo77", Question::People, 4, 4, 3500),
    ("", Question::States, 2, 4, 6600),
    ("aba", Question::States, 2, 6, 9200),
    ("aba", Question::AllFacets, 4, 13, 28800),
    ("aba", Question::BySize, 4, 19, 19000),
    ("aba", Question::BySender, 4, 22, 16400),
    ("aba", Question::Threads, 4, 19, 19000),
    ("aba", Question::TenReasons, 2, 10, 98300),
    ("aba", Question::Batch, 2, 11, 25300),
];
/// Bytes of the sections that a search reads, front included, and of the whole site without its page.
const INDEX: u64 = 1_045_000;
const WHOLE: u64 = 2_300_000;

#[derive(Debug, Clone, Copy)]
enum Question {
    Relevance,
    Total,
    TenTexts,
    Months,
    People,
    /// Counts by the terms of states.
    States,
    AllFacets,
    BySize,
    BySender,
    Threads,
    /// Why the first ten are found, counted from the lines on.
    TenReasons,
    /// The query beside three others.
    Batch,
}

fn cost(text: &str, question: Question) -> Spent {
    let mut site = sample();
    match question {
        Question::Relevance => drop(search(&mut site, text, Sort::Relevance, 0, 20)),
        Question::BySize => drop(search(&mut site, text, Sort::Size, 0, 20)),
        Question::BySender => drop(search(&mut site, text, Sort::Sender, 0, 20)),
        Question::Threads => drop(threads(&mut site, text, Sort::Newest)),
        Question::Months => drop(facets(&mut site, text, &[Facet::Month])),
        Question::People => drop(facets(&mut site, text, &[Facet::People])),
        Question::States => drop(facets(&mut site, text, &[Facet::Has, Facet::Is, Facet::Filetype])),
        Question::AllFacets => drop(facets(&mut site, text, &Facet::ALL)),
        Question::Batch => {
            let queries = [text, "solo77", "\"round trip\"", "date:2004"].map(read);
            site.run(|archive| archive.batch(&queries));
        }
        Question::Total => drop(total(&mut site, text)),
        Question::TenTexts => {
            let keys = keys(&mut site, text, Sort::Newest, 0, 10);
            let before = std::mem::take(&mut site.spent);
            assert!(before.rounds > 0 && !keys.is_empty(), "{text} finds something");
            site.run(|archive| archive.texts(&keys));
        }
        Question::TenReasons => {
            let keys = keys(&mut site, text, Sort::Newest, 0, 10);
            let before = std::mem::take(&mut site.spent);
            assert!(before.rounds > 0 && !keys.is_empty(), "{text} finds something");
            let query = read(text);
            let explained = site.run(|archive| archive.explain(&query, false, &keys));
            assert!(explained.iter().all(|message| !message.reasons.is_empty()));
        }
    }
    site.spent
}

#[test]
fn no_question_costs_more_than_it_did() {
    let mut told = String::new();
    let mut over = false;
    for (text, question, rounds, requests, bytes) in MOST {
        let spent = cost(text, question);
        over |= spent.rounds > rounds || spent.requests > requests || spent.bytes > bytes;
        let Spent { rounds, requests, bytes } = spent;
        let _ = writeln!(told, "    ({text:?}, Question::{question:?}, {rounds}, {requests}, {bytes}),");
    }
    assert!(!over, "costs are now\n{told}");
}

#[test]
fn the_archive_is_no_bigger_than_it_was() {
    let mut site = sample();
    let whole = files(&SAMPLE.1).values().map(|bytes| bytes.len() as u64).sum::<u64>();
    let searched = [SectionId::Dictionary, SectionId::Lists, SectionId::Positions, SectionId::Columns];
    let sections: Vec<_> = site
        .run(|archive| Ok(Step::Done(archive.fronts().flat_map(|front| front.sections.clone()).collect())));
    let searched = sections.iter().filter(|section| searched.contains(&section.id));
    let index = site.opening() + searched.map(|section| section.length).sum::<u64>();
    assert!(index <= INDEX && whole <= WHOLE, "the index has {index} bytes now, the site {whole}");
}

#[test]
fn what_was_read_before_changes_no_answer() {
    let ask = |site: &mut Site, text: &str| -> Vec<Found> {
        SORTS.iter().map(|&sort| search(site, text, sort, 3, 10)).collect()
    };
    let alone: Vec<Vec<Found>> = QUERIES.iter().map(|text| ask(&mut sample(), text)).collect();
    let mut forth = sample();
    let mut back = sample();
    for (text, expected) in QUERIES.iter().zip(&alone) {
        assert_eq!(&ask(&mut forth, text), expected, "{text}");
    }
    for (text, expected) in QUERIES.iter().zip(&alone).rev() {
        assert_eq!(&ask(&mut back, text), expected, "{text}");
    }
    let rounds = forth.spent.rounds;
    for (text, expected) in QUERIES.iter().zip(&alone) {
        assert_eq!(&ask(&mut forth, text), expected, "{text}, asked again");
    }
    assert_eq!(forth.spent.rounds, rounds, "what was read stays");
}

#[test]
fn pages_are_parts_of_the_whole_list() {
    let mut site = sample();
    for text in ["", "aba", "\"round trip\"", "-aba", "aba OR ub*"] {
        let total = total(&mut site, text) as usize;
        for sort in SORTS {
            let whole = keys(&mut site, text, sort, 0, usize::MAX);
            assert_eq!(whole.len(), total, "{text} {sort:?}");
            assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), total, "{text}: no message twice");
            for (offset, limit) in
                [(0, 1), (1, 7), (total / 2, 40), (total.saturating_sub(3), 10), (total, 5)]
            {
                let expected = &whole[offset..(offset + limit).min(total)];
                assert_eq!(keys(&mut site, text, sort, offset, limit), expected, "{text} {sort:?} {offset}");
            }
            assert_eq!(keys(&mut site, text, sort, usize::MAX, 5), [0u64; 0]);
        }
    }
}

#[test]
fn dates_order_hits_and_undated_ones_come_last() {
    let mut site = sample();
    for text in ["", "aba", "has:attachment"] {
        let dates = |site: &mut Site, sort| -> Vec<Option<i64>> {
            search(site, text, sort, 0, usize::MAX).lines.iter().map(|line| line.date).collect()
        };
        for (sort, later_first) in [(Sort::Newest, true), (Sort::Oldest, false)] {
            let dates = dates(&mut site, sort);
            let n_dated = dates.iter().take_while(|date| date.is_some()).count();
            assert!(dates[n_dated..].iter().all(Option::is_none) && n_dated < dates.len());
            let in_order = |a: &Option<i64>, b: &Option<i64>| if later_first { a >= b } else { a <= b };
            assert!(dates[..n_dated].is_sorted_by(in_order), "{text} {sort:?}");
        }
    }
    let backwards = keys(&mut site, "date:2003", Sort::Oldest, 0, usize::MAX);
    let mut newest = keys(&mut site, "date:2003", Sort::Newest, 0, usize::MAX);
    newest.reverse();
    assert_eq!(backwards, newest);
}

#[test]
fn threads_and_memory_change_no_byte() {
    let sites = Sites::new();
    let input = sites.write("sample.mbox", &mbox(0..N_MESSAGES));
    let expected = files(&SAMPLE.1);
    for (threads, memory) in [(1, 1 << 30), (2, 0), (8, 1 << 30), (1, 0)] {
        let name = format!("{threads}-{memory}");
        let options = BuildOptions {
            inputs: vec![input.clone()],
            threads: Some(threads),
            memory,
            ..BuildOptions::default()
        };
        let built = files(&sites.build(&name, options));
        assert!(built == expected, "{threads} threads, {memory} bytes of memory");
    }
}

#[test]
fn the_order_in_a_folder_changes_no_byte() {
    let sites = Sites::new();
    let write = |folder: &str, i: usize| drop(sites.write(&format!("{folder}/mail/{i:03}.eml"), &message(i)));
    (0..200).for_each(|i| write("a", i));
    (0..200).rev().for_each(|i| write("b", i));
    let built = |folder: &str| {
        let inputs = vec![sites.path(&format!("{folder}/mail"))];
        files(&sites.build(&format!("{folder}-site"), BuildOptions { inputs, ..BuildOptions::default() }))
    };
    assert!(built("a") == built("b"));
}

#[test]
fn copies_are_one_message_with_two_places() {
    let sites = Sites::new();
    let first = sites.write("first.mbox", &mbox(0..20));
    let second = sites.write("second.mbox", &mbox(15..40));
    let site = sites.build("site", BuildOptions { inputs: vec![first, second], ..BuildOptions::default() });
    let mut site = Site::open(&site);
    assert_eq!(total(&mut site, ""), 40);
    for (i, n_places) in [(3, 1), (17, 2), (30, 1)] {
        let found = keys(&mut site, &format!("new:solo{i} \"solo{i}\""), Sort::Newest, 0, 50);
        let records = site.run(|archive| archive.messages(&found));
        let own: Vec<_> =
            records.iter().filter(|record| record.message_id == format!("{i}@quay.example")).collect();
        assert_eq!(own.len(), 1, "message {i}");
        assert_eq!(own[0].places.len(), n_places, "message {i}: {:?}", own[0].places);
    }
}

#[test]
fn every_message_is_reachable() {
    let mut site = sample();
    for doc in (0..N_MESSAGES as u32).step_by(97) {
        let record = site.run(|archive| archive.check(0, doc));
        let thread = site.run(|archive| archive.thread(record.key)).expect("it is in a thread");
        assert_eq!(thread.messages[thread.focus].line.as_ref().map(|line| line.key), Some(record.key));
        let fresh = &mut sample();
        assert!(fresh.run(|archive| archive.message(record.key)).is_some());
        assert!(fresh.spent.rounds <= 5, "from a link to its text: {:?}", fresh.spent);
    }
    assert_eq!(site.run(|archive| archive.message(42)), None);
}

#[test]
fn two_segments_are_searched_as_one() {
    let sites = Sites::new();
    let build = |name: &str, messages: &mut dyn Iterator<Item = usize>| {
        let input = sites.write(&format!("{name}.mbox"), &mbox(messages));
        sites.build(name, BuildOptions { inputs: vec![input], ..BuildOptions::default() })
    };
    let one = build("one", &mut (0..600));
    let parts =
        [build("a", &mut (0..600).filter(|i| i % 3 == 0)), build("b", &mut (0..600).filter(|i| i % 3 != 0))];
    let mut one = Site::open(&one);
    // Between segments, hits of one score and one second are not put in order by their keys.
    let dates = |found: &Found| -> Vec<Option<i64>> { found.lines.iter().map(|line| line.date).collect() };
    for text in QUERIES {
        for sort in SORTS {
            let mut both = Site::open_all(&[&parts[0], &parts[1]]);
            for (offset, limit) in [(0, 20), (7, 9)] {
                let expected = search(&mut one, text, sort, offset, limit);
                let found = search(&mut both, text, sort, offset, limit);
                assert_eq!(dates(&found), dates(&expected), "{text} {sort:?}");
                if sort != Sort::Relevance {
                    let keys = |found: &Found| found.lines.iter().map(|line| line.key).collect::<Vec<_>>();
                    assert_eq!(keys(&found), keys(&expected), "{text} {sort:?}");
                }
            }
            assert!(both.spent.rounds <= 6, "two pages of {text} {sort:?}: {:?}", both.spent);
        }
        let mut both = Site::open_all(&[&parts[0], &parts[1]]);
        assert_eq!(total(&mut both, text), total(&mut one, text), "{text}");
        let counted = |site: &mut Site| {
            // Files, folders and threads of the parts are others.
            facets(site, text, &[Facet::Year, Facet::Month, Facet::People, Facet::Filetype])
        };
        assert_eq!(counted(&mut both), counted(&mut one), "{text}");
    }
}
