//! Queries of any text at all, read and answered: no panic, no overflow, and a bound on the work that grows with the
//! length of the query alone.
//!
//! The texts are random characters, pieces of the language put together at random, and the golden queries changed at
//! random places. They are the same for the same seed. `MAILDEX_FUZZ_SECONDS` makes a longer run (a minute without it) and
//! `MAILDEX_FUZZ_SEED` another one; a failure names the query.
//!
//! ```text
//! MAILDEX_FUZZ_SECONDS=3600 MAILDEX_FUZZ_SEED=7 cargo test --release -p maildex-tests fuzz_queries -- --nocapture
//! ```

use std::env;
use std::io::{self, Write as _};
use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use maildex_build::build::{BuildOptions, build};
use maildex_core::present::Marker;
use maildex_core::query::{Context, Node, parse};
use maildex_core::{Request, Sort};
use maildex_tests::generator::Random;
use maildex_tests::site::{Silent, Site};

/// No query is longer than this; the page cuts what is pasted at less.
const MAX_LENGTH: usize = 4_000;
/// A node of the tree needs some characters: brackets and signs add none.
const NODES_A_BYTE: usize = 1;
/// What a query may take on this small archive, with a debug build on a busy machine.
const SLOWEST: Duration = Duration::from_secs(10);

const PIECES: [&str; 83] = [
    " ",
    " ",
    " ",
    "(",
    ")",
    "{",
    "}",
    "\"",
    "\"",
    "-",
    "+",
    "!",
    "~",
    "~1",
    "~2",
    "~99999999999",
    "*",
    "?",
    ":",
    "/",
    "\\",
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "NEAR/3",
    "AROUND(2)",
    "ADJ",
    "w/1",
    "pre/2",
    "AROUND(",
    "&&",
    "||",
    "from:",
    "to:",
    "subject:",
    "body:",
    "new:",
    "quoted:",
    "filename:",
    "date:",
    "after:",
    "before:",
    "older_than:",
    "newer_than:",
    "size:",
    "larger:",
    "smaller:",
    "has:",
    "is:",
    "label:",
    "list:",
    "source:",
    "kind:",
    "between:",
    "header:",
    "header:x-mailer=",
    "header:(from=/",
    "/(a|b)*c$/",
    "/[^x]{3,}/i",
    "/(a{1000}){1000}/",
    "/[/",
    "/",
    "thread:",
    "rfc822msgid:",
    "lang:",
    "docid:",
    "..",
    ">=",
    "<",
    "2003",
    "2003-05-06",
    "1y",
    "99999999999999999999",
    "10M",
    "attachment",
    "reply",
    "the",
    "ferry",
    "w*",
    "日本語",
    "e\u{301}",
    "\u{0}",
];

/// Queries that the reader of the language is held against.
const GOLDEN: &str = include_str!("../fixtures/query/golden.txt");

