//! From lists to sets of messages, one window of ids at a time.

use super::bits::Bits;
use super::near::{Spans, near};
use super::phrase::phrase;
use super::plan::{Expr, Leaf, Slot};
use super::threads::Threads;
use crate::error::Outcome;
use crate::format::column::{ColumnId, RUN, days_after};
use crate::format::list::REGIONS;
use crate::order_by::order_by;
use crate::query::Zone;
use crate::segment::{Segment, all};
use core::ops::Range;

/// Ids of a window; a set of them is 8 KiB.
pub(crate) const WINDOW: u32 = 1 << 16;

/// The messages of `window` for which `expr` holds; of those outside `hint` it need not tell.
pub(crate) fn eval(
    expr: &Expr,
    segment: &Segment,
    window: &Range<u32>,
    hint: Option<&Bits>,
) -> Outcome<Bits> {
    match expr {
        Expr::All => Ok(Bits::full(window)),
        Expr::None => Ok(Bits::empty(window)),
        Expr::Range(range) => Ok(Bits::range(window, range)),
        Expr::Docs(docs) => {
            let mut bits = Bits::empty(window);
            docs.iter().for_each(|&doc| bits.insert(doc));
            Ok(bits)
        }
        Expr::Received(from, until) => received(*from, *until, segment, window, hint),
        Expr::Size(sizes) => sized(sizes, segment, window, hint),
        Expr::Union(leaves) => union(leaves, segment, window, hint),
        Expr::Phrase(slots) => phrase(slots, segment, window, hint),
        Expr::Near(candidates, spans) => near(candidates, spans, segment, window, hint),
        Expr::Threads(threads) => threads.eval(segment, window),
        #[cfg(feature = "scan")]
        Expr::Scan(scan) => scan.eval(segment, window, hint),
        #[cfg(feature = "scan")]
        Expr::Or(parts) if expr.reads() => or_reading(parts, segment, window, hint),
        Expr::And(parts) => and(parts, segment, window, hint),
        Expr::Or(parts) => {
            let mut bits = Bits::empty(window);
            for part in all(parts.iter().map(|part| eval(part, segment, window, hint)))? {
                bits.or(&part);
            }
            Ok(bits)
        }
        Expr::Not(part) => {
            let mut bits = eval(part, segment, window, hint)?;
            bits.not();
            Ok(bits)
        }
    }
}

/// The windows that make up a range, ascending.
pub(crate) fn windows(range: Range<u32>) -> impl DoubleEndedIterator<Item = Range<u32>> {
    let n = (range.end - range.start).div_ceil(WINDOW);
    (0..n).map(move |i| {
        let start = range.start + i * WINDOW;
        start..start.saturating_add(WINDOW).min(range.end)
    })
}

/// The hits in a range, window by window; what is missing for any of them is noted at once.
pub(crate) fn eval_all(expr: &Expr, segment: &Segment, range: Range<u32>) -> Outcome<Vec<Bits>> {
    all(windows(range).map(|window| eval(expr, segment, &window, None)))
}

/// The messages of `window` with so many bytes. Only runs of the column with a message of `hint` are read.
fn sized(sizes: &Range<u64>, segment: &Segment, window: &Range<u32>, hint: Option<&Bits>) -> Outcome<Bits> {
    let mut bits = Bits::empty(window);
    for (first, values) in runs(ColumnId::Size, segment, window, hint)? {
        for (doc, size) in (first..).zip(values) {
            if sizes.contains(&u64::from(size)) {
                bits.insert(doc);
            }
        }
    }
    Ok(bits)
}

/// The runs of a column that make up `window`, each with its first message. Only those with a message of `hint` are read.
fn runs(
    id: ColumnId,
    segment: &Segment,
    window: &Range<u32>,
    hint: Option<&Bits>,
) -> Outcome<Vec<(u32, Vec<u32>)>> {
    let runs = (window.start / RUN..window.end.div_ceil(RUN))
        .filter(|run| hint.is_none_or(|hint| hint.any_in(run * RUN, run * RUN + RUN - 1)))
        .map(|run| segment.column(id, (run * RUN).max(window.start)));
    all(runs)
}

/// The messages of `window` that were delivered on these days.
fn received(
    from: Option<i64>,
    until: Option<i64>,
    segment: &Segment,
    window: &Range<u32>,
    hint: Option<&Bits>,
) -> Outcome<Bits> {
    let front = &segment.front;
    let zone = Zone::new(front.zone.clone());
    let (dates, days) =
        (runs(ColumnId::Date, segment, window, hint), runs(ColumnId::Received, segment, window, hint));
    let mut bits = Bits::empty(window);
    for ((first, dates), (_, days)) in dates?.into_iter().zip(days?) {
        for (doc, (date, after)) in (first..).zip(dates.into_iter().zip(days)) {
            let Some(after) = days_after(after).filter(|_| doc >= front.n_undated) else { continue };
            let day = zone.day(front.first_date.saturating_add(i64::from(date))).number() + after;
            if from.is_none_or(|from| from <= day) && until.is_none_or(|until| day < until) {
                bits.insert(doc);
            }
        }
    }
    Ok(bits)
}

