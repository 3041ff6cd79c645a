//! Search: from the tree of a query to messages in order.
//!
//! [`plan`] looks the words up in the dictionary, [`eval`] turns lists into sets of messages window by window,
//! [`phrase`] and [`near`] check positions, [`rank`] scores, [`columns`] sorts otherwise. Ids are in date order, so "newest
//! first" evaluates windows from the end and stops when the page is full; the total goes on to the beginning. Beside the
//! search, [`facets`] counts what hits are made of, [`explain`] tells why one is there, [`batch`] asks many queries at once,
//! `scan` reads messages for what stands in no list, [`correspondence`] tells who writes to whom, [`suggest`] completes what is being typed and [`correct`] looks for what was meant by a word that is nowhere.

mod absent;
mod batch;
mod bits;
mod columns;
mod correct;
mod correspondence;
mod eval;
mod explain;
mod facets;
mod kinds;
#[cfg(feature = "scan")]
mod matcher;
mod near;
mod order;
mod phrase;
mod plan;
mod rank;
#[cfg(feature = "scan")]
mod scan;
mod suggest;
mod threads;
mod weigh;

pub use absent::{Absent, Silent};
pub(crate) use absent::{reasons, silent};
pub(crate) use batch::batch;
pub use batch::{Batch, Counts};
pub(crate) use columns::{Grouped, grouped};
pub(crate) use correct::correct;
pub use correct::{Corrections, Unknown};
pub(crate) use correspondence::correspondence;
pub use correspondence::{Correspondence, Correspondent, Tie};
pub(crate) use explain::explain;
pub use explain::{Explained, Occurrence, Reason};
pub(crate) use facets::facets;
pub use facets::{Facet, Facets, Group, Value};
pub(crate) use kinds::{admits, meant, named_kinds};
pub(crate) use order::Hit;
pub use order::Sort;
pub(crate) use order::{found, total};
pub(crate) use plan::{Plan, plan};
#[cfg(feature = "scan")]
pub use scan::Progress;
#[cfg(feature = "scan")]
pub(crate) use scan::Scans;
pub(crate) use suggest::suggest;
pub use suggest::{OPERATORS, Suggestion, SuggestionKind, Suggestions};
pub use weigh::Weighty;
pub(crate) use weigh::weigh;
