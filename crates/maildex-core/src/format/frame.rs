//! Blocks of things in thread order, each block one zstd frame, found by place through a directory.

use super::block::{Resident, SectionId};
use super::bytes::{ByteReader, ByteWriter};
use super::directory::Root;
use super::zstd::Decoder;
use crate::error::{Error, Outcome, corrupt};

/// What a block needs to be read.
#[derive(Debug)]
pub(crate) struct Frames<'a> {
    pub(crate) resident: &'a Resident,
    pub(crate) root: &'a Root,
    pub(crate) section: SectionId,
    pub(crate) decoder: &'a Decoder,
}

impl Frames<'_> {
    /// The content of the block that holds `place`, and the first place in it.
    pub(crate) fn content(&self, place: u32) -> Outcome<(u64, Vec<u8>)> {
        let located = self.root.locate(self.resident, u64::from(place))?;
        let frame = self.resident.variable(self.section, located.offset, located.length)?;
        Ok((located.first, self.decoder.unpack(frame, self.section.name())?))
    }
}

/// The lengths of all items, then the items.
pub fn join(items: &[Vec<u8>]) -> Vec<u8> {
    let mut out = ByteWriter::new();
    items.iter().for_each(|item| out.varint(item.len() as u64));
    items.iter().for_each(|item| out.out.extend_from_slice(item));
    out.into_bytes()
}

/// One of the items that were joined. How many there are is known when their lengths sum up to what is left.
pub(crate) fn nth<'a>(content: &'a [u8], index: u64, what: &'static str) -> Result<&'a [u8], Error> {
    let mut bytes = ByteReader::new(content, what);
    let (mut at, mut sum, mut own) = (0, 0u64, None);
    while sum < bytes.rest().len() as u64 {
        let length = bytes.varint()?;
        if at == index {
            own = Some((sum, length));
        }
        sum = sum.saturating_add(length);
        at += 1;
    }
    let Some((before, length)) = own else { return corrupt(what) };
    bytes.take(usize::try_from(before).or(corrupt(what))?)?;
    bytes.take(usize::try_from(length).or(corrupt(what))?)
}

/// All items that were joined.
#[cfg(feature = "scan")]
pub(crate) fn each<'a>(content: &'a [u8], what: &'static str) -> Result<Vec<&'a [u8]>, Error> {
    let mut bytes = ByteReader::new(content, what);
    let (mut lengths, mut sum) = (Vec::new(), 0u64);
    while sum < bytes.rest().len() as u64 {
        let length = bytes.varint()?;
        sum = sum.saturating_add(length);
        lengths.push(length);
    }
    lengths.into_iter().map(|length| bytes.take(usize::try_from(length).or(corrupt(what))?)).collect()
}

#[cfg(test)]
pub(crate) mod tests;
