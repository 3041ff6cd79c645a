//! An item of Outlook's to mail: its headers from the transport if it has them, else from its properties; its bodies;
//! its attachments. Appointments, tasks and contacts are kept as what they are: their fields as text and, attached, as
//! a calendar or a card, which `filetype:ics` and `filetype:vcf` find.

use crate::draft::{Content, Draft, Part, mailbox};
use crate::message;
use crate::outlook::property::{Bag, Tag, charset};
use crate::outlook::rtf::{self, Unwrapped};
use crate::outlook::sort::{Sort, fields, file};

/// An item with what belongs to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) bag: Bag,
    pub(crate) recipients: Vec<Bag>,
    pub(crate) attachments: Vec<Attached>,
}

/// An attachment: properties, and the item if it is one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attached {
    pub(crate) bag: Bag,
    pub(crate) item: Option<Box<Item>>,
}

impl Item {
    /// What kind of item it is.
    pub(crate) fn sort(&self) -> Sort {
        Sort::of(&self.bag.text(0x001A))
    }

    /// Tells every text which charset narrow ones are in.
    pub(crate) fn settle_charset(&mut self, fallback: i64) {
        // PidTagMessageCodepage, else PidTagInternetCodepage.
        let own =
            [0x3FFD, 0x3FDE].into_iter().find_map(|id| self.bag.integer(Tag::Id(id)).filter(|n| *n > 0));
        let codepage = own.unwrap_or(fallback);
        let recipients = self.recipients.iter_mut();
        let attachments = self.attachments.iter_mut();
        for bag in [&mut self.bag].into_iter().chain(recipients).chain(attachments.map(|own| &mut own.bag)) {
            bag.codepage = codepage;
        }
        for item in self.attachments.iter_mut().filter_map(|own| own.item.as_deref_mut()) {
            item.settle_charset(codepage);
        }
    }

    /// The item as mail.
    pub(crate) fn draft(&self) -> Draft {
        let mut draft = Draft::default();
        transport(&self.bag.text(0x007D), &mut draft);
        self.people(&mut draft);
        self.envelope(&mut draft);
        self.bodies(&mut draft);
        let sort = self.sort();
        if let Some(text) = fields(&self.bag, sort) {
            let own = draft.text.take().filter(|own| !own.trim().is_empty());
            draft.text = Some(own.map_or_else(|| text.clone(), |own| format!("{text}\n{own}")));
        }
        let subject = draft.headers.iter().find(|(name, _)| name == "Subject");
        let subject = subject.map(|(_, value)| value.clone()).unwrap_or_default();
        draft.parts.extend(file(&self.bag, sort, &subject));
        draft.parts.extend(self.attachments.iter().filter_map(Attached::part));
        draft
    }

    fn people(&self, draft: &mut Draft) {
        let bag = &self.bag;
        // For whom it was sent, and who sent it.
        let [author, sender] = [[0x0042, 0x0065, 0x0064, 0x5D02], [0x0C1A, 0x0C1F, 0x0C1E, 0x5D01]]
            .map(|[name, address, kind, smtp]| person(bag, name, address, kind, smtp));
        if !draft.has("From") {
            let author = if author.is_empty() { &sender } else { &author };
            draft.add("From", author);
            if sender != *author {
                draft.add("Sender", &sender);
            }
        }
        for (header, kind, shown) in [("To", 1, 0x0E04), ("Cc", 2, 0x0E03), ("Bcc", 3, 0x0E02)] {
            if draft.has(header) {
                continue;
            }
            // Bits above the low ones say that a delivery failed; the sender himself is kind 0.
            let own = self
                .recipients
                .iter()
                .filter(|own| own.integer(Tag::Id(0x0C15)).map(|n| n & 0xF) == Some(kind));
            let list: Vec<String> = own
                .map(|own| person(own, 0x3001, 0x3003, 0x3002, 0x39FE))
                .filter(|person| !person.is_empty())
                .collect();
            let list = if list.is_empty() {
                let shown = bag.text(shown);
                shown.split(';').map(|name| named(name.trim(), "")).filter(|name| !name.is_empty()).collect()
            } else {
                list
            };
            draft.add(header, list.join(",\n "));
        }
    }

    fn envelope(&self, draft: &mut Draft) {
        let bag = &self.bag;
        if !draft.has("Date") {
            // When it was handed in, delivered, made, changed; an appointment without any of them begins some time.
            let times = [0x0039, 0x0E06, 0x3007, 0x3008].map(Tag::Id);
            let date = times.into_iter().find_map(|tag| bag.time(tag)).or_else(|| self.sort().start(bag));
            draft.add("Date", date.map(message::write_date).unwrap_or_default());
        }
        if !draft.has("Subject") {
            draft.add("Subject", subject(&bag.text(0x0037)));
        }
        for (header, id) in [("Message-ID", 0x1035), ("In-Reply-To", 0x1042), ("References", 0x1039)] {
            if !draft.has(header) {
                draft.add(header, bag.text(id));
            }
        }
        if !draft.has("Thread-Index")
            && let Some(index) = bag.bytes(0x0071)
        {
            draft.add("Thread-Index", base64(index));
        }
        if !draft.has("Thread-Topic") {
            draft.add("Thread-Topic", bag.text(0x0070));
        }
        if !draft.has("Importance") {
            let importance = bag.integer(Tag::Id(0x0017));
            let text = importance.map(|n| {
                if n == 2 {
                    "high"
                } else if n == 0 {
                    "low"
                } else {
                    ""
                }
            });
            draft.add("Importance", text.unwrap_or_default());
        }
        if !draft.has("Keywords") {
            draft.add("Keywords", bag.texts(Tag::Keywords).join(", "));
        }
    }

