//! Inverting messages in memory: for each term a growing string of postings, written out as a sorted run when there
//! are enough.
//!
//! Postings of a term lie in linked chunks of one arena, each twice the one before (Büttcher, Clarke and Cormack,
//! "Information Retrieval" (2010), 6.5.2): most terms occur once, a few a million times.

use super::run::{put_key, put_posting, write_term};
use super::terms::Terms;
use maildex_core::format::dictionary::Kind;
use std::io::{self, Write};

/// The first chunk of a term, its link included.
const FIRST_CHUNK: usize = 16;
/// The largest chunk.
const LAST_CHUNK: usize = 512;
/// Bytes at a chunk's end that lead to the next.
const LINK: usize = 4;
/// Bits of an occurrence below its region, which hold the position.
const POSITION_BITS: u32 = 28;
/// Positions past this are counted as this one: no phrase is looked for behind the 268 millionth word.
const LAST_POSITION: u32 = (1 << POSITION_BITS) - 1;

/// An inverted index in memory.
pub(crate) struct Inverter {
    terms: Terms,
    streams: Vec<Stream>,
    arena: Vec<u8>,
    /// The occurrences of the message at hand: term, region, position.
    occurrences: Vec<u64>,
    key: Vec<u8>,
}

/// Where the postings of a term are and end.
struct Stream {
    head: u32,
    at: u32,
    left: u32,
    chunk: u32,
    /// One more than the last message written.
    next_doc: u32,
}

impl Inverter {
    pub(crate) fn new() -> Inverter {
        Inverter {
            terms: Terms::default(),
            streams: Vec::new(),
            arena: Vec::new(),
            occurrences: Vec::new(),
            key: Vec::new(),
        }
    }

    /// About how many bytes it holds.
    pub(crate) fn memory(&self) -> usize {
        self.arena.capacity() + self.terms.memory() + self.streams.capacity() * size_of::<Stream>()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.streams.is_empty()
    }

    /// Notes that `term` stands at `position` of a region (0 head, 1 own, 2 quoted) of the message at hand.
    pub(crate) fn add(&mut self, kind: Kind, term: &[u8], region: usize, position: u32) {
        put_key(&mut self.key, term, kind);
        let (id, is_new) = self.terms.number(&self.key);
        if is_new {
            let head = self.arena.len() as u32;
            self.arena.resize(self.arena.len() + FIRST_CHUNK, 0);
            let left = (FIRST_CHUNK - LINK) as u32;
            self.streams.push(Stream { head, at: head, left, chunk: FIRST_CHUNK as u32, next_doc: 0 });
        }
        let place = (region as u64) << POSITION_BITS | u64::from(position.min(LAST_POSITION));
        self.occurrences.push(u64::from(id) << 32 | place);
    }

    /// Ends the message at hand, whose number is `doc`, above all before it.
    pub(crate) fn end(&mut self, doc: u32) {
        let mut occurrences = core::mem::take(&mut self.occurrences);
        occurrences.sort_unstable();
        occurrences.dedup();
        for group in occurrences.chunk_by(|a, b| a >> 32 == b >> 32) {
            self.posting((group[0] >> 32) as usize, doc, group);
        }
        occurrences.clear();
        self.occurrences = occurrences;
    }

    fn posting(&mut self, id: usize, doc: u32, group: &[u64]) {
        let gap = doc - self.streams[id].next_doc;
        self.streams[id].next_doc = doc + 1;
        let region = |occurrence: &u64| (*occurrence as u32) >> POSITION_BITS;
        let mask = group.iter().fold(0, |mask, occurrence| mask | 1u32 << region(occurrence));
        let regions = group.chunk_by(|a, b| region(a) == region(b));
        let places = regions.map(|own| own.iter().map(|place| *place as u32 & LAST_POSITION));
        put_posting(gap, mask, places, &mut |value| self.varint(id, value));
    }

    fn varint(&mut self, id: usize, mut value: u32) {
        while value >= 0x80 {
            self.byte(id, value as u8 | 0x80);
            value >>= 7;
        }
        self.byte(id, value as u8);
    }

    fn byte(&mut self, id: usize, byte: u8) {
        let stream = &mut self.streams[id];
        if stream.left == 0 {
            let link = self.arena.len() as u32;
            self.arena[stream.at as usize..stream.at as usize + LINK].copy_from_slice(&link.to_le_bytes());
            stream.chunk = (stream.chunk * 2).min(LAST_CHUNK as u32);
            self.arena.resize(self.arena.len() + stream.chunk as usize, 0);
            stream.at = link;
            stream.left = stream.chunk - LINK as u32;
        }
        self.arena[stream.at as usize] = byte;
        stream.at += 1;
        stream.left -= 1;
    }

    fn bytes_of(&self, stream: &Stream, out: &mut Vec<u8>) {
        out.clear();
        let (mut at, mut chunk) = (stream.head as usize, FIRST_CHUNK);
        loop {
            let end = at + chunk - LINK;
            if (at..=end).contains(&(stream.at as usize)) {
                out.extend_from_slice(&self.arena[at..stream.at as usize]);
                return;
            }
            out.extend_from_slice(&self.arena[at..end]);
            let link = &self.arena[end..end + LINK];
            at = u32::from_le_bytes([link[0], link[1], link[2], link[3]]) as usize;
            chunk = (chunk * 2).min(LAST_CHUNK);
        }
    }

    /// Writes everything as a run and empties the index.
    pub(crate) fn flush(&mut self, out: &mut impl Write) -> io::Result<()> {
        let mut postings = Vec::new();
        for id in self.terms.sorted() {
            let key = self.terms.key(id);
            self.bytes_of(&self.streams[id as usize], &mut postings);
            write_term(out, key, &postings)?;
        }
        *self = Inverter::new();
        Ok(())
    }
}
