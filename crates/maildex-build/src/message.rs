//! From a raw message to what is shown and searched. A pure function of bytes: it never fails and never drops
//! anything without a [`Problem`].
//!
//! [`parse`] reads the MIME structure (`mime`, the one module that knows the parser crate), the headers (`headers`,
//! with `words` and `charset` for what is mislabelled, `date` and `order` for the dates) and the body (`body`, with
//! `flowed`, `enriched`, `page` for the text of HTML and `html` for HTML that is safe to show).

mod body;
mod charset;
mod date;
mod digest;
mod enriched;
mod flowed;
mod headers;
pub mod html;
mod kind;
mod language;
mod mime;
mod order;
mod page;
mod pipermail;
mod states;
mod style;
pub mod subject;
mod words;

pub use date::{Stamp, parse as parse_date};
pub(crate) use date::{write as write_date, write_compact as write_compact_date};
pub use digest::{Identity, content_digest, key};
#[cfg(not(target_family = "wasm"))]
pub(crate) use headers::ids_of;
#[cfg(not(target_family = "wasm"))]
pub(crate) use kind::{Kind, kind};
pub use language::language;
use maildex_core::text::state_value;
pub use states::{labels, states};

/// A message as it is shown, searched and stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// The Message-ID without brackets.
    pub message_id: Option<String>,
    /// The ids of In-Reply-To, without brackets, in order.
    pub in_reply_to: Vec<String>,
    /// The ids of References, without brackets, in order.
    pub references: Vec<String>,
    /// The authors; the Sender where there is no From.
    pub from: Vec<Mailbox>,
    /// Whom it is addressed to.
    pub to: Vec<Mailbox>,
    /// Who got a copy.
    pub cc: Vec<Mailbox>,
    /// Who got a blind copy; empty unless [`ParseOptions::keep_bcc`].
    pub bcc: Vec<Mailbox>,
    /// Whom servers say that they delivered it to.
    pub delivered_to: Vec<Mailbox>,
    /// The decoded subject on one line.
    pub subject: String,
    /// When it was written and what that rests on.
    pub date: MessageDate,
    /// The headers that are kept, decoded and unfolded, in the order of the message.
    pub headers: Vec<(String, String)>,
    /// The body as plain text with `\n` line ends: the plain parts, or what the HTML says. Messages inside the
    /// message follow, each under a block of its headers as forwarding programs write it.
    pub text: String,
    /// The HTML body, sanitised; `None` where there is none.
    pub html: Option<String>,
    /// The parts that are not the body, in order, with those of the messages inside.
    pub attachments: Vec<Attachment>,
    /// What was damaged, guessed or cut.
    pub problems: Vec<Problem>,
    /// The document that it was released as; `None` for mail.
    pub document: Option<Box<Document>>,
    /// Something was taken out of it before it was published.
    pub redacted: bool,
}

/// A document as a release numbers and marks it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Its number, by which it is cited.
    pub number: String,
    /// The case it was released under; may be empty.
    pub case: String,
    /// The day of the release, as `2015-08-31` or as it is printed; may be empty.
    pub released: String,
    /// `full`, `part`, or empty where nothing says it.
    pub release: String,
    /// The grounds on which parts were taken out, as `B6`, sorted.
    pub exemptions: Vec<String>,
    /// Something was taken out.
    pub redacted: bool,
    /// The note of its classification: by whom, for which reason, until when; may be empty.
    pub classified: String,
    /// Where its image is; may be empty.
    pub link: String,
}

impl Document {
    /// What a query may ask for, each as `operator:value` with the value as [`state_value`] writes it.
    pub fn states(&self) -> Vec<String> {
        let mut states = Vec::new();
        let mut add = |operator: &str, value: &str| {
            let value = state_value(value);
            if !value.is_empty() {
                states.push(format!("{operator}:{value}"));
            }
        };
        add("docid", &self.number);
        add("case", &self.case);
        add("release", &self.release);
        add("release", &self.released);
        for exemption in &self.exemptions {
            add("exemption", exemption);
            // `1.4` finds `1.4(D)`.
            if let Some((whole, _)) = exemption.split_once('(') {
                add("exemption", whole);
            }
        }
        if self.redacted {
            add("has", "redaction");
        }
        states.sort();
        states.dedup();
        states
    }
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
    /// The Date header's zone, minutes east of UTC; `None` where it names none (`-0000` says so).
    pub zone: Option<i16>,
    /// The date that orders the archive: the header's, else the envelope's, else the earliest trusted Received's,
    /// else none.
    pub order: Option<i64>,
    /// When it was delivered: the topmost Received's, else the envelope's.
    pub delivered: Option<i64>,
    /// The header's date is more than seven days from the envelope's and every Received's, which order it instead,
    /// or it is the zero of a clock that was never set.
    pub misdated: bool,
}

