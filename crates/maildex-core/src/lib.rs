//! The archive format, the query language and the search of Maildex.
//!
//! Nothing here reads a file, a clock or the network: bytes come in through [`Archive::put`], and a step that needs
//! bytes which are not there says which.

#![forbid(unsafe_code)]

pub mod format;
pub mod present;
pub mod query;
pub mod text;

mod archive;
mod error;
mod order_by;
mod search;
mod segment;

#[cfg(test)]
mod forged;
#[cfg(test)]
mod sample;

#[cfg(feature = "scan")]
pub use archive::Whole;
pub use archive::{Archive, Found, InThread, Request, Step, Thread, Want};
pub use error::Error;
#[cfg(feature = "scan")]
pub use search::Progress;
pub use search::{
    Absent, Batch, Counts, Explained, Facet, Facets, Group, Occurrence, Reason, Silent, Sort, Value,
};
pub use search::{Corrections, OPERATORS, Suggestion, SuggestionKind, Suggestions, Unknown, Weighty};
pub use search::{Correspondence, Correspondent, Tie};
