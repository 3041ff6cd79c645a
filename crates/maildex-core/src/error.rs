//! What can go wrong with the bytes of an archive.

use core::fmt;

/// Why bytes could not be taken or read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The first bytes are not those of an archive: the address is wrong, or the host sent something else.
    NotAnArchive,
    /// The archive was written by a later version.
    Version {
        /// The latest version that can be read.
        expected: u16,
        /// The archive's.
        found: u16,
    },
    /// A block's checksum does not match: the bytes were damaged on their way or on disk. Fetch them again.
    Checksum {
        /// The section it is in.
        section: &'static str,
        /// Bytes from the start of the blob to the block.
        offset: u64,
    },
    /// A block arrived whole but says something that cannot be: the archive is broken or forged.
    Corrupt {
        /// The part that cannot be.
        what: &'static str,
    },
    /// The archive was built by an earlier version that did not write what the question needs.
    Absent,
    /// There is no segment with this number.
    NoSegment {
        /// The number asked for.
        segment: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotAnArchive => write!(f, "not an archive: the first bytes are not those of one"),
            Error::Version { expected, found } => write!(
                f,
                "expected format version {expected} or older, found {found}; use a newer release to read it"
            ),
            Error::Checksum { section, offset } => {
                write!(f, "damaged block in {section} at byte {offset}: its checksum does not match")
            }
            Error::Corrupt { what } => write!(f, "broken archive: {what}"),
            Error::Absent => {
                write!(
                    f,
                    "this archive was built by an earlier version, which cannot answer that; build it anew"
                )
            }
            Error::NoSegment { segment } => write!(f, "no segment {segment} in this archive"),
        }
    }
}

impl core::error::Error for Error {}

/// Why a step did not finish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Bytes are not resident; which ones has been noted by the segment that was asked.
    Missing,
    /// The bytes are there and wrong.
    Broken(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Broken(error)
    }
}

/// The result of a step inside the core.
pub(crate) type Outcome<T> = Result<T, Stop>;

/// A [`Error::Corrupt`] that names what is wrong.
pub(crate) fn corrupt<T>(what: &'static str) -> Result<T, Error> {
    Err(Error::Corrupt { what })
}
