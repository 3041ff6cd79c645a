//! `--batch`: many queries, answered as a table.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use maildex_core::query::{Query, parse};
use maildex_core::{Batch, Counts};

use crate::archive::Site;
use crate::terminal::Terminal;
use crate::words;

/// What the first column may be called in its first line.
const TITLES: [&str; 6] = ["query", "queries", "term", "terms", "search", "search term"];

/// Answers every query of the file `batch` and writes the report, a CSV, to `out` or to the terminal.
pub(super) fn run(
    site: &mut Site,
    batch: &Path,
    out: Option<&Path>,
    now: i64,
    terminal: &mut Terminal<'_>,
) -> Result<u64> {
    let name = batch.display();
    let bytes = fs::read(batch).with_context(|| format!("cannot read {name}"))?;
    let is_csv = batch.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let texts = queries(&bytes, is_csv).with_context(|| format!("cannot read {name}"))?;
    ensure!(!texts.is_empty(), "{name} holds no query; expected one a line, or the first column of a CSV");
    let context = site.archive().context(now, false);
    let parsed: Vec<Query> = texts.iter().map(|text| parse(text, &context)).collect();
    let found = site.ask(|archive| archive.batch(&parsed))?;
    let table = table(&texts, &parsed, &found)?;
    match out {
        None => terminal.out.write_all(&table)?,
        Some(out) => {
            fs::write(out, table).with_context(|| format!("cannot write {}", out.display()))?;
            let n = words::counted(texts.len() as u64, "query", "queries");
            let hits = words::messages(found.total.hits);
            writeln!(terminal.err, "{n} find {hits}; the report is {}", out.display())?;
        }
    }
    Ok(found.total.hits)
}

/// One query a line, or the first column of a CSV; empty ones are left out, and so is a title.
fn queries(bytes: &[u8], is_csv: bool) -> Result<Vec<String>> {
    let text = std::str::from_utf8(bytes).context("expected UTF-8")?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut queries: Vec<String> = if is_csv {
        // Spreadsheets of half of Europe put semicolons; a first line with both is one of commas.
        let first = text.lines().next().unwrap_or_default();
        let separator = if first.contains(';') && !first.contains(',') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(text.as_bytes());
        let rows = reader.records().collect::<Result<Vec<_>, _>>()?;
        let mut cells: Vec<String> =
            rows.iter().map(|row| row.get(0).unwrap_or_default().to_owned()).collect();
        if cells.first().is_some_and(|cell| TITLES.contains(&cell.trim().to_lowercase().as_str())) {
            cells.remove(0);
        }
        cells
    } else {
        text.lines().map(str::to_owned).collect()
    };
    queries.retain(|query| !query.trim().is_empty());
    Ok(queries)
}

fn table(texts: &[String], queries: &[Query], found: &Batch) -> Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let titles = ["query", "hits", "hits with threads", "unique hits"].map(str::to_owned);
    let sources = found.sources.iter().map(|source| safe(&format!("hits in {source}")));
    let ends = ["understood as", "notes"].map(str::to_owned);
    out.write_record(titles.into_iter().chain(sources).chain(ends))?;
    for ((text, query), counts) in texts.iter().zip(queries).zip(&found.rows) {
        let notes: Vec<&str> = query.notes.iter().map(|note| note.text.as_str()).collect();
        let counts = counts.as_ref().map_or_else(|| vec![String::new(); 3 + found.sources.len()], numbers);
        let understood = if query.is_answerable() { query.understood() } else { String::new() };
        let ends = [safe(&understood), safe(&notes.join("; "))];
        out.write_record([safe(text)].into_iter().chain(counts).chain(ends))?;
    }
    let ends = ["all queries together", ""].map(str::to_owned);
    out.write_record(["total".to_owned()].into_iter().chain(numbers(&found.total)).chain(ends))?;
    Ok(out.into_inner()?)
}

fn numbers(counts: &Counts) -> Vec<String> {
    let first = [counts.hits, counts.with_threads, counts.unique];
    first.iter().chain(&counts.sources).map(u64::to_string).collect()
}

/// A cell that no spreadsheet takes for a formula: one that begins as one gets an apostrophe in front (OWASP, "CSV
/// Injection").
pub(crate) fn safe(cell: &str) -> String {
    let sign = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("{sign}{cell}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use maildex_core::query::Context;

    #[test]
    fn lines_and_columns() {
        let text = "\u{feff}ferry\r\n\n\"a, b\" x\n=1\n";
        assert_eq!(queries(text.as_bytes(), false).unwrap(), ["ferry", "\"a, b\" x", "=1"]);
        let table = "Query,why\n\"\"\"a, b\"\" x\",both\nferry\n,\n'quay\n";
        assert_eq!(queries(table.as_bytes(), true).unwrap(), ["\"a, b\" x", "ferry", "'quay"]);
        let semicolons = "query;why\n\"a, b\";both\nferry;\n";
        assert_eq!(queries(semicolons.as_bytes(), true).unwrap(), ["a, b", "ferry"]);
        assert!(queries(b"\xff", false).is_err());
        assert!(queries(b"", true).unwrap().is_empty());
    }

    #[test]
    fn the_report_is_a_safe_table() {
        let texts = ["=cmd|' /C calc'!A0", "-draft", "subject:/[/", "a\"b"].map(str::to_owned);
        let parsed: Vec<Query> = texts.iter().map(|text| parse(text, &Context::default())).collect();
        let counts = |hits| Counts { hits, with_threads: hits + 1, unique: 0, sources: vec![hits] };
        let rows = vec![Some(counts(1)), Some(counts(20)), None, Some(counts(0))];
        let found = Batch { sources: vec!["+a.zip".into()], rows, total: counts(21) };
        let table = String::from_utf8(table(&texts, &parsed, &found).unwrap()).unwrap();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0], "query,hits,hits with threads,unique hits,hits in +a.zip,understood as,notes");
        assert!(lines[1].starts_with("'=cmd|' /C calc'!A0,1,2,0,1,"), "{table}");
        assert_eq!(lines[2], "'-draft,20,21,0,20,'-draft,");
        assert!(
            lines[3].starts_with("subject:/[/,,,,,,subject: no regular expression that can be used ("),
            "{table}"
        );
        assert!(lines[3].ends_with("): that part is left out"), "{table}");
        assert!(lines[4].starts_with("\"a\"\"b\",0,1,0,0,"), "{table}");
        assert_eq!(lines[5], "total,21,22,0,21,all queries together,");
        for cell in ["@x", "\tx", "\rx"] {
            assert!(safe(cell).starts_with('\''));
        }
    }
}
