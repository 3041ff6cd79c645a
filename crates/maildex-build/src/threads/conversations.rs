//! Threads joined because a mail program says that they are one conversation.

use super::forest::Forest;
use super::tops::Tops;
use super::{NONE, Threader, UNDATED};

/// Hangs messages that refer to nothing under the first message of their conversation, as which the first that has a
/// date counts. Which of its messages they answer is not known, so the place is a guess; that they belong to it is
/// none.
pub(super) fn join(threader: &Threader, forest: &mut Forest) {
    let conversation = |item: &u32| threader.items[*item as usize].conversation;
    let mut order = threader.in_order();
    order.retain(|item| conversation(item) != 0);
    if order.is_empty() {
        return;
    }
    order.sort_by_key(|item| (conversation(item), threader.items[*item as usize].date == UNDATED));
    let mut tops = Tops::new(forest);
    for group in order.chunk_by(|a, b| conversation(a) == conversation(b)) {
        let first = forest.node_of[group[0] as usize];
        for &item in &group[1..] {
            let node = forest.node_of[item as usize];
            let top = tops.of(first);
            // Under its own answer it would close a circle.
            if top != node && forest.refers_to_nothing(threader, item) {
                forest.parents[node as usize] = first;
                forest.guessed[node as usize] = true;
                tops.set(node, top);
            }
        }
    }
}

impl Threader {
    /// A mail program says of both to which conversation they belong, and those are two.
    pub(super) fn are_two_conversations(&self, one: u32, other: u32) -> bool {
        let [one, other] = [one, other].map(|item| self.items[item as usize].conversation);
        one != 0 && other != 0 && one != other
    }
}

impl Forest {
    /// A message hangs under none, and names none that it answers.
    pub(super) fn refers_to_nothing(&self, threader: &Threader, item: u32) -> bool {
        self.parents[self.node_of[item as usize] as usize] == NONE && threader.answered(item).is_none()
    }
}
