//! Reading a query. It never fails: what makes no sense is left out or read as words, with a note.
//!
//! The reader keeps a stack of open brackets instead of calling itself, so that the depth of a query costs no stack,
//! and the tree that it builds is no deeper than a few levels for each of [`MAX_BRACKETS`].

use core::ops::Range;

use super::ast::{Field, Node, Note, Part, Query};
use super::dates::{Day, Zone};
use super::fields::Operator;
use super::limit::{TOO_MANY, limit};
use super::print::query_text;
use super::scan::{Scan, is_dash, is_quote};

/// What a query is read with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// The present, in seconds since 1970: what `older_than:1y` counts from.
    pub now: i64,
    /// The archive's time zone, in which days are cut.
    pub zone: Zone,
    /// Whether the query is still being typed: its last word, if nothing follows it, is then a prefix.
    pub typing: bool,
}

/// Reads a query.
pub fn parse(text: &str, context: &Context) -> Query {
    let mut parser = Parser {
        scan: Scan::new(text),
        today: context.zone.day(context.now),
        context,
        notes: Vec::new(),
        frames: vec![Frame::new(Close::End, None, 0)],
        parts: Vec::new(),
        part: None,
        n_flattened: 0,
    };
    parser.run();
    while parser.frames.len() > 1 {
        parser.close();
    }
    let mut root = parser.frames.pop().and_then(|frame| parser.fold(frame));
    if root.as_mut().is_some_and(|root| limit(root, &mut 0)) {
        parser.note(0..text.len(), TOO_MANY.to_owned());
    }
    if root.is_none() && !text.trim().is_empty() && !text.contains(char::is_alphanumeric) {
        parser.note(0..text.len(), "there is no word in it: read as everything".to_owned());
    }
    Query { root: root.unwrap_or(Node::Everything), notes: parser.notes, parts: parser.parts, forms: false }
}

/// Brackets deeper than this are read as if they were not there. Nobody nests so deep, and everything that walks the
/// tree may recurse.
pub const MAX_BRACKETS: usize = 32;

/// A query that breaks every rule must not answer with a page of remarks.
const MAX_NOTES: usize = 20;

/// Words apart, where a nearness names no number.
const DISTANCE: u32 = 10;

/// Words apart at most: as good as anywhere in the same text.
pub(super) const MAX_DISTANCE: u32 = 9999;

pub(super) struct Parser<'a> {
    pub(super) scan: Scan<'a>,
    pub(super) context: &'a Context,
    pub(super) today: Day,
    notes: Vec<Note>,
    frames: Vec<Frame>,
    parts: Vec<Part>,
    /// Where the part that is being read begins, outside all brackets.
    part: Option<usize>,
    /// Open brackets that are read as if they were not there.
    n_flattened: usize,
}

/// What ends a frame.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Close {
    End,
    Bracket,
    Brace,
    /// A bracket or brace behind `thread:`.
    Thread(char),
}

/// How an operand is joined to the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Space,
    And,
    Or,
}

struct Item {
    joint: Joint,
    negated: bool,
    node: Node,
}

/// A nearness between two operands.
#[derive(Clone, Copy)]
struct Near {
    distance: u32,
    ordered: bool,
}

/// An open bracket and what was read in it.
struct Frame {
    close: Close,
    /// The operator before the bracket, which holds for everything in it.
    operator: Option<Operator>,
    start: usize,
    items: Vec<Item>,
    /// What was read since the last operand: AND or OR, a negation, a nearness, each with where it stands.
    joint: Option<(Joint, Range<usize>)>,
    negated: Option<Range<usize>>,
    near: Option<(Near, Range<usize>)>,
    /// An AND, OR or NOT in front of everything: a word, if nothing else comes.
    leading: Option<Range<usize>>,
}

impl Frame {
    fn new(close: Close, operator: Option<Operator>, start: usize) -> Self {
        Self {
            close,
            operator,
            start,
            items: Vec::new(),
            joint: None,
            negated: None,
            near: None,
            leading: None,
        }
    }
}

