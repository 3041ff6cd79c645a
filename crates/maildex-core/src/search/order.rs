//! Putting hits in order, a page of them at a time.

use super::bits::Bits;
use super::columns::{by_column, values};
use super::eval::{WINDOW, eval_all, expected, is_prefetched, known_total, prefetch, windows};
use super::plan::Plan;
use super::rank::{Best, rarity, score};
#[cfg(feature = "scan")]
use super::scan::settle;
use crate::error::{Outcome, Stop};
use crate::order_by::{order_by, unsigned};
use crate::segment::{Segment, all};

/// The order of hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By date, the last first; undated ones at the end.
    #[default]
    Newest,
    /// By date, the first first; undated ones at the end.
    Oldest,
    /// By score, then the newest first.
    Relevance,
    /// By the name of the sender, then the newest first; mail without a sender at the end.
    Sender,
    /// By the subject without marks of replies, then the newest first; those without one at the end.
    Subject,
    /// By size, the largest first, then the newest first.
    Size,
}

/// A message that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// The segment's number.
    pub(crate) segment: usize,
    /// The message's number in it.
    pub(crate) doc: u32,
}

/// The smallest window: less would not save a read.
const LEAST: u32 = 1 << 12;
/// The same where messages are read.
const LEAST_READ: u32 = 1 << 8;

/// The hits `offset..offset + limit` in order, and the total where it is known by then.
pub(crate) fn found(
    segments: &[Segment],
    plans: &[Plan],
    sort: Sort,
    offset: usize,
    limit: usize,
) -> Outcome<(Vec<Hit>, Option<u64>)> {
    all(segments.iter().zip(plans).map(|(segment, plan)| prefetch(&plan.expr, segment)))?;
    let until = offset.saturating_add(limit);
    let (mut hits, total) = match sort {
        Sort::Relevance => {
            #[cfg(feature = "scan")]
            all(segments.iter().zip(plans).map(|(own, plan)| settle(own, &plan.expr, 0..own.n_docs())))?;
            by_score(segments, plans, until)?
        }
        Sort::Sender | Sort::Subject | Sort::Size => by_column(segments, plans, sort, until)?,
        _ => by_date(segments, plans, sort, until)?,
    };
    hits.drain(..offset.min(hits.len()));
    Ok((hits, total))
}

/// How many messages there are.
pub(crate) fn total(segments: &[Segment], plans: &[Plan]) -> Outcome<u64> {
    let totals = all(segments.iter().zip(plans).map(|(segment, plan)| {
        if let Some(total) = known_total(&plan.expr, segment.n_docs()) {
            return Ok(total);
        }
        prefetch(&plan.expr, segment)?;
        #[cfg(feature = "scan")]
        settle(segment, &plan.expr, 0..segment.n_docs())?;
        let sets = eval_all(&plan.expr, segment, 0..segment.n_docs())?;
        Ok(sets.iter().map(|set| u64::from(set.len())).sum())
    }))?;
    Ok(totals.into_iter().sum())
}

