//! What a message is and where it lay, told anew from the message: the other side of `has:`, `is:`, `label:` and their
//! like. Shared with the builder are [`state_value`], which queries go through too, and what a subject's prefixes say.

use std::collections::BTreeSet;

use maildex_build::input::Place;
use maildex_build::message::{Message, language, subject};
use maildex_core::text::{regions, state_value};

use crate::shapes;

/// The values of `has:` and `is:` that are told here; the others need conversations or decoded parts.
const TOLD: [&str; 19] = [
    "has:attachment",
    "has:document",
    "has:drive",
    "has:html",
    "has:image",
    "has:link",
    "has:pdf",
    "has:presentation",
    "has:redaction",
    "has:signed",
    "has:spreadsheet",
    "has:userlabels",
    "has:youtube",
    "is:bulk",
    "is:duplicate",
    "is:forward",
    "is:list",
    "is:misdated",
    "is:reply",
];
/// Operators all of whose values are told here.
const WHOLE: [&str; 10] =
    ["lang", "filetype", "mime", "label", "list", "source", "docid", "case", "release", "exemption"];

/// Whether the oracle has an answer.
pub(crate) fn is_told(prefix: &str, value: &str) -> bool {
    WHOLE.contains(&prefix) || TOLD.contains(&format!("{prefix}:{value}").as_str())
}

/// Whether a value is one that a query names by its shape. The names of a label's words may be joined by any of the signs
/// that stand for blanks.
pub(crate) fn is_value(own: &str, named: &str) -> bool {
    let (Some((own_operator, own)), Some((operator, named))) = (own.split_once(':'), named.split_once(':'))
    else {
        return false;
    };
    let plain = |value: &str| {
        let mut letters = value.chars();
        let first = letters.next().filter(|_| operator == "label");
        let rest = letters.filter(|c| !"-_".contains(*c));
        first.map_or(value.to_owned(), |first| std::iter::once(first).chain(rest).collect())
    };
    let is_shaped = operator == "label" || named.contains(['*', '?']);
    own_operator == operator && is_shaped && shapes::fits(&plain(own), &plain(named))
}

/// What follows from the message alone.
pub(crate) fn of_message(message: &Message) -> BTreeSet<String> {
    let mut states = BTreeSet::new();
    for attachment in &message.attachments {
        let ending = match attachment.name.rfind('.') {
            Some(dot) => &attachment.name[dot + 1..],
            None => "",
        };
        let ending = ending.to_lowercase();
        add(&mut states, "filetype", &ending);
        add(&mut states, "mime", &attachment.mime);
        let family = attachment.mime.split('/').next().unwrap_or("");
        add(&mut states, "mime", family);
        let pictures = ["png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp", "heic"];
        let has = [
            (!attachment.inline, "attachment"),
            (ending == "pdf" || attachment.mime.ends_with("/pdf"), "pdf"),
            (pictures.contains(&ending.as_str()) || family == "image", "image"),
        ];
        let signatures =
            ["application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"];
        if ending == "p7s" || signatures.contains(&attachment.mime.as_str()) {
            add(&mut states, "has", "signed");
        }
        has.into_iter().filter(|(holds, _)| *holds).for_each(|(_, what)| add(&mut states, "has", what));
    }
    let values = |name: &str| -> Vec<&str> {
        let named = message.headers.iter().filter(|(own, _)| own.to_lowercase() == name);
        named.map(|(_, value)| value.as_str()).collect()
    };
    let precedence =
        values("precedence").first().map(|value| value.trim().to_lowercase()).unwrap_or_default();
    let is_list = precedence == "list"
        || ["list-id", "list-post", "mailing-list"].iter().any(|name| !values(name).is_empty());
    let is_forward = subject::is_forward(&message.subject);
    let answers = !(message.in_reply_to.is_empty() && message.references.is_empty());
    let is_html = values("content-type").first().is_some_and(|v| v.to_lowercase().starts_with("text/html"));
    let is_signed =
        values("content-type").first().is_some_and(|v| v.to_lowercase().starts_with("multipart/signed"))
            || message.text.contains("-----BEGIN PGP SIGNED MESSAGE-----");
    let all = [
        (is_signed, "has", "signed"),
        (is_list, "is", "list"),
        (is_list || precedence == "bulk" || precedence == "junk", "is", "bulk"),
        (is_forward, "is", "forward"),
        (!is_forward && (answers || subject::base_subject(&message.subject).1), "is", "reply"),
        (message.date.misdated, "is", "misdated"),
        (message.html.is_some() || is_html, "has", "html"),
        (["http://", "https://"].iter().any(|scheme| message.text.contains(scheme)), "has", "link"),
    ];
    all.into_iter().filter(|(holds, ..)| *holds).for_each(|(_, is, what)| add(&mut states, is, what));
    add(&mut states, "lang", language(message, &regions(&message.text)).unwrap_or(""));
    for (what, pages) in [
        ("drive", vec!["drive.google.com", "docs.google.com/document", "docs.google.com/spreadsheets"]),
        ("drive", vec!["docs.google.com/presentation"]),
        ("document", vec!["docs.google.com/document"]),
        ("spreadsheet", vec!["docs.google.com/spreadsheets"]),
        ("presentation", vec!["docs.google.com/presentation"]),
        ("youtube", vec!["youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be"]),
    ] {
        let texts = [Some(&message.text), message.html.as_ref()];
        let links = |page: &str| texts.iter().flatten().any(|text| text.contains(&format!("//{page}/")));
        if pages.into_iter().any(links) {
            add(&mut states, "has", what);
        }
    }
    let system = "archived chat drafts imap_forwarded imap_junk imap_notjunk important inbox opened sent spam starred unread";
    for label in values("x-gmail-labels").iter().flat_map(|labels| labels.split(',')) {
        let label = state_value(label);
        if !(label.is_empty() || label.starts_with("category") || system.split(' ').any(|own| own == label)) {
            add(&mut states, "has", "userlabels");
        }
    }
    for id in values("list-id") {
        let id = id.rfind('<').map_or(id, |at| id[at + 1..].split('>').next().unwrap_or(""));
        add(&mut states, "list", id.trim());
        add(&mut states, "list", id.trim().split('.').next().unwrap_or(""));
    }
    for list in values("mailing-list") {
        let address = list.split_whitespace().find(|word| word.contains('@')).unwrap_or("");
        let name = address.trim_matches(|c: char| !c.is_alphanumeric()).split('@').next();
        add(&mut states, "list", name.unwrap_or(""));
        add(&mut states, "list", &address.trim_matches(|c: char| !c.is_alphanumeric()).replace('@', "."));
    }
    for label in values("x-gmail-labels").iter().flat_map(|labels| labels.split(',')) {
        add_parts(&mut states, label.trim().trim_matches('"'));
    }
    if let Some(document) = &message.document {
        states.extend(document.states());
    }
    states
}

/// What follows from where it lay.
pub(crate) fn of_place(place: &Place, states: &mut BTreeSet<String>) {
    add(states, "source", &place.source);
    add_parts(states, &place.folder);
}

/// A folder is found by its whole path and by any of its names in a row. No folder that is read here is deeper than
/// eight names, beyond which this does not hold.
fn add_parts(states: &mut BTreeSet<String>, folder: &str) {
    let names: Vec<&str> = folder.split('/').collect();
    for first in 0..names.len() {
        for last in first..names.len() {
            add(states, "label", &names[first..=last].join("/"));
        }
    }
}

fn add(states: &mut BTreeSet<String>, operator: &str, value: &str) {
    let value = state_value(value);
    if !value.is_empty() {
        states.insert(format!("{operator}:{value}"));
    }
}
