//! Answers queries by reading every message: slow, simple, and written apart from the engine that it is held against.
//! It shares with the engine what a query is (`maildex_core::query`) and what a word is (`maildex_core::text`), and
//! nothing else.
//!
//! A message is a list of *sequences*: the subject, each region of the body, each person of each header, each
//! attachment's name. A phrase lies in one sequence, so it never spans two people, or own and quoted text. Nearness is
//! counted within a *scope*: the heading, the own words, the quoted words, or one header, with [`BORDER`] words between
//! sequences.

mod read;
mod threads;

use std::collections::BTreeSet;

use maildex_build::input::Place;
use maildex_build::message::{self, Mailbox, Message};
use maildex_core::query::{Field, Node};
use maildex_core::text::{self, RegionKind};

use crate::shapes;
use crate::states::{is_told, is_value, of_message, of_place};
use crate::vocabulary::{Vocabulary, Word};
use read::{Stored, Test};
use threads::Conversations;

/// Words left out between two people, attachments, or stretches of text that others interrupt.
const BORDER: u32 = 7;

/// All messages of an archive in the form that is scanned.
#[derive(Default)]
pub struct Oracle {
    vocabulary: Vocabulary,
    documents: Vec<Document>,
    conversations: Conversations,
}

/// A part of a query that the oracle has no meaning for; such queries are not compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported(pub String);

struct Document {
    number: usize,
    key: u64,
    /// Message-IDs: its own and those of its copies.
    ids: Vec<String>,
    delivered: Option<i64>,
    date: Option<i64>,
    size: u64,
    /// Of those that [`crate::states`] knows.
    states: BTreeSet<String>,
    sequences: Vec<Sequence>,
    people: Vec<(Part, String)>,
    stored: Stored,
    /// Every word of any sequence, sorted: what holds none of these is passed over at once.
    words: Vec<Word>,
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
    Attachment,
    Delivered,
}

/// Words with their positions. Two words share one where a run of Chinese or Japanese ends.
struct Sequence {
    part: Part,
    words: Vec<(u32, Word)>,
}

impl Oracle {
    /// Adds a message of so many bytes; its number is the count of those before it.
    pub fn add(&mut self, message: &Message, size: u64) {
        self.conversations.add(message);
        let mut document = Document {
            number: self.documents.len(),
            key: message::key(message),
            ids: message.message_id.iter().cloned().collect(),
            delivered: message.date.delivered,
            date: message.date.order,
            size,
            states: of_message(message),
            sequences: Vec::new(),
            people: Vec::new(),
            stored: Stored::new(message, &mut self.vocabulary),
            words: Vec::new(),
        };
        self.sequence(&mut document, Part::Subject, &message.subject);
        self.body(&mut document, &message.text);
        let headers = [
            (Part::From, &message.from),
            (Part::To, &message.to),
            (Part::Cc, &message.cc),
            (Part::Bcc, &message.bcc),
            (Part::Delivered, &message.delivered_to),
        ];
        for (part, people) in headers {
            for person in people {
                self.person(&mut document, part, person);
            }
        }
        for attachment in &message.attachments {
            self.sequence(&mut document, Part::Filename, &attachment.name);
            self.sequence(&mut document, Part::Attachment, &attachment.text);
        }
        let words = document.sequences.iter().flat_map(|sequence| &sequence.words);
        document.words = words.map(|(_, word)| *word).collect();
        document.words.sort_unstable();
        document.words.dedup();
        self.documents.push(document);
    }

    /// Says where a message lay; one that lay in several places has copies.
    pub fn found_at(&mut self, number: usize, place: &Place, is_copy: bool) {
        let states = &mut self.documents[number].states;
        of_place(place, states);
        if is_copy {
            states.insert("is:duplicate".to_owned());
        }
    }

    /// The ordering date of a message.
    pub fn date(&self, number: usize) -> Option<i64> {
        self.documents[number].date
    }

    /// Adds the id of a copy of the message with this number.
    pub fn add_copy(&mut self, number: usize, copy: &Message) {
        self.documents[number].ids.extend(copy.message_id.clone());
    }

    /// To be called when all messages were added, before queries about threads.
    pub fn finish(&mut self) {
        self.conversations.settle(self.documents.len());
    }

    /// The same where threads are known from elsewhere, a number for each message, with the first message of each.
    pub fn finish_with(&mut self, threads: &[u64], roots: Vec<usize>) {
        self.conversations.take(threads, roots);
    }

