//! `maildex search --suggest`, and "did you mean" behind a search that found nothing.

use anyhow::Result;
use maildex_core::query::Query;
use maildex_core::{Corrections, Suggestion, SuggestionKind};
use serde::Serialize;

use crate::archive::Site;
use crate::commands::Outcome;
use crate::terminal::{Terminal, line};
use crate::words;

#[derive(Debug, Serialize)]
struct Answer {
    /// Too many words begin so.
    more: bool,
    suggestions: Vec<Shown>,
}

#[derive(Debug, Serialize)]
struct Shown {
    kind: &'static str,
    text: String,
    query: String,
    help: String,
    messages: Option<u64>,
}

impl From<Suggestion> for Shown {
    fn from(own: Suggestion) -> Shown {
        let kind = match own.kind {
            SuggestionKind::Operator => "operator",
            SuggestionKind::Person => "person",
            SuggestionKind::Value => "value",
            SuggestionKind::Word => "word",
        };
        Shown { kind, text: own.text, query: own.query, help: own.help, messages: own.n }
    }
}

/// Writes the ways in which a query may go on, one a line.
pub(crate) fn write_suggestions(
    site: &mut Site,
    query: &str,
    limit: usize,
    json: bool,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    let found = site.ask(|archive| archive.suggest(query, limit))?;
    let outcome = if found.items.is_empty() { Outcome::Nothing } else { Outcome::Found };
    if json {
        let suggestions = found.items.into_iter().map(Shown::from).collect();
        terminal.json(&Answer { more: found.more, suggestions })?;
        return Ok(outcome);
    }
    if found.more {
        writeln!(terminal.err, "note: too many words begin so; type one more letter")?;
    }
    for item in found.items {
        let n = item.n.map(words::messages).unwrap_or_default();
        let rest = [n.as_str(), &item.help].into_iter().filter(|part| !part.is_empty());
        let rest = rest.map(|part| line(part).into_owned()).collect::<Vec<_>>().join(", ");
        writeln!(terminal.out, "{:<32}  {rest}", line(&item.text))?;
    }
    Ok(outcome)
}

/// What may have been meant, in `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct Meant {
    /// Words that are in no message, with the closest that are.
    unknown: Vec<Unknown>,
    /// The query with the likeliest of them.
    query: Option<String>,
}

#[derive(Debug, Serialize)]
struct Unknown {
    word: String,
    closest: Vec<Close>,
}

#[derive(Debug, Serialize)]
struct Close {
    word: String,
    messages: u64,
}

impl From<Corrections> for Meant {
    fn from(found: Corrections) -> Meant {
        let close = |(word, messages)| Close { word, messages };
        let unknown = found.unknown.into_iter();
        let unknown = unknown
            .map(|own| Unknown { word: own.word, closest: own.closest.into_iter().map(close).collect() });
        Meant { unknown: unknown.collect(), query: found.query }
    }
}

/// What may have been meant by words that are nowhere. The files are at hand: if no word that begins alike is close, all
/// words are looked through.
pub(crate) fn corrections(site: &mut Site, query: &Query) -> Result<Corrections> {
    let found = site.ask(|archive| archive.correct(query, false))?;
    if found.query.is_none() && !found.unknown.is_empty() {
        return site.ask(|archive| archive.correct(query, true));
    }
    Ok(found)
}

/// Says it.
pub(crate) fn say_corrections(found: &Corrections, terminal: &mut Terminal<'_>) -> Result<()> {
    for unknown in &found.unknown {
        let closest = unknown.closest.iter().map(|(word, n)| format!("{} ({n})", line(word)));
        let closest = closest.collect::<Vec<_>>().join(", ");
        let closest = if closest.is_empty() { String::new() } else { format!("; close to it: {closest}") };
        writeln!(terminal.err, "note: nothing is found for {}{closest}", line(&unknown.word))?;
    }
    if let Some(better) = &found.query {
        writeln!(terminal.err, "did you mean: {}", line(better))?;
    }
    Ok(())
}
