//! Merging runs: the terms of all runs in order, each with its postings under their final numbers.

use super::run::{Run, split, take_varint};
use maildex_core::format::dictionary::Kind;
use maildex_core::format::list::{Postings, REGIONS};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

/// The number of a message that is not in the archive: a copy of another.
pub(crate) const DROPPED: u32 = u32::MAX;

/// Calls `visit` with each term, in order, and the kinds of lists it has with their postings.
///
/// `numbers[worker][doc]` is the archive's number of a run's message, or [`DROPPED`].
pub(crate) fn merge(
    mut runs: Vec<Run>,
    numbers: &[&[u32]],
    mut visit: impl FnMut(&[u8], &[(Kind, Postings)]) -> io::Result<()>,
) -> io::Result<()> {
    let mut heap = BinaryHeap::new();
    for (index, run) in runs.iter_mut().enumerate() {
        if run.advance()? {
            heap.push(Reverse((run.key.clone(), index)));
        }
    }
    let mut gathered = Gathered::default();
    let mut term: Vec<u8> = Vec::new();
    let mut lists: Vec<(Kind, Postings)> = Vec::new();
    while let Some(Reverse((key, first))) = heap.pop() {
        let (own, kind) = split(&key);
        if own != term {
            if !lists.is_empty() {
                visit(&term, &lists)?;
                lists.clear();
            }
            term = own.to_vec();
        }
        let mut next = Some(first);
        while let Some(index) = next {
            let run = &mut runs[index];
            gathered.decode(&run.postings, numbers[run.worker]);
            if run.advance()? {
                heap.push(Reverse((run.key.clone(), index)));
            }
            next = match heap.peek() {
                Some(Reverse((other, _))) if *other == key => heap.pop().map(|Reverse((_, index))| index),
                _ => None,
            };
        }
        let postings = gathered.take();
        if !postings.docs.is_empty() {
            lists.push((kind, postings));
        }
    }
    if lists.is_empty() { Ok(()) } else { visit(&term, &lists) }
}

/// Postings in the order in which runs gave them.
#[derive(Default)]
struct Gathered {
    rows: Vec<Row>,
    counts: Vec<u32>,
    positions: Vec<u32>,
}

/// A posting: its message, regions, and where its counts and positions begin.
struct Row {
    doc: u32,
    mask: u8,
    counts: u32,
    positions: u32,
}

impl Gathered {
    fn decode(&mut self, mut bytes: &[u8], numbers: &[u32]) {
        let mut next_doc = 0;
        while !bytes.is_empty() {
            let own = next_doc + take_varint(&mut bytes);
            next_doc = own + 1;
            let mask = take_varint(&mut bytes) as u8;
            let (counts, positions) = (self.counts.len(), self.positions.len());
            for _ in 0..mask.count_ones() {
                let n = take_varint(&mut bytes);
                self.counts.push(n);
                let mut position = 0;
                for _ in 0..n {
                    position += take_varint(&mut bytes);
                    self.positions.push(position);
                }
            }
            let doc = numbers[own as usize];
            if doc == DROPPED {
                self.counts.truncate(counts);
                self.positions.truncate(positions);
            } else {
                self.rows.push(Row { doc, mask, counts: counts as u32, positions: positions as u32 });
            }
        }
    }

    /// The postings by message, and nothing left.
    fn take(&mut self) -> Postings {
        self.rows.sort_unstable_by_key(|row| row.doc);
        // A state may be told twice, by the message and by the archive: a label and a folder of one name, an id that its
        // copy has too.
        self.rows.dedup_by_key(|row| row.doc);
        let mut postings = Postings::default();
        for row in &self.rows {
            postings.docs.push(row.doc);
            postings.masks.push(row.mask);
            let counts =
                &self.counts[row.counts as usize..][..REGIONS.len().min(row.mask.count_ones() as usize)];
            let n: u32 = counts.iter().sum();
            postings.counts.extend_from_slice(counts);
            postings.positions.extend_from_slice(&self.positions[row.positions as usize..][..n as usize]);
        }
        self.rows.clear();
        self.counts.clear();
        self.positions.clear();
        postings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::index::invert::Inverter;
    use std::io::Seek as _;

    #[test]
    fn a_state_that_is_told_twice_counts_once() {
        let run = |docs: &[u32]| {
            let mut inverter = Inverter::new();
            for &doc in docs {
                inverter.add(Kind::State, b"label:inbox", 0, 0);
                inverter.end(doc);
            }
            let mut file = tempfile::tempfile().expect("a file");
            inverter.flush(&mut file).expect("a run");
            file.rewind().expect("its beginning");
            Run::new(file, 0)
        };
        let mut found = Vec::new();
        merge(vec![run(&[0, 2]), run(&[2, 3])], &[&[0, 1, 2, 3]], |_, lists| {
            found.extend(lists.iter().flat_map(|(_, postings)| postings.docs.clone()));
            Ok(())
        })
        .expect("a merge");
        assert_eq!(found, [0, 2, 3]);
    }
}
