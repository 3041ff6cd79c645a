//! The archive: an ordered list of segments, searched as one.

mod look_up;
#[cfg(feature = "scan")]
mod whole;

#[cfg(feature = "scan")]
pub use self::whole::Whole;

use crate::error::{Error, Outcome, Stop};
use crate::format::block::Range;
use crate::format::front::{Front, MessageKind};
use crate::format::kept::{self, KeptFile};
use crate::format::line::Line;
use crate::format::record::Record;
use crate::format::tree::{Node as ThreadNode, Who, placeholder_key};
use crate::present::Marker;
use crate::query::{Context, Node, Query, Zone};
#[cfg(feature = "scan")]
use crate::search::Progress;
use crate::search::{
    Absent, Batch, Corrections, Correspondence, Explained, Facet, Facets, Grouped, Hit, Plan, Sort,
    Suggestions, Weighty,
};
use crate::search::{
    admits, batch, correct, correspondence, explain, facets, found, grouped, meant, named_kinds, plan,
    reasons, silent, suggest, total, weigh,
};
use crate::segment::{Segment, all};
use std::collections::{BTreeMap, BTreeSet};

/// The outcome of a step: it is done, or bytes are missing; fetch them, [`Archive::put`] them and ask again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<T> {
    /// The answer.
    Done(T),
    /// Every range that was missed, on block borders, in order, without overlap. There may be none: a question that
    /// reads many messages stops for breath, and only needs to be asked again.
    Missing(Vec<Want>),
}

/// A range of a segment's blob that a step needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Want {
    /// The segment's number.
    pub segment: usize,
    /// The bytes.
    pub range: Range,
}

/// What to search for.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The query, already read.
    pub query: &'a Query,
    /// Whether the last word is still being typed.
    pub typing: bool,
    /// The order.
    pub sort: Sort,
    /// How many hits to pass over.
    pub offset: usize,
    /// How many to give.
    pub limit: usize,
}

/// A page of hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How many messages there are, where that is known by now; [`Archive::total`] tells.
    pub total: Option<u64>,
    /// What was found, in order.
    pub lines: Vec<Line>,
    /// Remarks that only the archive can make: a wildcard that stands for too many words, a label that is nowhere.
    pub notes: Vec<String>,
    /// Whether messages may be missing, because a wildcard stands for more words than were looked for.
    pub is_cut: bool,
    /// With one line for each thread: the hits in the thread of each of `lines`, and how many threads there are.
    pub threads: Option<(Vec<u32>, u64)>,
}

/// A thread, seen from one of its messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thread {
    /// Which of `messages` it is seen from.
    pub focus: usize,
    /// Parents before their children, children by date.
    pub messages: Vec<InThread>,
}

/// One message of a thread, or the place of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InThread {
    /// The message's line; `None` for one that is not here.
    pub line: Option<Line>,
    /// The Message-ID of one that is not here.
    pub ghost: Option<String>,
    /// The key of what tells of one that is not here: a quoted message or a placeholder.
    pub stand_in: Option<u64>,
    /// The index of the parent in the thread.
    pub parent: Option<u32>,
    /// The place in the tree was guessed from the subject or the conversation.
    pub guessed: bool,
}

/// An archive that is being read.
#[derive(Debug, Default)]
pub struct Archive {
    segments: Vec<Segment>,
}

impl Archive {
    /// An archive without segments.
    pub fn new() -> Archive {
        Archive::default()
    }

    /// Adds the next segment from the first bytes of its blob.
    ///
    /// # Errors
    /// If they are not a front, of a later version, or damaged.
    pub fn open(&mut self, front: &[u8]) -> Result<(), Error> {
        self.segments.push(Segment::open(front)?);
        Ok(())
    }

