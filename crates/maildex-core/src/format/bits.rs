//! Bit streams, low bit first.
//!
//! What decoding a list does for every number is always inlined: the engine for browsers is compiled for size, which by itself
//! leaves a call there.

use crate::error::{Error, corrupt};

/// Appends bits to a buffer.
#[derive(Debug, Default, Clone)]
pub struct BitWriter {
    out: Vec<u8>,
    pending: u64,
    n_pending: u32,
}

impl BitWriter {
    /// An empty stream.
    pub fn new() -> BitWriter {
        BitWriter::default()
    }

    /// Appends the `width` low bits of `value`; `width` is at most 32.
    pub fn put(&mut self, value: u32, width: u32) {
        debug_assert!(width <= 32 && (width == 32 || value >> width == 0));
        self.pending |= u64::from(value) << self.n_pending;
        self.n_pending += width;
        while self.n_pending >= 8 {
            self.out.push(self.pending as u8);
            self.pending >>= 8;
            self.n_pending -= 8;
        }
    }

    /// Fills the last byte with zero bits and gives the bytes.
    pub fn finish(mut self) -> Vec<u8> {
        if self.n_pending > 0 {
            self.out.push(self.pending as u8);
        }
        self.out
    }
}

/// The smallest number of bits that holds `value`; 0 for 0.
pub(crate) fn width(value: u32) -> u32 {
    u32::BITS - value.leading_zeros()
}

/// Eight bytes from `at` on, with zeros past the end.
#[inline(always)]
pub(crate) fn window(bytes: &[u8], at: usize) -> u64 {
    if let Some(chunk) = bytes.get(at..at + 8) {
        return u64::from_le_bytes([
            chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7],
        ]);
    }
    let mut value = 0;
    for (i, &byte) in bytes.get(at..).unwrap_or_default().iter().take(8).enumerate() {
        value |= u64::from(byte) << (8 * i);
    }
    value
}

/// The number at `index` in a packed array of numbers of `width` (at most 32) bits; 0 past the end.
#[inline(always)]
pub(crate) fn packed(bytes: &[u8], index: usize, width: u32) -> u32 {
    let bit = index * width as usize;
    let mask = (1u64 << width) - 1;
    ((window(bytes, bit / 8) >> (bit % 8)) & mask) as u32
}

/// Reads a bit stream. Reading past the end gives zeros; [`BitReader::check`] tells whether that happened.
#[derive(Debug, Clone)]
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    bit: usize,
}

impl<'a> BitReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> BitReader<'a> {
        BitReader { bytes, bit: 0 }
    }

    /// At least 56 bits from here on, in the low bits.
    #[inline(always)]
    pub(crate) fn peek(&self) -> u64 {
        window(self.bytes, self.bit / 8) >> (self.bit % 8)
    }

    #[inline(always)]
    pub(crate) fn skip(&mut self, n: u32) {
        self.bit += n as usize;
    }

    /// How many bits there are from here on.
    #[inline(always)]
    pub(crate) fn left(&self) -> usize {
        (self.bytes.len() * 8).saturating_sub(self.bit)
    }

    pub(crate) fn bytes_read(&self) -> usize {
        self.bit.div_ceil(8)
    }

    /// An error if more was read than there is.
    pub(crate) fn check(&self, what: &'static str) -> Result<(), Error> {
        if self.bytes_read() > self.bytes.len() { corrupt(what) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
