//! Relevance: BM25F in integers, so that every platform gives the same order.
//!
//! Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), 3.7: counts of the regions are weighted and
//! added before they saturate. Subject and people weigh most, own words twice the quoted ones.

use super::plan::Leaf;
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

/// The scores of some messages of a window, ascending. `rarities` go with `words`.
///
/// Memory and time follow the hits and not the window: arrays as long as a window of 65,536 messages took half of the
/// instructions of a rare word.
pub(crate) fn score(
    words: &[Vec<Leaf>],
    rarities: &[u32],
    segment: &Segment,
    window: &Range<u32>,
    docs: &[u32],
) -> Outcome<Vec<u32>> {
    let mut scores = vec![0u32; docs.len()];
    let saturations = lengths(segment, docs)?;
    let keep = |first: u32, last: u32| {
        docs.get(docs.partition_point(|&doc| doc < first)).is_some_and(|&doc| doc <= last)
    };
    let outcomes = words.iter().zip(rarities).map(|(leaves, &rarity)| {
        let mut weights = vec![0u32; docs.len()];
        let lists = leaves.iter().map(|leaf| {
            let mut at = 0;
            segment.list(&leaf.list).postings(window.start, window.end, keep, |posting| {
                while docs.get(at).is_some_and(|&doc| doc < posting.doc) {
                    at += 1;
                }
                if docs.get(at) == Some(&posting.doc) {
                    let counts = posting.counts.iter().zip(WEIGHTS);
                    let sum =
                        counts.fold(0u32, |sum, (n, weight)| sum.saturating_add(n.saturating_mul(weight)));
                    weights[at] = weights[at].saturating_add(sum.min(1 << 16) * SCALE);
                }
            })
        });
        all(lists)?;
        for (at, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0) {
            let share =
                u64::from(*weight) * u64::from(UNIT) / (u64::from(*weight) + u64::from(saturations[at]));
            scores[at] = scores[at].saturating_add(share as u32 * rarity);
        }
        Ok(())
    });
    all(outcomes)?;
    Ok(scores)
}

/// The saturation constants of some messages, ascending.
fn lengths(segment: &Segment, docs: &[u32]) -> Outcome<Vec<u32>> {
    let table: Vec<u32> = (0..16).map(saturation).collect();
    let classes = segment.column_of(ColumnId::Length, docs)?;
    Ok(classes.into_iter().map(|class| table[(class & 15) as usize]).collect())
}

#[cfg(test)]
mod tests;