/// The first `until` hits of one segment by date, and the total if every message was looked at.
fn segment_by_date(
    segment: &Segment,
    plan: &Plan,
    sort: Sort,
    until: usize,
) -> Outcome<(Vec<u32>, Option<u64>)> {
    let n_docs = segment.n_docs();
    let expected = expected(&plan.expr, n_docs).max(1);
    // Half as many messages again as the page needs, were hits spread evenly; if that was too few, twice as many.
    let wanted = u64::from(n_docs).saturating_mul(until as u64) / 2 / expected;
    let least = if plan.expr.reads() { LEAST_READ } else { LEAST };
    // What is here already is evaluated at once, for the total needs the rest as well. Not of several windows, in each of
    // which a short list is decoded anew.
    let whole = n_docs <= WINDOW && is_prefetched(&plan.expr, n_docs);
    let mut reach = if whole { u64::MAX } else { wanted.saturating_mul(3).max(u64::from(least)) };
    let (mut docs, mut total): (Vec<u32>, u64) = (Vec::new(), 0);
    // Undated messages stand first by number and come last in either order.
    let mut dated = segment.front.n_undated..n_docs;
    while !dated.is_empty() && docs.len() < until {
        let n = reach.min(u64::from(dated.end - dated.start)) as u32;
        let range =
            if sort == Sort::Oldest { dated.start..dated.start + n } else { dated.end - n..dated.end };
        if sort == Sort::Oldest {
            dated.start = range.end;
        } else {
            dated.end = range.start;
        }
        #[cfg(feature = "scan")]
        settle(segment, &plan.expr, range.clone())?;
        total += push_hits(&eval_all(&plan.expr, segment, range)?, sort, until, &mut docs);
        reach = reach.saturating_mul(2);
    }
    if dated.is_empty() && (whole || docs.len() < until || segment.front.n_undated == 0) {
        #[cfg(feature = "scan")]
        settle(segment, &plan.expr, 0..segment.front.n_undated)?;
        total +=
            push_hits(&eval_all(&plan.expr, segment, 0..segment.front.n_undated)?, sort, until, &mut docs);
        return Ok((docs, Some(total)));
    }
    Ok((docs, None))
}

/// Appends the hits of ascending windows in the order asked for, up to `until` in all; gives how many there are.
fn push_hits(sets: &[Bits], sort: Sort, until: usize, docs: &mut Vec<u32>) -> u64 {
    let mut push = |set: &Bits| {
        let room = until.saturating_sub(docs.len());
        if room == 0 {
            return;
        }
        if sort == Sort::Oldest {
            docs.extend(set.ids().take(room));
        } else {
            let ids: Vec<u32> = set.ids().collect();
            docs.extend(ids.iter().rev().take(room));
        }
    };
    match sort {
        Sort::Oldest => sets.iter().for_each(&mut push),
        _ => sets.iter().rev().for_each(&mut push),
    }
    sets.iter().map(|set| u64::from(set.len())).sum()
}

fn by_date(
    segments: &[Segment],
    plans: &[Plan],
    sort: Sort,
    until: usize,
) -> Outcome<(Vec<Hit>, Option<u64>)> {
    let each = segments.iter().zip(plans).map(|(segment, plan)| {
        let (docs, total) = segment_by_date(segment, plan, sort, until)?;
        Ok((docs, known_total(&plan.expr, segment.n_docs()).or(total)))
    });
    let each = all(each)?;
    let total = each.iter().map(|(_, total)| *total).sum();
    let lists: Vec<Vec<u32>> = each.into_iter().map(|(docs, _)| docs).collect();
    Ok((merge(segments, &lists, sort, until)?, total))
}

/// The lines of so many hits are asked for together with their dates: a page, not all pages before it.
const AHEAD: usize = 100;

/// Merges the hits of several segments, each in order already.
pub(crate) fn merge(segments: &[Segment], lists: &[Vec<u32>], sort: Sort, until: usize) -> Outcome<Vec<Hit>> {
    if let [docs] = lists {
        return Ok(docs.iter().take(until).map(|&doc| Hit { segment: 0, doc }).collect());
    }
    let ranks = ranks(segments, lists, sort)?;
    let mut at = vec![0; lists.len()];
    let mut hits = Vec::new();
    while hits.len() < until {
        let heads = ranks.iter().zip(&at).enumerate();
        let best = heads.filter_map(|(segment, (ranks, &at))| Some((ranks.get(at)?, segment))).min();
        let Some((_, segment)) = best else { break };
        hits.push(Hit { segment, doc: lists[segment][at[segment]] });
        at[segment] += 1;
    }
    Ok(hits)
}

/// The dates of hits, each segment's in order already.
fn dates(segments: &[Segment], lists: &[Vec<u32>]) -> Outcome<Vec<Vec<Option<i64>>>> {
    let dates = all(segments.iter().zip(lists).map(|(segment, docs)| segment.dates(docs)));
    if dates == Err(Stop::Missing) {
        // The first hits are most likely shown: their lines come in the same round.
        let _ = all(segments.iter().zip(lists).map(|(segment, docs)| {
            all(docs.iter().take(AHEAD / segments.len()).map(|&doc| segment.line(doc))).map(drop)
        }));
    }
    dates
}

