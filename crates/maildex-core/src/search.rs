//! Search: from the tree of a query to messages in order.
//!
//! [`plan`] looks the words up in the dictionary, [`eval`] turns lists into sets of messages window by window,
//! [`phrase`] and [`near`] check positions, [`rank`] scores. Ids are in date order, so "newest first" evaluates windows from the
//! end and stops when the page is full; the total goes on to the beginning. Beside the search, [`suggest`] completes what
//! is being typed and [`correct`] looks for what was meant by a word that is nowhere.

mod bits;
mod correct;
mod eval;
mod near;
mod order;
mod phrase;
mod plan;
mod rank;
mod suggest;

pub(crate) use correct::correct;
pub use correct::{Corrections, Unknown};
pub(crate) use order::Hit;
pub use order::Sort;
pub(crate) use order::{found, total};
pub(crate) use plan::{Plan, plan};
pub(crate) use suggest::suggest;
pub use suggest::{OPERATORS, Suggestion, SuggestionKind, Suggestions};

/// The plan of a segment that a query does not ask.
pub(crate) fn nothing() -> plan::Expr {
    plan::Expr::None
}
