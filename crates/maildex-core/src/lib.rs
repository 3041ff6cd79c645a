//! The archive format, the query language and the search of Maildex.
//!
//! Nothing here reads a file, a clock or the network: bytes come in through one call and a step that needs
//! bytes which are not there says which.

#![forbid(unsafe_code)]

pub mod query;
pub mod text;
