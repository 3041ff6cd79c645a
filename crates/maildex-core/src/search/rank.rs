//! Relevance: BM25F in integers, so that every platform gives the same order.
//!
//! Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), 3.7: counts of the regions are weighted and
//! added before they saturate. Subject and people weigh most, own words twice the quoted ones.

use super::bits::inside;
use super::eval::eval;
use super::plan::{Expr, Leaf, Plan};
use crate::error::{Outcome, Stop};
use crate::format::column::{ColumnId, LENGTHS};
use crate::segment::{Segment, all};
use core::array;
use core::cmp::Reverse;
use core::ops::Range;
use std::collections::BinaryHeap;

/// How much a word counts in the head, the own words and the quoted words of a message.
const WEIGHTS: [u32; 3] = [5, 2, 1];
/// Weighted counts are scaled by this before they saturate.
const SCALE: u32 = 16;
/// A word's share of the score if it stood in a message without end, times its rarity.
const UNIT: u32 = 256;
/// A body of so many words is of average length: fixed, so that segments merge without scoring anew.
const AVERAGE: u32 = 192;

/// The saturation constant of a length class: k1 (1 - b + b · length / average), with k1 = 1.2 own words and b = ¾.
fn saturation(class: u32) -> u32 {
    let length = LENGTHS.get(class as usize).copied().unwrap_or(LENGTHS[14] * 2);
    let k1 = 12 * WEIGHTS[1] * SCALE / 10;
    k1 / 4 + k1 * 3 * length / (4 * AVERAGE)
}

/// Sixteen times the binary logarithm of `n_docs / n`, at least 1.
pub(crate) fn rarity(n_docs: u64, n: u64) -> u32 {
    let ratio = (n_docs << 16) / n.max(1);
    let whole = 63 - ratio.max(1).leading_zeros();
    // Linear between powers of two: at most 0.09 from the logarithm.
    let part = (ratio << 4 >> whole) as u32 & 15;
    (whole * 16 + part).saturating_sub(16 * 16).max(1)
}

/// A word's share of the score by its weight, of [`UNIT`], before its rarity.
#[inline(always)]
fn share(weight: u32, saturation: u32) -> u32 {
    let weight = u64::from(weight) * u64::from(SCALE);
    (weight * u64::from(UNIT) / (weight + u64::from(saturation))) as u32
}

/// The least weight with this [`share`]; none has [`UNIT`].
fn least_weight(share: u32, saturation: u32) -> u32 {
    match UNIT.checked_sub(share) {
        None | Some(0) => u32::MAX,
        Some(rest) => (share * saturation).div_ceil(SCALE * rest),
    }
}

/// Offers the hits of a window that may be among the best with their scores, ascending, and tells how many hits there
/// are. `rarities` go with the words of the plan.
///
/// Memory and time follow the hits and not the window: arrays as long as a window of 65,536 messages took half of the
/// instructions of a rare word.
pub(crate) fn score(
    plan: &Plan,
    rarities: &[u32],
    segment: &Segment,
    window: &Range<u32>,
    best: &mut Best,
) -> Outcome<u64> {
    let saturations: [u32; 16] = array::from_fn(|class| saturation(class as u32));
    if let (Some(leaf), [rarity]) = (lone(plan), rarities) {
        return score_lone(leaf, *rarity, &saturations, segment, window, best);
    }
    let docs: Vec<u32> = eval(&plan.expr, segment, window, None)?.ids().collect();
    let classes = segment.column_of(ColumnId::Length, &docs);
    let weights = all(plan.words.iter().map(|leaves| weights(leaves, segment, window, &docs)))?;
    let classes = classes?;
    let mut scores = vec![0u32; docs.len()];
    for (weights, &rarity) in weights.into_iter().zip(rarities) {
        for ((score, weight), class) in scores.iter_mut().zip(weights).zip(&classes) {
            *score = score.saturating_add(share(weight, saturations[*class as usize % 16]) * rarity);
        }
    }
    scores.iter().zip(&docs).for_each(|(score, doc)| best.offer(*score, *doc));
    Ok(docs.len() as u64)
}