/// The messages of `window` that are in any of these lists.
pub(crate) fn union(
    leaves: &[Leaf],
    segment: &Segment,
    window: &Range<u32>,
    hint: Option<&Bits>,
) -> Outcome<Bits> {
    let mut bits = Bits::empty(window);
    let keep = |first: u32, last: u32| hint.is_none_or(|hint| hint.any_in(first, last));
    let outcomes = leaves.iter().map(|leaf| {
        let list = segment.list(&leaf.list);
        if leaf.regions == 0 {
            return list.docs(window.start, window.end, &keep, &mut |docs| bits.insert_all(docs));
        }
        let wanted = REGIONS.map(|region| u32::from(leaf.regions & region != 0));
        list.postings(window.start, window.end, &keep, wanted, &mut |docs, counts| {
            for (&doc, _) in docs.iter().zip(counts).filter(|(_, n)| **n > 0) {
                bits.insert(doc);
            }
            Ok(())
        })
    });
    all(outcomes)?;
    Ok(bits)
}

/// The same as for any [`Expr::Or`]. What has been found already is not read for.
#[cfg(feature = "scan")]
fn or_reading(parts: &[Expr], segment: &Segment, window: &Range<u32>, hint: Option<&Bits>) -> Outcome<Bits> {
    let (reading, others): (Vec<&Expr>, Vec<&Expr>) = parts.iter().partition(|part| part.reads());
    let mut bits = Bits::empty(window);
    for part in all(others.into_iter().map(|part| eval(part, segment, window, hint)))? {
        bits.or(&part);
    }
    for part in reading {
        let mut rest = bits.clone();
        rest.not();
        if let Some(hint) = hint {
            rest.and(hint);
        }
        bits.or(&eval(part, segment, window, Some(&rest))?);
    }
    Ok(bits)
}

fn and(parts: &[Expr], segment: &Segment, window: &Range<u32>, hint: Option<&Bits>) -> Outcome<Bits> {
    // The rarest part first: what it leaves tells which blocks of the others are worth decoding.
    let mut order: Vec<&Expr> = parts.iter().collect();
    order_by(&mut order, |part| {
        let n = estimate(part, segment.n_docs());
        // What reads messages comes last: the others leave it fewer.
        if part.reads() { n.saturating_add(1 << 40) } else { n }
    });
    let mut bits: Option<Bits> = hint.cloned();
    for part in order {
        if bits.as_ref().is_some_and(Bits::is_empty) {
            break;
        }
        let mut more = eval(part, segment, window, bits.as_ref())?;
        if let Some(bits) = &bits {
            more.and(bits);
        }
        bits = Some(more);
    }
    Ok(bits.unwrap_or_else(|| Bits::full(window)))
}

/// How many messages a part holds for at most.
pub(crate) fn estimate(expr: &Expr, n_docs: u32) -> u64 {
    let lists = |leaves: &[Leaf]| estimate_lists(leaves, n_docs);
    let all = u64::from(n_docs);
    match expr {
        Expr::None => 0,
        Expr::All | Expr::Received(..) | Expr::Size(_) | Expr::Threads(_) | Expr::Not(_) => all,
        #[cfg(feature = "scan")]
        Expr::Scan(_) => all,
        Expr::Range(range) => u64::from(range.end.saturating_sub(range.start)),
        Expr::Docs(docs) => docs.len() as u64,
        Expr::Union(leaves) => lists(leaves),
        // A phrase costs more than its lists: after everything that can narrow it.
        Expr::Phrase(slots) => {
            slots.iter().map(|slot| lists(&slot.leaves)).min().unwrap_or(0).saturating_mul(4)
        }
        Expr::Near(candidates, _) => estimate(candidates, n_docs).saturating_mul(4),
        Expr::And(parts) => parts.iter().map(|part| estimate(part, n_docs)).min().unwrap_or(all),
        Expr::Or(parts) => parts.iter().map(|part| estimate(part, n_docs)).sum::<u64>().min(all),
    }
}

/// About how many messages a part holds for, were words independent of each other.
pub(crate) fn expected(expr: &Expr, n_docs: u32) -> u64 {
    let all = u64::from(n_docs).max(1);
    let lists = |leaves: &[Leaf]| estimate_lists(leaves, n_docs);
    let product =
        |parts: &mut dyn Iterator<Item = u64>| parts.fold(all, |left, part| left * part.min(all) / all);
    match expr {
        Expr::All => all,
        // Mail that is looked for by its size is far from the middle.
        Expr::Received(..) | Expr::Size(_) | Expr::Threads(_) => all / 8,
        #[cfg(feature = "scan")]
        Expr::Scan(_) => all / 8,
        Expr::None => 0,
        Expr::Range(_) | Expr::Docs(_) | Expr::Union(_) => estimate(expr, n_docs),
        // Of the messages that hold the words, some eighth holds them side by side.
        Expr::Phrase(slots) => product(&mut slots.iter().map(|slot| lists(&slot.leaves))) / 8,
        Expr::Near(candidates, _) => expected(candidates, n_docs) / 4,
        Expr::And(parts) => product(&mut parts.iter().map(|part| expected(part, n_docs))),
        Expr::Or(parts) => parts.iter().map(|part| expected(part, n_docs)).sum::<u64>().min(all),
        Expr::Not(part) => all - expected(part, n_docs).min(all),
    }
}

