//! Lists: the messages a term is in, how often it is in each region of them, and where.
//!
//! Ids ascend. Every 128 make a *block* of gaps with the counts behind them; 32 blocks make a *group* with its skip
//! entries behind it; what is left over is the *tail*. Gaps are coded under a table for their mean, which the skips
//! tell: words come in bursts, and bit-packing at the width of a block's largest gap takes half as many bytes again. The group table stands at the very end,
//! so that "newest first" begins by reading the end of a list. Positions lie in a section of their own, in the same
//! chunks, and are read by phrases only.
//!
//! ```text
//! list  = { block{1,32} skips }  tail  groups  u32 length of groups
//! block = 128 gaps, then counts, one bit stream
//! skips = per block: varint last - previous last - 128, varint bytes, varint bytes of positions
//! tail  = as a block, fewer than 128
//! groups = per group: varint last - previous last, varint bytes of blocks, varint bytes of skips,
//!          varint bytes of positions
//! ```
//! A list of fewer than 128 is a tail alone.

use super::bits::{BitReader, BitWriter};
use super::block::{Resident, SectionId};
use super::bytes::{ByteReader, ByteWriter};
use super::code::{Code, Codes, FIELD, Magnitude, Within, position_context};
use crate::error::{Error, Outcome, Stop, corrupt};
use core::array;
use std::borrow::Cow;

/// Postings of a block.
pub const BLOCK: usize = 128;
/// Blocks of a group.
const GROUP: usize = 32;
/// A list up to this many bytes is fetched whole: a second round costs more than the bytes.
const EAGER: u64 = 48 << 10;
/// The same for positions, of which a phrase needs those of a few messages.
const EAGER_POSITIONS: u64 = 12 << 10;
/// How much of a longer list's end is fetched first: group table, tail, last skips and some blocks.
const END: u64 = 3 << 10;
/// A position is below this; the bits above it hold the region.
pub const MAX_POSITION: u32 = 1 << 29;

/// Subject, people and attachment names.
pub const HEAD: u8 = 1;
/// The writer's own words.
pub const OWN: u8 = 2;
/// What the writer quotes.
pub const QUOTED: u8 = 4;
/// Regions in the order in which counts and positions are written.
pub const REGIONS: [u8; 3] = [HEAD, OWN, QUOTED];

/// What a list says of each message besides its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Counts and positions in up to three regions.
    Regions,
    /// Counts and positions in one field.
    Field,
    /// Nothing.
    Bare,
}

/// Postings on their way into a list: parallel arrays, messages ascending.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Postings {
    /// The messages.
    pub docs: Vec<u32>,
    /// For each message the regions the term is in; [`HEAD`] in a list of one field.
    pub masks: Vec<u8>,
    /// For each message and each of its regions, how often.
    pub counts: Vec<u32>,
    /// For each of those, where, ascending.
    pub positions: Vec<u32>,
}

impl Postings {
    /// Empties the arrays and keeps their memory.
    pub fn clear(&mut self) {
        self.docs.clear();
        self.masks.clear();
        self.counts.clear();
        self.positions.clear();
    }
}

/// The bytes of one list and of its positions.
#[derive(Debug, Default, Clone)]
pub struct EncodedList {
    /// For the lists section, or for the dictionary if there is one posting.
    pub list: Vec<u8>,
    /// For the positions section, or likewise.
    pub positions: Vec<u8>,
}

/// Encodes lists of one segment.
#[derive(Debug)]
pub struct ListWriter {
    codes: Codes,
    n_docs: u32,
}

impl ListWriter {
    /// A writer for a segment of `n_docs` messages.
    pub fn new(n_docs: u32) -> ListWriter {
        ListWriter { codes: Codes::new(), n_docs }
    }

    /// The bytes of a list.
    pub fn encode(&self, postings: &Postings, shape: Shape) -> EncodedList {
        let mut encoding = Encoding {
            codes: &self.codes,
            postings,
            shape,
            next: 0,
            doc: 0,
            count: 0,
            position: 0,
            out: EncodedList::default(),
        };
        let n = postings.docs.len();
        let mut groups = ByteWriter::new();
        while n - encoding.doc >= BLOCK {
            encoding.group(&mut groups);
        }
        encoding.run(n, self.n_docs - encoding.next);
        let mut out = encoding.out;
        if n >= BLOCK {
            let groups = groups.into_bytes();
            out.list.extend_from_slice(&groups);
            out.list.extend_from_slice(&(groups.len() as u32).to_le_bytes());
        }
        out
    }
}

