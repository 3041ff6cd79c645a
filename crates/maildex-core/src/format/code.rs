//! Entropy codes for small integers: a canonical Huffman code for the number of bits, then the bits below the top one.
//!
//! Gaps, counts and positions of words in mail spread over many orders of magnitude, and what is known beforehand
//! (the mean gap, the field) says little about one of them. Coding the magnitude and then the plain bits stays within
//! half a bit of what knowing each distribution would give. The tables are part of the format, measured on a public
//! mailing list: a segment needs no training pass, and segments merge into the same bytes as one built at once.

use super::bits::{BitReader, BitWriter};

/// The longest Huffman code; a table look-up decodes any symbol.
const MAX_LENGTH: u32 = 10;

/// A canonical Huffman code over symbols `0..n`.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    /// Code word (reversed, low bit first) and its length, by symbol.
    words: Vec<(u16, u8)>,
    /// Symbol and length by the next [`MAX_LENGTH`] bits.
    table: Vec<(u8, u8)>,
}

impl Code {
    /// The code with these word lengths; 0 is a symbol without a word.
    pub(crate) fn new(lengths: &[u8]) -> Code {
        let mut words = vec![(0u16, 0u8); lengths.len()];
        let mut table = vec![(0u8, 0u8); 1 << MAX_LENGTH];
        let mut next = 0u32;
        for length in 1..=MAX_LENGTH {
            for (symbol, _) in lengths.iter().enumerate().filter(|(_, l)| u32::from(**l) == length) {
                let reversed = (next << (32 - length)).reverse_bits();
                words[symbol] = (reversed as u16, length as u8);
                for entry in (reversed as usize..table.len()).step_by(1 << length) {
                    table[entry] = (symbol as u8, length as u8);
                }
                next += 1;
            }
            next <<= 1;
        }
        Code { words, table }
    }

    #[inline]
    pub(crate) fn put(&self, out: &mut BitWriter, symbol: usize) {
        let (word, length) = self.words[symbol];
        debug_assert!(length > 0, "symbol {symbol} has no code word");
        out.put(u32::from(word), u32::from(length));
    }

    /// The next symbol. Bits that are no word give symbol 0 and move on by one, so that damage ends somewhere.
    #[inline(always)]
    pub(crate) fn take(&self, bits: &mut BitReader<'_>) -> usize {
        let (symbol, length) = self.table[(bits.peek() & ((1 << MAX_LENGTH) - 1)) as usize];
        bits.skip(u32::from(length.max(1)));
        usize::from(symbol)
    }
}

/// Magnitudes go up to 32 bits.
pub(crate) const MAGNITUDES: usize = 33;

/// A code for integers: magnitude by [`Code`], then the bits below the top one.
#[derive(Debug, Clone)]
pub(crate) struct Magnitude(Code);

impl Magnitude {
    pub(crate) fn new(lengths: &[u8; MAGNITUDES]) -> Magnitude {
        Magnitude(Code::new(lengths))
    }

    #[inline]
    pub(crate) fn put(&self, out: &mut BitWriter, value: u32) {
        let width = super::bits::width(value);
        self.0.put(out, width as usize);
        if width > 1 {
            out.put(value & ((1 << (width - 1)) - 1), width - 1);
        }
    }

    #[inline(always)]
    pub(crate) fn take(&self, bits: &mut BitReader<'_>) -> u32 {
        // A word and the bits behind it are at most 41 bits, so one look at the stream has them all.
        let next = bits.peek();
        let (width, length) = self.0.table[(next & ((1 << MAX_LENGTH) - 1)) as usize];
        let (width, length) = (u32::from(width), u32::from(length.max(1)));
        if width < 2 {
            bits.skip(length);
            return width;
        }
        bits.skip(length + width - 1);
        let top = 1u64 << (width - 1);
        ((next >> length) & (top - 1) | top) as u32
    }
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
