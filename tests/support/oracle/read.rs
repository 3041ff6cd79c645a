//! Tests of what is stored: headers of any name, and regular expressions, by another engine than the one under test.

use maildex_build::message::{Mailbox, Message};
use maildex_core::query::{Field, HeaderValue, Node};
use maildex_core::text::{self, RegionKind};
use regex::{Regex, RegexBuilder};

use super::{Accepted, Unsupported, holds_in_a_row};
use crate::vocabulary::{Vocabulary, Word};

/// What is kept of a message as it is written.
#[derive(Default)]
pub(super) struct Stored {
    /// Every header by its name in lower case, people in one form.
    headers: Vec<(String, Value)>,
    people: Vec<(Field, Mailbox)>,
    subject: String,
    text: String,
    files: Vec<String>,
}

struct Value {
    text: String,
    words: Vec<(u32, Word)>,
}

impl Stored {
    pub(super) fn new(message: &Message, vocabulary: &mut Vocabulary) -> Stored {
        let lists = [
            (Field::From, "from", &message.from),
            (Field::OnlyTo, "to", &message.to),
            (Field::Cc, "cc", &message.cc),
            (Field::Bcc, "bcc", &message.bcc),
        ];
        let mut stored = Stored {
            subject: message.subject.clone(),
            text: message.text.clone(),
            files: message.attachments.iter().map(|attachment| attachment.name.clone()).collect(),
            ..Stored::default()
        };
        // These are kept as what they were read as, if they could be; the first Message-ID and subject are the message's.
        let mut told = vec!["subject"];
        let mut headers = Vec::new();
        for (field, name, people) in lists {
            stored.people.extend(people.iter().map(|person| (field, person.clone())));
            if !people.is_empty() {
                told.push(name);
                headers.push((name.to_owned(), people.iter().map(written).collect::<Vec<_>>().join(", ")));
            }
        }
        if !message.subject.is_empty() {
            headers.push(("subject".to_owned(), message.subject.clone()));
        }
        if let Some(id) = &message.message_id {
            told.push("message-id");
            headers.push(("message-id".to_owned(), format!("<{id}>")));
        }
        let others = message.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone()));
        headers.extend(others.filter(|(name, _)| !told.contains(&name.as_str())));
        stored.headers = headers
            .into_iter()
            .map(|(name, text)| {
                let mut words = Vec::new();
                text::tokenize(&text, &mut |token| words.push((token.position, vocabulary.add(token.text))));
                (name, Value { text, words })
            })
            .collect();
        stored
    }
}

fn written(person: &Mailbox) -> String {
    match (person.name.is_empty(), person.address.is_empty()) {
        (true, _) => person.address.clone(),
        (_, true) => person.name.clone(),
        _ => format!("{} <{}>", person.name, person.address),
    }
}

/// A test of what is stored.
pub(super) enum Test {
    Header(String),
    HeaderWords(String, Vec<Accepted>),
    HeaderRegex(String, Regex),
    Regex(Field, Regex),
}

type Words<'a> = &'a dyn Fn(&str) -> Result<Vec<Accepted>, Unsupported>;

impl Test {
    pub(super) fn new(node: &Node, words: Words<'_>) -> Result<Test, Unsupported> {
        let regex = |pattern: &str, lines| {
            let built = RegexBuilder::new(pattern).case_insensitive(true).multi_line(lines).build();
            built.map_err(|error| Unsupported(error.to_string()))
        };
        Ok(match node {
            Node::Header { name, value: HeaderValue::Any } => Test::Header(name.clone()),
            Node::Header { name, value: HeaderValue::Words(text) } => {
                Test::HeaderWords(name.clone(), words(text)?)
            }
            Node::Header { name, value: HeaderValue::Regex(pattern) } => {
                Test::HeaderRegex(name.clone(), regex(pattern, false)?)
            }
            Node::Regex { field, pattern } => {
                let is_text = matches!(field, Field::Body | Field::New | Field::Quoted);
                Test::Regex(*field, regex(pattern, is_text)?)
            }
            other => return Err(Unsupported(format!("{other:?}"))),
        })
    }

    pub(super) fn holds(&self, stored: &Stored) -> bool {
        let any = |name: &str, passes: &dyn Fn(&Value) -> bool| {
            stored.headers.iter().any(|(own, value)| own == name && passes(value))
        };
        match self {
            Test::Header(name) => any(name, &|_| true),
            Test::HeaderWords(name, words) => any(name, &|value| holds_in_a_row(&value.words, words)),
            Test::HeaderRegex(name, regex) => any(name, &|value| regex.is_match(&value.text)),
            Test::Regex(field, regex) => matches(*field, regex, stored),
        }
    }
}

fn matches(field: Field, regex: &Regex, stored: &Stored) -> bool {
    let fields: &[Field] = match field {
        Field::Subject => return regex.is_match(&stored.subject),
        Field::Body => return regex.is_match(&stored.text),
        Field::New | Field::Quoted => {
            let mut regions = text::regions(&stored.text).into_iter();
            return regions.any(|region| {
                matches!(region.kind, RegionKind::Quoted { .. }) == (field == Field::Quoted)
                    && regex.is_match(&stored.text[region.range])
            });
        }
        Field::Filename => return stored.files.iter().any(|name| regex.is_match(name)),
        Field::DeliveredTo => {
            const NAMES: [&str; 3] = ["delivered-to", "x-original-to", "envelope-to"];
            let mut headers = stored.headers.iter().filter(|(name, _)| NAMES.contains(&name.as_str()));
            return headers.any(|(_, value)| regex.is_match(&value.text));
        }
        Field::From => &[Field::From],
        Field::To => &[Field::OnlyTo, Field::Cc, Field::Bcc],
        Field::OnlyTo => &[Field::OnlyTo],
        Field::Cc => &[Field::Cc],
        Field::Bcc => &[Field::Bcc],
        _ => &[Field::From, Field::OnlyTo, Field::Cc, Field::Bcc],
    };
    let mut people = stored.people.iter().filter(|(own, _)| fields.contains(own));
    people.any(|(_, person)| regex.is_match(&written(person)) || regex.is_match(&person.address))
}
