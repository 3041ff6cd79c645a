//! Putting hits in order, a page of them at a time.

use super::eval::{estimate, eval, known_total, prefetch};
use super::plan::Plan;
use super::rank::{rarity, score};
use crate::error::{Outcome, Stop};
use crate::segment::{Segment, all};
use core::cmp::Reverse;
use core::ops::Range;
use std::collections::BinaryHeap;

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
}

/// A message that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// The segment's number.
    pub(crate) segment: usize,
    /// The message's number in it.
    pub(crate) doc: u32,
}

/// Ids of a window; a set of them is 8 KiB.
const WINDOW: u32 = 1 << 16;
/// The smallest window: less would not save a read.
const LEAST: u32 = 1 << 12;

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
        Sort::Relevance => by_score(segments, plans, until)?,
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
        let windows = windows(segment.n_docs(), Sort::Oldest, WINDOW);
        let each = windows.into_iter().map(|w| Ok(u64::from(eval(&plan.expr, segment, &w, None)?.len())));
        Ok(all(each)?.into_iter().sum())
    }))?;
    Ok(totals.into_iter().sum())
}

/// The windows of a segment in the order in which they are evaluated, the first of `first` ids, each twice the one
/// before.
fn windows(n_docs: u32, sort: Sort, first: u32) -> Vec<Range<u32>> {
    let mut windows = Vec::new();
    let (mut size, mut at) = (first, 0);
    while at < n_docs {
        let n = size.min(n_docs - at);
        windows.push(if sort == Sort::Oldest { at..at + n } else { n_docs - at - n..n_docs - at });
        at += n;
        size = size.saturating_mul(2).min(WINDOW);
    }
    windows
}

/// The first `until` hits of one segment by date, and the total if every window was evaluated.
fn segment_by_date(
    segment: &Segment,
    plan: &Plan,
    sort: Sort,
    until: usize,
) -> Outcome<(Vec<u32>, Option<u64>)> {
    let (n_docs, n_undated) = (segment.n_docs(), segment.front.n_undated);
    let expected = estimate(&plan.expr, n_docs).max(1);
    // Half as many again as the page needs, were hits spread evenly.
    let first =
        (u64::from(n_docs) * until as u64 * 3 / 2 / expected).clamp(u64::from(LEAST), u64::from(WINDOW));
    let mut docs: Vec<u32> = Vec::new();
    let mut undated = Vec::new();
    let mut total = 0;
    let mut complete = true;
    for window in windows(n_docs, sort, first as u32) {
        if docs.len() >= until && (sort == Sort::Newest || window.start >= n_undated) {
            complete = false;
            break;
        }
        let bits = eval(&plan.expr, segment, &window, None)?;
        total += u64::from(bits.len());
        if sort == Sort::Oldest {
            let (early, late): (Vec<u32>, Vec<u32>) = bits.ids().partition(|doc| *doc < n_undated);
            undated.extend(early);
            docs.extend(late);
        } else {
            let mut ids: Vec<u32> = bits.ids().collect();
            ids.reverse();
            docs.extend(ids);
        }
    }
    if complete {
        docs.append(&mut undated);
    }
    docs.truncate(until);
    Ok((docs, complete.then_some(total)))
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
    let hits = match &lists[..] {
        [docs] => docs.iter().map(|&doc| Hit { segment: 0, doc }).collect(),
        _ => merge(segments, &lists, sort, until)?,
    };
    Ok((hits, total))
}

/// Merges the hits of several segments by (date, key).
fn merge(segments: &[Segment], lists: &[Vec<u32>], sort: Sort, until: usize) -> Outcome<Vec<Hit>> {
    let mut at = vec![0; lists.len()];
    let mut heads: Vec<Option<Rank>> = vec![None; lists.len()];
    let mut hits = Vec::new();
    while hits.len() < until {
        let wanted = (0..lists.len()).filter(|&s| heads[s].is_none() && at[s] < lists[s].len());
        let fresh = all(wanted.map(|s| Ok((s, rank(&segments[s], lists[s][at[s]], sort)?))))?;
        fresh.into_iter().for_each(|(s, rank)| heads[s] = Some(rank));
        let best = (0..lists.len()).filter_map(|s| heads[s].map(|rank| (rank, s))).min();
        let Some((_, segment)) = best else { break };
        hits.push(Hit { segment, doc: lists[segment][at[segment]] });
        at[segment] += 1;
        heads[segment] = None;
    }
    Ok(hits)
}

/// What orders hits of several segments: undated last, then the date, then the key.
type Rank = (bool, i64, u64);

fn rank(segment: &Segment, doc: u32, sort: Sort) -> Outcome<Rank> {
    let (date, line) = (segment.date(doc), segment.line(doc));
    let (date, key) = (date?, line?.key);
    Ok(match (date, sort) {
        (Some(date), Sort::Oldest) => (false, date, key),
        (Some(date), _) => (false, date.saturating_neg(), !key),
        (None, Sort::Oldest) => (true, 0, key),
        (None, _) => (true, 0, !key),
    })
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
    // The worst of the best on top; of two with the same score the older is the worse.
    let mut best: BinaryHeap<Reverse<(u32, i64, Hit)>> = BinaryHeap::new();
    let mut missing = false;
    for (index, (segment, plan)) in segments.iter().zip(plans).enumerate() {
        for window in windows(segment.n_docs(), Sort::Newest, WINDOW) {
            match scored(segment, plan, &rarities, &window) {
                Ok(hits) => {
                    total += hits.len() as u64;
                    for (score, doc) in hits {
                        // Between segments the date decides; inside one the number does, which follows the date.
                        let date =
                            if segments.len() > 1 { segment.date(doc)?.unwrap_or(i64::MIN) } else { 0 };
                        best.push(Reverse((score, date, Hit { segment: index, doc })));
                        if best.len() > until {
                            best.pop();
                        }
                    }
                }
                Err(Stop::Missing) => missing = true,
                Err(stop) => return Err(stop),
            }
        }
    }
    if missing {
        return Err(Stop::Missing);
    }
    let hits = best.into_sorted_vec().into_iter().map(|Reverse((.., hit))| hit).collect();
    Ok((hits, Some(total)))
}

fn scored(segment: &Segment, plan: &Plan, rarities: &[u32], window: &Range<u32>) -> Outcome<Vec<(u32, u32)>> {
    let hits = eval(&plan.expr, segment, window, None)?;
    if hits.is_empty() {
        return Ok(Vec::new());
    }
    let scores = score(&plan.words, rarities, segment, window, &hits)?;
    Ok(hits.ids().map(|doc| (scores[(doc - window.start) as usize], doc)).collect())
}
