//! What a question that needs every hit would read, said before it is asked.

#[cfg(feature = "scan")]
use super::eval::estimate;
use super::facets::{Facet, terms};
use super::near::Spans;
use super::order::Sort;
use super::plan::{Expr, Leaf, Plan, Slot};
use crate::error::Outcome;
use crate::format::column::ColumnId;
use crate::format::list::{ListBytes, ListRef};
use crate::segment::{Segment, all};

/// A question that needs every hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighty {
    /// Counts by a facet.
    Facet(Facet),
    /// Hits in this order.
    Sort(Sort),
    /// One line for each thread, or what a query finds with the threads.
    Threads,
}

/// The bytes of lists and columns that these questions read at most, behind the dictionary's blocks, which are read to tell
/// this. What is here already counts too.
pub(crate) fn weigh(segments: &[Segment], plans: &[Plan], questions: &[Weighty]) -> Outcome<u64> {
    let each = all(segments.iter().zip(plans).map(|(segment, plan)| {
        let of_terms = all(questions.iter().map(|question| match question {
            Weighty::Facet(facet) => {
                Ok(terms(segment, *facet)?.iter().map(|term| bytes(&term.list, false)).sum())
            }
            _ => Ok(0),
        }))?;
        let columns = questions.iter().filter_map(|question| Some(segment.column_bytes(column(*question)?)));
        #[cfg(feature = "scan")]
        let read: u64 =
            plan.scans.iter().map(|scan| scan.bytes(segment, estimate(&plan.expr, segment.n_docs()))).sum();
        #[cfg(not(feature = "scan"))]
        let read = 0;
        Ok(read + expr(&plan.expr) + of_terms.iter().sum::<u64>() + columns.sum::<u64>())
    }))?;
    Ok(each.iter().sum())
}

fn column(question: Weighty) -> Option<ColumnId> {
    match question {
        Weighty::Facet(Facet::Year | Facet::Month) => Some(ColumnId::Date),
        Weighty::Facet(Facet::People) | Weighty::Sort(Sort::Sender) => Some(ColumnId::Sender),
        Weighty::Sort(Sort::Subject) => Some(ColumnId::Subject),
        Weighty::Sort(Sort::Size) => Some(ColumnId::Size),
        Weighty::Sort(Sort::Relevance) => Some(ColumnId::Length),
        Weighty::Threads => Some(ColumnId::Thread),
        Weighty::Facet(_) | Weighty::Sort(Sort::Newest | Sort::Oldest) => None,
    }
}

fn expr(part: &Expr) -> u64 {
    match part {
        Expr::Union(leaves) => leaves_bytes(leaves, false),
        Expr::Phrase(slots) => slots_bytes(slots),
        Expr::Near(_, spans) => spans_bytes(spans),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().map(expr).sum(),
        Expr::Not(part) => expr(part),
        _ => 0,
    }
}

fn spans_bytes(spans: &Spans) -> u64 {
    match spans {
        Spans::Phrase(slots) | Spans::Window(slots, _) => slots_bytes(slots),
        Spans::Any(parts) => parts.iter().map(spans_bytes).sum(),
        Spans::Near { left, right, .. } => spans_bytes(left) + spans_bytes(right),
    }
}

fn slots_bytes(slots: &[Slot]) -> u64 {
    slots.iter().map(|slot| leaves_bytes(&slot.leaves, true)).sum()
}

fn leaves_bytes(leaves: &[Leaf], positions: bool) -> u64 {
    leaves.iter().map(|leaf| bytes(&leaf.list, positions)).sum()
}

fn bytes(list: &ListRef, with_positions: bool) -> u64 {
    match &list.bytes {
        ListBytes::Sections { list, positions } => {
            list.1.saturating_add(if with_positions { positions.1 } else { 0 })
        }
        ListBytes::Inline { .. } => 0,
    }
}

#[cfg(test)]
mod tests;
