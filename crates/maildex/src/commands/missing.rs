//! `maildex missing`: what an archive is known not to hold.

use std::path::PathBuf;

use anyhow::Result;
use indicatif::HumanCount;
use maildex_core::format::line::Line;
use maildex_core::format::record::Record;
use maildex_core::query::{Context, parse};
use maildex_core::{Absent, Request, Silent, Sort};
use serde::Serialize;

use crate::archive::Site;
use crate::commands::Outcome;
use crate::commands::search::safe;
use crate::terminal::{Terminal, line};
use crate::words::{self, Clock};

const EXAMPLES: &str = "\
Examples:
  maildex missing site                       how much, and the first of each reason
  maildex missing site --limit 100           more of each
  maildex missing site --csv > missing.csv   all of it, a row for each
  maildex missing site --json --limit 5      for other programs
  maildex search site 'is:missing from:amy'  what is missing, searched like mail

Missing is what messages here mention or quote and this archive does not hold; where it is, nobody here knows. A document
whose text is not in this copy is not missing: it is told apart, with the address of its image.

Exit codes: 0 something is missing, 1 nothing is known to be, 2 error.";

/// Tell what is known not to be here: mentioned, quoted, skipped, or silent
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder that `maildex build` made
    site: PathBuf,
    /// How many of each reason to show
    #[arg(long, default_value_t = 10)]
    limit: usize,
    /// Write one JSON object
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Write all of it as a table, a row for each
    #[arg(long, conflicts_with = "limit")]
    csv: bool,
}

/// Reasons with the queries that find theirs, and what is said of them.
const REASONS: [(&str, &str, &str); 4] = [
    ("mentioned", "kind:placeholder is:missing -is:skipped", "mentioned by messages here and not among them"),
    ("quoted", "kind:quoted is:missing", "quoted by messages here, their originals not among them"),
    ("skipped", "is:skipped", "numbers that the series skips"),
    (
        "listed",
        "is:listed",
        "Apart from that, on the list of the release and not missing: text not in this copy",
    ),
];

#[derive(Debug, Serialize)]
struct Answer {
    mentioned: Reason,
    quoted: Reason,
    skipped: Reason,
    listed: Reason,
    /// Quoted messages of which nothing is claimed.
    unread: u64,
    silent: Vec<Month>,
}

