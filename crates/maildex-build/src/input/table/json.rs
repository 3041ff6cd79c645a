//! Tables in JSON: a list of objects, objects one after the other (JSON lines), or a document that holds such a list,
//! or lists of lists, each of which is a conversation with the oldest message last.

use std::io::{self, Read};

use serde_json::Value;

use crate::input::Stop;
use crate::input::reading::{At, CHUNK, Reading};
use crate::input::report::Reason;
use crate::input::table::columns::{Chosen, Columns, Field};
use crate::input::table::row::{Cells, Threads};
use crate::input::table::{Kind, Sniffed};

/// Bytes of a document that is one object around its list, which is read whole.
const MAX_DOCUMENT: usize = 64 << 20;

/// Looks at the first bytes: names that mail has, as keys.
pub(crate) fn sniff(bytes: &[u8], wanted: &Columns) -> Sniffed {
    let mut names = keys(bytes);
    names.sort();
    names.dedup();
    if names.is_empty() {
        return Sniffed::No;
    }
    match Chosen::of(&names, wanted) {
        Ok(_) => Sniffed::Table(Kind::Json),
        // Long lists of something else may stand before the mail.
        Err(_) if bytes.len() >= 60_000 && bytes.first() == Some(&b'{') && names.len() < 4 => {
            Sniffed::Table(Kind::Json)
        }
        // Any program writes JSON: only what is near to mail is worth a word.
        Err(error) if wanted.is_given() || Chosen::n_known(&names) > 1 => Sniffed::Other(error.to_string()),
        Err(_) => Sniffed::No,
    }
}

/// The keys of objects, in order, as far as the bytes go.
fn keys(bytes: &[u8]) -> Vec<String> {
    let mut keys = Vec::new();
    let mut rest = bytes;
    while let Some(start) = rest.iter().position(|byte| *byte == b'"') {
        rest = &rest[start + 1..];
        let mut end = 0;
        while end < rest.len() && rest[end] != b'"' {
            end += if rest[end] == b'\\' { 2 } else { 1 };
        }
        let Some(after) = rest.get(end + 1..) else { break };
        if after.trim_ascii_start().first() == Some(&b':') && keys.len() < 10_000 {
            keys.push(String::from_utf8_lossy(&rest[..end]).into_owned());
        }
        rest = after;
    }
    keys
}

impl Reading<'_> {
    pub(super) fn json(&mut self, reader: &mut dyn Read, at: &At) -> Result<(), Stop> {
        let mut pieces = Pieces::new(reader, self.limits.max_message as usize);
        let mut table = Table::default();
        loop {
            let (offset, piece) = match pieces.next() {
                Ok(Some(piece)) => piece,
                Ok(None) => return Ok(()),
                Err(error) => {
                    self.tally.fail(&error, &self.example(at));
                    return Ok(());
                }
            };
            let value: Value = match serde_json::from_slice(&piece) {
                Ok(value) => value,
                Err(error) => {
                    let place = format!("{} at byte {offset}", self.example(at));
                    self.tally.skip(Reason::Damaged, 1, &place, &error.to_string());
                    continue;
                }
            };
            self.value(value, offset, at, &mut table)?;
        }
    }

    /// Reads a value: a row, a conversation, or a document around them.
    fn value(&mut self, value: Value, offset: u64, at: &At, table: &mut Table) -> Result<(), Stop> {
        match value {
            Value::Array(rows) if rows.iter().all(Value::is_object) => {
                self.conversation(&rows, offset, at, table)
            }
            Value::Object(row) if !row.values().any(is_list_of_rows) => {
                self.object(&Value::Object(row), offset, at, table, None)
            }
            Value::Object(mut document) => {
                // People may be numbers in a list beside.
                table.names = document.get("names").and_then(Value::as_array).cloned().unwrap_or_default();
                let largest = document.iter().filter(|(_, own)| is_list_of_rows(own));
                let key = largest
                    .max_by_key(|(_, own)| own.as_array().map_or(0, Vec::len))
                    .map(|(key, _)| key.clone());
                let Some(Value::Array(list)) = key.and_then(|key| document.remove(&key)) else {
                    return Ok(());
                };
                for (n, row) in (0..).zip(list) {
                    match row {
                        Value::Array(rows) => self.conversation(&rows, offset + n, at, table)?,
                        row => self.object(&row, offset + n, at, table, None)?,
                    }
                }
                Ok(())
            }
            _ => self.skip(Reason::NotMail, at, "a value that is no object"),
        }
    }

    /// The messages of a printed chain: the last is the oldest, and each answers the one behind it.
    fn conversation(&mut self, rows: &[Value], offset: u64, at: &At, table: &mut Table) -> Result<(), Stop> {
        table.n_conversations += 1;
        let number = table.n_conversations;
        for (position, row) in rows.iter().enumerate().rev() {
            self.object(row, offset, at, table, Some((number, position)))?;
        }
        Ok(())
    }

    fn object(
        &mut self,
        row: &Value,
        offset: u64,
        at: &At,
        table: &mut Table,
        conversation: Option<(u64, usize)>,
    ) -> Result<(), Stop> {
        let Some(object) = row.as_object() else {
            return self.skip(Reason::NotMail, at, "a value that is no object");
        };
        let names: Vec<String> = object.keys().cloned().collect();
        // Rows may leave keys out, so each chooses for itself.
        let wanted = self.columns;
        let chosen = match Chosen::of(&names, wanted) {
            Ok(chosen) => chosen,
            Err(error) => {
                let place = format!("{} at byte {offset}", self.example(at));
                self.tally.skip(Reason::NotMail, 1, &place, &error.to_string());
                return Ok(());
            }
        };
        if self.tally.columns.len() < 20 {
            self.tally.columns.insert(chosen.to_string());
        }
        let mut cells = Cells::default();
        cells.fill(&chosen, &|field, column| {
            object.get(column).map(|value| texts(value, field, &table.names)).unwrap_or_default()
        });
        if let Some((number, position)) = conversation {
            cells.set(Field::Id, format!("{number}.{position}"));
            cells.set(Field::Thread, number.to_string());
        }
        self.row(&cells, offset, at, &mut table.threads)
    }
}