impl Parser<'_> {
    pub(super) fn note(&mut self, span: Range<usize>, text: String) {
        if self.notes.len() < MAX_NOTES && self.notes.iter().all(|note| note.text != text) {
            self.notes.push(Note { span, text });
        }
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the root frame is only taken when reading is over")
    }

    fn run(&mut self) {
        loop {
            self.scan.skip_space();
            let Some(c) = self.scan.peek() else { return };
            let start = self.scan.at;
            if self.frames.len() == 1 {
                self.part.get_or_insert(start);
            }
            match c {
                '(' | '{' => self.open(None),
                ')' | '}' => self.close_with(c),
                '|' => {
                    self.scan.skip(c);
                    if self.scan.peek() == Some('|') {
                        self.scan.skip('|');
                    }
                    self.join(Joint::Or, start);
                }
                _ if is_quote(c) => {
                    let operator = self.frame().operator;
                    self.phrase(operator);
                }
                _ if self.scan.rest().starts_with("&&") => {
                    self.scan.at += 2;
                    self.join(Joint::And, start);
                }
                '+' | '!' => self.sign(c),
                _ if is_dash(c) => self.sign(c),
                '/' if self.regex_here() => {}
                _ => self.word(),
            }
        }
    }

    /// A sign in front of an operand, or punctuation. More than one sign is punctuation too: `--verbose`, `!!!`.
    fn sign(&mut self, c: char) {
        let start = self.scan.at;
        let rest = self.scan.rest();
        let run = rest.len() - rest.trim_start_matches(|c| matches!(c, '+' | '!') || is_dash(c)).len();
        self.scan.at += run;
        let glued =
            self.scan.peek().is_some_and(|next| !next.is_whitespace() && !matches!(next, ')' | '}' | '|'));
        if glued && run == c.len_utf8() && c != '+' {
            self.negate(start);
        }
    }

    fn negate(&mut self, start: usize) {
        let span = self.scan.since(start);
        let frame = self.frame();
        frame.negated = match frame.negated.take() {
            Some(_) => None,
            None => Some(span),
        };
    }

    fn join(&mut self, joint: Joint, start: usize) {
        let span = self.scan.since(start);
        if self.frames.len() == 1 {
            self.part = None;
        }
        let frame = self.frame();
        if frame.items.is_empty() {
            frame.leading = Some(span);
        } else {
            frame.joint = Some((joint, span));
        }
    }

    /// A word: a keyword, a nearness, an operator with its value, or a word to look for.
    fn word(&mut self) {
        let start = self.scan.at;
        let word = self.scan.peek_word();
        match word {
            "AND" | "OR" => {
                self.scan.at += word.len();
                self.join(if word == "AND" { Joint::And } else { Joint::Or }, start);
                return;
            }
            "NOT" => {
                self.scan.at += word.len();
                let span = self.scan.since(start);
                let frame = self.frame();
                if frame.items.is_empty() {
                    frame.leading = Some(span);
                }
                self.negate(start);
                return;
            }
            _ => {}
        }
        if let Some(mut near) = self.nearness(word) {
            let span = self.scan.since(start);
            if near.distance == 0 {
                near.distance = 1;
                self.note(span.clone(), "words next to each other are 1 apart: 0 is read as 1".to_owned());
            }
            let frame = self.frame();
            if frame.items.is_empty() || frame.joint.is_some() || frame.negated.is_some() {
                self.scan.at = start + word.len();
                self.note(start..self.scan.at, format!("{word} joins nothing here: read as a word"));
                self.operand(Some(Node::Phrase { field: Field::Any, text: word.to_owned(), slop: None }));
            } else {
                frame.near = Some((near, span));
            }
            return;
        }
        self.named_or_bare(word);
    }

    /// Takes a nearness with its number.
    fn nearness(&mut self, word: &str) -> Option<Near> {
        let (name, number) = word.split_once('/').unwrap_or((word, ""));
        let distance = |text: &str| {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| text.parse().unwrap_or(MAX_DISTANCE).min(MAX_DISTANCE))
        };
        let ordered = matches!(name, "ADJ" | "pre" | "PRE");
        let slashed = matches!(name, "NEAR" | "ADJ" | "w" | "W" | "pre" | "PRE") && word.len() > name.len();
        let distance = if slashed {
            let distance = distance(number);
            if distance.is_none() && matches!(name, "NEAR" | "ADJ") {
                let span = self.scan.at..self.scan.at + word.len();
                self.note(span, format!("{word}: {name} takes a number, as in {name}/5: read as words"));
            }
            distance?
        } else if matches!(word, "NEAR" | "ADJ") {
            DISTANCE
        } else if word == "AROUND" {
            return Some(Near { distance: self.around(), ordered });
        } else {
            return None;
        };
        self.scan.at += word.len();
        Some(Near { distance, ordered })
    }

    /// `AROUND`, `AROUND(n)`, and `AROUND n` if something comes after the number.
    fn around(&mut self) -> u32 {
        self.scan.at += "AROUND".len();
        let rest = self.scan.rest();
        let digits = |text: &str| text.bytes().take(5).take_while(u8::is_ascii_digit).count();
        let bracketed = rest.strip_prefix('(').map(|inner| (inner, digits(inner)));
        if let Some((inner, n_digits @ 1..=4)) = bracketed.filter(|(inner, n)| inner[*n..].starts_with(')')) {
            self.scan.at += n_digits + 2;
            return inner[..n_digits].parse().unwrap_or(DISTANCE);
        }
        let bare = rest.trim_start();
        let n_digits = digits(bare);
        let after = &bare[n_digits..];
        let follows = after.trim_start();
        let apart = after.len() > follows.len() && bare.len() < rest.len();
        if matches!(n_digits, 1..=4) && apart && !follows.is_empty() && !follows.starts_with([')', '}']) {
            self.scan.at += rest.len() - after.len();
            return bare[..n_digits].parse().unwrap_or(DISTANCE);
        }
        DISTANCE
    }

    /// Opens a bracket, within an operator's value or for itself.
    pub(super) fn open(&mut self, operator: Option<Operator>) {
        let start = self.scan.at;
        let is_thread = operator.is_some_and(|operator| operator.name == "thread");
        let close = match self.scan.peek() {
            Some('(') if is_thread => Close::Thread(')'),
            _ if is_thread => Close::Thread('}'),
            Some('(') => Close::Bracket,
            _ => Close::Brace,
        };
        self.scan.at += 1;
        if self.frames.len() > MAX_BRACKETS {
            self.n_flattened += 1;
            let span = self.scan.since(start);
            self.note(
                span,
                format!("brackets more than {MAX_BRACKETS} deep are read as if they were not there"),
            );
            return;
        }
        let operator = if is_thread { None } else { operator.or(self.frame().operator) };
        self.frames.push(Frame::new(close, operator, start));
    }

    fn close_with(&mut self, c: char) {
        let start = self.scan.at;
        self.scan.skip(c);
        if self.n_flattened > 0 {
            self.n_flattened -= 1;
            return;
        }
        let close = if c == ')' { Close::Bracket } else { Close::Brace };
        let closes = |frame: &Frame| frame.close == close || frame.close == Close::Thread(c);
        if self.frames.iter().any(closes) {
            while !closes(self.frame()) {
                self.close();
            }
            self.close();
        } else {
            let span = self.scan.since(start);
            self.note(span, format!("“{c}” closes nothing and is left out"));
        }
    }

    fn close(&mut self) {
        if let Some(frame) = self.frames.pop() {
            let node = self.fold(frame);
            self.operand(node);
        }
    }

    /// The operator that holds where the reader is.
    pub(super) fn operator_around(&mut self) -> Option<Operator> {
        self.frame().operator
    }

    /// Adds an operand with what was read in front of it. `None` is something that has no meaning, such as `()`.
    pub(super) fn operand(&mut self, node: Option<Node>) {
        let frame = self.frame();
        let negated = frame.negated.take();
        let near = frame.near.take();
        let Some(node) = node else {
            self.part = None;
            return;
        };
        let joins = near.is_some() || matches!(frame.joint, Some((Joint::Or, _)));
        self.note_part(&node, joins);
        let frame = self.frame();
        match (near, frame.items.last_mut()) {
            (Some((near, span)), Some(last)) if negated.is_none() && frame.joint.is_none() => {
                let left = core::mem::replace(&mut last.node, Node::Everything);
                let (joined, problem) = near_node(near, left, node);
                last.node = joined;
                if let Some(problem) = problem {
                    self.note(span, problem.to_owned());
                }
            }
            (near, _) => {
                let joint = frame.joint.take().map_or(Joint::Space, |joint| joint.0);
                frame.items.push(Item { joint, negated: negated.is_some(), node });
                if let Some((_, span)) = near {
                    let word = &self.scan.text[span.clone()];
                    self.note(span, format!("{word} needs an operand on each side and is left out"));
                }
            }
        }
    }

    /// Notes where a part ends that stands outside all brackets; one that joins the part before it makes it longer.
    fn note_part(&mut self, node: &Node, joins: bool) {
        if self.frames.len() > 1 {
            return;
        }
        let (start, end, filter) = (self.part.take(), self.scan.at, node.is_filter());
        match (start, self.parts.last_mut()) {
            (Some(start), last) if last.is_none() || !joins => {
                self.parts.push(Part { span: start..end, filter });
            }
            (_, Some(last)) => {
                last.span.end = end;
                last.filter &= filter;
            }
            _ => {}
        }
    }

    /// Makes a frame's items into one node, OR before AND.
    fn fold(&mut self, mut frame: Frame) -> Option<Node> {
        self.note_left_out(&frame);
        let is_thread = matches!(frame.close, Close::Thread(_));
        if frame.items.is_empty() {
            let lone = frame.leading.take()?;
            let text = self.scan.text[lone].to_owned();
            let is_word = text.starts_with(|c: char| c.is_alphabetic());
            let node = is_word.then_some(Node::Phrase { field: Field::Any, text, slop: None })?;
            return Some(if is_thread { in_threads(vec![node]) } else { node });
        }
        let said = |joint: Joint| frame.items.iter().skip(1).any(|item| item.joint == joint);
        let with_and = said(Joint::And);
        let braced = frame.close == Close::Brace;
        let other =
            (with_and && said(Joint::Or) && !braced && !is_thread).then(|| fold_and_first(&frame.items));
        let (mut all, mut any): (Vec<Node>, Vec<Node>) = (Vec::new(), Vec::new());
        for item in frame.items {
            if item.joint != Joint::Or && !braced && !any.is_empty() {
                all.push(join_any(core::mem::take(&mut any)));
            }
            any.push(signed(item.node, item.negated));
        }
        all.push(join_any(any));
        let node = if is_thread { in_threads(all) } else { join_all(all) };
        if braced && with_and {
            self.note(
                frame.start..self.scan.at,
                "braces mean any of: AND inside them is left out".to_owned(),
            );
        }
        if let Some(other) = other {
            let text = both_readings(&node, &other);
            self.note(frame.start..self.scan.at, text);
        }
        Some(node)
    }

    /// Remarks about keywords that join nothing.
    fn note_left_out(&mut self, frame: &Frame) {
        let all = frame.items.is_empty();
        let ends = [&frame.negated, &frame.joint.as_ref().map(|joint| joint.1.clone())].map(Clone::clone);
        let near = frame.near.as_ref().map(|near| near.1.clone());
        for span in ends.into_iter().flatten().chain(near).filter(|_| !all) {
            let word = &self.scan.text[span.clone()];
            self.note(span, format!("{word} at the end joins nothing and is left out"));
        }
        if let Some(span) = frame.leading.clone().filter(|_| !all) {
            let word = &self.scan.text[span.clone()];
            if word != "NOT" {
                self.note(span, format!("{word} at the start joins nothing and is left out"));
            }
        }
    }
}

