//! People: every sender once, in the order of names, so that the number of a sender in the column is also its rank.
//!
//! ```text
//! entry = str name  str address  zeros up to a multiple of 8
//! ```
//! No entry crosses the border of a block; the rest of a block is filled with zeros. A sender's number is the eighth of
//! its entry's offset in the payload stream. The first entry is nobody: mail without a sender.

use super::block::{Resident, SectionId};
use super::bytes::{ByteReader, ByteWriter};
use super::line::cut;
use crate::error::Outcome;

/// Payload bytes of a block.
pub const BLOCK: usize = 1024;
/// Entries begin at multiples of this.
const ALIGN: usize = 8;
/// The longest name, in characters; with four bytes each and an address below, an entry fits a block.
const MAX_NAME: usize = 100;
/// The longest address, in characters (RFC 5321, 4.5.3.1, allows 320 bytes).
const MAX_ADDRESS: usize = 140;

/// Somebody who sent mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sender {
    /// The name that is used most with this address; may be empty.
    pub name: String,
    /// The address in lower case; empty where only a name is known.
    pub address: String,
}

impl Sender {
    /// What senders are put in order by: the name, or the address of those without one, then the address.
    pub fn sort_key(&self) -> String {
        let shown = if self.name.is_empty() { &self.address } else { &self.name };
        let mut key = crate::text::fold(shown.trim_matches(|c: char| !c.is_alphanumeric()));
        key.push('\0');
        key.push_str(&self.address);
        key
    }
}

/// The payload of the section for these senders, which are in order, and the number of each.
pub fn write_people(senders: &[Sender]) -> (Vec<u8>, Vec<u32>) {
    let mut out = vec![0; ALIGN];
    let mut numbers = Vec::with_capacity(senders.len());
    for sender in senders {
        let mut entry = ByteWriter::new();
        entry.str(cut(&sender.name, MAX_NAME));
        entry.str(cut(&sender.address, MAX_ADDRESS));
        let mut entry = entry.into_bytes();
        entry.resize(entry.len().next_multiple_of(ALIGN), 0);
        if out.len() % BLOCK + entry.len() > BLOCK {
            out.resize(out.len().next_multiple_of(BLOCK), 0);
        }
        numbers.push((out.len() / ALIGN) as u32);
        out.extend_from_slice(&entry);
    }
    (out, numbers)
}

/// The sender with this number.
pub(crate) fn read_sender(resident: &Resident, number: u32) -> Outcome<Sender> {
    let bytes = resident.rest_of_block(SectionId::People, u64::from(number) * ALIGN as u64)?;
    let mut bytes = ByteReader::new(bytes, "people");
    Ok(Sender { name: bytes.str()?.to_owned(), address: bytes.str()?.to_owned() })
}

#[cfg(test)]
mod tests;
