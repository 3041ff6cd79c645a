//! `maildex search`: the search of the page, in the terminal.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::ValueEnum;
use indicatif::HumanCount;
use jiff::Timestamp;
use maildex_core::format::line::Line;
use maildex_core::format::record::Record;
use maildex_core::present::Marker;
use maildex_core::query::{Query, parse};
use maildex_core::text::Piece;
use maildex_core::{Request, Sort};
use serde::Serialize;

use crate::archive::Site;
use crate::commands::{Outcome, suggest};
use crate::terminal::{Terminal, line};
use crate::words::{self, Clock};

const EXAMPLES: &str = "\
Examples:
  maildex search site 'budget meeting'              both words
  maildex search site '\"as promised\" from:amy'      a phrase, and who wrote it
  maildex search site 'after:2001-06 -subject:re'   since June 2001, without replies
  maildex search site 'gas OR power' --count        only how many
  maildex search site 'contract*' --json --limit 5  for other programs
  maildex search site 'from:am' --suggest           how it may go on

Exit codes: 0 found, 1 nothing found, 2 error.";

/// Characters of a snippet.
const SNIPPET: usize = 160;

/// Search a site, as its page does
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder that `maildex build` made
    site: PathBuf,
    /// What to look for; empty or * for everything
    #[arg(allow_hyphen_values = true)]
    query: String,
    /// The order of the hits
    #[arg(long, value_enum, default_value_t = Order::Newest)]
    sort: Order,
    /// How many hits to show
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// How many hits to pass over first
    #[arg(long, default_value_t = 0)]
    offset: usize,
    /// Write one JSON object
    #[arg(long)]
    json: bool,
    /// Instead of searching, write how the query may go on: operators, people, folders, words
    #[arg(long, conflicts_with_all = ["count", "offset", "sort"])]
    suggest: bool,
    /// Write only the number of messages found
    #[arg(long, conflicts_with = "json")]
    count: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Order {
    /// The latest message first
    Newest,
    /// The earliest message first
    Oldest,
    /// The best match first
    Relevance,
}

impl From<Order> for Sort {
    fn from(order: Order) -> Sort {
        match order {
            Order::Newest => Sort::Newest,
            Order::Oldest => Sort::Oldest,
            Order::Relevance => Sort::Relevance,
        }
    }
}

#[derive(Debug, Serialize)]
struct Answer {
    query: String,
    notes: Vec<String>,
    total: u64,
    hits: Vec<Hit>,
}

#[derive(Debug, Serialize)]
struct Hit {
    key: String,
    message_id: Option<String>,
    date: Option<String>,
    from: String,
    subject: String,
    snippet: String,
    source: Option<String>,
    #[serde(skip)]
    seconds: Option<i64>,
    /// The snippet with its marks.
    #[serde(skip)]
    pieces: Vec<Piece>,
}

impl Args {
    /// Searches and writes what was found.
    pub(crate) fn run(self, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        let mut site = Site::open(&self.site)?;
        if self.suggest {
            return suggest::write_suggestions(&mut site, &self.query, self.limit, self.json, terminal);
        }
        let query = parse(&self.query, &site.archive().context(Timestamp::now().as_second(), false));
        let mut notes: Vec<String> = query.notes.iter().map(|note| note.text.clone()).collect();
        // Everything would be an answer to another question.
        if query.understood() == "*" && query.text() != "*" {
            bail!("nothing of this query can be answered: {}", notes.join("; "));
        }
        let total = site.ask(|archive| archive.total(&query, false))?;
        if self.count {
            say_notes(&notes, terminal)?;
            writeln!(terminal.out, "{total}")?;
        } else {
            let request = Request {
                query: &query,
                typing: false,
                sort: self.sort.into(),
                offset: self.offset,
                limit: self.limit,
            };
            let found = site.ask(|archive| archive.search(&request))?;
            notes.extend(found.notes);
            let clock = site.clock();
            let hits = hits(&mut site, &query, &found.lines, &clock)?;
            if self.json {
                terminal.json(&Answer { query: self.query, notes, total, hits })?;
            } else {
                say_notes(&notes, terminal)?;
                write_hits(total, self.offset, &hits, &clock, terminal)?;
            }
        }
        if total == 0 && !self.json {
            suggest::say_corrections(&mut site, &query, terminal)?;
        }
        Ok(if total > 0 { Outcome::Found } else { Outcome::Nothing })
    }
}

