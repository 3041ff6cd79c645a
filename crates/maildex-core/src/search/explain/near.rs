//! Which words of a text make a nearness hold: those near each other, not all that it names.

use core::ops::Range;

use crate::order_by::order_by;
use crate::query::{Field, Node};
use crate::text::{Pattern, marks, query_tokens};

/// Pairs that are told of one operand: enough to show why a message was found.
const MAX_PAIRS: usize = 64;

/// Words that fill an operand: the first and last position, and where they stand in the text.
#[derive(Debug, Clone)]
struct Stretch {
    first: u32,
    last: u32,
    words: Vec<Range<usize>>,
}

/// Where the words stand that make `node` hold within this text, which is told under this name.
pub(super) fn near(node: &Node, name: &str, text: &str) -> Vec<Range<usize>> {
    let starts = query_tokens(text).iter().map(|token| token.start).collect();
    let found = Text { name, text, starts }.stretches(node);
    found.into_iter().flat_map(|stretch| stretch.words).collect()
}

struct Text<'a> {
    name: &'a str,
    text: &'a str,
    /// Where each word begins.
    starts: Vec<usize>,
}

impl Text<'_> {
    fn stretches(&self, node: &Node) -> Vec<Stretch> {
        match node {
            Node::And(parts) | Node::Or(parts) => {
                sorted(parts.iter().flat_map(|part| self.stretches(part)).collect())
            }
            Node::Near { left, right, distance, ordered } => {
                let (left, right) = (self.stretches(left), self.stretches(right));
                let mut found = pairs(&left, &right, *distance);
                if !ordered {
                    found.extend(pairs(&right, &left, *distance));
                }
                sorted(found)
            }
            Node::Phrase { field, text, slop: Some(slop) } if self.is_of(*field) => {
                let each: Vec<_> = Pattern::each(text).map(|pattern| self.marked(&pattern)).collect();
                together(&each, *slop)
            }
            Node::Word { field, .. } | Node::Phrase { field, slop: None, .. } if self.is_of(*field) => {
                node.patterns().iter().flat_map(|(_, pattern)| self.marked(pattern)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn is_of(&self, field: Field) -> bool {
        match field {
            Field::New => self.name == "own words",
            Field::Quoted => self.name == "quoted words",
            Field::Body => self.name.ends_with(" words"),
            _ => true,
        }
    }

    fn marked(&self, pattern: &Pattern) -> Vec<Stretch> {
        let at = |byte: usize| self.starts.partition_point(|start| *start <= byte) as u32;
        let found = marks(self.text, core::slice::from_ref(pattern)).into_iter();
        found
            .map(|word| Stretch { first: at(word.start), last: at(word.end - 1), words: vec![word] })
            .collect()
    }
}

fn sorted(mut found: Vec<Stretch>) -> Vec<Stretch> {
    order_by(&mut found, |stretch| u64::from(stretch.first));
    found
}

/// Each of the first with those of the second that follow it near enough.
fn pairs(first: &[Stretch], second: &[Stretch], distance: u32) -> Vec<Stretch> {
    let join = |a: &Stretch, b: &Stretch| Stretch {
        first: a.first,
        last: b.last,
        words: [&a.words[..], &b.words].concat(),
    };
    let behind = |a: &Stretch| {
        let next = second.partition_point(|b| b.first <= a.last);
        let near = second[next..].iter().take_while(|b| b.first - a.last <= distance);
        near.take(MAX_PAIRS).map(|b| join(a, b)).collect::<Vec<_>>()
    };
    first.iter().flat_map(behind).take(MAX_PAIRS).collect()
}

/// Stretches that hold a place of every word, with so many other words between them at most.
fn together(each: &[Vec<Stretch>], slop: u32) -> Vec<Stretch> {
    let room = (each.len() as u32).saturating_sub(1).saturating_add(slop);
    let around = |start: &Stretch| {
        let next =
            |own: &Vec<Stretch>| own.get(own.partition_point(|other| other.first < start.first)).cloned();
        let held: Option<Vec<Stretch>> = each.iter().map(next).collect();
        let held = held.filter(|held| held.iter().all(|own| own.last - start.first <= room))?;
        let last = held.iter().map(|own| own.last).max()?;
        Some(Stretch {
            first: start.first,
            last,
            words: held.into_iter().flat_map(|own| own.words).collect(),
        })
    };
    each.iter().flatten().filter_map(around).take(MAX_PAIRS).collect()
}
