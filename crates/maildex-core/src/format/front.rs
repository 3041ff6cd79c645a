//! The front: what opening reads, and nothing else. It stands at the start of the blob.
//!
//! ```text
//! 0  8  "MAILDEX" and a zero byte
//! 8  2  format version
//! 10 1  kind of the segment's messages (0 message, 1 quoted, 2 placeholder)
//! 11 1  zero
//! 12 4  bytes of the content that follows
//! 16    content, then the CRC-32 of all before it
//! ```

use super::block::{MIN_FIXED, Section, SectionId};
use super::bytes::{ByteReader, ByteWriter};
use super::column::Column;
use super::dictionary::Top;
use super::directory::Root;
use crate::error::{Error, corrupt};
use crate::format::checksum::checksum;

/// The version this code writes; it reads all up to this one.
pub const VERSION: u16 = 1;
const MAGIC: [u8; 8] = *b"MAILDEX\0";
/// Bytes before the content.
pub const HEADER: usize = 16;

/// What a segment's messages are. Each kind has segments of its own, so that counts and lists never mix them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageKind {
    /// It is here.
    #[default]
    Message = 0,
    /// Known only from inside another.
    Quoted = 1,
    /// Named but not here.
    Placeholder = 2,
}

impl MessageKind {
    /// The name in manifests and after `kind:`.
    pub fn name(self) -> &'static str {
        match self {
            MessageKind::Message => "message",
            MessageKind::Quoted => "quoted",
            MessageKind::Placeholder => "placeholder",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<MessageKind> {
        let all = [MessageKind::Message, MessageKind::Quoted, MessageKind::Placeholder];
        all.into_iter().find(|kind| kind.name() == name)
    }
}

/// Everything that opening reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Front {
    /// What the messages are.
    pub kind: MessageKind,
    /// How many.
    pub n_docs: u32,
    /// How many of them, the first, have no date.
    pub n_undated: u32,
    /// The first date, in seconds since 1970.
    pub first_date: i64,
    /// The last date.
    pub last_date: i64,
    /// How many threads.
    pub n_threads: u32,
    /// Changes of the archive's zone: seconds since 1970 and seconds east of UTC from then on.
    pub zone: Vec<(i64, i32)>,
    /// Where everything lies.
    pub sections: Vec<Section>,
    /// The dictionary's top index.
    pub top: Top,
    /// The columns.
    pub columns: Vec<Column>,
    /// The ordering date of every 1,024th message, as in the date column.
    pub date_samples: Vec<u32>,
    /// The table that leads to threads.
    pub trees: Root,
    /// The table that leads to texts.
    pub texts: Root,
    /// The table that leads to records.
    pub records: Root,
    /// The table that leads to HTML.
    pub html: Root,
    /// The compression dictionary of the lines.
    pub lines_dictionary: Vec<u8>,
}

/// No segment has more messages.
pub const MAX_DOCS: u32 = 1 << 30;
/// Seconds before and after 1970 that a date may lie: eight million years, so that sums of dates never run over.
const MAX_DATE: i64 = 1 << 48;

/// How many messages lie between two date samples; the run of a column.
pub const SAMPLE: u32 = 1024;

/// The front's bytes. Section starts are counted from the end of the front here, because its own length moves them.
pub fn write_front(front: &Front) -> Vec<u8> {
    let mut content = ByteWriter::new();
    content.varint(u64::from(front.n_docs));
    content.varint(u64::from(front.n_undated));
    content.varint(u64::from(front.n_threads));
    content.signed(front.first_date);
    content.signed(front.last_date);
    content.varint(front.zone.len() as u64);
    for (at, offset) in &front.zone {
        content.signed(*at);
        content.signed(i64::from(*offset));
    }
    content.varint(front.sections.len() as u64);
    for section in &front.sections {
        content.u8(section.id as u8);
        content.varint(section.start);
        content.varint(section.length);
        content.varint(u64::from(section.payload));
    }
    front.top.write(&mut content);
    content.varint(front.columns.len() as u64);
    front.columns.iter().for_each(|column| column.write(&mut content));
    content.varint(front.date_samples.len() as u64);
    let mut previous = 0;
    for &sample in &front.date_samples {
        content.varint(u64::from(sample - previous));
        previous = sample;
    }
    for root in [&front.trees, &front.texts, &front.records, &front.html] {
        root.write(&mut content);
    }
    content.bytes(&front.lines_dictionary);
    let content = content.into_bytes();
    let mut out = ByteWriter::new();
    out.out.extend_from_slice(&MAGIC);
    out.u16(VERSION);
    out.u8(front.kind as u8);
    out.u8(0);
    out.u32(u32::try_from(content.len()).expect("a front is some kilobytes"));
    out.out.extend_from_slice(&content);
    let sum = checksum(&out.out);
    out.u32(sum);
    out.into_bytes()
}

