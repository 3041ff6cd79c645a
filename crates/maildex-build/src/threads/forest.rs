//! The linked nodes, and the threads that are made of them.

use super::{Kept, NONE, Threader, UNDATED, index};

/// All nodes with their links. There are no circles.
pub(super) struct Forest {
    /// By node: the node it hangs under, or [`NONE`].
    pub(super) parents: Vec<u32>,
    /// By node: its item, or [`NONE`] for a ghost.
    pub(super) items: Vec<u32>,
    /// By node: the link rests on the subject or the conversation.
    pub(super) guessed: Vec<bool>,
    /// By item: its node.
    pub(super) node_of: Vec<u32>,
}

/// The threads of an archive, by the date of their first message (those without any date first), then by the smallest
/// key. Every item is in exactly one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Threads {
    nodes: Vec<Node>,
    /// Where each thread ends among the nodes.
    ends: Vec<u32>,
    missing: Vec<Box<str>>,
}

/// One thread: its nodes, each after the one it hangs under, answers by (date, key).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thread<'a> {
    /// Depth first; never empty.
    pub nodes: &'a [Node],
}

/// A message's place in a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// The message, or that it is missing.
    pub who: Who,
    /// The position in the thread of the node it hangs under; `None` for the first node.
    pub parent: Option<u32>,
    /// It hangs there because of its subject or its conversation, not because it says so.
    pub guessed: bool,
}

/// Which message a node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The item with this number.
    Here(u32),
    /// A message that is referred to and not here; [`Threads::missing_id`] has its Message-ID.
    Missing(u32),
    /// An item that is not of the archive's messages ([`Threads::of_first`]).
    Outside(u32),
    /// Nothing but the subject that its answers share ([`super::MergeSubjects::Rfc5256`] only).
    Gathered,
}

impl Who {
    /// The number of the item, if it is here.
    pub fn here(self) -> Option<u32> {
        match self {
            Who::Here(number) => Some(number),
            Who::Missing(_) | Who::Outside(_) | Who::Gathered => None,
        }
    }
}

impl Threads {
    /// The number of threads.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// There is no thread, as there is no message.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The threads in order.
    pub fn iter(&self) -> impl Iterator<Item = Thread<'_>> {
        let starts = core::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, &end)| Thread { nodes: &self.nodes[start as usize..end as usize] })
    }

    /// The Message-ID of a [`Who::Missing`], without brackets or blanks, its domain in lower case.
    pub fn missing_id(&self, missing: u32) -> &str {
        &self.missing[missing as usize]
    }

    /// The number of messages that are referred to and not here.
    pub fn n_missing(&self) -> usize {
        self.missing.len()
    }
}

impl Forest {
    /// Adds a ghost without an id.
    pub(super) fn add_ghost(&mut self) -> u32 {
        self.parents.push(NONE);
        self.items.push(NONE);
        self.guessed.push(false);
        index(self.parents.len() - 1)
    }

    /// All nodes, each before the one it hangs under.
    pub(super) fn bottom_up(&self) -> Vec<u32> {
        let mut waiting = vec![0_u32; self.parents.len()];
        for &parent in self.parents.iter().filter(|&&parent| parent != NONE) {
            waiting[parent as usize] += 1;
        }
        let mut order: Vec<u32> =
            (0..index(self.parents.len())).filter(|&node| waiting[node as usize] == 0).collect();
        let mut done = 0;
        while let Some(&node) = order.get(done) {
            done += 1;
            let parent = self.parents[node as usize];
            if parent != NONE {
                waiting[parent as usize] -= 1;
                if waiting[parent as usize] == 0 {
                    order.push(parent);
                }
            }
        }
        debug_assert_eq!(order.len(), self.parents.len(), "no circles");
        order
    }

    /// By node: there is a message at it or below.
    pub(super) fn alive(&self, bottom_up: &[u32]) -> Vec<bool> {
        let mut alive: Vec<bool> = self.items.iter().map(|&item| item != NONE).collect();
        for &node in bottom_up {
            let parent = self.parents[node as usize];
            if parent != NONE && alive[node as usize] {
                alive[parent as usize] = true;
            }
        }
        alive
    }

    /// Takes out all ghosts but those at the top of two or more branches (RFC 5256, step 3).
    pub(super) fn prune_ghosts(&mut self) {
        let bottom_up = self.bottom_up();
        for &node in bottom_up.iter().rev() {
            let parent = self.parents[node as usize];
            // The parent has its final place already, so that one step is enough.
            if parent != NONE && self.items[parent as usize] == NONE && self.parents[parent as usize] != NONE
            {
                self.parents[node as usize] = self.parents[parent as usize];
            }
        }
        let mut n_children = vec![0_u32; self.parents.len()];
        for node in 0..self.parents.len() {
            if self.items[node] != NONE && self.parents[node] != NONE {
                n_children[self.parents[node] as usize] += 1;
            }
        }
        for parent in &mut self.parents {
            if *parent != NONE && self.items[*parent as usize] == NONE && n_children[*parent as usize] == 1 {
                *parent = NONE;
            }
        }
        // A ghost that lost its children may still hang somewhere; without a message below, it is not laid out.
    }

