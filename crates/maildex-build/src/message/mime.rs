//! The MIME structure of a message: a thin skin over the `mail-parser` crate, which no other module names.
//!
//! What the crate decodes well is left to it (structure, transfer encodings, RFC 2231 parameters, address lists,
//! encoded words, charsets by label); headers are taken raw, because their bytes may first need repair (`words`).

use std::borrow::Cow;
use std::sync::LazyLock;

use mail_parser::{
    Charset, DecodeProblems, Encoding, HeaderForm, HeaderName, MessageParser, MessagePart, PartFlags,
};

use super::{Mailbox, words};

/// Bytes of a message that are read: the crate's offsets are 32 bits wide.
pub(super) const MAX_LEN: usize = u32::MAX as usize - 1;
/// Parts that are read; the crate leaves the rest of the message in the last one.
const MAX_PARTS: usize = 10_000;
/// Containers inside each other that are opened. Walks over parts recurse, so this also bounds the stack.
const MAX_DEPTH: usize = 64;

/// Headers that the crate would otherwise parse into forms that nobody reads here.
const UNPARSED: [HeaderName<'static>; 30] = [
    HeaderName::Subject,
    HeaderName::Comments,
    HeaderName::ContentDescription,
    HeaderName::ContentLocation,
    HeaderName::From,
    HeaderName::To,
    HeaderName::Cc,
    HeaderName::Bcc,
    HeaderName::ReplyTo,
    HeaderName::Sender,
    HeaderName::ResentTo,
    HeaderName::ResentFrom,
    HeaderName::ResentBcc,
    HeaderName::ResentCc,
    HeaderName::ResentSender,
    HeaderName::ListArchive,
    HeaderName::ListHelp,
    HeaderName::ListId,
    HeaderName::ListOwner,
    HeaderName::ListPost,
    HeaderName::ListSubscribe,
    HeaderName::ListUnsubscribe,
    HeaderName::Date,
    HeaderName::ResentDate,
    HeaderName::MessageId,
    HeaderName::References,
    HeaderName::InReplyTo,
    HeaderName::ReturnPath,
    HeaderName::Keywords,
    HeaderName::Received,
];

static PARSER: LazyLock<MessageParser> = LazyLock::new(|| {
    UNPARSED
        .into_iter()
        .fold(MessageParser::new(), |parser, name| parser.header(name, HeaderForm::Ignore))
        .unknown_headers(HeaderForm::Ignore)
        .max_parts(MAX_PARTS)
        .max_depth(MAX_DEPTH)
});

/// Skips what stands before the first header in the wild: a byte order mark, empty lines, and an mbox `From ` line
/// (or its quoted form) that was saved with the message.
pub(super) fn without_envelope(raw: &[u8]) -> &[u8] {
    let mut rest = raw.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(raw);
    if rest.starts_with(b"From ") || rest.starts_with(b">From ") {
        let line = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |at| at + 1);
        rest = &rest[line..];
    }
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    // An empty first line may also be all there is of a header block: then what follows is the body.
    if starts_with_header(&rest[blank..]) { &rest[blank..] } else { rest }
}

fn starts_with_header(bytes: &[u8]) -> bool {
    let name = bytes.iter().take_while(|byte| matches!(byte, b'!'..=b'9' | b';'..=b'~')).count();
    name > 0 && bytes.get(name) == Some(&b':')
}

/// A parsed message.
pub(super) struct Mail<'x>(mail_parser::Message<'x>);

impl<'x> Mail<'x> {
    /// Reads the structure; `None` for input without any header.
    pub(super) fn read(raw: &'x [u8]) -> Option<Self> {
        let message = PARSER.parse(raw)?;
        // A first line that is no header makes an odd "name" of the text before its first colon.
        let plausible = message.headers().iter().any(|header| is_field_name(header.raw_name()));
        (plausible || message.headers().is_empty() && raw.starts_with(b"\n")).then_some(Mail(message))
    }

    /// The part that carries the message's own headers.
    pub(super) fn root(&self) -> Part<'_> {
        Part(self.0.root_part())
    }

    /// Every part, those of messages inside included.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.0.parts().map(Part)
    }

    /// The limit on parts was reached.
    pub(super) fn is_full(&self) -> bool {
        self.0.parts().len() >= MAX_PARTS
    }
}

fn is_field_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| matches!(byte, b'!'..=b'~'))
}

/// What a part holds.
pub(super) enum Kind<'m> {
    Text,
    Html,
    Other,
    Multipart,
    /// A message inside, by its root part.
    Message(Part<'m>),
}

/// A MIME part.
#[derive(Clone, Copy)]
pub(super) struct Part<'m>(MessagePart<'m>);

/// Damage that the crate reports for a part.
pub(super) enum Damage {
    Structure(&'static str),
    Limit,
}

impl<'m> Part<'m> {
    pub(super) fn kind(&self) -> Kind<'m> {
        use mail_parser::PartKind;
        match self.0.kind() {
            PartKind::Text => Kind::Text,
            PartKind::Html => Kind::Html,
            PartKind::Binary | PartKind::InlineBinary => Kind::Other,
            PartKind::Multipart => Kind::Multipart,
            PartKind::Message(message) => Kind::Message(Part(message.root_part())),
        }
    }