/// A number that orders dates, those of undated messages first.
fn dated(date: Option<i64>) -> u64 {
    date.map_or(0, |date| unsigned(date).saturating_add(1))
}

/// What orders hits of several segments: what is sorted by, then undated last, then the date, then the key.
type Rank = (u64, bool, i64, u64);

/// The ranks of all hits. Only those of one date in several segments need their keys.
fn ranks(segments: &[Segment], lists: &[Vec<u32>], sort: Sort) -> Outcome<Vec<Vec<Rank>>> {
    let dates = dates(segments, lists);
    let values = values(segments, lists, sort);
    let dates = dates?;
    let mut seen: Vec<(Option<i64>, usize)> = (0..)
        .zip(&dates)
        .flat_map(|(segment, dates)| dates.iter().map(move |date| (*date, segment)))
        .collect();
    // The segments of one date stay in their order.
    order_by(&mut seen, |(date, _)| dated(*date));
    seen.dedup();
    let is_shared = |date: &Option<i64>| {
        let from = seen.partition_point(|(own, _)| own < date);
        seen[from..].iter().take_while(|(own, _)| own == date).nth(1).is_some()
    };
    let key = |segment: &Segment, doc: u32, date: &Option<i64>| {
        if is_shared(date) { segment.line(doc).map(|line| line.key) } else { Ok(0) }
    };
    all(segments.iter().zip(lists).zip(dates.iter().zip(values?)).map(
        |((segment, docs), (dates, values))| {
            all(docs.iter().zip(dates).zip(values).map(|((&doc, date), value)| {
                let key = key(segment, doc, date)?;
                Ok(match (date, sort) {
                    (Some(date), Sort::Oldest) => (value, false, *date, key),
                    (Some(date), _) => (value, false, date.saturating_neg(), !key),
                    (None, Sort::Oldest) => (value, true, 0, key),
                    (None, _) => (value, true, 0, !key),
                })
            }))
        },
    ))
}

fn by_score(segments: &[Segment], plans: &[Plan], until: usize) -> Outcome<(Vec<Hit>, Option<u64>)> {
    let n_docs: u64 = segments.iter().map(|segment| u64::from(segment.n_docs())).sum();
    let n_words = plans.first().map_or(0, |plan| plan.words.len());
    let rarities: Vec<u32> = (0..n_words)
        .map(|word| {
            let lists = plans.iter().filter_map(|plan| plan.words.get(word)).flatten();
            rarity(n_docs, lists.map(|leaf| u64::from(leaf.list.n)).sum())
        })
        .collect();
    let mut total = 0;
    let best = all(segments.iter().zip(plans).map(|(segment, plan)| {
        let mut best = Best::new(until);
        let hits =
            windows(0..segment.n_docs()).map(|window| score(plan, &rarities, segment, &window, &mut best));
        total += all(hits)?.into_iter().sum::<u64>();
        Ok(best.sorted())
    }))?;
    let lists: Vec<Vec<u32>> = best.iter().map(|best| best.iter().map(|(_, doc)| *doc).collect()).collect();
    if let [docs] = &lists[..] {
        return Ok((docs.iter().map(|&doc| Hit { segment: 0, doc }).collect(), Some(total)));
    }
    // Between segments the date decides; inside one the number, which follows the date.
    let mut hits = Vec::new();
    for ((segment, best), dates) in best.iter().enumerate().zip(dates(segments, &lists)?).rev() {
        let rows = best.iter().zip(dates);
        hits.extend(rows.map(|(&(score, doc), date)| (score, date, Hit { segment, doc })));
    }
    order_by(&mut hits, |(_, date, _)| !dated(*date));
    order_by(&mut hits, |(score, ..)| u64::from(!score));
    Ok((hits.into_iter().map(|(.., hit)| hit).take(until).collect(), Some(total)))
}
