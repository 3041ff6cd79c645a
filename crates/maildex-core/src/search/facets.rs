//! What the hits of a query are made of: how many there are of each month, sender, folder, kind of attachment.
//!
//! All counts are exact, so every list of the query is read whole. Months come from the samples of dates in the front
//! where a run of messages lies within one, senders from their column, all else from the lists of terms.

use super::bits::Bits;
use super::eval::{eval, prefetch, union};
use super::plan::{Leaf, Plan};
#[cfg(feature = "scan")]
use super::scan::settle;
use crate::error::{Outcome, Stop};
use crate::format::column::{ColumnId, RUN};
use crate::format::dictionary::Kind;
use crate::format::list::ListRef;
use crate::format::people::{Sender, read_sender};
use crate::order_by::{order_by, order_by_text, order_pairs, pair};
use crate::query::{Date, Field, Node, Query, Zone};
use crate::segment::{Segment, all};

/// By what hits are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facet {
    /// The year of the ordering date.
    Year,
    /// The month: a histogram.
    Month,
    /// The sender.
    People,
    /// The folder or label.
    Label,
    /// The mailing list.
    List,
    /// The input that was built.
    Source,
    /// What a message has: an attachment, an image, a link.
    Has,
    /// What a message is: a reply, misdated.
    Is,
    /// The kind of an attachment, by its name.
    Filetype,
    /// The language.
    Lang,
}

impl Facet {
    /// All of them, in the order in which they are told.
    pub const ALL: [Facet; 10] = [
        Facet::Year,
        Facet::Month,
        Facet::People,
        Facet::Label,
        Facet::List,
        Facet::Source,
        Facet::Has,
        Facet::Is,
        Facet::Filetype,
        Facet::Lang,
    ];

    /// Its name for people and programs.
    pub fn name(self) -> &'static str {
        match self {
            Facet::Year => "year",
            Facet::Month => "month",
            Facet::People => "people",
            Facet::Label => "label",
            Facet::List => "list",
            Facet::Source => "source",
            Facet::Has => "has",
            Facet::Is => "is",
            Facet::Filetype => "filetype",
            Facet::Lang => "lang",
        }
    }
}

/// What the hits of a query are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facets {
    /// How many hits there are.
    pub total: u64,
    /// How many of them have no date, and so no year and month.
    pub undated: u64,
    /// One for each facet that was asked for.
    pub groups: Vec<Group>,
}

/// The counts of one facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Which one.
    pub facet: Facet,
    /// How many different values the hits have.
    pub n_values: u64,
    /// The most frequent ones first; years and months by time and all of them.
    pub values: Vec<Value>,
}

/// One value of a facet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Value {
    /// What tells it from others: `2001-05`, an address, a folder.
    pub value: String,
    /// The name of a person, if one is known.
    pub name: String,
    /// How many hits have it.
    pub n: u64,
    /// The query that finds messages with it.
    pub query: String,
}

/// Counts the hits of `plans` by each of `which`, with at most `limit` values each.
pub(crate) fn facets(
    segments: &[Segment],
    plans: Outcome<Vec<Plan>>,
    zone: &Zone,
    which: &[Facet],
    limit: usize,
) -> Outcome<Facets> {
    // The terms of facets stand in other blocks of the dictionary than the words of the query: one round for both.
    let terms = all(segments.iter().map(|segment| all(which.iter().map(|facet| terms(segment, *facet)))));
    let (plans, terms) = (plans?, terms?);
    // The same for the lists.
    let fetched = all(segments.iter().zip(&terms).map(|(segment, terms)| {
        all(terms.iter().flatten().map(|term| segment.list(&term.list).prefetch(false)))
    }));
    let sets = all(segments.iter().zip(&plans).map(|(segment, plan)| hits(segment, plan)))?;
    let (mut total, mut undated) = (0, 0);
    for (segment, set) in segments.iter().zip(&sets) {
        total += u64::from(set.len());
        undated += set.ids().take_while(|doc| *doc < segment.front.n_undated).count() as u64;
    }
    let most = if segments.len() > 1 { usize::MAX } else { limit };
    let groups = all(which.iter().enumerate().map(|(at, &facet)| {
        let mut group = Group { facet, n_values: 0, values: Vec::new() };
        let mut is_missing = false;
        for ((segment, set), terms) in segments.iter().zip(&sets).zip(&terms) {
            let counted = match facet {
                Facet::Year | Facet::Month => months(segment, set, zone, &mut group),
                Facet::People => people(segment, set, most, &mut group),
                _ => states(segment, set, &terms[at], &mut group),
            };
            match counted {
                Err(Stop::Missing) => is_missing = true,
                counted => counted?,
            }
        }
        if is_missing {
            return Err(Stop::Missing);
        }
        if segments.len() > 1 {
            group.join();
        }
        group.finish(limit);
        Ok(group)
    }));
    fetched?;
    Ok(Facets { total, undated, groups: groups? })
}

