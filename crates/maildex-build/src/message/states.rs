//! What a message is, as a query may ask for it: `has:pdf`, `is:reply`, `filetype:doc`, `list:names`.

use super::{Message, subject};
use maildex_core::text::{Region, state_value};

/// The states that follow from the message alone, each as `operator:value`, sorted. `regions` are those of its text.
pub fn states(message: &Message, regions: &[Region]) -> Vec<String> {
    let mut states = States::default();
    attachments(message, &mut states);
    kind(message, &mut states);
    lists(message, &mut states);
    links(message, &mut states);
    states.add("lang", super::language(message, regions).unwrap_or_default());
    states.add_if(message.redacted, "has", "redaction");
    if let Some(document) = &message.document {
        document.states().into_iter().for_each(|state| states.0.push(state));
    }
    states.0.sort();
    states.0.dedup();
    states.0
}

#[derive(Default)]
struct States(Vec<String>);

impl States {
    fn add(&mut self, operator: &str, value: &str) {
        let value = state_value(value);
        if !value.is_empty() {
            self.0.push(format!("{operator}:{value}"));
        }
    }

    fn add_if(&mut self, holds: bool, operator: &str, value: &str) {
        if holds {
            self.add(operator, value);
        }
    }
}

/// By name and declared type; those inside the text count too, but for `has:attachment` (RFC 8621, 4.1.4).
fn attachments(message: &Message, states: &mut States) {
    for attachment in &message.attachments {
        let (mime, name) = (attachment.mime.as_str(), attachment.name.to_lowercase());
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        states.add_if(!attachment.inline, "has", "attachment");
        states.add("filetype", extension);
        states.add("mime", mime);
        states.add("mime", mime.split('/').next().unwrap_or_default());
        let is_image =
            matches!(extension, "png" | "jpg" | "jpeg" | "gif" | "bmp" | "tif" | "tiff" | "webp" | "heic");
        states.add_if(is_image || mime.starts_with("image/"), "has", "image");
        states.add_if(extension == "pdf" || mime == "application/pdf", "has", "pdf");
        let is_signature = matches!(mime, "application/pgp-signature" | "application/pkcs7-signature")
            || mime == "application/x-pkcs7-signature";
        states.add_if(is_signature || extension == "p7s", "has", "signed");
        states.add_if(mime == "application/pgp-encrypted" || extension == "p7m", "has", "encrypted");
    }
    let content_type = header(message, "content-type").to_lowercase();
    states.add_if(content_type.starts_with("multipart/signed"), "has", "signed");
    let is_sealed = content_type.starts_with("multipart/encrypted")
        || (content_type.contains("pkcs7-mime") && !content_type.contains("signed-data"));
    states.add_if(is_sealed || message.text.contains("-----BEGIN PGP MESSAGE-----"), "has", "encrypted");
    states.add_if(message.text.contains("-----BEGIN PGP SIGNED MESSAGE-----"), "has", "signed");
    states.add_if(message.html.is_some() || content_type.starts_with("text/html"), "has", "html");
    states.add_if(message.text.contains("http://") || message.text.contains("https://"), "has", "link");
}

fn kind(message: &Message, states: &mut States) {
    let (_, is_reply_by_subject) = subject::base_subject(&message.subject);
    let is_forward = subject::is_forward(&message.subject);
    let answers = !message.in_reply_to.is_empty() || !message.references.is_empty();
    states.add_if(is_forward, "is", "forward");
    states.add_if((answers || is_reply_by_subject) && !is_forward, "is", "reply");
    states.add_if(message.date.misdated, "is", "misdated");
    let precedence = header(message, "precedence").trim().to_lowercase();
    let is_list = has_header(message, "list-id")
        || has_header(message, "list-post")
        || has_header(message, "mailing-list")
        || precedence == "list";
    states.add_if(is_list, "is", "list");
    states.add_if(is_list || matches!(precedence.as_str(), "bulk" | "junk"), "is", "bulk");
    states.add_if(is_bounce(message), "is", "bounce");
}

/// A delivery report (RFC 3464) or mail of the program that delivers (RFC 5321, 4.5.5: a null return path).
fn is_bounce(message: &Message) -> bool {
    let content_type = header(message, "content-type").to_lowercase();
    let is_daemon = message.from.iter().any(|sender| {
        let address = sender.address.to_lowercase();
        address.starts_with("mailer-daemon@")
            || address.starts_with("postmaster@")
            || address == "mailer-daemon"
    });
    (content_type.starts_with("multipart/report") && content_type.contains("delivery-status"))
        || message.attachments.iter().any(|attachment| attachment.mime == "message/delivery-status")
        || (is_daemon && header(message, "return-path").trim() == "<>")
}

