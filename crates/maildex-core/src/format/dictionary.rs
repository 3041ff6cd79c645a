//! The dictionary: every term of every field, in sorted blocks under a top index.
//!
//! Keys are folded words, and terms that no text can spell: whole addresses and domains (`amy@acme.example`,
//! `@acme.example`, in the lists of the people fields) and states (`has:attachment`). An entry holds, for each field
//! the term is in, how many messages and where the list lies; the list of a term in one message lies in the entry
//! itself, so that the words a mail archive has most of, those that occur once, cost no further read.
//!
//! The top index stands in the front: for each block the shortest string not below its last key and below the next
//! block's first, front-coded, with the block's length. A finite-state map (`fst`) of the same strings is larger at
//! these sizes and panics on some forged input, so it has no place here.
//!
//! ```text
//! block   = u8 packing (0 plain, 1 zstd)  content
//! content = varint n  varint lists offset  varint positions offset
//!           n × varint shared  n × varint rest  rests
//!           n × varint kinds  { varint messages  varint list bytes  varint positions bytes }
//!           bytes of lists of one message
//! ```

use super::Compress;
use super::block::{Resident, SectionId, push_variable};
use super::bytes::{ByteReader, ByteWriter};
use super::list::{EncodedList, ListBytes, ListRef, Shape};
use super::zstd::{Decoder, without_magic};
use crate::error::{Error, Outcome, corrupt};
use core::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Terms of a block: a query reads one block for each of its words, some 2 KB.
const BLOCK: usize = 256;
/// No key is longer: words are cut at 64 bytes, addresses and states at this.
pub const MAX_KEY: usize = 200;

/// The lists a term may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// Wherever a bare word looks, with regions.
    Any = 0,
    /// Subject.
    Subject = 1,
    /// Sender.
    From = 2,
    /// To.
    To = 3,
    /// Cc.
    Cc = 4,
    /// Bcc.
    Bcc = 5,
    /// Attachment names.
    File = 6,
    /// States of a message.
    State = 7,
    /// Text of attachments.
    Attachment = 8,
    /// Whom it was delivered to.
    Delivered = 9,
}

impl Kind {
    /// All kinds in the order in which they are written.
    pub const ALL: [Kind; 10] = [
        Kind::Any,
        Kind::Subject,
        Kind::From,
        Kind::To,
        Kind::Cc,
        Kind::Bcc,
        Kind::File,
        Kind::State,
        Kind::Attachment,
        Kind::Delivered,
    ];

    /// What its postings say.
    pub fn shape(self) -> Shape {
        match self {
            Kind::Any => Shape::Regions,
            Kind::State => Shape::Bare,
            _ => Shape::Field,
        }
    }
}

/// A term and its lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The term.
    pub key: Box<[u8]>,
    lists: Vec<(Kind, ListRef)>,
}

impl Entry {
    /// The list of one kind, if the term has it.
    pub fn list(&self, kind: Kind) -> Option<&ListRef> {
        self.lists().find(|(k, _)| *k == kind).map(|(_, list)| list)
    }

    /// Its lists, in the order of [`Kind::ALL`].
    pub fn lists(&self) -> impl Iterator<Item = (Kind, &ListRef)> {
        self.lists.iter().map(|(kind, list)| (*kind, list))
    }
}

/// Writes the dictionary, and with it the lists and positions in the order of its terms.
#[derive(Debug, Default)]
pub struct DictionaryWriter {
    pending: Vec<Pending>,
    lists_base: u64,
    positions_base: u64,
    lists_end: u64,
    positions_end: u64,
    top: Vec<(Box<[u8]>, u64)>,
    last_key: Box<[u8]>,
    last_length: u64,
}

#[derive(Debug)]
struct Pending {
    key: Box<[u8]>,
    lists: Vec<(Kind, u32, u64, u64)>,
    inline: Vec<u8>,
}

