//! `--format`: hits as a file for other programs, the same that the page gives: a table, JSON, a mailbox, files of messages.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use jiff::Timestamp;
use maildex_core::format::line::Line;
use maildex_core::format::record::Record;
use maildex_core::present::Marker;
use maildex_core::query::Query;
use maildex_core::{Request, Sort};
use serde::Serialize;

use super::batch::safe;
use super::mail;
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
    /// A mailbox: messages as they came where the archive keeps originals, else put together from headers and text
    Mbox,
    /// The same as a folder with a file for each message; goes with -o FOLDER
    Eml,
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
    /// The folder that files of messages go to.
    pub(super) folder: Option<&'a Path>,
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
                match self.format {
                    Format::Mbox => {
                        let message = mail::raw(site, line, record)?;
                        terminal.out.write_all(&mail::entry(line.date, &message))?;
                    }
                    Format::Eml => self.file(site, line, record)?,
                    Format::Csv | Format::Json => self.one(line, record, &marker, n == 0, terminal)?,
                }
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
            Format::Eml => match self.folder {
                Some(folder) => fs::create_dir_all(folder)
                    .with_context(|| format!("cannot make the folder {}", folder.display()))?,
                None => {
                    bail!("--format eml writes a file for each message: name their folder with -o FOLDER")
                }
            },
            Format::Mbox => {}
        }
        Ok(())
    }

    /// Writes the message into the folder; a file that is there stays as it is.
    fn file(&self, site: &mut Site, line: &Line, record: &Record) -> Result<()> {
        let path = self.folder.unwrap_or(Path::new(".")).join(mail::file_name(line, &record.subject));
        let message = mail::raw(site, line, record)?;
        let file = File::create_new(&path).and_then(|mut file| file.write_all(&message));
        file.with_context(|| format!("cannot write {}", path.display()))
    }

    fn one(
        &self,
        line: &Line,
        record: &Record,
        marker: &Marker,
        first: bool,
        terminal: &mut Terminal<'_>,
    ) -> Result<()> {
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
