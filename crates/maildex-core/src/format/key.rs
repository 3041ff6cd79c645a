//! The key table: from a public key to its message in one read.
//!
//! Keys are hashes, so their order says where they stand: the reader fetches the few entries around the place that a
//! key's value points to, twice as many if it was unlucky.

use super::block::{Resident, SectionId};
use crate::error::Outcome;

/// Bytes of the key's high end that are kept; the line of the message confirms the rest.
const KEY: usize = 5;
/// Bytes of a message's id.
const DOC: usize = 4;
const ENTRY: usize = KEY + DOC;

/// The payload of the keys section: `keys[doc]` is the key of message `doc`.
pub fn write_keys(keys: &[u64]) -> Vec<u8> {
    let mut order: Vec<(u64, u32)> = keys.iter().copied().zip(0..).collect();
    order.sort_unstable();
    let mut out = Vec::with_capacity(order.len() * ENTRY);
    for (key, doc) in order {
        out.extend_from_slice(&key.to_be_bytes()[..KEY]);
        out.extend_from_slice(&doc.to_le_bytes());
    }
    out
}

/// The messages whose key may be `key`: mostly one or none.
pub(crate) fn find_key(resident: &Resident, n_docs: u32, key: u64) -> Outcome<Vec<u32>> {
    let n = u64::from(n_docs);
    let expected = ((u128::from(key) * u128::from(n)) >> 64) as u64;
    // Four standard deviations of the place of the k-th of n uniform numbers.
    let mut reach = 8 + 2 * n.isqrt();
    loop {
        let (from, until) = (expected.saturating_sub(reach), (expected + reach).min(n));
        let bytes = resident.fixed(SectionId::Keys, from * ENTRY as u64, until * ENTRY as u64)?;
        let wanted = &key.to_be_bytes()[..KEY];
        let entries = bytes.as_chunks::<ENTRY>().0;
        let low = entries.partition_point(|entry| &entry[..KEY] < wanted);
        let high = entries.partition_point(|entry| &entry[..KEY] <= wanted);
        let complete = (low > 0 || from == 0) && (high < entries.len() || until == n);
        if complete || reach > n {
            let doc = |entry: &[u8; ENTRY]| {
                u32::from_le_bytes([entry[KEY], entry[KEY + 1], entry[KEY + 2], entry[KEY + 3]])
            };
            return Ok(entries[low..high.max(low)].iter().map(doc).filter(|doc| *doc < n_docs).collect());
        }
        reach *= 4;
    }
}

#[cfg(test)]
mod tests;