pub(super) fn signed(node: Node, negated: bool) -> Node {
    match node {
        node if !negated => node,
        Node::Not(inner) => *inner,
        node => Node::Not(Box::new(node)),
    }
}

/// Threads that hold a message for each of these.
fn in_threads(mut parts: Vec<Node>) -> Node {
    parts.retain(|part| *part != Node::Everything);
    if parts.is_empty() { Node::Everything } else { Node::Thread(parts) }
}

/// All of these: brackets in brackets fall away, and so does the whole archive.
fn join_all(nodes: Vec<Node>) -> Node {
    let mut parts = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node {
            Node::And(inner) => parts.extend(inner),
            Node::Everything => {}
            node => parts.push(node),
        }
    }
    match parts.len() {
        0 => Node::Everything,
        1 => parts.remove(0),
        _ => Node::And(parts),
    }
}

fn join_any(nodes: Vec<Node>) -> Node {
    let mut parts = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node {
            Node::Or(inner) => parts.extend(inner),
            node => parts.push(node),
        }
    }
    match parts.len() {
        1 => parts.remove(0),
        _ => Node::Or(parts),
    }
}

/// The same items, AND before OR: the reading of most programming languages.
fn fold_and_first(items: &[Item]) -> Node {
    let (mut any, mut all): (Vec<Node>, Vec<Node>) = (Vec::new(), Vec::new());
    for item in items {
        if item.joint == Joint::Or && !all.is_empty() {
            any.push(join_all(core::mem::take(&mut all)));
        }
        all.push(signed(item.node.clone(), item.negated));
    }
    any.push(join_all(all));
    join_any(any)
}

