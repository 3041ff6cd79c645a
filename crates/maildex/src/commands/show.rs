//! `maildex show`: one message.

use std::io::{self, Seek as _};
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use maildex_build::build::copy_file;
use maildex_build::build::report::Damage;
use maildex_core::format::line::Line;
use maildex_core::format::record::{Attachment, Person, Place, Record, Remark};
use serde::Serialize;

use crate::archive::Site;
use crate::commands::Outcome;
use crate::kept;
use crate::terminal::{Terminal, line, lines};
use crate::words::{self, Clock};

const EXAMPLES: &str = "\
Examples:
  maildex show site 0f3c6e9a12b4d578          the message with this key
  maildex show site 0f3c6e9a12b4d578 --json   all that is known of it
  maildex show site 0f3c6e9a12b4d578 --attachment 1            save the first attachment under its name
  maildex show site 0f3c6e9a12b4d578 --attachment 2 -o a.pdf   save another under this name
  maildex show site 0f3c6e9a12b4d578 --source > a.eml          the message as it lay in the input
  maildex search site 'from:amy' --limit 1    finds keys

Attachments and sources are there where the site was built with `--attachments keep` and `--originals keep`. Their
SHA-256 is checked before anything is given away.

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
    /// Save the attachment of this number, as listed, into the current folder
    #[arg(long, value_name = "N", conflicts_with_all = ["json", "source"])]
    attachment: Option<usize>,
    /// Write the raw message, byte for byte
    #[arg(long, conflicts_with = "json")]
    source: bool,
    /// The file to write, or a folder for it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Message<'a> {
    key: String,
    kind: &'static str,
    missing: bool,
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
    /// SHA-256 of the raw message.
    source_sha256: Option<String>,
    source_kept: bool,
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
    kept: bool,
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
        if self.source || self.attachment.is_some() {
            return self.write_file(&mut site, key, &record, terminal);
        }
        if self.output.is_some() {
            bail!("-o goes with --attachment N or --source");
        }
        let clock = site.clock();
        if self.json {
            let source = site.ask(|archive| archive.file(key, None))?.map(|file| file.sha256);
            terminal.json(&message(&about, &record, source, &clock))?;
        } else {
            write_message(&about, &record, &clock, terminal)?;
        }
        Ok(Outcome::Found)
    }
}

impl Args {
    /// Writes an attachment into a file, or the raw message into one or the terminal's output.
    fn write_file(
        &self,
        site: &mut Site,
        key: u64,
        record: &Record,
        terminal: &mut Terminal<'_>,
    ) -> Result<Outcome> {
        let n = record.attachments.len();
        let number = match self.attachment {
            None => None,
            Some(number) if (1..=n).contains(&number) => Some(number - 1),
            Some(number) => {
                writeln!(terminal.err, "expected an attachment from 1 to {n}, found {number}")?;
                return Ok(Outcome::Nothing);
            }
        };
        let file = site.ask(|archive| archive.file(key, number))?;
        let file = file.context("the archive does not know this file; build it again")?;
        if file.parts.is_none() {
            let what = if self.source { "--originals keep" } else { "--attachments keep" };
            writeln!(terminal.err, "it is not in the site; `maildex build {what}` makes one that has it")?;
            return Ok(Outcome::Nothing);
        }
        let name = match self.attachment {
            Some(number) => kept::safe_name(&record.attachments[number - 1].name, number),
            None => format!("{key:016x}.eml"),
        };
        if self.source && self.output.is_none() {
            // Nothing is written before all of it is known to be right.
            let mut whole = tempfile::tempfile()?;
            copy_file(&site.folder, &file, &mut whole)?;
            whole.rewind()?;
            io::copy(&mut whole, terminal.out)?;
            return Ok(Outcome::Found);
        }
        let target = self.output.clone().unwrap_or_else(|| PathBuf::from("."));
        let path = kept::save(&site.folder, &file, &target, &name)?;
        writeln!(terminal.out, "{}: {}", line(&path.display().to_string()), words::bytes(file.size))?;
        Ok(Outcome::Found)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read_key(text: &str) -> Result<u64> {
    match u64::from_str_radix(text, 16) {
        // The standard library also takes a sign.
        Ok(key) if text.len() == 16 && !text.starts_with('+') => Ok(key),
        _ => bail!("expected a key of 16 hexadecimal digits, found {text:?}; `maildex search` shows keys"),
    }
}

fn message<'a>(about: &Line, record: &'a Record, original: Option<[u8; 32]>, clock: &Clock) -> Message<'a> {
    let people = |people: &'a [Person]| {
        people.iter().map(|Person { name, address }| Named { name, address }).collect::<Vec<_>>()
    };
    let part = |part: &'a Attachment| Part {
        name: &part.name,
        mime: &part.mime,
        size: part.size,
        inline: part.inline,
        sha256: hex(&part.sha256),
        kept: part.kept.is_some(),
    };
    let source =
        |Place { source, path, offset, folder }: &'a Place| Source { source, path, offset: *offset, folder };
    Message {
        key: format!("{:016x}", record.key),
        kind: about.kind.name(),
        missing: about.missing,
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
        source_sha256: original.map(|sha256| hex(&sha256)),
        source_kept: record.original.is_some(),
    }
}

