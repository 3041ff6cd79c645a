//! Tables of mail: CSV, JSON and lines of JSON, a row for each message.
//!
//! Which column holds what is told by the caller ([`Columns`]) or by the names that such tables have in the wild. A
//! table that is not mail is left out with what it has and how to say what is meant.

mod columns;
mod json;
mod row;

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use crate::input::place::{Holder, mail_folder};
use crate::input::reading::{At, Reading};
use crate::input::report::Reason;
use crate::input::{Form, Raw, Stop};
use crate::message;

use columns::{Chosen, Field};
pub use columns::{ColumnError, Columns};
use row::{Cells, Threads};

#[cfg(test)]
mod tests;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Values between commas or the like.
    Separated(u8),
    Json,
}

/// Rows that one table may have.
const MAX_ROWS: u64 = 1 << 32;

/// What a file that is no mail may be by its first bytes.
pub(crate) enum Sniffed {
    /// A table of mail.
    Table(Kind),
    /// A table of something else, with what to say about it.
    Other(String),
    /// No table.
    No,
}

/// Looks at the first bytes of a file.
pub(crate) fn sniff(head: &[u8], is_all: bool, wanted: &Columns) -> Sniffed {
    let bytes = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    if matches!(bytes.first(), Some(b'{' | b'[')) {
        return json::sniff(bytes, wanted);
    }
    for separator in *b",\t;" {
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).has_headers(false).from_reader(bytes);
        let mut record = csv::ByteRecord::new();
        // A record that goes to the end of what was seen may go on.
        let is_read = matches!(reader.read_byte_record(&mut record), Ok(true));
        let is_whole = is_all || reader.position().byte() < bytes.len() as u64;
        if !is_read || !is_whole || record.len() < 2 {
            continue;
        }
        let names: Vec<String> = record.iter().map(|name| text(name).trim().to_owned()).collect();
        let plain = |name: &String| name.len() < 64 && !name.contains('\n');
        if !names.iter().all(plain) {
            continue;
        }
        return match Chosen::of(&names, wanted) {
            Ok(_) => Sniffed::Table(Kind::Separated(separator)),
            Err(error) if separator == b',' || wanted.is_given() => Sniffed::Other(error.to_string()),
            Err(_) => continue,
        };
    }
    Sniffed::No
}

fn text(bytes: &[u8]) -> String {
    message::decode(bytes, None).into_owned()
}

impl Reading<'_> {
    /// Reads a table, row by row.
    pub(crate) fn table(&mut self, reader: &mut dyn Read, kind: Kind, at: &At) -> Result<(), Stop> {
        match kind {
            Kind::Separated(separator) => self.separated(reader, separator, at),
            Kind::Json => self.json(reader, at),
        }
    }

    fn separated(&mut self, reader: &mut dyn Read, separator: u8, at: &At) -> Result<(), Stop> {
        let left = Rc::new(Cell::new(self.limits.max_message));
        let bounded = Bounded { inner: reader, left: Rc::clone(&left) };
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.delimiter(separator).flexible(true).from_reader(bounded);
        let names: Vec<String> = match reader.byte_headers() {
            Ok(record) => record
                .iter()
                .map(|name| text(name).trim().trim_start_matches('\u{FEFF}').to_owned())
                .collect(),
            Err(error) => return self.skip(Reason::Damaged, at, &error.to_string()),
        };
        let chosen = match Chosen::of(&names, self.columns) {
            Ok(chosen) => chosen,
            Err(error) => return self.skip(Reason::NotMail, at, &error.to_string()),
        };
        self.tally.columns.insert(chosen.to_string());
        let mut threads = Threads::default();
        let mut record = csv::ByteRecord::new();
        for _ in 0..MAX_ROWS {
            left.set(self.limits.max_message);
            match reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    let what = error.to_string();
                    return self.skip(Reason::Damaged, at, &what);
                }
            }
            let offset = record.position().map_or(0, csv::Position::byte);
            let values = names.iter().zip(&record).map(|(name, value)| (name.as_str(), text(value)));
            let cells = Cells::of_text(&chosen, values);
            self.row(&cells, offset, at, &mut threads)?;
        }
        Ok(())
    }

    /// Gives a row as mail.
    fn row(&mut self, cells: &Cells, offset: u64, at: &At, threads: &mut Threads) -> Result<(), Stop> {
        let file = cells.text(Field::File);
        let folder = match (cells.text(Field::Folder), file.rsplit_once('/')) {
            (folder, _) if !folder.is_empty() => folder,
            (_, Some(_)) => mail_folder(&self.source, &file, Holder::File),
            (_, None) => mail_folder(&self.source, &at.path, Holder::Mbox),
        };
        let Some(bytes) = cells.mail(&self.source, offset, threads) else {
            let place = format!("{} at byte {offset}", self.example(at));
            self.tally.skip(Reason::EmptyRow, 1, &place, "");
            return Ok(());
        };
        self.tally.kinds.other += 1;
        let place = self.place(at, offset, folder);
        self.give(Raw { bytes, place, envelope_date: None, form: Form::Mail, cut: false })
    }
}

/// Ends when one row is longer than a message may be: a quote that is never closed takes the rest of the file.
struct Bounded<'r> {
    inner: &'r mut dyn Read,
    left: Rc<Cell<u64>>,
}

impl Read for Bounded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        let left = self.left.get().checked_sub(n as u64);
        self.left.set(
            left.ok_or_else(|| io::Error::other("row longer than a message may be (a quote not closed?)"))?,
        );
        Ok(n)
    }
}