/// A list that is being written, and how far it is.
struct Encoding<'a> {
    codes: &'a Codes,
    postings: &'a Postings,
    shape: Shape,
    /// One more than the last id written.
    next: u32,
    /// How far it is in each of the parallel arrays.
    doc: usize,
    count: usize,
    position: usize,
    out: EncodedList,
}

impl Encoding<'_> {
    /// Writes up to 32 full blocks and their skips, and a row for them.
    fn group(&mut self, groups: &mut ByteWriter) {
        let first = self.next;
        let (start, start_positions) = (self.out.list.len(), self.out.positions.len());
        let mut skips = ByteWriter::new();
        for _ in 0..GROUP.min((self.postings.docs.len() - self.doc) / BLOCK) {
            let (block_start, positions_start) = (self.out.list.len(), self.out.positions.len());
            let end = self.doc + BLOCK;
            let span = self.postings.docs[end - 1] + 1 - self.next;
            self.run(end, span);
            skips.varint(u64::from(span) - BLOCK as u64);
            skips.varint((self.out.list.len() - block_start) as u64);
            skips.varint((self.out.positions.len() - positions_start) as u64);
        }
        groups.varint(u64::from(self.next - first));
        groups.varint((self.out.list.len() - start) as u64);
        let skips = skips.into_bytes();
        groups.varint(skips.len() as u64);
        groups.varint((self.out.positions.len() - start_positions) as u64);
        self.out.list.extend_from_slice(&skips);
    }

    /// Writes the postings up to `end`, which are spread over the next `span` messages.
    fn run(&mut self, end: usize, span: u32) {
        let mut bits = BitWriter::new();
        let (gaps, counts) = self.codes.of(span, (end - self.doc) as u32);
        for &doc in &self.postings.docs[self.doc..end] {
            gaps.put(&mut bits, doc - self.next);
            self.next = doc + 1;
        }
        let mut positions = BitWriter::new();
        for doc in self.doc..end {
            match self.shape {
                Shape::Bare => {}
                Shape::Field => self.counts_and_positions(HEAD, counts, &mut bits, &mut positions),
                Shape::Regions => {
                    self.counts_and_positions(self.postings.masks[doc], counts, &mut bits, &mut positions);
                }
            }
        }
        self.doc = end;
        self.out.list.extend_from_slice(&bits.finish());
        self.out.positions.extend_from_slice(&positions.finish());
    }

    fn counts_and_positions(
        &mut self,
        mask: u8,
        code: &Code,
        bits: &mut BitWriter,
        positions: &mut BitWriter,
    ) {
        let n_regions = mask.count_ones() as usize;
        let counts = &self.postings.counts[self.count..self.count + n_regions];
        match self.shape {
            Shape::Regions => self.put_counts(bits, code, mask, counts),
            _ => self.codes.count.put(bits, counts[0] - 1),
        }
        for (region, &n) in REGIONS.into_iter().filter(|region| mask & region != 0).zip(counts) {
            let places = &self.postings.positions[self.position..self.position + n as usize];
            self.put_positions(positions, region, places);
            self.position += n as usize;
        }
        self.count += n_regions;
    }

    fn put_counts(&self, out: &mut BitWriter, code: &Code, mask: u8, counts: &[u32]) {
        if let [count] = *counts {
            let base = REGIONS.iter().position(|r| *r == mask).expect("one region is set") * 4;
            code.put(out, base + count.min(4) as usize - 1);
            if count >= 4 {
                self.codes.count.put(out, count - 4);
            }
            return;
        }
        code.put(out, SEVERAL[usize::from(mask)] as usize);
        counts.iter().for_each(|count| self.codes.count.put(out, count - 1));
    }

    fn put_positions(&self, out: &mut BitWriter, region: u8, positions: &[u32]) {
        let mut next = 0;
        for (i, &position) in positions.iter().enumerate() {
            let within = within(self.shape, region == HEAD);
            let context = position_context(within, positions.len() as u32, i == 0);
            self.codes.positions[context].put(out, position - next);
            next = position + 1;
        }
    }
}

