//! What an item is, if not a message: its fields as text, and as the file that other programs exchange.

use crate::draft::{Content, Part};
use crate::message;
use crate::outlook::property::{Bag, Set, Tag};

/// The kinds of items that are told apart (MS-OXOCAL, MS-OXOTASK, MS-OXOCNTC, MS-OXONOTE, MS-OXOJRNL).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sort {
    Message,
    Appointment,
    Meeting,
    Task,
    Contact,
    List,
    Note,
    Journal,
}

impl Sort {
    /// The kind of a message class.
    pub(crate) fn of(class: &str) -> Sort {
        let class = class.to_ascii_lowercase();
        let is = |kind: &str| {
            class.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if is("ipm.appointment") {
            Sort::Appointment
        } else if class.starts_with("ipm.schedule.meeting") {
            Sort::Meeting
        } else if is("ipm.task") {
            Sort::Task
        } else if is("ipm.contact") {
            Sort::Contact
        } else if is("ipm.distlist") {
            Sort::List
        } else if is("ipm.stickynote") {
            Sort::Note
        } else if is("ipm.activity") {
            Sort::Journal
        } else {
            Sort::Message
        }
    }

    /// How the report counts it; `None` for messages.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn name(self) -> Option<&'static str> {
        Some(match self {
            Sort::Message => return None,
            Sort::Appointment => "appointments",
            Sort::Meeting => "meeting requests",
            Sort::Task => "tasks",
            Sort::Contact => "contacts",
            Sort::List => "distribution lists",
            Sort::Note => "notes",
            Sort::Journal => "journal entries",
        })
    }

    /// When it begins.
    pub(crate) fn start(self, bag: &Bag) -> Option<i64> {
        match self {
            Sort::Appointment | Sort::Meeting => bag.time(Tag::Named(Set::Appointment, 0x820D)),
            Sort::Task => bag.time(Tag::Named(Set::Task, 0x8104)),
            _ => None,
        }
    }

    fn end(self, bag: &Bag) -> Option<i64> {
        match self {
            Sort::Appointment | Sort::Meeting => bag.time(Tag::Named(Set::Appointment, 0x820E)),
            Sort::Task => bag.time(Tag::Named(Set::Task, 0x8105)),
            _ => None,
        }
    }
}

/// The fields of a contact: label, property, and the property's name on a card (RFC 6350).
const CONTACT: [(&str, u16, &str); 13] = [
    ("Name", 0x3001, "FN"),
    ("Company", 0x3A16, "ORG"),
    ("Title", 0x3A17, "TITLE"),
    ("Department", 0x3A18, ""),
    ("Office", 0x3A19, ""),
    ("Business phone", 0x3A08, "TEL;TYPE=work"),
    ("Home phone", 0x3A09, "TEL;TYPE=home"),
    ("Mobile phone", 0x3A1C, "TEL;TYPE=cell"),
    ("Fax", 0x3A24, "TEL;TYPE=fax"),
    ("Business address", 0x3A15, ""),
    ("City", 0x3A27, ""),
    ("Country", 0x3A26, ""),
    ("Home page", 0x3A51, "URL"),
];

/// The three addresses of a contact, and their names.
const ADDRESSES: [u32; 3] = [0x8083, 0x8093, 0x80A3];

/// The fields of an item, one a line; `None` for a message.
pub(crate) fn fields(bag: &Bag, sort: Sort) -> Option<String> {
    let mut lines = Vec::new();
    let mut add = |label: &str, value: &str| {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if !value.is_empty() {
            lines.push(format!("{label}: {value}\n"));
        }
    };
    match sort {
        Sort::Appointment | Sort::Meeting | Sort::Task => {
            let written = |time: Option<i64>| time.map(message::write_date).unwrap_or_default();
            add("Start", &written(sort.start(bag)));
            add(if sort == Sort::Task { "Due" } else { "End" }, &written(sort.end(bag)));
            add("Where", &bag.named_text(Tag::Named(Set::Appointment, 0x8208)));
        }
        Sort::Contact => {
            for (label, id, _) in CONTACT {
                add(label, &bag.text(id));
            }
            for lid in ADDRESSES {
                add("E-mail", &bag.named_text(Tag::Named(Set::Address, lid)));
            }
        }
        _ => {}
    }
    Some(lines.concat()).filter(|text| !text.is_empty())
}

/// The item as a file of its own: a calendar (RFC 5545) or a card (RFC 6350).
pub(crate) fn file(bag: &Bag, sort: Sort, subject: &str) -> Option<Part> {
    let (name, mime, lines) = match sort {
        Sort::Appointment | Sort::Meeting => ("appointment.ics", "text/calendar", event(bag, sort, subject)),
        Sort::Task => ("task.ics", "text/calendar", event(bag, sort, subject)),
        Sort::Contact => ("contact.vcf", "text/vcard", card(bag)),
        _ => return None,
    };
    let content = Content::Bytes(lines.concat().into_bytes());
    Some(Part { name: name.to_owned(), mime: mime.to_owned(), content_id: String::new(), content })
}

fn event(bag: &Bag, sort: Sort, subject: &str) -> Vec<String> {
    let (kind, end) = if sort == Sort::Task { ("VTODO", "DUE") } else { ("VEVENT", "DTEND") };
    let mut lines = vec![
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//maildex//EN\r\n".to_owned(),
        format!("BEGIN:{kind}\r\n"),
    ];
    for (name, time) in [("DTSTART", sort.start(bag)), (end, sort.end(bag))] {
        lines.extend(time.map(|time| format!("{name}:{}\r\n", message::write_compact_date(time))));
    }
    let place = bag.named_text(Tag::Named(Set::Appointment, 0x8208));
    for (name, value) in [("SUMMARY", subject), ("LOCATION", &place)] {
        if !value.is_empty() {
            lines.push(format!("{name}:{}\r\n", escaped(value)));
        }
    }
    lines.push(format!("END:{kind}\r\nEND:VCALENDAR\r\n"));
    lines
}

fn card(bag: &Bag) -> Vec<String> {
    let mut lines = vec!["BEGIN:VCARD\r\nVERSION:4.0\r\n".to_owned()];
    for (_, id, name) in CONTACT {
        let value = bag.text(id);
        // A card needs a name, even an empty one.
        if !name.is_empty() && (name == "FN" || !value.is_empty()) {
            lines.push(format!("{name}:{}\r\n", escaped(&value)));
        }
    }
    for lid in ADDRESSES {
        let value = bag.named_text(Tag::Named(Set::Address, lid));
        if !value.is_empty() {
            lines.push(format!("EMAIL:{}\r\n", escaped(&value)));
        }
    }
    lines.push("END:VCARD\r\n".to_owned());
    lines
}

/// A text value of a calendar or a card.
fn escaped(value: &str) -> String {
    let mut escaped = String::new();
    for c in value.chars() {
        match c {
            '\\' | ',' | ';' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}
