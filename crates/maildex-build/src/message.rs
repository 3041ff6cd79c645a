//! From a raw message to what is shown and searched. A pure function of bytes: it never fails and never drops
//! anything without a [`Problem`].

/// A message as it is shown, searched and stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// The Message-ID without brackets.
    pub message_id: Option<String>,
    /// The ids of In-Reply-To, without brackets, in order.
    pub in_reply_to: Vec<String>,
    /// The ids of References, without brackets, in order.
    pub references: Vec<String>,
    pub from: Vec<Mailbox>,
    pub to: Vec<Mailbox>,
    pub cc: Vec<Mailbox>,
    pub bcc: Vec<Mailbox>,
    /// The decoded subject on one line.
    pub subject: String,
    pub date: MessageDate,
    /// The headers that are kept, decoded and unfolded, in the order of the message.
    pub headers: Vec<(String, String)>,
    /// The body as plain text with `\n` line ends: the plain parts, or what the HTML says.
    pub text: String,
    /// The HTML body, sanitised; `None` where there is none.
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
    /// What was damaged, guessed or cut.
    pub problems: Vec<Problem>,
}

/// A person's name and address as written in one header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// The display name, decoded; may be empty.
    pub name: String,
    /// `local@domain` as written; may be empty.
    pub address: String,
}

/// When a message was written, in seconds since 1970, and what that rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessageDate {
    /// The Date header's, if it can be read.
    pub header: Option<i64>,
    /// The Date header's zone, minutes east of UTC.
    pub zone: Option<i16>,
    /// The date that orders the archive: the header's, else the envelope's, else the first Received's, else none.
    pub order: Option<i64>,
    /// The header's date is more than seven days from the envelope's or Received's, which orders it instead.
    pub misdated: bool,
}

/// A part that is not the body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// The file name, decoded, without folders; may be empty.
    pub name: String,
    /// The declared type in lower case, as `image/png`.
    pub mime: String,
    /// Bytes after decoding.
    pub size: u64,
    /// SHA-256 of the decoded bytes.
    pub sha256: [u8; 32],
    /// Shown inside the body rather than beside it.
    pub inline: bool,
}

/// Something about a message that its reader should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    /// The offending text or number, cut to 200 characters.
    pub detail: String,
}

/// The kinds of damage that are counted in the build report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    NoDate,
    BadDate,
    Misdated,
    NoSender,
    NoMessageId,
    UnknownCharset,
    BadEncoding,
    TooManyParts,
    TooDeep,
    Truncated,
    NoHeaders,
}
