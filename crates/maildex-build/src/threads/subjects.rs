//! Threads joined by their subjects.

use std::collections::HashMap;

use super::forest::Forest;
use super::tops::Tops;
use super::{NONE, Threader, UNDATED};

const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// Hangs replies that refer to nothing into the thread of the latest message before them that has the same base
/// subject, a person in common and a date at most so many days older. They stand under the top of that thread:
/// which of its messages they answer is not known.
pub(super) fn guess(threader: &Threader, forest: &mut Forest, days: u32) {
    let mut tops = Tops::new(forest);
    let mut order = threader.in_order();
    order.retain(|&item| {
        let kept = &threader.items[item as usize];
        kept.subject != 0 && kept.date != UNDATED
    });
    order.sort_by_key(|&item| threader.items[item as usize].subject);
    let same_subject =
        |a: &u32, b: &u32| threader.items[*a as usize].subject == threader.items[*b as usize].subject;
    for group in order.chunk_by(same_subject) {
        let candidate =
            |&item: &u32| threader.items[item as usize].is_reply && forest.refers_to_nothing(threader, item);
        if group.len() > 1 && group.iter().any(candidate) {
            guess_in_group(threader, forest, &mut tops, group, days);
        }
    }
}

/// `group`: the items of one base subject, by (date, key).
fn guess_in_group(threader: &Threader, forest: &mut Forest, tops: &mut Tops, group: &[u32], days: u32) {
    // By person: the position in the group of their latest message so far.
    let mut latest: HashMap<u32, usize> = HashMap::new();
    for (position, &item) in group.iter().enumerate() {
        let people = threader.people_of(item);
        if threader.items[item as usize].is_reply && forest.refers_to_nothing(threader, item) {
            let before =
                people.iter().filter_map(|person| latest.get(person)).max().map(|&before| group[before]);
            let within = |before: &u32| {
                let age =
                    threader.items[item as usize].date.saturating_sub(threader.items[*before as usize].date);
                age <= i64::from(days) * SECONDS_A_DAY
            };
            let may_be_one = |before: &u32| !threader.are_two_conversations(item, *before);
            if let Some(before) = before.filter(within).filter(may_be_one) {
                let node = forest.node_of[item as usize];
                let top = tops.of(forest.node_of[before as usize]);
                if top != node {
                    forest.parents[node as usize] = top;
                    forest.guessed[node as usize] = true;
                    tops.set(node, top);
                }
            }
        }
        for &person in people {
            latest.insert(person, position);
        }
    }
}

/// Joins threads whose tops have the same base subject (RFC 5256, step 5).
pub(super) fn merge_roots(threader: &Threader, forest: &mut Forest) {
    let bottom_up = forest.bottom_up();
    let alive = forest.alive(&bottom_up);
    let keys = forest.sort_keys(threader, &bottom_up);
    let mut roots: Vec<u32> = (0..)
        .take(forest.parents.len())
        .filter(|&node| alive[node as usize] && forest.parents[node as usize] == NONE)
        .collect();
    roots.sort_by_key(|&root| keys[root as usize]);
    let mut children: Vec<u32> = (0..)
        .take(forest.parents.len())
        .filter(|&node| alive[node as usize] && forest.parents[node as usize] != NONE)
        .collect();
    children.sort_by_key(|&node| (forest.parents[node as usize], keys[node as usize]));
    let children_of = |forest: &Forest, node: u32| {
        let parent = |child: &u32| forest.parents[*child as usize];
        let start = children.partition_point(|child| parent(child) < node);
        let end = children.partition_point(|child| parent(child) <= node);
        children[start..end].to_vec()
    };
    // What stands for a thread's subject: its top, or the first answer to a ghost at the top.
    let speaker = |forest: &Forest, root: u32| match forest.items[root as usize] {
        NONE => children_of(forest, root).first().map_or(NONE, |&child| forest.items[child as usize]),
        item => item,
    };
    let tops: Vec<Top> = roots
        .iter()
        .filter_map(|&node| {
            let kept = threader.items.get(speaker(forest, node) as usize)?;
            let ghost = forest.items[node as usize] == NONE;
            (kept.subject != 0).then_some(Top { node, subject: kept.subject, ghost, reply: kept.is_reply })
        })
        .collect();
    let branches: Vec<Vec<u32>> = tops.iter().map(|top| children_of(forest, top.node)).collect();
    let mut table: HashMap<u64, Top> = HashMap::new();
    for &top in &tops {
        let chosen = table.entry(top.subject).or_insert(top);
        if (top.ghost && !chosen.ghost) || (chosen.reply && !chosen.ghost && !top.reply) {
            *chosen = top;
        }
    }
    for (top, branches) in tops.iter().zip(&branches) {
        if let Some(chosen) = table.get_mut(&top.subject).filter(|chosen| chosen.node != top.node) {
            join(forest, *top, branches, chosen);
        }
    }
}

/// The top of a thread.
#[derive(Clone, Copy)]
struct Top {
    node: u32,
    subject: u64,
    ghost: bool,
    /// The subject is that of a reply or forward.
    reply: bool,
}

/// Joins the thread of `top`, whose first answers are `branches`, with the one chosen for its subject.
fn join(forest: &mut Forest, top: Top, branches: &[u32], chosen: &mut Top) {
    if top.ghost && chosen.ghost {
        for &child in branches {
            forest.parents[child as usize] = chosen.node;
        }
        return;
    }
    if !chosen.ghost && !(top.reply && !chosen.reply) {
        let ghost = forest.add_ghost();
        forest.parents[chosen.node as usize] = ghost;
        forest.guessed[chosen.node as usize] = true;
        *chosen = Top { node: ghost, ghost: true, ..*chosen };
    }
    forest.parents[top.node as usize] = chosen.node;
    forest.guessed[top.node as usize] = true;
}
