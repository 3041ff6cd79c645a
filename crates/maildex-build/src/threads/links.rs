//! Who hangs under whom: the links of all chains of references, without circles.

use super::forest::Forest;
use super::{Imposters, NONE, Threader, index};

/// Where a link comes from: the place of the item in the order, and the place in its references.
type Rank = (u32, u32);

/// Links every item and every id. The nodes are first the ids, by their numbers, then the items that bear none or
/// bear one that belongs to an earlier item.
pub(super) fn link(threader: &Threader, imposters: Imposters) -> Forest {
    let mut forest = nodes(threader);
    let order = threader.in_order();
    let mut ranks = vec![(0, 0); forest.parents.len()];
    let mut follows_references = vec![false; forest.parents.len()];
    for (rank, &item) in (0..).zip(&order) {
        let node = forest.node_of[item as usize] as usize;
        if let Some(parent) = threader.answered(item) {
            forest.parents[node] = parent;
            follows_references[node] = true;
            ranks[node] = (rank, 0);
        }
    }
    cut_circles(&mut forest.parents, |node| ranks[node as usize]);
    link_by_others(threader, &order, &mut forest, &mut ranks, &follows_references);
    // A circle that is left needs a link that others gave: those give way, the last one first.
    cut_circles(&mut forest.parents, |node| (!follows_references[node as usize], ranks[node as usize]));
    if imposters == Imposters::UnderFirst {
        for item in order {
            let (node, id) = (forest.node_of[item as usize], threader.items[item as usize].id);
            if id != NONE && node != id && !follows_references[node as usize] {
                forest.parents[node as usize] = id;
            }
        }
    }
    forest
}

/// One node for each id and for each item that does not own one; none is linked.
fn nodes(threader: &Threader) -> Forest {
    let mut items = threader.owners.clone();
    let mut node_of = Vec::with_capacity(threader.items.len());
    for (item, kept) in (0..).zip(&threader.items) {
        if kept.id != NONE && threader.owners[kept.id as usize] == item {
            node_of.push(kept.id);
        } else {
            node_of.push(index(items.len()));
            items.push(item);
        }
    }
    Forest { parents: vec![NONE; items.len()], guessed: vec![false; items.len()], items, node_of }
}

/// Links ghosts, and messages that refer to nothing, by what the references of others say about them.
fn link_by_others(
    threader: &Threader,
    order: &[u32],
    forest: &mut Forest,
    ranks: &mut [Rank],
    follows_references: &[bool],
) {
    for (rank, &item) in (0..).zip(order) {
        let mut before = NONE;
        for (position, id) in (0..).zip(threader.chain_of(item)) {
            let node = id as usize;
            if before != NONE && before != id && forest.parents[node] == NONE && !follows_references[node] {
                forest.parents[node] = before;
                ranks[node] = (rank, position);
            }
            before = id;
        }
    }
}

/// Cuts the link of the node with the highest rank (then number) in each circle. Each node has one link at most, so
/// that circles do not touch and one walk finds them all.
fn cut_circles<R: Ord>(parents: &mut [u32], rank: impl Fn(u32) -> R) {
    /// The walk that came by: a node met again by its own walk is on a circle.
    const UNSEEN: u32 = NONE;
    let mut seen = vec![UNSEEN; parents.len()];
    for start in 0..index(parents.len()) {
        let mut node = start;
        while node != NONE && seen[node as usize] == UNSEEN {
            seen[node as usize] = start;
            node = parents[node as usize];
        }
        if node == NONE || seen[node as usize] != start {
            continue;
        }
        let (mut last, mut at) = (node, parents[node as usize]);
        while at != node {
            if rank(at) > rank(last) {
                last = at;
            }
            at = parents[at as usize];
        }
        parents[last as usize] = NONE;
    }
}
