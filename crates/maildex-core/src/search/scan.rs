//! Questions whose answer stands in no list: headers of any name and regular expressions. Messages are read for them.
//!
//! A scan reads only what the rest of the query allows, newest first, a block of records or texts at a time; every
//! message of a block is tested for every scan of the query, so each block is unpacked once. What was found out is kept
//! with the segment, so that the step which is run again goes on where it stopped; answers do not depend on it. A step
//! stops for more bytes when it has missed [`ROUND`] of them, and for breath when it has unpacked [`BREATH`]: how far it
//! is tells [`Progress`].

use super::bits::Bits;
use super::eval::eval;
use super::matcher::Matcher;
use super::plan::Expr;
use crate::error::{Error, Outcome, Stop, corrupt};
use crate::format::block::SectionId;
use crate::format::line::{CAPS, PAGE};
use crate::format::record::Record;
use crate::format::tree::read_places;
use crate::query::{Field, Node};
use crate::segment::{Segment, all};
use core::cell::{Cell, OnceCell, RefCell};
use core::ops::Range;
use std::rc::Rc;

/// A step that has missed so many bytes asks for them before it notes more.
const ROUND: u64 = if cfg!(test) { 4 << 10 } else { 2 << 20 };
/// A step that has unpacked so many bytes stops to be asked again. With `regex-lite` that is a quarter of a second.
const BREATH: usize = if cfg!(test) { 32 << 10 } else { 4 << 20 };
/// What one message costs beside its bytes.
const OVERHEAD: usize = 200;
/// Answers of so many steps ago are forgotten, and not those of another question that is under way.
const KEPT_STEPS: u64 = 64;
/// Messages between two tellings of progress: a 64th of all, but not fewer.
const LEAST: u32 = if cfg!(test) { 64 } else { 512 };

/// How far a question is that reads messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Messages that were found so far.
    pub hits: u64,
    /// Messages that are done with.
    pub read: u64,
    /// Of so many.
    pub of: u64,
}

/// What a scan reads of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Its line, and its record where the subject is cut.
    Subjects,
    Records,
    /// The same, with the ordering dates that a record needs to tell its Date header.
    DatedRecords,
    Texts,
}

impl Source {
    fn of(node: &Node) -> Source {
        match node {
            Node::Header { name, .. } if name == "subject" => Source::Subjects,
            Node::Header { name, .. } if name == "date" => Source::DatedRecords,
            Node::Regex { field: Field::Subject, .. } => Source::Subjects,
            Node::Regex { field: Field::Any | Field::Body | Field::New | Field::Quoted, .. } => Source::Texts,
            _ => Source::Records,
        }
    }
}

/// One test, with what is known of a segment's messages.
#[derive(Debug)]
pub(crate) struct Scan {
    node: Node,
    source: Source,
    matcher: Matcher,
    known: RefCell<Bits>,
    holds: RefCell<Bits>,
    n_known: Cell<u32>,
    /// Whether any message has what is looked at at all.
    present: Cell<bool>,
    /// The last step that asked.
    step: Cell<u64>,
}

/// The scans of a segment.
#[derive(Debug, Default)]
pub(crate) struct Scans {
    all: RefCell<Vec<Rc<Scan>>>,
    step: Cell<u64>,
    /// Bytes that were unpacked in this step.
    unpacked: Cell<usize>,
    progress: Cell<Option<Progress>>,
    places: OnceCell<Places>,
}

/// Thread order and date order.
#[derive(Debug)]
struct Places {
    docs: Vec<u32>,
    of: Vec<u32>,
}

impl Scans {
    /// A new step begins.
    pub(crate) fn begin(&self) {
        self.step.set(self.step.get() + 1);
        self.unpacked.set(0);
        self.progress.set(None);
    }

    /// How far this step is; `None` if it reads no messages.
    pub(crate) fn progress(&self) -> Option<Progress> {
        self.progress.get()
    }

    /// Whether the step has done something that the next need not do.
    pub(crate) fn is_ahead(&self) -> bool {
        self.unpacked.get() > 0
    }