/// What the positions of a region are counted in.
#[inline(always)]
fn within(shape: Shape, is_head: bool) -> Within {
    match (shape, is_head) {
        (Shape::Field, _) => Within::Field,
        (_, true) => Within::Head,
        (_, false) => Within::Body,
    }
}

/// The symbol of a mask of several regions: 12 head and own, 13 head and quoted, 14 own and quoted, 15 all.
const SEVERAL: [u8; 8] = [0, 0, 0, 12, 0, 13, 14, 15];

/// How many symbols there are: those that are written, and [`FIELD`].
const SYMBOLS: usize = FIELD as usize + 1;

/// The mask of a symbol.
const MASKS: [u8; SYMBOLS] = [1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 3, 5, 6, 7, HEAD];

/// The region and the count of a symbol that tells one of each by itself.
fn single(symbol: usize) -> Option<(usize, u32)> {
    (symbol < 12 && symbol % 4 < 3).then_some((symbol / 4, symbol as u32 % 4 + 1))
}

/// Where a list lies and what it holds, as the dictionary says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRef {
    /// What each posting says.
    pub shape: Shape,
    /// How many messages.
    pub n: u32,
    /// Where its bytes are.
    pub bytes: ListBytes,
}

/// The bytes of a list: in their sections, or in the dictionary if they are few.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListBytes {
    /// Payload ranges in the lists and positions sections.
    Sections {
        /// Where the list begins, and how many bytes it has.
        list: (u64, u64),
        /// Where its positions begin, and how many bytes they have.
        positions: (u64, u64),
    },
    /// The bytes themselves.
    Inline {
        /// The list.
        list: Box<[u8]>,
        /// Its positions.
        positions: Box<[u8]>,
    },
}

impl ListRef {
    /// Bytes of the list, and of its positions.
    pub fn lengths(&self) -> (u64, u64) {
        match &self.bytes {
            ListBytes::Sections { list, positions } => (list.1, positions.1),
            ListBytes::Inline { list, positions } => (list.len() as u64, positions.len() as u64),
        }
    }

    /// Whether it is fetched whole, and with its `positions` those as well.
    pub(crate) fn is_eager(&self, positions: bool) -> bool {
        self.is_short() && (!positions || self.has_short_positions())
    }

    fn is_short(&self) -> bool {
        self.lengths().0 <= EAGER
    }

    fn has_short_positions(&self) -> bool {
        self.lengths().1 <= EAGER_POSITIONS
    }
}

/// A run of postings that is decoded as a whole: a full block or the tail.
#[derive(Debug, Clone)]
struct Chunk {
    /// The smallest id it may hold.
    first: u32,
    /// The largest; `u32::MAX` for the tail.
    last: u32,
    bytes: (u64, u64),
    positions: (u64, u64),
    n: u32,
}

/// The places of a term in some messages, ascending in each, with the region in the bits above [`MAX_POSITION`].
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Those of all messages, one behind the other.
    pub(crate) all: Vec<u32>,
    /// Where those of each message end.
    ends: Vec<usize>,
}

impl Places {
    /// Closes the message at hand.
    pub(crate) fn end(&mut self) {
        self.ends.push(self.all.len());
    }

    /// Those of the message with this index.
    pub(crate) fn of(&self, index: usize) -> &[u32] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.all[start..self.ends[index]]
    }

    /// How many messages there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// Whether a chunk may be of use whose ids lie between these two. It is asked once for a chunk, so that a call through
/// a pointer costs nothing, and reading lists is compiled once.
type Keep<'a> = &'a dyn Fn(u32, u32) -> bool;

/// What is done with the ids of a chunk and a number for each.
type Visit<'a> = &'a mut dyn FnMut(&[u32], &[u32]) -> Outcome<()>;

/// A list that is being read.
#[derive(Debug)]
pub(crate) struct ListReader<'a> {
    list: &'a ListRef,
    resident: &'a Resident,
    codes: &'a Codes,
    n_docs: u32,
}