/// What is known of a table while its rows are read.
#[derive(Default)]
struct Table {
    threads: Threads,
    names: Vec<Value>,
    n_conversations: u64,
}

/// A list of objects, or of lists of objects.
fn is_list_of_rows(value: &Value) -> bool {
    let rows = |list: &[Value]| !list.is_empty() && list.iter().all(Value::is_object);
    let Some(list) = value.as_array() else { return false };
    rows(list) || !list.is_empty() && list.iter().all(|own| own.as_array().is_some_and(|own| rows(own)))
}

/// The texts of a value. A person may be an object with a name and an address, or a number in a list of names.
fn texts(value: &Value, field: Field, names: &[Value]) -> Vec<String> {
    let is_people = matches!(field, Field::From | Field::To | Field::Cc | Field::Bcc);
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => {
            let mut found: Vec<String> = list.iter().flat_map(|own| texts(own, field, names)).collect();
            if is_people && found.len() == 1 {
                // One person stands for itself even with a comma in the name.
                found.push(String::new());
            }
            found
        }
        Value::Number(number) if is_people && !names.is_empty() => {
            let at = number.as_u64().and_then(|at| usize::try_from(at).ok());
            let name = at.and_then(|at| names.get(at)).and_then(Value::as_str);
            vec![name.unwrap_or_default().to_owned(), String::new()]
        }
        Value::Object(person) if is_people => {
            let part = |keys: [&str; 3]| {
                keys.into_iter().find_map(|key| person.get(key)).and_then(Value::as_str).unwrap_or_default()
            };
            let (name, address) =
                (part(["name", "displayName", "Name"]), part(["email", "address", "emailAddress"]));
            vec![format!("{name} <{address}>"), String::new()]
        }
        other => vec![other.to_string()],
    }
}

/// Cuts a stream of JSON into the values at its top, or inside the list that is its top.
struct Pieces<'r> {
    reader: &'r mut dyn Read,
    max: usize,
    buf: Vec<u8>,
    /// Where the value begins in `buf`, where the next byte to be looked at lies, and where `buf` lies in the file.
    start: usize,
    at: usize,
    base: u64,
    in_list: Option<bool>,
    at_end: bool,
}

impl<'r> Pieces<'r> {
    fn new(reader: &'r mut dyn Read, max: usize) -> Pieces<'r> {
        Pieces { reader, max, buf: Vec::new(), start: 0, at: 0, base: 0, in_list: None, at_end: false }
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.buf.len() && !self.at_end {
            self.buf.drain(..self.start);
            self.base += self.start as u64;
            self.at -= self.start;
            self.start = 0;
            let end = self.buf.len();
            self.buf.resize(end + CHUNK, 0);
            let n = self.reader.read(&mut self.buf[end..])?;
            self.buf.truncate(end + n);
            self.at_end = n == 0;
        }
        let byte = self.buf.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        Ok(byte)
    }

    /// The next value and where it begins.
    fn next(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        let first = loop {
            self.start = self.at;
            let Some(byte) = self.byte()? else { return Ok(None) };
            match byte {
                b',' | b' ' | b'\n' | b'\r' | b'\t' | 0xEF | 0xBB | 0xBF => {}
                b'[' if self.in_list.is_none() => self.in_list = Some(true),
                b']' if self.in_list == Some(true) => {}
                _ => break byte,
            }
        };
        self.in_list.get_or_insert(false);
        self.at -= 1;
        let offset = self.base + self.start as u64;
        let max = if self.in_list == Some(true) { self.max } else { self.max.min(MAX_DOCUMENT) };
        let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
        loop {
            let Some(byte) = self.byte()? else {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a value that is not closed"));
            };
            if self.at - self.start > max {
                return Err(io::Error::other("a value longer than a message may be"));
            }
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' if in_string => is_escaped = true,
                b'"' => in_string = !in_string,
                _ if in_string => {}
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            let is_scalar = !matches!(first, b'{' | b'[' | b'"');
            if depth == 0 && !in_string && (!is_scalar || matches!(byte, b'\n' | b',' | b']')) {
                let piece = self.buf[self.start..self.at].to_vec();
                return Ok(Some((offset, piece)));
            }
        }
    }
}
