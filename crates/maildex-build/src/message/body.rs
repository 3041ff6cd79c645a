//! The body: which parts are read as text, which are shown as HTML, which are attachments.
//!
//! The choices follow what Gmail and Thunderbird show. Of alternatives, plain text is searched and HTML is shown; an
//! empty plain part gives way to the HTML. Text parts follow each other. A message inside is an attachment and its text
//! follows under a block of its headers, so that a forwarded message is found by its words. The fields of a delivery
//! report are text too. A text part with a file name is an attachment, and shown where it says `inline`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::outlook::tnef;

use super::mime::{Damage, Kind, Mail, Part};
use super::words::Hint;
use super::{
    Attachment, Message, ParseOptions, Problem, ProblemKind, charset, enriched, flowed, headers, html,
    kind::kind, mime, page, words,
};

/// What a walk over parts is to bring home.
#[derive(Clone, Copy)]
struct Want {
    text: bool,
    html: bool,
}

const BOTH: Want = Want { text: true, html: true };

/// A piece of the HTML view.
enum Piece {
    Html(String),
    Text(String),
}

struct Reader<'o> {
    hint: Hint<'o>,
    options: &'o ParseOptions,
    text: String,
    pieces: Vec<Piece>,
    attachments: Vec<Attachment>,
    content_ids: Vec<String>,
    problems: Vec<Problem>,
    is_cut: bool,
    in_tnef: bool,
}

/// Reads the body of `mail` into `message`.
pub(super) fn read(mail: &Mail<'_>, hint: Hint<'_>, options: &ParseOptions, message: &mut Message) {
    let mut reader = Reader::new(hint, options);
    damage(mail, &mut reader.problems);
    reader.walk(mail.root(), BOTH);
    reader.finish(message);
}

/// Reads bytes without a header block as one text.
pub(super) fn read_bare(raw: &[u8], options: &ParseOptions, message: &mut Message) {
    let mut reader = Reader::new(Hint::default(), options);
    let (text, problem) = charset::decode(raw, None, None);
    reader.problems.extend(problem);
    reader.push(&normalised(&text), BOTH);
    reader.finish(message);
}

fn damage(mail: &Mail<'_>, problems: &mut Vec<Problem>) {
    let mut seen = Vec::new();
    for part in mail.parts() {
        let (kind, detail) = match part.damage() {
            None => continue,
            Some(Damage::Limit) if mail.is_full() => (ProblemKind::TooManyParts, ""),
            Some(Damage::Limit) => (ProblemKind::TooDeep, ""),
            Some(Damage::Structure(detail)) => (ProblemKind::BadStructure, detail),
        };
        if !seen.contains(&kind) {
            seen.push(kind);
            problems.push(Problem::new(kind, detail));
        }
    }
}

impl<'o> Reader<'o> {
    fn new(hint: Hint<'o>, options: &'o ParseOptions) -> Self {
        Reader {
            hint,
            options,
            text: String::new(),
            pieces: Vec::new(),
            attachments: Vec::new(),
            content_ids: Vec::new(),
            problems: Vec::new(),
            is_cut: false,
            in_tnef: false,
        }
    }

    fn walk(&mut self, part: Part<'_>, want: Want) {
        match part.kind() {
            Kind::Multipart => self.multipart(part, want),
            Kind::Message(root) => {
                let number = self.attachments.len();
                self.attach(part, false);
                let before = self.text.len();
                self.inner_message(root, want);
                let text = self.text.get(before..).unwrap_or_default();
                let text = text[..text.floor_char_boundary(self.options.max_attachment)].to_owned();
                if let Some(attachment) = self.attachments.get_mut(number) {
                    attachment.text = text;
                }
            }
            Kind::Text | Kind::Html | Kind::Other => self.leaf(part, want),
        }
    }

    fn multipart(&mut self, part: Part<'_>, want: Want) {
        if part.children().len() == 0 {
            // Closed before any part, or past a limit: the content is all in the part itself.
            return self.body_text(part, "text/plain", want);
        }
        match part.mime().as_str() {
            "multipart/alternative" => self.alternative(part, want),
            "multipart/related" => {
                let root = part.param("start").map(|id| id.trim_matches(['<', '>']));
                let at = part.children().position(|child| root.is_some() && child.content_id() == root);
                for (n, child) in part.children().enumerate() {
                    self.walk_or_attach(child, want, n == at.unwrap_or(0));
                }
            }
            "multipart/signed" => {
                for (n, child) in part.children().enumerate() {
                    if n == 0 { self.walk(child, want) } else { self.attach(child, true) }
                }
            }
            _ => part.children().for_each(|child| self.walk(child, want)),
        }
    }

