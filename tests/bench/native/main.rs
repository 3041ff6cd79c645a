//! The search of a site without a browser, for `tests/bench`: one thread, everything that it needs resident.
//!
//! ```text
//! maildex-bench warm SITE QUERIES.json PASSES    milliseconds of every query
//! maildex-bench once SITE QUERIES.json           one measured pass for callgrind
//! maildex-bench cold SITE QUERIES.json           what every query asks for in a fresh reader
//! maildex-bench totals SITE WORDS.json           how many messages hold each word
//! ```
//! Everything prints one JSON object.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Instant;

use maildex_core::query::{Query, parse};
use maildex_core::{Request, Sort, Step};
use maildex_tests::site::Site;
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const TOP: usize = 10;
/// Of a page of results.
const LINES: usize = 20;
/// 2026-01-01: what "now" is to a query does not matter here, but has to be something.
const NOW: i64 = 1_767_225_600;

/// One of the queries that are drawn from the mail, as text.
struct Asked {
    kind: String,
    text: String,
}

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let out = match args[..] {
        ["warm", site, queries, passes] => warm(site.as_ref(), queries.as_ref(), passes.parse()?)?,
        ["once", site, queries] => once(site.as_ref(), queries.as_ref())?,
        ["cold", site, queries] => cold(site.as_ref(), queries.as_ref())?,
        ["totals", site, words] => totals(site.as_ref(), words.as_ref())?,
        _ => return Err("expected warm, once, cold or totals; see the head of main.rs".into()),
    };
    writeln!(io::stdout(), "{out}")?;
    Ok(())
}

fn read_queries(file: &Path) -> Result<Vec<Asked>> {
    let list: Vec<Value> = serde_json::from_slice(&fs::read(file)?)?;
    let read = |value: &Value| {
        Some(Asked { kind: value["kind"].as_str()?.to_owned(), text: value["text"].as_str()?.to_owned() })
    };
    list.iter()
        .map(|value| read(value).ok_or_else(|| format!("expected a query, found {value}").into()))
        .collect()
}

fn read_query(site: &mut Site, text: &str) -> Query {
    site.run(|archive| Ok(Step::Done(parse(text, &archive.context(NOW, false)))))
}

/// The query read, its first ten lines, and the exact count.
fn ask(site: &mut Site, text: &str, sort: Sort) -> u64 {
    let query = read_query(site, text);
    let request = Request { query: &query, typing: false, sort, offset: 0, limit: TOP };
    let found = site.run(|archive| archive.search(&request));
    match found.total {
        Some(total) => total,
        None => site.run(|archive| archive.total(&query, false)),
    }
}

fn timed(site: &mut Site, text: &str, sort: Sort) -> (f64, u64) {
    let began = Instant::now();
    let hits = ask(site, text, sort);
    (began.elapsed().as_secs_f64() * 1e3, hits)
}

fn warm(site: &Path, queries: &Path, passes: usize) -> Result<Value> {
    let mut site = Site::open(site);
    let asked = read_queries(queries)?;
    let mut times = vec![(Vec::new(), Vec::new(), 0); asked.len()];
    for pass in 0..=passes {
        for (asked, (newest, relevance, hits)) in asked.iter().zip(&mut times) {
            let (date_ms, n) = timed(&mut site, &asked.text, Sort::Newest);
            let (score_ms, _) = timed(&mut site, &asked.text, Sort::Relevance);
            *hits = n;
            // The first pass brings the blocks into memory.
            if pass > 0 {
                newest.push(date_ms);
                relevance.push(score_ms);
            }
        }
    }
    let queries = asked.iter().zip(times).map(|(asked, (newest, relevance, hits))| {
        json!({"kind": asked.kind, "text": asked.text, "hits": hits, "newest": newest, "relevance": relevance})
    });
    Ok(json!({"queries": queries.collect::<Vec<_>>()}))
}

/// For callgrind, which counts and dumps this function by its name; so it holds no closure, whose name would match too.
#[inline(never)]
fn measured_newest(site: &mut Site, asked: &[&Asked]) -> u64 {
    let mut hits = 0;
    for asked in asked {
        hits += ask(site, &asked.text, Sort::Newest);
    }
    hits
}

/// The same for the order of relevance.
#[inline(never)]
fn measured_relevance(site: &mut Site, asked: &[&Asked]) -> u64 {
    let mut hits = 0;
    for asked in asked {
        hits += ask(site, &asked.text, Sort::Relevance);
    }
    hits
}

fn once(site: &Path, queries: &Path) -> Result<Value> {
    let mut site = Site::open(site);
    let asked = read_queries(queries)?;
    for asked in &asked {
        ask(&mut site, &asked.text, Sort::Newest);
        ask(&mut site, &asked.text, Sort::Relevance);
    }
    let mut kinds: BTreeMap<&str, Vec<&Asked>> = BTreeMap::new();
    asked.iter().for_each(|asked| kinds.entry(&asked.kind).or_default().push(asked));
    let mut runs = Vec::new();
    for (kind, asked) in kinds {
        let newest = measured_newest(&mut site, &asked);
        let relevance = measured_relevance(&mut site, &asked);
        runs.push(json!({"kind": kind, "order": "newest", "queries": asked.len(), "hits": newest}));
        runs.push(json!({"kind": kind, "order": "relevance", "queries": asked.len(), "hits": relevance}));
    }
    Ok(json!({"runs": runs}))
}

/// The bytes that the search itself asks for: what crosses the wire beyond them was read to save requests.
fn cold(site: &Path, queries: &Path) -> Result<Value> {
    let mut rows = Vec::new();
    for asked in read_queries(queries)? {
        let mut site = Site::open(site);
        let query = read_query(&mut site, &asked.text);
        let request = Request { query: &query, typing: false, sort: Sort::Newest, offset: 0, limit: LINES };
        let found = site.run(|archive| archive.search(&request));
        let lines = std::mem::take(&mut site.spent);
        let keys: Vec<u64> = found.lines.iter().take(TOP).map(|line| line.key).collect();
        site.run(|archive| archive.texts(&keys));
        rows.push(json!({"kind": asked.kind, "bytes": lines.bytes, "texts": site.spent.bytes}));
    }
    Ok(json!({"queries": rows}))
}

fn totals(site: &Path, words: &Path) -> Result<Value> {
    let mut site = Site::open(site);
    let words: Vec<String> = serde_json::from_slice(&fs::read(words)?)?;
    let mut totals = BTreeMap::new();
    for word in words {
        let query = read_query(&mut site, &word);
        let total = site.run(|archive| archive.total(&query, false));
        totals.insert(word, total);
    }
    Ok(json!(totals))
}