impl DictionaryWriter {
    /// Adds a term, above all before it, with its lists in the order of [`Kind::ALL`]. Gives the bytes that belong at
    /// the end of the lists and positions sections, if any; full blocks go to `dictionary`.
    pub fn add(
        &mut self,
        key: &[u8],
        lists: &[(Kind, u32, EncodedList)],
        compress: &mut dyn Compress,
        dictionary: &mut Vec<u8>,
        mut emit: impl FnMut(&EncodedList),
    ) {
        assert!(!key.is_empty() && key.len() <= MAX_KEY, "a key has 1 to {MAX_KEY} bytes");
        if self.pending.len() == BLOCK {
            self.flush(Some(key), compress, dictionary);
        }
        let mut pending = Pending { key: key.into(), lists: Vec::new(), inline: Vec::new() };
        for (kind, n, encoded) in lists {
            let (list, positions) = (encoded.list.len() as u64, encoded.positions.len() as u64);
            pending.lists.push((*kind, *n, list, positions));
            if *n == 1 {
                pending.inline.extend_from_slice(&encoded.list);
                pending.inline.extend_from_slice(&encoded.positions);
            } else {
                self.lists_end += list;
                self.positions_end += positions;
                emit(encoded);
            }
        }
        self.pending.push(pending);
    }

    /// Writes the last block and gives the top index.
    pub fn finish(mut self, compress: &mut dyn Compress, dictionary: &mut Vec<u8>) -> Top {
        if !self.pending.is_empty() {
            self.flush(None, compress, dictionary);
        }
        Top::new(self.top)
    }

    fn flush(&mut self, next: Option<&[u8]>, compress: &mut dyn Compress, dictionary: &mut Vec<u8>) {
        let content = self.content();
        let mut frame = Vec::new();
        compress.compress(&content, &mut frame);
        let frame = without_magic(&frame);
        let payload =
            if frame.len() < content.len() { [&[1], frame].concat() } else { [&[0], &content[..]].concat() };
        let before = dictionary.len();
        push_variable(dictionary, &payload);
        self.last_length = (dictionary.len() - before) as u64;
        self.last_key = self.pending.last().map(|p| p.key.clone()).unwrap_or_default();
        let separator = next.map_or_else(|| self.last_key.clone(), |next| separator(&self.last_key, next));
        self.top.push((separator, self.last_length));
        (self.lists_base, self.positions_base) = (self.lists_end, self.positions_end);
        self.pending.clear();
    }

    fn content(&self) -> Vec<u8> {
        let mut out = ByteWriter::new();
        out.varint(self.pending.len() as u64);
        out.varint(self.lists_base);
        out.varint(self.positions_base);
        let mut previous: &[u8] = &[];
        let shared: Vec<usize> = self
            .pending
            .iter()
            .map(|p| shared_prefix(core::mem::replace(&mut previous, &p.key), &p.key))
            .collect();
        shared.iter().for_each(|n| out.varint(*n as u64));
        for (p, n) in self.pending.iter().zip(&shared) {
            out.varint((p.key.len() - n) as u64);
        }
        for (p, n) in self.pending.iter().zip(&shared) {
            out.out.extend_from_slice(&p.key[*n..]);
        }
        for p in &self.pending {
            out.varint(p.lists.iter().fold(0, |kinds, (kind, ..)| kinds | 1 << *kind as u8));
        }
        for (_, n, list, positions) in self.pending.iter().flat_map(|p| &p.lists) {
            out.varint(u64::from(*n));
            out.varint(*list);
            out.varint(*positions);
        }
        for p in &self.pending {
            out.out.extend_from_slice(&p.inline);
        }
        out.into_bytes()
    }
}

pub(super) fn shared_prefix(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(x, y)| x == y).count()
}

/// The shortest prefix of `next` that is above `last`, less one in its last place if that is still not below `last`;
/// simply `last` where there is none shorter.
pub(super) fn separator(last: &[u8], next: &[u8]) -> Box<[u8]> {
    let n = shared_prefix(last, next);
    match next.get(n) {
        // `last` is a prefix of `next`, or the byte after the shared part leaves room for one between.
        Some(&byte) if n < last.len() && byte > last[n] + 1 => [&next[..n], &[byte - 1]].concat().into(),
        _ => last.into(),
    }
}

