//! From files and folders to raw messages, each with the place it was found at.

/// A message as it lies in the input, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// The bytes from the first header on, without the mbox separator and its quoting.
    pub bytes: Vec<u8>,
    /// Where it was found.
    pub place: Place,
    /// The date of the mbox `From ` line in seconds since 1970: the fall-back for a message without a date.
    pub envelope_date: Option<i64>,
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
