//! Entropy codes for small integers: a canonical Huffman code for the number of bits, then the bits below the top one.
//!
//! Gaps, counts and positions of words in mail spread over many orders of magnitude, and what is known beforehand
//! (the mean gap, the field) says little about one of them. Coding the magnitude and then the plain bits stays within
//! half a bit of what knowing each distribution would give. The tables are part of the format, measured on a public
//! mailing list: a segment needs no training pass, and segments merge into the same bytes as one built at once.

use super::bits::{BitReader, BitWriter};

/// The longest Huffman code; a table look-up decodes any symbol.
const MAX_LENGTH: u32 = 10;

/// Something for each way in which the next [`MAX_LENGTH`] bits may be. An array, whose bounds a masked index cannot
/// leave: decoding is most of a query.
type Table = Box<[u16; 1 << MAX_LENGTH]>;

#[inline(always)]
fn look_up(table: &Table, next: u64) -> u32 {
    u32::from(table[next as usize % (1 << MAX_LENGTH)])
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
        *slot = entry(next, begun) as u16;
    }
    table
}

fn put(words: &[Word], out: &mut BitWriter, symbol: usize) {
    let (word, length) = words[symbol];
    debug_assert!(length > 0, "symbol {symbol} has no code word");
    out.put(u32::from(word), u32::from(length));
}

/// The length of a word, or of all that an integer takes, in the low bits of an entry.
const LENGTH: u32 = 4;

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

/// Magnitudes go up to 32 bits.
pub(crate) const MAGNITUDES: usize = 33;

/// A code for integers: magnitude by a canonical Huffman code, then the bits below the top one.
#[derive(Debug, Clone)]
pub(crate) struct Magnitude {
    words: Vec<Word>,
    /// [`WHOLE`] and the integer above the bits that it takes, where these are few enough; else its magnitude above the
    /// length of the word.
    table: Table,
}

const WHOLE: u32 = 1 << 15;

impl Magnitude {
    pub(crate) fn new(lengths: &[u8; MAGNITUDES]) -> Magnitude {
        let (words, begun) = canonical(lengths);
        let entry = |next, (width, length)| {
            let whole = length + below(width);
            if whole <= MAX_LENGTH {
                WHOLE | integer(u64::from(next), width, length) << LENGTH | whole
            } else {
                width << LENGTH | length
            }
        };
        Magnitude { words, table: table(begun, entry) }
    }

    #[inline]
    pub(crate) fn put(&self, out: &mut BitWriter, value: u32) {
        let width = super::bits::width(value);
        put(&self.words, out, width as usize);
        if width > 1 {
            out.put(value & ((1 << (width - 1)) - 1), width - 1);
        }
    }

    #[inline(always)]
    pub(crate) fn take(&self, bits: &mut BitReader<'_>) -> u32 {
        // A word and the bits behind it are at most 41 bits, so one look at the stream has them all.
        let next = bits.peek();
        let entry = look_up(&self.table, next);
        let length = entry % (1 << LENGTH);
        if entry & WHOLE > 0 {
            bits.skip(length);
            return (entry ^ WHOLE) >> LENGTH;
        }
        let width = entry >> LENGTH;
        bits.skip(length + below(width));
        integer(next, width, length)
    }

    /// Passes over an integer.
    #[inline(always)]
    pub(crate) fn pass(&self, bits: &mut BitReader<'_>) {
        let entry = look_up(&self.table, bits.peek());
        let more = if entry & WHOLE > 0 { 0 } else { below(entry >> LENGTH) };
        bits.skip(entry % (1 << LENGTH) + more);
    }
}

/// How many bits stand below the top one of an integer.
#[inline(always)]
fn below(width: u32) -> u32 {
    width.saturating_sub(1)
}

/// The integer of this width whose lower bits stand behind a word.
#[inline(always)]
fn integer(next: u64, width: u32, word: u32) -> u32 {
    let top = 1u64 << width >> 1;
    (next >> word & top.saturating_sub(1) | top) as u32
}

/// Codes for what a posting says, made once and kept by the segment.
#[derive(Debug, Clone)]
pub(crate) struct Codes {
    /// Gaps of the postings outside full blocks, by the magnitude of the mean gap.
    pub(crate) gaps: Vec<Magnitude>,
    /// Which regions a posting has and how often: see [`super::list`].
    pub(crate) counts: Code,
    /// Counts that [`Codes::counts`] does not hold, and those of lists with one region.
    pub(crate) count: Magnitude,
    /// Positions, by [`position_context`].
    pub(crate) positions: Vec<Magnitude>,
}

impl Codes {
    pub(crate) fn new() -> Codes {
        Codes {
            gaps: GAPS.iter().map(Magnitude::new).collect(),
            counts: Code::new(&COUNTS),
            count: Magnitude::new(&COUNT),
            positions: POSITIONS.iter().map(Magnitude::new).collect(),
        }
    }
}

/// How many contexts [`position_context`] tells apart.
pub(crate) const POSITION_CONTEXTS: usize = 7;

/// The table for a position: the first of one, the first of several, or a step by how many there are; the head of a
/// message (subject, people, files) apart from its body.
#[inline]
pub(crate) fn position_context(head: bool, n: u32, first: bool) -> usize {
    match (head, first, n) {
        (true, true, _) => 5,
        (true, false, _) => 6,
        (false, true, 1) => 0,
        (false, true, _) => 1,
        (false, false, 2..=3) => 2,
        (false, false, 4..=15) => 3,
        (false, false, _) => 4,
    }
}

/// How many gap tables there are.
pub(crate) const GAP_CONTEXTS: usize = 21;

/// The table for the gaps of `n` postings that are spread over `span` messages.
pub(crate) fn gap_context(span: u32, n: u32) -> usize {
    (super::bits::width(span / n.max(1)) as usize).min(GAP_CONTEXTS - 1)
}

include!("code_tables.rs");

#[cfg(test)]
mod tests;
