//! Texts: the bodies of messages, in thread order, because a thread quotes itself; apart from their headers, so that a
//! snippet reads nothing else.
//!
//! ```text
//! block      = zstd frame under the texts dictionary of { varint bytes } texts
//! text       = marks of quoted lines (`prefix`), then the lines without them under the word list (`words`)
//! dictionary = zstd frame of: word list, then a zstd dictionary
//! ```

use super::bytes::{ByteReader, ByteWriter};
#[cfg(feature = "scan")]
use super::frame::each;
use super::frame::{Frames, nth};
use super::prefix::{Marks, split};
use super::words::{WordWriter, Words};
use super::zstd::Decoder;
use crate::error::{Error, Outcome, corrupt};

/// A block is closed once its texts have so many bytes: ten snippets then cost some 70 KB.
pub const BLOCK: usize = 24 << 10;

/// Codes texts for their section.
#[derive(Debug)]
pub struct TextWriter<'a>(WordWriter<'a>);

impl<'a> TextWriter<'a> {
    /// A writer under a list of words.
    pub fn new(words: &'a Words) -> TextWriter<'a> {
        TextWriter(WordWriter::new(words))
    }

    /// The code of a text.
    pub fn encode(&self, text: &str) -> Vec<u8> {
        let mut out = ByteWriter::new();
        let mut body = Vec::with_capacity(text.len());
        split(text.as_bytes(), &mut out, &mut body);
        self.0.encode(&body, &mut out.out);
        out.into_bytes()
    }
}

fn decode(coded: &[u8], words: &Words) -> Result<String, Error> {
    let mut bytes = ByteReader::new(coded, "text");
    let marks = Marks::read(&mut bytes)?;
    let text = marks.join(words.decode(bytes.rest())?)?;
    String::from_utf8(text).or(corrupt("text"))
}

/// What stands in the frame of the dictionary's section.
pub fn dictionary_content(words: &Words, dictionary: &[u8]) -> Vec<u8> {
    let mut out = ByteWriter::new();
    words.write(&mut out);
    out.out.extend_from_slice(dictionary);
    out.into_bytes()
}

/// What texts are decoded with.
#[derive(Debug)]
pub(crate) struct TextDecoder {
    words: Words,
    pub(crate) frames: Decoder,
}

impl TextDecoder {
    /// A decoder from the payload of the dictionary's block; an empty one means that there is none.
    pub(crate) fn new(payload: &[u8]) -> Result<TextDecoder, Error> {
        if payload.is_empty() {
            return Ok(TextDecoder { words: Words::default(), frames: Decoder::new(&[])? });
        }
        let content = Decoder::new(&[])?.unpack(payload, "texts dictionary")?;
        let mut bytes = ByteReader::new(&content, "texts dictionary");
        Ok(TextDecoder { words: Words::read(&mut bytes)?, frames: Decoder::new(bytes.rest())? })
    }

    /// The text at `place` in thread order.
    pub(crate) fn read(&self, frames: &Frames<'_>, place: u32) -> Outcome<String> {
        let (first, content) = frames.content(place)?;
        Ok(decode(nth(&content, u64::from(place) - first, "text")?, &self.words)?)
    }

    /// All texts of the block that holds `place`.
    #[cfg(feature = "scan")]
    pub(crate) fn read_block(&self, frames: &Frames<'_>, place: u32) -> Outcome<Vec<String>> {
        let (_, content) = frames.content(place)?;
        let coded = each(&content, "text")?;
        Ok(coded.into_iter().map(|coded| decode(coded, &self.words)).collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests;