    fn walk_or_attach(&mut self, part: Part<'_>, want: Want, is_body: bool) {
        if is_body || matches!(part.kind(), Kind::Multipart) {
            self.walk(part, want);
        } else {
            self.attach(part, false);
        }
    }

    fn alternative(&mut self, part: Part<'_>, want: Want) {
        let children: Vec<Part<'_>> = part.children().collect();
        let plain = children.iter().position(|&child| holds(child, "text/plain"));
        let html = children.iter().rposition(|&child| holds(child, "text/html"));
        let shown = [plain, html];
        let before = self.text.len();
        for (n, &child) in children.iter().enumerate() {
            if plain == Some(n) && html != Some(n) {
                self.walk(child, Want { text: want.text, html: want.html && html.is_none() });
            } else if html == Some(n) {
                let is_blank = self.text[before..].trim().is_empty();
                self.walk(child, Want { text: want.text && is_blank, html: want.html });
            } else if shown == [None, None] && n == 0 {
                self.walk(child, want);
            } else {
                // Other forms of the same: an invitation is kept, a further text is not.
                self.walk(child, Want { text: false, html: false });
            }
        }
    }

    fn leaf(&mut self, part: Part<'_>, want: Want) {
        let mime = part.mime();
        let disposition = part.disposition();
        let is_attachment = disposition.as_deref() == Some("attachment");
        match (part.kind(), mime.as_str()) {
            (Kind::Text, "message/delivery-status" | "text/rfc822-headers")
            | (Kind::Other, "message/delivery-status" | "message/disposition-notification") => {
                self.body_text(part, "text/plain", want);
                self.attach(part, true);
            }
            (Kind::Text, mime) if mime.starts_with("message/") => {
                self.body_text(part, "text/plain", want);
                self.attach(part, false);
            }
            (Kind::Text, mime) if mime.starts_with("multipart/") => {
                // Its boundary is never used, so that the content is all in the part itself.
                self.problems.push(Problem::new(ProblemKind::BadStructure, "multipart without parts"));
                self.body_text(part, "text/plain", want);
            }
            (Kind::Text | Kind::Html, mime) => {
                let is_body = matches!(mime, "text/plain" | "text/html" | "text/enriched" | "text/richtext");
                let is_named = part.file_name(self.hint).is_some_and(|name| !name.is_empty());
                let is_first = self.text.is_empty() && self.pieces.is_empty();
                let is_inline = disposition.as_deref() == Some("inline");
                let is_other = !is_body && mime != "text/x-amp-html" && !part.is_root();
                let shown =
                    part.is_root() || is_inline || !is_attachment && is_body && (!is_named || is_first);
                if shown {
                    self.body_text(part, mime, want);
                }
                if is_attachment || is_other || is_named && !(shown && is_first) {
                    self.attach(part, false);
                }
            }
            _ => {
                if !self.tnef(part, want) {
                    self.attach(part, false);
                }
            }
        }
    }

    /// Reads what Outlook packed into a part (winmail.dat): what is attached there, and the text where there is none
    /// yet. False where the part is something else.
    fn tnef(&mut self, part: Part<'_>, want: Want) -> bool {
        let (bytes, _) = part.decoded();
        // Those who nest these are not served beyond the first.
        if !bytes.starts_with(tnef::MAGIC) || self.in_tnef {
            return false;
        }
        let Some((item, is_whole)) = tnef::read(&bytes) else { return false };
        if !is_whole {
            self.problems.push(Problem::new(ProblemKind::BadStructure, "winmail.dat is damaged"));
        }
        let mut draft = item.draft();
        if !self.text.trim().is_empty() {
            (draft.text, draft.html) = (None, None);
        }
        let written = draft.write();
        let Some(mail) = Mail::read(&written) else { return false };
        self.in_tnef = true;
        self.walk(mail.root(), want);
        self.in_tnef = false;
        true
    }

