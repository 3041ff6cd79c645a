//! Trees: the threads, in thread order, many to a block.
//!
//! ```text
//! block = { thread }
//! thread = varint nodes  varint messages  { node }
//! node   = varint parent (0 none, else nodes back)  u8 what (0 message, 1 ghost; bit 1: guessed; bit 2: a key; bit 3: of a message)
//!          message: signed id - id of the message before in the thread   ghost: its Message-ID, or its u64 key
//! ```

use super::block::{Resident, SectionId};
use super::bytes::{ByteReader, ByteWriter};
use super::directory::Root;
use crate::error::{Error, Outcome, Stop, corrupt};

/// A block is closed once it holds so many bytes.
pub const BLOCK: usize = 4 << 10;

/// Bits of what a node is.
const GHOST: u8 = 1;
const GUESSED: u8 = 2;
const KEY: u8 = 4;
const EARLIER: u8 = 8;

/// Who stands at a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A message of this segment.
    Doc(u32),
    /// A Message-ID that is referenced and not here.
    Ghost(String),
    /// The key of a message in a segment of another kind.
    Elsewhere(u64),
    /// The key of a message in an older segment of the same kind.
    Earlier(u64),
}

impl Who {
    /// The message, if it is here.
    pub(crate) fn doc(&self) -> Option<u32> {
        match self {
            Who::Doc(doc) => Some(*doc),
            Who::Ghost(_) | Who::Elsewhere(_) | Who::Earlier(_) => None,
        }
    }
}

/// The key of the placeholder for a Message-ID: FNV-1a, 64 bits, so that a thread need not hold it.
pub fn placeholder_key(id: &str) -> u64 {
    id.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A node of a thread; parents stand before their children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Who.
    pub who: Who,
    /// The index of the parent in the thread.
    pub parent: Option<u32>,
    /// The place in the tree was guessed from the subject or the conversation.
    pub guessed: bool,
}

/// Appends a thread to the content of a block.
pub fn write_thread(nodes: &[Node], out: &mut ByteWriter) {
    out.varint(nodes.len() as u64);
    out.varint(nodes.iter().filter(|node| matches!(node.who, Who::Doc(_))).count() as u64);
    let mut last = 0;
    for (index, node) in nodes.iter().enumerate() {
        out.varint(node.parent.map_or(0, |parent| index as u64 - u64::from(parent)));
        let guessed = u8::from(node.guessed) * GUESSED;
        match &node.who {
            Who::Doc(doc) => {
                out.u8(guessed);
                out.signed(i64::from(*doc) - last);
                last = i64::from(*doc);
            }
            Who::Ghost(id) => {
                out.u8(guessed | GHOST);
                out.str(id);
            }
            Who::Elsewhere(key) => {
                out.u8(guessed | GHOST | KEY);
                out.u64(*key);
            }
            Who::Earlier(key) => {
                out.u8(guessed | GHOST | KEY | EARLIER);
                out.u64(*key);
            }
        }
    }
}

/// The thread that holds the message at `place` in thread order.
pub(crate) fn read_thread(resident: &Resident, root: &Root, place: u32) -> Outcome<Vec<Node>> {
    let located = root.locate(resident, u64::from(place))?;
    let payload = resident.variable(SectionId::Trees, located.offset, located.length)?;
    let mut bytes = ByteReader::new(payload, "threads");
    let mut first = located.first;
    while !bytes.is_empty() {
        let n = bytes.count(3)?;
        let n_messages = bytes.varint()?;
        let mut last = 0;
        let nodes =
            (0..n).map(|index| read_node(&mut bytes, index, &mut last)).collect::<Result<Vec<_>, Error>>()?;
        first = first.saturating_add(n_messages);
        if u64::from(place) < first {
            return Ok(nodes);
        }
    }
    Err(Stop::Broken(Error::Corrupt { what: "threads" }))
}

/// Reads a node; `last` is the message before it.
fn read_node(bytes: &mut ByteReader<'_>, index: usize, last: &mut u32) -> Result<Node, Error> {
    let parent = match bytes.varint()? {
        0 => None,
        back => match (index as u64).checked_sub(back) {
            Some(parent) => Some(parent as u32),
            None => return corrupt("threads"),
        },
    };
    let what = bytes.u8()?;
    let who = if what & GHOST == 0 {
        let doc = i64::from(*last).saturating_add(bytes.signed()?);
        *last = u32::try_from(doc).or(corrupt("threads"))?;
        Who::Doc(*last)
    } else if what & KEY != 0 {
        let key = bytes.u64()?;
        if what & EARLIER != 0 { Who::Earlier(key) } else { Who::Elsewhere(key) }
    } else {
        Who::Ghost(bytes.str()?.to_owned())
    };
    Ok(Node { who, parent, guessed: what & GUESSED != 0 })
}

/// The message at each place in thread order. Stops asking where `is_enough` says so.
#[cfg(feature = "scan")]
pub(crate) fn read_places(
    resident: &Resident,
    root: &Root,
    n_docs: u32,
    is_enough: impl Fn() -> bool,
) -> Outcome<Vec<u32>> {
    let (mut docs, mut place, mut missing) = (Vec::new(), 0, false);
    while place < u64::from(n_docs) && !(missing && is_enough()) {
        let located = root.locate(resident, place)?;
        // A block of nothing would be come to for ever; `locate` gives none.
        place = located.next;
        match resident.variable(SectionId::Trees, located.offset, located.length) {
            Ok(payload) if !missing => push_docs(payload, &mut docs)?,
            Ok(_) => {}
            Err(Stop::Missing) => missing = true,
            Err(stop) => return Err(stop),
        }
    }
    if missing {
        return Err(Stop::Missing);
    }
    if docs.len() as u64 != u64::from(n_docs) || docs.iter().any(|doc| *doc >= n_docs) {
        return Ok(corrupt("threads")?);
    }
    Ok(docs)
}

#[cfg(feature = "scan")]
fn push_docs(payload: &[u8], docs: &mut Vec<u32>) -> Result<(), Error> {
    let mut bytes = ByteReader::new(payload, "threads");
    while !bytes.is_empty() {
        let n = bytes.count(3)?;
        bytes.varint()?;
        let mut last = 0;
        for index in 0..n {
            docs.extend(read_node(&mut bytes, index, &mut last)?.who.doc());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
