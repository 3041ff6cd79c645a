//! Records: a message as it is read, headers, text and all; in thread order, because a thread quotes itself, many to a
//! block, compressed under a dictionary trained on the archive's own texts.
//!
//! ```text
//! block  = zstd frame of { varint record bytes } records
//! html   = zstd frame of { varint place  varint bytes } texts
//! ```

use super::block::{Resident, SectionId};
use super::bytes::{ByteReader, ByteWriter};
use super::directory::Root;
use super::zstd::Decoder;
use crate::error::{Error, Outcome, corrupt};

/// A block is closed once it holds so many bytes: ten snippets then cost some 100 KB.
pub const BLOCK: usize = 24 << 10;

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
    /// SHA-256 of the decoded bytes.
    pub sha256: [u8; 32],
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
    /// Every place the message was found at, copies included.
    pub places: Vec<Place>,
    /// Damage and guesses.
    pub remarks: Vec<Remark>,
}

/// The bytes of a record.
pub fn write_record(record: &Record) -> Vec<u8> {
    let mut out = ByteWriter::new();
    out.u64(record.key);
    out.u8(u8::from(record.date.is_some()) | u8::from(record.zone.is_some()) << 1);
    if let Some(date) = record.date {
        out.signed(date);
    }
    if let Some(zone) = record.zone {
        out.signed(i64::from(zone));
    }
    out.varint(record.size);
    out.str(&record.message_id);
    for people in [&record.from, &record.to, &record.cc, &record.bcc] {
        write_all(&mut out, people, |out, person| {
            out.str(&person.name);
            out.str(&person.address);
        });
    }
    out.str(&record.subject);
    write_all(&mut out, &record.headers, |out, (name, value)| {
        out.str(name);
        out.str(value);
    });
    write_all(&mut out, &record.attachments, |out, part| {
        out.str(&part.name);
        out.str(&part.mime);
        out.varint(part.size);
        out.u8(u8::from(part.inline));
        out.out.extend_from_slice(&part.sha256);
    });
    write_all(&mut out, &record.places, |out, place| {
        out.str(&place.source);
        out.str(&place.path);
        out.varint(place.offset);
        out.str(&place.folder);
    });
    write_all(&mut out, &record.remarks, |out, remark| {
        out.str(&remark.kind);
        out.str(&remark.detail);
    });
    out.str(&record.text);
    out.into_bytes()
}

fn write_all<T>(out: &mut ByteWriter, items: &[T], mut write: impl FnMut(&mut ByteWriter, &T)) {
    out.varint(items.len() as u64);
    items.iter().for_each(|item| write(out, item));
}

/// Reads a record.
///
/// # Errors
/// If the bytes are not those of a record.
pub fn read_record(bytes: &[u8]) -> Result<Record, Error> {
    let mut bytes = ByteReader::new(bytes, "record");
    let key = bytes.u64()?;
    let flags = bytes.u8()?;
    let date = if flags & 1 != 0 { Some(bytes.signed()?) } else { None };
    let zone =
        if flags & 2 != 0 { Some(i16::try_from(bytes.signed()?).or(corrupt("record"))?) } else { None };
    let size = bytes.varint()?;
    let message_id = bytes.str()?.to_owned();
    let mut people = || read_all(&mut bytes, 2, |b| Ok(Person { name: text(b)?, address: text(b)? }));
    let (from, to, cc, bcc) = (people()?, people()?, people()?, people()?);
    Ok(Record {
        key,
        message_id,
        date,
        zone,
        size,
        from,
        to,
        cc,
        bcc,
        subject: text(&mut bytes)?,
        headers: read_all(&mut bytes, 2, |b| Ok((text(b)?, text(b)?)))?,
        attachments: read_all(&mut bytes, 36, read_attachment)?,
        places: read_all(&mut bytes, 4, |b| {
            Ok(Place { source: text(b)?, path: text(b)?, offset: b.varint()?, folder: text(b)? })
        })?,
        remarks: read_all(&mut bytes, 2, |b| Ok(Remark { kind: text(b)?, detail: text(b)? }))?,
        text: text(&mut bytes)?,
    })
}

