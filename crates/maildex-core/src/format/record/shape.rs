//! Shapes: the senders and fields that messages of a block have in common, each written once.
//!
//! ```text
//! shape = people From, count fields, { text name  u8 how  text value if how = 0 }
//! how     0 the value is the shape's; 1 it is in the column of values; 2 there as a date
//! date  = u8 form, then its text: form 0 the value; 1 none; 2 what follows the zone and a blank; 3 what follows the time;
//!         16 more if a day below 10 has one digit
//! ```
//! A record names its shape by how many shapes back it was first used, 0 for a new one.

use super::super::bytes::{ByteReader, ByteWriter};
use super::{Record, put_people, put_text, take_people, take_text};
use crate::error::{Error, corrupt};
use crate::query::Day;
use std::collections::BTreeMap;

/// Fields whose values differ from message to message.
const OWN: [&str; 22] = [
    "archived-at",
    "delivered-to",
    "in-reply-to",
    "keywords",
    "message-id",
    "original-message-id",
    "references",
    "resent-message-id",
    "resent-to",
    "return-path",
    "subject",
    "supersedes",
    "thread-index",
    "thread-topic",
    "to",
    "cc",
    "x-cc",
    "x-filename",
    "x-folder",
    "x-gm-thrid",
    "x-gmail-labels",
    "x-to",
];

const SHAPE: u8 = 0;
const VALUE: u8 = 1;
const DATE: u8 = 2;

fn how(name: &str) -> u8 {
    let is = |own: &&str| name.eq_ignore_ascii_case(own);
    match name {
        _ if is(&"date") => DATE,
        _ if OWN.iter().any(is) => VALUE,
        _ => SHAPE,
    }
}

/// Collects the shapes of a block.
#[derive(Debug, Default)]
pub(super) struct ShapeWriter {
    known: BTreeMap<Vec<u8>, u64>,
    out: ByteWriter,
}

impl ShapeWriter {
    /// Adds a record: which shape it has, and the values that are not of the shape.
    pub(super) fn add(&mut self, record: &Record, shapes: &mut ByteWriter, values: &mut ByteWriter) {
        let mut own = ByteWriter::new();
        put_people(&mut own, &record.from);
        own.varint(record.headers.len() as u64);
        for (name, value) in &record.headers {
            let how = how(name);
            put_text(&mut own, name);
            own.u8(how);
            match how {
                SHAPE => put_text(&mut own, value),
                VALUE => put_text(values, value),
                _ => put_date(values, value, record),
            }
        }
        let own = own.into_bytes();
        let n = self.known.len() as u64;
        if let Some(index) = self.known.get(&own) {
            return shapes.varint(n - index);
        }
        shapes.varint(0);
        self.out.out.extend_from_slice(&own);
        self.known.insert(own, n);
    }

    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.out.into_bytes()
    }
}

/// The shapes of a block that is being read.
pub(super) struct Shapes<'a> {
    bytes: ByteReader<'a>,
    /// Where each that was used begins, and how the values come that are not its own.
    known: Vec<(ByteReader<'a>, Vec<u8>)>,
    /// Whether values that come as dates are passed over.
    pub(super) without_dates: bool,
}