fn seconds() -> u64 {
    env::var("MAILDEX_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

fn seed() -> u64 {
    env::var("MAILDEX_FUZZ_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// A site of the sample mailbox.
fn site() -> (tempfile::TempDir, Site) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("site");
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/format/sample.mbox");
    let options = BuildOptions { inputs: vec![sample.into()], out: out.clone(), ..BuildOptions::default() };
    build(&options, &Silent).expect("it is built");
    let mut site = Site::open(&out);
    site.load();
    (folder, site)
}

fn made(random: &mut Random, golden: &[&str]) -> String {
    let mut text = String::new();
    match random.below(4) {
        0 => (0..random.below(60)).for_each(|_| text.push(any_char(random))),
        1 | 2 => (0..random.below(24)).for_each(|_| text.push_str(PIECES[random.below(PIECES.len())])),
        _ => text.push_str(golden[random.below(golden.len())]),
    }
    for _ in 0..random.below(4) {
        change(&mut text, random);
    }
    // Now and then one thing over and over: depth and length.
    if random.below(200) == 0 {
        let piece = PIECES[random.below(PIECES.len())];
        text.push_str(&piece.repeat(MAX_LENGTH / piece.len().max(1)));
    }
    text.truncate(text.floor_char_boundary(MAX_LENGTH));
    text
}

fn any_char(random: &mut Random) -> char {
    let limit = [0x80, 0x80, 0x250, 0x3100, 0x11_0000][random.below(5)];
    u32::try_from(random.below(limit)).ok().and_then(char::from_u32).unwrap_or('"')
}

/// Takes a stretch out, doubles it, or puts something in.
fn change(text: &mut String, random: &mut Random) {
    let at = text.floor_char_boundary(random.below(text.len() + 1));
    let end = text.floor_char_boundary((at + random.below(12)).min(text.len())).max(at);
    match random.below(4) {
        0 => text.replace_range(at..end, ""),
        1 => {
            let stretch = text[at..end].to_owned();
            text.insert_str(at, &stretch);
        }
        2 => text.insert_str(at, PIECES[random.below(PIECES.len())]),
        _ => text.insert(at, any_char(random)),
    }
}

fn nodes(root: &Node) -> usize {
    let (mut n, mut open) = (0, vec![root]);
    while let Some(node) = open.pop() {
        n += 1;
        match node {
            Node::And(parts) | Node::Or(parts) => open.extend(parts),
            Node::Not(part) => open.push(part),
            Node::Near { left, right, .. } => open.extend([&**left, &**right]),
            _ => {}
        }
    }
    n
}

/// Reads and answers a query in every way there is.
fn try_out(text: &str, site: &mut Site, turn: usize) {
    let typing = turn.is_multiple_of(3);
    let context = Context { now: 1_577_836_800, typing, ..Context::default() };
    let query = parse(text, &context);
    // What people are between is held once for each header.
    let most = 8 * (NODES_A_BYTE * text.len() + 2);
    assert!(nodes(&query.root) <= most, "{} nodes of {} bytes", nodes(&query.root), text.len());
    for note in &query.notes {
        assert!(text.get(note.span.clone()).is_some(), "a note about {:?}", note.span);
    }
    let again = parse(&query.text(), &Context { typing: false, ..context });
    assert_eq!(again.root, query.root, "read again from {:?}", query.text());
    let sort = [Sort::Newest, Sort::Oldest, Sort::Relevance][turn % 3];
    let total = site.run(|archive| archive.total(&query, typing));
    let request = Request { query: &query, typing, sort, offset: 0, limit: 1_000 };
    let found = site.run(|archive| archive.search(&request));
    assert_eq!(found.lines.len() as u64, total, "found by {sort:?}, and counted");
    let marker = Marker::new(&query);
    for line in found.lines.iter().take(2) {
        marker.subject(&line.subject);
        marker.snippet(&line.preview, 80);
    }
    site.run(|archive| archive.suggest(text, 8));
    site.run(|archive| archive.correct(&query, turn.is_multiple_of(2)));
}

#[test]
fn any_text_is_read_and_answered() {
    let (_folder, mut site) = site();
    let golden: Vec<&str> =
        GOLDEN.lines().filter_map(|line| line.split(" ⟶").next()).filter(|line| !line.is_empty()).collect();
    let mut random = Random::new(seed());
    let end = Instant::now() + Duration::from_secs(seconds());
    let mut n = 0;
    while Instant::now() < end {
        let text = made(&mut random, &golden);
        let began = Instant::now();
        let tried = panic::catch_unwind(AssertUnwindSafe(|| try_out(&text, &mut site, n)));
        assert!(tried.is_ok(), "query {n} of seed {}: {text:?}", seed());
        assert!(began.elapsed() < SLOWEST, "{:?} for query {n}: {text:?}", began.elapsed());
        n += 1;
    }
    let said = writeln!(io::stdout(), "{n} queries of seed {} in {} s", seed(), seconds());
    said.expect("standard output is open");
    assert!(n > 50, "{n} queries are too few to mean much");
}
