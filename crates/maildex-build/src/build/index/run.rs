//! Runs: parts of an index on disk, sorted by term and kind.
//!
//! ```text
//! run      = { u16 bytes of the key, key, u32 bytes of the postings, postings }
//! key      = term, 0, kind
//! postings = { varint gap from the message before, varint regions, for each of them { varint count, varint gaps } }
//! ```

use maildex_core::format::dictionary::Kind;
use maildex_core::format::list::Postings;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};

/// A run that is being read.
pub(crate) struct Run {
    bytes: BufReader<File>,
    /// From the run's numbers to the archive's, by worker.
    pub(super) worker: usize,
    pub(super) key: Vec<u8>,
    pub(super) postings: Vec<u8>,
}

impl Run {
    /// A run at the start of `file`, with the numbers of `worker`.
    pub(crate) fn new(file: File, worker: usize) -> Run {
        Run { bytes: BufReader::with_capacity(1 << 16, file), worker, key: Vec::new(), postings: Vec::new() }
    }

    /// Reads the next term; false at the end.
    pub(super) fn advance(&mut self) -> io::Result<bool> {
        let mut length = [0; 2];
        match self.bytes.read_exact(&mut length) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
            other => other?,
        }
        self.key.resize(usize::from(u16::from_le_bytes(length)), 0);
        self.bytes.read_exact(&mut self.key)?;
        let mut length = [0; 4];
        self.bytes.read_exact(&mut length)?;
        self.postings.resize(u32::from_le_bytes(length) as usize, 0);
        self.bytes.read_exact(&mut self.postings)?;
        Ok(true)
    }
}

/// A run's key is the term, a zero byte and the kind.
pub(super) fn split(key: &[u8]) -> (&[u8], Kind) {
    let (term, tail) = key.split_at(key.len() - 2);
    (term, Kind::ALL[usize::from(tail[1])])
}

pub(super) fn take_varint(bytes: &mut &[u8]) -> u32 {
    let mut value = 0;
    let mut shift = 0;
    while let Some((&byte, rest)) = bytes.split_first() {
        *bytes = rest;
        value |= u32::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            break;
        }
    }
    value
}

/// Replaces `key` by that of a list.
pub(super) fn put_key(key: &mut Vec<u8>, term: &[u8], kind: Kind) {
    key.clear();
    key.extend_from_slice(term);
    key.push(0);
    key.push(kind as u8);
}

/// Gives `put` the numbers of a posting; `places` are its positions, region by region.
pub(super) fn put_posting<Places: ExactSizeIterator<Item = u32>>(
    gap: u32,
    mask: u32,
    places: impl Iterator<Item = Places>,
    put: &mut impl FnMut(u32),
) {
    put(gap);
    put(mask);
    for region in places {
        put(region.len() as u32);
        let mut before = 0;
        for position in region {
            put(position - before);
            before = position;
        }
    }
}

/// Writes the next list of a run.
pub(super) fn write_term(out: &mut impl Write, key: &[u8], postings: &[u8]) -> io::Result<()> {
    out.write_all(&(key.len() as u16).to_le_bytes())?;
    out.write_all(key)?;
    out.write_all(&(postings.len() as u32).to_le_bytes())?;
    out.write_all(postings)
}

/// Appends the next list of a run from its postings.
pub(crate) fn write_list(run: &mut Vec<u8>, term: &[u8], kind: Kind, own: &Postings) {
    let mut key = Vec::new();
    put_key(&mut key, term, kind);
    let mut bytes = Vec::new();
    let mut put = |mut value: u32| {
        while value >= 0x80 {
            bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        bytes.push(value as u8);
    };
    let (mut counts, mut positions) = (&own.counts[..], &own.positions[..]);
    let mut next_doc = 0;
    for (index, &doc) in own.docs.iter().enumerate() {
        // A list without positions has no masks either.
        let mask = own.masks.get(index).copied().unwrap_or(0);
        let (told, rest) = counts.split_at(mask.count_ones() as usize);
        counts = rest;
        let places = told.iter().map(|&n| {
            let (region, rest) = positions.split_at(n as usize);
            positions = rest;
            region.iter().copied()
        });
        put_posting(doc - next_doc, u32::from(mask), places, &mut put);
        next_doc = doc + 1;
    }
    write_term(run, &key, &bytes).expect("memory can be written");
}