    /// The scan for a part of a query; `None` if the part cannot be tested.
    pub(crate) fn scan(&self, node: &Node, n_docs: u32) -> Option<Rc<Scan>> {
        let step = self.step.get();
        let mut all = self.all.borrow_mut();
        all.retain(|scan| scan.step.get() + KEPT_STEPS >= step);
        let scan = match all.iter().find(|scan| scan.node == *node) {
            Some(scan) => scan.clone(),
            None => {
                let nothing = Bits::empty(&(0..n_docs));
                let scan = Rc::new(Scan {
                    node: node.clone(),
                    source: Source::of(node),
                    matcher: Matcher::new(node)?,
                    known: RefCell::new(nothing.clone()),
                    holds: RefCell::new(nothing),
                    n_known: Cell::new(0),
                    present: Cell::new(false),
                    step: Cell::new(step),
                });
                all.push(scan.clone());
                scan
            }
        };
        scan.step.set(step);
        Some(scan)
    }

    /// Whether this step has asked for enough, or done enough.
    fn is_tired(&self, segment: &Segment) -> bool {
        self.unpacked.get() >= BREATH || segment.resident.n_missed() >= ROUND
    }

    fn places(&self, segment: &Segment) -> Outcome<&Places> {
        if let Some(places) = self.places.get() {
            return Ok(places);
        }
        let n_docs = segment.n_docs();
        let docs = read_places(&segment.resident, &segment.front.trees, n_docs, || self.is_tired(segment))?;
        let mut of = vec![u32::MAX; docs.len()];
        docs.iter().zip(0..).for_each(|(doc, place)| of[*doc as usize] = place);
        if of.contains(&u32::MAX) {
            return Ok(corrupt("threads")?);
        }
        Ok(self.places.get_or_init(|| Places { docs, of }))
    }
}

impl Scan {
    /// The messages of `window` for which the test holds; of those outside `hint` it need not tell.
    pub(crate) fn eval(&self, segment: &Segment, window: &Range<u32>, hint: Option<&Bits>) -> Outcome<Bits> {
        let bits = hint.cloned().unwrap_or_else(|| Bits::full(window));
        let mut missing = false;
        let mut asked: Vec<u32> = bits.ids().collect();
        asked.reverse();
        for doc in asked {
            if self.known.borrow().any_in(doc, doc) {
                continue;
            }
            if segment.scans.is_tired(segment) {
                return Err(Stop::Missing);
            }
            match self.read(segment, doc) {
                Ok(()) if self.known.borrow().any_in(doc, doc) => {}
                Ok(()) => return Err(Stop::Broken(Error::Corrupt { what: "directory" })),
                Err(Stop::Missing) => missing = true,
                Err(stop) => return Err(stop),
            }
        }
        if missing {
            return Err(Stop::Missing);
        }
        let (mut held, holds) = (Bits::empty(window), self.holds.borrow());
        bits.ids().filter(|doc| holds.any_in(*doc, *doc)).for_each(|doc| held.insert(doc));
        Ok(held)
    }

    /// Reads the block that a message is in, for all scans of this step that read such blocks.
    fn read(&self, segment: &Segment, doc: u32) -> Outcome<()> {
        let read = match self.source {
            Source::Subjects => subjects(segment, doc)?,
            Source::Texts => texts(segment, doc)?,
            Source::Records => records(segment, doc, false)?,
            Source::DatedRecords => records(segment, doc, true)?,
        };
        let step = segment.scans.step.get();
        let scans = segment.scans.all.borrow();
        let mut spent = 0;
        for scan in scans.iter().filter(|scan| scan.source == self.source && scan.step.get() == step) {
            for (doc, record, bytes) in &read {
                scan.settle(*doc, record);
                spent += (bytes + OVERHEAD) * scan.matcher.cost();
            }
        }
        let unpacked = &segment.scans.unpacked;
        unpacked.set(unpacked.get().saturating_add(spent));
        Ok(())
    }

    fn settle(&self, doc: u32, record: &Record) {
        if self.known.borrow().any_in(doc, doc) {
            return;
        }
        let (present, holds) = self.matcher.test(record);
        self.known.borrow_mut().insert(doc);
        self.n_known.set(self.n_known.get() + 1);
        if holds {
            self.holds.borrow_mut().insert(doc);
        }
        if present {
            self.present.set(true);
        }
    }

    /// The header that it looks at, if it is known that no message of the segment has it.
    pub(crate) fn absent(&self, segment: &Segment) -> Option<&str> {
        let is_absent = self.n_known.get() == segment.n_docs() && !self.present.get();
        match &self.node {
            Node::Header { name, .. } if is_absent => Some(name),
            _ => None,
        }
    }

