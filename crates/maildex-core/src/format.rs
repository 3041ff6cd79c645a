//! The bytes of an archive: each section's writer beside its reader. `docs/format.md` describes them from byte 0.
//!
//! A segment is one logical blob. [`front`] is what opening reads; [`block`] frames everything else in checksummed
//! blocks. A query reads [`dictionary`] → [`list`] (and positions) → [`line`]; a reader who opens a message reads
//! [`record`], [`text`] and [`tree`] through a [`directory`], and a link reads [`key`]. [`column`] holds one number a
//! message, [`people`] who sent them; [`kept`] leads to attachments and originals in files of their own.
//!
//! All integers are little-endian. Nothing outside this module knows an offset.

pub mod block;
pub mod code;
pub mod column;
pub mod dictionary;
pub mod directory;
pub mod forms;
pub mod frame;
pub mod front;
pub mod html;
pub mod kept;
pub mod key;
pub mod line;
pub mod list;
pub mod people;
pub mod record;
pub mod text;
pub mod tree;
pub mod words;

mod bits;
mod bytes;
pub(crate) mod checksum;
mod prefix;
pub(crate) mod zstd;

pub use bits::BitWriter;
pub use bytes::ByteWriter;

/// Compresses a block; the build brings the encoder, the core only decodes.
pub trait Compress {
    /// Appends a zstd frame of `raw` to `out`, under the dictionary the compressor was made with, if any.
    fn compress(&mut self, raw: &[u8], out: &mut Vec<u8>);
}