/// What Gmail calls by these names nobody has filed; as [`state_value`] writes them.
const SYSTEM_LABELS: [&str; 14] = [
    "",
    "archived",
    "chat",
    "drafts",
    "imap_forwarded",
    "imap_junk",
    "imap_notjunk",
    "important",
    "inbox",
    "opened",
    "sent",
    "spam",
    "starred",
    "unread",
];

/// Links to what Gmail tells by their hosts.
fn links(message: &Message, states: &mut States) {
    const LINKS: [(&str, &[&str]); 5] = [
        (
            "drive",
            &[
                "//drive.google.com/",
                "//docs.google.com/document/",
                "//docs.google.com/spreadsheets/",
                "//docs.google.com/presentation/",
            ],
        ),
        ("document", &["//docs.google.com/document/"]),
        ("spreadsheet", &["//docs.google.com/spreadsheets/"]),
        ("presentation", &["//docs.google.com/presentation/"]),
        ("youtube", &["//www.youtube.com/", "//youtube.com/", "//m.youtube.com/", "//youtu.be/"]),
    ];
    let html = message.html.as_deref().unwrap_or_default();
    for (name, links) in LINKS {
        let is_there = links.iter().any(|link| message.text.contains(link) || html.contains(link));
        states.add_if(is_there, "has", name);
    }
}

/// Labels that the message names itself (Gmail's export), and its lists: `List-Id: Name <dev.example.org>` is
/// `list:dev.example.org` and `list:dev` (RFC 2919).
fn lists(message: &Message, states: &mut States) {
    for (_, value) in named(message, "list-id") {
        let id =
            value.rsplit_once('<').map_or(value.as_str(), |(_, id)| id.split('>').next().unwrap_or_default());
        states.add("list", id.trim());
        states.add("list", id.trim().split('.').next().unwrap_or_default());
    }
    for (_, value) in named(message, "mailing-list") {
        let address = value.split_whitespace().find(|word| word.contains('@')).unwrap_or_default();
        let address = address.trim_matches(|c: char| !c.is_alphanumeric());
        states.add("list", address.split('@').next().unwrap_or_default());
        states.add("list", &address.replace('@', "."));
    }
    for (_, value) in named(message, "x-gmail-labels") {
        for label in gmail_labels(value) {
            let name = state_value(&label);
            let is_own = SYSTEM_LABELS.contains(&name.as_str()) || name.starts_with("category");
            states.add_if(!is_own, "has", "userlabels");
            labels(&label, &mut |label| states.add("label", label));
        }
    }
}

/// The labels of Gmail's export: a list with commas, in which a label that has one itself is quoted.
fn gmail_labels(value: &str) -> Vec<String> {
    let (mut list, mut label, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if is_quoted => label.extend(chars.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => list.push(std::mem::take(&mut label)),
            c => label.push(c),
        }
    }
    list.push(label);
    list.iter().map(|label| label.trim().to_owned()).filter(|label| !label.is_empty()).collect()
}

/// A folder by its whole path and any part: `A/B/C` is `A`, `A/B`, `A/B/C`, `B`, `B/C` and `C`.
pub fn labels(folder: &str, add: &mut impl FnMut(&str)) {
    // Deeper than this only the last names are taken apart.
    const MAX_DEPTH: usize = 8;
    let names: Vec<usize> = [0].into_iter().chain(folder.match_indices('/').map(|(at, _)| at + 1)).collect();
    for &start in names.iter().rev().take(MAX_DEPTH) {
        for end in names.iter().filter(|&&end| end > start).map(|end| end - 1).chain([folder.len()]) {
            add(&folder[start..end]);
        }
    }
}

fn named<'a>(message: &'a Message, name: &'a str) -> impl Iterator<Item = &'a (String, String)> {
    message.headers.iter().filter(move |(own, _)| own.eq_ignore_ascii_case(name))
}

fn header<'a>(message: &'a Message, name: &'a str) -> &'a str {
    named(message, name).next().map_or("", |(_, value)| value)
}

fn has_header(message: &Message, name: &str) -> bool {
    named(message, name).next().is_some()
}

#[cfg(test)]
mod tests;