    /// What the query language calls it, as far as [`crate::states`] tells.
    pub(crate) fn states(&self, number: usize) -> &BTreeSet<String> {
        &self.documents[number].states
    }

    /// Its bytes.
    pub(crate) fn size(&self, number: usize) -> u64 {
        self.documents[number].size
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
        Ok(self.found(&plan).collect())
    }

    fn found(&self, plan: &Plan) -> impl Iterator<Item = usize> {
        self.documents.iter().filter(|document| holds(plan, document)).map(|document| document.number)
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
    Size {
        from: u64,
        until: u64,
    },
    State(String),
    /// Delivered on one of these days in UTC, the zone of all archives that are compared.
    Delivered {
        from: Option<i64>,
        until: Option<i64>,
    },
    Id(String),
    /// What is stored passes a test.
    Read(Test),
    /// These messages.
    Numbers(BTreeSet<usize>),
    /// Words that follow each other in one sequence of these parts.
    Words {
        parts: &'static [Part],
        words: Vec<Accepted>,
    },
    /// Both sides in one of these scopes, near each other.
    Near {
        scopes: &'static [&'static [Part]],
        span: Span,
    },
    /// A person whose address passes.
    Address {
        parts: &'static [Part],
        address: AddressTest,
    },
}

/// The words that a word of a query stands for, sorted; `None` is any.
type Accepted = Option<Vec<Word>>;

/// What a stretch of a scope is filled by.
enum Span {
    Words {
        parts: &'static [Part],
        words: Vec<Accepted>,
    },
    /// All of the words with so many others between them.
    Scattered {
        parts: &'static [Part],
        words: Vec<Accepted>,
        slop: u32,
    },
    Any(Vec<Span>),
    Near {
        left: Box<Span>,
        right: Box<Span>,
        distance: u32,
        ordered: bool,
    },
}

enum AddressTest {
    Whole(String),
    /// The domain or one under it.
    Domain(String),
}

const ANY: [Part; 8] =
    [Part::Subject, Part::Own, Part::Quoted, Part::From, Part::To, Part::Cc, Part::Bcc, Part::Filename];

/// The scopes of bare words, and those of each header.
const TEXT_SCOPES: &[&[Part]] = &[
    &[Part::Subject, Part::From, Part::To, Part::Cc, Part::Bcc, Part::Filename],
    &[Part::Own],
    &[Part::Quoted],
];
const HEADER_SCOPES: &[&[Part]] = &[
    &[Part::Subject],
    &[Part::From],
    &[Part::To],
    &[Part::Cc],
    &[Part::Bcc],
    &[Part::Filename],
    &[Part::Attachment],
    &[Part::Delivered],
];