fn text(bytes: &mut ByteReader<'_>) -> Result<String, Error> {
    bytes.str().map(str::to_owned)
}

fn read_attachment(bytes: &mut ByteReader<'_>) -> Result<Attachment, Error> {
    let (name, mime, size) = (text(bytes)?, text(bytes)?, bytes.varint()?);
    let inline = bytes.u8()? != 0;
    let sha256 = bytes.take(32)?.try_into().or(corrupt("record"))?;
    Ok(Attachment { name, mime, size, inline, sha256 })
}

fn read_all<T>(
    bytes: &mut ByteReader<'_>,
    least: usize,
    mut read: impl FnMut(&mut ByteReader<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    (0..bytes.count(least)?).map(|_| read(bytes)).collect()
}

/// The content of a block of records.
pub fn block_content(records: &[Vec<u8>]) -> Vec<u8> {
    let mut out = ByteWriter::new();
    records.iter().for_each(|record| out.varint(record.len() as u64));
    records.iter().for_each(|record| out.out.extend_from_slice(record));
    out.into_bytes()
}

/// The content of a block of HTML texts, each with its place in thread order.
pub fn html_content(texts: &[(u32, String)]) -> Vec<u8> {
    let mut out = ByteWriter::new();
    out.varint(texts.len() as u64);
    for (place, text) in texts {
        out.varint(u64::from(*place));
        out.varint(text.len() as u64);
    }
    texts.iter().for_each(|(_, text)| out.out.extend_from_slice(text.as_bytes()));
    out.into_bytes()
}

/// What a block needs to be read.
#[derive(Debug)]
pub(crate) struct Blocks<'a> {
    pub(crate) resident: &'a Resident,
    pub(crate) root: &'a Root,
    pub(crate) section: SectionId,
    pub(crate) decoder: &'a Decoder,
}

impl Blocks<'_> {
    /// The content of the block that holds `place`, and the first place in it.
    pub(crate) fn content(&self, place: u32) -> Outcome<(u64, Vec<u8>)> {
        let located = self.root.locate(self.resident, u64::from(place))?;
        let frame = self.resident.variable(self.section, located.offset, located.length)?;
        Ok((located.first, self.decoder.unpack(frame, self.section.name())?))
    }

    /// The record at `place`.
    pub(crate) fn record(&self, place: u32) -> Outcome<Record> {
        let (first, content) = self.content(place)?;
        let mut bytes = ByteReader::new(&content, "record");
        // The lengths stand before the records; how many there are is known when all has been taken.
        let (mut index, mut sum, mut own) = (first, 0u64, None);
        while sum < bytes.rest().len() as u64 {
            let length = bytes.varint()?;
            if index == u64::from(place) {
                own = Some((sum, length));
            }
            sum = sum.saturating_add(length);
            index += 1;
        }
        let Some((before, length)) = own else { return Ok(corrupt("record")?) };
        bytes.take(usize::try_from(before).or(corrupt("record"))?)?;
        Ok(read_record(bytes.take(usize::try_from(length).or(corrupt("record"))?)?)?)
    }

    /// The HTML text of `place`, if it has one.
    pub(crate) fn html(&self, place: u32) -> Outcome<Option<String>> {
        let (_, content) = self.content(place)?;
        let mut bytes = ByteReader::new(&content, "html");
        let n = bytes.count(2)?;
        let rows: Vec<(u64, u64)> =
            (0..n).map(|_| Ok((bytes.varint()?, bytes.varint()?))).collect::<Result<_, Error>>()?;
        for (at, length) in rows {
            let text = bytes.take(usize::try_from(length).or(corrupt("html"))?)?;
            if at == u64::from(place) {
                return Ok(Some(core::str::from_utf8(text).or(corrupt("html"))?.to_owned()));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
