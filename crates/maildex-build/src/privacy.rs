//! What must not be published: strings and patterns that are blacked out, addresses that are masked. Both happen to the
//! parsed message, before its words are indexed and before anything is learnt from its text.
//!
//! [`Redaction`] is the list; `flat` is a text freed of how it is written down; `mask` makes pseudonyms.

mod flat;
mod mask;
mod redaction;

pub use redaction::{Redaction, RedactionError, Wrong};

use self::flat::{Form, replaced, tag_length, unescaped};
use self::mask::{Masker, masked_id, untagged};
use self::redaction::percent_decoded;
use crate::input::Place;
use crate::message::{Document, Mailbox, Message};
use regex::Regex;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// What stands in the place of what was blacked out. It is always as long, is no word, and is read in every language.
pub const MARK: &str = "█████";

/// Where something was blacked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Part {
    Subject,
    People,
    Headers,
    Ids,
    Text,
    Html,
    AttachmentNames,
    AttachmentTexts,
    Places,
    Remarks,
}

impl Part {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Part::Subject => "subjects",
            Part::People => "names and addresses",
            Part::Headers => "other headers",
            Part::Ids => "message ids",
            Part::Text => "texts",
            Part::Html => "HTML",
            Part::AttachmentNames => "attachment names",
            Part::AttachmentTexts => "attachments",
            Part::Places => "folders and file names",
            Part::Remarks => "remarks",
        }
    }
}

/// What was blacked out and masked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrivacyReport {
    /// Messages in which something was blacked out.
    pub redacted: u64,
    /// In how many messages, by part.
    pub parts: Vec<(Part, u64)>,
    /// Attachments that hold what was blacked out: nothing of them is kept but type, size, and what is left of the name.
    pub withheld: u64,
    /// Lines of the list that were found nowhere.
    pub unused: Vec<usize>,
    /// How many lines say what to look for.
    pub lines: u64,
    /// Addresses that were masked, each counted once.
    pub masked: u64,
}

/// Takes out of messages what must not be published, and counts.
#[derive(Debug)]
pub(crate) struct Privacy {
    redaction: Option<Arc<Redaction>>,
    masker: Option<Masker>,
    key: [u8; 32],
    used: Vec<bool>,
    parts: BTreeMap<Part, u64>,
    /// Parts of the message at hand.
    touched: Vec<Part>,
    redacted: u64,
    withheld: u64,
}

impl Privacy {
    /// `key` keeps others from finding addresses and ids by trying.
    pub(crate) fn new(redaction: Option<&Arc<Redaction>>, masks: bool, key: [u8; 32]) -> Privacy {
        Privacy {
            redaction: redaction.cloned(),
            masker: masks.then(|| Masker::new(key)),
            key,
            used: vec![false; redaction.map_or(0, |list| list.lines().len())],
            parts: BTreeMap::new(),
            touched: Vec::new(),
            redacted: 0,
            withheld: 0,
        }
    }

    /// Takes it out of a message and of the names of where it lay.
    pub(crate) fn apply(&mut self, message: &mut Message, place: &mut Place) {
        if self.redaction.is_none() && self.masker.is_none() {
            return;
        }
        self.touched.clear();
        self.text(Part::Subject, &mut message.subject, Form::Text);
        for people in [&mut message.from, &mut message.to, &mut message.cc, &mut message.bcc] {
            self.people(people);
        }
        self.people(&mut message.delivered_to);
        for id in message.message_id.iter_mut().chain(&mut message.in_reply_to).chain(&mut message.references)
        {
            self.id(id);
        }
        self.headers(&mut message.headers);
        self.text(Part::Text, &mut message.text, Form::Text);
        if let Some(html) = &mut message.html {
            self.html(html);
        }
        self.attachments(message);
        for problem in &mut message.problems {
            self.line(Part::Remarks, &mut problem.detail);
        }
        self.document(message);
        self.place(place);
        self.touched.sort();
        self.touched.dedup();
        message.redacted |= !self.touched.is_empty();
        self.redacted += u64::from(!self.touched.is_empty());
        for part in &self.touched {
            *self.parts.entry(*part).or_default() += 1;
        }
    }

    /// Takes it out of the names of where something lay.
    fn place(&mut self, place: &mut Place) {
        for name in [&mut place.source, &mut place.path, &mut place.folder] {
            self.line(Part::Places, name);
        }
    }

    /// Takes it out of a name that belongs to no message.
    pub(crate) fn name(&mut self, name: &mut String) {
        self.line(Part::Places, name);
    }

