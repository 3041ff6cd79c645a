//! From files and folders to raw messages, each with the place it was found at.
//!
//! `read` takes one input and tells what it is by its content ([`detect`]). A folder is walked in the order of its
//! paths (`folder`), a container is opened as a stream (`container`), the history of a public inbox followed (`git`), an mbox is split ([`mbox`]); what is not mail,
//! cannot be read or reaches a limit is counted in the [`InputReport`] with a reason and an example. Splitting and
//! detection are pure functions of bytes and compile for a browser.

pub mod detect;
pub mod mbox;
pub mod report;

mod separator;

// Files, and the containers whose crates hold C, are for machines; a browser brings its own bytes.
#[cfg(not(target_family = "wasm"))]
mod container;
#[cfg(not(target_family = "wasm"))]
mod folder;
#[cfg(not(target_family = "wasm"))]
mod git;
#[cfg(not(target_family = "wasm"))]
mod olm;
#[cfg(not(target_family = "wasm"))]
mod open;
#[cfg(not(target_family = "wasm"))]
mod place;
#[cfg(not(target_family = "wasm"))]
mod pst;
#[cfg(not(target_family = "wasm"))]
mod reading;
#[cfg(not(target_family = "wasm"))]
mod single;
#[cfg(not(target_family = "wasm"))]
mod sum;
#[cfg(not(target_family = "wasm"))]
mod table;
#[cfg(not(target_family = "wasm"))]
mod tally;

#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::input::detect::Format;

#[cfg(not(target_family = "wasm"))]
pub use crate::input::open::{ReadOptions, read, read_any, read_as, read_with, size};
#[cfg(not(target_family = "wasm"))]
pub use crate::input::reading::{Progress, RawSink};
pub use crate::input::report::{InputReport, Reason, Skipped};
#[cfg(not(target_family = "wasm"))]
pub use crate::input::sum::{InputSum, input_sum};
#[cfg(not(target_family = "wasm"))]
pub use crate::input::table::{ColumnError, Columns};

/// A message as it lies in the input, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// The bytes from the first header on, without the mbox separator and its quoting.
    pub bytes: Vec<u8>,
    /// Where it was found.
    pub place: Place,
    /// The date of the mbox `From ` line in seconds since 1970: the fall-back for a message without a date.
    pub envelope_date: Option<i64>,
    /// What the bytes are.
    pub form: Form,
    /// The end is missing: the message is longer than the limit, or its file broke off.
    pub cut: bool,
}

/// What the bytes of a message are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// Mail with headers.
    #[default]
    Mail,
    /// The text of a released document; the number is its release's among those that were given.
    Document(usize),
}

/// Where a message was found: enough to find it again and to cite it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The input as a reader would name it: the last part of the path given.
    pub source: String,
    /// The file inside the input, `/` between folders and `!/` between a container and its member; empty where the
    /// input is that file.
    pub path: String,
    /// Bytes from the start of that file (unpacked) to the message; with an mbox, to its first header.
    pub offset: u64,
    /// The mail folder it lay in, as its owner would name it (`INBOX/Old`, `sent`, `2002-07`); may be empty.
    pub folder: String,
}

/// The error of a reader that was about to give more bytes than a file may unpack to.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn too_large() -> io::Error {
    io::Error::other(tally::Limit(Reason::TooLarge))
}

/// The caller wants no more messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop;

/// How far reading goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a message; what is beyond is cut.
    pub max_message: u64,
    /// Containers around a file.
    pub max_depth: u32,
    /// Files of an input that holds containers.
    pub max_members: u64,
    /// How many times its size a compressed file may unpack to, once it is past `ratio_floor`. Mail packs to a tenth
    /// at best, deflate's limit is a thousandth.
    pub max_ratio: u64,
    /// Bytes that anything may unpack to.
    pub ratio_floor: u64,
    /// Bytes that a file on disk may unpack to, all layers together.
    pub max_unpacked: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_message: 256 << 20,
            max_depth: 8,
            max_members: 20_000_000,
            max_ratio: 250,
            ratio_floor: 64 << 20,
            max_unpacked: 2 << 40,
        }
    }
}

/// Why an input could not be read at all.
#[derive(Debug)]
#[non_exhaustive]
pub enum InputError {
    /// Nothing is there, or the system refuses it.
    Unreadable {
        /// The input.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Mail in a format that cannot be read yet.
    Unsupported {
        /// The input.
        path: PathBuf,
        /// What it is.
        format: Format,
    },
    /// It was read and holds no message.
    NoMail {
        /// The input.
        path: PathBuf,
        /// The files that were looked at.
        n_files: u64,
        /// Why they were left out.
        skipped: Vec<Skipped>,
    },
    /// The caller ended it.
    Stopped,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            InputError::Unreadable { path, .. } => {
                write!(f, "cannot read {} (check the path and your rights to it)", path.display())
            }
            InputError::Unsupported { path, format } => write!(
                f,
                "expected mail, found {} in {}: not supported yet; export it as mbox or .eml",
                format.name(),
                path.display()
            ),
            InputError::NoMail { path, n_files, skipped } => {
                write!(f, "expected mail, found none in {} ({n_files} files read", path.display())?;
                if let Some(first) = skipped.first() {
                    write!(f, "; {}: {}", first.example, first.reason)?;
                }
                f.write_str("); give mbox, Maildir, .eml files, or a zip or tar of them")
            }
            InputError::Stopped => f.write_str("stopped by the caller"),
        }
    }
}

impl std::error::Error for InputError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            InputError::Unreadable { source, .. } => Some(source),
            _ => None,
        }
    }
}
