//! From the tree of a query to the lists of one segment that answer it.

use super::kinds::is_kind;
use super::near::Spans;
#[cfg(feature = "scan")]
use super::scan::Scan;
use super::threads::Threads;
use crate::error::{Outcome, Stop};
use crate::format::dictionary::{Entry, Kind};
use crate::format::list::{ListRef, OWN, QUOTED};
use crate::order_by::order_by;
use crate::query::{Field, Node};
use crate::segment::{Segment, all};
use crate::text::{Form, fold, forms, lower};
use core::ops::Range;
#[cfg(feature = "scan")]
use std::rc::Rc;

/// A word that is still being typed stands for so many words at most.
const TYPING_FORMS: usize = 40;
/// A word with a wildcard stands for so many words with a list to fetch, the most frequent first.
const WILDCARD_FORMS: usize = 1000;
/// The same with the words of one message each, which lie in the dictionary.
const WILDCARD_FORMS_AT_HAND: usize = 10_000;

/// One list, and the regions in which a posting of it counts.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    pub(crate) list: ListRef,
    /// Region bits; 0 is any.
    pub(crate) regions: u8,
}

/// A word of a phrase: any of these lists, so many words from where the phrase begins.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) at: u32,
    pub(crate) leaves: Vec<Leaf>,
}

/// What a segment has to do for a query.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    All,
    None,
    Range(Range<u32>),
    /// These messages, ascending.
    Docs(Vec<u32>),
    /// Messages delivered from one day to before another.
    Received(Option<i64>, Option<i64>),
    /// Messages with so many bytes.
    Size(Range<u64>),
    /// Any of these lists.
    Union(Vec<Leaf>),
    /// The words at these distances from each other.
    Phrase(Vec<Slot>),
    /// Words near each other: those messages of the first part that hold such a place.
    Near(Box<Expr>, Spans),
    /// Messages of threads that hold one for each part.
    Threads(Threads),
    /// Messages that pass a test which is made on themselves.
    #[cfg(feature = "scan")]
    Scan(Rc<Scan>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
}

impl Expr {
    /// Whether messages are read for it.
    #[cfg(feature = "scan")]
    pub(crate) fn reads(&self) -> bool {
        match self {
            Expr::Scan(_) => true,
            Expr::And(parts) | Expr::Or(parts) | Expr::Threads(Threads { parts, .. }) => {
                parts.iter().any(Expr::reads)
            }
            Expr::Not(part) => part.reads(),
            _ => false,
        }
    }

    /// Whether messages are read for it, which this engine does not.
    #[cfg(not(feature = "scan"))]
    pub(crate) fn reads(&self) -> bool {
        false
    }
}

/// A plan for one segment.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) expr: Expr,
    /// For each word that adds to the score, in the order of the query, its lists and how many messages have it.
    pub(crate) words: Vec<Vec<Leaf>>,
    /// Words that stood for more forms than are used.
    pub(crate) cut: Vec<Cut>,
    /// Words that other forms were found for, with these.
    pub(crate) also: Vec<(String, Vec<String>)>,
    /// Operators that are looked up whole, each with whether any message has it.
    pub(crate) states: Vec<(String, bool)>,
    /// The tests that messages are read for.
    #[cfg(feature = "scan")]
    pub(crate) scans: Vec<Rc<Scan>>,
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

impl Plan {
    /// The plan of a segment that a query does not ask.
    pub(crate) fn nothing() -> Plan {
        Plan {
            expr: Expr::None,
            words: Vec::new(),
            cut: Vec::new(),
            also: Vec::new(),
            states: Vec::new(),
            #[cfg(feature = "scan")]
            scans: Vec::new(),
        }
    }
}

/// Looks up every word of `node`, with their other `forms` if those are wanted; all dictionary blocks that are missing are noted at once.
pub(crate) fn plan(node: &Node, segment: &Segment, typing: bool, forms: bool) -> Outcome<Plan> {
    let mut planner = Planner {
        segment,
        typing,
        forms,
        words: Vec::new(),
        cut: Vec::new(),
        also: Vec::new(),
        states: Vec::new(),
        #[cfg(feature = "scan")]
        scans: Vec::new(),
        missing: false,
    };
    let expr = planner.node(node, true)?.unwrap_or(Expr::All);
    if planner.missing {
        return Err(Stop::Missing);
    }
    Ok(Plan {
        expr,
        words: planner.words,
        cut: planner.cut,
        also: planner.also,
        states: planner.states,
        #[cfg(feature = "scan")]
        scans: planner.scans,
    })
}