    /// The bytes that it reads of a segment when it may hold for so many messages.
    pub(crate) fn bytes(&self, segment: &Segment, n_docs: u64) -> u64 {
        /// About what a message's block has.
        const BLOCK: u64 = 10 << 10;
        let section = |id| segment.section_bytes(id);
        let (blocks, tables) = match self.source {
            Source::Subjects => (section(SectionId::Lines), 0),
            Source::Texts => (section(SectionId::Texts), section(SectionId::TextsDictionary)),
            _ => (section(SectionId::Records), section(SectionId::RecordsDictionary)),
        };
        let places = if self.source == Source::Subjects { 0 } else { section(SectionId::Trees) };
        blocks.min(n_docs.saturating_mul(BLOCK)) + tables + places
    }
}

/// What was read: messages, what is known of each, and how many bytes that is.
type Block = Vec<(u32, Record, usize)>;

/// The lines of the page that a message is on, as records of nothing but the subject.
fn subjects(segment: &Segment, doc: u32) -> Outcome<Block> {
    let first = doc / PAGE * PAGE;
    let lines = segment.page(doc)?;
    let longest = lines.iter().map(|line| line.from.chars().count().max(line.subject.chars().count())).max();
    // Where the page was cut, its longest text has a length at which texts are cut.
    let is_cut =
        |text: &str| longest == Some(text.chars().count()) && longest.is_some_and(|n| CAPS.contains(&n));
    all((first..).zip(lines).map(|(doc, line)| {
        let subject = if is_cut(&line.subject) { segment.head(&line)?.subject } else { line.subject };
        let bytes = subject.len();
        Ok((doc, Record { subject, ..Record::default() }, bytes))
    }))
}

/// The texts of the block that a message's is in, as records of nothing else.
fn texts(segment: &Segment, doc: u32) -> Outcome<Block> {
    let places = segment.scans.places(segment)?;
    let place = places.of[doc as usize];
    let texts = segment.text_block(place)?;
    let located = segment.front.texts.locate(&segment.resident, u64::from(place))?;
    segment.resident.pass(SectionId::Texts, located.offset, located.length);
    let docs = places.docs.get(located.first as usize..).unwrap_or_default();
    let record = |text: String| {
        let bytes = text.len();
        (Record { text, ..Record::default() }, bytes)
    };
    Ok(docs
        .iter()
        .zip(texts.into_iter().map(record))
        .map(|(doc, (record, bytes))| (*doc, record, bytes))
        .collect())
}

/// The records of the block that a message's is in.
fn records(segment: &Segment, doc: u32, dated: bool) -> Outcome<Block> {
    let places = segment.scans.places(segment)?;
    let place = places.of[doc as usize];
    let located = segment.front.records.locate(&segment.resident, u64::from(place))?;
    let until = (located.next as usize).min(places.docs.len());
    let docs = places.docs.get(located.first as usize..until).unwrap_or_default();
    let dates = if dated { segment.dates(docs).map(Some) } else { Ok(None) };
    let records = segment.record_block(place, docs.len(), dates)?;
    segment.resident.pass(SectionId::Records, located.offset, located.length);
    Ok(docs.iter().zip(records).map(|(doc, record)| (*doc, record, OVERHEAD)).collect())
}

/// Answers a query that reads messages for all of `range`, newest first, and counts what it finds on the way. Whoever
/// evaluates the range afterwards finds all of it known.
pub(crate) fn settle(segment: &Segment, expr: &Expr, range: Range<u32>) -> Outcome<()> {
    if !expr.reads() {
        return Ok(());
    }
    let scans = &segment.scans;
    let mut progress = scans.progress().unwrap_or_default();
    progress.of = u64::from(segment.n_docs());
    let stride = (segment.n_docs() / 64).max(LEAST);
    let (mut missing, mut end) = (false, range.end);
    while end > range.start {
        let window = end.saturating_sub(stride).max(range.start)..end;
        match eval(expr, segment, &window, None) {
            Ok(bits) => {
                progress.hits += u64::from(bits.len());
                progress.read += u64::from(window.end - window.start);
            }
            Err(Stop::Missing) => missing = true,
            Err(stop) => return Err(stop),
        }
        if missing && scans.is_tired(segment) {
            break;
        }
        end = window.start;
    }
    progress.read = progress.read.min(progress.of);
    scans.progress.set(Some(progress));
    if missing { Err(Stop::Missing) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
