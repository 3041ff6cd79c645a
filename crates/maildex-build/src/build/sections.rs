//! Sections on their way to the site: written to disk as they come, framed in blocks, cut into shards at the end.

use maildex_core::format::block::{Section, SectionId, push_fixed, push_variable};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::Path;

/// Bytes of a shard of what queries read: a host without Range sends whole ones.
const SHARD: u64 = 48 << 10;
/// Bytes of a shard of texts, which are read a few at a time and are most of an archive.
const TEXT_SHARD: u64 = 1 << 20;
/// So many shards a section has at most, for every opening reads their lengths; those of larger sections are longer.
const MOST_SHARDS: usize = 512;

/// A section that is being written.
pub(crate) struct SectionWriter {
    id: SectionId,
    payload: u32,
    out: BufWriter<File>,
    length: u64,
    /// The payload that is not yet a whole block.
    pending: Vec<u8>,
    /// Where shards end.
    cuts: Vec<u64>,
}

impl SectionWriter {
    /// A section of blocks of `payload` bytes.
    pub(crate) fn fixed(id: SectionId, payload: u32, scratch: &Path) -> io::Result<SectionWriter> {
        let out = BufWriter::with_capacity(1 << 18, tempfile::tempfile_in(scratch)?);
        Ok(SectionWriter { id, payload, out, length: 0, pending: Vec::new(), cuts: Vec::new() })
    }

    /// A section of blocks of any size.
    pub(crate) fn variable(id: SectionId, scratch: &Path) -> io::Result<SectionWriter> {
        SectionWriter::fixed(id, 0, scratch)
    }

    /// Appends to the payload of a fixed section.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.pending.extend_from_slice(bytes);
        let size = self.payload as usize;
        let whole = self.pending.len() / size * size;
        let blocks: Vec<u8> = self.pending.drain(..whole).collect();
        blocks.chunks(size).try_for_each(|block| self.block(block))
    }

    fn block(&mut self, payload: &[u8]) -> io::Result<()> {
        let mut framed = Vec::with_capacity(payload.len() + 4);
        push_fixed(&mut framed, payload);
        self.framed(&framed)
    }

    /// Appends a block to a variable section; gives its framed length.
    pub(crate) fn push(&mut self, payload: &[u8]) -> io::Result<u64> {
        let mut framed = Vec::with_capacity(payload.len() + 8);
        push_variable(&mut framed, payload);
        self.framed(&framed)?;
        Ok(framed.len() as u64)
    }

    /// Appends a block that is framed already.
    pub(crate) fn framed(&mut self, framed: &[u8]) -> io::Result<()> {
        let start = self.cuts.last().copied().unwrap_or(0);
        let is_text = matches!(self.id, SectionId::Texts | SectionId::Records | SectionId::Html);
        let shard = if is_text { TEXT_SHARD } else { SHARD };
        if self.length > start && self.length + framed.len() as u64 - start > shard {
            self.cuts.push(self.length);
        }
        self.length += framed.len() as u64;
        self.out.write_all(framed)
    }

    /// Writes what is left and gives the section, ready to be read.
    pub(crate) fn finish(mut self) -> io::Result<WrittenSection> {
        if !self.pending.is_empty() {
            let rest = core::mem::take(&mut self.pending);
            self.block(&rest)?;
        }
        if self.length > 0 {
            self.cuts.push(self.length);
        }
        while self.cuts.len() > MOST_SHARDS {
            self.cuts = thinned(&self.cuts);
        }
        let mut file = self.out.into_inner().map_err(|error| error.into_error())?;
        file.rewind()?;
        Ok(WrittenSection { id: self.id, payload: self.payload, length: self.length, cuts: self.cuts, file })
    }
}

/// Every other cut, the last one in any case.
fn thinned(cuts: &[u64]) -> Vec<u64> {
    cuts.chunks(2).filter_map(<[u64]>::last).copied().collect()
}

/// A section that is written.
pub(crate) struct WrittenSection {
    pub(crate) id: SectionId,
    payload: u32,
    pub(crate) length: u64,
    cuts: Vec<u64>,
    file: File,
}

impl WrittenSection {
    /// Its row in the section table.
    pub(crate) fn section(&self, start: u64) -> Section {
        Section { id: self.id, start, length: self.length, payload: self.payload }
    }

    /// Calls `visit` with the bytes of each shard.
    pub(crate) fn shards(mut self, mut visit: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut start = 0;
        for cut in self.cuts {
            let mut shard = vec![0; (cut - start) as usize];
            self.file.read_exact(&mut shard)?;
            visit(&shard)?;
            start = cut;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_leaves_out_every_other_border_and_never_the_end() {
        assert_eq!(thinned(&[1, 2, 3, 4]), [2, 4]);
        assert_eq!(thinned(&[1, 2, 3, 4, 5]), [2, 4, 5]);
    }

    #[test]
    fn a_long_section_has_long_shards() {
        let scratch = tempfile::tempdir().unwrap();
        let mut section = SectionWriter::variable(SectionId::Lists, scratch.path()).unwrap();
        let block = vec![0; SHARD as usize];
        for _ in 0..=MOST_SHARDS {
            section.push(&block).unwrap();
        }
        let (section, mut shards) = (section.finish().unwrap(), Vec::new());
        let length = section.length;
        section
            .shards(|bytes| {
                shards.push(bytes.len() as u64);
                Ok(())
            })
            .unwrap();
        assert_eq!(shards.len(), MOST_SHARDS / 2 + 1);
        assert_eq!(shards.iter().sum::<u64>(), length);
    }
}
