//! The encoder that the core does not bring: libzstd.

use maildex_core::format::Compress;
use zstd::bulk::Compressor;

/// Compresses blocks at one level, under one dictionary or none.
pub(crate) struct Zstd(Compressor<'static>);

impl Zstd {
    /// An encoder; an empty dictionary means none.
    pub(crate) fn new(level: i32, dictionary: &[u8]) -> Zstd {
        let mut encoder =
            Compressor::with_dictionary(level, dictionary).expect("libzstd takes any dictionary");
        // The reader knows the dictionary and has a checksum of its own.
        encoder.include_dictid(false).expect("a known parameter");
        encoder.include_checksum(false).expect("a known parameter");
        Zstd(encoder)
    }
}

impl Compress for Zstd {
    fn compress(&mut self, raw: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0.compress(raw).expect("libzstd compresses any bytes"));
    }
}

/// A dictionary of at most `size` bytes trained on samples; empty where they are too few to learn from.
pub(crate) fn train(samples: &[Vec<u8>], size: usize) -> Vec<u8> {
    // libzstd wants many samples and some ten times as many bytes as the dictionary has.
    if samples.len() < 16 || samples.iter().map(Vec::len).sum::<usize>() < size * 8 {
        return Vec::new();
    }
    zstd::dict::from_samples(samples, size).unwrap_or_default()
}