fn scopes_of(field: Field) -> &'static [&'static [Part]] {
    match field {
        Field::Any | Field::Body | Field::New | Field::Quoted => TEXT_SCOPES,
        _ => HEADER_SCOPES,
    }
}

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
        Field::Attachment => &[Part::Filename, Part::Attachment],
        Field::DeliveredTo => &[Part::Delivered],
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
            Node::Word { field, text, typos } => self.words(*field, text, *typos)?,
            Node::Phrase { field, text, slop: None } => self.words(*field, text, 0)?,
            Node::Phrase { field, slop: Some(_), .. } => {
                Some(Plan::Near { scopes: scopes_of(*field), span: self.span(query)? })
            }
            Node::Near { left, right, distance, ordered } => {
                Some(self.near(left, right, *distance, *ordered)?)
            }
            Node::Size { from, until } => Some(Plan::Size { from: *from, until: *until }),
            Node::State { prefix, value } if prefix == "has" && value == "date" => {
                Some(Plan::Date { from: None, until: None })
            }
            Node::State { prefix, value } if prefix == "kind" => {
                let none = Plan::Not(Box::new(Plan::All));
                Some(if matches!(value.as_str(), "any" | "message") { Plan::All } else { none })
            }
            Node::State { prefix, value } if is_told(prefix, value) => {
                Some(Plan::State(format!("{prefix}:{value}")))
            }
            Node::Received { from, until, .. } => Some(Plan::Delivered { from: *from, until: *until }),
            Node::State { prefix, value } if prefix == "rfc822msgid" => Some(Plan::Id(value.clone())),
            Node::State { prefix, value } if prefix == "hash" => {
                Some(Plan::Numbers(self.with_key(value).collect()))
            }
            Node::State { prefix, value } if prefix == "thread" => {
                let threads = self.conversations.of(self.with_key(value));
                Some(Plan::Numbers(self.conversations.messages(&threads)))
            }
            Node::State { prefix, value } if prefix == "is" && value == "root" => {
                Some(Plan::Numbers(self.conversations.roots().collect()))
            }
            Node::State { prefix, value } if prefix == "has" && value == "thread" => {
                Some(Plan::Numbers(self.conversations.in_company().collect()))
            }
            Node::Header { .. } | Node::Regex { .. } => {
                let words = |text: &str| self.sequence_of_words(text, 0);
                Some(Plan::Read(Test::new(query, &words)?))
            }
            Node::Thread(parts) => {
                let threads = |plan: &Plan| self.conversations.of(self.found(plan));
                let held = self.plans(parts)?.map(|plans| {
                    let each = plans.iter().map(threads);
                    each.reduce(|all, part| &all & &part).unwrap_or_default()
                });
                held.map(|threads| Plan::Numbers(self.conversations.messages(&threads)))
            }
            Node::NotBuilt { .. } => None,
            other => return Err(Unsupported(format!("{other:?}"))),
        })
    }

    fn with_key(&self, digits: &str) -> impl Iterator<Item = usize> {
        let key = u64::from_str_radix(digits, 16).ok();
        self.documents.iter().filter(move |document| Some(document.key) == key).map(|found| found.number)
    }

    /// A group in nearness holds if each of its words is near.
    fn near(&self, left: &Node, right: &Node, distance: u32, ordered: bool) -> Result<Plan, Unsupported> {
        if let Node::And(parts) = left {
            let each = parts.iter().map(|part| self.near(part, right, distance, ordered));
            return Ok(Plan::And(each.collect::<Result<_, _>>()?));
        }
        if let Node::And(parts) = right {
            let each = parts.iter().map(|part| self.near(left, part, distance, ordered));
            return Ok(Plan::And(each.collect::<Result<_, _>>()?));
        }
        let scopes = first_field(left).map(scopes_of).unwrap_or_default();
        let (left, right) = (Box::new(self.span(left)?), Box::new(self.span(right)?));
        Ok(Plan::Near { scopes, span: Span::Near { left, right, distance, ordered } })
    }

    fn span(&self, node: &Node) -> Result<Span, Unsupported> {
        Ok(match node {
            Node::Word { field, text, typos } => {
                Span::Words { parts: parts_of(*field), words: self.sequence_of_words(text, *typos)? }
            }
            Node::Phrase { field, text, slop: None } => {
                Span::Words { parts: parts_of(*field), words: self.sequence_of_words(text, 0)? }
            }
            Node::Phrase { field, text, slop: Some(slop) } => Span::Scattered {
                parts: parts_of(*field),
                words: self.sequence_of_words(text, 0)?.into_iter().filter(Option::is_some).collect(),
                slop: *slop,
            },
            Node::Or(parts) => Span::Any(parts.iter().map(|part| self.span(part)).collect::<Result<_, _>>()?),
            Node::Near { left, right, distance, ordered } => {
                let (left, right) = (Box::new(self.span(left)?), Box::new(self.span(right)?));
                Span::Near { left, right, distance: *distance, ordered: *ordered }
            }
            other => return Err(Unsupported(format!("near {other:?}"))),
        })
    }

    fn plans(&self, nodes: &[Node]) -> Result<Option<Vec<Plan>>, Unsupported> {
        let plans =
            nodes.iter().filter_map(|node| self.plan(node).transpose()).collect::<Result<Vec<_>, _>>()?;
        Ok(Some(plans).filter(|plans| !plans.is_empty()))
    }

    fn words(&self, field: Field, text: &str, typos: u8) -> Result<Option<Plan>, Unsupported> {
        let parts = parts_of(field);
        let by_address = |address| Some(Plan::Address { parts, address });
        let is_of_people =
            matches!(field, Field::From | Field::To | Field::OnlyTo | Field::Cc | Field::Bcc | Field::With)
                || field == Field::DeliveredTo;
        let address = text.trim().to_lowercase();
        let address = address.strip_prefix('*').filter(|rest| rest.starts_with('@')).unwrap_or(&address);
        let is_address = is_of_people && !address.contains(char::is_whitespace);
        match address.split_once('@').filter(|_| is_address) {
            Some(_) if address.contains(['*', '?']) => Err(Unsupported(address.to_owned())),
            Some(("", domain)) => Ok(by_address(AddressTest::Domain(domain.to_owned()))),
            Some(_) => Ok(by_address(AddressTest::Whole(address.to_owned()))),
            None => {
                let words = self.sequence_of_words(text, typos)?;
                Ok((!words.is_empty()).then_some(Plan::Words { parts, words }))
            }
        }
    }

    /// The words of a text, each with all that it stands for: `ab*` for every word that begins with `ab`.
    fn sequence_of_words(&self, text: &str, typos: u8) -> Result<Vec<Accepted>, Unsupported> {
        let mut words = Vec::new();
        for piece in text.split_whitespace() {
            if piece == "*" && words.is_empty() {
                continue;
            }
            let bare = piece.trim_end_matches('*');
            if piece == "*" {
                words.push(None);
            } else if bare.trim_end_matches('?').contains(['*', '?']) {
                if !piece.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '*' | '?')) {
                    return Err(Unsupported(text.to_owned()));
                }
                let shape = piece.to_lowercase();
                words.push(Some(self.vocabulary.filter(|word| shapes::fits(word, &shape))));
            } else {
                self.plain_words(bare, bare.len() < piece.len(), typos, &mut words)?;
            }
        }
        while words.last().is_some_and(Option::is_none) {
            words.pop();
        }
        Ok(words)
    }

    fn plain_words(
        &self,
        bare: &str,
        is_prefix: bool,
        typos: u8,
        words: &mut Vec<Accepted>,
    ) -> Result<(), Unsupported> {
        if is_prefix && !bare.ends_with(char::is_alphanumeric) {
            return Err(Unsupported(bare.to_owned()));
        }
        let tokens = text::query_tokens(bare);
        let last = tokens.len().checked_sub(1);
        for (position, token) in tokens.iter().enumerate() {
            let is_prefix = token.prefix || (is_prefix && Some(position) == last);
            let accepted = if typos > 0 && !is_prefix && token.text.chars().count() > 2 {
                self.vocabulary.filter(|word| shapes::errors(word, &token.text) <= usize::from(typos))
            } else {
                self.vocabulary.find(&token.text, is_prefix)
            };
            words.push(Some(accepted));
        }
        Ok(())
    }
}