    fn people(&mut self, people: &mut [Mailbox]) {
        for Mailbox { name, address } in people {
            self.line(Part::People, name);
            self.redact(Part::People, address, Form::Text);
            if let Some(masker) = &mut self.masker {
                *address = masker.address(address);
            }
        }
    }

    fn headers(&mut self, headers: &mut [(String, String)]) {
        for (name, value) in headers {
            self.line(Part::Headers, name);
            let lower = name.to_ascii_lowercase();
            if lower == "content-type" {
                // Names of files stand there in codes that only their reader undoes; they are kept as attachments.
                static NAME: LazyLock<Regex> = LazyLock::new(|| {
                    Regex::new(r"(?is);\s*(?:file)?name[*0-9]*\s*=.*").expect("a sound pattern")
                });
                *value = NAME.replace(value, "").into_owned();
            }
            if is_of_ids(&lower) {
                self.ids(value);
                self.line(Part::Ids, value);
            } else {
                self.line(Part::Headers, value);
            }
        }
    }

    fn attachments(&mut self, message: &mut Message) {
        for attachment in &mut message.attachments {
            let before = self.touched.len();
            self.line(Part::AttachmentNames, &mut attachment.name);
            self.line(Part::AttachmentNames, &mut attachment.mime);
            self.id(&mut attachment.content_id);
            let in_name = self.touched.len();
            self.text(Part::AttachmentTexts, &mut attachment.text, Form::Text);
            if self.touched.len() > in_name {
                self.withheld += 1;
            }
            if self.touched.len() > before {
                // Whoever guesses the content could compare its hash.
                attachment.withheld = true;
                let mut hash = Sha256::new();
                hash.update(&attachment.name);
                hash.update([0]);
                hash.update(&attachment.text);
                hash.update(attachment.size.to_le_bytes());
                attachment.sha256 = hash.finalize().into();
            }
        }
    }

    fn document(&mut self, message: &mut Message) {
        let Some(document) = message.document.as_deref_mut() else { return };
        let number = document.number.clone();
        self.line(Part::Headers, &mut document.number);
        if document.number != number {
            // It is what a document is told from others by.
            let digits: String = masked_id(&self.key, &number).chars().take(8).collect();
            document.number = format!("{MARK} {digits}");
        }
        let Document { case, released, release, classified, link, .. } = document;
        for field in [case, released, release, classified, link] {
            self.line(Part::Headers, field);
        }
        document.exemptions.iter_mut().for_each(|field| self.line(Part::Headers, field));
    }

    /// A text of one line; where it hides something in `%20` and the like, all of it goes.
    fn line(&mut self, part: Part, text: &mut String) {
        self.text(part, text, Form::Text);
        if text.contains('%') && self.hides(&percent_decoded(text)) {
            MARK.clone_into(text);
            self.touched.push(part);
        }
    }

    fn text(&mut self, part: Part, text: &mut String, form: Form) {
        self.redact(part, text, form);
        if let Some(masker) = &mut self.masker {
            let cuts = masker.find(text, form, part == Part::Headers);
            if !cuts.is_empty() {
                *text = replaced(text, form, &cuts);
            }
        }
    }

    fn redact(&mut self, part: Part, text: &mut String, form: Form) {
        let Some(list) = &self.redaction else { return };
        let found = list.find(text, form, &mut self.used);
        if !found.is_empty() {
            let cuts: Vec<(Range<usize>, String)> =
                found.into_iter().map(|range| (range, MARK.to_owned())).collect();
            *text = replaced(text, form, &cuts);
            self.touched.push(part);
        }
    }

    fn hides(&mut self, text: &str) -> bool {
        self.redaction.as_ref().is_some_and(|list| list.hides_in(text, &mut self.used))
    }

    /// An id tells hosts and people: masked, it becomes a hash, and so does one that holds what is blacked out.
    fn id(&mut self, id: &mut String) {
        if id.is_empty() {
            return;
        }
        let hides = self.hides(id);
        if hides {
            self.touched.push(Part::Ids);
        }
        if hides || self.masker.is_some() {
            *id = masked_id(&self.key, id);
        }
    }