struct Planner<'a> {
    segment: &'a Segment,
    typing: bool,
    /// Whether words stand for their other forms too.
    forms: bool,
    words: Vec<Vec<Leaf>>,
    cut: Vec<Cut>,
    also: Vec<(String, Vec<String>)>,
    states: Vec<(String, bool)>,
    #[cfg(feature = "scan")]
    scans: Vec<Rc<Scan>>,
    missing: bool,
}

impl Planner<'_> {
    /// `None` is a part that says nothing: punctuation alone, or an operator that is not built.
    fn node(&mut self, node: &Node, positive: bool) -> Outcome<Option<Expr>> {
        Ok(Some(match node {
            Node::Everything => Expr::All,
            Node::NotBuilt { .. } => return Ok(None),
            #[cfg(feature = "scan")]
            Node::Header { .. } | Node::Regex { .. } => {
                let Some(scan) = self.segment.scans.scan(node, self.segment.n_docs()) else {
                    return Ok(None);
                };
                self.scans.push(scan.clone());
                Expr::Scan(scan)
            }
            Node::Near { left, right, distance, ordered } => {
                return self.near(left, right, *distance, *ordered, positive);
            }
            Node::And(parts) => {
                let parts = self.parts(parts, positive)?;
                if parts.is_empty() { return Ok(None) } else { Expr::And(parts) }
            }
            Node::Or(parts) => {
                let parts = self.parts(parts, positive)?;
                if parts.is_empty() { return Ok(None) } else { Expr::Or(parts) }
            }
            Node::Thread(parts) => {
                let parts = self.parts(parts, positive)?;
                if parts.is_empty() { return Ok(None) } else { Expr::Threads(Threads::new(parts)) }
            }
            Node::Not(part) => match self.node(part, !positive)? {
                Some(part) => Expr::Not(Box::new(part)),
                None => return Ok(None),
            },
            Node::Word { field, text, typos } => return self.text(*field, text, *typos, None, positive),
            Node::Phrase { field, text, slop } => {
                return self.as_written(|own| own.text(*field, text, 0, *slop, positive));
            }
            Node::Date { from, until, .. } => self.dates(*from, *until)?,
            Node::Received { from, until, .. } => Expr::Received(*from, *until),
            Node::Size { from, until } => Expr::Size(*from..*until),
            Node::State { prefix, value } => self.state(prefix, value)?,
        }))
    }

    /// What is in quotes stands for no other forms.
    fn as_written<T>(&mut self, look_up: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        let forms = core::mem::take(&mut self.forms);
        let found = look_up(self);
        self.forms = forms;
        found
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
            return Ok(if is_kind(value, self.segment.front.kind) { Expr::All } else { Expr::None });
        }
        if (prefix, value) == ("has", "date") {
            return Ok(Expr::Range(self.segment.front.n_undated..self.segment.n_docs()));
        }
        let found = match prefix {
            "hash" | "thread" => self.of_key(prefix, value),
            "rfc822msgid" => self.segment.with_id(value).map(Expr::Docs),
            _ => self.values(prefix, value),
        };
        let found = found.or_else(|stop| self.later(stop))?;
        if !self.typing {
            let is_here =
                !matches!(&found, Expr::None) && !matches!(&found, Expr::Docs(docs) if docs.is_empty());
            self.states.push((format!("{prefix}:{value}"), is_here));
        }
        Ok(found)
    }

    /// Messages with a value of this shape.
    fn values(&mut self, prefix: &str, value: &str) -> Outcome<Expr> {
        let is_label = prefix == "label";
        if !is_label && !value.contains(['*', '?']) {
            return self.get(&[Kind::State], format!("{prefix}:{value}").as_bytes(), 0).map(union);
        }
        let plain = |value: &str| if is_label { joined_words(value) } else { value.to_owned() };
        let shape = Form::Shape(plain(value));
        // Signs between words may stand anywhere behind the first letter of a label.
        let length = if is_label { value.chars().next().map_or(0, char::len_utf8) } else { value.len() };
        let beginning = value[..length].split(['*', '?']).next().unwrap_or_default();
        let beginning = format!("{prefix}:{beginning}");
        let mut leaves = Vec::new();
        self.segment.dictionary.prefixed(&self.segment.resident, beginning.as_bytes(), &mut |entry| {
            let own = entry.key.get(prefix.len() + 1..).and_then(|own| core::str::from_utf8(own).ok());
            if own.is_some_and(|own| shape.holds(&plain(own))) {
                leaves.extend(leaves_of(entry, &[Kind::State], 0));
            }
        })?;
        Ok(union(self.most_frequent(leaves, value)))
    }

    /// Of the forms that a wildcard stands for, those that are used.
    fn most_frequent(&mut self, mut leaves: Vec<Leaf>, text: &str) -> Vec<Leaf> {
        let forms = leaves.len();
        let to_fetch = leaves.iter().filter(|leaf| leaf.list.n > 1).count();
        let limit = match (self.typing, to_fetch > WILDCARD_FORMS) {
            (true, _) => TYPING_FORMS,
            (false, true) => WILDCARD_FORMS,
            (false, false) => WILDCARD_FORMS_AT_HAND,
        };
        // Forms of the same frequency stay in the order of the dictionary.
        order_by(&mut leaves, |leaf| u64::MAX - u64::from(leaf.list.n));
        leaves.truncate(limit);
        if forms > limit {
            self.cut.push(Cut { word: text.to_owned(), used: limit, forms });
        }
        leaves
    }

    /// The message with a key, or its thread.
    fn of_key(&self, prefix: &str, key: &str) -> Outcome<Expr> {
        let key = u64::from_str_radix(key, 16).ok();
        let Some(key) = key else { return Ok(Expr::None) };
        let mut docs = Vec::from_iter(self.segment.find(key)?);
        let mut known = docs.first().copied();
        if prefix == "thread" && known.is_none() {
            // A message of an older segment, whose thread goes on in this one.
            known = self.segment.linked(key)?.first().copied();
        }
        if let ("thread", Some(doc)) = (prefix, known) {
            let nodes = self.segment.thread(self.segment.line(doc)?.place)?;
            docs = nodes.iter().filter_map(|node| node.who.doc()).collect();
            docs.sort_unstable();
            docs.dedup();
        }
        Ok(Expr::Docs(docs))
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

    fn text(
        &mut self,
        field: Field,
        text: &str,
        typos: u8,
        slop: Option<u32>,
        positive: bool,
    ) -> Outcome<Option<Expr>> {
        let (kinds, regions) = lists_of(field);
        let is_address = text.contains('@') && !text.contains(char::is_whitespace);
        if is_address && kinds.iter().all(|kind| is_people(*kind)) {
            return match self.address(kinds, text) {
                Ok(expr) => Ok(Some(expr)),
                Err(stop) => self.later(stop).map(Some),
            };
        }
        let forms = forms(text, typos);
        if forms.is_empty() {
            return Ok(None);
        }
        // Every kind of list is its own field: a phrase stands within one of them.
        let mut each = Vec::new();
        for &kind in kinds {
            each.push(self.slots(kind, regions, &forms, text)?);
        }
        if positive {
            self.score(&each);
        }
        let exprs = each.into_iter().map(|slots| match slop {
            Some(slop) => near_expr(Spans::Window(slots, slop)),
            None => sequence(slots),
        });
        Ok(Some(flat_or(exprs.collect())))
    }

    /// Each word adds to the score, in whatever kinds of lists it is.
    fn score(&mut self, each: &[Vec<Slot>]) {
        let n = each.first().map_or(0, Vec::len);
        for at in 0..n {
            self.words
                .push(each.iter().filter_map(|slots| slots.get(at)).flat_map(|s| s.leaves.clone()).collect());
        }
    }

    /// Two operands of one field near each other, in any kind of list that the field has.
    fn near(
        &mut self,
        left: &Node,
        right: &Node,
        distance: u32,
        ordered: bool,
        positive: bool,
    ) -> Outcome<Option<Expr>> {
        let node = taken_apart(left, right, distance, ordered);
        let Node::Near { left, right, .. } = &node else { return self.node(&node, positive) };
        let kinds = kinds_in(left);
        let mut exprs = Vec::new();
        for &kind in kinds {
            let left = self.spans(left, kind, positive)?;
            let right = self.spans(right, kind, positive)?;
            let (left, right) = (Box::new(left), Box::new(right));
            exprs.push(near_expr(Spans::Near { left, right, distance, ordered }));
        }
        Ok(Some(flat_or(exprs)))
    }

    /// Where an operand of a nearness stands in one kind of list.
    fn spans(&mut self, node: &Node, kind: Kind, positive: bool) -> Outcome<Spans> {
        let (field, text, typos, slop) = match node {
            Node::Word { field, text, typos } => (*field, text, *typos, None),
            Node::Phrase { field, text, slop } => (*field, text, 0, *slop),
            Node::Near { left, right, distance, ordered } => {
                let left = Box::new(self.spans(left, kind, positive)?);
                let right = Box::new(self.spans(right, kind, positive)?);
                return Ok(Spans::Near { left, right, distance: *distance, ordered: *ordered });
            }
            Node::Or(parts) => {
                let mut spans = Vec::with_capacity(parts.len());
                for part in parts {
                    spans.push(self.spans(part, kind, positive)?);
                }
                return Ok(Spans::Any(spans));
            }
            // The reader of queries lets nothing else stand here.
            _ => return Ok(Spans::Any(Vec::new())),
        };
        let forms = forms(text, typos);
        let slots = match node {
            Node::Phrase { .. } => self.as_written(|own| own.slots(kind, lists_of(field).1, &forms, text))?,
            _ => self.slots(kind, lists_of(field).1, &forms, text)?,
        };
        if positive {
            self.score(core::slice::from_ref(&slots));
        }
        Ok(match slop {
            Some(slop) => Spans::Window(slots, slop),
            None => Spans::Phrase(slots),
        })
    }

    /// A whole address, or a domain with all below it.
    fn address(&self, kinds: &[Kind], text: &str) -> Outcome<Expr> {
        let key = lower(text);
        // `*@acme.com` is the domain.
        let key = key.strip_prefix('*').filter(|rest| rest.starts_with('@')).unwrap_or(&key);
        if !key.contains(['*', '?']) {
            return Ok(union(self.get(kinds, key.as_bytes(), 0)?));
        }
        let shape = Form::Shape(key.to_owned());
        let mut leaves = Vec::new();
        let beginning = shape.beginning().as_bytes();
        self.segment.dictionary.prefixed(&self.segment.resident, beginning, &mut |entry| {
            if entry.key.contains(&b'@') && is_form(&shape, &entry.key) {
                leaves.extend(leaves_of(entry, kinds, 0));
            }
        })?;
        Ok(union(leaves))
    }

    /// The lists of a phrase's words, those that are left open apart.
    fn slots(&mut self, kind: Kind, regions: u8, forms: &[Form], text: &str) -> Outcome<Vec<Slot>> {
        let words = forms.iter().zip(0..).filter(|(form, _)| **form != Form::Any);
        let mut slots = Vec::with_capacity(forms.len());
        for (form, at) in words {
            let leaves = match self.leaves(kind, regions, form, text) {
                Ok(leaves) => leaves,
                Err(stop) => {
                    self.later(stop)?;
                    Vec::new()
                }
            };
            slots.push(Slot { at, leaves });
        }
        Ok(slots)
    }

    fn leaves(&mut self, kind: Kind, regions: u8, form: &Form, text: &str) -> Outcome<Vec<Leaf>> {
        if let Form::Word(word) = form {
            let own = self.get(&[kind], word.as_bytes(), regions);
            if !self.forms || !is_inflected(kind, word, text) {
                return own;
            }
            // What either misses is asked for in the same round.
            let others = self.other_forms(kind, regions, word);
            return Ok([own?, others?].concat());
        }
        let mut leaves = Vec::new();
        let beginning = form.beginning().as_bytes();
        self.segment.dictionary.prefixed(&self.segment.resident, beginning, &mut |entry| {
            // Addresses and states are keys of their own, not forms of a word.
            let is_word = !entry.key.contains(&b'@') && !entry.key.contains(&b':');
            if is_word && is_form(form, &entry.key) {
                leaves.extend(leaves_of(entry, &[kind], regions));
            }
        })?;
        Ok(self.most_frequent(leaves, text))
    }

    /// The lists of the words that share a stem with this one.
    fn other_forms(&mut self, kind: Kind, regions: u8, word: &str) -> Outcome<Vec<Leaf>> {
        let mut leaves = Vec::new();
        let mut also = Vec::new();
        let others = self.segment.forms_of(word)?;
        let lists = all(others.iter().map(|other| self.get(&[kind], other.as_bytes(), regions)))?;
        for (other, lists) in others.into_iter().zip(lists).filter(|(_, lists)| !lists.is_empty()) {
            also.push(other);
            leaves.extend(lists);
        }
        if !also.is_empty() {
            self.also.push((word.to_owned(), also));
        }
        Ok(leaves)
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

/// Whether a word may stand for its other forms: one of a text, not of a name, and written alone rather than in a phrase.
fn is_inflected(kind: Kind, word: &str, text: &str) -> bool {
    matches!(kind, Kind::Any | Kind::Subject) && fold(text) == word
}

fn is_form(form: &Form, key: &[u8]) -> bool {
    core::str::from_utf8(key).is_ok_and(|word| form.holds(word))
}

/// A label without the signs that stand for the blanks in it, but for one in front.
fn joined_words(label: &str) -> String {
    label.char_indices().filter(|(at, c)| *at == 0 || !matches!(c, '-' | '_')).map(|(_, c)| c).collect()
}

fn union(leaves: Vec<Leaf>) -> Expr {
    if leaves.is_empty() { Expr::None } else { Expr::Union(leaves) }
}

fn sequence(mut slots: Vec<Slot>) -> Expr {
    if slots.iter().any(|slot| slot.leaves.is_empty()) {
        return Expr::None;
    }
    if slots.len() == 1 { union(slots.swap_remove(0).leaves) } else { Expr::Phrase(slots) }
}

fn near_expr(spans: Spans) -> Expr {
    match candidates(&spans) {
        Expr::None => Expr::None,
        candidates => Expr::Near(Box::new(candidates), spans),
    }
}

/// The messages that hold what a nearness is between, however far apart.
fn candidates(spans: &Spans) -> Expr {
    let both = |parts: Vec<Expr>| {
        if parts.iter().any(|part| matches!(part, Expr::None)) { Expr::None } else { Expr::And(parts) }
    };
    match spans {
        Spans::Phrase(slots) | Spans::Window(slots, _) => {
            both(slots.iter().map(|slot| union(slot.leaves.clone())).collect())
        }
        Spans::Any(parts) => flat_or(parts.iter().map(candidates).collect()),
        Spans::Near { left, right, .. } => both(vec![candidates(left), candidates(right)]),
    }
}

/// A nearness with the groups in its operands taken apart: all of `(a b)` near `c` is `a` near `c` and `b` near `c`.
fn taken_apart(left: &Node, right: &Node, distance: u32, ordered: bool) -> Node {
    let (left, right) = (operand(left), operand(right));
    let with_left = |part: &Node| taken_apart(part, &right, distance, ordered);
    let with_right = |part: &Node| taken_apart(&left, part, distance, ordered);
    match (&left, &right) {
        (Node::And(parts), _) => Node::And(parts.iter().map(with_left).collect()),
        (_, Node::And(parts)) => Node::And(parts.iter().map(with_right).collect()),
        (Node::Or(parts), _) if has_and(&left) => Node::Or(parts.iter().map(with_left).collect()),
        (_, Node::Or(parts)) if has_and(&right) => Node::Or(parts.iter().map(with_right).collect()),
        _ => Node::Near { left: Box::new(left), right: Box::new(right), distance, ordered },
    }
}

fn operand(node: &Node) -> Node {
    match node {
        Node::Near { left, right, distance, ordered } => taken_apart(left, right, *distance, *ordered),
        Node::And(parts) => Node::And(parts.iter().map(operand).collect()),
        Node::Or(parts) => Node::Or(parts.iter().map(operand).collect()),
        node => node.clone(),
    }
}

fn has_and(node: &Node) -> bool {
    match node {
        Node::And(_) => true,
        Node::Or(parts) => parts.iter().any(has_and),
        _ => false,
    }
}

/// The kinds of lists of an operand, which are the same for all its words.
fn kinds_in(node: &Node) -> &'static [Kind] {
    match node {
        Node::Word { field, .. } | Node::Phrase { field, .. } => lists_of(*field).0,
        Node::Near { left, .. } => kinds_in(left),
        Node::Or(parts) => parts.first().map_or(&[], kinds_in),
        _ => &[],
    }
}

fn flat_or(mut exprs: Vec<Expr>) -> Expr {
    if exprs.len() == 1 {
        return exprs.swap_remove(0);
    }
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
    if leaves.is_empty() && others.len() == 1 {
        return others.swap_remove(0);
    }
    if !leaves.is_empty() {
        others.push(Expr::Union(leaves));
    }
    Expr::Or(others)
}

fn is_people(kind: Kind) -> bool {
    matches!(kind, Kind::From | Kind::To | Kind::Cc | Kind::Bcc | Kind::Delivered)
}

/// Which lists a field is looked for in, and in which regions of them.
pub(super) fn lists_of(field: Field) -> (&'static [Kind], u8) {
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
        Field::Attachment => (&[Kind::File, Kind::Attachment], 0),
        Field::DeliveredTo => (&[Kind::Delivered], 0),
    }
}
