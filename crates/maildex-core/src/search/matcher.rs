//! The tests that are made on messages themselves: of headers of any name, and by regular expressions.

use crate::format::record::{Person, Record};
use crate::query::{Field, HeaderValue, Node};
use crate::text::{Match, Pattern, Regex, RegionKind, fold, marks, regions};

/// Characters of a value that are told.
const MOST_TOLD: usize = 200;

/// A test of a message.
#[derive(Debug)]
pub(crate) struct Matcher {
    place: Place,
    test: Test,
}

/// What is looked at.
#[derive(Debug)]
enum Place {
    /// A header, by its name in lower case.
    Header(String),
    Field(Field),
}

#[derive(Debug)]
enum Test {
    Present,
    Words(Pattern),
    Regex(Regex),
}

impl Matcher {
    /// The test for a part of a query; `None` if it is no such part.
    pub(crate) fn new(node: &Node) -> Option<Matcher> {
        let regex = |pattern: &str, lines| Regex::new(pattern, lines).ok().map(Test::Regex);
        Some(match node {
            Node::Header { name, value } => {
                let test = match value {
                    HeaderValue::Any => Test::Present,
                    HeaderValue::Words(text) => Test::Words(Pattern::new(text, 0)?),
                    HeaderValue::Regex(pattern) => regex(pattern, false)?,
                };
                Matcher { place: Place::Header(name.clone()), test }
            }
            Node::Regex { field, pattern } => {
                let is_text = matches!(field, Field::Body | Field::New | Field::Quoted);
                Matcher { place: Place::Field(*field), test: regex(pattern, is_text)? }
            }
            _ => return None,
        })
    }

    /// How much longer than the shortest a test takes.
    pub(crate) fn cost(&self) -> usize {
        match &self.test {
            Test::Regex(regex) => regex.cost,
            _ => 1,
        }
    }

    /// Whether a message has what is looked at, and whether the test holds for it.
    pub(crate) fn test(&self, record: &Record) -> (bool, bool) {
        let (mut present, mut holds) = (false, false);
        self.visit(record, &mut |_, value| {
            present = true;
            holds = holds
                || match &self.test {
                    Test::Present => true,
                    Test::Words(pattern) => !marks(value, core::slice::from_ref(pattern)).is_empty(),
                    Test::Regex(regex) => regex.matches(value),
                };
        });
        (present, holds)
    }

    /// Where the test holds: the header or field, what in it, and how.
    pub(crate) fn found(&self, record: &Record) -> Vec<(String, String, Match)> {
        let mut found = Vec::new();
        self.visit(record, &mut |name, value| {
            let cut = |text: &str| text.chars().take(MOST_TOLD).collect::<String>();
            match &self.test {
                Test::Present => found.push((name.to_owned(), cut(value), Match::Exact)),
                Test::Words(pattern) => {
                    for range in marks(value, core::slice::from_ref(pattern)) {
                        let text = fold(&value[range]);
                        let how = pattern.how(&text);
                        found.push((name.to_owned(), text, how));
                    }
                }
                Test::Regex(regex) => {
                    let text = regex.find(value).map(|text| (name.to_owned(), cut(&text), Match::Regex));
                    found.extend(text);
                }
            }
        });
        found
    }

    /// Visits each value that is looked at, with the name of its header or field.
    fn visit(&self, record: &Record, see: &mut dyn FnMut(&str, &str)) {
        match &self.place {
            Place::Header(name) => header(name, record, see),
            Place::Field(field) => texts(*field, record, see),
        }
    }
}

/// The headers of a name as they are stored: people as names and addresses, everything else as it was written.
fn header(name: &str, record: &Record, see: &mut dyn FnMut(&str, &str)) {
    let people = match name {
        "from" => &record.from[..],
        "to" => &record.to,
        "cc" => &record.cc,
        "bcc" => &record.bcc,
        _ => &[],
    };
    if !people.is_empty() {
        see(name, &people.iter().map(written).collect::<Vec<String>>().join(", "));
    }
    if name == "subject" && !record.subject.is_empty() {
        see(name, &record.subject);
    }
    if name == "message-id" && !record.message_id.is_empty() {
        see(name, &["<", &record.message_id, ">"].concat());
    }
    named(name, record, see);
}

fn named(name: &str, record: &Record, see: &mut dyn FnMut(&str, &str)) {
    let own = record.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
    own.for_each(|(_, value)| see(name, value));
}

/// A person as mail programs write one.
fn written(person: &Person) -> String {
    match (person.name.as_str(), person.address.as_str()) {
        ("", address) => address.to_owned(),
        (name, "") => name.to_owned(),
        (name, address) => [name, " <", address, ">"].concat(),
    }
}

/// The values of a field. Of a person both `Name <address>` and the address, so that either may be meant by `^` and `$`.
fn texts(field: Field, record: &Record, see: &mut dyn FnMut(&str, &str)) {
    let all = [
        (&[Field::From, Field::With][..], "from", &record.from),
        (&[Field::To, Field::OnlyTo, Field::With], "to", &record.to),
        (&[Field::To, Field::Cc, Field::With], "cc", &record.cc),
        (&[Field::To, Field::Bcc, Field::With], "bcc", &record.bcc),
    ];
    for (_, name, people) in all.into_iter().filter(|(fields, ..)| fields.contains(&field)) {
        for person in people {
            see(name, &written(person));
            if !person.name.is_empty() && !person.address.is_empty() {
                see(name, &person.address);
            }
        }
    }
    match field {
        Field::Subject => see("subject", &record.subject),
        Field::Body => see("body", &record.text),
        Field::New | Field::Quoted => {
            for region in regions(&record.text) {
                let is_quoted = matches!(region.kind, RegionKind::Quoted { .. });
                if is_quoted == (field == Field::Quoted) {
                    let name = if is_quoted { "quoted words" } else { "own words" };
                    see(name, &record.text[region.range]);
                }
            }
        }
        Field::Filename => record.attachments.iter().for_each(|own| see("attachment name", &own.name)),
        Field::DeliveredTo => {
            ["delivered-to", "x-original-to", "envelope-to"].iter().for_each(|name| named(name, record, see));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
