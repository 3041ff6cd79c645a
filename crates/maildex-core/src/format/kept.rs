//! Kept files: attachments and originals that an archive brings along, in files of their own beside the blob.
//!
//! Small files share a *frame* and frames share a *pack*, a file of the site; large ones are cut. A record tells in which
//! pieces each of its files lies; the section *packs* names the packs, and *originals* has each message's SHA-256.
//! Reading a file takes its SHA-256 last: bytes without the right one are not shown.

use super::block::{Resident, SectionId};
use super::bytes::{ByteReader, ByteWriter};
use crate::error::{Error, Outcome, corrupt};

/// Bytes of a file in one piece; the last has the rest. A host with a limit on files (25 MiB at Cloudflare Pages) never
/// sees a longer one than this and what a packed frame may be longer than its content.
pub const PIECE: u64 = 8 << 20;
/// Bytes of a frame as it is stored.
const MAX_STORED: u64 = 2 * PIECE;
/// Bytes of a row of the section *packs*: SHA-256 and length.
const ROW: u64 = 40;
/// Bytes of a SHA-256.
pub const SUM: usize = 32;

/// A part of a file: bytes of a frame of a pack.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Piece {
    /// The number of the pack.
    pub pack: u32,
    /// Where the frame begins in it.
    pub at: u32,
    /// Bytes of the frame as it is stored.
    pub stored: u32,
    /// Bytes of the frame's content that stand before the piece.
    pub skip: u32,
    /// Whether the frame is packed (RFC 1951, raw deflate).
    pub packed: bool,
}

/// A piece of a file with the pack it lies in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The pack's file, relative to the manifest.
    pub name: String,
    /// SHA-256 of that file.
    pub sha256: [u8; SUM],
    /// Its bytes.
    pub pack_length: u64,
    /// Where and how.
    pub piece: Piece,
    /// Bytes of this piece.
    pub length: u32,
}

/// A file that belongs to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// SHA-256 of its bytes.
    pub sha256: [u8; SUM],
    /// How many they are.
    pub size: u64,
    /// Where they are, in order; `None` if the archive was built without them.
    pub parts: Option<Vec<Part>>,
}

/// The path of the pack whose bytes have this SHA-256.
pub fn pack_name(sha256: &[u8; SUM]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut name = String::from("a/");
    for byte in &sha256[..16] {
        name.push(char::from(DIGITS[usize::from(byte >> 4)]));
        name.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    name.push_str(".7z");
    name
}

/// Appends a row of the section *packs*.
pub fn push_pack(out: &mut Vec<u8>, sha256: &[u8; SUM], length: u64) {
    out.extend_from_slice(sha256);
    out.extend_from_slice(&length.to_le_bytes());
}

/// In a record: 0 for a file that is not kept, else the number of pieces and one, and they.
pub(super) fn put_pieces(out: &mut ByteWriter, pieces: Option<&[Piece]>) {
    let Some(pieces) = pieces else { return out.varint(0) };
    out.varint(pieces.len() as u64 + 1);
    for piece in pieces {
        out.varint(u64::from(piece.pack));
        out.varint(u64::from(piece.at));
        out.varint(u64::from(piece.stored));
        out.varint(u64::from(piece.skip) << 1 | u64::from(piece.packed));
    }
}

/// Reads what [`put_pieces`] wrote; `None` if it is not kept or not wanted.
pub(super) fn take_pieces(bytes: &mut ByteReader<'_>, wanted: bool) -> Result<Option<Vec<Piece>>, Error> {
    let Some(n) = bytes.varint()?.checked_sub(1) else { return Ok(None) };
    let mut pieces = Vec::new();
    // Each takes four bytes or more, so a forged number ends with the bytes.
    for _ in 0..n {
        let mut numbers = [0u32; 4];
        for number in &mut numbers {
            *number = u32::try_from(bytes.varint()?).or(corrupt("record"))?;
        }
        let [pack, at, stored, skip] = numbers;
        if wanted {
            pieces.push(Piece { pack, at, stored, skip: skip >> 1, packed: skip & 1 == 1 });
        }
    }
    Ok(wanted.then_some(pieces))
}

/// How many packs there are in a section of so many framed bytes.
fn n_packs(section: u64, payload: u32) -> u64 {
    let stride = u64::from(payload) + super::block::SUM as u64;
    let payloads =
        section / stride * u64::from(payload) + (section % stride).saturating_sub(super::block::SUM as u64);
    payloads / ROW
}

/// A file beside the blob: its SHA-256 and its length in bytes.
pub type Pack = ([u8; SUM], u64);

/// Every pack of a segment.
pub(crate) fn packs(resident: &Resident) -> Outcome<Vec<Pack>> {
    let Some(section) = resident.section(SectionId::Packs) else { return Ok(Vec::new()) };
    let n = n_packs(section.length, section.payload);
    let bytes = resident.fixed(SectionId::Packs, 0, n * ROW)?;
    Ok(bytes.as_chunks::<{ ROW as usize }>().0.iter().map(row).collect())
}

fn row(bytes: &[u8; ROW as usize]) -> ([u8; SUM], u64) {
    let (mut sha256, mut length) = ([0; SUM], [0; 8]);
    sha256.copy_from_slice(&bytes[..SUM]);
    length.copy_from_slice(&bytes[SUM..]);
    (sha256, u64::from_le_bytes(length))
}

/// The SHA-256 of the original of the message at `place`; `None` where it is withheld, in an archive that was redacted.
pub(crate) fn original(resident: &Resident, place: u32) -> Outcome<Option<[u8; SUM]>> {
    if resident.section(SectionId::Originals).is_none() {
        return Ok(None);
    }
    let from = u64::from(place) * SUM as u64;
    let bytes = resident.fixed(SectionId::Originals, from, from + SUM as u64)?;
    let sha256 = <[u8; SUM]>::try_from(&bytes[..]).or(corrupt("originals"))?;
    Ok((sha256 != [0; SUM]).then_some(sha256))
}

/// The packs that pieces lie in. Fails where a piece cannot be: what fetches and unpacks relies on that.
pub(crate) fn parts(resident: &Resident, pieces: &[Piece], size: u64) -> Outcome<Vec<Part>> {
    if pieces.len() as u64 != size.div_ceil(PIECE) {
        return Ok(corrupt("the pieces of a file")?);
    }
    let mut rest = size;
    crate::segment::all(pieces.iter().map(|piece| {
        let length = rest.min(PIECE) as u32;
        rest -= u64::from(length);
        let from = u64::from(piece.pack) * ROW;
        let bytes = resident.fixed(SectionId::Packs, from, from + ROW)?;
        let (sha256, pack_length) = row(bytes[..].try_into().or(corrupt("packs"))?);
        let content = u64::from(piece.skip) + u64::from(length);
        let holds = content <= PIECE && (piece.packed || content <= u64::from(piece.stored));
        let lies = u64::from(piece.at) + u64::from(piece.stored) <= pack_length;
        // Lengths up to 2^53 are what every reader can count.
        if !holds || !lies || u64::from(piece.stored) > MAX_STORED || pack_length >> 53 > 0 {
            return Ok(corrupt("the pieces of a file")?);
        }
        Ok(Part { name: pack_name(&sha256), sha256, pack_length, piece: *piece, length })
    }))
}

#[cfg(test)]
mod tests;
