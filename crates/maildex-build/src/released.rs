//! Released documents: printed mail in the texts of scanned pages, where no message has a header.
//!
//! A [`Profile`] is what is particular to one release, as data; [`Release::read`] is a pure function of a text, the
//! profile and the tables beside the release. `page` takes off what the release put on the pages and keeps it as
//! fields, `head` reads the printed header block, `names` and `clock` read people and dates, [`tables`] says who is
//! who and what the scan lost.

mod chain;
mod clock;
mod head;
mod names;
mod page;
pub mod profile;
pub mod tables;

pub use names::Aliases;
pub use profile::{Profile, ProfileError};
pub use tables::{Row, Tables, TablesError};

use crate::message::{Attachment, Document, Mailbox, Message, Problem, ProblemKind};
use head::Block;
use profile::Field;

/// Bytes of a text in which its release is looked for.
const BANNER: usize = 16 << 10;
/// Attachments named in one header that are read.
const MAX_ATTACHMENTS: usize = 500;

/// One release: its rules and what is known beside its texts.
#[derive(Debug, Clone)]
pub struct Release {
    /// The rules.
    pub profile: Profile,
    /// What tables say.
    pub tables: Tables,
    /// Every text is of this release, whatever it shows.
    pub forced: bool,
}

impl Release {
    /// Tells whether a file is a document of this release, from the beginning of its content and its name.
    pub fn recognises(&self, head: &[u8], name: &str) -> bool {
        let head = &head[..head.len().min(BANNER)];
        if head.contains(&0) {
            return false;
        }
        if self.forced {
            return true;
        }
        let text = String::from_utf8_lossy(head);
        let is_named = head.trim_ascii().is_empty() && self.number_of(name).is_some();
        !self.profile.banner.is_empty()
            && (is_named || self.profile.banner.iter().any(|banner| banner.is_match(&text)))
    }

    /// Reads a document. `name` is its file's, which gives the number where no banner does.
    pub fn read(&self, bytes: &[u8], name: &str) -> Message {
        let text = String::from_utf8_lossy(bytes);
        let page::Cleaned { lines, mut document } = page::clean(&text, &self.profile);
        if let Some(number) = self.number_of(name) {
            document.number = number;
        }
        let row = self.tables.row(&document.number);
        document.link = self.tables.link(&document.number).unwrap_or_default().to_owned();
        document.released = iso_day(&document.released);
        let mut message = Message::default();
        let block = head::outer(&lines, &self.profile).unwrap_or_default();
        self.fill(&block, row, &mut message);
        message.text = self.text(&lines, &block);
        let mut headers = self.headers(&document);
        headers.append(&mut message.headers);
        message.headers = headers;
        message.document = Some(Box::new(document));
        message
    }

    /// What is known of a document without its text: its number, where its image is, and what tables say.
    pub fn listed(&self, number: &str) -> Message {
        let link = self.tables.link(number).unwrap_or_default().to_owned();
        let document = Document { number: number.to_owned(), link, ..Document::default() };
        let mut message = Message::default();
        self.fill(&Block::default(), self.tables.row(number), &mut message);
        message.problems.clear();
        let mut headers = self.headers(&document);
        headers.append(&mut message.headers);
        message.headers = headers;
        message.document = Some(Box::new(document));
        message
    }

    /// The number that the name of a file is.
    fn number_of(&self, name: &str) -> Option<String> {
        let stem = name.rsplit('/').next().unwrap_or_default();
        let stem = stem.split_once('.').map_or(stem, |(stem, _)| stem);
        let whole = self.profile.number.find(stem).is_some_and(|found| found.len() == stem.len());
        whole.then(|| stem.to_owned())
    }

    fn fill(&self, block: &Block, row: Option<&Row>, message: &mut Message) {
        let mut from_tables = Vec::new();
        for (field, name) in
            [(Field::From, "From"), (Field::To, "To"), (Field::Cc, "Cc"), (Field::Bcc, "Bcc")]
        {
            let printed = block.value(field);
            let mut people = names::people(printed);
            let told = match field {
                Field::From => row.map_or("", |row| &row.from),
                Field::To => row.map_or("", |row| &row.to),
                _ => "",
            };
            if people.is_empty() && !told.is_empty() {
                people = names::people(told);
                from_tables.push(name);
            }
            if self.merge(&mut people) && !printed.is_empty() {
                message.headers.push((format!("{name}-As-Printed"), printed.to_owned()));
            }
            match field {
                Field::From => message.from = people,
                Field::To => message.to = people,
                Field::Cc => message.cc = people,
                _ => message.bcc = people,
            }
        }
        block.value(Field::Subject).clone_into(&mut message.subject);
        if let Some(row) = row.filter(|row| message.subject.is_empty() && !row.subject.is_empty()) {
            message.subject.clone_from(&row.subject);
            from_tables.push("Subject");
        }
        self.date(block, row, message, &mut from_tables);
        if !from_tables.is_empty() {
            message.headers.push(("From-Tables".to_owned(), from_tables.join(", ")));
        }
        message.attachments = self.attachments(block.value(Field::Attachments));
        if message.from.is_empty() {
            message.problems.push(Problem::new(ProblemKind::NoSender, block.value(Field::From)));
        }
    }

