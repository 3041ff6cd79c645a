//! Blocks: the frame of every byte behind the front, and the store of those that have arrived.
//!
//! A block is a payload with its CRC-32 (IEEE) behind it; the sum is checked when the block arrives, before anything
//! decodes it. In a *fixed* section every payload has the same size (the last may be shorter), so that an address is
//! arithmetic; in a *variable* section a block begins with its payload's length (u32), so that whole shards can be
//! taken in without knowing what points into them.

use crate::error::{Error, Outcome, Stop, corrupt};
use crate::format::checksum::checksum;
#[cfg(feature = "scan")]
use core::cell::Cell;
use core::cell::RefCell;
use std::borrow::Cow;
#[cfg(feature = "scan")]
use std::collections::VecDeque;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of a checksum.
pub const SUM: usize = 4;
/// Bytes before a variable block's payload.
pub const LENGTH: usize = 4;
/// No variable block is longer, and no list.
pub const MAX_PAYLOAD: usize = 1 << 28;
/// Blocks of a fixed section are at least this long, so that a forged table cannot make more blocks than bytes.
pub const MIN_FIXED: u32 = 64;

/// The parts of a segment behind its front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum SectionId {
    /// Terms in sorted blocks.
    Dictionary = 1,
    /// Messages of each term.
    Lists = 2,
    /// Positions of each term in them.
    Positions = 3,
    /// What a result shows.
    Lines = 4,
    /// One number for each message.
    Columns = 5,
    /// Public keys in order.
    Keys = 6,
    /// Threads.
    Trees = 7,
    /// What is known of messages beside their texts, in thread order.
    Records = 8,
    /// The compression dictionary of the records.
    RecordsDictionary = 9,
    /// Sanitised HTML in thread order.
    Html = 10,
    /// The second level of the tables that lead into variable sections.
    Directory = 11,
    /// Texts in thread order.
    Texts = 12,
    /// The word list and the compression dictionary of the texts.
    TextsDictionary = 13,
    /// Senders by name.
    People = 14,
    /// Where each word's other forms lie.
    FormsIndex = 15,
    /// Words that share a stem.
    Forms = 16,
    /// Message-IDs by their hashes.
    Ids = 17,
    /// SHA-256 of each raw message, in thread order.
    Originals = 18,
    /// The files that attachments and originals lie in.
    Packs = 19,
    /// Keys of messages in older segments whose threads go on here.
    Links = 20,
}

impl SectionId {
    /// All sections in the order in which they lie in a blob.
    pub const ALL: [SectionId; 20] = [
        SectionId::Directory,
        SectionId::Dictionary,
        SectionId::FormsIndex,
        SectionId::Forms,
        SectionId::Lists,
        SectionId::Positions,
        SectionId::Lines,
        SectionId::Columns,
        SectionId::People,
        SectionId::Keys,
        SectionId::Ids,
        SectionId::Links,
        SectionId::Trees,
        SectionId::TextsDictionary,
        SectionId::Texts,
        SectionId::RecordsDictionary,
        SectionId::Records,
        SectionId::Html,
        SectionId::Originals,
        SectionId::Packs,
    ];

    /// The section with this number.
    pub fn from_u8(id: u8) -> Option<SectionId> {
        SectionId::ALL.into_iter().find(|s| *s as u8 == id)
    }

    /// Its name in reports and errors.
    pub fn name(self) -> &'static str {
        match self {
            SectionId::Dictionary => "dictionary",
            SectionId::Lists => "lists",
            SectionId::Positions => "positions",
            SectionId::Lines => "lines",
            SectionId::Columns => "columns",
            SectionId::People => "people",
            SectionId::Keys => "keys",
            SectionId::Ids => "ids",
            SectionId::Trees => "threads",
            SectionId::Records => "records",
            SectionId::RecordsDictionary => "records dictionary",
            SectionId::Html => "html",
            SectionId::Directory => "directory",
            SectionId::Texts => "texts",
            SectionId::TextsDictionary => "texts dictionary",
            SectionId::FormsIndex => "forms index",
            SectionId::Forms => "forms",
            SectionId::Originals => "originals",
            SectionId::Packs => "packs",
            SectionId::Links => "links",
        }
    }
}

/// Where a section lies and how it is framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// Which one.
    pub id: SectionId,
    /// Bytes from the start of the blob.
    pub start: u64,
    /// Bytes with frames.
    pub length: u64,
    /// Payload bytes of a block; 0 in a variable section.
    pub payload: u32,
}