    /// Adds the next segment by what the manifest says of it: the kind and number of its messages, and the bytes of its
    /// front, which is read when somebody asks for messages of this kind.
    ///
    /// # Errors
    /// If that cannot be the length of a front.
    pub fn expect(&mut self, kind: MessageKind, messages: u32, front: u64) -> Result<(), Error> {
        self.segments.push(Segment::promised(kind, messages, front)?);
        Ok(())
    }

    /// Reads the fronts that are not here.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn open_all(&self) -> Result<Step<()>, Error> {
        self.step(|| all(self.segments.iter().map(Segment::opened)).map(drop))
    }

    /// How many messages of a kind there are.
    pub fn count(&self, kind: MessageKind) -> u64 {
        let own = self.segments.iter().filter(|segment| segment.front.kind == kind);
        own.map(|segment| u64::from(segment.promised)).sum()
    }

    /// Takes in bytes of a segment's blob from `offset` on, which is on a block's border.
    ///
    /// # Errors
    /// If a checksum does not match: the bytes should be fetched again.
    pub fn put(&mut self, segment: usize, offset: u64, bytes: &[u8]) -> Result<(), Error> {
        let own = self.segments.get_mut(segment).ok_or(Error::NoSegment { segment })?;
        own.put(offset, bytes)
    }

    /// The fronts of all segments; those that are not here are empty.
    pub fn fronts(&self) -> impl Iterator<Item = &Front> {
        self.segments.iter().map(|segment| &segment.front)
    }

    /// What a query over this archive is read with: `now` in seconds since 1970, and whether its last word may be
    /// unfinished.
    pub fn context(&self, now: i64, typing: bool) -> Context {
        let zone = self.segments.first().map(|segment| segment.front.zone.clone()).unwrap_or_default();
        Context { now, zone: Zone::new(zone), typing }
    }

    /// A page of hits with what is shown of each.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn search(&self, request: &Request<'_>) -> Result<Step<Found>, Error> {
        self.step(|| {
            let plans = self.plans(request.query, request.typing)?;
            let (hits, total) =
                found(self.reach(&request.query.root), &plans, request.sort, request.offset, request.limit)?;
            let notes = self.notes(&request.query.root, &plans);
            Ok(Found { total, lines: self.lines(&hits)?, notes, is_cut: is_cut(&plans), threads: None })
        })
    }

    /// The same with one line for each thread: the first of its hits in this order.
    ///
    /// # Errors
    /// If the archive is broken, or built by a version that did not write the threads' numbers.
    pub fn search_threads(&self, request: &Request<'_>) -> Result<Step<Found>, Error> {
        self.step(|| {
            let plans = self.plans(request.query, request.typing)?;
            let Request { sort, offset, limit, .. } = *request;
            let Grouped { hits, total, threads } =
                grouped(self.reach(&request.query.root), &plans, sort, offset, limit)?;
            let (hits, counts): (Vec<Hit>, Vec<u32>) = hits.into_iter().unzip();
            let threads = Some((counts, threads));
            let notes = self.notes(&request.query.root, &plans);
            Ok(Found {
                total: Some(total),
                lines: self.lines(&hits)?,
                notes,
                is_cut: is_cut(&plans),
                threads,
            })
        })
    }

    /// How many messages a query finds, exactly.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn total(&self, query: &Query, typing: bool) -> Result<Step<u64>, Error> {
        self.step(|| total(self.reach(&query.root), &self.plans(query, typing)?))
    }

    /// Ways to go on with a query that is being typed, `limit` at most.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn suggest(&self, text: &str, limit: usize) -> Result<Step<Suggestions>, Error> {
        self.step(|| suggest(self.reach(&Node::Everything), text, limit))
    }

    /// What may have been meant by words of a query that are nowhere. Reads the words that begin as these do, or
    /// `everywhere` the whole dictionary: an answer to a query without hits, not to a key that was struck. Offers only what
    /// finds something.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn correct(&self, query: &Query, everywhere: bool) -> Result<Step<Corrections>, Error> {
        let finds = |query: &Query| {
            let plans = self.plans(query, false)?;
            Ok(!found(self.reach(&query.root), &plans, Sort::Newest, 0, 1)?.0.is_empty())
        };
        self.step(|| correct(self.reach(&Node::Everything), query, everywhere, &finds))
    }

    /// What the hits of a query are made of: exact counts by each of `which`, of at most `limit` values each.
    ///
    /// # Errors
    /// If the archive is broken, or built by a version that did not write what is counted.
    pub fn facets(
        &self,
        query: &Query,
        typing: bool,
        which: &[Facet],
        limit: usize,
    ) -> Result<Step<Facets>, Error> {
        let zone = self.context(0, false).zone;
        self.step(|| facets(self.reach(&query.root), self.plans(query, typing), &zone, which, limit))
    }

    /// How many bytes `questions` about a query would read at most, behind the dictionary's blocks that telling this reads.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn weigh(&self, query: &Query, typing: bool, questions: &[Weighty]) -> Result<Step<u64>, Error> {
        self.step(|| weigh(self.reach(&query.root), &self.plans(query, typing)?, questions))
    }

    /// Why messages were found, field by field; those that are not here are left out.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn explain(&self, query: &Query, typing: bool, keys: &[u64]) -> Result<Step<Vec<Explained>>, Error> {
        let zone = self.context(0, false).zone;
        self.step(|| {
            let reasons = all(keys.iter().map(|&key| match self.find(key)? {
                Some((segment, doc, _)) => {
                    let reasons = explain(segment, doc, query, typing, &zone)?;
                    Ok(Some(Explained { key, reasons }))
                }
                None => Ok(None),
            }))?;
            Ok(reasons.into_iter().flatten().collect())
        })
    }

    /// What many queries find: a row of exact counts for each.
    ///
    /// # Errors
    /// If the archive is broken, or built by a version that did not write the threads' numbers.
    pub fn batch(&self, queries: &[Query]) -> Result<Step<Batch>, Error> {
        self.step(|| {
            let reach = queries.iter().map(|query| self.reach(&query.root)).max_by_key(|own| own.len());
            let reach = reach.unwrap_or_default();
            let plans = queries.iter().map(|query| match query.is_answerable() {
                true => plans(reach, query, false).map(Some),
                false => Ok(None),
            });
            batch(reach, all(plans))
        })
    }

    /// What is known not to be here.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn absent(&self) -> Result<Step<Absent>, Error> {
        let (zone, everything) = (self.context(0, false).zone, self.reach(&Node::Everything));
        self.step(|| {
            let whole = Query { root: Node::Everything, notes: Vec::new(), forms: false, parts: Vec::new() };
            let months = facets(everything, self.plans(&whole, false), &zone, &[Facet::Month], usize::MAX);
            let counts =
                all(reasons().iter().map(|query| total(self.reach(&query.root), &self.plans(query, false)?)));
            let (months, counts) = (months?, counts?);
            let values = months.groups.iter().flat_map(|group| &group.values);
            let silent = silent(values.map(|value| (value.value.as_str(), value.n)));
            let [mentioned, quoted, unread, skipped, listed] = counts[..] else {
                return Err(Stop::Broken(Error::Corrupt { what: "counts" }));
            };
            Ok(Absent { mentioned, quoted, unread, skipped, listed, silent })
        })
    }

    /// Who writes to whom among the hits of a query: the `limit` most frequent senders, and the addresses `also`.
    ///
    /// # Errors
    /// If the archive is broken, or built by a version that did not write what is counted.
    pub fn correspondence(
        &self,
        query: &Query,
        typing: bool,
        limit: usize,
        also: &[String],
    ) -> Result<Step<Correspondence>, Error> {
        self.step(|| correspondence(self.reach(&query.root), self.plans(query, typing), limit, also))
    }

    /// A message by its key, as a line and whole.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn message(&self, key: u64) -> Result<Step<Option<(Line, Record)>>, Error> {
        self.step(|| self.whole(key))
    }

    /// Whether words may stand for their other forms: the archive was built with stems.
    pub fn has_forms(&self) -> bool {
        self.segments.iter().any(Segment::has_forms)
    }

    /// What a query marks in what it found. Other forms of its words are marked where they are known by now, as they are
    /// behind a search.
    pub fn marker(&self, query: &Query) -> Marker {
        let mut marker = Marker::new(query);
        if query.forms {
            let words = query.root.inflected();
            let segments = self.reach(&query.root);
            for (field, word) in &words {
                for form in segments.iter().flat_map(|own| own.forms_of(word).unwrap_or_default()) {
                    // A form that the query names too is marked already.
                    if words.iter().all(|(_, other)| *other != form) {
                        marker.add_other(*field, form);
                    }
                }
            }
            // What is not here yet is left unmarked, not asked for with the next step.
            self.segments.iter().for_each(|segment| drop(segment.resident.take_missing()));
        }
        marker
    }

    /// The texts of several messages by their keys; those that are not here are left out.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn texts(&self, keys: &[u64]) -> Result<Step<Vec<(u64, String)>>, Error> {
        self.step(|| {
            let texts = all(keys.iter().map(|&key| match self.find(key)? {
                Some((segment, _, line)) => Ok(Some((key, segment.text(line.place)?))),
                None => Ok(None),
            }))?;
            Ok(texts.into_iter().flatten().collect())
        })
    }

    /// Several messages by their keys; those that are not here are left out.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn messages(&self, keys: &[u64]) -> Result<Step<Vec<Record>>, Error> {
        self.step(|| {
            let records = all(keys.iter().map(|&key| self.whole(key)))?;
            Ok(records.into_iter().flatten().map(|(_, record)| record).collect())
        })
    }

    /// The sanitised HTML of a message, if it has any.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn html(&self, key: u64) -> Result<Step<Option<String>>, Error> {
        self.step(|| match self.find(key)? {
            Some((segment, _, line)) if line.html => segment.html(line.place),
            _ => Ok(None),
        })
    }

    /// A file that belongs to a message: the attachment of this number, from 0 on, or without one the raw message;
    /// `None` if there is no such message or attachment.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn file(&self, key: u64, attachment: Option<usize>) -> Result<Step<Option<KeptFile>>, Error> {
        self.step(|| {
            let Some((segment, _, line)) = self.find(key)? else { return Ok(None) };
            let record = segment.record(&line)?;
            match attachment {
                Some(number) => segment.attachment(&record, number),
                None => segment.original(line.place, &record),
            }
        })
    }

    /// Every file beside the blob of a segment that attachments and originals lie in.
    ///
    /// # Errors
    /// If the archive is broken or has no such segment.
    pub fn packs(&self, segment: usize) -> Result<Step<Vec<kept::Pack>>, Error> {
        self.step(|| {
            let own = self.nth_segment(segment)?;
            kept::packs(&own.resident)
        })
    }

    /// The thread that a message is in, as the newest segment that has part of it tells it.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn thread(&self, key: u64) -> Result<Step<Option<Thread>>, Error> {
        self.step(|| {
            let Some((mut segment, mut doc, line)) = self.find(key)? else { return Ok(None) };
            let mut nodes = segment.thread(line.place)?;
            // What is not here has its place among those that hold it or mention it.
            let holder = nodes.iter().find_map(|node| match node.who {
                Who::Elsewhere(key) if line.kind != MessageKind::Message => Some(key),
                _ => None,
            });
            if let Some((held, at, other)) = holder.map_or(Ok(None), |key| self.find(key))? {
                (segment, doc) = (held, at);
                nodes = segment.thread(other.place)?;
            }
            let seen = holder.unwrap_or(key);
            if let Some((later, tree)) = self.continued(seen)? {
                // The lines of those that stand together are read together, so that none is looked up by its key.
                segment.lines_of(&nodes)?;
                (segment, doc, nodes) = (later, u32::MAX, tree);
            }
            let stands = |node: &ThreadNode| stand_in(&node.who) == Some(key);
            let is_seen = |node: &ThreadNode| node.who == Who::Doc(doc) || node.who == Who::Earlier(seen);
            let focus = nodes.iter().position(stands).or_else(|| nodes.iter().position(is_seen));
            let focus = focus.ok_or(Stop::Broken(Error::Corrupt { what: "threads" }))?;
            self.read_earlier(&nodes)?;
            let messages = all(nodes.into_iter().map(|node| self.in_thread(segment, node)))?;
            Ok(Some(Thread { focus, messages }))
        })
    }

    /// The newest segment in which the thread of a message of an older one goes on, and the whole thread.
    fn continued(&self, key: u64) -> Outcome<Option<(&Segment, Vec<ThreadNode>)>> {
        let linked = all(self.segments.iter().map(|segment| segment.linked(key)))?;
        for (segment, docs) in self.segments.iter().zip(linked) {
            for doc in docs {
                let nodes = segment.thread(segment.line(doc)?.place)?;
                // Another key may have the same hash.
                if nodes.iter().any(|node| node.who == Who::Earlier(key)) {
                    return Ok(Some((segment, nodes)));
                }
            }
        }
        Ok(None)
    }

    /// Reads the lines of the messages of older segments in a thread: one is looked up by its key, and those of its own
    /// thread stand beside it.
    fn read_earlier(&self, nodes: &[ThreadNode]) -> Outcome<()> {
        for node in nodes {
            let Who::Earlier(key) = node.who else { continue };
            if self.shown(key).is_none()
                && let Some((segment, _, line)) = self.find(key)?
            {
                segment.lines_of(&segment.thread(line.place)?)?;
            }
        }
        Ok(())
    }

    fn in_thread(&self, segment: &Segment, node: ThreadNode) -> Outcome<InThread> {
        let stand_in = stand_in(&node.who);
        let (line, ghost) = match node.who {
            Who::Doc(doc) => (Some(segment.line(doc)?), None),
            Who::Ghost(id) => (None, Some(id)),
            Who::Elsewhere(_) => (None, Some(String::new())),
            Who::Earlier(key) => match self.find(key)? {
                Some((.., line)) => (Some(line), None),
                None => (None, Some(String::new())),
            },
        };
        Ok(InThread { line, ghost, stand_in, parent: node.parent, guessed: node.guessed })
    }

    /// Reads message `doc` of a segment on every way there is to it: line, key, record, thread and HTML.
    ///
    /// # Errors
    /// If one of them leads elsewhere or nowhere.
    pub fn check(&self, segment: usize, doc: u32) -> Result<Step<Record>, Error> {
        self.step(|| {
            let own = self.nth_segment(segment)?;
            let line = own.line(doc)?;
            let wrong = |what| Err(Stop::Broken(Error::Corrupt { what }));
            if own.look_up(line.key)? != Some(doc) {
                return wrong("a key leads to another message");
            }
            let record = own.record(&line)?;
            let nodes = own.thread(line.place)?;
            if nodes.iter().filter(|node| node.who == Who::Doc(doc)).count() != 1 {
                return wrong("a message is not in its thread");
            }
            if line.html && own.html(line.place)?.is_none() {
                return wrong("a message's HTML is missing");
            }
            own.original(line.place, &record)?;
            all((0..record.attachments.len()).map(|number| own.attachment(&record, number)))?;
            Ok(record)
        })
    }

    fn nth_segment(&self, segment: usize) -> Result<&Segment, Error> {
        self.segments.get(segment).ok_or(Error::NoSegment { segment })
    }

    /// The first segments up to the last that may hold hits: what a query does not ask for changes neither its answer
    /// nor what it reads.
    fn reach(&self, root: &Node) -> &[Segment] {
        let last = self.segments.iter().rposition(|segment| admits(root, segment.front.kind));
        &self.segments[..last.map_or(0, |last| last + 1)]
    }

    fn plans(&self, query: &Query, typing: bool) -> Outcome<Vec<Plan>> {
        plans(self.reach(&query.root), query, typing)
    }

    /// What the reader should know: words that stand for more forms than are used, kinds that are not here.
    fn notes(&self, root: &Node, plans: &[Plan]) -> Vec<String> {
        let mut notes = Vec::new();
        for cut in plans.iter().flat_map(|plan| &plan.cut) {
            let note = format!("{}: the {} most frequent of {} forms", cut.word, cut.used, cut.forms);
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        #[cfg(feature = "scan")]
        absent_notes(&self.segments, plans, &mut notes);
        also_notes(plans, &mut notes);
        state_notes(plans, &mut notes);
        let wanted = named_kinds(root);
        let absent = [
            ("quoted", MessageKind::Quoted, "this archive keeps no messages apart that are only quoted"),
            (
                "placeholder",
                MessageKind::Placeholder,
                "this archive does not tell which messages are missing",
            ),
        ];
        for (kind, own, note) in absent {
            if wanted.contains(&kind) && self.fronts().all(|front| front.kind != own) {
                notes.push(note.to_owned());
            }
        }
        notes
    }

    fn lines(&self, hits: &[Hit]) -> Outcome<Vec<Line>> {
        all(hits.iter().map(|hit| self.segments[hit.segment].line(hit.doc)))
    }

    /// The message with a key. What is here goes before what stands for it elsewhere, and is looked for alone first.
    fn find(&self, key: u64) -> Outcome<Option<(&Segment, u32, Line)>> {
        if let Some((segment, doc)) = self.shown(key) {
            return Ok(Some((segment, doc, segment.line(doc)?)));
        }
        for is_here in [true, false] {
            let own = self.segments.iter().filter(|own| (own.front.kind == MessageKind::Message) == is_here);
            let found = all(own.map(|segment| {
                segment.opened()?;
                Ok(segment.find(key)?.map(|doc| (segment, doc)))
            }))?;
            if let Some((segment, doc)) = found.into_iter().flatten().next() {
                return Ok(Some((segment, doc, segment.line(doc)?)));
            }
        }
        Ok(None)
    }

    /// The message that is here with a key, if its line was read.
    fn shown(&self, key: u64) -> Option<(&Segment, u32)> {
        let here = self.segments.iter().filter(|own| own.front.kind == MessageKind::Message);
        here.filter_map(|segment| Some((segment, segment.shown(key)?))).next()
    }

    fn whole(&self, key: u64) -> Outcome<Option<(Line, Record)>> {
        match self.find(key)? {
            Some((segment, _, line)) => {
                let record = segment.record(&line)?;
                Ok(Some((line, record)))
            }
            None => Ok(None),
        }
    }

    /// What was missed since the last call; once for all steps, as every copy is wasm.
    #[inline(never)]
    fn take_missing(&self) -> Vec<Want> {
        let mut wants = Vec::new();
        for (segment, own) in self.segments.iter().enumerate() {
            wants.extend(own.resident.take_missing().into_iter().map(|range| Want { segment, range }));
        }
        wants
    }

    /// Tells the segments that a step begins.
    fn begin(&self) {
        #[cfg(feature = "scan")]
        self.segments.iter().for_each(|own| own.scans.begin());
    }

    /// Whether the last step has read messages that the next need not read.
    fn is_ahead(&self) -> bool {
        #[cfg(feature = "scan")]
        return self.segments.iter().any(|own| own.scans.is_ahead());
        #[cfg(not(feature = "scan"))]
        false
    }

    /// How far the last step was that read messages for its answer; `None` if it read none.
    #[cfg(feature = "scan")]
    pub fn progress(&self) -> Option<Progress> {
        let each = self.segments.iter().filter_map(|own| own.scans.progress());
        each.reduce(|a, b| Progress { hits: a.hits + b.hits, read: a.read + b.read, of: a.of + b.of })
    }

    /// Runs a step and turns what it missed into the ranges to fetch.
    fn step<T>(&self, run: impl FnOnce() -> Outcome<T>) -> Result<Step<T>, Error> {
        self.begin();
        let outcome = run();
        let wants = self.take_missing();
        match outcome {
            Ok(value) => Ok(Step::Done(value)),
            Err(Stop::Broken(error)) => Err(error),
            Err(Stop::Missing) if wants.is_empty() && !self.is_ahead() => {
                Err(Error::Corrupt { what: "a section is shorter than said" })
            }
            Err(Stop::Missing) => Ok(Step::Missing(wants)),
        }
    }
}

