//! One row of a table as mail.

use std::collections::BTreeMap;

use crate::draft::{Draft, mailbox};
use crate::input::table::columns::{Chosen, Field};
use crate::message;

/// The values of a row by field. People are a list; everything else is one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cells(Vec<(Field, Vec<String>)>);

/// The first message of each conversation, by what its rows share.
#[derive(Debug, Default)]
pub(crate) struct Threads(BTreeMap<String, String>);

impl Cells {
    /// The cells of a row of texts.
    pub(crate) fn of_text<'n>(chosen: &Chosen, values: impl Iterator<Item = (&'n str, String)>) -> Cells {
        let values: BTreeMap<&str, String> = values.collect();
        let mut cells = Cells::default();
        cells.fill(chosen, &|_, column| {
            values.get(column).map(|value| vec![value.clone()]).unwrap_or_default()
        });
        cells
    }

    /// Takes for each field the first of its columns that has a value.
    pub(crate) fn fill(&mut self, chosen: &Chosen, value: &dyn Fn(Field, &str) -> Vec<String>) {
        for field in ALL {
            let found = chosen
                .of_field(field)
                .map(|column| value(field, column))
                .find(|own| own.iter().any(|text| !text.trim().is_empty()));
            self.0.extend(found.map(|found| (field, found)));
        }
    }

    /// The value of a field; empty where there is none.
    pub(crate) fn text(&self, field: Field) -> String {
        self.list(field).join(", ").trim().to_owned()
    }

    fn list(&self, field: Field) -> &[String] {
        self.0.iter().find(|(own, _)| *own == field).map_or(&[], |(_, list)| list.as_slice())
    }

    fn people(&self, field: Field) -> String {
        let list = self.list(field);
        let people: Vec<String> = list.iter().flat_map(|text| people(text, list.len() > 1)).collect();
        people.join(",\n ")
    }

    /// The row as mail; `None` for one that says nothing.
    pub(crate) fn mail(&self, source: &str, offset: u64, threads: &mut Threads) -> Option<Vec<u8>> {
        let whole = self.list(Field::Message).first().filter(|text| looks_like_mail(text));
        if let Some(whole) = whole {
            return Some(whole.clone().into_bytes());
        }
        let mut draft = Draft::default();
        for (name, field) in
            [("From", Field::From), ("To", Field::To), ("Cc", Field::Cc), ("Bcc", Field::Bcc)]
        {
            draft.add(name, self.people(field));
        }
        draft.add("Subject", self.text(Field::Subject));
        draft.add("Date", date(&self.text(Field::Date)));
        let body = [Field::Body, Field::Message].map(|field| self.list(field).join("\n"));
        let [body, message] = body;
        draft.text =
            Some(if body.is_empty() { message } else { body }).filter(|text| !text.trim().is_empty());
        let html = self.list(Field::Html).join("\n");
        draft.html = Some((html.into_bytes(), "utf-8".to_owned())).filter(|(html, _)| !html.is_empty());
        if draft.headers.is_empty() && draft.text.is_none() && draft.html.is_none() {
            return None;
        }
        self.ids(source, offset, threads, &mut draft);
        Some(draft.write())
    }

    /// The id of the row, and that of the first row of its conversation.
    fn ids(&self, source: &str, offset: u64, threads: &mut Threads, draft: &mut Draft) {
        let plain = |text: &str| -> String {
            text.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '@')).collect()
        };
        let own = self.text(Field::Id);
        let thread = self.text(Field::Thread);
        let id = if own.contains('@') {
            own.trim_matches(['<', '>']).to_owned()
        } else if !own.is_empty() {
            format!("{}@{}", plain(&own), plain(source))
        } else if !thread.is_empty() {
            format!("row-{offset}@{}", plain(source))
        } else {
            return;
        };
        if !thread.is_empty() {
            let first = threads.0.entry(thread).or_insert_with(|| id.clone());
            if *first != id {
                draft.add("References", format!("<{first}>"));
            }
        }
        draft.add("Message-ID", format!("<{id}>"));
    }

    /// Puts a row into a conversation whose other rows are known.
    pub(crate) fn set(&mut self, field: Field, value: String) {
        self.0.retain(|(own, _)| *own != field);
        self.0.push((field, vec![value]));
    }
}

const ALL: [Field; 13] = [
    Field::From,
    Field::To,
    Field::Cc,
    Field::Bcc,
    Field::Date,
    Field::Subject,
    Field::Body,
    Field::Html,
    Field::Message,
    Field::Id,
    Field::Thread,
    Field::Folder,
    Field::File,
];

/// A text that begins as mail does.
fn looks_like_mail(text: &str) -> bool {
    use crate::input::detect::{Hint, Kind, detect};
    let head = &text.as_bytes()[..text.len().min(16 << 10)];
    detect(head, Hint::MailName) == Kind::Message
}

/// The people of a cell. Where it is one of many it is one person; else `;` parts people, and a comma does where
/// there are addresses: names alone are written with their last part first.
fn people(text: &str, is_one: bool) -> Vec<String> {
    let bare = text.trim().trim_start_matches(['[', '{']).trim_end_matches([']', '}']);
    let parts: Vec<&str> = if is_one {
        vec![bare]
    } else if bare.contains(';') {
        bare.split(';').collect()
    } else if bare.matches('@').count() > 1 || bare.contains('@') && !bare.contains('<') {
        bare.split(',').collect()
    } else {
        vec![bare]
    };
    parts.into_iter().map(person).filter(|own| !own.is_empty()).collect()
}

fn person(text: &str) -> String {
    let text = text.trim().trim_matches(['\'', '"']);
    match text.rsplit_once('<').and_then(|(name, rest)| Some((name, rest.split_once('>')?.0))) {
        Some((name, address)) => mailbox(name.trim().trim_matches(['\'', '"']), address),
        None if text.contains('@') && !text.contains(char::is_whitespace) => mailbox("", text),
        None => mailbox(text, ""),
    }
}

/// A date as it stands; a bare number is seconds or milliseconds since 1970.
fn date(text: &str) -> String {
    let number: Option<i64> = text.strip_suffix(".0").unwrap_or(text).parse().ok();
    match number {
        // Seconds reach this number in the year 5138, milliseconds had it in 1973.
        Some(number) if number.abs() >= 100_000_000_000 => message::write_date(number / 1000),
        Some(number) if number > 100_000_000 => message::write_date(number),
        _ => text.to_owned(),
    }
}
