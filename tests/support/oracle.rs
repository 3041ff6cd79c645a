//! Answers queries by reading every message: slow, simple, and written apart from the engine that it is held against.
//! It shares with the engine what a query is (`maildex_core::query`) and what a word is (`maildex_core::text`), and
//! nothing else.
//!
//! A message is a list of *sequences*: the subject, each region of the body, each person of each header, each
//! attachment's name. A phrase lies in one sequence, so it never spans two people, or own and quoted text.

use maildex_build::message::{Mailbox, Message};
use maildex_core::query::{Field, Node};
use maildex_core::text::{self, RegionKind};

use crate::vocabulary::{Vocabulary, Word};

/// All messages of an archive in the form that is scanned.
#[derive(Default)]
pub struct Oracle {
    vocabulary: Vocabulary,
    documents: Vec<Document>,
}

/// A part of a query that the oracle has no meaning for; such queries are not compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported(pub String);

struct Document {
    date: Option<i64>,
    has_attachment: bool,
    sequences: Vec<Sequence>,
    people: Vec<(Part, String)>,
}

/// Where a sequence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Subject,
    Own,
    Quoted,
    From,
    To,
    Cc,
    Bcc,
    Filename,
}

/// Words with their positions. Two words share one where a run of Chinese or Japanese ends.
struct Sequence {
    part: Part,
    words: Vec<(u32, Word)>,
}

impl Oracle {
    /// Adds a message; its number is the count of those before it.
    pub fn add(&mut self, message: &Message) {
        let mut document = Document {
            date: message.date.order,
            has_attachment: message.attachments.iter().any(|attachment| !attachment.inline),
            sequences: Vec::new(),
            people: Vec::new(),
        };
        self.sequence(&mut document, Part::Subject, &message.subject);
        self.body(&mut document, &message.text);
        let headers = [
            (Part::From, &message.from),
            (Part::To, &message.to),
            (Part::Cc, &message.cc),
            (Part::Bcc, &message.bcc),
        ];
        for (part, people) in headers {
            for person in people {
                self.person(&mut document, part, person);
            }
        }
        for attachment in &message.attachments {
            self.sequence(&mut document, Part::Filename, &attachment.name);
        }
        self.documents.push(document);
    }

    /// The number of messages.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// No message was added.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// The numbers of the messages that a query finds.
    pub fn search(&self, query: &Node) -> Result<Vec<usize>, Unsupported> {
        let plan = self.plan(query)?.unwrap_or(Plan::All);
        let found = self.documents.iter().enumerate().filter(|(_, document)| holds(&plan, document));
        Ok(found.map(|(number, _)| number).collect())
    }

    fn sequence(&mut self, document: &mut Document, part: Part, text: &str) {
        let mut words = Vec::new();
        text::tokenize(text, &mut |token| words.push((token.position, self.vocabulary.add(token.text))));
        document.sequences.push(Sequence { part, words });
    }

    fn body(&mut self, document: &mut Document, text: &str) {
        for region in text::regions(text) {
            let part = match region.kind {
                RegionKind::Own | RegionKind::Signature => Part::Own,
                RegionKind::Quoted { .. } => Part::Quoted,
            };
            self.sequence(document, part, &text[region.range]);
        }
    }

    /// The words of a person are those of the name, then those of the address.
    fn person(&mut self, document: &mut Document, part: Part, person: &Mailbox) {
        self.sequence(document, part, &format!("{} {}", person.name, person.address));
        document.people.push((part, person.address.to_lowercase()));
    }
}

/// A query whose words are looked up.
enum Plan {
    All,
    And(Vec<Plan>),
    Or(Vec<Plan>),
    Not(Box<Plan>),
    Date {
        from: Option<i64>,
        until: Option<i64>,
    },
    HasAttachment,
    /// Words that follow each other in one sequence of these parts; each may be one of several.
    Words {
        parts: &'static [Part],
        words: Vec<Vec<Word>>,
    },
    /// A person whose address passes.
    Address {
        parts: &'static [Part],
        address: AddressTest,
    },
}

enum AddressTest {
    Whole(String),
    /// The domain or one under it.
    Domain(String),
}

const ANY: [Part; 8] =
    [Part::Subject, Part::Own, Part::Quoted, Part::From, Part::To, Part::Cc, Part::Bcc, Part::Filename];

fn parts_of(field: Field) -> &'static [Part] {
    match field {
        Field::Any => &ANY,
        Field::Subject => &[Part::Subject],
        Field::Body => &[Part::Own, Part::Quoted],
        Field::New => &[Part::Own],
        Field::Quoted => &[Part::Quoted],
        Field::From => &[Part::From],
        Field::To => &[Part::To, Part::Cc, Part::Bcc],
        Field::OnlyTo => &[Part::To],
        Field::Cc => &[Part::Cc],
        Field::Bcc => &[Part::Bcc],
        Field::With => &[Part::From, Part::To, Part::Cc, Part::Bcc],
        Field::Filename => &[Part::Filename],
    }
}