/// Frames `payload` as a block of a variable section at the end of `out`.
pub fn push_variable(out: &mut Vec<u8>, payload: &[u8]) {
    assert!(payload.len() <= MAX_PAYLOAD, "a block is at most {MAX_PAYLOAD} bytes");
    out.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    out.extend_from_slice(payload);
    out.extend_from_slice(&checksum(payload).to_le_bytes());
}

/// Frames `payload` as a block of a fixed section at the end of `out`.
pub fn push_fixed(out: &mut Vec<u8>, payload: &[u8]) {
    out.extend_from_slice(payload);
    out.extend_from_slice(&checksum(payload).to_le_bytes());
}

/// Framed bytes of `n` payload bytes in a fixed section.
pub fn framed_len(n: u64, payload: u32) -> u64 {
    n + n.div_ceil(u64::from(payload)) * SUM as u64
}

/// A range of a segment's blob that is wanted, on block borders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// Bytes from the start of the blob.
    pub offset: u64,
    /// How many.
    pub length: u64,
}

/// Pages of blocks, so that a big section costs nothing until it is read.
const PAGE: usize = 256;
type Page = Vec<Option<Box<[u8]>>>;

/// The blocks of one section that have arrived.
#[derive(Debug)]
struct Store {
    section: Section,
    fixed: Vec<Option<Page>>,
    variable: BTreeMap<u64, Box<[u8]>>,
    /// Blocks that came cut off, and how long they say they are: what asks for fewer bytes would ask for ever.
    cut_off: BTreeMap<u64, u64>,
}

/// The blocks of a segment that have arrived, and a list of those that were asked for and had not.
#[derive(Debug)]
pub struct Resident {
    stores: Vec<Store>,
    missing: RefCell<BTreeSet<Range>>,
    #[cfg(feature = "scan")]
    n_missed: Cell<u64>,
    #[cfg(feature = "scan")]
    passing: RefCell<Passing>,
}

/// Blocks that were read in passing, the first read first: by a question that reads a whole section once.
#[cfg(feature = "scan")]
#[derive(Debug, Default)]
struct Passing {
    blocks: VecDeque<(SectionId, u64, usize)>,
    bytes: usize,
}

/// So many bytes read in passing are kept, for whoever waits for the same blocks.
#[cfg(feature = "scan")]
const MOST_PASSING: usize = 16 << 20;

impl Resident {
    /// An empty store for these sections.
    pub(crate) fn new(sections: &[Section]) -> Resident {
        let stores = sections
            .iter()
            .map(|&section| Store {
                section,
                fixed: Vec::new(),
                variable: BTreeMap::new(),
                cut_off: BTreeMap::new(),
            })
            .collect();
        Resident {
            stores,
            missing: RefCell::default(),
            #[cfg(feature = "scan")]
            n_missed: Cell::new(0),
            #[cfg(feature = "scan")]
            passing: RefCell::default(),
        }
    }

    /// Takes in bytes of the blob from `offset` on. They must begin on a block's border, as every missing range and
    /// every shard does; a block cut off at the end is left out.
    ///
    /// Fails if a block's checksum does not match. Blocks before it have been taken.
    pub(crate) fn put(&mut self, offset: u64, bytes: &[u8]) -> Result<(), Error> {
        #[cfg(feature = "scan")]
        self.let_go();
        let end = offset.saturating_add(bytes.len() as u64);
        for store in &mut self.stores {
            let section = store.section;
            let (from, until) = (offset.max(section.start), end.min(section.start + section.length));
            if from < until {
                let part = &bytes[(from - offset) as usize..(until - offset) as usize];
                store.put(from - section.start, part)?;
            }
        }
        Ok(())
    }

    /// Says that the variable block at `offset` was read and will hardly be needed again.
    #[cfg(feature = "scan")]
    pub(crate) fn pass(&self, id: SectionId, offset: u64, length: u64) {
        let mut passing = self.passing.borrow_mut();
        passing.blocks.push_back((id, offset, length as usize));
        passing.bytes += length as usize;
    }

    /// Gives back the memory of what was read in passing, the latest [`MOST_PASSING`] apart.
    #[cfg(feature = "scan")]
    fn let_go(&mut self) {
        let passing = self.passing.get_mut();
        while passing.bytes > MOST_PASSING
            && let Some((id, offset, length)) = passing.blocks.pop_front()
        {
            passing.bytes -= length;
            if let Some(store) = self.stores.iter_mut().find(|store| store.section.id == id) {
                store.variable.remove(&offset);
            }
        }
    }