fn both_readings(read: &Node, other: &Node) -> String {
    const MAX_SHOWN: usize = 200;
    let (read, other) = (query_text(read), query_text(other));
    if read.len() + other.len() > MAX_SHOWN {
        return "OR binds before AND: use brackets to say what you mean".to_owned();
    }
    format!("read as {read}, since OR binds before AND; the other reading is {other}")
}

/// Groups of words inside nearness are taken apart, each word against each; with more pairs than this they are not.
const MAX_PAIRS: usize = 64;

/// Two operands near each other, or both of them, with the reason, where there is no distance between them.
fn near_node(near: Near, left: Node, right: Node) -> (Node, Option<&'static str>) {
    let fields = [text_field(&left), text_field(&right)];
    let problem = match fields {
        [None, _] | [_, None] => Some("only words and phrases can be near each other: read as AND"),
        [a, b] if a != b => Some("words in two fields cannot be near each other: read as AND"),
        // As deep as brackets may be: what walks a tree does so on the stack.
        _ if chained(&left) == MAX_BRACKETS || n_pairs(&left).saturating_mul(n_pairs(&right)) > MAX_PAIRS => {
            Some("too many words to be near each other: read as AND")
        }
        _ => None,
    };
    if problem.is_some() {
        return (join_all(vec![left, right]), problem);
    }
    let (left, right) = (Box::new(left), Box::new(right));
    (Node::Near { left, right, distance: near.distance, ordered: near.ordered }, None)
}