/// All hits of a segment in one set: an eighth of a byte a message.
#[inline(never)]
pub(crate) fn hits(segment: &Segment, plan: &Plan) -> Outcome<Bits> {
    prefetch(&plan.expr, segment)?;
    #[cfg(feature = "scan")]
    settle(segment, &plan.expr, 0..segment.n_docs())?;
    eval(&plan.expr, segment, &(0..segment.n_docs()), None)
}

/// The messages that are in a list.
#[inline(never)]
pub(crate) fn listed(segment: &Segment, list: &ListRef, hint: Option<&Bits>) -> Outcome<Bits> {
    let leaf = Leaf { list: list.clone(), regions: 0 };
    union(&[leaf], segment, &(0..segment.n_docs()), hint)
}

/// A term that a facet counts by.
#[derive(Debug)]
pub(crate) struct Term {
    pub(crate) value: String,
    pub(crate) list: ListRef,
}

/// The terms that a facet counts by, none if it counts otherwise.
#[inline(never)]
pub(crate) fn terms(segment: &Segment, facet: Facet) -> Outcome<Vec<Term>> {
    let mut found = Vec::new();
    if matches!(facet, Facet::Year | Facet::Month | Facet::People) {
        return Ok(found);
    }
    let prefix = [facet.name(), ":"].concat();
    segment.dictionary.prefixed(&segment.resident, prefix.as_bytes(), &mut |entry| {
        let value = core::str::from_utf8(&entry.key[prefix.len()..]);
        if let (Ok(value), Some(list)) = (value, entry.list(Kind::State)) {
            found.push(Term { value: value.to_owned(), list: list.clone() });
        }
    })?;
    Ok(found)
}

fn states(segment: &Segment, set: &Bits, terms: &[Term], group: &mut Group) -> Outcome<()> {
    let counts = all(terms.iter().map(|term| {
        let mut bits = listed(segment, &term.list, Some(set))?;
        bits.and(set);
        Ok(bits.len())
    }))?;
    for (term, n) in terms.iter().zip(counts).filter(|(_, n)| *n > 0) {
        let node = Node::State { prefix: group.facet.name().to_owned(), value: term.value.clone() };
        group.push(term.value.clone(), String::new(), n, node);
    }
    Ok(())
}

/// Senders by their column; who they are is looked up for the most frequent.
fn people(segment: &Segment, set: &Bits, limit: usize, group: &mut Group) -> Outcome<()> {
    let docs: Vec<u32> = set.ids().collect();
    let mut senders = segment.column_of(ColumnId::Sender, &docs)?;
    senders.sort_unstable();
    let mut rows: Vec<(u32, u32)> =
        senders.chunk_by(|a, b| a == b).map(|run| (u32::MAX - run.len() as u32, run[0])).collect();
    // Of senders of as many messages the first of the alphabet comes first, as their numbers are in order.
    order_pairs(&mut rows, pair);
    let n_values = group.n_values + rows.len() as u64;
    rows.truncate(limit);
    let known = all(rows.iter().map(|&(_, number)| read_sender(&segment.resident, number)))?;
    for (Sender { name, address }, (n, _)) in known.into_iter().zip(rows) {
        let field = Field::From;
        let (value, node) = match (address.is_empty(), name.is_empty()) {
            (true, true) => (address, Node::Everything),
            (true, false) => (name.clone(), Node::Phrase { field, text: name.clone(), slop: None }),
            _ => (address.clone(), Node::Word { field, text: address, typos: 0 }),
        };
        group.push(value, name, u32::MAX - n, node);
    }
    group.n_values = n_values;
    Ok(())
}