    /// About how many bytes were missed since they were last taken.
    #[cfg(feature = "scan")]
    pub(crate) fn n_missed(&self) -> u64 {
        self.n_missed.get()
    }

    /// The ranges that were missed since the last call, in order, without overlap.
    pub(crate) fn take_missing(&self) -> Vec<Range> {
        #[cfg(feature = "scan")]
        self.n_missed.set(0);
        let mut merged: Vec<Range> = Vec::new();
        for range in core::mem::take(&mut *self.missing.borrow_mut()) {
            match merged.last_mut() {
                Some(last) if last.offset + last.length >= range.offset => {
                    last.length = last.length.max(range.offset + range.length - last.offset);
                }
                _ => merged.push(range),
            }
        }
        merged
    }

    /// Asks for the first bytes of the blob, which no section holds.
    pub(crate) fn ask_front(&self, length: u64) {
        self.missing.borrow_mut().insert(Range { offset: 0, length });
    }

    fn miss<T>(&self, section: &Section, offset: u64, length: u64) -> Outcome<T> {
        let offset = section.start + offset;
        let length = length.min((section.start + section.length).saturating_sub(offset));
        let _is_new = self.missing.borrow_mut().insert(Range { offset, length });
        #[cfg(feature = "scan")]
        if _is_new {
            self.n_missed.set(self.n_missed.get().saturating_add(length));
        }
        Err(Stop::Missing)
    }

    /// How a section lies, if there is one.
    pub(crate) fn section(&self, id: SectionId) -> Option<&Section> {
        self.stores.iter().map(|store| &store.section).find(|section| section.id == id)
    }

    fn store(&self, id: SectionId) -> Result<&Store, Error> {
        self.stores.iter().find(|s| s.section.id == id).map_or_else(|| corrupt("section table"), Ok)
    }

    /// The payload of the variable block at `offset` of its section, whose framed length is known to be `length`.
    pub(crate) fn variable(&self, id: SectionId, offset: u64, length: u64) -> Outcome<&[u8]> {
        let store = self.store(id)?;
        let frame = (LENGTH + SUM) as u64;
        if store.section.payload > 0 || offset.saturating_add(length) > store.section.length {
            return Err(Stop::Broken(Error::Corrupt { what: "a block lies outside its section" }));
        }
        if length < frame || length > MAX_PAYLOAD as u64 + frame {
            return Err(Stop::Broken(Error::Corrupt { what: "the length of a block" }));
        }
        let own = store.variable.get(&offset);
        let said = own.map(|payload| payload.len() as u64 + frame).or(store.cut_off.get(&offset).copied());
        match own {
            _ if said.is_some_and(|said| said != length) => {
                Err(Stop::Broken(Error::Corrupt { what: "the length of a block" }))
            }
            Some(payload) => Ok(payload),
            None => self.miss(&store.section, offset, length),
        }
    }

    /// The payload of the one block of a fixed section that holds byte `from` of the payload stream, from there on.
    pub(crate) fn rest_of_block(&self, id: SectionId, from: u64) -> Outcome<&[u8]> {
        let store = self.store(id)?;
        let size = u64::from(store.section.payload);
        let wrong = Stop::Broken(Error::Corrupt { what: "a place lies outside its section" });
        let index = from.checked_div(size).ok_or(wrong.clone())?;
        let stride = size + SUM as u64;
        if index.saturating_mul(stride) >= store.section.length {
            return Err(wrong);
        }
        match store.block(index) {
            Some(block) => block.get((from - index * size) as usize..).ok_or(wrong),
            None => self.miss(&store.section, index * stride, stride),
        }
    }

    /// Bytes of the payload stream of a fixed section; 0 if there is none.
    pub(crate) fn payload_len(&self, id: SectionId) -> u64 {
        let section = self.stores.iter().map(|store| store.section).find(|section| section.id == id);
        section.filter(|section| section.payload > 0).map_or(0, |section| {
            let n_blocks = section.length.div_ceil(u64::from(section.payload) + SUM as u64);
            section.length.saturating_sub(n_blocks * SUM as u64)
        })
    }

