//! tantivy on the documents and queries that maildex is measured with.
//!
//! ```text
//! tantivy-bench build DOCS.jsonl FOLDER [--stored]    index; --stored keeps the bodies too, under zstd
//! tantivy-bench warm FOLDER QUERIES.json PASSES       milliseconds of every query
//! tantivy-bench once FOLDER QUERIES.json              one measured pass for callgrind
//! tantivy-bench top FOLDER QUERIES.json               dates of every query's ten best by score
//! tantivy-bench cold FOLDER QUERIES.json              bytes read by opening and by every query
//! ```
//! Everything prints one JSON object.

mod cold;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, PhraseQuery, Query, RegexQuery, TermQuery};
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TEXT, Value as _};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Index, IndexSettings, Order, ReloadPolicy, Searcher, TantivyDocument, Term};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The fields that are searched, in the order in which documents have them.
const FIELDS: [&str; 4] = ["subject", "from", "to", "body"];
/// The indexer's memory: enough for one segment of the archives that are measured.
const MEMORY: usize = 300_000_000;
const TOP: usize = 10;

/// One of the queries that are drawn from the mail.
struct Asked {
    kind: String,
    terms: Vec<String>,
}

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let out = match args[..] {
        ["build", docs, folder] => build(docs.as_ref(), folder.as_ref(), false)?,
        ["build", docs, folder, "--stored"] => build(docs.as_ref(), folder.as_ref(), true)?,
        ["warm", folder, queries, passes] => warm(folder.as_ref(), queries.as_ref(), passes.parse()?)?,
        ["once", folder, queries] => once(folder.as_ref(), queries.as_ref())?,
        ["top", folder, queries] => top(folder.as_ref(), queries.as_ref())?,
        ["cold", folder, queries] => cold::cold(folder.as_ref(), &read_queries(queries.as_ref())?)?,
        _ => return Err("expected build, warm, once, top or cold; see the head of main.rs".into()),
    };
    println!("{out}");
    Ok(())
}

fn schema(stored: bool) -> Schema {
    let mut schema = Schema::builder();
    for name in FIELDS {
        let shown = matches!(name, "subject" | "from") || (name == "body" && stored);
        schema.add_text_field(name, if shown { TEXT | STORED } else { TEXT });
    }
    schema.add_i64_field("date", FAST | STORED | INDEXED);
    schema.build()
}

fn build(docs: &Path, folder: &Path, stored: bool) -> Result<Value> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let schema = schema(stored);
    let settings = IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor::default()),
        ..IndexSettings::default()
    };
    let index = Index::builder().schema(schema.clone()).settings(settings).create_in_dir(folder)?;
    let mut writer = index.writer_with_num_threads(1, MEMORY)?;
    let fields =
        FIELDS.iter().map(|name| Ok((*name, schema.get_field(name)?))).collect::<Result<Vec<_>>>()?;
    let date = schema.get_field("date")?;
    for line in BufReader::new(File::open(docs)?).lines() {
        let from: Value = serde_json::from_str(&line?)?;
        let mut doc = TantivyDocument::default();
        for (name, field) in &fields {
            doc.add_text(*field, from[*name].as_str().unwrap_or(""));
        }
        doc.add_i64(date, from["date"].as_i64().unwrap_or(0));
        writer.add_document(doc)?;
    }
    writer.commit()?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.garbage_collect_files().wait()?;
    writer.wait_merging_threads()?;
    let mut parts: BTreeMap<String, u64> = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.path().extension().map_or("other".into(), |e| e.to_string_lossy().into_owned());
        *parts.entry(kind).or_default() += entry.metadata()?.len();
    }
    Ok(json!({"bytes": parts.values().sum::<u64>(), "parts": parts}))
}

fn read_queries(file: &Path) -> Result<Vec<Asked>> {
    let list: Vec<Value> = serde_json::from_reader(File::open(file)?)?;
    let read = |value: &Value| {
        let terms = value["terms"].as_array()?.iter().filter_map(|term| Some(term.as_str()?.to_owned()));
        Some(Asked { kind: value["kind"].as_str()?.to_owned(), terms: terms.collect() })
    };
    list.iter()
        .map(|value| read(value).ok_or_else(|| format!("expected a query, found {value}").into()))
        .collect()
}

fn any_field(fields: &[Field], make: impl Fn(Field) -> Result<Box<dyn Query>>) -> Result<Box<dyn Query>> {
    let each = fields.iter().map(|field| make(*field)).collect::<Result<Vec<_>>>()?;
    Ok(Box::new(BooleanQuery::union(each)))
}

