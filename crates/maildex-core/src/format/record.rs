//! Records: what is known of messages beside their texts, in thread order, column by column, so that what resembles
//! itself stands together: a block is a third smaller than rows are.
//!
//! ```text
//! block = zstd frame under the records dictionary of { count, columns }
//! ```
//! Who writes with the same program to the same list sends the same fields in the same order; of such a *shape* only
//! what differs from message to message is written again. What the message's line says is left out.

mod shape;

use self::shape::{ShapeWriter, Shapes};
use super::bytes::{ByteReader, ByteWriter};
use super::frame::Frames;
use super::kept::{Piece, put_pieces, take_pieces};
use super::line::Line;
use crate::error::{Error, Outcome, corrupt};

/// A block is closed at so many records.
pub const RECORDS: usize = 128;
/// And once its columns have so many bytes.
pub const BLOCK: usize = 64 << 10;

/// A name and an address as written in a header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The display name; may be empty.
    pub name: String,
    /// The address; may be empty.
    pub address: String,
}

/// A part that is not the body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// The file name; may be empty.
    pub name: String,
    /// The type, as `image/png`.
    pub mime: String,
    /// Decoded bytes.
    pub size: u64,
    /// Shown inside the body.
    pub inline: bool,
    /// What the HTML calls it behind `cid:`; empty for what is not inline.
    pub content_id: String,
    /// SHA-256 of the decoded bytes.
    pub sha256: [u8; 32],
    /// Where these bytes are, if the archive keeps them.
    pub kept: Option<Vec<Piece>>,
}

/// Where a message was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The input.
    pub source: String,
    /// The file in it.
    pub path: String,
    /// Bytes from the start of that file.
    pub offset: u64,
    /// The mail folder.
    pub folder: String,
}

/// Something its reader should know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remark {
    /// The kind, a short word.
    pub kind: String,
    /// What exactly.
    pub detail: String,
}

/// A message as it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// The public key.
    pub key: u64,
    /// The Message-ID without brackets; may be empty.
    pub message_id: String,
    /// The Date header in seconds since 1970.
    pub date: Option<i64>,
    /// Its zone, minutes east of UTC.
    pub zone: Option<i16>,
    /// Bytes of the raw message.
    pub size: u64,
    /// Sender.
    pub from: Vec<Person>,
    /// To.
    pub to: Vec<Person>,
    /// Cc.
    pub cc: Vec<Person>,
    /// Bcc.
    pub bcc: Vec<Person>,
    /// The whole subject.
    pub subject: String,
    /// The other kept headers, decoded, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub text: String,
    /// Attachments.
    pub attachments: Vec<Attachment>,
    /// Where the raw message is, if the archive keeps it.
    pub original: Option<Vec<Piece>>,
    /// Every place the message was found at, copies included.
    pub places: Vec<Place>,
    /// Damage and guesses.
    pub remarks: Vec<Remark>,
}

/// There is a Date header that can be read.
const DATED: u8 = 1;
/// Its date is the one in the message's line.
const DATE_IN_LINE: u8 = 2;
/// There is a zone.
const ZONED: u8 = 4;
/// The subject is the one in the message's line.
const SUBJECT_IN_LINE: u8 = 8;

/// Columns of a block, in order.
#[derive(Debug, Default)]
struct Columns<T> {
    /// The lowest byte of the key: a line that leads elsewhere is noticed.
    checks: T,
    flags: T,
    shapes: T,
    /// Message-IDs, and the values of fields that are not of the shape.
    values: T,
    recipients: T,
    subjects: T,
    numbers: T,
    places: T,
    offsets: T,
    rest: T,
}

impl<T> Columns<T> {
    fn each(&mut self) -> [&mut T; 10] {
        let Columns { checks, flags, shapes, values, recipients, subjects, numbers, places, offsets, rest } =
            self;
        [checks, flags, shapes, values, recipients, subjects, numbers, places, offsets, rest]
    }
}

/// Collects the records of a block.
#[derive(Debug, Default)]
pub struct RecordWriter {
    n: usize,
    columns: Columns<ByteWriter>,
    shapes: ShapeWriter,
}

impl RecordWriter {
    /// Adds a record, whose text goes elsewhere. The message's line says `ordering_date`, and the subject if
    /// `subject_in_line`; what is equal there is left out here.
    pub fn add(&mut self, record: &Record, ordering_date: Option<i64>, subject_in_line: bool) {
        self.n += 1;
        let date_in_line = record.date.is_some() && record.date == ordering_date;
        let flags = [
            (record.date.is_some(), DATED),
            (date_in_line, DATE_IN_LINE),
            (record.zone.is_some(), ZONED),
            (subject_in_line, SUBJECT_IN_LINE),
        ];
        let out = &mut self.columns;
        out.checks.u8(record.key as u8);
        out.flags.u8(flags.into_iter().filter(|(set, _)| *set).fold(0, |all, (_, flag)| all | flag));
        put_text(&mut out.values, &record.message_id);
        self.shapes.add(record, &mut out.shapes, &mut out.values);
        for people in [&record.to, &record.cc, &record.bcc] {
            put_people(&mut out.recipients, people);
        }
        if !subject_in_line {
            put_text(&mut out.subjects, &record.subject);
        }
        out.numbers.varint(record.size);
        if let (Some(date), false) = (record.date, date_in_line) {
            out.numbers.signed(date);
        }
        if let Some(zone) = record.zone {
            out.numbers.signed(i64::from(zone));
        }
        out.places.varint(record.places.len() as u64);
        for place in &record.places {
            for text in [&place.source, &place.path, &place.folder] {
                put_text(&mut out.places, text);
            }
            out.offsets.varint(place.offset);
        }
        put_rest(&mut out.rest, record);
    }

