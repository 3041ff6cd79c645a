//! From the tree of a query to the lists of one segment that answer it.

use crate::error::{Outcome, Stop};
use crate::format::dictionary::{Entry, Kind};
use crate::format::front::MessageKind;
use crate::format::list::{ListRef, OWN, QUOTED};
use crate::query::{Field, Node};
use crate::segment::{Segment, all};
use crate::text::query_tokens;
use core::ops::Range;

/// A word that is still being typed stands for so many words at most.
const TYPING_FORMS: usize = 40;
/// A word with a wildcard stands for so many words at most, the most frequent first.
const WILDCARD_FORMS: usize = 1000;

/// One list, and the regions in which a posting of it counts.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    pub(crate) list: ListRef,
    /// Region bits; 0 is any.
    pub(crate) regions: u8,
}

/// What a segment has to do for a query.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    All,
    None,
    Range(Range<u32>),
    /// Any of these lists.
    Union(Vec<Leaf>),
    /// The slots one behind the other; each any of its lists.
    Phrase(Vec<Vec<Leaf>>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
}

/// A plan for one segment.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) expr: Expr,
    /// For each word that adds to the score, in the order of the query, its lists and how many messages have it.
    pub(crate) words: Vec<Vec<Leaf>>,
    /// Words that stood for more forms than are used.
    pub(crate) cut: Vec<Cut>,
}

/// A wildcard that stands for many words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The word as typed.
    pub(crate) word: String,
    /// How many forms are used.
    pub(crate) used: usize,
    /// How many there are.
    pub(crate) forms: usize,
}

/// Looks up every word of `node`; all dictionary blocks that are missing are noted at once.
pub(crate) fn plan(node: &Node, segment: &Segment, typing: bool) -> Outcome<Plan> {
    let mut planner = Planner { segment, typing, words: Vec::new(), cut: Vec::new(), missing: false };
    let expr = planner.node(node, true)?.unwrap_or(Expr::All);
    if planner.missing {
        return Err(Stop::Missing);
    }
    Ok(Plan { expr, words: planner.words, cut: planner.cut })
}

struct Planner<'a> {
    segment: &'a Segment,
    typing: bool,
    words: Vec<Vec<Leaf>>,
    cut: Vec<Cut>,
    missing: bool,
}

/// A token of a word or phrase, or the beginning of one.
struct Slot {
    text: String,
    prefix: bool,
}

impl Planner<'_> {
    /// `None` is a part that says nothing: punctuation alone, or an operator that is not built.
    fn node(&mut self, node: &Node, positive: bool) -> Outcome<Option<Expr>> {
        Ok(Some(match node {
            Node::Everything => Expr::All,
            Node::Near { .. } | Node::NotBuilt { .. } => return Ok(None),
            Node::And(parts) => {
                let parts = self.parts(parts, positive)?;
                if parts.is_empty() { return Ok(None) } else { Expr::And(parts) }
            }
            Node::Or(parts) => {
                let parts = self.parts(parts, positive)?;
                if parts.is_empty() { return Ok(None) } else { Expr::Or(parts) }
            }
            Node::Not(part) => match self.node(part, !positive)? {
                Some(part) => Expr::Not(Box::new(part)),
                None => return Ok(None),
            },
            Node::Word { typos: 1.., .. } | Node::Phrase { slop: Some(_), .. } => return Ok(None),
            Node::Word { field, text, .. } | Node::Phrase { field, text, .. } => {
                return self.text(*field, text, positive);
            }
            Node::Date { from, until, .. } => self.dates(*from, *until)?,
            Node::State { prefix, value } => self.state(prefix, value)?,
        }))
    }

    fn parts(&mut self, parts: &[Node], positive: bool) -> Outcome<Vec<Expr>> {
        let mut exprs = Vec::with_capacity(parts.len());
        for part in parts {
            exprs.extend(self.node(part, positive)?);
        }
        Ok(exprs)
    }

    fn dates(&mut self, from: Option<i64>, until: Option<i64>) -> Outcome<Expr> {
        let front = &self.segment.front;
        let from = from.map_or(Ok(front.n_undated), |date| self.segment.first_at(date));
        let until = until.map_or(Ok(front.n_docs), |date| self.segment.first_at(date));
        match (from, until) {
            (Ok(from), Ok(until)) => Ok(Expr::Range(from..until)),
            (Err(stop), _) | (_, Err(stop)) => self.later(stop),
        }
    }

    fn state(&mut self, prefix: &str, value: &str) -> Outcome<Expr> {
        if prefix == "kind" {
            let own = match self.segment.front.kind {
                MessageKind::Message => "message",
                MessageKind::Quoted => "quoted",
                MessageKind::Placeholder => "placeholder",
            };
            return Ok(if value == "any" || value == own { Expr::All } else { Expr::None });
        }
        if (prefix, value) == ("has", "date") {
            return Ok(Expr::Range(self.segment.front.n_undated..self.segment.n_docs()));
        }
        match self.get(&[Kind::State], format!("{prefix}:{value}").as_bytes(), 0) {
            Ok(leaves) => Ok(union(leaves)),
            Err(stop) => self.later(stop),
        }
    }

    /// Goes on with what is missing noted, so that one round fetches it all.
    fn later(&mut self, stop: Stop) -> Outcome<Expr> {
        match stop {
            Stop::Missing => {
                self.missing = true;
                Ok(Expr::None)
            }
            stop => Err(stop),
        }
    }

    fn text(&mut self, field: Field, text: &str, positive: bool) -> Outcome<Option<Expr>> {
        let (kinds, regions) = lists_of(field);
        let (bare, star) = text.strip_suffix('*').map_or((text, false), |bare| (bare, true));
        if bare.contains('@') && kinds.iter().all(|kind| is_people(*kind)) {
            return match self.address(kinds, bare, star) {
                Ok(expr) => Ok(Some(expr)),
                Err(stop) => self.later(stop).map(Some),
            };
        }
        let mut slots = slots_of(bare);
        match slots.last_mut() {
            Some(last) => last.prefix |= star,
            None => return Ok(None),
        }
        // Every kind of list is its own field: a phrase stands within one of them.
        let mut exprs = Vec::new();
        for &kind in kinds {
            let found = all(slots.iter().map(|slot| self.slot(kind, regions, slot, text)));
            match found {
                Ok(found) => exprs.push(found),
                Err(stop) => {
                    self.later(stop)?;
                }
            }
        }
        if positive {
            for at in 0..slots.len() {
                self.words.push(exprs.iter().flat_map(|slots| slots[at].0.clone()).collect());
            }
        }
        for (_, cut) in exprs.iter().flatten() {
            self.cut.extend(cut.clone());
        }
        let mut exprs: Vec<Expr> = exprs
            .into_iter()
            .map(|slots| sequence(slots.into_iter().map(|(leaves, _)| leaves).collect()))
            .collect();
        Ok(Some(if exprs.len() == 1 { exprs.swap_remove(0) } else { flat_or(exprs) }))
    }

    /// A whole address, or a domain with all below it.
    fn address(&self, kinds: &[Kind], text: &str, star: bool) -> Outcome<Expr> {
        let key = text.to_lowercase();
        if !star {
            return Ok(union(self.get(kinds, key.as_bytes(), 0)?));
        }
        let mut leaves = Vec::new();
        self.segment.dictionary.prefixed(&self.segment.resident, key.as_bytes(), |entry| {
            leaves.extend(leaves_of(entry, kinds, 0));
        })?;
        Ok(union(leaves))
    }

    fn slot(&self, kind: Kind, regions: u8, slot: &Slot, word: &str) -> Outcome<(Vec<Leaf>, Option<Cut>)> {
        if !slot.prefix {
            return Ok((self.get(&[kind], slot.text.as_bytes(), regions)?, None));
        }
        let mut leaves = Vec::new();
        self.segment.dictionary.prefixed(&self.segment.resident, slot.text.as_bytes(), |entry| {
            // Addresses and states are keys of their own, not forms of a word.
            if !entry.key.contains(&b'@') && !entry.key.contains(&b':') {
                leaves.extend(leaves_of(entry, &[kind], regions));
            }
        })?;
        let (forms, limit) = (leaves.len(), if self.typing { TYPING_FORMS } else { WILDCARD_FORMS });
        // The sort is stable: forms of the same frequency stay in the order of the dictionary.
        leaves.sort_by_key(|leaf| core::cmp::Reverse(leaf.list.n));
        leaves.truncate(limit);
        let cut = (forms > limit).then(|| Cut { word: word.to_owned(), used: limit, forms });
        Ok((leaves, cut))
    }

    fn get(&self, kinds: &[Kind], key: &[u8], regions: u8) -> Outcome<Vec<Leaf>> {
        let entry = self.segment.dictionary.get(&self.segment.resident, key)?;
        Ok(entry.map_or_else(Vec::new, |entry| leaves_of(&entry, kinds, regions)))
    }
}

