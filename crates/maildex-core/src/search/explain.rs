//! Why a message was found: which parts of the query hold for it, by what words, in which field and how often.
//!
//! Whether a part holds is the engine's word, from the lists; the places are read off the message itself by the same
//! test of words that marks them.

mod near;

use super::eval::eval;
#[cfg(feature = "scan")]
use super::matcher::Matcher;
use super::plan::plan;
use crate::error::Outcome;
use crate::format::record::{Person, Record};
use crate::query::{Date, Field, Node, Query, Zone};
use crate::segment::{Segment, all};
use crate::text::{self, Form, Match, Pattern, RegionKind, fold, lower, marks};

/// Why a message was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The message.
    pub key: u64,
    /// The parts of the query that hold, in its order.
    pub reasons: Vec<Reason>,
}

/// A part of a query that holds for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The part, as a query.
    pub part: String,
    /// It is excluded, and indeed not there.
    pub negated: bool,
    /// Where it was found.
    pub places: Vec<Occurrence>,
}

/// Words of a message that a part of a query means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The field: `subject`, `own words`, `quoted words`, `from`, `to`, `cc`, `bcc`, `attachment name`, `attachment text`,
    /// `delivered to`, `date`, `size`, or the operator of a state.
    pub field: String,
    /// The words, folded; an address, a date, a number of bytes or a value as they are.
    pub text: String,
    /// How often they stand there; 1 in the text of attachments, which is searched and not kept.
    pub n: u32,
    /// How they are what was looked for.
    pub how: Match,
}

/// The reasons for one message, in the order of the query.
pub(crate) fn explain(
    segment: &Segment,
    doc: u32,
    query: &Query,
    typing: bool,
    zone: &Zone,
) -> Outcome<Vec<Reason>> {
    let mut parts = Vec::new();
    collect(&query.root, false, &mut parts);
    let line = segment.line(doc)?;
    let record = segment.record(&line);
    let holds = |part: &Node| -> Outcome<bool> {
        let plan = plan(part, segment, typing, query.forms)?;
        Ok(!eval(&plan.expr, segment, &(doc..doc + 1), None)?.is_empty())
    };
    let each = all(parts.iter().map(|(part, _)| holds(part)))?;
    let record = record?;
    let mut reasons = Vec::new();
    for ((part, negated), is_held) in parts.into_iter().zip(each) {
        if is_held != negated {
            let mut found = if negated { Vec::new() } else { places(part, &record, line.date, zone) };
            if let (Node::Thread(inner), false) = (part, negated) {
                // What this message has of it: others of its conversation may have the rest.
                let mut own = Vec::new();
                inner.iter().for_each(|part| collect(part, false, &mut own));
                for (part, negated) in own {
                    if !negated && holds(part)? {
                        found.extend(places(part, &record, line.date, zone));
                    }
                }
            }
            if query.forms && !negated {
                other_forms(part, segment, &record, &mut found)?;
            }
            let (places, part) = (
                found,
                Query { root: part.clone(), notes: Vec::new(), parts: Vec::new(), forms: false }.text(),
            );
            reasons.push(Reason { part, negated, places });
        }
    }
    Ok(reasons)
}

/// The parts of a query that hold or not by themselves, and whether they are excluded.
fn collect<'a>(node: &'a Node, negated: bool, out: &mut Vec<(&'a Node, bool)>) {
    match node {
        Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|part| collect(part, negated, out)),
        Node::Not(part) => collect(part, !negated, out),
        Node::Everything | Node::NotBuilt { .. } => {}
        part => out.push((part, negated)),
    }
}

fn places(part: &Node, record: &Record, date: Option<i64>, zone: &Zone) -> Vec<Occurrence> {
    let one = |field: &str, text: String| {
        vec![Occurrence { field: field.to_owned(), text, n: 1, how: Match::Exact }]
    };
    match part {
        Node::Date { .. } => {
            date.map_or_else(Vec::new, |date| one("date", Date::Day(zone.day(date)).to_string()))
        }
        Node::Size { .. } => one("size", record.size.to_string()),
        Node::State { prefix, value } => one(prefix, value.clone()),
        Node::Thread(_) => Vec::new(),
        Node::Word { field, text, .. } if text.contains('@') && is_people(*field) => {
            addresses(*field, text, record)
        }
        #[cfg(feature = "scan")]
        Node::Header { .. } | Node::Regex { .. } => read(part, record),
        part => words(part, record),
    }
}

/// What a test that reads messages finds in this one.
#[cfg(feature = "scan")]
fn read(part: &Node, record: &Record) -> Vec<Occurrence> {
    let mut found = Vec::new();
    for (field, text, how) in Matcher::new(part).iter().flat_map(|test| test.found(record)) {
        push(&mut found, Occurrence { field, text, n: 1, how });
    }
    found
}

fn words(part: &Node, record: &Record) -> Vec<Occurrence> {
    let is_near = matches!(part, Node::Near { .. } | Node::Phrase { slop: Some(_), .. });
    let mut found = marked(part, record, is_near);
    if found.is_empty() && is_near {
        // They are near each other over the border of two texts, such as two stretches of own words.
        found = marked(part, record, false);
    }
    if found.is_empty() {
        found.extend(attached(part));
    }
    found
}

