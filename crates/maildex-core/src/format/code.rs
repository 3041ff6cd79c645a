//! Entropy codes for small integers: a canonical Huffman code for the number of bits and the second of them, then the
//! bits below.
//!
//! Gaps, counts and positions of words in mail spread over many orders of magnitude, and what is known beforehand
//! (the mean gap, the field) says little about one of them. Coding the magnitude in half steps and then the plain bits
//! stays within half a bit of what knowing each distribution would give; a table holds the steps that its numbers come
//! in, and one word for all others. The tables are part of the format, measured on a public
//! mailing list: a segment needs no training pass, and segments merge into the same bytes as one built at once.

use super::bits::{BitReader, BitWriter};

/// The longest Huffman code; a table look-up decodes any symbol.
const MAX_LENGTH: u32 = 10;

/// An entry for each way in which the next [`MAX_LENGTH`] bits may be. An array, whose bounds a masked index cannot
/// leave: decoding is most of a query.
type Table = Box<[u32; 1 << MAX_LENGTH]>;

#[inline(always)]
fn look_up(table: &Table, next: u64) -> u32 {
    table[next as usize % (1 << MAX_LENGTH)]
}

/// A symbol's word (reversed, low bit first) and its length.
type Word = (u16, u8);

/// The words of a canonical code with these lengths, 0 for a symbol without a word; and which symbol, and how long a
/// word, the next bits begin with. Bits that are no word give symbol 0 and move on by one, so that damage ends somewhere.
fn canonical(lengths: &[u8]) -> (Vec<Word>, Vec<(u32, u32)>) {
    let mut words = vec![(0u16, 0u8); lengths.len()];
    let mut begun = vec![(0, 1); 1 << MAX_LENGTH];
    let mut next = 0u32;
    for length in 1..=MAX_LENGTH {
        for (symbol, _) in lengths.iter().enumerate().filter(|(_, l)| u32::from(**l) == length) {
            let reversed = (next << (32 - length)).reverse_bits();
            words[symbol] = (reversed as u16, length as u8);
            for at in (reversed as usize..begun.len()).step_by(1 << length) {
                begun[at] = (symbol as u32, length);
            }
            next += 1;
        }
        next <<= 1;
    }
    (words, begun)
}

fn table(begun: Vec<(u32, u32)>, entry: impl Fn(u32, (u32, u32)) -> u32) -> Table {
    let mut table = Box::new([0; 1 << MAX_LENGTH]);
    for ((slot, next), begun) in table.iter_mut().zip(0..).zip(begun) {
        *slot = entry(next, begun);
    }
    table
}

fn put(words: &[Word], out: &mut BitWriter, symbol: usize) {
    let (word, length) = words[symbol];
    debug_assert!(length > 0, "symbol {symbol} has no code word");
    out.put(u32::from(word), u32::from(length));
}

/// The low bits of an entry tell how many bits to move on by.
const LENGTH: u32 = 6;

/// A canonical Huffman code over symbols `0..n`.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    words: Vec<Word>,
    /// The symbol above the length of its word.
    table: Table,
}

impl Code {
    /// The code with these word lengths; 0 is a symbol without a word.
    pub(crate) fn new(lengths: &[u8]) -> Code {
        let (words, begun) = canonical(lengths);
        Code { words, table: table(begun, |_, (symbol, length)| symbol << LENGTH | length) }
    }

    /// The code that says this symbol without a bit.
    fn constant(symbol: u32) -> Code {
        Code { words: Vec::new(), table: Box::new([symbol << LENGTH; 1 << MAX_LENGTH]) }
    }

    #[inline]
    pub(crate) fn put(&self, out: &mut BitWriter, symbol: usize) {
        put(&self.words, out, symbol);
    }

    /// The next symbol.
    #[inline(always)]
    pub(crate) fn take(&self, bits: &mut BitReader<'_>) -> usize {
        let entry = look_up(&self.table, bits.peek());
        bits.skip(entry % (1 << LENGTH));
        (entry >> LENGTH) as usize
    }
}

/// A code for integers: magnitude in [`half_steps`] by a canonical Huffman code, then the bits below. The last symbol is
/// the [`ESCAPE`], for what has no word of its own.
#[derive(Debug, Clone)]
pub(crate) struct Magnitude {
    words: Vec<Word>,
    /// Above the bits that an integer takes: [`WHOLE`] and the integer, where these are few enough; else [`top`] of it
    /// above how many bits are open.
    table: Table,
}

const WHOLE: u32 = 1 << 31;

/// So many half steps that all 32 bits of the integer stand [`below`] them: it follows as it is.
const ESCAPE: u32 = 66;

impl Magnitude {
    pub(crate) fn new(lengths: &[u8]) -> Magnitude {
        let (words, begun) = canonical(lengths);
        let entry = |next, (symbol, length)| {
            let steps = if symbol as usize == lengths.len() - 1 { ESCAPE } else { symbol };
            let (open, all) = (below(steps), length + below(steps));
            if all <= MAX_LENGTH {
                WHOLE | integer(u64::from(next), all, open, top(steps)) << LENGTH | all
            } else {
                (top(steps) << LENGTH | open) << LENGTH | all
            }
        };
        Magnitude { words, table: table(begun, entry) }
    }

