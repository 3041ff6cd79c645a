//! `--format`: hits as a file for other programs, the same that the page gives: a table, JSON, or a mailbox that is put
//! together from what the archive keeps.

use anyhow::Result;
use clap::ValueEnum;
use jiff::Timestamp;
use maildex_core::format::line::Line;
use maildex_core::format::record::{Person, Record};
use maildex_core::present::Marker;
use maildex_core::query::Query;
use maildex_core::{Request, Sort};
use serde::Serialize;

use super::batch::safe;
use crate::archive::Site;
use crate::terminal::Terminal;

/// Hits that are held at once.
const AT_ONCE: usize = 200;
/// Characters of a snippet.
const SNIPPET: usize = 300;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A table for spreadsheets
    Csv,
    /// One JSON object
    Json,
    /// A mailbox, put together from the headers and texts that the archive keeps, without attachments
    Mbox,
}

/// What is written.
pub(super) struct Export<'a> {
    pub(super) format: Format,
    pub(super) text: &'a str,
    pub(super) query: &'a Query,
    pub(super) sort: Sort,
    pub(super) offset: usize,
    pub(super) limit: usize,
    /// The address of the site's page, which links begin with.
    pub(super) url: &'a str,
}

#[derive(Debug, Serialize)]
struct Row {
    key: String,
    date: String,
    from: String,
    subject: String,
    snippet: String,
    attachments: bool,
    conversation: u32,
    link: String,
}

impl Export<'_> {
    /// Writes every hit from `offset` on, `limit` at most; gives how many it were.
    pub(super) fn write(&self, site: &mut Site, terminal: &mut Terminal<'_>) -> Result<u64> {
        let marker = site.archive().marker(self.query);
        self.begin(terminal)?;
        let mut n = 0;
        while n < self.limit {
            let limit = AT_ONCE.min(self.limit - n);
            let offset = self.offset + n;
            let request = Request { query: self.query, typing: false, sort: self.sort, offset, limit };
            let lines = site.ask(|archive| archive.search(&request))?.lines;
            let keys: Vec<u64> = lines.iter().map(|line| line.key).collect();
            let records = site.ask(|archive| archive.messages(&keys))?;
            for (line, record) in lines.iter().zip(&records) {
                self.one(line, record, &marker, n == 0, terminal)?;
                n += 1;
            }
            if lines.len() < limit {
                break;
            }
        }
        if self.format == Format::Json {
            writeln!(terminal.out, "\n]}}")?;
        }
        Ok(n as u64)
    }

    fn begin(&self, terminal: &mut Terminal<'_>) -> Result<()> {
        match self.format {
            Format::Csv => {
                writeln!(terminal.out, "key,date,from,subject,snippet,attachments,conversation,link")?;
            }
            Format::Json => {
                let (query, page) = (serde_json::to_string(self.text)?, serde_json::to_string(self.url)?);
                writeln!(terminal.out, "{{\"query\": {query}, \"page\": {page}, \"hits\": [")?;
            }
            Format::Mbox => {}
        }
        Ok(())
    }

    fn one(
        &self,
        line: &Line,
        record: &Record,
        marker: &Marker,
        first: bool,
        terminal: &mut Terminal<'_>,
    ) -> Result<()> {
        if self.format == Format::Mbox {
            terminal.out.write_all(mbox_entry(line.date, record).as_bytes())?;
            return Ok(());
        }
        let row = row(line, record, marker, self.url);
        if self.format == Format::Json {
            let comma = if first { "" } else { ",\n" };
            write!(terminal.out, "{comma}{}", serde_json::to_string(&row)?)?;
            return Ok(());
        }
        let mut table = csv::Writer::from_writer(Vec::new());
        let attachments = if row.attachments { "yes" } else { "no" }.to_owned();
        let cells = [row.key, row.date, row.from, row.subject, row.snippet, attachments];
        let ends = [row.conversation.to_string(), row.link];
        table.write_record(cells.iter().chain(&ends).map(|cell| safe(cell)))?;
        terminal.out.write_all(&table.into_inner()?)?;
        Ok(())
    }
}

fn row(line: &Line, record: &Record, marker: &Marker, url: &str) -> Row {
    let time = line.date.and_then(|date| Timestamp::from_second(date).ok());
    let pieces = marker.snippet(&record.text, SNIPPET);
    Row {
        key: format!("{:016x}", line.key),
        date: time.map(|time| time.to_string()).unwrap_or_default(),
        from: line.from.clone(),
        subject: record.subject.clone(),
        snippet: pieces.iter().map(|piece| piece.text.as_str()).collect(),
        attachments: line.attachments,
        conversation: line.thread_size,
        link: format!("{url}#m={:016x}", line.key),
    }
}