fn plans(segments: &[Segment], query: &Query, typing: bool) -> Outcome<Vec<Plan>> {
    all(segments.iter().map(|segment| {
        if !admits(&query.root, segment.front.kind) {
            return Ok(Plan::nothing());
        }
        segment.opened()?;
        match segment.front.kind {
            MessageKind::Message => plan(&query.root, segment, typing, query.forms),
            kind => plan(&meant(&query.root, kind), segment, typing, query.forms),
        }
    }))
}

/// Says which headers no message has, where all were read.
#[cfg(feature = "scan")]
fn absent_notes(segments: &[Segment], plans: &[Plan], notes: &mut Vec<String>) {
    // Segments of kinds that the query does not ask for have plans without scans.
    let asked = || segments.iter().zip(plans).filter(|(_, plan)| !plan.scans.is_empty());
    let n_scans = asked().map(|(_, plan)| plan.scans.len()).max().unwrap_or(0);
    for at in 0..n_scans {
        let each = asked().map(|(own, plan)| plan.scans.get(at)?.absent(own));
        if let Some(Some(name)) = each.reduce(|a, b| a.and(b)) {
            notes.push(["no message here has kept a header ", name].concat());
        }
    }
}

fn is_cut(plans: &[Plan]) -> bool {
    plans.iter().any(|plan| !plan.cut.is_empty())
}