    /// The bytes `from..until` of the payload stream of a fixed section.
    pub(crate) fn fixed(&self, id: SectionId, from: u64, until: u64) -> Outcome<Cow<'_, [u8]>> {
        let store = self.store(id)?;
        let size = u64::from(store.section.payload);
        // Almost always a part of one block that is here.
        if from < until && size > 0 && from / size == (until - 1) / size {
            let first = from / size;
            if let Some(block) = store.block(first) {
                return store.cut(block, from - first * size, until - first * size).map(Cow::Borrowed);
            }
        }
        // The plain comparison comes first: it keeps the sum that follows from running over.
        if from > until
            || size == 0
            || until > store.section.length
            || framed_len(until, size as u32) > store.section.length
        {
            return Err(Stop::Broken(Error::Corrupt { what: "a list lies outside its section" }));
        }
        if until - from > MAX_PAYLOAD as u64 {
            return Err(Stop::Broken(Error::Corrupt { what: "the length of a list" }));
        }
        if from == until {
            return Ok(Cow::Borrowed(&[]));
        }
        let (first, last) = (from / size, (until - 1) / size);
        // Gaps are noted as a whole and nothing is reserved for bytes that are not here.
        let mut gap: Option<u64> = None;
        let mut complete = true;
        let stride = size + SUM as u64;
        for index in first..=last + 1 {
            let here = index > last || store.block(index).is_some();
            match gap {
                None if !here => gap = Some(index),
                Some(start) if here => {
                    let _: Outcome<()> = self.miss(&store.section, start * stride, (index - start) * stride);
                    (gap, complete) = (None, false);
                }
                _ => {}
            }
        }
        if !complete {
            return Err(Stop::Missing);
        }
        let mut out = Vec::with_capacity((until - from) as usize);
        for index in first..=last {
            let block = store.block(index).unwrap_or_default();
            let start = index * size;
            out.extend_from_slice(store.cut(
                block,
                from.max(start) - start,
                until.min(start + size) - start,
            )?);
        }
        Ok(Cow::Owned(out))
    }
}

impl Store {
    fn block(&self, index: u64) -> Option<&[u8]> {
        let index = usize::try_from(index).ok()?;
        let page = self.fixed.get(index / PAGE)?.as_ref()?;
        page[index % PAGE].as_deref()
    }

    fn cut<'a>(&self, block: &'a [u8], from: u64, until: u64) -> Outcome<&'a [u8]> {
        block
            .get(from as usize..until as usize)
            .ok_or(Stop::Broken(Error::Corrupt { what: "a list lies outside its section" }))
    }

    fn put(&mut self, offset: u64, bytes: &[u8]) -> Result<(), Error> {
        if self.section.payload > 0 {
            self.put_fixed(offset, bytes)
        } else {
            self.put_variable(offset, bytes)
        }
    }

    fn put_fixed(&mut self, offset: u64, bytes: &[u8]) -> Result<(), Error> {
        let stride = u64::from(self.section.payload) + SUM as u64;
        let mut index = offset.div_ceil(stride);
        loop {
            let start = index * stride;
            let end = (start + stride).min(self.section.length);
            if start + SUM as u64 >= end || end > offset + bytes.len() as u64 {
                return Ok(());
            }
            let block = &bytes[(start - offset) as usize..(end - offset) as usize];
            let payload = self.checked(block, start)?;
            let page = index as usize / PAGE;
            if self.fixed.len() <= page {
                self.fixed.resize(page + 1, None);
            }
            self.fixed[page].get_or_insert_with(|| vec![None; PAGE])[index as usize % PAGE] = Some(payload);
            index += 1;
        }
    }

    fn put_variable(&mut self, mut offset: u64, mut bytes: &[u8]) -> Result<(), Error> {
        while let Some((head, rest)) = bytes.split_first_chunk::<LENGTH>() {
            let n = u32::from_le_bytes(*head) as usize;
            if n > MAX_PAYLOAD
                || (n + SUM) as u64 > self.section.length.saturating_sub(offset + LENGTH as u64)
            {
                return self.damaged(offset);
            }
            let Some(block) = rest.get(..n + SUM) else {
                self.cut_off.insert(offset, (LENGTH + n + SUM) as u64);
                return Ok(());
            };
            let payload = self.checked(block, offset)?;
            self.variable.insert(offset, payload);
            offset += (LENGTH + n + SUM) as u64;
            bytes = &rest[n + SUM..];
        }
        Ok(())
    }

    fn checked(&self, block: &[u8], offset: u64) -> Result<Box<[u8]>, Error> {
        let (payload, sum) = block.split_at(block.len() - SUM);
        if checksum(payload).to_le_bytes() != sum {
            return self.damaged(offset);
        }
        Ok(payload.into())
    }

    fn damaged<T>(&self, offset: u64) -> Result<T, Error> {
        Err(Error::Checksum { section: self.section.id.name(), offset: self.section.start + offset })
    }
}

#[cfg(test)]
mod tests;