    /// How many records were added.
    pub fn len(&self) -> usize {
        self.n
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// Whether the block is to be closed.
    pub fn is_full(&mut self) -> bool {
        let bytes: usize = self.columns.each().iter().map(|column| column.len()).sum();
        self.n >= RECORDS || bytes + self.shapes.len() >= BLOCK
    }

    /// The content of the block.
    pub fn finish(mut self) -> Vec<u8> {
        let mut out = ByteWriter::new();
        out.varint(self.n as u64);
        self.columns.each().iter().for_each(|column| out.varint(column.len() as u64));
        self.columns.each().iter().for_each(|column| out.out.extend_from_slice(&column.out));
        out.out.extend_from_slice(&self.shapes.into_bytes());
        out.into_bytes()
    }
}

fn put_rest(out: &mut ByteWriter, record: &Record) {
    out.varint(record.attachments.len() as u64);
    for part in &record.attachments {
        put_text(out, &part.name);
        put_text(out, &part.mime);
        out.varint(part.size);
        out.u8(u8::from(part.inline));
        put_text(out, &part.content_id);
        out.out.extend_from_slice(&part.sha256);
        put_pieces(out, part.kept.as_deref());
    }
    put_pieces(out, record.original.as_deref());
    out.varint(record.remarks.len() as u64);
    for remark in &record.remarks {
        put_text(out, &remark.kind);
        put_text(out, &remark.detail);
    }
}

fn put_people(out: &mut ByteWriter, people: &[Person]) {
    out.varint(people.len() as u64);
    for person in people {
        put_text(out, &person.name);
        put_text(out, &person.address);
    }
}

/// A text up to a zero byte, which compresses better than a length before it; the bytes 0 and 1 in it become 1 1 and 1 2.
fn put_text(out: &mut ByteWriter, text: &str) {
    for byte in text.bytes() {
        match byte {
            0 | 1 => out.out.extend_from_slice(&[1, byte + 1]),
            _ => out.u8(byte),
        }
    }
    out.u8(0);
}

/// Reads a text; an empty one if it is not wanted.
fn take_text(bytes: &mut ByteReader<'_>, wanted: bool) -> Result<String, Error> {
    let Some(n) = bytes.rest().iter().position(|byte| *byte == 0) else { return corrupt("record") };
    let coded = bytes.take(n)?;
    bytes.u8()?;
    if !wanted {
        return Ok(String::new());
    }
    let mut text = Vec::with_capacity(n);
    let mut coded = coded.iter();
    while let Some(&byte) = coded.next() {
        text.push(match byte {
            1 => match coded.next() {
                Some(byte @ 1..=2) => byte - 1,
                _ => return corrupt("record"),
            },
            _ => byte,
        });
    }
    String::from_utf8(text).or(corrupt("record"))
}

/// A list of things that take at least `least` bytes each; an empty one if it is not wanted.
fn take_all<T>(
    bytes: &mut ByteReader<'_>,
    least: usize,
    wanted: bool,
    mut take: impl FnMut(&mut ByteReader<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut all = Vec::new();
    for _ in 0..bytes.count(least)? {
        let item = take(bytes)?;
        if wanted {
            all.push(item);
        }
    }
    Ok(all)
}

fn take_people(bytes: &mut ByteReader<'_>, wanted: bool) -> Result<Vec<Person>, Error> {
    take_all(bytes, 2, wanted, |bytes| {
        Ok(Person { name: take_text(bytes, wanted)?, address: take_text(bytes, wanted)? })
    })
}

/// What a record is read for.
enum Aim<'a> {
    /// To come to the next.
    Pass,
    /// All of it: the one that this line leads to, which says the rest.
    Of(&'a Line),
    /// What of it needs no line but the ordering date.
    #[cfg(feature = "scan")]
    Dated(Option<i64>),
}

/// Reads the record with this index in a block; its message's line says the rest. The text is left empty.
fn read(content: &[u8], index: u64, line: &Line) -> Result<Record, Error> {
    let (n, mut columns, mut shapes) = open(content)?;
    if index >= n {
        return corrupt("record");
    }
    for _ in 0..index {
        next(&mut columns, &mut shapes, &Aim::Pass)?;
    }
    next(&mut columns, &mut shapes, &Aim::Of(line))
}

/// How many records a block holds, its columns, and its shapes.
fn open(content: &[u8]) -> Result<(u64, Columns<ByteReader<'_>>, Shapes<'_>), Error> {
    let mut bytes = ByteReader::new(content, "record");
    let n = bytes.varint()?;
    let mut lengths = [0u64; 10];
    for length in &mut lengths {
        *length = bytes.varint()?;
    }
    let empty = || ByteReader::new(&[], "record");
    let mut columns = Columns {
        checks: empty(),
        flags: empty(),
        shapes: empty(),
        values: empty(),
        recipients: empty(),
        subjects: empty(),
        numbers: empty(),
        places: empty(),
        offsets: empty(),
        rest: empty(),
    };
    for (column, length) in columns.each().into_iter().zip(lengths) {
        *column = ByteReader::new(bytes.take(usize::try_from(length).or(corrupt("record"))?)?, "record");
    }
    Ok((n, columns, Shapes::new(bytes)))
}

/// Takes the next record from all columns; one that is not wanted is not filled.
fn next(
    columns: &mut Columns<ByteReader<'_>>,
    shapes: &mut Shapes<'_>,
    aim: &Aim<'_>,
) -> Result<Record, Error> {
    let (check, flags) = (columns.checks.u8()?, columns.flags.u8()?);
    let wanted = !matches!(aim, Aim::Pass);
    let (key, ordering_date, subject) = match aim {
        Aim::Pass => (0, None, ""),
        Aim::Of(line) if check != line.key as u8 => {
            return corrupt("a line leads to another message's record");
        }
        Aim::Of(line) => (line.key, line.date, line.subject.as_str()),
        #[cfg(feature = "scan")]
        Aim::Dated(date) => (0, *date, ""),
    };
    let size = columns.numbers.varint()?;
    let date = match flags & (DATED | DATE_IN_LINE) {
        DATED => Some(columns.numbers.signed()?),
        0 | DATE_IN_LINE => None,
        _ => ordering_date,
    };
    let zone = match flags & ZONED {
        0 => None,
        _ => Some(i16::try_from(columns.numbers.signed()?).or(corrupt("record"))?),
    };
    let mut record = Record { key, message_id: take_text(&mut columns.values, wanted)?, ..Record::default() };
    (record.date, record.zone, record.size) = (date, zone, size);
    shapes.take(&mut columns.shapes, &mut columns.values, &mut record, wanted)?;
    for people in [&mut record.to, &mut record.cc, &mut record.bcc] {
        *people = take_people(&mut columns.recipients, wanted)?;
    }
    record.subject = match flags & SUBJECT_IN_LINE {
        0 => take_text(&mut columns.subjects, wanted)?,
        _ => subject.to_owned(),
    };
    let offsets = &mut columns.offsets;
    record.places = take_all(&mut columns.places, 3, wanted, |bytes| {
        let (source, path) = (take_text(bytes, wanted)?, take_text(bytes, wanted)?);
        Ok(Place { source, path, offset: offsets.varint()?, folder: take_text(bytes, wanted)? })
    })?;
    record.attachments = take_all(&mut columns.rest, 38, wanted, |bytes| take_attachment(bytes, wanted))?;
    record.original = take_pieces(&mut columns.rest, wanted)?;
    record.remarks = take_all(&mut columns.rest, 2, wanted, |bytes| {
        Ok(Remark { kind: take_text(bytes, wanted)?, detail: take_text(bytes, wanted)? })
    })?;
    Ok(record)
}

fn take_attachment(bytes: &mut ByteReader<'_>, wanted: bool) -> Result<Attachment, Error> {
    let (name, mime, size) = (take_text(bytes, wanted)?, take_text(bytes, wanted)?, bytes.varint()?);
    let inline = bytes.u8()? != 0;
    let content_id = take_text(bytes, wanted)?;
    let sha256 = bytes.take(32)?.try_into().or(corrupt("record"))?;
    Ok(Attachment { name, mime, size, inline, content_id, sha256, kept: take_pieces(bytes, wanted)? })
}

/// The record that a line leads to, without its text.
pub(crate) fn read_record(frames: &Frames<'_>, line: &Line) -> Outcome<Record> {
    let (first, content) = frames.content(line.place)?;
    Ok(read(&content, u64::from(line.place) - first, line)?)
}

/// The first `n` records of a block, without their texts. `dates` are their ordering dates, without which Date headers
/// are left empty; so are subjects that are in the line.
#[cfg(feature = "scan")]
pub(crate) fn read_block(
    content: &[u8],
    n: usize,
    dates: Option<&[Option<i64>]>,
) -> Result<Vec<Record>, Error> {
    let (_, mut columns, mut shapes) = open(content)?;
    shapes.without_dates = dates.is_none();
    let date = |index: usize| dates.and_then(|dates| dates.get(index).copied().flatten());
    (0..n).map(|index| next(&mut columns, &mut shapes, &Aim::Dated(date(index)))).collect()
}

/// The first records of a block, without their texts; `lines` are those of their messages.
#[cfg(feature = "scan")]
pub(crate) fn read_records(content: &[u8], lines: &[Line]) -> Result<Vec<Record>, Error> {
    let (_, mut columns, mut shapes) = open(content)?;
    lines.iter().map(|line| next(&mut columns, &mut shapes, &Aim::Of(line))).collect()
}

#[cfg(test)]
mod tests;
