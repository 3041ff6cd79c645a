//! Copies: the same message found in several places is one message with several places.
//!
//! Two messages are copies if everything a reader sees is the same, whatever their Message-IDs: Enron's export gave
//! every copy an id of its own, and lists have used one id for different texts. The first in reading order is kept.

use crate::build::gather::{Meta, Worked};
use crate::build::index::merge::DROPPED;
use rustc_hash::{FxHashMap, FxHashSet};

/// Where a message is among what the workers did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) worker: u32,
    pub(crate) index: u32,
}

/// Which messages are in the archive, in which order, and which are copies of which.
#[derive(Debug, Default)]
pub(crate) struct Copies {
    /// By the archive's number: undated ones first, then by (date, key).
    pub(crate) docs: Vec<At>,
    /// By worker and index: the archive's number, or [`DROPPED`].
    pub(crate) numbers: Vec<Vec<u32>>,
    /// Copies with the number of what they are copies of, sorted.
    pub(crate) dropped: Vec<(u32, At)>,
    pub(crate) n_undated: u32,
    dates: Option<(i64, i64)>,
}

impl At {
    /// What is kept in memory of the message.
    pub(crate) fn meta(self, worked: &[Worked]) -> &Meta {
        &worked[self.worker as usize].metas[self.index as usize]
    }
}

impl Copies {
    /// All messages, by worker.
    pub(crate) fn all(worked: &[Worked]) -> Vec<At> {
        let mut all = Vec::new();
        for (worker, own) in worked.iter().enumerate() {
            all.extend((0..own.metas.len() as u32).map(|index| At { worker: worker as u32, index }));
        }
        all
    }

    /// Sorts out what the workers did.
    pub(crate) fn find(worked: &[Worked]) -> Copies {
        Copies::find_without(worked, &FxHashSet::default())
    }

    /// The same without messages of these contents.
    pub(crate) fn find_without(worked: &[Worked], held: &FxHashSet<[u8; 16]>) -> Copies {
        let mut all = Copies::all(worked);
        let meta = |at: &At| -> &Meta { at.meta(worked) };
        all.retain(|at| !held.contains(&meta(at).digest));
        all.sort_unstable_by_key(|at| meta(at).number);
        let mut kept: FxHashMap<[u8; 16], At> = FxHashMap::default();
        let mut docs = Vec::new();
        let mut dropped = Vec::new();
        for at in all {
            match kept.get(&meta(&at).digest) {
                Some(first) => dropped.push((*first, at)),
                None => {
                    kept.insert(meta(&at).digest, at);
                    docs.push(at);
                }
            }
        }
        docs.sort_by_key(|at| (meta(at).key, meta(at).number));
        Copies::of_groups(worked, docs, dropped)
    }

    /// Puts messages in the order of their dates; those of one date stay as they come. `dropped` are copies, each with
    /// the message it is one of.
    pub(crate) fn of_groups(worked: &[Worked], mut docs: Vec<At>, dropped: Vec<(At, At)>) -> Copies {
        let meta = |at: &At| -> &Meta { at.meta(worked) };
        // `None` sorts before every date.
        docs.sort_by_key(|at| meta(at).date);
        let mut numbers: Vec<Vec<u32>> = worked.iter().map(|own| vec![DROPPED; own.metas.len()]).collect();
        for (doc, at) in (0..).zip(&docs) {
            numbers[at.worker as usize][at.index as usize] = doc;
        }
        let number = |at: At| numbers[at.worker as usize][at.index as usize];
        let mut dropped: Vec<(u32, At)> =
            dropped.into_iter().map(|(first, at)| (number(first), at)).collect();
        // The sort is stable: copies of one message stay in reading order.
        dropped.sort_by_key(|(doc, _)| *doc);
        let n_undated = docs.iter().take_while(|at| meta(at).date.is_none()).count() as u32;
        let date = |at: Option<&At>| at.and_then(|at| meta(at).date);
        let dates = date(docs.get(n_undated as usize)).zip(date(docs.last()));
        Copies { docs, numbers, dropped, n_undated, dates }
    }

    /// The copies of a message, in reading order.
    pub(crate) fn of(&self, doc: u32) -> impl ExactSizeIterator<Item = At> + '_ {
        let from = self.dropped.partition_point(|(own, _)| *own < doc);
        let until = self.dropped.partition_point(|(own, _)| *own <= doc);
        self.dropped[from..until].iter().map(|(_, at)| *at)
    }

    /// The first and the last date.
    pub(crate) fn dates(&self) -> Option<(i64, i64)> {
        self.dates
    }
}