    /// Reads a part as body text of the type `mime`.
    fn body_text(&mut self, part: Part<'_>, mime: &str, want: Want) {
        if !(want.text || want.html) {
            return;
        }
        let (bytes, problem) = part.decoded();
        if let Some(problem) = problem {
            let detail = format!("{problem}: {}", part.transfer_encoding());
            self.problems.push(Problem::new(ProblemKind::BadEncoding, detail));
        }
        let in_head = (mime == "text/html" && part.param("charset").is_none())
            .then(|| charset_in_head(&bytes))
            .flatten();
        let label = part.param("charset").or(in_head.as_deref());
        let (text, problem) = charset::decode(&bytes, label, self.hint.tld);
        self.problems.extend(problem);
        let text = normalised(&text);
        match mime {
            "text/html" => self.html(text.into_owned(), want),
            "text/enriched" => self.push(&enriched::text(&text, false), want),
            "text/richtext" => self.push(&enriched::text(&text, true), want),
            _ if part.param("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed")) => {
                let del_sp = part.param("delsp").is_some_and(|value| value.eq_ignore_ascii_case("yes"));
                self.push(&flowed::join(&text, del_sp), want);
            }
            _ => self.push(&text, want),
        }
    }

    fn html(&mut self, mut source: String, want: Want) {
        if source.len() > self.options.max_html {
            source.truncate(source.floor_char_boundary(self.options.max_html));
            self.is_cut = true;
        }
        let page = page::read(&source);
        if want.text {
            self.push(&page.text, Want { text: true, html: false });
        }
        self.content_ids.extend(page.content_ids);
        if page.is_tangled {
            self.problems.push(Problem::new(ProblemKind::HtmlDropped, format!("{} bytes", source.len())));
        }
        if want.html && self.options.keep_html {
            let piece = if page.is_tangled { Piece::Text(page.text) } else { Piece::Html(source) };
            self.pieces.push(piece);
        }
    }

    /// Adds a piece of text after an empty line.
    fn push(&mut self, text: &str, want: Want) {
        let text = text.trim_end().trim_start_matches('\n');
        if text.is_empty() {
            return;
        }
        if want.text {
            let room = self.options.max_text.saturating_sub(self.text.len());
            let cut = text.floor_char_boundary(room);
            self.is_cut |= cut < text.len();
            if !self.text.is_empty() {
                self.text.push_str("\n\n");
            }
            self.text.push_str(&text[..cut]);
        }
        if want.html && self.options.keep_html {
            self.pieces.push(Piece::Text(text.to_owned()));
        }
    }

    /// The headers of a message inside and its body, as forwarding programs write them.
    fn inner_message(&mut self, root: Part<'_>, want: Want) {
        let mut block = String::from("---------- Forwarded message ---------\n");
        for name in ["From", "Date", "Subject", "To", "Cc"] {
            if let Some(raw) = root.header(name) {
                let value = words::clean(&raw[..raw.len().min(4096)], self.hint);
                block.push_str(name);
                block.push_str(": ");
                block.push_str(&headers::one_line(&mime::unstructured(&value)));
                block.push('\n');
            }
        }
        self.push(&block, want);
        self.walk(root, want);
    }

    fn attach(&mut self, part: Part<'_>, inline: bool) {
        let (bytes, problem) = part.decoded();
        if let Some(problem) = problem {
            let detail = format!("{problem}: {}", part.transfer_encoding());
            self.problems.push(Problem::new(ProblemKind::BadEncoding, detail));
        }
        let name = part.file_name(self.hint).map(|name| plain_name(&name)).unwrap_or_default();
        let mime = part.mime();
        let is_document = kind(&bytes).is_some();
        let text = if is_document { String::new() } else { self.attached_text(part, &mime, &name, &bytes) };
        let is_kept = self.options.keep_attachments || is_document && self.options.keep_documents;
        self.attachments.push(Attachment {
            name,
            mime,
            text,
            content_id: part.content_id().map(headers::one_line).unwrap_or_default(),
            size: bytes.len() as u64,
            sha256: Sha256::digest(&bytes).into(),
            inline,
            withheld: false,
            bytes: if is_kept { bytes.into_owned() } else { Vec::new() },
        });
    }

    /// The words of an attached text; nothing for other kinds.
    fn attached_text(&mut self, part: Part<'_>, mime: &str, name: &str, bytes: &[u8]) -> String {
        if self.options.max_attachment == 0 {
            return String::new();
        }
        let Some(form) = text_form(mime, name, bytes) else { return String::new() };
        let cut = &bytes[..bytes.len().min(self.options.max_attachment)];
        if cut.len() < bytes.len() {
            self.problems.push(Problem::new(ProblemKind::AttachmentCut, name));
        }
        let in_head =
            (form == Form::Page && part.param("charset").is_none()).then(|| charset_in_head(cut)).flatten();
        let label = part.param("charset").or(in_head.as_deref());
        // What is odd about its charset is no damage of the message: nobody reads this text here.
        let (text, _) = charset::decode(cut, label, self.hint.tld);
        let text = normalised(&text);
        match form {
            Form::Page => page::read(&text).text,
            // Lines are folded before a blank (RFC 5545, 3.1; RFC 6350, 3.2).
            Form::Folded => text.replace("\n ", "").replace("\n\t", ""),
            Form::Plain => text.into_owned(),
        }
    }

    fn finish(mut self, message: &mut Message) {
        let named: BTreeSet<String> = self.content_ids.iter().map(|id| unescaped(id)).collect();
        for attachment in &mut self.attachments {
            attachment.inline |= named.contains(&unescaped(&attachment.content_id));
        }
        if self.is_cut {
            self.problems.push(Problem::new(ProblemKind::Truncated, ""));
        }
        message.html = shown(&self.pieces);
        message.text = self.text;
        message.attachments = self.attachments;
        message.problems.append(&mut self.problems);
    }
}

