//! Decoding of zstd frames (RFC 8878) by `ruzstd`.

use crate::error::{Error, corrupt};
use core::cell::RefCell;
use ruzstd::decoding::{BlockDecodingStrategy, Dictionary, FrameDecoder};

/// A block may unpack to this many bytes; a frame that says more is refused before memory is reserved.
pub(crate) const MAX_UNPACKED: u64 = 1 << 28;

/// A frame is stored without these four bytes, which say nothing inside an archive.
const MAGIC: [u8; 4] = 0xFD2F_B528u32.to_le_bytes();

/// Decodes frames, all under one dictionary or none.
pub(crate) struct Decoder {
    decoder: RefCell<FrameDecoder>,
    dictionary: Option<u32>,
}

impl core::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Decoder")
    }
}

impl Decoder {
    /// A decoder for frames under `dictionary`; an empty one means none.
    pub(crate) fn new(dictionary: &[u8]) -> Result<Decoder, Error> {
        let mut decoder = FrameDecoder::new();
        if dictionary.is_empty() {
            return Ok(Decoder { decoder: RefCell::new(decoder), dictionary: None });
        }
        let Ok(dictionary) = Dictionary::decode_dict(dictionary) else {
            return corrupt("compression dictionary");
        };
        let id = dictionary.id;
        if decoder.add_dict(dictionary).is_err() {
            return corrupt("compression dictionary");
        }
        Ok(Decoder { decoder: RefCell::new(decoder), dictionary: Some(id) })
    }

    /// The bytes of one frame.
    pub(crate) fn unpack(&self, frame: &[u8], what: &'static str) -> Result<Vec<u8>, Error> {
        self.try_unpack(frame).map_or_else(|| corrupt(what), Ok)
    }

    fn try_unpack(&self, frame: &[u8]) -> Option<Vec<u8>> {
        let mut decoder = self.decoder.borrow_mut();
        let framed = [&MAGIC, frame].concat();
        let mut rest = framed.as_slice();
        decoder.init(&mut rest).ok()?;
        if let Some(id) = self.dictionary {
            decoder.force_dict(id).ok()?;
        }
        let size = decoder.content_size();
        if size > MAX_UNPACKED {
            return None;
        }
        let mut out = Vec::new();
        while !decoder.is_finished() && out.len() as u64 <= size {
            decoder.decode_blocks(&mut rest, BlockDecodingStrategy::UptoBytes(1 << 20)).ok()?;
            // Nothing comes out before the window is full.
            out.append(&mut decoder.collect().unwrap_or_default());
        }
        (decoder.is_finished() && out.len() as u64 == size).then_some(out)
    }
}

/// The part of a zstd frame that is stored.
pub(crate) fn without_magic(frame: &[u8]) -> &[u8] {
    frame.strip_prefix(&MAGIC).unwrap_or(frame)
}

#[cfg(test)]
mod tests {
    use super::{Decoder, without_magic};

    #[test]
    fn a_frame_of_megabytes_comes_out_whole() {
        let text: Vec<u8> = (0..600_000u32).flat_map(|i| (i / 7).to_le_bytes()).collect();
        let frame = zstd::bulk::compress(&text, 15).expect("libzstd compresses any bytes");
        let found = Decoder::new(&[]).expect("no dictionary").unpack(without_magic(&frame), "text");
        assert!(found == Ok(text));
    }
}