/// A part that is not the body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// The file name, decoded, without folders, control characters or marks of direction; may be empty.
    pub name: String,
    /// The declared type in lower case, as `image/png`.
    pub mime: String,
    /// The Content-ID without brackets, by which the HTML refers to it as `cid:`; may be empty.
    pub content_id: String,
    /// Bytes after decoding.
    pub size: u64,
    /// Its words, where it is text or a message; searched and not kept.
    pub text: String,
    /// SHA-256 of the decoded bytes.
    pub sha256: [u8; 32],
    /// These bytes; empty unless [`ParseOptions::keep_attachments`] or [`ParseOptions::keep_documents`] asks for them.
    pub bytes: Vec<u8>,
    /// Belongs to the body rather than beside it: a picture that the HTML shows, a signature, the machine's part of
    /// a delivery report. Such a part does not make a message one "with attachment".
    pub inline: bool,
    /// It holds what must not be published: `sha256` is not that of its bytes, which are kept nowhere.
    pub withheld: bool,
}

/// Something about a message that its reader should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What it is counted as.
    pub kind: ProblemKind,
    /// The offending text or number, cut to 200 characters.
    pub detail: String,
}

impl Problem {
    /// Makes a problem, cutting `detail` to 200 characters.
    pub fn new(kind: ProblemKind, detail: impl AsRef<str>) -> Self {
        Problem { kind, detail: detail.as_ref().chars().take(200).collect() }
    }
}

/// The kinds of damage that are counted in the build report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// There is no Date header; the envelope or Received may still order the message.
    NoDate,
    /// The Date header cannot be read, is not a day of the calendar or lies before 1970 or after 2100.
    BadDate,
    /// The Date header contradicts the envelope and Received, or is the zero of a clock.
    Misdated,
    /// Neither From nor Sender names anyone.
    NoSender,
    /// There is no Message-ID.
    NoMessageId,
    /// A charset is declared that nobody knows; the text was decoded by a guess.
    UnknownCharset,
    /// A transfer encoding is malformed or unknown, or bytes do not belong to the charset.
    BadEncoding,
    /// Parts past the limit were not read.
    TooManyParts,
    /// Containers nested past the limit were not opened.
    TooDeep,
    /// Text past the limit was cut.
    Truncated,
    /// Text of an attachment past the limit is not searched.
    AttachmentCut,
    /// An attached document is encrypted.
    AttachmentLocked,
    /// An attached document contradicts itself or is of an unknown version.
    AttachmentDamaged,
    /// An attached document is longer than is read.
    AttachmentTooLarge,
    /// An attached document unpacks to more, or has more pages or steps, than are read.
    AttachmentTooMuch,
    /// What reads attached documents ended at one, out of time or memory or by a fault of its own.
    AttachmentFailed,
    /// No header block: everything was taken as text.
    NoHeaders,
    /// No charset is declared, or a wrong one; the text was decoded by a guess.
    GuessedCharset,
    /// A multipart is not closed, or its delimiters are missing or misplaced.
    BadStructure,
    /// The HTML is too large or too tangled to sanitise; only its text is kept.
    HtmlDropped,
}

/// What [`parse`] keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseOptions {
    /// Sanitise and keep HTML bodies. Their text is kept in any case.
    pub keep_html: bool,
    /// Keep the names of blind-copy recipients. The sender's own copy of a message has them, its readers must not.
    pub keep_bcc: bool,
    /// Keep every header (Bcc still needs `keep_bcc`), not only those of `KEPT` in the headers module.
    pub all_headers: bool,
    /// Bytes of body text that are kept.
    pub max_text: usize,
    /// Bytes of HTML that are sanitised.
    pub max_html: usize,
    /// Bytes of text of one attachment that are searched; with 0 none is.
    pub max_attachment: usize,
    /// Keep the bytes of attachments.
    pub keep_attachments: bool,
    /// Keep the bytes of attachments whose words are read elsewhere: documents that are no text.
    pub keep_documents: bool,
}

impl Default for ParseOptions {
    fn default() -> Self {
        ParseOptions {
            keep_html: true,
            keep_bcc: false,
            all_headers: false,
            max_text: 16 << 20,
            max_html: 4 << 20,
            max_attachment: 1 << 20,
            keep_attachments: false,
            keep_documents: false,
        }
    }
}

/// Decodes text by the label of its charset, or by a guess where that is missing or wrong.
pub(crate) fn decode<'a>(bytes: &'a [u8], label: Option<&str>) -> std::borrow::Cow<'a, str> {
    charset::decode(bytes, label, None).0
}

/// The text of HTML.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn page_text(html: &str) -> String {
    page::read(html).text
}

/// Reads a message. Never fails and never panics: what is damaged is kept as far as it can be read, with a
/// [`Problem`]. `envelope_date` is the date of the mbox `From ` line.
pub fn parse(raw: &[u8], envelope_date: Option<i64>, options: &ParseOptions) -> Message {
    let mut message = Message::default();
    if raw.len() > mime::MAX_LEN {
        message.problems.push(Problem::new(ProblemKind::Truncated, format!("{} bytes", raw.len())));
    }
    let raw = mime::without_envelope(&raw[..raw.len().min(mime::MAX_LEN)]);
    let Some(mail) = mime::Mail::read(raw) else {
        message.problems.push(Problem::new(ProblemKind::NoHeaders, ""));
        body::read_bare(raw, options, &mut message);
        order::settle(None, envelope_date, &[], &mut message);
        return message;
    };
    let hint = headers::read(mail.root(), envelope_date, options, &mut message);
    body::read(&mail, hint, options, &mut message);
    message
}

#[cfg(test)]
mod tests;
