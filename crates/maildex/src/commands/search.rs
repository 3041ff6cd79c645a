//! `maildex search`: the search of the page, in the terminal.

mod batch;
mod export;
mod facets;
mod mail;
mod why;

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
use maildex_core::{Facet, Request, Sort, Weighty};
use serde::Serialize;

use crate::archive::Site;
use crate::commands::{Outcome, suggest};
use crate::terminal::{Terminal, line};
use crate::words::{self, Clock};

pub(crate) use self::batch::safe;
use self::why::Why;

const EXAMPLES: &str = "\
Examples:
  maildex search site 'budget meeting'              both words
  maildex search site '\"as promised\" from:amy'      a phrase, and who wrote it
  maildex search site 'after:2001-06 -subject:re'   since June 2001, without replies
  maildex search site 'gas OR power' --count        only how many
  maildex search site 'gas' --threads               one line for each conversation
  maildex search site 'gas' --facets people,year    who wrote of it, and when
  maildex search site 'gas -power' --explain        why each message is there
  maildex search site 'contract*' --json --limit 5  for other programs
  maildex search site 'gas' --format csv >gas.csv    all hits as a table (json, mbox: a mailbox)
  maildex search site 'gas' --format eml -o gas      a folder with a file for each message
  maildex search site 'from:am' --suggest           how it may go on
  maildex search site 'header:x-mailer=pine' --weigh how much that reads
  maildex search site --batch terms.csv -o out.csv  a table of how many each query finds

A batch is a file with one query a line, or a CSV with the queries in its first column. The report is a CSV: for each
query the messages it finds, those with the others of their threads, those that no other query of the batch finds, and
those of each source; in the last line what all of them find together. A cell that a spreadsheet would take for a
formula (it begins with = + - @, a tab or a return) gets an apostrophe in front.

The query language is described in docs/query.md; `maildex serve` shows it beside the search box.

Exit codes: 0 found, 1 nothing found, 2 error.";

/// Whoever waits for more bytes of messages to be read is told how many.
const LONG: u64 = 8_000_000;

/// Characters of a snippet.
const SNIPPET: usize = 160;

/// Search a site, as its page does
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder that `maildex build` made
    site: PathBuf,
    /// What to look for; empty or * for everything
    #[arg(allow_hyphen_values = true, required_unless_present = "batch", default_value = "")]
    query: String,
    /// The order of the hits
    #[arg(long, value_enum, default_value_t = Order::Newest)]
    sort: Order,
    /// One line for each conversation: the first of its hits in this order, with their number
    #[arg(long)]
    threads: bool,
    /// Tell for each hit which words in which field made it one
    #[arg(long)]
    explain: bool,
    /// Count the hits instead: by year, month, people (senders), label, list, source, has, is, filetype, lang; several
    /// with commas, or all
    #[arg(long, value_name = "WHICH", num_args = 0..=1, default_missing_value = "all", value_delimiter = ',')]
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(facet_names()), hide_possible_values = true)]
    facets: Option<Vec<String>>,
    /// Answer every query of this file (.txt or .csv) with a table of counts
    #[arg(long, value_name = "FILE", conflicts_with_all = ["query", "json", "count", "facets", "threads", "explain", "suggest"])]
    batch: Option<PathBuf>,
    /// Where the report of a batch goes (without it, to the terminal), or the files of --format eml
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// How many hits to show, or values of each facet [default: 20; with --format all]
    #[arg(long)]
    limit: Option<usize>,
    /// How many hits to pass over first
    #[arg(long, default_value_t = 0)]
    offset: usize,
    /// Write one JSON object
    #[arg(long)]
    json: bool,
    /// Write the hits as a file for other programs, the same as the page's
    #[arg(long, value_enum, conflicts_with_all = ["json", "count", "facets", "threads", "explain", "suggest", "batch"])]
    format: Option<export::Format>,
    /// The address of the site's page, for the links of --format
    #[arg(long, requires = "format", default_value = "", hide_default_value = true)]
    url: String,
    /// Instead of searching, write how many bytes the answer reads at most; what tells that is read
    #[arg(long, conflicts_with_all = ["count", "batch", "suggest"])]
    weigh: bool,
    /// Find other forms of the words too: meeting and meetings for meet
    #[arg(long)]
    forms: bool,
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
    /// By the sender's name
    Sender,
    /// By subject, without Re: and the like
    Subject,
    /// The largest message first
    Size,
}

impl From<Order> for Sort {
    fn from(order: Order) -> Sort {
        match order {
            Order::Newest => Sort::Newest,
            Order::Oldest => Sort::Oldest,
            Order::Relevance => Sort::Relevance,
            Order::Sender => Sort::Sender,
            Order::Subject => Sort::Subject,
            Order::Size => Sort::Size,
        }
    }
}