    /// Gives people their names; tells whether a name was changed.
    fn merge(&self, people: &mut [Mailbox]) -> bool {
        let mut changed = false;
        for person in people {
            if let Some(name) = self.tables.aliases.resolve(person).filter(|name| **name != person.name) {
                changed = true;
                name.clone_into(&mut person.name);
            }
        }
        changed
    }

    fn date(&self, block: &Block, row: Option<&Row>, message: &mut Message, from_tables: &mut Vec<&str>) {
        let printed = block.value(Field::Date);
        let read = |text: &str| clock::read(text, &self.profile.zone, self.profile.years);
        let mut stamp = read(printed);
        if !printed.is_empty() {
            message.headers.push(("Date".to_owned(), printed.to_owned()));
        }
        if let Some(told) = row.filter(|_| stamp.is_none()).and_then(|row| read(&row.date)) {
            stamp = Some(told);
            from_tables.push("Date");
        }
        match stamp {
            Some(stamp) => {
                message.date.header = Some(stamp.time);
                message.date.zone = stamp.zone;
                message.date.order = Some(stamp.time);
            }
            None if printed.is_empty() => message.problems.push(Problem::new(ProblemKind::NoDate, "")),
            None => message.problems.push(Problem::new(ProblemKind::BadDate, printed)),
        }
    }

    /// The text without the block and without the margin on the left. Names of headers inside it are written as they
    /// were printed before the scan, so that what is quoted is seen to be.
    fn text(&self, lines: &[String], block: &Block) -> String {
        let above = lines[..block.start].iter().map(String::as_str);
        let mut body: Vec<String> = above.map(str::to_owned).collect();
        body.extend_from_slice(&lines[block.end..]);
        let indent = |line: &String| line.len() - line.trim_start_matches(' ').len();
        let margin = body.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
        self.restore_names(&mut body);
        let mut text = String::new();
        for line in &body {
            text.push_str(&line[margin.min(indent(line))..]);
            text.push('\n');
        }
        text.trim_matches('\n').to_owned()
    }

    fn restore_names(&self, body: &mut [String]) {
        let mut at = 0;
        while at < body.len() {
            let is_from =
                head::label(&body[at], &self.profile, false).is_some_and(|(field, _)| field == Field::From);
            if !is_from || !head::is_block(body, at, &self.profile, false) {
                at += 1;
                continue;
            }
            let block = head::read(body, at, &self.profile);
            for line in &mut body[at..block.end] {
                if let Some((field, value)) = head::label(line, &self.profile, true) {
                    *line = format!("{}: {}", name_of(field), line.get(value..).unwrap_or_default());
                }
            }
            at = block.end.max(at + 1);
        }
    }

    /// The names of attachments; their content is not in the text.
    fn attachments(&self, value: &str) -> Vec<Attachment> {
        let unmarked = |name: &str| match name.rfind('[') {
            // What a redaction left on the margin.
            Some(at) if self.profile.exemption.is_match(&name[at..]) => name[..at].trim().to_owned(),
            _ => name.trim().to_owned(),
        };
        let names = value.split(';').map(unmarked).filter(|name| name.chars().any(char::is_alphanumeric));
        names.take(MAX_ATTACHMENTS).map(|name| Attachment { name, ..Attachment::default() }).collect()
    }

    fn headers(&self, document: &Document) -> Vec<(String, String)> {
        let release = match document.release.as_str() {
            "full" => "in full",
            "part" => "in part",
            _ => "",
        };
        let exemptions = document.exemptions.join(", ");
        let all = [
            ("Document", document.number.as_str()),
            ("Case", &document.case),
            ("Released", &document.released),
            ("Release", release),
            ("Exemptions", &exemptions),
            ("Classified", &document.classified),
            ("Source-PDF", &document.link),
        ];
        let told = all.into_iter().filter(|(_, value)| !value.is_empty());
        told.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}

/// The English name of a header, which divides quoted text everywhere.
fn name_of(field: Field) -> &'static str {
    match field {
        Field::From => "From",
        Field::Date => "Sent",
        Field::To => "To",
        Field::Cc => "Cc",
        Field::Bcc => "Bcc",
        Field::Subject => "Subject",
        Field::Attachments => "Attachments",
        Field::Importance => "Importance",
    }
}

/// `08/31/2015` as `2015-08-31`; anything else as it is.
fn iso_day(text: &str) -> String {
    match text.split('/').collect::<Vec<_>>()[..] {
        [month, day, year] if (month.len(), day.len(), year.len()) == (2, 2, 4) => {
            format!("{year}-{month}-{day}")
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