/// The words of a part, or of those only the ones that are `near` each other.
fn marked(part: &Node, record: &Record, near: bool) -> Vec<Occurrence> {
    let mut found: Vec<Occurrence> = Vec::new();
    for (field, pattern) in part.patterns() {
        for (name, text) in texts(field, record) {
            let held = near.then(|| near::near(part, name, &text));
            for range in marks(&text, core::slice::from_ref(&pattern)) {
                if held.as_ref().is_none_or(|held| held.contains(&range)) {
                    let text = fold(&text[range]);
                    let how = pattern.how(&text);
                    push(&mut found, Occurrence { field: name.to_owned(), text, n: 1, how });
                }
            }
        }
    }
    found
}

/// What stands in no attachment's name stands in the text of one.
fn attached(part: &Node) -> Option<Occurrence> {
    let (text, typos) = match part {
        Node::Word { field: Field::Attachment, text, typos } => (text, *typos),
        Node::Phrase { field: Field::Attachment, text, .. } => (text, 0),
        _ => return None,
    };
    let how = match (typos, text.contains(['*', '?'])) {
        (0, false) => Match::Exact,
        (0, true) => Match::Wildcard,
        _ => Match::Typo,
    };
    Some(Occurrence { field: "attachment text".to_owned(), text: fold(text), n: 1, how })
}

/// Where words stand that share a stem with those of the query.
fn other_forms(part: &Node, segment: &Segment, record: &Record, found: &mut Vec<Occurrence>) -> Outcome<()> {
    for (field, word) in part.inflected() {
        for form in segment.forms_of(&word)? {
            let Some(pattern) = Pattern::new(&form, 0) else { continue };
            for (name, text) in texts(field, record) {
                for range in marks(&text, core::slice::from_ref(&pattern)) {
                    let text = fold(&text[range]);
                    push(found, Occurrence { field: name.to_owned(), text, n: 1, how: Match::Form });
                }
            }
        }
    }
    Ok(())
}

fn push(found: &mut Vec<Occurrence>, new: Occurrence) {
    match found.iter_mut().find(|old| old.field == new.field && old.text == new.text) {
        Some(old) => old.n += 1,
        None => found.push(new),
    }
}

/// A whole address, a domain with all below it, or a shape of addresses.
fn addresses(field: Field, text: &str, record: &Record) -> Vec<Occurrence> {
    let key = lower(text);
    let key = key.strip_prefix('*').filter(|rest| rest.starts_with('@')).unwrap_or(&key);
    let shape = key.contains(['*', '?']).then(|| Form::Shape(key.to_owned()));
    let how = if shape.is_some() { Match::Wildcard } else { Match::Exact };
    let mut found = Vec::new();
    for (name, people) in people_of(field, record) {
        for person in people {
            let address = lower(&person.address);
            let is_meant = match (&shape, key.strip_prefix('@')) {
                (Some(shape), _) => shape.holds(&address),
                (None, Some(domain)) => address.rsplit_once('@').is_some_and(|(_, own)| {
                    own.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
                }),
                (None, None) => address == key,
            };
            if is_meant {
                push(&mut found, Occurrence { field: name.to_owned(), text: address, n: 1, how });
            }
        }
    }
    found
}

fn is_people(field: Field) -> bool {
    matches!(field, Field::From | Field::To | Field::OnlyTo | Field::Cc | Field::Bcc | Field::With)
}

/// The headers that a field names, with who stands in them.
fn people_of(field: Field, record: &Record) -> Vec<(&'static str, &[Person])> {
    let all = [
        (&[Field::From, Field::With][..], "from", &record.from),
        (&[Field::To, Field::OnlyTo, Field::With], "to", &record.to),
        (&[Field::To, Field::Cc, Field::With], "cc", &record.cc),
        (&[Field::To, Field::Bcc, Field::With], "bcc", &record.bcc),
    ];
    let meant = all.into_iter().filter(|(fields, ..)| field == Field::Any || fields.contains(&field));
    meant.map(|(_, name, people)| (name, &people[..])).collect()
}

/// The texts that a field means, each with its name.
fn texts(field: Field, record: &Record) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    if matches!(field, Field::Any | Field::Subject) {
        out.push(("subject", record.subject.clone()));
    }
    if matches!(field, Field::Any | Field::Body | Field::New | Field::Quoted) {
        for region in text::regions(&record.text) {
            let is_quoted = matches!(region.kind, RegionKind::Quoted { .. });
            if field != if is_quoted { Field::New } else { Field::Quoted } {
                let name = if is_quoted { "quoted words" } else { "own words" };
                out.push((name, record.text[region.range].to_owned()));
            }
        }
    }
    for (name, people) in people_of(field, record) {
        // Name and address follow each other as in the index.
        out.extend(people.iter().map(|person| (name, [&person.name, " ", &person.address].concat())));
    }
    if field == Field::DeliveredTo {
        let told = ["delivered-to", "x-original-to", "envelope-to"];
        let kept = record.headers.iter().filter(|(name, _)| told.contains(&lower(name).as_str()));
        out.extend(kept.map(|(_, value)| ("delivered to", value.clone())));
    }
    if matches!(field, Field::Any | Field::Filename | Field::Attachment) {
        out.extend(record.attachments.iter().map(|a| ("attachment name", a.name.clone())));
    }
    out
}

#[cfg(test)]
mod tests;