/// The query as tantivy has it: each word in any field, a phrase inside one field.
fn query(schema: &Schema, asked: &Asked) -> Result<Box<dyn Query>> {
    let fields = FIELDS.iter().map(|name| Ok(schema.get_field(name)?)).collect::<Result<Vec<_>>>()?;
    let terms = |field: Field| asked.terms.iter().map(|term| Term::from_field_text(field, term)).collect();
    match asked.kind.as_str() {
        "prefix" => any_field(&fields, |field| {
            Ok(Box::new(RegexQuery::from_pattern(&format!("{}.*", asked.terms[0]), field)?))
        }),
        "phrase" => any_field(&fields, |field| Ok(Box::new(PhraseQuery::new(terms(field))))),
        _ => {
            let word = |term: &String| {
                any_field(&fields, |field| {
                    let term = Term::from_field_text(field, term);
                    Ok(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
                })
            };
            Ok(Box::new(BooleanQuery::intersection(
                asked.terms.iter().map(word).collect::<Result<Vec<_>>>()?,
            )))
        }
    }
}

fn open(folder: &Path) -> Result<(Index, Searcher)> {
    let index = Index::open_in_dir(folder)?;
    let reader: tantivy::IndexReader =
        index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok((index, reader.searcher()))
}

/// The query made, its ten best by score, and the exact count.
fn by_score(searcher: &Searcher, asked: &Asked) -> Result<usize> {
    let query = query(searcher.schema(), asked)?;
    Ok(searcher.search(&*query, &(TopDocs::with_limit(TOP).order_by_score(), Count))?.1)
}

/// The dates of every query's ten best, which tell the documents apart where they are numbers.
fn top(folder: &Path, queries: &Path) -> Result<Value> {
    let (_index, searcher) = open(folder)?;
    let date = searcher.schema().get_field("date")?;
    let mut answers = Vec::new();
    for asked in &read_queries(queries)? {
        let query = query(searcher.schema(), asked)?;
        let best = searcher.search(&*query, &TopDocs::with_limit(TOP).order_by_score())?;
        let dates = best.iter().map(|(_, address)| {
            let doc: TantivyDocument = searcher.doc(*address)?;
            Ok(doc.get_first(date).and_then(|value| value.as_i64()))
        });
        answers.push(dates.collect::<Result<Vec<_>>>()?);
    }
    Ok(json!(answers))
}

/// The same with the ten newest.
fn by_date(searcher: &Searcher, asked: &Asked) -> Result<usize> {
    let query = query(searcher.schema(), asked)?;
    let newest = TopDocs::with_limit(TOP).order_by_fast_field::<i64>("date", Order::Desc);
    Ok(searcher.search(&*query, &(newest, Count))?.1)
}

fn timed(run: impl Fn() -> Result<usize>) -> Result<(f64, usize)> {
    let began = Instant::now();
    let hits = run()?;
    Ok((began.elapsed().as_secs_f64() * 1e3, hits))
}

fn warm(folder: &Path, queries: &Path, passes: usize) -> Result<Value> {
    let (_index, searcher) = open(folder)?;
    let asked = read_queries(queries)?;
    let mut times = vec![(Vec::new(), Vec::new(), 0); asked.len()];
    for pass in 0..=passes {
        for (asked, (newest, relevance, hits)) in asked.iter().zip(&mut times) {
            let (date_ms, n) = timed(|| by_date(&searcher, asked))?;
            let (score_ms, _) = timed(|| by_score(&searcher, asked))?;
            *hits = n;
            // The first pass only brings the pages of the files into memory.
            if pass > 0 {
                newest.push(date_ms);
                relevance.push(score_ms);
            }
        }
    }
    let queries = asked.iter().zip(times).map(|(asked, (newest, relevance, hits))| {
        json!({"kind": asked.kind, "terms": asked.terms, "hits": hits, "newest": newest, "relevance": relevance})
    });
    Ok(json!({"queries": queries.collect::<Vec<_>>()}))
}

/// For callgrind, which counts and dumps this function by its name; so it holds no closure, whose name would match too.
#[inline(never)]
fn measured_newest(searcher: &Searcher, asked: &[&Asked]) -> Result<usize> {
    let mut hits = 0;
    for asked in asked {
        hits += by_date(searcher, asked)?;
    }
    Ok(hits)
}

/// The same for the order of relevance.
#[inline(never)]
fn measured_relevance(searcher: &Searcher, asked: &[&Asked]) -> Result<usize> {
    let mut hits = 0;
    for asked in asked {
        hits += by_score(searcher, asked)?;
    }
    Ok(hits)
}

fn once(folder: &Path, queries: &Path) -> Result<Value> {
    let (_index, searcher) = open(folder)?;
    let asked = read_queries(queries)?;
    for asked in &asked {
        by_date(&searcher, asked)?;
        by_score(&searcher, asked)?;
    }
    let mut kinds: BTreeMap<&str, Vec<&Asked>> = BTreeMap::new();
    asked.iter().for_each(|asked| kinds.entry(&asked.kind).or_default().push(asked));
    let mut runs = Vec::new();
    for (kind, asked) in kinds {
        let newest = measured_newest(&searcher, &asked)?;
        let relevance = measured_relevance(&searcher, &asked)?;
        runs.push(json!({"kind": kind, "order": "newest", "queries": asked.len(), "hits": newest}));
        runs.push(json!({"kind": kind, "order": "relevance", "queries": asked.len(), "hits": relevance}));
    }
    Ok(json!({"runs": runs}))
}