impl<'a> Shapes<'a> {
    pub(super) fn new(bytes: ByteReader<'a>) -> Shapes<'a> {
        Shapes { bytes, known: Vec::new(), without_dates: false }
    }

    /// Takes what the next record has of its shape, with the values that the shape does not have.
    pub(super) fn take(
        &mut self,
        shapes: &mut ByteReader<'_>,
        values: &mut ByteReader<'_>,
        record: &mut Record,
        wanted: bool,
    ) -> Result<(), Error> {
        let back = shapes.varint()?;
        if back == 0 {
            let start = self.bytes.clone();
            let mut hows = Vec::new();
            fields(&mut self.bytes, false, |_, how, _| {
                hows.extend((how != SHAPE).then_some(how));
                Ok(())
            })?;
            self.known.push((start, hows));
        }
        let Some(at) = (self.known.len() as u64).checked_sub(back.max(1)) else { return corrupt("record") };
        let (start, hows) = &self.known[at as usize];
        if !wanted {
            return hows.iter().try_for_each(|how| take_value(values, *how, record, false).map(drop));
        }
        let mut start = start.clone();
        record.from = take_people(&mut start.clone(), true)?;
        let mut headers = Vec::new();
        fields(&mut start, true, |name, how, value| {
            let wanted = how != DATE || !self.without_dates;
            let value = if how == SHAPE { value } else { take_value(values, how, record, wanted)? };
            headers.push((name, value));
            Ok(())
        })?;
        record.headers = headers;
        Ok(())
    }
}

/// Reads a shape and visits its fields: name, how, and the value if it is the shape's.
fn fields(
    bytes: &mut ByteReader<'_>,
    wanted: bool,
    mut visit: impl FnMut(String, u8, String) -> Result<(), Error>,
) -> Result<(), Error> {
    take_people(bytes, false)?;
    for _ in 0..bytes.count(2)? {
        let (name, how) = (take_text(bytes, wanted)?, bytes.u8()?);
        let value = if how == SHAPE { take_text(bytes, wanted)? } else { String::new() };
        visit(name, how, value)?;
    }
    Ok(())
}

fn take_value(values: &mut ByteReader<'_>, how: u8, record: &Record, wanted: bool) -> Result<String, Error> {
    match how {
        VALUE => take_text(values, wanted),
        DATE => take_date(values, record, wanted),
        _ => corrupt("record"),
    }
}

/// Set if a day below 10 has one digit.
const ONE_DIGIT: u8 = 16;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// A date up to its seconds as most programs write it (RFC 5322, 3.3), and the zone.
fn spelled(record: &Record, one_digit: bool) -> Option<(String, String)> {
    let zone = i64::from(record.zone?);
    // Four digits of the year: from 0001 to 9999.
    let local = record.date?.checked_add(zone * 60)?;
    let (number, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
    if !(-719_162..=2_932_896).contains(&number) {
        return None;
    }
    let day = Day::from_number(number);
    let weekday = WEEKDAYS[number.rem_euclid(7) as usize];
    let month = MONTHS[usize::from(day.month) - 1];
    let width = if one_digit { 1 } else { 2 };
    let (hour, minute) = (second / 3600, second / 60 % 60);
    let time = format!(
        "{weekday}, {:0width$} {month} {:04} {hour:02}:{minute:02}:{:02}",
        day.day,
        day.year,
        second % 60
    );
    let sign = if zone < 0 { '-' } else { '+' };
    Some((time, format!(" {sign}{:02}{:02}", zone.abs() / 60, zone.abs() % 60)))
}

fn put_date(out: &mut ByteWriter, value: &str, record: &Record) {
    for one_digit in [0, ONE_DIGIT] {
        let Some((time, zone)) = spelled(record, one_digit > 0) else { break };
        let Some(rest) = value.strip_prefix(&time) else { continue };
        let Some(comment) = rest.strip_prefix(&zone) else {
            out.u8(3 + one_digit);
            return put_text(out, rest);
        };
        if comment.is_empty() {
            return out.u8(1 + one_digit);
        }
        if let Some(comment) = comment.strip_prefix(' ') {
            out.u8(2 + one_digit);
            return put_text(out, comment);
        }
        out.u8(3 + one_digit);
        return put_text(out, rest);
    }
    out.u8(0);
    put_text(out, value);
}

fn take_date(bytes: &mut ByteReader<'_>, record: &Record, wanted: bool) -> Result<String, Error> {
    let form = bytes.u8()?;
    let text = if form % ONE_DIGIT == 1 { String::new() } else { take_text(bytes, wanted)? };
    if form == 0 || !wanted {
        return Ok(text);
    }
    let Some((time, zone)) = spelled(record, form >= ONE_DIGIT) else { return corrupt("record") };
    match form % ONE_DIGIT {
        1 => Ok(time + &zone),
        2 => Ok(format!("{time}{zone} {text}")),
        3 => Ok(time + &text),
        _ => corrupt("record"),
    }
}