fn leaves_of(entry: &Entry, kinds: &[Kind], regions: u8) -> Vec<Leaf> {
    let lists = kinds.iter().filter_map(|kind| entry.list(*kind));
    lists.map(|list| Leaf { list: list.clone(), regions }).collect()
}

fn slots_of(text: &str) -> Vec<Slot> {
    query_tokens(text).into_iter().map(|token| Slot { text: token.text, prefix: token.prefix }).collect()
}

fn union(leaves: Vec<Leaf>) -> Expr {
    if leaves.is_empty() { Expr::None } else { Expr::Union(leaves) }
}

fn sequence(mut slots: Vec<Vec<Leaf>>) -> Expr {
    if slots.iter().any(Vec::is_empty) {
        return Expr::None;
    }
    if slots.len() == 1 { union(slots.swap_remove(0)) } else { Expr::Phrase(slots) }
}

fn flat_or(exprs: Vec<Expr>) -> Expr {
    let mut leaves = Vec::new();
    let mut others = Vec::new();
    for expr in exprs {
        match expr {
            Expr::Union(more) => leaves.extend(more),
            Expr::None => {}
            other => others.push(other),
        }
    }
    if others.is_empty() {
        return union(leaves);
    }
    if !leaves.is_empty() {
        others.push(Expr::Union(leaves));
    }
    Expr::Or(others)
}

fn is_people(kind: Kind) -> bool {
    matches!(kind, Kind::From | Kind::To | Kind::Cc | Kind::Bcc)
}

/// Which lists a field is looked for in, and in which regions of them.
fn lists_of(field: Field) -> (&'static [Kind], u8) {
    match field {
        Field::Any => (&[Kind::Any], 0),
        Field::Body => (&[Kind::Any], OWN | QUOTED),
        Field::New => (&[Kind::Any], OWN),
        Field::Quoted => (&[Kind::Any], QUOTED),
        Field::Subject => (&[Kind::Subject], 0),
        Field::From => (&[Kind::From], 0),
        Field::To => (&[Kind::To, Kind::Cc, Kind::Bcc], 0),
        Field::OnlyTo => (&[Kind::To], 0),
        Field::Cc => (&[Kind::Cc], 0),
        Field::Bcc => (&[Kind::Bcc], 0),
        Field::With => (&[Kind::From, Kind::To, Kind::Cc, Kind::Bcc], 0),
        Field::Filename => (&[Kind::File], 0),
    }
}
