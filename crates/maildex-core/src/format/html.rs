//! Sanitised HTML bodies in thread order, of the messages that have one.
//!
//! ```text
//! block = zstd frame of { count, { varint place  varint bytes }, texts }
//! ```

use super::bytes::{ByteReader, ByteWriter};
use super::frame::Frames;
use crate::error::{Error, Outcome, corrupt};

/// A block is closed once it holds so many bytes.
pub const BLOCK: usize = 24 << 10;

/// The content of a block of texts, each with its place in thread order.
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

/// The HTML text of `place`, if it has one.
pub(crate) fn read_html(frames: &Frames<'_>, place: u32) -> Outcome<Option<String>> {
    let (_, content) = frames.content(place)?;
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

#[cfg(test)]
mod tests;
