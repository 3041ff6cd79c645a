//! The tables of keys and of Message-IDs: from a hash to the messages that have it, in one read.
//!
//! Hashes are spread evenly, so their order says where they stand: the reader fetches the few pages around the place
//! that a hash points to, and four times as many on either side if it was unlucky.

use super::bits::{BitReader, BitWriter, width};
use super::block::{Resident, SectionId};
use crate::error::{Error, Outcome, corrupt};

/// Bits of a hash that are kept, its highest. Of a million hashes, another has the same for one search in a million.
const BITS: u32 = 40;
/// A stretch of the payload stream that is read by itself, in bytes.
const PAGE: usize = 1024;
/// The first hash of a page, how many there are, and the low bits of a gap.
const HEAD: usize = 8;
/// The most zeros that a gap begins with; a wider gap begins a page.
const MAX_ZEROS: u32 = 32;

/// The payload of a table of hashes, each with its message.
pub fn write_hashes(hashes: impl Iterator<Item = (u64, u32)>, n_docs: u32) -> Vec<u8> {
    let mut rows: Vec<(u64, u32)> = hashes.map(|(hash, doc)| (hash >> (64 - BITS), doc)).collect();
    rows.sort_unstable();
    rows.dedup();
    // About the mean gap: Rice's code with this many plain bits is half a bit above the best there is.
    let low = BITS - width(rows.len() as u32);
    let mut out = Vec::new();
    let mut rest = &rows[..];
    while !rest.is_empty() {
        out.resize(out.len().next_multiple_of(PAGE), 0);
        rest = push_page(&mut out, rest, low, doc_bits(n_docs));
    }
    out
}

/// Bits of a message's number.
fn doc_bits(n_docs: u32) -> u32 {
    width(n_docs.saturating_sub(1))
}

/// Appends a page of the first rows; gives the others.
fn push_page<'a>(out: &mut Vec<u8>, rows: &'a [(u64, u32)], low: u32, doc_bits: u32) -> &'a [(u64, u32)] {
    let mut bits = BitWriter::new();
    let mut room = (PAGE - HEAD) as u64 * 8;
    let (mut n, mut before) = (0, rows[0].0);
    for &(hash, doc) in rows {
        let gap = hash - before;
        let zeros = gap >> low;
        let size = u64::from(doc_bits) + if n > 0 { zeros + 1 + u64::from(low) } else { 0 };
        if zeros > u64::from(MAX_ZEROS) || size > room {
            break;
        }
        if n > 0 {
            bits.put(0, zeros as u32);
            bits.put(1, 1);
            let (half, plain) = (low / 2, gap & ((1 << low) - 1));
            bits.put((plain & ((1 << half) - 1)) as u32, half);
            bits.put((plain >> half) as u32, low - half);
        }
        bits.put(doc, doc_bits);
        room -= size;
        n += 1;
        before = hash;
    }
    out.extend_from_slice(&rows[0].0.to_le_bytes()[..5]);
    out.extend_from_slice(&(n as u16).to_le_bytes());
    out.push(low as u8);
    out.extend_from_slice(&bits.finish());
    &rows[n..]
}

/// The messages that have a hash, as far as the table tells: mostly one or none.
pub(crate) fn find_hash(resident: &Resident, id: SectionId, n_docs: u32, hash: u64) -> Outcome<Vec<u32>> {
    let wanted = hash >> (64 - BITS);
    let end = resident.payload_len(id);
    let pages = end.div_ceil(PAGE as u64);
    // Without rows there is no section.
    if pages == 0 {
        return Ok(Vec::new());
    }
    let expected = ((u128::from(wanted) * u128::from(pages)) >> BITS) as u64;
    // Four standard deviations of the place of the k-th of n uniform numbers, of which a page holds some 190.
    let mut reach = 1 + pages.isqrt() / 8;
    loop {
        let (from, until) = (expected.saturating_sub(reach), (expected + reach + 1).min(pages));
        let bytes = resident.fixed(id, from * PAGE as u64, (until * PAGE as u64).min(end))?;
        let (is_first, is_last) = (from == 0, until == pages);
        if let Some(docs) = docs_of(&bytes, n_docs, wanted, is_first, is_last)? {
            return Ok(docs);
        }
        reach *= 4;
    }
}

/// Every row of a table: the bits of a hash that are kept, where they stand in it, and the message.
#[cfg(feature = "scan")]
pub(crate) fn all_hashes(resident: &Resident, id: SectionId, n_docs: u32) -> Outcome<Vec<(u64, u32)>> {
    let end = resident.payload_len(id);
    if end == 0 {
        return Ok(Vec::new());
    }
    let pages = resident.fixed(id, 0, end)?;
    let mut all = Vec::new();
    for page in pages.chunks(PAGE) {
        all.extend(read_page(page, n_docs)?.into_iter().map(|(hash, doc)| (hash << (64 - BITS), doc)));
    }
    Ok(all)
}

/// The messages of a hash in some pages; `None` if there may be more of it before or behind them.
fn docs_of(
    pages: &[u8],
    n_docs: u32,
    wanted: u64,
    is_first: bool,
    is_last: bool,
) -> Result<Option<Vec<u32>>, Error> {
    let below = pages.chunks(PAGE).rposition(|page| first_hash(page) < wanted);
    let start = match below {
        Some(start) => start,
        None if is_first => 0,
        None => return Ok(None),
    };
    let mut docs = Vec::new();
    for page in pages.chunks(PAGE).skip(start) {
        for (hash, doc) in read_page(page, n_docs)? {
            if hash > wanted {
                return Ok(Some(docs));
            }
            if hash == wanted {
                docs.push(doc);
            }
        }
    }
    Ok(is_last.then_some(docs))
}

fn first_hash(page: &[u8]) -> u64 {
    super::bits::window(page, 0) & ((1 << BITS) - 1)
}

/// The rows of a page.
fn read_page(page: &[u8], n_docs: u32) -> Result<Vec<(u64, u32)>, Error> {
    let Some(([.., n, more, low], rest)) = page.split_first_chunk::<HEAD>() else { return corrupt(WHAT) };
    let (n, low) = (u16::from_le_bytes([*n, *more]), u32::from(*low));
    if low > BITS {
        return corrupt(WHAT);
    }
    let doc_bits = doc_bits(n_docs);
    let mut bits = BitReader::new(rest);
    let mut rows = Vec::new();
    let mut hash = first_hash(page);
    for index in 0..n {
        if index > 0 {
            let zeros = bits.peek().trailing_zeros();
            if zeros > MAX_ZEROS {
                return corrupt(WHAT);
            }
            bits.skip(zeros + 1);
            hash += (u64::from(zeros) << low) + (bits.peek() & ((1 << low) - 1));
            bits.skip(low);
        }
        let doc = (bits.peek() & ((1 << doc_bits) - 1)) as u32;
        bits.skip(doc_bits);
        if doc >= n_docs {
            return corrupt(WHAT);
        }
        rows.push((hash, doc));
    }
    bits.check(WHAT)?;
    Ok(rows)
}

const WHAT: &str = "a table of hashes";

#[cfg(test)]
mod tests;