#[derive(Debug, Serialize)]
struct Answer {
    query: String,
    understood: String,
    notes: Vec<String>,
    total: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    threads: Option<u64>,
    hits: Vec<Hit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facets: Option<facets::Told>,
    /// What may have been meant, where nothing is found.
    #[serde(skip_serializing_if = "Option::is_none")]
    corrections: Option<suggest::Meant>,
}

#[derive(Debug, Serialize)]
struct Weight {
    query: String,
    understood: String,
    bytes: u64,
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
    /// Hits in its thread, where each thread has one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    hits_in_thread: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Vec<Why>>,
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
            return suggest::write_suggestions(&mut site, &self.query, self.limit(), self.json, terminal);
        }
        let now = Timestamp::now().as_second();
        if self.weigh {
            return self.weigh(&mut site, now, terminal);
        }
        let total = match &self.batch {
            Some(batch) => batch::run(&mut site, batch, self.output.as_deref(), now, terminal)?,
            None => self.search(&mut site, now, terminal)?,
        };
        Ok(if total > 0 { Outcome::Found } else { Outcome::Nothing })
    }

    /// Answers the one query; gives how many messages it finds.
    fn search(self, site: &mut Site, now: i64, terminal: &mut Terminal<'_>) -> Result<u64> {
        if self.output.is_some() && self.format != Some(export::Format::Eml) {
            bail!("-o goes with --batch FILE or --format eml");
        }
        let mut query = parse(&self.query, &site.archive().context(now, false));
        query.forms = self.forms;
        let mut notes: Vec<String> = query.notes.iter().map(|note| note.text.clone()).collect();
        if !query.is_answerable() {
            bail!("nothing of this query can be answered: {}", notes.join("; "));
        }
        let understood = query.understood();
        if let Some(format) = self.format {
            notes.extend(archive_notes(site, &query)?);
            say_notes(&notes, terminal)?;
            let (sort, offset, limit) = (self.sort.into(), self.offset, self.limit.unwrap_or(usize::MAX));
            let (text, query, url) = (&self.query, &query, &self.url);
            let folder = self.output.as_deref();
            return export::Export { format, text, query, sort, offset, limit, url, folder }
                .write(site, terminal);
        }
        let is_changed = understood != self.query.trim() && !self.query.trim().is_empty();
        if !self.json && (is_changed || self.explain) {
            writeln!(terminal.err, "understood as: {}", line(&understood))?;
        }
        let bytes = self.bytes(site, &query)?;
        if query.reads_messages() && bytes > LONG && !self.json {
            writeln!(terminal.err, "reads up to {} of messages", words::bytes(bytes))?;
        }
        if terminal.watched {
            site.show_reading();
        }
        let answer = self.answer(site, &query, notes, terminal);
        site.hide_reading();
        answer
    }

    /// Asks for what is wanted of a query, and writes it.
    fn answer(
        self,
        site: &mut Site,
        query: &Query,
        mut notes: Vec<String>,
        terminal: &mut Terminal<'_>,
    ) -> Result<u64> {
        let understood = query.understood();
        let total = site.ask(|archive| archive.total(query, false))?;
        if self.count {
            notes.extend(archive_notes(site, query)?);
            say_notes(&notes, terminal)?;
            writeln!(terminal.out, "{total}")?;
            return Ok(total);
        }
        let facets = self.facets.as_ref().map(|names| {
            let which = facets::named(names);
            site.ask(|archive| archive.facets(query, false, &which, self.limit()))
        });
        let facets = facets.transpose()?;
        if let (Some(facets), false) = (&facets, self.json) {
            notes.extend(archive_notes(site, query)?);
            say_notes(&notes, terminal)?;
            facets::write(facets, terminal)?;
            return Ok(total);
        }
        let (threads, found_notes, hits) = self.hits(site, query)?;
        notes.extend(found_notes);
        let meant = (total == 0).then(|| suggest::corrections(site, query)).transpose()?;
        if self.json {
            let (facets, corrections) = (facets.map(facets::Told::from), meant.map(suggest::Meant::from));
            let query = self.query;
            terminal.json(&Answer { query, understood, notes, total, threads, hits, facets, corrections })?;
        } else {
            say_notes(&notes, terminal)?;
            let told = Told { total, threads, offset: self.offset };
            write_hits(&told, &hits, &site.clock(), terminal)?;
            if let Some(meant) = &meant {
                suggest::say_corrections(meant, terminal)?;
            }
        }
        Ok(total)
    }

    fn limit(&self) -> usize {
        self.limit.unwrap_or(20)
    }

    /// How many bytes the answer reads at most.
    fn bytes(&self, site: &mut Site, query: &Query) -> Result<u64> {
        let mut questions = vec![Weighty::Sort(self.sort.into())];
        questions.extend(self.threads.then_some(Weighty::Threads));
        questions.extend(self.facets.iter().flat_map(|names| facets::named(names)).map(Weighty::Facet));
        site.ask(|archive| archive.weigh(query, false, &questions))
    }

    /// Writes how many bytes the answer reads at most.
    fn weigh(&self, site: &mut Site, now: i64, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        let mut query = parse(&self.query, &site.archive().context(now, false));
        query.forms = self.forms;
        let bytes = self.bytes(site, &query)?;
        if self.json {
            let (query, understood) = (self.query.clone(), query.understood());
            terminal.json(&Weight { query, understood, bytes })?;
        } else {
            writeln!(terminal.out, "reads up to {}", words::bytes(bytes))?;
        }
        Ok(Outcome::Found)
    }

    /// The page of hits, with the number of threads if they are grouped, and the archive's notes.
    fn hits(&self, site: &mut Site, query: &Query) -> Result<(Option<u64>, Vec<String>, Vec<Hit>)> {
        let (sort, offset, limit) = (self.sort.into(), self.offset, self.limit());
        let request = Request { query, typing: false, sort, offset, limit };
        let found = site.ask(|archive| match self.threads {
            true => archive.search_threads(&request),
            false => archive.search(&request),
        })?;
        let keys: Vec<u64> = found.lines.iter().map(|line| line.key).collect();
        let records = site.ask(|archive| archive.messages(&keys))?;
        let (marker, clock) = (site.archive().marker(query), site.clock());
        let mut hits: Vec<Hit> = found
            .lines
            .iter()
            .zip(&records)
            .map(|(line, record)| hit(line, record, &marker, &clock))
            .collect();
        if self.explain {
            let reasons = site.ask(|archive| archive.explain(query, false, &keys))?;
            for (hit, explained) in hits.iter_mut().zip(reasons) {
                hit.why = Some(explained.reasons.into_iter().map(Why::from).collect());
            }
        }
        let (counts, threads) = found.threads.unzip();
        for (hit, n) in hits.iter_mut().zip(counts.into_iter().flatten()) {
            hit.hits_in_thread = Some(n);
        }
        Ok((threads, found.notes, hits))
    }
}