/// The top index: which block a term is in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Top {
    /// For each block its separator, offset and framed length.
    rows: Vec<(Box<[u8]>, u64, u64)>,
}

impl Top {
    pub(super) fn new(blocks: Vec<(Box<[u8]>, u64)>) -> Top {
        let mut offset = 0;
        let rows = blocks
            .into_iter()
            .map(|(separator, length)| {
                offset += length;
                (separator, offset - length, length)
            })
            .collect();
        Top { rows }
    }

    pub(crate) fn write(&self, out: &mut ByteWriter) {
        out.varint(self.rows.len() as u64);
        let mut previous: &[u8] = &[];
        for (separator, _, length) in &self.rows {
            let n = shared_prefix(previous, separator);
            out.varint(n as u64);
            out.bytes(&separator[n..]);
            out.varint(*length);
            previous = separator;
        }
    }

    pub(crate) fn read(bytes: &mut ByteReader<'_>) -> Result<Top, Error> {
        let n = bytes.count(3)?;
        let mut blocks: Vec<(Box<[u8]>, u64)> = Vec::with_capacity(n);
        for _ in 0..n {
            let shared = bytes.varint()? as usize;
            let previous = blocks.last().map_or(&[][..], |(key, _)| key);
            let Some(shared) = previous.get(..shared) else { return corrupt("top index") };
            let key = [shared, bytes.bytes()?].concat();
            let length = bytes.varint()?;
            // Keys that grow from row to row would take the square of the bytes they are written in.
            if key.len() > MAX_KEY || length > 1 << 32 {
                return corrupt("top index");
            }
            blocks.push((key.into(), length));
        }
        Ok(Top::new(blocks))
    }

    /// How many blocks there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Where the block that holds `key` if any does lies in its section, and how long it is with its frame.
    pub(super) fn place_of(&self, key: &[u8]) -> Option<(u64, u64)> {
        self.block_of(key).map(|index| (self.rows[index].1, self.rows[index].2))
    }

    /// The block that holds `key` if any does.
    fn block_of(&self, key: &[u8]) -> Option<usize> {
        let last = self.rows.len().checked_sub(1)?;
        Some(self.rows.partition_point(|(separator, ..)| &separator[..] < key).min(last))
    }
}

/// Reads the dictionary and keeps the blocks it decoded.
#[derive(Debug)]
pub(crate) struct Dictionary {
    pub(crate) top: Top,
    decoder: Decoder,
    decoded: RefCell<BTreeMap<usize, Rc<Vec<Entry>>>>,
}

impl Dictionary {
    pub(crate) fn new(top: Top) -> Result<Dictionary, Error> {
        Ok(Dictionary { top, decoder: Decoder::new(&[])?, decoded: RefCell::default() })
    }

    /// The entry of `key`, if the archive has the term.
    pub(crate) fn get(&self, resident: &Resident, key: &[u8]) -> Outcome<Option<Entry>> {
        let Some(index) = self.top.block_of(key) else { return Ok(None) };
        let block = self.block(resident, index)?;
        Ok(block.binary_search_by(|entry| entry.key[..].cmp(key)).ok().map(|at| block[at].clone()))
    }

    /// Calls `visit` with every entry whose key begins with `prefix`, in order.
    pub(crate) fn prefixed(
        &self,
        resident: &Resident,
        prefix: &[u8],
        visit: &mut dyn FnMut(&Entry),
    ) -> Outcome<()> {
        let Some(first) = self.top.block_of(prefix) else { return Ok(()) };
        let mut result = Ok(());
        for index in first..self.top.len() {
            if index > first && !begins_at_or_before(&self.top.rows[index - 1].0, prefix) {
                break;
            }
            match self.block(resident, index) {
                Ok(block) => {
                    let from = block.partition_point(|entry| &entry.key[..] < prefix);
                    block[from..]
                        .iter()
                        .take_while(|entry| entry.key.starts_with(prefix))
                        .for_each(&mut *visit);
                }
                Err(stop) => result = Err(stop),
            }
        }
        result
    }