    /// The ids of a header: what stands in brackets, or its words where there are none.
    fn ids(&mut self, value: &mut String) {
        if !value.contains('<') {
            let words = value.split_whitespace().map(|word| {
                let mut word = word.to_owned();
                if word.contains('@') {
                    self.id(&mut word);
                }
                word
            });
            *value = words.collect::<Vec<_>>().join(" ");
            return;
        }
        static ID: LazyLock<Regex> = LazyLock::new(|| Regex::new("<([^<>]*)>").expect("a sound pattern"));
        let own = ID.replace_all(value, |found: &regex::Captures<'_>| {
            let mut id: String = found[1].split_whitespace().collect();
            self.id(&mut id);
            format!("<{id}>")
        });
        *value = own.into_owned();
    }

    /// Attributes that hold something go; pictures inside the message are named anew, as their attachments are.
    fn html(&mut self, html: &mut String) {
        let mut out = String::with_capacity(html.len());
        let mut rest = html.as_str();
        while let Some(at) = rest.find('<') {
            out.push_str(&rest[..at]);
            let n = tag_length(&rest[at..]);
            self.tag(&rest[at..at + n], &mut out);
            rest = &rest[at + n..];
        }
        out.push_str(rest);
        *html = out;
        self.text(Part::Html, html, Form::Html);
    }

    fn tag(&mut self, tag: &str, out: &mut String) {
        let mut from = 0;
        while let Some(eq) = tag[from..].find("=\"").map(|at| from + at) {
            let start = eq + 2;
            let end = tag[start..].find('"').map_or(tag.len(), |at| start + at);
            let name = tag[from..eq].rfind(' ').map_or(from, |at| from + at);
            let value = unescaped(&tag[start..end]);
            let next = (end + 1).min(tag.len());
            let is_picture = value.starts_with("cid:");
            let named = percent_decoded(value.strip_prefix("cid:").unwrap_or_default());
            let mut anew = named.clone();
            if is_picture {
                self.id(&mut anew);
            }
            if anew != named {
                out.push_str(&format!("{}cid:{anew}\"", &tag[from..start]));
            } else if is_picture {
                out.push_str(&tag[from..next]);
            } else if self.must_go(&value) {
                out.push_str(&tag[from..name]);
            } else {
                out.push_str(&tag[from..next]);
            }
            from = next;
        }
        out.push_str(&tag[from..]);
    }

    /// Whether the value of an attribute holds something that must not be seen.
    fn must_go(&mut self, value: &str) -> bool {
        let in_picture = |list: &Redaction, used: &mut [bool]| {
            use base64::Engine as _;
            let data = value.strip_prefix("data:").and_then(|data| data.split_once(";base64,"));
            let bytes = data.and_then(|(_, data)| base64::prelude::BASE64_STANDARD.decode(data.trim()).ok());
            bytes.is_some_and(|bytes| list.hides_in_bytes(&bytes, used))
        };
        let hides =
            self.hides(value) || self.redaction.as_ref().is_some_and(|list| in_picture(list, &mut self.used));
        if hides {
            self.touched.push(Part::Html);
        }
        hides || self.masker.as_mut().is_some_and(|masker| masker.finds_in(&percent_decoded(value)))
    }

    /// The sum of several workers.
    pub(crate) fn sum(all: &[&Privacy]) -> PrivacyReport {
        let mut report = PrivacyReport::default();
        let mut parts: BTreeMap<Part, u64> = BTreeMap::new();
        for own in all {
            report.redacted += own.redacted;
            report.withheld += own.withheld;
            own.parts.iter().for_each(|(part, n)| *parts.entry(*part).or_default() += n);
        }
        report.parts = parts.into_iter().collect();
        if let Some(list) = all.first().and_then(|own| own.redaction.as_ref()) {
            let is_used = |index: usize| all.iter().any(|own| own.used[index]);
            let lines = list.lines().iter().enumerate();
            report.unused = lines.filter(|(index, _)| !is_used(*index)).map(|(_, line)| *line).collect();
            report.unused.sort_unstable();
            report.lines = list.lines().len() as u64;
        }
        report.masked = Masker::n_seen(all.iter().filter_map(|own| own.masker.as_ref()));
        report
    }
}

/// The title of an archive without what must not be published.
pub fn title(title: &str, redaction: Option<&Redaction>, masks: bool) -> String {
    let mut title = title.to_owned();
    if let Some(list) = redaction {
        let found = list.find(&title, Form::Text, &mut vec![false; list.lines().len()]);
        let cuts: Vec<_> = found.into_iter().map(|range| (range, MARK.to_owned())).collect();
        title = replaced(&title, Form::Text, &cuts);
    }
    if masks { untagged(&title) } else { title }
}

/// Headers that hold ids of messages.
fn is_of_ids(name: &str) -> bool {
    matches!(
        name,
        "message-id"
            | "in-reply-to"
            | "references"
            | "original-message-id"
            | "supersedes"
            | "resent-message-id"
    ) || name.ends_with("-message-id")
}

#[cfg(test)]
mod tests;
