//! The other forms of a word: which words of the archive share a stem.
//!
//! The stemming is done by whoever builds. A reader looks a word up and gets the group it stands in, so that no stemmer
//! is shipped and archives keep the stems that they were built with. Words that share a stem with no other are left
//! out. The groups of languages may overlap: a word has the forms that any of them gives it.
//!
//! ```text
//! block   = u8 packing (0 plain, 1 zstd)  content
//! content = varint n  n × { varint shared, bytes rest  varint k  k × { varint shared, bytes rest } }
//! ```
//! The first pair of an entry is the word, front-coded against the word before; the others are its other forms, each
//! against the word itself.

use super::Compress;
use super::block::{Resident, SectionId, push_variable};
use super::bytes::{ByteReader, ByteWriter};
use super::dictionary::{MAX_KEY, Top, separator, shared_prefix};
use super::zstd::{Decoder, without_magic};
use crate::error::{Error, Outcome, Stop, corrupt};
use core::cell::OnceCell;

/// Words of a block.
const BLOCK: usize = 256;
/// A word has no more other forms; what a stemmer puts beyond that into one group is no kin.
pub const MAX_FORMS: usize = 64;

/// A word with its other forms.
pub type Entry = (String, Vec<String>);

/// The framed blocks and the framed index of them, which is empty where there is no block; `words` ascend, and each has
/// 1 to [`MAX_FORMS`] other forms.
pub fn write_forms(words: &[Entry], compress: &mut dyn Compress) -> (Vec<Vec<u8>>, Vec<u8>) {
    let mut blocks = Vec::new();
    let mut top = Vec::new();
    for (number, block) in words.chunks(BLOCK).enumerate() {
        let content = content(block);
        let mut frame = Vec::new();
        compress.compress(&content, &mut frame);
        let frame = without_magic(&frame);
        let payload =
            if frame.len() < content.len() { [&[1], frame].concat() } else { [&[0], &content[..]].concat() };
        let mut framed = Vec::new();
        push_variable(&mut framed, &payload);
        let last = block.last().map_or(&[][..], |(word, _)| word.as_bytes());
        let next = words.get((number + 1) * BLOCK).map(|(word, _)| word.as_bytes());
        let separator = next.map_or_else(|| last.into(), |next| separator(last, next));
        top.push((separator, framed.len() as u64));
        blocks.push(framed);
    }
    if blocks.is_empty() {
        return (blocks, Vec::new());
    }
    let mut index = ByteWriter::new();
    Top::new(top).write(&mut index);
    let mut framed = Vec::new();
    push_variable(&mut framed, &index.into_bytes());
    (blocks, framed)
}

fn content(words: &[Entry]) -> Vec<u8> {
    let mut out = ByteWriter::new();
    let against = |previous: &str, word: &str, out: &mut ByteWriter| {
        let shared = shared_prefix(previous.as_bytes(), word.as_bytes());
        out.varint(shared as u64);
        out.bytes(&word.as_bytes()[shared..]);
    };
    out.varint(words.len() as u64);
    let mut previous = "";
    for (word, forms) in words {
        assert!((1..=MAX_FORMS).contains(&forms.len()), "a word has 1 to {MAX_FORMS} other forms");
        against(previous, word, &mut out);
        out.varint(forms.len() as u64);
        forms.iter().for_each(|form| against(word, form, &mut out));
        previous = word;
    }
    out.into_bytes()
}

/// Reads groups; keeps the index of their blocks.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    top: OnceCell<Top>,
}

impl Forms {
    /// The other forms of a word, sorted; none in an archive without this section. `index_length` is the framed length
    /// of the index.
    pub(crate) fn of(
        &self,
        resident: &Resident,
        index_length: Option<u64>,
        decoder: &Decoder,
        word: &[u8],
    ) -> Outcome<Vec<String>> {
        let Some(length) = index_length else { return Ok(Vec::new()) };
        let top = match self.top.get() {
            Some(top) => top,
            None => {
                let payload = resident.variable(SectionId::FormsIndex, 0, length)?;
                let top = Top::read(&mut ByteReader::new(payload, "forms"))?;
                self.top.get_or_init(|| top)
            }
        };
        let Some((offset, length)) = top.place_of(word) else { return Ok(Vec::new()) };
        let payload = resident.variable(SectionId::Forms, offset, length)?;
        match payload.split_first() {
            Some((0, content)) => Ok(find(content, word)?),
            Some((1, frame)) => Ok(find(&decoder.unpack(frame, "forms")?, word)?),
            _ => Err(Stop::Broken(Error::Corrupt { what: "forms" })),
        }
    }
}

fn find(content: &[u8], wanted: &[u8]) -> Result<Vec<String>, Error> {
    let mut bytes = ByteReader::new(content, "forms");
    let n = bytes.count(4)?;
    let mut word: Vec<u8> = Vec::new();
    for _ in 0..n {
        word = front_coded(&word, &mut bytes)?;
        let n_forms = bytes.count(2)?;
        if n_forms > MAX_FORMS {
            return corrupt("forms");
        }
        let mut forms = Vec::new();
        for _ in 0..n_forms {
            let form = front_coded(&word, &mut bytes)?;
            let Ok(form) = String::from_utf8(form) else { return corrupt("forms") };
            forms.push(form);
        }
        if word == wanted {
            return Ok(forms);
        }
    }
    Ok(Vec::new())
}

fn front_coded(previous: &[u8], bytes: &mut ByteReader<'_>) -> Result<Vec<u8>, Error> {
    let Some(shared) = previous.get(..bytes.varint()? as usize) else { return corrupt("forms") };
    let rest = bytes.bytes()?;
    if shared.len() + rest.len() > MAX_KEY {
        return corrupt("forms");
    }
    Ok([shared, rest].concat())
}

#[cfg(test)]
mod tests;
