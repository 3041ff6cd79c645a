//! Phrases: the messages that hold every word, and of those the ones that hold them side by side.

use super::bits::Bits;
use super::eval::union;
use super::plan::{Leaf, Slot};
use crate::error::Outcome;
use crate::format::list::{HEAD, MAX_POSITION, OWN, Places, QUOTED};
use crate::order_by::order_by;
use crate::segment::{Segment, all};
use core::ops::Range;

/// The messages of `window` in which the slots stand at their distances, in one region.
pub(crate) fn phrase(
    slots: &[Slot],
    segment: &Segment,
    window: &Range<u32>,
    hint: Option<&Bits>,
) -> Outcome<Bits> {
    let mut order: Vec<&Vec<Leaf>> = slots.iter().map(|slot| &slot.leaves).collect();
    order_by(&mut order, |leaves| leaves.iter().map(|leaf| u64::from(leaf.list.n)).sum());
    let mut candidates: Option<Bits> = hint.cloned();
    for leaves in order {
        let mut bits = union(leaves, segment, window, candidates.as_ref())?;
        if let Some(candidates) = &candidates {
            bits.and(candidates);
        }
        candidates = Some(bits);
    }
    let candidates = candidates.unwrap_or_else(|| Bits::empty(window));
    let docs: Vec<u32> = candidates.ids().collect();
    let mut bits = Bits::empty(window);
    if docs.is_empty() {
        return Ok(bits);
    }
    let places = all(slots.iter().map(|slot| slot_places(&slot.leaves, segment, &docs)))?;
    let first = slots.first().map_or(0, |slot| slot.at);
    let distances: Vec<u32> = slots.iter().map(|slot| slot.at - first).collect();
    let mut starts = Vec::new();
    for (at, &doc) in docs.iter().enumerate() {
        if side_by_side(distances.iter().copied().zip(places.iter().map(|slot| slot.of(at))), &mut starts) {
            bits.insert(doc);
        }
    }
    Ok(bits)
}

/// For each message the places of any of the lists, ascending.
pub(crate) fn slot_places(leaves: &[Leaf], segment: &Segment, docs: &[u32]) -> Outcome<Places> {
    let mut each = all(leaves.iter().map(|leaf| leaf_places(leaf, segment, docs)))?;
    if each.len() == 1 {
        return Ok(each.swap_remove(0));
    }
    let mut merged = Places::default();
    for at in 0..docs.len() {
        let start = merged.all.len();
        each.iter().for_each(|places| merged.all.extend_from_slice(places.of(at)));
        merged.all[start..].sort_unstable();
        merged.end();
    }
    Ok(merged)
}

/// The same for one list, which need not hold every message.
fn leaf_places(leaf: &Leaf, segment: &Segment, docs: &[u32]) -> Outcome<Places> {
    let places = segment.list(&leaf.list).positions(docs)?;
    if leaf.regions == 0 {
        return Ok(places);
    }
    let is_wanted =
        |place: u32| leaf.regions & [HEAD, OWN, QUOTED][(place / MAX_POSITION).min(2) as usize] != 0;
    let mut kept = Places::default();
    for at in 0..places.len() {
        kept.all.extend(places.of(at).iter().filter(|place| is_wanted(**place)));
        kept.end();
    }
    Ok(kept)
}

/// Whether some place of the first slot is followed by one of each further slot at its distance. A region's places lie
/// so far from those of the next that no sequence spans two. `starts` is memory to work in.
fn side_by_side<'a>(mut slots: impl Iterator<Item = (u32, &'a [u32])>, starts: &mut Vec<u32>) -> bool {
    let Some((_, first)) = slots.next() else { return false };
    starts.clear();
    starts.extend_from_slice(first);
    for (distance, places) in slots {
        let mut at = 0;
        starts.retain(|&start| {
            let wanted = start.saturating_add(distance);
            while places.get(at).is_some_and(|&place| place < wanted) {
                at += 1;
            }
            places.get(at) == Some(&wanted)
        });
        if starts.is_empty() {
            return false;
        }
    }
    !starts.is_empty()
}

#[cfg(test)]
mod tests;