/// The same by the list of the one word. Only those hits are scored that would be good enough in a message of the
/// shortest class: the lengths of most are not looked up.
fn score_lone(
    leaf: &Leaf,
    rarity: u32,
    saturations: &[u32; 16],
    segment: &Segment,
    window: &Range<u32>,
    best: &mut Best,
) -> Outcome<u64> {
    let mut classes = segment.values(ColumnId::Length)?;
    // What a message of each class must have to be good enough, as of the last chunk.
    let (mut least, mut floor) = ([0; 16], 0);
    let mut n = 0;
    segment.list(&leaf.list).postings(
        window.start,
        window.end,
        &|_, _| true,
        WEIGHTS,
        &mut |docs, weights| {
            if best.least() > floor {
                floor = best.least();
                // Where nothing is kept, nothing is good enough.
                let wanted = floor.div_ceil(rarity).min(UNIT);
                least = saturations.map(|saturation| least_weight(wanted, saturation));
            }
            let own = inside(docs, window);
            n += own.len() as u64;
            let mut missing = false;
            for (&doc, &weight) in docs[own.clone()].iter().zip(&weights[own]) {
                if weight < least[0] {
                    continue;
                }
                match classes.get(doc) {
                    Ok(class) if weight < least[class as usize % 16] => {}
                    Ok(class) => best.offer(share(weight, saturations[class as usize % 16]) * rarity, doc),
                    Err(Stop::Missing) => missing = true,
                    Err(stop) => return Err(stop),
                }
            }
            if missing { Err(Stop::Missing) } else { Ok(()) }
        },
    )?;
    Ok(n)
}

/// The list that tells both the hits and their weights: that of a query of one word. Others are read twice, for what
/// is found and for how often it is there, of which the first decides what the second has to look at.
fn lone(plan: &Plan) -> Option<&Leaf> {
    match (&plan.expr, &plan.words[..]) {
        (Expr::Union(leaves), [word]) => match (&leaves[..], &word[..]) {
            ([leaf], [own]) if leaf.regions == 0 && leaf.list == own.list => Some(leaf),
            _ => None,
        },
        _ => None,
    }
}

/// The weights of a word in some messages of a window, ascending.
fn weights(leaves: &[Leaf], segment: &Segment, window: &Range<u32>, wanted: &[u32]) -> Outcome<Vec<u32>> {
    let mut weights = vec![0u32; wanted.len()];
    let keep = |first: u32, last: u32| {
        wanted.get(wanted.partition_point(|&doc| doc < first)).is_some_and(|&doc| doc <= last)
    };
    let lists = leaves.iter().map(|leaf| {
        let mut at = 0;
        segment.list(&leaf.list).postings(window.start, window.end, &keep, WEIGHTS, &mut |docs, sums| {
            for (&doc, &sum) in docs.iter().zip(sums) {
                while wanted.get(at).is_some_and(|&own| own < doc) {
                    at += 1;
                }
                if wanted.get(at) == Some(&doc) {
                    weights[at] = weights[at].saturating_add(sum);
                }
            }
            Ok(())
        })
    });
    all(lists)?;
    Ok(weights)
}

/// The hits of one segment with the best scores; of two with the same score the later message is the better.
pub(crate) struct Best {
    until: usize,
    /// The score above the message, the worst on top.
    heap: BinaryHeap<Reverse<u64>>,
    /// What a hit has to be better than.
    floor: u64,
}

impl Best {
    pub(crate) fn new(until: usize) -> Best {
        // A hit may be 0, and is worth keeping.
        Best { until, heap: BinaryHeap::new(), floor: if until == 0 { u64::MAX } else { 0 } }
    }

    /// The least score that may be good enough.
    fn least(&self) -> u32 {
        (self.floor >> 32) as u32
    }

    #[inline(always)]
    fn offer(&mut self, score: u32, doc: u32) {
        let hit = u64::from(score) << 32 | u64::from(doc);
        // Most hits of a common word are worse than all that are kept.
        if hit >= self.floor {
            self.keep(hit);
        }
    }

    #[inline(never)]
    fn keep(&mut self, hit: u64) {
        if self.heap.len() < self.until {
            self.heap.push(Reverse(hit));
        } else if let Some(mut worst) = self.heap.peek_mut() {
            *worst = Reverse(hit);
        }
        if let Some(Reverse(worst)) = self.heap.peek().filter(|_| self.heap.len() == self.until) {
            self.floor = *worst;
        }
    }

    /// The best first.
    pub(crate) fn sorted(self) -> Vec<(u32, u32)> {
        let hits = self.heap.into_sorted_vec();
        hits.into_iter().map(|Reverse(hit)| ((hit >> 32) as u32, hit as u32)).collect()
    }
}

#[cfg(test)]
mod tests;