/// How the words of an attachment are written down.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Page,
    /// Calendars and cards.
    Folded,
}

/// Text by its type, or by its name where the type says nothing; `None` for what is no text.
fn text_form(mime: &str, name: &str, bytes: &[u8]) -> Option<Form> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let form = match mime {
        "text/html" | "application/xhtml+xml" => Form::Page,
        "text/calendar" | "text/vcard" | "text/x-vcard" | "text/directory" => Form::Folded,
        // Its words stand among control words, which are letters too.
        "text/rtf" | "text/richtext" => return None,
        "application/json" | "application/xml" | "application/x-sh" | "application/x-patch" => Form::Plain,
        _ if mime.starts_with("text/") => Form::Plain,
        "application/octet-stream" => match extension.as_str() {
            "htm" | "html" => Form::Page,
            "ics" | "vcf" => Form::Folded,
            "txt" | "csv" | "tsv" | "md" | "log" | "json" | "xml" | "patch" | "diff" => Form::Plain,
            _ => return None,
        },
        _ => return None,
    };
    let is_wide = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    // Programs call anything text; no text has zeros, but for the two-byte codes.
    (is_wide || !bytes[..bytes.len().min(4096)].contains(&0)).then_some(form)
}

/// The HTML view: there is one only where some part is HTML; text parts stand in their place in it. Each piece is
/// sanitised by itself, so that an unclosed element of one does not swallow the next.
fn shown(pieces: &[Piece]) -> Option<String> {
    pieces.iter().any(|piece| matches!(piece, Piece::Html(_))).then(|| {
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Html(source) => html::clean(source),
                Piece::Text(text) => html::of_text(text),
            })
            .collect()
    })
}

/// A part that is, or holds outside of attachments and messages, body text of this type.
fn holds(part: Part<'_>, mime: &str) -> bool {
    match part.kind() {
        Kind::Multipart => part.children().any(|child| holds(child, mime)),
        Kind::Text | Kind::Html => part.mime() == mime && part.disposition().as_deref() != Some("attachment"),
        _ => false,
    }
}

/// A Content-ID as it is compared: in an address some of its characters are escaped.
fn unescaped(id: &str) -> String {
    id.trim().replace("%40", "@").replace("%24", "$").replace("%20", " ")
}

/// The charset that an HTML body names in its head, for parts that declare none.
fn charset_in_head(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let (_, value) = head.split_once("charset=")?;
    let value = value.trim_start_matches(['"', '\'']);
    let end =
        value.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(value.len());
    Some(value[..end].to_owned())
}

/// Line ends as `\n`, and no control character but the tab.
fn normalised(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let is_odd = |byte: u8| matches!(byte, 0..=8 | 11..=31 | 127);
    if !text.bytes().any(is_odd) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.bytes().position(is_odd) {
        out.push_str(&rest[..at]);
        let is_break = matches!(rest.as_bytes()[at], b'\r' | 0x0B | 0x0C);
        rest = &rest[at + 1..];
        if is_break && !rest.starts_with('\n') {
            out.push('\n');
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// A file name without folders, control characters and marks of direction, which can make `exe.pdf` of `fdp.exe`.
fn plain_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_mark =
        |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let name: String = name.chars().filter(|&c| !c.is_control() && !is_mark(c)).collect();
    let name = name.trim();
    name[..name.floor_char_boundary(255)].to_owned()
}
