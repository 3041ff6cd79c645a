//! What a file is, told by its first bytes and never by its name.

use crate::input::separator::{Answer, Form, from_line, header_follows};

/// The bytes that [`detect`] wants to see, unless the file is shorter.
pub const HEAD: usize = 64 * 1024;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing, or nothing but blanks.
    Empty,
    /// Messages with a `From ` line before each.
    Mbox,
    /// One message, beginning with its headers.
    Message,
    /// A zip, but no Office document or the like.
    Zip,
    /// A tar of any dialect.
    Tar,
    /// A gzip stream of one file, which may be a tar.
    Gzip,
    /// A Zstandard stream of one file.
    Zstd,
    /// An xz stream of one file.
    Xz,
    /// An Outlook PST or OST.
    Pst,
    /// A compound file: an Outlook `.msg`, or an old Office document.
    Compound,
    /// TNEF, as in winmail.dat.
    Tnef,
    /// Apple Mail's file of one message.
    Emlx,
    /// Mail or a container that cannot be read yet.
    Unsupported(Format),
    /// Anything else.
    NotMail,
}

#[cfg(not(target_family = "wasm"))]
impl Kind {
    /// How the report calls it; empty for what holds no mail or is known only when it is read.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Mbox => "mbox",
            Kind::Message => "message",
            Kind::Zip => "zip",
            Kind::Tar => "tar",
            Kind::Gzip => "gzip",
            Kind::Zstd => "zstd",
            Kind::Xz => "xz",
            Kind::Pst => "Outlook PST",
            Kind::Tnef => "winmail.dat",
            Kind::Emlx => "Apple emlx",
            Kind::Empty | Kind::Compound | Kind::Unsupported(_) | Kind::NotMail => "",
        }
    }
}

/// Formats that hold mail and that are recognised only to say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "`name` says what each is")]
pub enum Format {
    OutlookExpress,
    Babyl,
    Mbx,
    Mmdf,
    SevenZip,
    Rar,
    Bzip2,
    Cab,
}

impl Format {
    /// The name that people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Format::OutlookExpress => "Outlook Express DBX",
            Format::Babyl => "Emacs Babyl",
            Format::Mbx => "UW mbx",
            Format::Mmdf => "MMDF",
            Format::SevenZip => "7-Zip",
            Format::Rar => "RAR",
            Format::Bzip2 => "bzip2",
            Format::Cab => "CAB",
        }
    }
}

/// Other evidence than the bytes that a file is a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// There is none.
    None,
    /// The name ends as mail's does (`.eml`): one header that mail has is enough.
    MailName,
    /// It lies where a mail program puts nothing but messages (Maildir's `cur` and `new`): any text is a damaged one.
    MailPlace,
}

/// Tells what a file is from its first [`HEAD`] bytes, or all of them if it is shorter.
pub fn detect(head: &[u8], hint: Hint) -> Kind {
    if let Some(kind) = magic(head) {
        return kind;
    }
    let bytes = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let Some(start) = bytes.iter().position(|byte| !byte.is_ascii_whitespace()) else { return Kind::Empty };
    let bytes = from_line_start(bytes, start);
    if is_mbox(bytes) {
        return Kind::Mbox;
    }
    let score = header_score(bytes);
    let enough = match hint {
        Hint::None => score >= 2,
        Hint::MailName => score >= 1,
        Hint::MailPlace => score >= 1 || !bytes.iter().take(1024).any(|byte| *byte == 0),
    };
    if enough {
        Kind::Message
    } else if is_emlx(bytes) {
        Kind::Emlx
    } else {
        Kind::NotMail
    }
}

fn magic(head: &[u8]) -> Option<Kind> {
    let table: [(&[u8], Kind); 18] = [
        (b"\x1F\x8B\x08", Kind::Gzip),
        (b"\x28\xB5\x2F\xFD", Kind::Zstd),
        (b"\xFD7zXZ\0", Kind::Xz),
        (b"PK\x03\x04", Kind::Zip),
        (b"PK\x05\x06", Kind::Zip),
        (b"PK\x07\x08", Kind::Zip),
        (b"!BDN", Kind::Pst),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Kind::Compound),
        (b"\xCF\xAD\x12\xFE", Kind::Unsupported(Format::OutlookExpress)),
        (b"BABYL OPTIONS:", Kind::Unsupported(Format::Babyl)),
        (b"*mbx*\r\n", Kind::Unsupported(Format::Mbx)),
        (b"\x01\x01\x01\x01\n", Kind::Unsupported(Format::Mmdf)),
        (b"\x78\x9F\x3E\x22", Kind::Tnef),
        (b"7z\xBC\xAF\x27\x1C", Kind::Unsupported(Format::SevenZip)),
        (b"Rar!\x1A\x07", Kind::Unsupported(Format::Rar)),
        (b"BZh", Kind::Unsupported(Format::Bzip2)),
        (b"MSCF\0\0\0\0", Kind::Unsupported(Format::Cab)),
        (b"{\\rtf", Kind::NotMail),
    ];
    if let Some((_, kind)) = table.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(if *kind == Kind::Zip && is_office(head) { Kind::NotMail } else { *kind });
    }
    // A skippable frame, which pzstd and seekable zstd write first.
    if let [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] = head {
        return Some(Kind::Zstd);
    }
    is_tar(head).then_some(Kind::Tar)
}