fn hits(site: &mut Site, query: &Query, lines: &[Line], clock: &Clock) -> Result<Vec<Hit>> {
    let keys: Vec<u64> = lines.iter().map(|line| line.key).collect();
    let records = site.ask(|archive| archive.messages(&keys))?;
    let marker = Marker::new(query);
    Ok(lines.iter().zip(&records).map(|(line, record)| hit(line, record, &marker, clock)).collect())
}

fn hit(line: &Line, record: &Record, marker: &Marker, clock: &Clock) -> Hit {
    let pieces = marker.snippet(&record.text, SNIPPET);
    Hit {
        key: format!("{:016x}", line.key),
        message_id: Some(record.message_id.clone()).filter(|id| !id.is_empty()),
        date: line.date.and_then(|date| clock.rfc3339(date)),
        from: words::people(&record.from),
        subject: record.subject.clone(),
        snippet: pieces.iter().map(|piece| piece.text.as_str()).collect(),
        source: record.places.first().map(words::place),
        seconds: line.date,
        pieces,
    }
}

fn say_notes(notes: &[String], terminal: &mut Terminal<'_>) -> Result<()> {
    for note in notes {
        writeln!(terminal.err, "note: {}", line(note))?;
    }
    Ok(())
}

fn write_hits(
    total: u64,
    offset: usize,
    hits: &[Hit],
    clock: &Clock,
    terminal: &mut Terminal<'_>,
) -> Result<()> {
    let total = words::messages(total);
    match hits.len() {
        0 => writeln!(terminal.out, "{total}")?,
        n => {
            let (first, last) = (HumanCount(offset as u64 + 1), HumanCount((offset + n) as u64));
            writeln!(terminal.out, "{total}, {first} to {last}:")?;
        }
    }
    for hit in hits {
        let from = line(&hit.from);
        let subject = line(&hit.subject);
        let snippet: String = hit
            .pieces
            .iter()
            .map(|piece| {
                let text = line(&piece.text);
                if piece.mark { terminal.mark(&text).into_owned() } else { text.into_owned() }
            })
            .collect();
        writeln!(terminal.out)?;
        writeln!(terminal.out, "{}  {}  {from}", terminal.dim(&hit.key), clock.minute(hit.seconds))?;
        writeln!(terminal.out, "  {}", terminal.bold(&subject))?;
        writeln!(terminal.out, "  {snippet}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(styled: bool) -> String {
        let piece = |text: &str, mark| Piece { text: text.into(), mark };
        let hit = Hit {
            key: "00000000000000ff".into(),
            message_id: None,
            date: None,
            from: "Eve\x1b]0;owned\x07".into(),
            subject: "\u{202e}gnp.exe".into(),
            snippet: String::new(),
            source: None,
            seconds: Some(0),
            pieces: vec![piece("a \x1b[2J", false), piece("ferry", true), piece("\n\u{9b}", false)],
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut terminal = Terminal { out: &mut out, err: &mut err, styled, watched: false };
        write_hits(1234, 20, &[hit], &Clock::default(), &mut terminal).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn hits_as_text() {
        let expect = "\
1,234 messages, 21 to 21:

00000000000000ff  1970-01-01 00:00  Eve<U+001B>]0;owned<U+0007>
  <U+202E>gnp.exe
  a <U+001B>[2Jferry<U+000A><U+009B>
";
        assert_eq!(shown(false), expect);
    }

    #[test]
    fn marks_on_a_terminal() {
        assert!(shown(true).contains("\x1b[1;4mferry\x1b[0m<U+000A>"));
    }
}