/// Says which operators no message answers to: a label that is nowhere, a state of a live mailbox.
fn state_notes(plans: &[Plan], notes: &mut Vec<String>) {
    /// Operators that are named.
    const NAMED: usize = 8;
    let states = || plans.iter().flat_map(|plan| &plan.states);
    let nowhere = |state: &String| states().all(|(other, is_here)| !is_here || other != state);
    // A list of this length needs no set, which would be sorted by kilobytes of wasm.
    let mut named: Vec<&String> = Vec::new();
    for (state, is_here) in states() {
        if !is_here && named.len() < NAMED && !named.contains(&state) && nowhere(state) {
            named.push(state);
        }
    }
    notes.extend(named.into_iter().map(|state| ["no message of this archive has ", state].concat()));
}

/// Says which other forms of words were found.
fn also_notes(plans: &[Plan], notes: &mut Vec<String>) {
    /// Forms that are named.
    const NAMED: usize = 8;
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (word, forms) in plans.iter().flat_map(|plan| &plan.also) {
        all.entry(word).or_default().extend(forms.iter().map(String::as_str));
    }
    for (word, forms) in all {
        let named: Vec<&str> = forms.iter().copied().take(NAMED).collect();
        let mut note = [word, ": also ", &named.join(", ")].concat();
        if forms.len() > NAMED {
            note.push_str(" …");
        }
        notes.push(note);
    }
}

/// The key of what tells of a node that is not here.
fn stand_in(who: &Who) -> Option<u64> {
    match who {
        Who::Ghost(id) if !id.is_empty() => Some(placeholder_key(id)),
        Who::Elsewhere(key) => Some(*key),
        _ => None,
    }
}