/// Months or years with hits, ascending. A run of messages that lies within one is counted without its dates.
fn months(segment: &Segment, set: &Bits, zone: &Zone, group: &mut Group) -> Outcome<()> {
    let front = &segment.front;
    let docs: Vec<u32> = set.ids().filter(|doc| *doc >= front.n_undated).collect();
    let mut stretch = Stretch { years: group.facet == Facet::Year, zone, date: Date::Second(0), range: 0..0 };
    let mut is_missing = false;
    for run in docs.chunk_by(|a, b| a / RUN == b / RUN) {
        let sample = |at: u32| {
            let sample = front.date_samples.get(at as usize);
            sample.map_or(front.last_date, |sample| front.first_date + i64::from(*sample))
        };
        stretch.find(sample(run[0] / RUN));
        if stretch.range.contains(&sample(run[0] / RUN + 1)) {
            stretch.add(run.len() as u32, group);
            continue;
        }
        match segment.dates(run) {
            Ok(dates) => {
                for date in dates.into_iter().flatten() {
                    stretch.find(date);
                    stretch.add(1, group);
                }
            }
            Err(Stop::Missing) => is_missing = true,
            Err(stop) => return Err(stop),
        }
    }
    if is_missing { Err(Stop::Missing) } else { Ok(()) }
}

/// The month or year that was met last, cut as `date:` cuts it.
struct Stretch<'a> {
    years: bool,
    zone: &'a Zone,
    date: Date,
    range: core::ops::Range<i64>,
}

impl Stretch<'_> {
    fn find(&mut self, seconds: i64) {
        // Where a clock is put back over midnight, the day of a moment may lie beside the stretch that holds it.
        for beside in [0, -86_400, 86_400] {
            if self.range.contains(&seconds) {
                return;
            }
            let day = self.zone.day(seconds.saturating_add(beside));
            self.date = if self.years { Date::Year(day.year) } else { Date::Month(day.year, day.month) };
            self.range = self.date.start(self.zone)..self.date.end(self.zone);
        }
    }

    fn add(&self, n: u32, group: &mut Group) {
        let value = self.date.to_string();
        match group.values.last_mut() {
            Some(last) if last.value == value => last.n += u64::from(n),
            _ => {
                let node = Node::Date { from: None, until: None, text: ["date:", &value].concat() };
                group.push(value, String::new(), n, node);
            }
        }
    }
}

impl Group {
    #[inline(never)]
    fn push(&mut self, value: String, name: String, n: u32, node: Node) {
        let query = match node {
            // Mail without a sender is found by no query.
            Node::Everything => String::new(),
            root => Query { root, notes: Vec::new(), parts: Vec::new(), forms: false }.text(),
        };
        self.values.push(Value { value, name, n: u64::from(n), query });
        self.n_values = self.values.len() as u64;
    }

    /// Adds up the same values of several segments, and puts them in the order of the alphabet, which is that of time.
    fn join(&mut self) {
        let mut order: Vec<(String, u64)> =
            self.values.iter().map(|value| value.value.clone()).zip(0..).collect();
        order_by_text(&mut order);
        let mut old = core::mem::take(&mut self.values);
        for (_, at) in order {
            let value = core::mem::take(&mut old[at as usize]);
            match self.values.last_mut() {
                Some(last) if last.value == value.value => last.n += value.n,
                _ => self.values.push(value),
            }
        }
        self.n_values = self.values.len() as u64;
    }

    /// Puts values that are in the order of the alphabet in that of their numbers, but for time.
    fn finish(&mut self, limit: usize) {
        if matches!(self.facet, Facet::Year | Facet::Month) {
            return;
        }
        if self.facet == Facet::Label {
            self.drop_parts();
        }
        order_by(&mut self.values, |value| u64::MAX - value.n);
        self.values.truncate(limit);
    }

    /// Leaves out parts of a folder's path that no other folder has: where all of `inbox` is `skilling/inbox`, only the
    /// latter is told. Values are in the order of the alphabet.
    fn drop_parts(&mut self) {
        let values = &self.values;
        let mut is_part = vec![false; values.len()];
        for whole in values {
            let text = whole.value.as_str();
            let signs: Vec<usize> = (0..text.len()).filter(|at| text.as_bytes()[*at] == b'/').collect();
            for from in signs.iter().map(|at| at + 1).chain([0]) {
                for &until in signs.iter().chain(&[text.len()]) {
                    // Not the whole, and not backwards.
                    let part = text.get(from..until).unwrap_or(text);
                    let at = values.partition_point(|value| value.value.as_str() < part);
                    let is_told = |other: &Value| other.value == part && other.n == whole.n;
                    if part.len() < text.len() && values.get(at).is_some_and(is_told) {
                        is_part[at] = true;
                    }
                }
            }
        }
        let mut is_part = is_part.into_iter();
        self.values.retain(|_| is_part.next() == Some(false));
        self.n_values = self.values.len() as u64;
    }
}

#[cfg(test)]
mod tests;