#[derive(Debug, Default, Serialize)]
struct Reason {
    total: u64,
    first: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Month {
    month: String,
    messages: u64,
    expected: u64,
}

/// Something that is not here.
#[derive(Debug, Serialize)]
struct Entry {
    key: String,
    message_id: String,
    document: String,
    /// When it was written, where that is known.
    date: Option<String>,
    not_before: String,
    not_after: String,
    /// Of one that is mentioned, what the messages around it suggest.
    from: String,
    subject: String,
    /// How many messages hold or mention it, and the keys of the first of them with a number or a day.
    n_holders: u32,
    held_by: Vec<String>,
    link: String,
}

impl Args {
    /// Asks for all of it and writes it.
    pub(crate) fn run(self, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        let mut site = Site::open(&self.site)?;
        let absent = site.ask(|archive| archive.absent())?;
        let limit = if self.csv { usize::MAX } else { self.limit };
        let mut reasons = Vec::new();
        for ((_, query, _), total) in REASONS.iter().zip(totals(&absent)) {
            reasons.push(reason(&mut site, query, total, limit)?);
        }
        let n_missing: u64 = totals(&absent)[..3].iter().sum::<u64>() + absent.silent.len() as u64;
        if self.csv {
            terminal.out.write_all(&table(&reasons, &absent.silent)?)?;
        } else if self.json {
            terminal.json(&answer(reasons, absent))?;
        } else {
            write_all(&reasons, &absent, terminal)?;
        }
        Ok(if n_missing > 0 { Outcome::Found } else { Outcome::Nothing })
    }
}

/// In the order of [`REASONS`].
fn totals(absent: &Absent) -> [u64; 4] {
    [absent.mentioned, absent.quoted, absent.skipped, absent.listed]
}

fn reason(site: &mut Site, query: &str, total: u64, limit: usize) -> Result<Reason> {
    /// Messages that are read at once.
    const AT_ONCE: usize = 1000;
    let mut reason = Reason { total, first: Vec::new() };
    let query = parse(query, &Context::default());
    while (reason.first.len() as u64) < total && reason.first.len() < limit {
        let offset = reason.first.len();
        let request = Request {
            query: &query,
            typing: false,
            sort: Sort::Oldest,
            offset,
            limit: AT_ONCE.min(limit - offset),
        };
        let lines = site.ask(|archive| archive.search(&request))?.lines;
        let keys: Vec<u64> = lines.iter().map(|line| line.key).collect();
        let records = site.ask(|archive| archive.messages(&keys))?;
        if lines.is_empty() {
            break;
        }
        let clock = site.clock();
        reason.first.extend(lines.iter().zip(&records).map(|(line, record)| entry(line, record, &clock)));
    }
    Ok(reason)
}

fn entry(line: &Line, record: &Record, clock: &Clock) -> Entry {
    let all = |name: &str| {
        let own = record.headers.iter().filter(|(own, _)| own == name);
        own.map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    let one = |name: &str| all(name).into_iter().next().unwrap_or_default();
    Entry {
        key: format!("{:016x}", line.key),
        message_id: record.message_id.clone(),
        document: one("Document"),
        date: record.date.and_then(|date| clock.rfc3339(date)),
        not_before: one("Not-Before"),
        not_after: one("Not-After"),
        from: words::people(&record.from),
        subject: record.subject.clone(),
        n_holders: line.thread_size,
        held_by: all("Held-By"),
        link: one("Source-PDF"),
    }
}

fn answer(reasons: Vec<Reason>, absent: Absent) -> Answer {
    let mut reasons = reasons.into_iter();
    let mut next = || reasons.next().unwrap_or_default();
    let month = |Silent { month, messages, expected }| Month { month, messages, expected };
    Answer {
        mentioned: next(),
        quoted: next(),
        skipped: next(),
        listed: next(),
        unread: absent.unread,
        silent: absent.silent.into_iter().map(month).collect(),
    }
}

fn table(reasons: &[Reason], silent: &[Silent]) -> Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record([
        "reason",
        "key",
        "message-id",
        "document",
        "date",
        "not before",
        "not after",
        "from",
        "subject",
        "held or mentioned by",
        "of which",
        "link",
    ])?;
    for ((name, ..), reason) in REASONS.iter().zip(reasons) {
        for own in &reason.first {
            let holders = own.n_holders.to_string();
            let cells = [
                name,
                own.key.as_str(),
                &own.message_id,
                &own.document,
                own.date.as_deref().unwrap_or_default(),
                &own.not_before,
                &own.not_after,
                &own.from,
                &own.subject,
                &holders,
                &own.held_by.join("; "),
                &own.link,
            ];
            out.write_record(cells.map(safe))?;
        }
    }
    for own in silent {
        let note = format!("{} messages, {} in the months around it", own.messages, own.expected);
        out.write_record(["silent", "", "", "", &own.month, "", "", "", &note, "", "", ""])?;
    }
    Ok(out.into_inner()?)
}

fn write_all(reasons: &[Reason], absent: &Absent, terminal: &mut Terminal<'_>) -> Result<()> {
    for ((_, query, what), reason) in REASONS.iter().zip(reasons) {
        if reason.total == 0 {
            continue;
        }
        writeln!(terminal.out, "{} {what}", terminal.bold(&HumanCount(reason.total).to_string()))?;
        for own in &reason.first {
            write_entry(own, terminal)?;
        }
        if reason.total > reason.first.len() as u64 {
            writeln!(terminal.out, "  … maildex search SITE \"{query}\" finds them all")?;
        }
        writeln!(terminal.out)?;
    }
    if absent.unread > 0 {
        let n = HumanCount(absent.unread);
        writeln!(
            terminal.out,
            "{n} quoted ones name no sender or no date that can be read: nothing is said of them"
        )?;
    }
    for Silent { month, messages, expected } in &absent.silent {
        let (own, others) = (words::messages(*messages), HumanCount(*expected));
        writeln!(
            terminal.out,
            "{month} falls silent: {own}, where the months around it have about {others}"
        )?;
    }
    if totals(absent).iter().all(|n| *n == 0) && absent.silent.is_empty() {
        writeln!(terminal.out, "nothing is known to be missing")?;
    }
    Ok(())
}

fn write_entry(own: &Entry, terminal: &mut Terminal<'_>) -> Result<()> {
    let day = |text: &str| text.get(..10).unwrap_or_default().to_owned();
    let when = match (&own.date, own.not_before.as_str(), own.not_after.as_str()) {
        (Some(date), ..) => day(date),
        (None, "", "") => String::new(),
        (None, "", until) => format!("before {}", day(until)),
        (None, from, until) => format!("{} to {}", day(from), day(until)),
    };
    let about = [&own.document, &own.message_id, &when, &own.from, &own.subject, &own.link];
    let about: Vec<String> =
        about.iter().filter(|text| !text.is_empty()).map(|text| line(text).into_owned()).collect();
    writeln!(terminal.out, "  {}  {}", terminal.dim(&own.key), about.join("  "))?;
    let labels: Vec<&str> = own.held_by.iter().map(|held| held.get(17..).unwrap_or(held)).take(3).collect();
    if !labels.is_empty() {
        let others = (own.n_holders as usize).saturating_sub(labels.len());
        let more = if others > 0 { format!(" and {others} more") } else { String::new() };
        let keys: Vec<&str> = own.held_by.iter().take(1).filter_map(|held| held.get(..16)).collect();
        let by = format!("    by {}{more} ({})", labels.join(", "), keys.join(", "));
        writeln!(terminal.out, "{}", terminal.dim(&line(&by)))?;
    }
    Ok(())
}
