//! Lines: what a result shows, eight to a page of a fixed size, so that a message's page is found by arithmetic and
//! twenty scattered results cost some 12 KB. The stored preview is as long as the page has room for.
//!
//! ```text
//! page = u8 lines  u16 frame bytes  { u64 key }  zstd frame under the lines dictionary  zeros
//! ```

use super::Compress;
use super::block::{Resident, SectionId};
use super::bytes::{ByteReader, ByteWriter};
use super::front::MessageKind;
use super::zstd::{Decoder, without_magic};
use crate::error::{Error, Outcome, corrupt};

/// Lines of a page.
pub const PAGE: u32 = 8;
/// Payload bytes of a page.
pub const PAYLOAD: u32 = 572;
/// Sender and subject are cut here first, and further where a page would overflow.
pub(crate) const CAPS: [usize; 7] = [160, 100, 60, 30, 12, 4, 0];
/// The longest stored preview, in characters.
pub const MAX_PREVIEW: usize = 160;

const DATED: u8 = 1;
const ATTACHMENT: u8 = 2;
const HTML: u8 = 4;
const MISDATED: u8 = 8;
const MISSING: u8 = 16;

/// What a result shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The public key.
    pub key: u64,
    /// The ordering date in seconds since 1970.
    pub date: Option<i64>,
    /// There is at least one attachment beside the text.
    pub attachments: bool,
    /// There is an HTML body.
    pub html: bool,
    /// The header's date is not the one that orders it.
    pub misdated: bool,
    /// It is no message that is here, and nobody is known to have it.
    pub missing: bool,
    /// What it is: the kind of its segment, which the page of lines does not hold.
    pub kind: MessageKind,
    /// The place in thread order.
    pub place: u32,
    /// Messages in its thread; for one that is not here, how many hold or mention it.
    pub thread_size: u32,
    /// The sender's name, or address.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// The first words of the text.
    pub preview: String,
}

/// Packs lines into pages.
#[derive(Debug)]
pub struct LineWriter {
    /// Where the length of previews stood on the page before: a good place to begin.
    preview: usize,
}

impl Default for LineWriter {
    fn default() -> LineWriter {
        LineWriter { preview: MAX_PREVIEW / 2 }
    }
}

impl LineWriter {
    /// The payload of a page of at most [`PAGE`] lines, and after how many characters senders and subjects are cut.
    pub fn page(&mut self, lines: &[Line], compress: &mut dyn Compress) -> (Vec<u8>, usize) {
        const STEP: usize = 10;
        for cap in CAPS {
            // From the last page's length, shrink until it fits or grow while it does.
            let mut length = self.preview;
            let mut best = page(lines, cap, length, compress);
            while best.is_none() && length > 0 {
                length = length.saturating_sub(STEP);
                best = page(lines, cap, length, compress);
            }
            let Some(mut best) = best else { continue };
            while length >= self.preview && length < MAX_PREVIEW {
                let Some(longer) = page(lines, cap, length + STEP, compress) else { break };
                best = longer;
                length += STEP;
            }
            self.preview = length;
            return (best, cap);
        }
        unreachable!("eight lines without any text fit any page")
    }
}

/// The bytes that a page's frame holds; also what a dictionary for lines is trained on.
pub fn page_content(lines: &[Line], cap: usize, preview: usize) -> Vec<u8> {
    let mut out = ByteWriter::new();
    let (mut date, mut place) = (0, 0);
    for line in lines {
        let flags = [
            (line.date.is_some(), DATED),
            (line.attachments, ATTACHMENT),
            (line.html, HTML),
            (line.misdated, MISDATED),
            (line.missing, MISSING),
        ];
        let flags = flags.into_iter().filter(|(set, _)| *set).fold(0, |all, (_, flag)| all | flag);
        out.u8(flags);
        if let Some(own) = line.date {
            out.signed(own - date);
            date = own;
        }
        out.signed(i64::from(line.place) - place);
        place = i64::from(line.place);
        out.varint(u64::from(line.thread_size));
    }
    for line in lines {
        out.str(cut(&line.from, cap));
    }
    for line in lines {
        out.str(cut(&line.subject, cap));
    }
    for line in lines {
        out.str(cut(&line.preview, preview));
    }
    out.into_bytes()
}

/// A page with texts cut to so many characters, if it fits.
fn page(lines: &[Line], cap: usize, preview: usize, compress: &mut dyn Compress) -> Option<Vec<u8>> {
    let mut out = ByteWriter::new();
    let mut frame = Vec::new();
    compress.compress(&page_content(lines, cap, preview), &mut frame);
    let frame = without_magic(&frame);
    out.u8(lines.len() as u8);
    out.u16(u16::try_from(frame.len()).ok()?);
    lines.iter().for_each(|line| out.u64(line.key));
    out.out.extend_from_slice(frame);
    let mut out = out.into_bytes();
    if out.len() > PAYLOAD as usize {
        return None;
    }
    out.resize(PAYLOAD as usize, 0);
    Some(out)
}

/// At most `n` characters.
pub fn cut(text: &str, n: usize) -> &str {
    text.char_indices().nth(n).map_or(text, |(at, _)| &text[..at])
}

/// Reads the page that `doc` is on: the first message of the page and its lines.
pub(crate) fn read_page(resident: &Resident, decoder: &Decoder, doc: u32) -> Outcome<(u32, Vec<Line>)> {
    let index = u64::from(doc / PAGE);
    let from = index * u64::from(PAYLOAD);
    let payload = resident.fixed(SectionId::Lines, from, from + u64::from(PAYLOAD))?;
    Ok((doc / PAGE * PAGE, decode(&payload, decoder)?))
}

fn decode(payload: &[u8], decoder: &Decoder) -> Result<Vec<Line>, Error> {
    let mut bytes = ByteReader::new(payload, "lines");
    let (n, frame) = (usize::from(bytes.u8()?), usize::from(bytes.u16()?));
    if n > PAGE as usize {
        return corrupt("lines");
    }
    let mut lines = vec![Line::default(); n];
    for line in &mut lines {
        line.key = bytes.u64()?;
    }
    let content = decoder.unpack(bytes.take(frame)?, "lines")?;
    let mut bytes = ByteReader::new(&content, "lines");
    let (mut date, mut place) = (0i64, 0i64);
    for line in &mut lines {
        let flags = bytes.u8()?;
        line.attachments = flags & ATTACHMENT != 0;
        line.html = flags & HTML != 0;
        line.misdated = flags & MISDATED != 0;
        line.missing = flags & MISSING != 0;
        if flags & DATED != 0 {
            date = date.saturating_add(bytes.signed()?);
            line.date = Some(date);
        }
        place = place.saturating_add(bytes.signed()?);
        line.place = u32::try_from(place).or(corrupt("lines"))?;
        line.thread_size = bytes.u32_varint()?;
    }
    for line in &mut lines {
        line.from = bytes.str()?.to_owned();
    }
    for line in &mut lines {
        line.subject = bytes.str()?.to_owned();
    }
    for line in &mut lines {
        line.preview = bytes.str()?.to_owned();
    }
    Ok(lines)
}

#[cfg(test)]
mod tests;