impl<'a> ListReader<'a> {
    pub(crate) fn new(
        list: &'a ListRef,
        resident: &'a Resident,
        codes: &'a Codes,
        n_docs: u32,
    ) -> ListReader<'a> {
        ListReader { list, resident, codes, n_docs }
    }

    /// Calls `visit` with the ids of each chunk that may hold one in `lo..hi` and for whose bounds `keep` holds.
    ///
    /// Fails with [`Stop::Missing`] after every chunk that is here has been visited and the others noted.
    pub(crate) fn docs(
        &self,
        lo: u32,
        hi: u32,
        keep: Keep<'_>,
        visit: &mut dyn FnMut(&[u32]),
    ) -> Outcome<()> {
        let mut docs = [0; BLOCK];
        self.each_chunk(lo, hi, keep, &mut |chunk, bytes| {
            self.decode_docs(chunk, bytes, &mut docs)?;
            visit(&docs[..chunk.n as usize]);
            Ok(())
        })
    }

    /// The same with a number for each message: how often each region has the term, by a weight of the region. Where
    /// `visit` misses something, that is noted as well.
    pub(crate) fn postings(
        &self,
        lo: u32,
        hi: u32,
        keep: Keep<'_>,
        weights: [u32; 3],
        visit: Visit<'_>,
    ) -> Outcome<()> {
        // What the symbols come to that tell a single count: almost all of them.
        let known: [u32; SYMBOLS] = array::from_fn(|symbol| match single(symbol) {
            Some((region, n)) => weights[region] * n,
            None => 0,
        });
        let (mut docs, mut sums) = ([0; BLOCK], [0u32; BLOCK]);
        self.each_chunk(lo, hi, keep, &mut |chunk, bytes| {
            let (mut bits, code) = self.decode_docs(chunk, bytes, &mut docs)?;
            let n = chunk.n as usize;
            for sum in &mut sums[..n] {
                let symbol = code.take(&mut bits);
                *sum = known[symbol];
                if *sum == 0 {
                    self.take_counts(&mut bits, symbol, |region, n| {
                        *sum = sum.saturating_add(n.saturating_mul(weights[region]));
                    });
                }
            }
            bits.check("list")?;
            visit(&docs[..n], &sums[..n])
        })
    }

    /// All that the list says, as it was given to [`ListWriter::encode`]. One of [`Shape::Bare`] has messages alone.
    #[cfg(feature = "scan")]
    pub(crate) fn whole(&self) -> Outcome<Postings> {
        let mut own = Postings::default();
        self.docs(0, self.n_docs, &|_, _| true, &mut |docs| own.docs.extend_from_slice(docs))?;
        // Forged blocks overlap.
        if own.docs.len() != self.list.n as usize || !own.docs.is_sorted_by(|a, b| a < b) {
            return Err(broken("list"));
        }
        if self.list.shape == Shape::Bare {
            return Ok(own);
        }
        let places = self.positions(&own.docs)?;
        for index in 0..places.len() {
            let mut mask = 0;
            for region in places.of(index).chunk_by(|a, b| a / MAX_POSITION == b / MAX_POSITION) {
                mask |= REGIONS[(region[0] / MAX_POSITION) as usize];
                own.counts.push(region.len() as u32);
                own.positions.extend(region.iter().map(|place| place % MAX_POSITION));
            }
            own.masks.push(mask);
        }
        if own.masks.contains(&0) { Err(broken("positions")) } else { Ok(own) }
    }

    /// The places of the term in each of `wanted`, which ascend; none in a message that the list does not hold.
    pub(crate) fn positions(&self, wanted: &[u32]) -> Outcome<Places> {
        let mut found =
            Places { all: Vec::with_capacity(wanted.len() * 2), ends: Vec::with_capacity(wanted.len()) };
        let (Some(&lo), Some(&hi)) = (wanted.first(), wanted.last()) else { return Ok(found) };
        let any = |first: u32, last: u32| {
            let from = wanted.partition_point(|&doc| doc < first);
            wanted.get(from).is_some_and(|&doc| doc <= last)
        };
        let codes: [_; SYMBOLS] = array::from_fn(|symbol| {
            let (region, n) = single(symbol)?;
            Some((self.position_codes(region, n), n))
        });
        let mut docs = [0; BLOCK];
        self.each_chunk(lo, hi + 1, &any, &mut |chunk, bytes| {
            let places = self.positions_bytes(chunk.positions.0, chunk.positions.1)?;
            let (mut counts, code) = self.decode_docs(chunk, bytes, &mut docs)?;
            let mut bits = BitReader::new(&places);
            let mut largest = 0;
            let mut rest = docs[..chunk.n as usize].iter();
            // What stands behind the last message that is wanted need not be decoded.
            while let Some(&next) = wanted.get(found.ends.len()).filter(|&&w| w <= chunk.last) {
                let n_before = rest.as_slice().partition_point(|&doc| doc < next);
                for _ in rest.by_ref().take(n_before) {
                    let symbol = code.take(&mut counts);
                    match codes[symbol] {
                        Some((codes, n)) => pass_positions(&mut bits, codes, n),
                        None => self.take_counts(&mut counts, symbol, |region, n| {
                            pass_positions(&mut bits, self.position_codes(region, n), n);
                        }),
                    }
                }
                if rest.as_slice().first() == Some(&next) {
                    rest.next();
                    let symbol = code.take(&mut counts);
                    self.take_counts(&mut counts, symbol, |region, n| {
                        let codes = self.position_codes(region, n);
                        largest = largest.max(take_positions(&mut bits, codes, region, n, &mut found.all));
                    });
                }
                found.end();
            }
            bits.check("positions")?;
            if largest < u64::from(MAX_POSITION) { Ok(()) } else { Ok(corrupt("positions")?) }
        })?;
        while found.ends.len() < wanted.len() {
            found.end();
        }
        Ok(found)
    }

    /// Calls `each` with the regions that a posting has, by their index, and how often it has them.
    #[inline(always)]
    fn take_counts(&self, bits: &mut BitReader<'_>, symbol: usize, mut each: impl FnMut(usize, u32)) {
        let known = match symbol {
            3 | 7 | 11 => self.take_count(bits).saturating_add(4),
            _ => single(symbol).map_or(0, |(_, n)| n),
        };
        let mut mask = MASKS[symbol];
        // One call, so that what is made of a count is compiled once.
        while mask > 0 {
            let n = if known > 0 { known } else { self.take_count(bits).saturating_add(1) };
            each(mask.trailing_zeros() as usize, n);
            mask &= mask - 1;
        }
    }

    /// A count that stands by itself: rarer than those that a symbol tells, so not worth a copy of the code at each place.
    #[inline(never)]
    fn take_count(&self, bits: &mut BitReader<'_>) -> u32 {
        self.codes.count.take(bits)
    }

    /// The codes of the first of `n` positions in a region and of those behind it.
    #[inline(always)]
    fn position_codes(&self, region: usize, n: u32) -> PositionCodes<'_> {
        let within = within(self.list.shape, region == 0);
        let code = |is_first| &self.codes.positions[position_context(within, n, is_first)];
        (code(true), code(false))
    }

    /// Decodes the ids of a chunk and gives the stream that its counts follow in, with their code.
    fn decode_docs<'b>(
        &self,
        chunk: &Chunk,
        bytes: &'b [u8],
        docs: &mut [u32; BLOCK],
    ) -> Result<(BitReader<'b>, &'a Code), Error> {
        let span = (chunk.last.min(self.n_docs.saturating_sub(1)) + 1).saturating_sub(chunk.first);
        let (gaps, counts) = self.codes.of(span, chunk.n);
        let counts = match self.list.shape {
            Shape::Regions => counts,
            Shape::Field => &self.codes.field,
            Shape::Bare => &self.codes.bare,
        };
        let mut bits = BitReader::new(bytes);
        // The sum of any gaps fits, and what is too large shows at the end.
        let mut next = u64::from(chunk.first);
        for doc in &mut docs[..chunk.n as usize] {
            let id = next + u64::from(gaps.take(&mut bits));
            *doc = id as u32;
            next = id + 1;
        }
        bits.check("list")?;
        let ends_well = chunk.last == u32::MAX || next == u64::from(chunk.last) + 1;
        if ends_well && next <= u64::from(self.n_docs) { Ok((bits, counts)) } else { corrupt("list") }
    }

    fn each_chunk(
        &self,
        lo: u32,
        hi: u32,
        keep: Keep<'_>,
        visit: &mut dyn FnMut(&Chunk, &[u8]) -> Outcome<()>,
    ) -> Outcome<()> {
        let mut missing = false;
        let mut note = |outcome: Outcome<()>| match outcome {
            Err(Stop::Missing) => {
                missing = true;
                Ok(())
            }
            other => other,
        };
        let chunks = self.chunks(lo, hi, keep)?;
        for chunk in &chunks {
            note(self.list_bytes(chunk.bytes.0, chunk.bytes.1).and_then(|bytes| visit(chunk, &bytes)))?;
        }
        if missing { Err(Stop::Missing) } else { Ok(()) }
    }

    /// The chunks that overlap `lo..hi` and pass `keep`, ascending.
    fn chunks(&self, lo: u32, hi: u32, keep: Keep<'_>) -> Outcome<Vec<Chunk>> {
        let n = self.list.n;
        let (length, length_positions) = self.list.lengths();
        if (n as usize) < BLOCK {
            let chunk =
                Chunk { first: 0, last: u32::MAX, bytes: (0, length), positions: (0, length_positions), n };
            return Ok(if keep(0, self.n_docs) { vec![chunk] } else { Vec::new() });
        }
        let end = self.list_bytes(length.saturating_sub(END), length)?;
        let Some((rest, table_length)) = end.split_last_chunk::<4>() else { return Err(broken("list")) };
        let table_length = u32::from_le_bytes(*table_length) as usize;
        let table_start = length.checked_sub(4 + table_length as u64).ok_or(broken("list"))?;
        let table = match rest.len().checked_sub(table_length) {
            Some(at) => Cow::Borrowed(&rest[at..]),
            None => self.list_bytes(table_start, length - 4)?,
        };
        self.walk_groups(&table, table_start, lo, hi, keep)
    }

    fn walk_groups(
        &self,
        table: &[u8],
        table_start: u64,
        lo: u32,
        hi: u32,
        keep: Keep<'_>,
    ) -> Outcome<Vec<Chunk>> {
        let mut chunks = Vec::new();
        let mut table = ByteReader::new(table, "list");
        let (mut first, mut at, mut positions_at) = (0u32, 0u64, 0u64);
        let mut blocks_left = self.list.n as usize / BLOCK;
        let mut missing = false;
        while blocks_left > 0 {
            let n_blocks = blocks_left.min(GROUP);
            let next = first.checked_add(table.u32_varint()?).ok_or(broken("list"))?;
            let (blocks, skips, positions) = (table.varint()?, table.varint()?, table.varint()?);
            let skips_at = at.saturating_add(blocks);
            let end = skips_at.saturating_add(skips);
            if end > table_start {
                return Err(broken("list"));
            }
            if next > lo && first < hi && keep(first, next.saturating_sub(1)) {
                match self.list_bytes(skips_at, end) {
                    Ok(skips) => {
                        let start =
                            Chunk { first, last: 0, bytes: (at, 0), positions: (positions_at, 0), n: 128 };
                        walk_skips(&skips, n_blocks, &start, lo, hi, keep, &mut chunks)?;
                    }
                    Err(Stop::Missing) => missing = true,
                    Err(stop) => return Err(stop),
                }
            }
            (first, at, positions_at) = (next, end, positions_at.saturating_add(positions));
            blocks_left -= n_blocks;
        }
        let n = self.list.n % BLOCK as u32;
        if n > 0 && first < hi && keep(first, self.n_docs) {
            let positions = (positions_at, self.list.lengths().1);
            chunks.push(Chunk { first, last: u32::MAX, bytes: (at, table_start), positions, n });
        }
        if missing { Err(Stop::Missing) } else { Ok(chunks) }
    }

    fn list_bytes(&self, from: u64, until: u64) -> Outcome<Cow<'_, [u8]>> {
        match &self.list.bytes {
            ListBytes::Sections { list, .. } => self.resident.fixed(
                SectionId::Lists,
                list.0.saturating_add(from),
                list.0.saturating_add(until),
            ),
            ListBytes::Inline { list, .. } => cut(list, from, until),
        }
    }

    fn positions_bytes(&self, from: u64, until: u64) -> Outcome<Cow<'_, [u8]>> {
        match &self.list.bytes {
            ListBytes::Sections { positions: (start, _), .. } => self.resident.fixed(
                SectionId::Positions,
                start.saturating_add(from),
                start.saturating_add(until),
            ),
            ListBytes::Inline { positions, .. } => cut(positions, from, until),
        }
    }

    /// Notes all bytes of the list.
    #[cfg(feature = "scan")]
    pub(crate) fn fetch(&self) -> Outcome<()> {
        let (length, length_positions) = self.list.lengths();
        let list = self.list_bytes(0, length).map(drop);
        if length_positions > 0 {
            self.positions_bytes(0, length_positions)?;
        }
        list
    }

    /// Notes the bytes of a short list, and for a phrase those of its positions, so that they come in one round.
    pub(crate) fn prefetch(&self, positions: bool) -> Outcome<()> {
        let (length, length_positions) = self.list.lengths();
        let list = self.list_bytes(if self.list.is_short() { 0 } else { length - END }, length).map(drop);
        if positions && self.list.has_short_positions() {
            self.positions_bytes(0, length_positions)?;
        }
        list
    }
}

