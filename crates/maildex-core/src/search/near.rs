//! Nearness: where words stand close to each other.
//!
//! A *span* is a stretch of positions that an operand fills. Of two spans with the same property, one inside the other,
//! only the inner one is kept, so that an operand has at most as many spans as words (Clarke, Cormack and Burkowski, "An
//! Algebra for Structured Text Search" (1995)).

use super::bits::Bits;
use super::eval::eval;
use super::phrase::slot_places;
use super::plan::{Expr, Slot};
use crate::error::Outcome;
use crate::format::list::Places;
use crate::order_by::order_by;
use crate::segment::{Segment, all};
use core::ops::Range;

/// What fills a span.
#[derive(Debug, Clone)]
pub(crate) enum Spans {
    /// Words at these distances from each other.
    Phrase(Vec<Slot>),
    /// All of the words in any order, with so many others between them at most.
    Window(Vec<Slot>, u32),
    /// Any of these.
    Any(Vec<Spans>),
    /// Both, apart from each other by `distance` at most; next to each other is 1.
    Near { left: Box<Spans>, right: Box<Spans>, distance: u32, ordered: bool },
}

/// First and last position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    start: u32,
    end: u32,
}

/// The messages of `window` among `candidates` that hold a span.
pub(crate) fn near(
    candidates: &Expr,
    spans: &Spans,
    segment: &Segment,
    window: &Range<u32>,
    hint: Option<&Bits>,
) -> Outcome<Bits> {
    let mut held = eval(candidates, segment, window, hint)?;
    if let Some(hint) = hint {
        held.and(hint);
    }
    let docs: Vec<u32> = held.ids().collect();
    let mut bits = Bits::empty(window);
    if docs.is_empty() {
        return Ok(bits);
    }
    let read = Read::new(spans, segment, &docs)?;
    for (at, &doc) in docs.iter().enumerate() {
        if !read.spans(at).is_empty() {
            bits.insert(doc);
        }
    }
    Ok(bits)
}

/// The tree with the places of its words in some messages.
enum Read {
    Phrase(Vec<(u32, Places)>),
    Window(Vec<Places>, u32),
    Any(Vec<Read>),
    Near { left: Box<Read>, right: Box<Read>, distance: u32, ordered: bool },
}

impl Read {
    fn new(spans: &Spans, segment: &Segment, docs: &[u32]) -> Outcome<Read> {
        let places = |slots: &[Slot]| all(slots.iter().map(|slot| slot_places(&slot.leaves, segment, docs)));
        Ok(match spans {
            Spans::Phrase(slots) => {
                Read::Phrase(slots.iter().map(|slot| slot.at).zip(places(slots)?).collect())
            }
            Spans::Window(slots, slop) => Read::Window(places(slots)?, *slop),
            Spans::Any(parts) => Read::Any(all(parts.iter().map(|part| Read::new(part, segment, docs)))?),
            Spans::Near { left, right, distance, ordered } => {
                let sides = all([left, right].into_iter().map(|side| Read::new(side, segment, docs)))?;
                let Ok([left, right]) = <[Read; 2]>::try_from(sides) else {
                    return Ok(Read::Any(Vec::new()));
                };
                let (left, right) = (Box::new(left), Box::new(right));
                Read::Near { left, right, distance: *distance, ordered: *ordered }
            }
        })
    }

    /// The spans in message number `at`, ascending, none inside another.
    fn spans(&self, at: usize) -> Vec<Span> {
        match self {
            Read::Phrase(slots) => phrase_spans(slots, at),
            Read::Window(slots, slop) => {
                let slots: Vec<&[u32]> = slots.iter().map(|places| places.of(at)).collect();
                window_spans(&slots, *slop)
            }
            Read::Any(parts) => innermost(parts.iter().flat_map(|part| part.spans(at)).collect()),
            Read::Near { left, right, distance, ordered } => {
                let left = left.spans(at);
                if left.is_empty() {
                    return left;
                }
                let right = right.spans(at);
                let mut out = pairs(&left, &right, *distance);
                if !ordered {
                    out.extend(pairs(&right, &left, *distance));
                }
                innermost(out)
            }
        }
    }
}

fn phrase_spans(slots: &[(u32, Places)], at: usize) -> Vec<Span> {
    let Some(((first_at, first), rest)) = slots.split_first() else { return Vec::new() };
    let length = rest.last().map_or(0, |(last_at, _)| last_at - first_at);
    let starts = first.of(at).iter().copied().filter(|start| {
        rest.iter().all(|(offset, places)| {
            places.of(at).binary_search(&start.saturating_add(offset - first_at)).is_ok()
        })
    });
    starts.map(|start| Span { start, end: start.saturating_add(length) }).collect()
}

/// The shortest stretches that hold a place of every slot, where they hold at most `slop` words more than slots.
fn window_spans(slots: &[&[u32]], slop: u32) -> Vec<Span> {
    let mut at = vec![0; slots.len()];
    let mut out = Vec::new();
    let room = (slots.len() as u32).saturating_sub(1).saturating_add(slop);
    loop {
        let heads = slots.iter().zip(&at).map(|(places, &at)| places.get(at).copied());
        let Some(heads) = heads.collect::<Option<Vec<u32>>>() else { break };
        let (Some(&start), Some(&end)) = (heads.iter().min(), heads.iter().max()) else { break };
        if end - start <= room {
            out.push(Span { start, end });
        }
        // Nothing that begins here ends sooner: on with the first.
        let first = heads.iter().position(|&head| head == start).unwrap_or_default();
        at[first] += 1;
    }
    innermost(out)
}

/// For each span of `left` the nearest of `right` behind it, if it is near enough.
fn pairs(left: &[Span], right: &[Span], distance: u32) -> Vec<Span> {
    let behind = |left: &Span| {
        let next = right.get(right.partition_point(|right| right.start <= left.end))?;
        (next.start - left.end <= distance).then_some(Span { start: left.start, end: next.end })
    };
    left.iter().filter_map(behind).collect()
}

/// Leaves out every span that holds another.
fn innermost(mut spans: Vec<Span>) -> Vec<Span> {
    order_by(&mut spans, |span| u64::from(span.start) << 32 | u64::from(u32::MAX - span.end));
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        // Those before it begin no later: what ends no sooner holds this one.
        while out.last().is_some_and(|last| last.end >= span.end) {
            out.pop();
        }
        out.push(span);
    }
    out
}

#[cfg(test)]
mod tests;