/// Office documents, e-books and Java archives are zip files whose first member says so.
fn is_office(head: &[u8]) -> bool {
    let name = head.get(30..).unwrap_or_default();
    [&b"[Content_Types].xml"[..], b"mimetype", b"_rels/", b"META-INF/"]
        .iter()
        .any(|first| name.starts_with(first))
}

/// A tar header carries the sum of its bytes, with the field of the sum counted as blanks.
fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.get(..512) else { return false };
    let field = &block[148..156];
    let digits =
        field.iter().skip_while(|byte| **byte == b' ').take_while(|byte| (b'0'..=b'7').contains(byte));
    let told = digits.fold(0_u32, |sum, digit| sum * 8 + u32::from(digit - b'0'));
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    let blanks: u32 = field.iter().map(|byte| u32::from(*byte)).sum();
    told != 0 && told == sum - blanks + 8 * u32::from(b' ')
}

/// From the beginning of the line of the first character that is not blank.
fn from_line_start(bytes: &[u8], start: usize) -> &[u8] {
    let line = bytes[..start].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    &bytes[line..]
}

/// A separator and a header. Where the separator has no date, prose such as "From Alice" is kept out by asking for
/// the headers of a message.
fn is_mbox(bytes: &[u8]) -> bool {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    if !bytes.starts_with(b"From ") {
        return false;
    }
    let rest = bytes.get(end + 1..).unwrap_or_default();
    let line = from_line(bytes[..end].strip_suffix(b"\r").unwrap_or(&bytes[..end]));
    match line.map(|line| line.form) {
        Some(Form::Dated | Form::Mozilla) => header_follows(rest, true) == Answer::Yes,
        Some(Form::Bare | Form::Token) => header_score(rest) >= 2,
        // A separator in a form that nobody has written down, before what can only be mail.
        None => header_score(rest) >= 4,
    }
}

/// `.emlx`: the length of the message on a line of its own, then the message.
fn is_emlx(bytes: &[u8]) -> bool {
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return false };
    let number = bytes[..end].trim_ascii();
    !number.is_empty()
        && number.len() < 12
        && number.iter().all(u8::is_ascii_digit)
        && header_score(&bytes[end + 1..]) >= 2
}

/// How much the lines up to the first that is no header look like mail's: the sum of the points of each name once.
///
/// A block that ends in something else than a blank line is damaged at best; its headers count all the same, because
/// mail broken there is kept.
fn header_score(bytes: &[u8]) -> u32 {
    let mut seen = [false; NAMES.len()];
    let mut score = 0;
    for (n_lines, line) in bytes.split(|byte| *byte == b'\n').take(MAX_LINES).enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line.first() {
            None => break,
            Some(b' ' | b'\t') if n_lines > 0 => continue,
            _ if line.starts_with(b">From ") => continue,
            _ => {}
        }
        if header_follows(line, true) != Answer::Yes {
            break;
        }
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        score += points(line[..colon].trim_ascii_end(), line.get(colon + 1..).unwrap_or_default(), &mut seen);
    }
    score
}

/// Mail with more headers than this before its first well-known one has not been seen.
const MAX_LINES: usize = 400;

/// Headers of mail and what each is worth: 2 where hardly anything else has it, 1 where a memo, a configuration file
/// or a web server's answer may have it too.
const NAMES: [(&str, u32); 36] = [
    ("received", 2),
    ("return-path", 2),
    ("message-id", 2),
    ("delivered-to", 2),
    ("in-reply-to", 2),
    ("references", 2),
    ("mime-version", 2),
    ("content-transfer-encoding", 2),
    ("dkim-signature", 2),
    ("authentication-results", 2),
    ("received-spf", 2),
    ("arc-seal", 2),
    ("x-mailer", 2),
    ("x-originating-ip", 2),
    ("x-mozilla-status", 2),
    ("x-gm-thrid", 2),
    ("x-received", 2),
    ("x-uidl", 2),
    ("list-unsubscribe", 2),
    ("resent-from", 2),
    ("resent-to", 2),
    ("resent-date", 2),
    ("envelope-to", 2),
    ("errors-to", 2),
    ("newsgroups", 2),
    ("from", 1),
    ("to", 1),
    ("cc", 1),
    ("bcc", 1),
    ("subject", 1),
    ("date", 1),
    ("sender", 1),
    ("reply-to", 1),
    ("content-type", 1),
    ("organization", 1),
    ("precedence", 1),
];

