//! Whole threads: those that hold a message for each of several parts of a query.
//!
//! Every part is answered for all messages before the first hit is known, so the lists of all parts and the column of
//! threads are read whole.

use super::bits::Bits;
use super::eval::{eval, windows};
use super::plan::Expr;
use crate::error::Outcome;
use crate::format::column::{ColumnId, RUN};
use crate::segment::{Segment, all};
use core::cell::OnceCell;
use core::ops::Range;

/// Messages of threads that hold one for each part.
#[derive(Debug, Clone)]
pub(crate) struct Threads {
    pub(crate) parts: Vec<Expr>,
    /// The numbers of these threads, ascending, once they are known.
    found: OnceCell<Vec<u32>>,
}

impl Threads {
    pub(crate) fn new(parts: Vec<Expr>) -> Threads {
        Threads { parts, found: OnceCell::new() }
    }

    /// The messages of `window` in such a thread.
    pub(crate) fn eval(&self, segment: &Segment, window: &Range<u32>) -> Outcome<Bits> {
        let found = match self.found.get() {
            Some(found) => found,
            None => {
                let found = self.find(segment)?;
                self.found.get_or_init(|| found)
            }
        };
        let mut bits = Bits::empty(window);
        if found.is_empty() {
            return Ok(bits);
        }
        let runs = runs(window).map(|first| segment.column(ColumnId::Thread, first));
        for (first, threads) in all(runs)? {
            for (doc, thread) in (first..).zip(threads) {
                if found.binary_search(&thread).is_ok() {
                    bits.insert(doc);
                }
            }
        }
        Ok(bits)
    }

    fn find(&self, segment: &Segment) -> Outcome<Vec<u32>> {
        let parts = all(self.parts.iter().map(|part| of_part(part, segment)))?;
        let mut parts = parts.into_iter();
        let mut found = parts.next().unwrap_or_default();
        for part in parts {
            found.retain(|thread| part.binary_search(thread).is_ok());
        }
        Ok(found)
    }
}

/// The threads that hold a message for which `part` holds, ascending.
fn of_part(part: &Expr, segment: &Segment) -> Outcome<Vec<u32>> {
    let mut found = Vec::new();
    let outcomes = windows(0..segment.n_docs()).map(|window| {
        let hits = eval(part, segment, &window, None)?;
        let is_hit = |first: &u32| hits.any_in(*first, first.saturating_add(RUN - 1));
        for (first, threads) in
            all(runs(&window).filter(is_hit).map(|first| segment.column(ColumnId::Thread, first)))?
        {
            let here = (first..).zip(threads).filter(|(doc, _)| hits.any_in(*doc, *doc));
            found.extend(here.map(|(_, thread)| thread));
        }
        found.sort_unstable();
        found.dedup();
        Ok(())
    });
    all(outcomes)?;
    Ok(found)
}

/// The first messages of the column's runs that make up a window, which begins with one.
fn runs(window: &Range<u32>) -> impl Iterator<Item = u32> + use<> {
    let end = window.end;
    (window.start / RUN * RUN..end).step_by(RUN as usize)
}