/// The codes of the first position of a posting in one region, and of those behind it.
type PositionCodes<'a> = (&'a Magnitude, &'a Magnitude);

/// Appends the places of a posting in one region, and gives the last position.
#[inline(always)]
fn take_positions(
    bits: &mut BitReader<'_>,
    (first, further): PositionCodes<'_>,
    region: usize,
    n: u32,
    into: &mut Vec<u32>,
) -> u64 {
    let mut position = u64::from(first.take(bits));
    into.push(position as u32 | (region as u32) << 29);
    // A forged count must not keep the reader busy: each position has a bit, and reading past the end is noticed.
    for _ in (1..n).take(bits.left()) {
        position += 1 + u64::from(further.take(bits));
        into.push(position as u32 | (region as u32) << 29);
    }
    position
}

/// Passes over them.
#[inline(always)]
fn pass_positions(bits: &mut BitReader<'_>, (first, further): PositionCodes<'_>, n: u32) {
    first.pass(bits);
    (1..n).take(bits.left()).for_each(|_| further.pass(bits));
}

fn walk_skips(
    skips: &[u8],
    n_blocks: usize,
    start: &Chunk,
    lo: u32,
    hi: u32,
    keep: Keep<'_>,
    chunks: &mut Vec<Chunk>,
) -> Outcome<()> {
    let mut skips = ByteReader::new(skips, "list");
    let (mut first, mut at, mut positions_at) = (start.first, start.bytes.0, start.positions.0);
    for _ in 0..n_blocks {
        let span = skips.u32_varint()?.checked_add(BLOCK as u32);
        let next = span.and_then(|span| first.checked_add(span)).ok_or(broken("list"))?;
        let (bytes, positions) = (skips.varint()?, skips.varint()?);
        let end = at.checked_add(bytes).ok_or(broken("list"))?;
        let positions_end = positions_at.checked_add(positions).ok_or(broken("list"))?;
        if next > lo && first < hi && keep(first, next - 1) {
            let (bytes, positions) = ((at, end), (positions_at, positions_end));
            chunks.push(Chunk { first, last: next - 1, bytes, positions, n: BLOCK as u32 });
        }
        (first, at, positions_at) = (next, end, positions_end);
    }
    Ok(())
}

fn cut(bytes: &[u8], from: u64, until: u64) -> Outcome<Cow<'_, [u8]>> {
    bytes.get(from as usize..until as usize).map(Cow::Borrowed).ok_or(broken("list"))
}

fn broken(what: &'static str) -> Stop {
    Stop::Broken(Error::Corrupt { what })
}

#[cfg(test)]
mod tests;