    #[inline]
    pub(crate) fn put(&self, out: &mut BitWriter, value: u32) {
        let (steps, escape) = (half_steps(value), self.words.len() - 1);
        match self.words[..escape].get(steps as usize) {
            Some(&(_, length)) if length > 0 => {
                put(&self.words, out, steps as usize);
                out.put(value & ((1 << below(steps)) - 1), below(steps));
            }
            _ => {
                put(&self.words, out, escape);
                out.put(value, below(ESCAPE));
            }
        }
    }

    #[inline(always)]
    pub(crate) fn take(&self, bits: &mut BitReader<'_>) -> u32 {
        // A word and the bits behind it are at most 42 bits, so one look at the stream has them all.
        let next = bits.peek();
        let entry = look_up(&self.table, next);
        let (all, rest) = (entry % (1 << LENGTH), entry >> LENGTH);
        bits.skip(all);
        if entry & WHOLE > 0 {
            return rest ^ WHOLE >> LENGTH;
        }
        integer(next, all, rest % (1 << LENGTH), rest >> LENGTH)
    }

    /// Passes over an integer.
    #[inline(always)]
    pub(crate) fn pass(&self, bits: &mut BitReader<'_>) {
        bits.skip(look_up(&self.table, bits.peek()) % (1 << LENGTH));
    }
}

/// How large an integer is, two steps for each bit: itself below 4, then 4 for 4 and 5, 5 for 6 and 7, 6 for 8 to 11.
fn half_steps(value: u32) -> u32 {
    let width = super::bits::width(value);
    if width < 2 { value } else { 2 * width - 2 + (value >> (width - 2) & 1) }
}

/// How many bits of an integer its half steps leave open.
fn below(steps: u32) -> u32 {
    (steps / 2).saturating_sub(1)
}

/// What its half steps tell of an integer, without the zeros in the place of the open bits.
fn top(steps: u32) -> u32 {
    match steps {
        ..4 => steps,
        ESCAPE => 0,
        _ => 2 | steps & 1,
    }
}

/// The integer whose last `open` bits are those of `all` that were seen, below its `top`.
#[inline(always)]
fn integer(next: u64, all: u32, open: u32, top: u32) -> u32 {
    (u64::from(top) << open | next >> (all - open) & ((1 << open) - 1)) as u32
}

/// Codes for what a posting says, made once and kept by the segment.
#[derive(Debug, Clone)]
pub(crate) struct Codes {
    /// Gaps, by how far the postings are [`spread`].
    gaps: Vec<Magnitude>,
    /// Which regions a posting has and how often ([`super::list`]), by the same: a common word that is in a message once
    /// is in a short one.
    counts: Vec<Code>,
    /// The same for lists whose postings say nothing: [`BARE`] each time.
    pub(crate) bare: Code,
    /// The same for lists of one field: [`FIELD`] each time.
    pub(crate) field: Code,
    /// Counts that [`Codes::counts`] does not hold, and those of lists with one region.
    pub(crate) count: Magnitude,
    /// Positions, by [`position_context`].
    pub(crate) positions: Vec<Magnitude>,
}

impl Codes {
    pub(crate) fn new() -> Codes {
        Codes {
            gaps: GAPS.iter().map(|lengths| Magnitude::new(lengths)).collect(),
            counts: COUNTS.iter().map(|lengths| Code::new(lengths)).collect(),
            bare: Code::constant(BARE),
            field: Code::constant(FIELD),
            count: Magnitude::new(COUNT),
            positions: POSITIONS.iter().map(|lengths| Magnitude::new(lengths)).collect(),
        }
    }

    /// The codes of gaps and of counts for `n` postings that are spread over `span` messages.
    pub(crate) fn of(&self, span: u32, n: u32) -> (&Magnitude, &Code) {
        let spread = spread(span, n);
        (&self.gaps[spread.min(GAP_CONTEXTS - 1)], &self.counts[spread.min(COUNT_CONTEXTS - 1)])
    }
}

/// The symbol of a posting that says nothing: once in one region.
const BARE: u32 = 0;
/// The symbol of a posting in a list of one field: how often stands by itself.
pub(crate) const FIELD: u32 = 16;

/// The binary logarithm of how many messages there are to a posting, rounded down.
fn spread(span: u32, n: u32) -> usize {
    (span / n.max(1)).max(1).ilog2() as usize
}

/// How many tables there are for gaps, the last for every wider spread.
const GAP_CONTEXTS: usize = 20;
/// The same for counts.
const COUNT_CONTEXTS: usize = 3;

/// What positions are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    /// The body of a message.
    Body,
    /// Its head (subject, people, files).
    Head,
    /// One field of it.
    Field,
}

/// How many contexts [`position_context`] tells apart.
const POSITION_CONTEXTS: usize = 9;

/// The table for a position: the first of one, the first of several, or a step by how many there are.
#[inline]
pub(crate) fn position_context(within: Within, n: u32, first: bool) -> usize {
    match (within, first, n) {
        (Within::Body, true, 1) => 0,
        (Within::Body, true, _) => 1,
        (Within::Body, false, 2..=3) => 2,
        (Within::Body, false, 4..=15) => 3,
        (Within::Body, false, _) => 4,
        (Within::Head, true, _) => 5,
        (Within::Head, false, _) => 6,
        (Within::Field, true, _) => 7,
        (Within::Field, false, _) => 8,
    }
}

include!("code_tables.rs");

#[cfg(test)]
mod tests;
