//! Many queries at once, told as a table: how many messages each finds, how many with their threads, how many that no other
//! finds, and how many of each source.

use super::bits::Bits;
use super::facets::{Facet, hits, listed, terms};
use super::plan::Plan;
use crate::error::{Outcome, corrupt};
use crate::format::column::ColumnId;
use crate::order_by::order_by_text;
use crate::segment::{Segment, all};

/// What some queries find.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// The names of the sources, in order.
    pub sources: Vec<String>,
    /// One row for each query; `None` where nothing of it can be answered.
    pub rows: Vec<Option<Counts>>,
    /// What all of them find together; as unique counts what exactly one of them finds.
    pub total: Counts,
}

/// What a query finds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages.
    pub hits: u64,
    /// Messages, and the others of their threads.
    pub with_threads: u64,
    /// Messages that no other query of the batch finds.
    pub unique: u64,
    /// Messages of each source; one with copies in several counts for each.
    pub sources: Vec<u64>,
}

/// Counts for queries whose plans these are, each with a plan for each segment.
pub(crate) fn batch(segments: &[Segment], plans: Outcome<Vec<Option<Vec<Plan>>>>) -> Outcome<Batch> {
    let terms = all(segments.iter().map(|segment| terms(segment, Facet::Source)));
    let (plans, terms) = (plans?, terms?);
    let mut names: Vec<(String, u64)> = terms.iter().flatten().map(|term| (term.value.clone(), 0)).collect();
    order_by_text(&mut names);
    names.dedup();
    let sources: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
    let empty = Counts { sources: vec![0; sources.len()], ..Counts::default() };
    let rows = plans.iter().map(|plans| plans.as_ref().map(|_| empty.clone())).collect();
    let mut batch = Batch { rows, total: empty, sources };
    let each = all((0..segments.len()).map(|at| {
        let segment = &segments[at];
        let sets = all(plans.iter().flatten().map(|plans| hits(segment, &plans[at])));
        let sources =
            all(batch.sources.iter().map(|name| match terms[at].iter().find(|term| term.value == *name) {
                Some(term) => listed(segment, &term.list, None),
                None => Ok(Bits::empty(&(0..segment.n_docs()))),
            }));
        let docs: Vec<u32> = (0..segment.n_docs()).collect();
        let threads = segment.column_of(ColumnId::Thread, &docs);
        Ok(Table { sets: sets?, sources: sources?, threads: threads? })
    }))?;
    for table in each {
        table.add(&mut batch)?;
    }
    Ok(batch)
}

/// What a segment has to say.
struct Table {
    /// By query that is answered: what it finds.
    sets: Vec<Bits>,
    /// By source of the batch: its messages.
    sources: Vec<Bits>,
    /// By message: its thread.
    threads: Vec<u32>,
}

impl Table {
    /// Adds the segment to the counts.
    fn add(mut self, batch: &mut Batch) -> Outcome<()> {
        let all_docs = 0..self.threads.len() as u32;
        let (mut once, mut more) = (Bits::empty(&all_docs), Bits::empty(&all_docs));
        for set in &self.sets {
            more.or(&both(set, &once));
            once.or(set);
        }
        // What several find is what is left out of the unique ones.
        more.not();
        self.sets.push(once);
        for (set, counts) in self.sets.iter().zip(batch.rows.iter_mut().flatten().chain([&mut batch.total])) {
            counts.hits += u64::from(set.len());
            counts.unique += u64::from(both(set, &more).len());
            counts.with_threads += self.with_threads(set)?;
            for (n, source) in counts.sources.iter_mut().zip(&self.sources) {
                *n += u64::from(both(set, source).len());
            }
        }
        Ok(())
    }

    fn with_threads(&self, set: &Bits) -> Outcome<u64> {
        let n_docs = self.threads.len() as u32;
        let mut hit = Bits::empty(&(0..n_docs));
        for doc in set.ids() {
            match self.threads.get(doc as usize) {
                // There are no more threads than messages.
                Some(&thread) if thread < n_docs => hit.insert(thread),
                _ => return Ok(corrupt("column")?),
            }
        }
        Ok(self.threads.iter().filter(|&&thread| hit.any_in(thread, thread)).count() as u64)
    }
}

#[inline(never)]
fn both(a: &Bits, b: &Bits) -> Bits {
    let mut bits = a.clone();
    bits.and(b);
    bits
}

#[cfg(test)]
mod tests;