    pub(super) fn children(&self) -> impl ExactSizeIterator<Item = Part<'m>> + use<'m> {
        self.0.children().map(Part)
    }

    /// The part stands at the top of its message.
    pub(super) fn is_root(&self) -> bool {
        self.0.parent().is_none()
    }

    /// Names and raw values of the header fields, in order.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&'m str, &'m [u8])> + use<'m> {
        self.0.headers().iter().map(|header| (header.raw_name(), header.raw_value()))
    }

    /// The raw value of the first field of this name.
    pub(super) fn header(&self, name: &str) -> Option<&'m [u8]> {
        self.headers().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The declared type in lower case; `text/plain` where none is declared.
    pub(super) fn mime(&self) -> String {
        let Some(declared) = self.0.content_type() else { return "text/plain".to_owned() };
        let mut mime = declared.ctype().to_ascii_lowercase();
        if let Some(subtype) = declared.subtype() {
            mime.push('/');
            mime.push_str(&subtype.to_ascii_lowercase());
        } else if mime == "text" {
            mime.push_str("/plain");
        }
        mime
    }

    /// A parameter of the Content-Type.
    pub(super) fn param(&self, name: &str) -> Option<&'m str> {
        self.0.content_type()?.attribute(name)
    }

    /// The Content-Disposition in lower case.
    pub(super) fn disposition(&self) -> Option<String> {
        self.0.content_disposition().map(|value| value.ctype().to_ascii_lowercase())
    }

    /// The declared file name, decoded, as written otherwise.
    pub(super) fn file_name(&self, hint: words::Hint<'_>) -> Option<String> {
        let name = self.0.attachment_name()?;
        if !name.contains('\u{FFFD}') && !name.contains("=?") && !name.contains('\x1b') {
            return Some(name.to_owned());
        }
        let again = |field: &str, param: &str| {
            let value = words::clean(self.header(field)?, hint);
            let parsed = HeaderForm::ContentType.parse(&value);
            let name = parsed.value().as_content_type()?.attribute(param)?.to_owned();
            Some(if name.contains("=?") { unstructured(name.as_bytes()) } else { name })
        };
        again("content-disposition", "filename")
            .or_else(|| again("content-type", "name"))
            .or_else(|| Some(name.to_owned()))
    }

    /// The Content-ID without brackets.
    pub(super) fn content_id(&self) -> Option<&'m str> {
        self.0.content_id()
    }

    /// The body without its transfer encoding, and what was wrong with that.
    pub(super) fn decoded(&self) -> (Cow<'m, [u8]>, Option<&'static str>) {
        let (bytes, problems) = self.0.decoded_checked();
        let problem = if problems.contains(DecodeProblems::UNKNOWN_TRANSFER_ENCODING) {
            Some("unknown transfer encoding")
        } else if problems.contains(DecodeProblems::MALFORMED_TRANSFER_ENCODING) {
            Some("malformed base64 or quoted-printable")
        } else {
            None
        };
        (bytes, problem)
    }

    /// The declared transfer encoding as text, for a report.
    pub(super) fn transfer_encoding(&self) -> &'m str {
        self.0.content_transfer_encoding().unwrap_or_default()
    }

    /// What the crate found damaged here.
    pub(super) fn damage(&self) -> Option<Damage> {
        let flags = self.0.flags();
        if flags.intersects(PartFlags::LIMIT_REACHED | PartFlags::NESTING_LIMIT) {
            return Some(Damage::Limit);
        }
        if flags.contains(PartFlags::UNTERMINATED) {
            return Some(Damage::Structure("multipart is not closed"));
        }
        if flags.intersects(PartFlags::MISSING_DELIMITER | PartFlags::FALLBACK_DELIMITER) {
            return Some(Damage::Structure("delimiter is missing or misplaced"));
        }
        None
    }
}

/// Decodes an unstructured header value with its encoded words.
pub(super) fn unstructured(value: &[u8]) -> String {
    let parsed = HeaderForm::Text.parse(value);
    parsed.value().as_text().unwrap_or_default().to_owned()
}

/// The mailboxes of an address header, those of groups included.
pub(super) fn mailboxes(value: &[u8]) -> Vec<Mailbox> {
    let parsed = HeaderForm::Addresses.parse(value);
    let Some(list) = parsed.value().as_address() else { return Vec::new() };
    list.mailboxes()
        .map(|mailbox| Mailbox {
            name: mailbox.name().unwrap_or_default().to_owned(),
            address: mailbox.address().unwrap_or_default().to_owned(),
        })
        .collect()
}

/// Decodes by a charset label; `None` for a label that is unknown or that the encoding standard refuses to decode.
/// The flag tells whether bytes were not valid.
pub(super) fn by_label<'a>(label: &str, bytes: &'a [u8]) -> Option<(Cow<'a, str>, bool)> {
    match Charset::from_label(label.as_bytes()) {
        None | Some(Charset::Replacement) => None,
        Some(charset) => Some(charset.decode_checked(bytes)),
    }
}

/// Decodes base64 leniently.
pub(super) fn base64(bytes: &[u8]) -> Vec<u8> {
    Encoding::Base64.decode(bytes).into_owned()
}