fn points(name: &[u8], value: &[u8], seen: &mut [bool; NAMES.len()]) -> u32 {
    let Some(at) = NAMES.iter().position(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes())) else {
        return 0;
    };
    if std::mem::replace(&mut seen[at], true) {
        return 0;
    }
    let (known, points) = NAMES[at];
    let certain = match known {
        // An address or a boundary makes these mail's own.
        "from" | "to" | "cc" | "bcc" | "sender" | "reply-to" => value.contains(&b'@'),
        "content-type" => value.trim_ascii_start().starts_with(b"multipart/"),
        _ => false,
    };
    points + u32::from(certain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_told_by_its_headers() {
        for text in [
            "Received: from a by b\n",
            "X-Unusual: 1\nX-Other: 2\nX-More:\n 3\nMessage-ID: <a@b>\n\nhi\n",
            "From: a@b.example\r\nSubject: hi\r\n\r\nhi\r\n",
            "FROM : a@b.example\nTo: c\n\n",
            "Date: Sat, 3 Jan 1996\nFrom: A\n\nhi",
            "Content-Type: multipart/mixed; boundary=x\n\n--x\n",
            "Subject: hi\nTo: a\nthis line is no header\nFrom: c\n\n",
            "\n  \nSubject: hi\nDate: today\n\n",
            "\u{FEFF}Subject: hi\nDate: today\n\n",
            "MIME-Version: 1.0\n\nT\0e\0x\0t\0",
        ] {
            assert_eq!(detect(text.as_bytes(), Hint::None), Kind::Message, "{text:?}");
        }
    }

    #[test]
    fn other_text_is_not_mail() {
        for text in [
            "# Title\n\nTo: build it\n",
            "Dear all,\nSubject: x\nFrom: a@b.example\n",
            "Title: A page\nDate: 2020-01-01\nTags: a, b\n\nText\n",
            "From,To,Subject\na@b.example,c,d\n",
            "{\"from\": \"a@b.example\",\n \"to\": \"c\"}\n",
            "---\ntitle: x\nsubject: y\nfrom: z\n",
            "HTTP/1.1 200 OK\nDate: x\nContent-Type: text/html\n\n",
            "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n",
            "<html><head><title>Subject: x</title>\n",
            "From the beginning: a tale\nSubject: x\n",
            "From Alice\nIt was: late\n",
            "From a@b.example Sat Jan  3 01:05:34 1996\n\nno header\n",
            "User-agent: *\nDisallow: /\n",
            "Package: x\nVersion: 1\nMaintainer: a@b.example\n",
        ] {
            assert_eq!(detect(text.as_bytes(), Hint::None), Kind::NotMail, "{text:?}");
        }
    }

    #[test]
    fn a_mailbox_is_told_by_its_separator() {
        for text in [
            "From a@b.example Sat Jan  3 01:05:34 1996\nX-Any: 1\n\n",
            "\u{FEFF}\r\nFrom - Sat Jan  3 01:05:34 1996\r\nX-Any: 1\r\n\r\n",
            "From 1844@xxx\nReceived: x\n\n",
            "From \nReceived: x\n\n",
            "From somebody on a strange day\nReceived: x\nMessage-ID: <a@b>\n\n",
        ] {
            assert_eq!(detect(text.as_bytes(), Hint::None), Kind::Mbox, "{text:?}");
        }
    }

    #[test]
    fn the_place_decides_where_the_bytes_do_not() {
        let check = |text: &str, none, name, place| {
            let kinds =
                [Hint::None, Hint::MailName, Hint::MailPlace].map(|hint| detect(text.as_bytes(), hint));
            assert_eq!(kinds, [none, name, place], "{text:?}");
        };
        check("Subject: hi\n\nhi\n", Kind::NotMail, Kind::Message, Kind::Message);
        check("hi there\n", Kind::NotMail, Kind::NotMail, Kind::Message);
        check("\u{1}\0\0binary", Kind::NotMail, Kind::NotMail, Kind::NotMail);
        check(" \n", Kind::Empty, Kind::Empty, Kind::Empty);
    }

    #[test]
    fn other_formats_are_named() {
        let check = |bytes: &[u8], kind| assert_eq!(detect(bytes, Hint::MailPlace), kind, "{bytes:?}");
        check(b"!BDN\0", Kind::Pst);
        check(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0", Kind::Compound);
        check(&[b"PK\x03\x04", [0; 26].as_slice(), b"[Content_Types].xml"].concat(), Kind::NotMail);
        check(b"PK\x05\x06", Kind::Zip);
        check(b"\x50\x2A\x4D\x18\x04\0\0\0", Kind::Zstd);
        let emlx = detect(b"1234      \nReceived: x\nFrom: a@b.example\n\n", Hint::None);
        assert_eq!(emlx, Kind::Emlx);
    }
}