fn write_message(about: &Line, record: &Record, clock: &Clock, terminal: &mut Terminal<'_>) -> Result<()> {
    if let Some(what) = what_it_is(about, record) {
        writeln!(terminal.out, "{}", terminal.bold(&line(&what)))?;
    }
    let mut rows = vec![
        ("From", words::people(&record.from)),
        ("To", words::people(&record.to)),
        ("Cc", words::people(&record.cc)),
        ("Bcc", words::people(&record.bcc)),
        ("Date", about.date.and_then(|date| clock.minute_and_offset(date)).unwrap_or_default()),
        ("Subject", record.subject.clone()),
        ("Message-ID", record.message_id.clone()),
    ];
    for (number, part) in (1..).zip(&record.attachments) {
        let Attachment { name, mime, size, .. } = part;
        let kept = if part.kept.is_some() { "" } else { ", not kept" };
        rows.push(("Attached", format!("{number}: {name} ({mime}, {}{kept})", words::bytes(*size))));
    }
    rows.extend(record.places.iter().map(|place| ("Found in", words::place(place))));
    rows.extend(record.remarks.iter().map(remark));
    // Where it stands among others: what holds or mentions it, what it quotes, and between which dates it lies.
    const TOLD: [(&str, &str); 5] = [
        ("Not-Before", "Not before"),
        ("Not-After", "Not after"),
        ("Held-By", "Held by"),
        ("Quotes", "Quotes"),
        ("Source-PDF", "PDF"),
    ];
    for (name, label) in TOLD {
        let own = record.headers.iter().filter(|(own, _)| own == name);
        rows.extend(own.map(|(_, value)| (label, value.clone())));
    }
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        writeln!(terminal.out, "{} {}", terminal.bold(&format!("{:<11}", format!("{name}:"))), line(value))?;
    }
    writeln!(terminal.out, "\n{}", lines(record.text.trim_end()))?;
    Ok(())
}

/// What a message is that is not here, in words.
fn what_it_is(about: &Line, record: &Record) -> Option<String> {
    let known =
        record.headers.iter().find(|(name, _)| name == "Known-From").map(|(_, value)| value.as_str())?;
    let n = words::messages(about.thread_size.into());
    Some(match known {
        "quoted" if about.missing => {
            format!("Known only from inside {n}; its original is not in this archive")
        }
        "quoted" => {
            format!("Known only from inside {n}; too little of it can be read to look for its original")
        }
        "mentioned" => format!("Mentioned by {n}, not in this archive; the subject is a likely one"),
        "skipped" => "A number that the series skips".to_owned(),
        "listed" => "On the list of the release; its text is not in this copy".to_owned(),
        _ => return None,
    })
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