    fn bodies(&self, draft: &mut Draft) {
        let bag = &self.bag;
        let text = bag.text(0x1000);
        draft.text = Some(text).filter(|text| !text.trim().is_empty());
        draft.html = match bag.bytes(0x1013).filter(|html| !html.is_empty()) {
            Some(html) => {
                let codepage = bag.integer(Tag::Id(0x3FDE)).unwrap_or(bag.codepage);
                Some((html.to_vec(), charset(codepage).unwrap_or_default().to_owned()))
            }
            None => Some(bag.text(0x1013))
                .filter(|html| !html.is_empty())
                .map(|html| (html.into_bytes(), "utf-8".to_owned())),
        };
        if draft.html.is_some() && draft.text.is_some() {
            return;
        }
        match bag.bytes(0x1009).and_then(rtf::unpack).map(|rtf| rtf::unwrap(&rtf)) {
            Some(Unwrapped::Html(html)) if draft.html.is_none() => {
                draft.html = Some((html.into_bytes(), "utf-8".to_owned()));
            }
            Some(Unwrapped::Text(text)) if draft.text.is_none() && draft.html.is_none() => {
                draft.text = Some(text);
            }
            _ => {}
        }
    }
}

impl Attached {
    fn part(&self) -> Option<Part> {
        let bag = &self.bag;
        // The long name, the short one, the title; a whole path only by its last part.
        let name = [0x3707, 0x3704, 0x3001].into_iter().map(|id| bag.text(id)).find(|name| !name.is_empty());
        let name = name.unwrap_or_default();
        let content_id = bag.text(0x3712).trim_matches(['<', '>', ' ']).to_owned();
        let mime = bag.text(0x370E);
        let content = match &self.item {
            Some(item) => Content::Message(Box::new(item.draft())),
            // Without content it is a link to a file that lies elsewhere: its name is all there is.
            None => Content::Bytes(bag.bytes(0x3701).unwrap_or_default().to_vec()),
        };
        let empty = matches!(&content, Content::Bytes(bytes) if bytes.is_empty());
        (!empty || !name.is_empty()).then_some(Part { name, mime, content_id, content })
    }
}

/// Headers that say how the message was coded on its way, which its properties have undone.
const CODED: [&str; 6] = [
    "content-type",
    "content-transfer-encoding",
    "mime-version",
    "content-disposition",
    "content-id",
    "content-length",
];

/// Takes over the headers that came with a message from outside.
fn transport(block: &str, draft: &mut Draft) {
    let mut last: Option<(String, String)> = None;
    let mut fields = Vec::new();
    for line in block.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = &mut last {
                value.push('\n');
                value.push_str(line);
            }
            continue;
        }
        fields.extend(last.take());
        // Exchange begins with "Microsoft Mail Internet Headers Version 2.0".
        let Some((name, value)) = line.split_once(':') else { continue };
        let name = name.trim_end();
        if !name.is_empty() && name.bytes().all(|byte| matches!(byte, b'!'..=b'~')) {
            last = Some((name.to_owned(), value.to_owned()));
        }
    }
    fields.extend(last);
    fields.retain(|(name, _)| !CODED.contains(&name.to_ascii_lowercase().as_str()));
    for (name, value) in fields {
        draft.add(&name, value);
    }
}

/// A person by the properties that hold name, address, the address's kind, and the address on the internet.
fn person(bag: &Bag, name: u16, address: u16, kind: u16, smtp: u16) -> String {
    let (name, address, kind) = (bag.text(name), bag.text(address), bag.text(kind));
    let smtp = bag.text(smtp);
    let is_internet = address.contains('@') && (kind.is_empty() || kind.eq_ignore_ascii_case("SMTP"));
    let found = if smtp.contains('@') {
        smtp
    } else if is_internet {
        address.clone()
    } else {
        String::new()
    };
    // Exchange's own addresses are paths such as /O=ORG/OU=SITE/CN=RECIPIENTS/CN=JDOE.
    let name = if name.is_empty() && found.is_empty() {
        address.rsplit(['/', '=']).next().unwrap_or_default().to_owned()
    } else {
        name
    };
    named(&name, &found)
}

/// A mailbox whose name may be an address.
fn named(name: &str, address: &str) -> String {
    let bare = name.trim_matches(['\'', '"', ' ']);
    let is_address = address.is_empty() && bare.contains('@') && !bare.contains(char::is_whitespace);
    if is_address { mailbox("", bare) } else { mailbox(bare, address) }
}

/// The subject without the mark of where its prefix ends: U+0001 and a length.
fn subject(text: &str) -> &str {
    let mut chars = text.chars();
    if chars.next() == Some('\u{1}') {
        chars.next();
        return chars.as_str();
    }
    text
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::prelude::BASE64_STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests;