impl Oracle {
    /// `None` for a part that says nothing: punctuation alone, or an operator that is not built.
    fn plan(&self, query: &Node) -> Result<Option<Plan>, Unsupported> {
        Ok(match query {
            Node::Everything => Some(Plan::All),
            Node::And(nodes) => self.plans(nodes)?.map(Plan::And),
            Node::Or(nodes) => self.plans(nodes)?.map(Plan::Or),
            Node::Not(node) => self.plan(node)?.map(|plan| Plan::Not(Box::new(plan))),
            Node::Date { from, until, .. } => Some(Plan::Date { from: *from, until: *until }),
            Node::Word { field, text, typos: 0 } | Node::Phrase { field, text, slop: None } => {
                self.words(*field, text)?
            }
            Node::State { prefix, value } if prefix == "has" && value == "attachment" => {
                Some(Plan::HasAttachment)
            }
            Node::State { prefix, value } if prefix == "has" && value == "date" => {
                Some(Plan::Date { from: None, until: None })
            }
            Node::NotBuilt { .. } => None,
            other => return Err(Unsupported(format!("{other:?}"))),
        })
    }

    fn plans(&self, nodes: &[Node]) -> Result<Option<Vec<Plan>>, Unsupported> {
        let plans =
            nodes.iter().filter_map(|node| self.plan(node).transpose()).collect::<Result<Vec<_>, _>>()?;
        Ok(Some(plans).filter(|plans| !plans.is_empty()))
    }

    fn words(&self, field: Field, text: &str) -> Result<Option<Plan>, Unsupported> {
        let parts = parts_of(field);
        let by_address = |address| Some(Plan::Address { parts, address });
        let is_of_people =
            matches!(field, Field::From | Field::To | Field::OnlyTo | Field::Cc | Field::Bcc | Field::With);
        let address = text.trim().to_lowercase();
        match address.split_once('@').filter(|_| is_of_people) {
            Some(_) if address.contains([' ', '*', '?']) => Err(Unsupported(address)),
            Some(("", domain)) => Ok(by_address(AddressTest::Domain(domain.to_owned()))),
            Some(_) => Ok(by_address(AddressTest::Whole(address))),
            None => {
                let words = self.sequence_of_words(text)?;
                Ok((!words.is_empty()).then_some(Plan::Words { parts, words }))
            }
        }
    }

    /// The words of a text, each with all that it stands for: `ab*` for every word that begins with `ab`.
    fn sequence_of_words(&self, text: &str) -> Result<Vec<Vec<Word>>, Unsupported> {
        let unsupported = || Unsupported(text.to_owned());
        let mut words = Vec::new();
        for piece in text.split_whitespace() {
            let literal = piece.trim_end_matches('*');
            let is_prefix = literal.len() < piece.len();
            if literal.contains(['*', '?']) || (is_prefix && !literal.ends_with(char::is_alphanumeric)) {
                return Err(unsupported());
            }
            let tokens = text::query_tokens(literal);
            let last = tokens.len().checked_sub(1);
            for (position, token) in tokens.iter().enumerate() {
                let is_prefix = token.prefix || (is_prefix && Some(position) == last);
                words.push(self.vocabulary.find(&token.text, is_prefix));
            }
        }
        Ok(words)
    }
}

fn holds(plan: &Plan, document: &Document) -> bool {
    match plan {
        Plan::All => true,
        Plan::And(plans) => plans.iter().all(|plan| holds(plan, document)),
        Plan::Or(plans) => plans.iter().any(|plan| holds(plan, document)),
        Plan::Not(plan) => !holds(plan, document),
        Plan::Date { from, until } => document.date.is_some_and(|date| {
            from.is_none_or(|from| from <= date) && until.is_none_or(|until| date < until)
        }),
        Plan::HasAttachment => document.has_attachment,
        Plan::Words { parts, words } => document
            .sequences
            .iter()
            .any(|sequence| parts.contains(&sequence.part) && holds_in_a_row(&sequence.words, words)),
        Plan::Address { parts, address } => {
            document.people.iter().any(|(part, person)| parts.contains(part) && address.passes(person))
        }
    }
}

fn holds_in_a_row(sequence: &[(u32, Word)], words: &[Vec<Word>]) -> bool {
    let Some((first, rest)) = words.split_first() else { return true };
    sequence.iter().filter(|(_, word)| first.binary_search(word).is_ok()).any(|&(start, _)| {
        (start + 1..).zip(rest).all(|(position, accepted)| {
            let from = sequence.partition_point(|&(at, _)| at < position);
            let here = sequence[from..].iter().take_while(|&&(at, _)| at == position);
            here.into_iter().any(|(_, word)| accepted.binary_search(word).is_ok())
        })
    })
}

impl AddressTest {
    fn passes(&self, address: &str) -> bool {
        match self {
            AddressTest::Whole(whole) => address == whole,
            AddressTest::Domain(domain) => address.rsplit_once('@').is_some_and(|(_, found)| {
                found.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }),
        }
    }
}

#[cfg(test)]
mod tests;