    /// By node: the date and key it is sorted by, its message's or those of the first message under a ghost.
    pub(super) fn sort_keys(&self, threader: &Threader, bottom_up: &[u32]) -> Vec<(i64, u64)> {
        const LAST: (i64, u64) = (i64::MAX, u64::MAX);
        let own = |&item: &u32| threader.items.get(item as usize).map_or(LAST, |kept| (kept.date, kept.key));
        let mut keys: Vec<(i64, u64)> = self.items.iter().map(own).collect();
        for &node in bottom_up {
            let parent = self.parents[node as usize];
            if parent != NONE && self.items[parent as usize] == NONE {
                keys[parent as usize] = keys[parent as usize].min(keys[node as usize]);
            }
        }
        keys
    }

    /// Puts the threads and their nodes in order.
    pub(super) fn lay_out(self, threader: &Threader) -> Threads {
        let bottom_up = self.bottom_up();
        let alive = self.alive(&bottom_up);
        let keys = self.sort_keys(threader, &bottom_up);
        let mut children: Vec<u32> =
            (0..index(self.parents.len())).filter(|&node| alive[node as usize]).collect();
        children.sort_unstable_by_key(|&node| (self.parents[node as usize], keys[node as usize], node));
        let n_children = children.partition_point(|&node| self.parents[node as usize] != NONE);
        let mut roots = children.split_off(n_children);
        let firsts = self.first_of_each(threader, &bottom_up);
        roots.sort_by_key(|&root| firsts[root as usize]);
        drop((bottom_up, alive, keys, firsts));
        let mut starts = vec![NONE; self.parents.len()];
        for (position, &child) in (0..).zip(&children) {
            let start: &mut u32 = &mut starts[self.parents[child as usize] as usize];
            *start = position.min(*start);
        }
        let children_of = |node: u32| {
            let from = children.get(starts[node as usize] as usize..).unwrap_or_default();
            &from[..from.partition_point(|&child| self.parents[child as usize] <= node)]
        };
        self.walk(&roots, children_of, threader)
    }

    /// By node: the first date at it or below, then the smallest key; [`UNDATED`] if there is no date.
    fn first_of_each(&self, threader: &Threader, bottom_up: &[u32]) -> Vec<(i64, u64)> {
        const NO_DATE: i64 = i64::MAX;
        let date_of = |kept: &Kept| if kept.date == UNDATED { NO_DATE } else { kept.date };
        let own = |&item: &u32| {
            threader.items.get(item as usize).map_or((NO_DATE, u64::MAX), |kept| (date_of(kept), kept.key))
        };
        let mut firsts: Vec<(i64, u64)> = self.items.iter().map(own).collect();
        for &node in bottom_up {
            let ((date, key), parent) = (firsts[node as usize], self.parents[node as usize]);
            if let Some(first) = firsts.get_mut(parent as usize) {
                *first = (first.0.min(date), first.1.min(key));
            }
        }
        for first in firsts.iter_mut().filter(|first| first.0 == NO_DATE) {
            first.0 = UNDATED;
        }
        firsts
    }

    /// Writes down each tree, parents before children.
    fn walk<'a>(
        &self,
        roots: &[u32],
        children_of: impl Fn(u32) -> &'a [u32],
        threader: &Threader,
    ) -> Threads {
        let mut threads = Threads::default();
        let mut stack = Vec::new();
        for &root in roots {
            let start = threads.nodes.len();
            stack.push((root, None));
            while let Some((node, parent)) = stack.pop() {
                let position = index(threads.nodes.len() - start);
                let who = match self.items[node as usize] {
                    NONE => threads.missing(threader, node),
                    item => Who::Here(item),
                };
                threads.nodes.push(Node { who, parent, guessed: self.guessed[node as usize] });
                stack.extend(children_of(node).iter().rev().map(|&child| (child, Some(position))));
            }
            threads.ends.push(index(threads.nodes.len()));
        }
        threads
    }
}

impl Threads {
    /// The threads as those of the first `n` items: the others keep their places and are counted from 0. Threads that
    /// hold none of the first are left out.
    pub fn of_first(self, n: u32) -> Threads {
        let mut threads = Threads { missing: self.missing.clone(), ..Threads::default() };
        for thread in self.iter() {
            if !thread.nodes.iter().any(|node| node.who.here().is_some_and(|item| item < n)) {
                continue;
            }
            threads.nodes.extend(thread.nodes.iter().map(|node| match node.who {
                Who::Here(item) if item >= n => Node { who: Who::Outside(item - n), ..*node },
                _ => *node,
            }));
            threads.ends.push(index(threads.nodes.len()));
        }
        threads
    }

    fn missing(&mut self, threader: &Threader, node: u32) -> Who {
        let Some(id) = threader.ids.mentioned(node) else { return Who::Gathered };
        self.missing.push(id.into());
        Who::Missing(index(self.missing.len() - 1))
    }
}