fn first_field(node: &Node) -> Option<Field> {
    match node {
        Node::Word { field, .. } | Node::Phrase { field, .. } => Some(*field),
        Node::And(parts) | Node::Or(parts) => parts.first().and_then(first_field),
        Node::Near { left, .. } => first_field(left),
        _ => None,
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
        Plan::Size { from, until } => (*from..*until).contains(&document.size),
        Plan::Delivered { from, until } => document.delivered.is_some_and(|seconds| {
            let day = seconds.div_euclid(86_400);
            from.is_none_or(|from| from <= day) && until.is_none_or(|until| day < until)
        }),
        Plan::Id(id) => document.ids.contains(id),
        Plan::Read(test) => test.holds(&document.stored),
        Plan::Numbers(numbers) => numbers.contains(&document.number),
        Plan::State(state) => {
            document.states.contains(state) || document.states.iter().any(|own| is_value(own, state))
        }
        Plan::Words { parts, words } => {
            words.iter().flatten().all(|accepted| meet(accepted, &document.words))
                && document
                    .sequences
                    .iter()
                    .any(|sequence| parts.contains(&sequence.part) && holds_in_a_row(&sequence.words, words))
        }
        Plan::Near { scopes, span } => {
            may_hold(span, document)
                && scopes.iter().any(|scope| !spans(span, scope, &joined(document, scope)).is_empty())
        }
        Plan::Address { parts, address } => {
            document.people.iter().any(|(part, person)| parts.contains(part) && address.passes(person))
        }
    }
}

/// Whether two sorted lists have a word in common.
fn meet(a: &[Word], b: &[Word]) -> bool {
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    few.iter().any(|word| many.binary_search(word).is_ok())
}

/// Whether the words of a span are in the message at all.
fn may_hold(span: &Span, document: &Document) -> bool {
    match span {
        Span::Words { words, .. } | Span::Scattered { words, .. } => {
            words.iter().flatten().all(|accepted| meet(accepted, &document.words))
        }
        Span::Any(parts) => parts.iter().any(|part| may_hold(part, document)),
        Span::Near { left, right, .. } => may_hold(left, document) && may_hold(right, document),
    }
}

fn holds_in_a_row(sequence: &[(u32, Word)], words: &[Accepted]) -> bool {
    starts(sequence, words).any(|start| is_at(sequence, words, start))
}

