//! What an input held: the counts that the build report shows, with a reason and an example for all that was not read.

use std::fmt;

use crate::input::detect::Format;

/// What reading one input came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputReport {
    /// The input as a reader would name it, as in [`crate::input::Place::source`].
    pub source: String,
    /// What it is: `mbox`, `Maildir`, `folder of messages`, `tar in gzip` …
    pub kind: String,
    /// Messages given.
    pub found: u64,
    /// Bytes read from disk.
    pub bytes: u64,
    /// Files looked at, those inside containers included; a zip or tar counts as what is in it.
    pub files: u64,
    /// Those of them that messages came from. Of each of the others, [`InputReport::skipped`] counts why none did.
    pub files_with_mail: u64,
    /// Those of the messages that are something else than mail, as `("appointments", 3)`, by name.
    pub items: Vec<(&'static str, u64)>,
    /// Which columns of its tables were taken for what, as `from=sender, body=text`.
    pub columns: Vec<String>,
    /// What was not read or is not whole, by reason.
    pub skipped: Vec<Skipped>,
}

/// Files or messages that were left out or cut for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The reason, which no other entry of the report has.
    pub reason: Reason,
    /// How many files, members or messages.
    pub n: u64,
    /// The first of them, as `source/path`.
    pub example: String,
    /// What the first is, or what the system said about it; may be empty.
    pub detail: String,
}

/// Why a file or a part of it is not among the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A format that holds mail and cannot be read yet. The first, because it explains most when nothing was read.
    Unsupported(Format),
    /// Neither a message nor anything known to hold one.
    NotMail,
    /// Nothing, or nothing but blanks.
    Empty,
    /// The system refused to read it.
    Unreadable,
    /// It ends too early or contradicts itself; what came before is kept.
    Damaged,
    /// A member of a zip that needs a password.
    Encrypted,
    /// A link to a folder, which could lead in a circle, or a link inside a container.
    Link,
    /// A device, a socket or a pipe.
    Special,
    /// It lies in a Maildir's `tmp`: its delivery was never finished.
    Undelivered,
    /// A message of a public inbox that was deleted or replaced there later.
    Withdrawn,
    /// A member of a zip that has the same name as a later one.
    SameName,
    /// A container inside too many others.
    TooDeep,
    /// It unpacks to too many times its size.
    TooDense,
    /// It unpacks to more bytes than allowed.
    TooLarge,
    /// More files than [`crate::input::Limits::max_members`].
    TooManyMembers,
    /// The members of a zip share their bytes, which only a zip bomb's do.
    Overlap,
    /// A row of a table that says nothing.
    EmptyRow,
    /// An item of a mailbox file that does not open.
    ItemLost,
    /// An item that a mail program keeps for itself, outside the folders that it shows.
    Housekeeping,
    /// An item that is kept without what of it could not be read.
    ItemPartial,
    /// A message that is kept but cut, because it is longer than the limit.
    MessageCut,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let text = match self {
            Reason::NotMail => "not mail",
            Reason::Empty => "empty",
            Reason::Unsupported(format) => return write!(f, "not supported yet: {}", format.name()),
            Reason::Unreadable => "could not be read",
            Reason::Damaged => "damaged: read up to the damage",
            Reason::Encrypted => "encrypted: unpack it with its password and build from the result",
            Reason::Link => "a link, not followed",
            Reason::Special => "not a file",
            Reason::Undelivered => "delivery not finished (Maildir tmp)",
            Reason::Withdrawn => "deleted from its public inbox, or replaced there, later: left out",
            Reason::SameName => "several members have one name: only the last is read",
            Reason::TooDeep => "containers nested too deeply",
            Reason::TooDense => "unpacks to too many times its size (a bomb?): read up to the limit",
            Reason::TooLarge => "unpacks to too many bytes: read up to the limit",
            Reason::TooManyMembers => "too many members: read up to the limit",
            Reason::Overlap => "members of the zip overlap (a bomb)",
            Reason::EmptyRow => "a row without any value of mail",
            Reason::ItemLost => "an item that does not open",
            Reason::Housekeeping => "a mail program's own item, outside the folders that it shows",
            Reason::ItemPartial => "an item kept without a part that could not be read",
            Reason::MessageCut => "message longer than the limit: kept and cut",
        };
        f.write_str(text)
    }
}