fn facet_names() -> impl Iterator<Item = &'static str> {
    Facet::ALL.into_iter().map(Facet::name).chain(["all"])
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
        hits_in_thread: None,
        why: None,
        seconds: line.date,
        pieces,
    }
}

/// What the archive says of a query beside its hits: values that are nowhere, words left out.
fn archive_notes(site: &mut Site, query: &Query) -> Result<Vec<String>> {
    let request = Request { query, typing: false, sort: Sort::Newest, offset: 0, limit: 0 };
    Ok(site.ask(|archive| archive.search(&request))?.notes)
}

fn say_notes(notes: &[String], terminal: &mut Terminal<'_>) -> Result<()> {
    for note in notes {
        writeln!(terminal.err, "note: {}", line(note))?;
    }
    Ok(())
}

/// What is said above a page of hits.
struct Told {
    total: u64,
    threads: Option<u64>,
    offset: usize,
}

fn write_hits(told: &Told, hits: &[Hit], clock: &Clock, terminal: &mut Terminal<'_>) -> Result<()> {
    let mut total = words::messages(told.total);
    if let Some(threads) = told.threads {
        total += &format!(" in {}", words::counted(threads, "thread", "threads"));
    }
    match hits.len() {
        0 => writeln!(terminal.out, "{total}")?,
        n => {
            let (first, last) = (HumanCount(told.offset as u64 + 1), HumanCount((told.offset + n) as u64));
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
        let in_thread = match hit.hits_in_thread {
            Some(n) if n > 1 => format!("  ({n} hits in this thread)"),
            _ => String::new(),
        };
        writeln!(terminal.out)?;
        writeln!(
            terminal.out,
            "{}  {}  {from}{in_thread}",
            terminal.dim(&hit.key),
            clock.minute(hit.seconds)
        )?;
        writeln!(terminal.out, "  {}", terminal.bold(&subject))?;
        writeln!(terminal.out, "  {snippet}")?;
        for why in hit.why.iter().flatten() {
            writeln!(terminal.out, "  {}", terminal.dim(&line(&format!("why: {}", why::told(why)))))?;
        }
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
            hits_in_thread: Some(3),
            why: Some(Vec::new()),
            seconds: Some(0),
            pieces: vec![piece("a \x1b[2J", false), piece("ferry", true), piece("\n\u{9b}", false)],
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut terminal = Terminal { out: &mut out, err: &mut err, styled, watched: false };
        let told = Told { total: 1234, threads: Some(50), offset: 20 };
        write_hits(&told, &[hit], &Clock::default(), &mut terminal).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn hits_as_text() {
        let expect = "\
1,234 messages in 50 threads, 21 to 21:

00000000000000ff  1970-01-01 00:00  Eve<U+001B>]0;owned<U+0007>  (3 hits in this thread)
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