/// A message as an mbox has it: its headers, decoded (RFC 6532), and its text. A header of its own says that it was put
/// together; lines that begin as a separator are quoted as in mboxrd.
fn mbox_entry(date: Option<i64>, record: &Record) -> String {
    let time = date.and_then(|date| Timestamp::from_second(date).ok()).unwrap_or(Timestamp::UNIX_EPOCH);
    let others = record.headers.iter().filter(|(name, _)| is_kept(name));
    let is_dated = date.is_none() || others.clone().any(|(name, _)| name.eq_ignore_ascii_case("date"));
    let id = if record.message_id.is_empty() { String::new() } else { format!("<{}>", record.message_id) };
    let sent =
        if is_dated { String::new() } else { time.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string() };
    let (from, to, cc) = (addresses(&record.from), addresses(&record.to), addresses(&record.cc));
    let read = [("Message-ID", &id), ("Date", &sent), ("From", &from), ("To", &to), ("Cc", &cc)];
    let others = others.map(|(name, value)| (name.as_str(), value));
    let mut out = format!("From maildex@localhost {}\n", time.strftime("%a %b %e %H:%M:%S %Y"));
    for (name, value) in read.into_iter().chain([("Subject", &record.subject)]).chain(others) {
        // A line end in a header would begin another one, or the text.
        let lines = value.split(['\r', '\n']).map(str::trim).filter(|one| !one.is_empty());
        let lines: Vec<&str> = lines.collect();
        if !lines.is_empty() {
            out += &format!("{name}: {}\n", lines.join("\n "));
        }
    }
    out += "X-Maildex-Reconstructed: headers and text as an archive keeps them; attachments and layout are not in it
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

";
    for line in record.text.trim_end_matches('\n').lines() {
        if line.trim_start_matches('>').starts_with("From ") {
            out.push('>');
        }
        out += line;
        out.push('\n');
    }
    out.push('\n');
    out
}

/// `"Amy Lee" <amy@acme.example>, …` (RFC 5322, section 3.4).
fn addresses(people: &[Person]) -> String {
    let plain = |text: &str| {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let one = |person: &Person| {
        let mailbox = format!("<{}>", plain(&person.address).replace(['<', '>'], ""));
        match plain(&person.name).replace('\\', "\\\\").replace('"', "\\\"") {
            name if name.is_empty() => mailbox,
            name => format!("\"{name}\" {mailbox}"),
        }
    };
    people.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Headers that have a name (RFC 5322, section 3.6.8), are not made of what the archive has read of them, and do not tell
/// how a body was packed, which here is text.
fn is_kept(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_packing =
        lower == "mime-version" || lower.starts_with("content-") || lower.starts_with("x-maildex-");
    let is_read = matches!(&*lower, "from" | "to" | "cc" | "subject" | "message-id");
    let is_name = !name.is_empty() && name.bytes().all(|byte| matches!(byte, b'!'..=b'9' | b';'..=b'~'));
    is_name && !is_packing && !is_read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reconstructed_message_says_so_and_its_text_ends_no_message() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let record = Record {
            headers: vec![
                header("From", "somebody else"),
                header("X-Note", "x\r\n\r\nFrom evil Thu"),
                header("Content-Type", "multipart/mixed; boundary=x"),
                header("X-Maildex-Reconstructed", "no"),
                header("Bad name", "left out"),
            ],
            message_id: "a@b".to_owned(),
            from: vec![Person { name: "Amy \"A\" \r\nBcc: x".into(), address: "amy@acme.example".into() }],
            subject: "a \"b\", c".to_owned(),
            text: "Hi\r\nFrom here\n>From there\n>>x\n\n\n".to_owned(),
            ..Record::default()
        };
        let expect = "\
From maildex@localhost Sun Sep  9 01:46:40 2001
Message-ID: <a@b>
Date: Sun, 09 Sep 2001 01:46:40 +0000
From: \"Amy \\\"A\\\" Bcc: x\" <amy@acme.example>
Subject: a \"b\", c
X-Note: x
 From evil Thu
X-Maildex-Reconstructed: headers and text as an archive keeps them; attachments and layout are not in it
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Hi
>From here
>>From there
>>x

";
        assert_eq!(mbox_entry(Some(1_000_000_000), &record), expect);
        assert!(mbox_entry(None, &record).starts_with("From maildex@localhost Thu Jan  1 00:00:00 1970\n"));
    }
}