/// The field that all words of a tree stand in, body and its parts taken for the field of bare words; `None` if there
/// is anything but words of one field.
fn text_field(node: &Node) -> Option<Field> {
    match node {
        Node::Word { field, .. } | Node::Phrase { field, .. } => Some(match field {
            Field::Body | Field::New | Field::Quoted => Field::Any,
            field => *field,
        }),
        Node::And(parts) | Node::Or(parts) => {
            let mut fields = parts.iter().map(text_field);
            let first = fields.next()??;
            fields.all(|field| field == Some(first)).then_some(first)
        }
        Node::Near { left, .. } => text_field(left),
        _ => None,
    }
}

/// How many operands stand in a row, each near what is before it.
fn chained(node: &Node) -> usize {
    match node {
        Node::Near { left, .. } => 1 + chained(left),
        Node::And(parts) => parts.iter().map(chained).max().unwrap_or(0),
        _ => 0,
    }
}

/// How many operands a nearness has to be tried with: see [`Node::near`].
fn n_pairs(node: &Node) -> usize {
    match node {
        Node::And(parts) => parts.iter().map(n_pairs).fold(0, usize::saturating_add),
        Node::Or(parts) if parts.iter().any(|part| n_pairs(part) > 1) => {
            parts.iter().map(n_pairs).fold(0, usize::saturating_add)
        }
        Node::Near { left, right, .. } => n_pairs(left).saturating_mul(n_pairs(right)),
        _ => 1,
    }
}
