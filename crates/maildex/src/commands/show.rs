//! `maildex show`: one message.

use std::path::PathBuf;

use anyhow::{Result, bail};
use maildex_build::build::report::Damage;
use maildex_core::format::line::Line;
use maildex_core::format::record::{Attachment, Person, Place, Record, Remark};
use serde::Serialize;

use crate::archive::Site;
use crate::commands::Outcome;
use crate::terminal::{Terminal, line, lines};
use crate::words::{self, Clock};

const EXAMPLES: &str = "\
Examples:
  maildex show site 0f3c6e9a12b4d578          the message with this key
  maildex show site 0f3c6e9a12b4d578 --json   all that is known of it
  maildex search site 'from:amy' --limit 1    finds keys

The key is in every link that the page makes: ...#q=QUERY&m=KEY
Exit codes: 0 found, 1 no such message, 2 error.";

/// Show one message
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder that `maildex build` made
    site: PathBuf,
    /// The message's key, as `maildex search` and the page's links give it
    key: String,
    /// Write one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Message<'a> {
    key: String,
    message_id: Option<&'a str>,
    date: Option<String>,
    date_header: Option<String>,
    zone_minutes: Option<i16>,
    misdated: bool,
    size: u64,
    from: Vec<Named<'a>>,
    to: Vec<Named<'a>>,
    cc: Vec<Named<'a>>,
    bcc: Vec<Named<'a>>,
    subject: &'a str,
    headers: &'a [(String, String)],
    text: &'a str,
    has_html: bool,
    attachments: Vec<Part<'a>>,
    sources: Vec<Source<'a>>,
    problems: Vec<Problem<'a>>,
}

#[derive(Debug, Serialize)]
struct Named<'a> {
    name: &'a str,
    address: &'a str,
}

#[derive(Debug, Serialize)]
struct Part<'a> {
    name: &'a str,
    mime: &'a str,
    size: u64,
    inline: bool,
    sha256: String,
}

#[derive(Debug, Serialize)]
struct Source<'a> {
    source: &'a str,
    path: &'a str,
    offset: u64,
    folder: &'a str,
}

#[derive(Debug, Serialize)]
struct Problem<'a> {
    kind: &'a str,
    detail: &'a str,
}

impl Args {
    /// Finds the message and writes it.
    pub(crate) fn run(self, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        let key = read_key(&self.key)?;
        let mut site = Site::open(&self.site)?;
        let Some((about, record)) = site.ask(|archive| archive.message(key))? else {
            writeln!(terminal.err, "no message has the key {}", line(&self.key))?;
            return Ok(Outcome::Nothing);
        };
        let clock = site.clock();
        if self.json {
            terminal.json(&message(&about, &record, &clock))?;
        } else {
            write_message(&about, &record, &clock, terminal)?;
        }
        Ok(Outcome::Found)
    }
}

fn read_key(text: &str) -> Result<u64> {
    match u64::from_str_radix(text, 16) {
        // The standard library also takes a sign.
        Ok(key) if text.len() == 16 && !text.starts_with('+') => Ok(key),
        _ => bail!("expected a key of 16 hexadecimal digits, found {text:?}; `maildex search` shows keys"),
    }
}

fn message<'a>(about: &Line, record: &'a Record, clock: &Clock) -> Message<'a> {
    let people = |people: &'a [Person]| {
        people.iter().map(|Person { name, address }| Named { name, address }).collect::<Vec<_>>()
    };
    let part = |part: &'a Attachment| Part {
        name: &part.name,
        mime: &part.mime,
        size: part.size,
        inline: part.inline,
        sha256: part.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    let source =
        |Place { source, path, offset, folder }: &'a Place| Source { source, path, offset: *offset, folder };
    Message {
        key: format!("{:016x}", record.key),
        message_id: Some(record.message_id.as_str()).filter(|id| !id.is_empty()),
        date: about.date.and_then(|date| clock.rfc3339(date)),
        date_header: record.date.and_then(|date| clock.rfc3339(date)),
        zone_minutes: record.zone,
        misdated: about.misdated,
        size: record.size,
        from: people(&record.from),
        to: people(&record.to),
        cc: people(&record.cc),
        bcc: people(&record.bcc),
        subject: &record.subject,
        headers: &record.headers,
        text: &record.text,
        has_html: about.html,
        attachments: record.attachments.iter().map(part).collect(),
        sources: record.places.iter().map(source).collect(),
        problems: record.remarks.iter().map(|Remark { kind, detail }| Problem { kind, detail }).collect(),
    }
}

fn write_message(about: &Line, record: &Record, clock: &Clock, terminal: &mut Terminal<'_>) -> Result<()> {
    let mut rows = vec![
        ("From", words::people(&record.from)),
        ("To", words::people(&record.to)),
        ("Cc", words::people(&record.cc)),
        ("Bcc", words::people(&record.bcc)),
        ("Date", about.date.and_then(|date| clock.minute_and_offset(date)).unwrap_or_default()),
        ("Subject", record.subject.clone()),
        ("Message-ID", record.message_id.clone()),
    ];
    for part in &record.attachments {
        let Attachment { name, mime, size, .. } = part;
        rows.push(("Attached", format!("{name} ({mime}, {})", words::bytes(*size))));
    }
    rows.extend(record.places.iter().map(|place| ("Found in", words::place(place))));
    rows.extend(record.remarks.iter().map(remark));
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        writeln!(terminal.out, "{} {}", terminal.bold(&format!("{:<11}", format!("{name}:"))), line(value))?;
    }
    writeln!(terminal.out, "\n{}", lines(record.text.trim_end()))?;
    Ok(())
}

/// What is odd about a message, in words; a kind that a later version wrote stands for itself.
fn remark(Remark { kind, detail }: &Remark) -> (&'static str, String) {
    let damage = Damage::named(kind);
    let meaning = damage.map_or(kind.as_str(), |damage| damage.meaning);
    let detail = if detail.is_empty() { String::new() } else { format!(": {detail}") };
    let label = if damage.is_some_and(|damage| damage.harmless) { "Remark" } else { "Damage" };
    (label, format!("{meaning}{detail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        assert_eq!(read_key("00000000000000ff").unwrap(), 255);
        for wrong in ["", "ff", "zz000000000000ff", "+00000000000000f", "00000000000000fff"] {
            assert!(read_key(wrong).unwrap_err().to_string().contains("16 hexadecimal digits"), "{wrong}");
        }
    }

    #[test]
    fn remarks_are_words() {
        let row = |kind: &str, detail: &str| remark(&Remark { kind: kind.into(), detail: detail.into() });
        assert_eq!(row("no-message-id", ""), ("Remark", "no Message-ID".into()));
        assert_eq!(row("bad-date", "soon"), ("Damage", "Date header cannot be read: soon".into()));
        assert_eq!(row("of-tomorrow", ""), ("Damage", "of-tomorrow".into()));
    }

    #[test]
    fn a_hostile_message_stays_text() {
        let record = Record {
            subject: "\x1b]0;owned\x07 hi".into(),
            text: "one\r\n\x1b[2Jtwo\n".into(),
            ..Record::default()
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut terminal = Terminal { out: &mut out, err: &mut err, styled: false, watched: false };
        write_message(&Line::default(), &record, &Clock::default(), &mut terminal).unwrap();
        let shown = String::from_utf8(out).unwrap();
        assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
        assert!(shown.contains("\none<U+000D>\n<U+001B>[2Jtwo\n"), "{shown:?}");
    }
}
