//! From files and folders to raw messages, each with the place it was found at.
//!
//! [`read()`] takes one input and tells what it is by its content. A folder is walked in the order of its paths
//! ([`folder`]), a container is opened as a stream ([`container`]), an mbox is split ([`mbox`]); what is not mail, or
//! cannot be read, or reaches a limit, is counted in the [`InputReport`] with a reason and an example. Splitting and
//! detection are pure functions of bytes; only `folder` and `container` know files.

pub mod detect;
pub mod mbox;
pub mod report;

mod container;
mod folder;
mod place;
mod reading;
mod separator;

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::input::detect::{Format, Hint};
use crate::input::reading::{At, Reading};
use crate::input::report::Tally;

pub use crate::input::reading::{Progress, RawSink};
pub use crate::input::report::{InputReport, Reason, Skipped};

/// A message as it lies in the input, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// The bytes from the first header on, without the mbox separator and its quoting.
    pub bytes: Vec<u8>,
    /// Where it was found.
    pub place: Place,
    /// The date of the mbox `From ` line in seconds since 1970: the fall-back for a message without a date.
    pub envelope_date: Option<i64>,
    /// The end is missing: the message is longer than the limit, or its file broke off.
    pub cut: bool,
}

/// Where a message was found: enough to find it again and to cite it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
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

impl Limits {
    /// Bytes that a file of `size` bytes may unpack to. Layers add up, and small bombs nest below the floor: hence
    /// the factors.
    fn allowed(&self, size: u64) -> u64 {
        let floor = self.ratio_floor.saturating_mul(16);
        size.saturating_mul(self.max_ratio).saturating_mul(2).max(floor).min(self.max_unpacked)
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
            InputError::Unreadable { path, source } => {
                write!(f, "cannot read {}: {source}; check the path and your rights to it", path.display())
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

/// Reads every message of the file or folder `path` in an order that depends on its content and names alone, and
/// gives each to `sink`; `progress` is told how many bytes of the input are used up, out of [`size()`].
///
/// Fails when the input cannot be opened, when it holds no message at all, or when the sink stops.
pub fn read(
    path: &Path,
    limits: &Limits,
    sink: &mut RawSink,
    progress: &mut Progress,
) -> Result<InputReport, InputError> {
    let unreadable = |source| InputError::Unreadable { path: path.to_owned(), source };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    // A folder that cannot be listed or a file that cannot be opened is the caller's mistake, not the input's.
    if metadata.is_dir() {
        fs::read_dir(path).map_err(unreadable)?;
    } else if metadata.is_file() {
        fs::File::open(path).map_err(unreadable)?;
    } else {
        return Err(unreadable(io::Error::other("expected a file or a folder, found something else")));
    }
    let mut reading = Reading {
        source: source_name(path),
        limits,
        tally: Tally::default(),
        consumed: Rc::new(Cell::new(0)),
        unpacked: Rc::new(Cell::new(0)),
        allowed: 0,
        layers: Vec::new(),
        sink: &mut |raw| sink(raw),
        progress: &mut |bytes| progress(bytes),
    };
    let done = if metadata.is_dir() {
        reading.folder(path, "", 0)
    } else {
        let name = source_name(path);
        let hint = At::new(name, Hint::None).hint;
        reading.file(path, &At::new(String::new(), hint))
    };
    done.map_err(|Stop| InputError::Stopped)?;
    finish(reading, path, metadata.is_dir())
}

fn finish(reading: Reading, path: &Path, is_folder: bool) -> Result<InputReport, InputError> {
    let Reading { source, mut layers, tally, consumed, .. } = reading;
    let kind = if is_folder {
        tally.kinds.folder().to_owned()
    } else {
        layers.reverse();
        layers.join(" in ")
    };
    let (found, files) = (tally.found, tally.files);
    let skipped = tally.skipped();
    if found > 0 {
        return Ok(InputReport { source, kind, found, bytes: consumed.get(), files, skipped });
    }
    let path = path.to_owned();
    match skipped.as_slice() {
        [Skipped { reason: Reason::Unsupported(format), .. }] => {
            Err(InputError::Unsupported { path, format: *format })
        }
        _ => Err(InputError::NoMail { path, n_files: files, skipped }),
    }
}

/// The bytes of an input, for a progress bar; what cannot be read counts as nothing.
pub fn size(path: &Path) -> u64 {
    folder::size(path)
}

/// The last part of a path, or of the folder that `.` and the like stand for.
fn source_name(path: &Path) -> String {
    let resolved = || path.canonicalize().ok().and_then(|path| path.file_name().map(|name| name.to_owned()));
    let name = path.file_name().map(|name| name.to_owned()).or_else(resolved).unwrap_or_default();
    place::clean_name(&name.to_string_lossy())
}