/// Reads a front from the first bytes of a blob; `bytes` may go on behind it.
///
/// # Errors
/// If they are not those of an archive, of a later version, damaged or impossible.
pub fn read_front(bytes: &[u8]) -> Result<Front, Error> {
    let mut header = ByteReader::new(bytes, "front");
    if header.take(8).ok() != Some(&MAGIC) {
        return Err(Error::NotAnArchive);
    }
    let version = header.u16()?;
    if version == 0 || version > VERSION {
        return Err(Error::Version { expected: VERSION, found: version });
    }
    let kind = match header.u8()? {
        0 => MessageKind::Message,
        1 => MessageKind::Quoted,
        2 => MessageKind::Placeholder,
        _ => return corrupt("front"),
    };
    header.u8()?;
    let n = header.u32()? as usize;
    let content = header.take(n)?;
    if header.u32()? != checksum(&bytes[..HEADER + n]) {
        return Err(Error::Checksum { section: "front", offset: 0 });
    }
    let end = (HEADER + n + 4) as u64;
    read_content(&mut ByteReader::new(content, "front"), kind, end)
}

fn read_content(bytes: &mut ByteReader<'_>, kind: MessageKind, front_end: u64) -> Result<Front, Error> {
    let (n_docs, n_undated, n_threads) = (bytes.u32_varint()?, bytes.u32_varint()?, bytes.u32_varint()?);
    let (first_date, last_date) = (bytes.signed()?, bytes.signed()?);
    if n_undated > n_docs || first_date > last_date || n_docs > MAX_DOCS {
        return corrupt("front");
    }
    if first_date < -MAX_DATE || last_date > MAX_DATE {
        return corrupt("dates");
    }
    let zone = (0..bytes.count(2)?)
        .map(|_| Ok((bytes.signed()?, i32::try_from(bytes.signed()?).or(corrupt("zone"))?)))
        .collect::<Result<Vec<_>, Error>>()?;
    let mut sections = Vec::new();
    for _ in 0..bytes.count(4)? {
        let (id, start, length) = (bytes.u8()?, bytes.varint()?, bytes.varint()?);
        let payload = bytes.u32_varint()?;
        if start.checked_add(length).is_none_or(|end| end > 1 << 48)
            || payload > 1 << 24
            || (1..MIN_FIXED).contains(&payload)
        {
            return corrupt("section table");
        }
        if let Some(id) = SectionId::from_u8(id) {
            sections.push(Section { id, start: start + front_end, length, payload });
        }
    }
    let top = Top::read(bytes)?;
    let columns: Vec<Option<Column>> =
        (0..bytes.count(4)?).map(|_| Column::read(bytes)).collect::<Result<_, Error>>()?;
    let mut sample = 0u32;
    let date_samples = (0..bytes.count(1)?)
        .map(|_| {
            sample = sample.saturating_add(bytes.u32_varint()?);
            Ok(sample)
        })
        .collect::<Result<Vec<_>, Error>>()?;
    if date_samples.len() != n_docs.div_ceil(SAMPLE) as usize {
        return corrupt("dates");
    }
    let (trees, texts) = (Root::read(bytes)?, Root::read(bytes)?);
    let (records, html) = (Root::read(bytes)?, Root::read(bytes)?);
    let lines_dictionary = bytes.bytes()?.to_vec();
    Ok(Front {
        kind,
        n_docs,
        n_undated,
        first_date,
        last_date,
        n_threads,
        zone,
        sections,
        top,
        columns: columns.into_iter().flatten().collect(),
        date_samples,
        trees,
        texts,
        records,
        html,
        lines_dictionary,
    })
}

#[cfg(test)]
mod tests;
