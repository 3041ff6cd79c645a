//! Relevance: BM25F in integers, so that every platform gives the same order.
//!
//! Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), 3.7: counts of the regions are weighted and
//! added before they saturate. Subject and people weigh most, own words twice the quoted ones.

use super::eval::eval;
use super::plan::{Expr, Leaf, Plan};
use crate::error::Outcome;
use crate::format::column::{ColumnId, LENGTHS};
use crate::segment::{Segment, all};
use core::ops::Range;

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

/// Calls `each` with the score and the number of every hit of a window, ascending, and tells how many there are.
/// `rarities` go with the words of the plan.
///
/// Memory and time follow the hits and not the window: arrays as long as a window of 65,536 messages took half of the
/// instructions of a rare word.
pub(crate) fn score(
    plan: &Plan,
    rarities: &[u32],
    segment: &Segment,
    window: &Range<u32>,
    mut each: impl FnMut(u32, u32),
) -> Outcome<u64> {
    let (docs, weights, classes) = match lone(plan) {
        Some(leaf) => {
            let (docs, weights) = lone_weights(leaf, segment, window)?;
            let classes = segment.column_of(ColumnId::Length, &docs)?;
            (docs, vec![weights], classes)
        }
        None => {
            let docs: Vec<u32> = eval(&plan.expr, segment, window, None)?.ids().collect();
            let classes = segment.column_of(ColumnId::Length, &docs);
            let weights = all(plan.words.iter().map(|leaves| weights(leaves, segment, window, &docs)))?;
            (docs, weights, classes?)
        }
    };
    let saturations: [u64; 16] = core::array::from_fn(|class| u64::from(saturation(class as u32)));
    let mut scores = vec![0u32; docs.len()];
    for (weights, &rarity) in weights.into_iter().zip(rarities) {
        for ((score, weight), class) in scores.iter_mut().zip(weights).zip(&classes) {
            let weight = u64::from(weight) * u64::from(SCALE);
            let share = weight * u64::from(UNIT) / (weight + saturations[*class as usize % 16]);
            *score = score.saturating_add(share as u32 * rarity);
        }
    }
    let n = docs.len() as u64;
    scores.into_iter().zip(docs).for_each(|(score, doc)| each(score, doc));
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

/// The messages of a list and the weights of its word in them.
fn lone_weights(leaf: &Leaf, segment: &Segment, window: &Range<u32>) -> Outcome<(Vec<u32>, Vec<u32>)> {
    let (mut all, mut weights) = (Vec::new(), Vec::new());
    segment.list(&leaf.list).postings(
        window.start,
        window.end,
        &|_, _| true,
        WEIGHTS,
        &mut |docs, sums| {
            let first = docs.partition_point(|&doc| doc < window.start);
            let end = docs.partition_point(|&doc| doc < window.end).max(first);
            all.extend_from_slice(&docs[first..end]);
            weights.extend_from_slice(&sums[first..end]);
        },
    )?;
    Ok((all, weights))
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
        })
    });
    all(lists)?;
    Ok(weights)
}

#[cfg(test)]
mod tests;