/// Where the first of the words stands.
fn starts<'a>(sequence: &'a [(u32, Word)], words: &'a [Accepted]) -> impl Iterator<Item = u32> + 'a {
    let first = words.first().and_then(Option::as_ref);
    let is_first = move |word: &Word| first.is_none_or(|first| first.binary_search(word).is_ok());
    sequence.iter().filter(move |(_, word)| is_first(word)).map(|(at, _)| *at)
}

/// Whether the words stand one behind the other from a position on.
fn is_at(sequence: &[(u32, Word)], words: &[Accepted], start: u32) -> bool {
    (start..).zip(words).all(|(position, accepted)| {
        let Some(accepted) = accepted else { return true };
        let from = sequence.partition_point(|&(at, _)| at < position);
        let mut here = sequence[from..].iter().take_while(|&&(at, _)| at == position);
        here.any(|(_, word)| accepted.binary_search(word).is_ok())
    })
}

/// The words of a scope with a border between its sequences.
fn joined(document: &Document, scope: &[Part]) -> Vec<(u32, Word)> {
    let mut words: Vec<(u32, Word)> = Vec::new();
    for sequence in document.sequences.iter().filter(|sequence| scope.contains(&sequence.part)) {
        let base = words.last().map_or(0, |(last, _)| last + 1 + BORDER);
        words.extend(sequence.words.iter().map(|(position, word)| (base + position, *word)));
    }
    words
}

/// Every stretch of a scope that is filled, as first and last position, but those that hold another.
fn spans(span: &Span, scope: &[Part], words: &[(u32, Word)]) -> Vec<(u32, u32)> {
    let mut found: Vec<(u32, u32)> = match span {
        Span::Words { parts, .. } | Span::Scattered { parts, .. }
            if !scope.iter().all(|p| parts.contains(p)) =>
        {
            return Vec::new();
        }
        Span::Words { words: wanted, .. } => {
            let length = (wanted.len() as u32).saturating_sub(1);
            starts(words, wanted).filter(|&at| is_at(words, wanted, at)).map(|at| (at, at + length)).collect()
        }
        Span::Scattered { words: wanted, slop, .. } => {
            let room = (wanted.len() as u32).saturating_sub(1) + slop;
            let is_wanted = |word: &Word| wanted.iter().flatten().any(|one| one.binary_search(word).is_ok());
            let words: Vec<(u32, Word)> = words.iter().filter(|(_, word)| is_wanted(word)).copied().collect();
            words.iter().filter_map(|&(start, _)| scattered(&words, wanted, start, room)).collect()
        }
        Span::Any(parts) => parts.iter().flat_map(|part| spans(part, scope, words)).collect(),
        Span::Near { left, right, distance, ordered } => {
            let (left, right) = (spans(left, scope, words), spans(right, scope, words));
            let mut out = behind(&left, &right, *distance);
            if !ordered {
                out.extend(behind(&right, &left, *distance));
            }
            out
        }
    };
    found.sort_unstable();
    found.dedup();
    let holds_another = |span: &(u32, u32)| {
        let inner = |other: &&(u32, u32)| *other != span && other.0 >= span.0 && other.1 <= span.1;
        found
            .iter()
            .skip_while(|other| other.0 < span.0)
            .take_while(|other| other.0 <= span.1)
            .any(|o| inner(&o))
    };
    found.iter().filter(|span| !holds_another(span)).copied().collect()
}

/// The shortest stretch from `start` on that holds all words, if it has no more than `room` steps.
fn scattered(words: &[(u32, Word)], wanted: &[Accepted], start: u32, room: u32) -> Option<(u32, u32)> {
    let mut end = start;
    for accepted in wanted.iter().flatten() {
        let mut places =
            words.iter().filter(|(at, word)| *at >= start && accepted.binary_search(word).is_ok());
        end = end.max(places.next()?.0);
    }
    (end - start <= room).then_some((start, end))
}

/// Every pair of which the second follows the first by `distance` words at most.
fn behind(first: &[(u32, u32)], second: &[(u32, u32)], distance: u32) -> Vec<(u32, u32)> {
    let fits = |a: &(u32, u32), b: &(u32, u32)| b.0 > a.1 && b.0 - a.1 <= distance;
    let pairs = first.iter().flat_map(|a| second.iter().filter(move |b| fits(a, b)).map(|b| (a.0, b.1)));
    pairs.collect()
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