fn estimate_lists(leaves: &[Leaf], n_docs: u32) -> u64 {
    leaves.iter().map(|leaf| u64::from(leaf.list.n)).sum::<u64>().min(u64::from(n_docs))
}

/// The total, where it is known without reading any list.
pub(crate) fn known_total(expr: &Expr, n_docs: u32) -> Option<u64> {
    match expr {
        Expr::All => Some(u64::from(n_docs)),
        Expr::None => Some(0),
        Expr::Range(range) => Some(u64::from(range.end.saturating_sub(range.start))),
        // A forged thread may name messages that are not there.
        Expr::Docs(docs) => Some(docs.iter().filter(|doc| **doc < n_docs).count() as u64),
        Expr::Union(leaves) => match &leaves[..] {
            [leaf] if leaf.regions == 0 => Some(u64::from(leaf.list.n)),
            _ => None,
        },
        _ => None,
    }
}

/// Asks in one round for the lists of every part that are short enough to be fetched whole.
pub(crate) fn prefetch(expr: &Expr, segment: &Segment) -> Outcome<()> {
    // One list alone is read from its end; its total is in the dictionary.
    if known_total(expr, segment.n_docs()).is_some() { Ok(()) } else { prefetch_part(expr, segment) }
}

/// Whether [`prefetch`] brings all that an expression reads, so that looking at fewer messages reads nothing less.
pub(crate) fn is_prefetched(expr: &Expr, n_docs: u32) -> bool {
    known_total(expr, n_docs).is_none() && are_parts_prefetched(expr)
}

fn are_parts_prefetched(expr: &Expr) -> bool {
    match expr {
        Expr::All | Expr::None | Expr::Range(_) | Expr::Docs(_) => true,
        Expr::Received(..) | Expr::Size(_) | Expr::Threads(_) => false,
        #[cfg(feature = "scan")]
        Expr::Scan(_) => false,
        Expr::Union(leaves) => leaves.iter().all(|leaf| leaf.list.is_eager(false)),
        Expr::Phrase(slots) => are_slots_prefetched(slots),
        Expr::Near(_, spans) => are_spans_prefetched(spans),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().all(are_parts_prefetched),
        Expr::Not(part) => are_parts_prefetched(part),
    }
}

fn are_spans_prefetched(spans: &Spans) -> bool {
    match spans {
        Spans::Phrase(slots) | Spans::Window(slots, _) => are_slots_prefetched(slots),
        Spans::Any(parts) => parts.iter().all(are_spans_prefetched),
        Spans::Near { left, right, .. } => are_spans_prefetched(left) && are_spans_prefetched(right),
    }
}

fn are_slots_prefetched(slots: &[Slot]) -> bool {
    slots.iter().all(|slot| slot.leaves.iter().all(|leaf| leaf.list.is_eager(true)))
}

fn prefetch_part(expr: &Expr, segment: &Segment) -> Outcome<()> {
    match expr {
        Expr::All | Expr::None | Expr::Range(_) | Expr::Docs(_) | Expr::Received(..) | Expr::Size(_) => {
            Ok(())
        }
        #[cfg(feature = "scan")]
        Expr::Scan(_) => Ok(()),
        Expr::Union(leaves) => prefetch_lists(leaves, segment, false),
        Expr::Phrase(slots) => prefetch_slots(slots, segment),
        Expr::Near(_, spans) => prefetch_spans(spans, segment),
        Expr::Threads(Threads { parts, .. }) | Expr::And(parts) | Expr::Or(parts) => {
            all(parts.iter().map(|part| prefetch_part(part, segment))).map(drop)
        }
        Expr::Not(part) => prefetch_part(part, segment),
    }
}

fn prefetch_spans(spans: &Spans, segment: &Segment) -> Outcome<()> {
    match spans {
        Spans::Phrase(slots) | Spans::Window(slots, _) => prefetch_slots(slots, segment),
        Spans::Any(parts) => all(parts.iter().map(|part| prefetch_spans(part, segment))).map(drop),
        Spans::Near { left, right, .. } => {
            all([left, right].into_iter().map(|side| prefetch_spans(side, segment))).map(drop)
        }
    }
}

fn prefetch_slots(slots: &[Slot], segment: &Segment) -> Outcome<()> {
    all(slots.iter().map(|slot| prefetch_lists(&slot.leaves, segment, true))).map(drop)
}

fn prefetch_lists(leaves: &[Leaf], segment: &Segment, positions: bool) -> Outcome<()> {
    let outcomes = leaves.iter().map(|leaf| segment.list(&leaf.list).prefetch(positions));
    all(outcomes).map(drop)
}
