//! The words inside attachments that are no text: PDF, office files, names in archives.
//!
//! The crates that read such files are large, and a file may be made to bring them down, to fill the memory or to keep
//! them busy for ever. So they run in a process of their own: [`Reader`] starts the program again as a worker
//! ([`serve`]), hands it one file after the other through a pipe, and starts another when one dies or takes too long. The
//! main process never looks into such a file.
//!
//! What a file gives depends on the file alone where it can: there are limits on its size, on the bytes that it unpacks
//! to, on pages and steps, which are counted. The limits on time and memory behind them depend on the computer; a file
//! that meets one gives no words at all, and is named in the report as [`Unread::Failed`].

mod limits;
mod listed;
mod old;
mod pdf;
mod pipe;
mod zipped;

pub use pipe::{Reader, serve};

use crate::message::{Kind, kind};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Bytes of an attachment that is read; longer ones are counted.
pub const MAX_FILE: usize = 64 << 20;
/// Bytes that the parts of one file may unpack to, which stops bombs. Documents of 1,000 pages have some 10 MB.
const MAX_UNPACKED: u64 = 256 << 20;
/// Members of an archive that are looked at.
const MAX_MEMBERS: usize = 20_000;

/// Why the words of an attachment are not all read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// There are more than were asked for.
    Cut,
    /// It is encrypted.
    Locked,
    /// It contradicts itself, or is of a version that the reader does not know.
    Damaged,
    /// It is longer than is read.
    TooLarge,
    /// It unpacks to more, or has more pages or steps, than are read.
    TooMuch,
    /// The worker ended without an answer: out of time or memory, or by a fault in the crate that reads such files.
    Failed,
}

/// The words of an attachment, and why there are not more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// What could be read.
    pub text: String,
    /// `None` if that is all.
    pub unread: Option<Unread>,
}

impl Words {
    fn none(unread: Unread) -> Words {
        Words { text: String::new(), unread: Some(unread) }
    }

    fn whole(text: String) -> Words {
        Words { text, unread: None }
    }
}

/// The words of an attachment, at most `most` bytes and a little; empty where it is of no kind that is read.
fn read(bytes: &[u8], most: usize) -> Words {
    // A panic is the reading crate's; it costs this file only.
    let words = catch_unwind(AssertUnwindSafe(|| match kind(bytes) {
        None => Words::default(),
        Some(Kind::Pdf) => pdf::read(bytes, most),
        Some(Kind::Rtf) => Words::whole(crate::outlook::rtf_text(bytes)),
        Some(Kind::Zip) => zipped::read(bytes, most),
        Some(Kind::Compound) => old::read(bytes, most),
        Some(Kind::Tar) => listed::tar(bytes),
        Some(Kind::Gzip) => listed::gzip(bytes, most),
    }));
    let mut words = words.unwrap_or_else(|_| Words::none(Unread::Damaged));
    let end = words.text.floor_char_boundary(most);
    if end < words.text.len() {
        words.text.truncate(end);
        words.unread = Some(Unread::Cut);
    }
    words
}

#[cfg(test)]
mod tests;