    /// How many blocks may hold terms that begin with `prefix`.
    pub(crate) fn n_blocks(&self, prefix: &[u8]) -> usize {
        let Some(first) = self.top.block_of(prefix) else { return 0 };
        let more = self.top.rows[first..]
            .iter()
            .take_while(|(separator, ..)| begins_at_or_before(separator, prefix));
        (more.count() + 1).min(self.top.len() - first)
    }

    /// Bytes of all blocks that are not here yet.
    pub(crate) fn unread(&self) -> u64 {
        let decoded = self.decoded.borrow();
        let rows = self.top.rows.iter().enumerate();
        rows.filter(|(index, _)| !decoded.contains_key(index)).map(|(_, (.., length))| length).sum()
    }

    /// Every entry of block `index`.
    pub(crate) fn block(&self, resident: &Resident, index: usize) -> Outcome<Rc<Vec<Entry>>> {
        if let Some(block) = self.decoded.borrow().get(&index) {
            return Ok(block.clone());
        }
        let (_, offset, length) = self.top.rows[index];
        let payload = resident.variable(SectionId::Dictionary, offset, length)?;
        let block = Rc::new(match payload.split_first() {
            Some((0, content)) => decode(content)?,
            Some((1, frame)) => decode(&self.decoder.unpack(frame, "dictionary")?)?,
            _ => corrupt("dictionary")?,
        });
        self.decoded.borrow_mut().insert(index, block.clone());
        Ok(block)
    }
}

/// Whether a block that begins just above `separator` may hold keys with `prefix`.
fn begins_at_or_before(separator: &[u8], prefix: &[u8]) -> bool {
    separator.starts_with(prefix) || separator < prefix
}

fn decode(content: &[u8]) -> Result<Vec<Entry>, Error> {
    let mut bytes = ByteReader::new(content, "dictionary");
    let n = bytes.count(3)?;
    if n > BLOCK {
        return corrupt("dictionary");
    }
    let (mut lists_at, mut positions_at) = (bytes.varint()?, bytes.varint()?);
    let shared: Vec<u64> = (0..n).map(|_| bytes.varint()).collect::<Result<_, _>>()?;
    let rest: Vec<u64> = (0..n).map(|_| bytes.varint()).collect::<Result<_, _>>()?;
    let mut keys: Vec<Box<[u8]>> = Vec::with_capacity(n);
    for (shared, rest) in shared.into_iter().zip(rest) {
        let previous = keys.last().map_or(&[][..], |key| key);
        let Some(shared) = previous.get(..shared as usize) else { return corrupt("dictionary") };
        if rest.saturating_add(shared.len() as u64) > MAX_KEY as u64 {
            return corrupt("dictionary");
        }
        let key = [shared, bytes.take(rest as usize)?].concat();
        keys.push(key.into());
    }
    let kinds: Vec<u64> = (0..n).map(|_| bytes.varint()).collect::<Result<_, _>>()?;
    let mut rows = Vec::with_capacity(n);
    for kinds in kinds {
        let mut row = Vec::new();
        for kind in Kind::ALL.into_iter().filter(|kind| kinds & 1 << *kind as u8 != 0) {
            row.push((kind, bytes.u32_varint()?, bytes.varint()?, bytes.varint()?));
        }
        rows.push(row);
    }
    let mut entries = Vec::with_capacity(n);
    for (key, row) in keys.into_iter().zip(rows) {
        let mut lists = Vec::with_capacity(row.len());
        for (kind, n, list, positions) in row {
            let place = if n == 1 {
                let (list, positions) = (list as usize, positions as usize);
                ListBytes::Inline { list: bytes.take(list)?.into(), positions: bytes.take(positions)?.into() }
            } else {
                let place =
                    ListBytes::Sections { list: (lists_at, list), positions: (positions_at, positions) };
                lists_at = lists_at.saturating_add(list);
                positions_at = positions_at.saturating_add(positions);
                place
            };
            lists.push((kind, ListRef { shape: kind.shape(), n, bytes: place }));
        }
        entries.push(Entry { key, lists });
    }
    Ok(entries)
}

#[cfg(test)]
mod tests;
