//! The query language: text to tree and back. Reading a query never fails.

mod ast;
mod dates;
mod fields;
mod limit;
mod parse;
mod print;
mod scan;
#[cfg(feature = "scan")]
mod stored;
#[cfg(not(feature = "scan"))]
mod unread;
mod value;

#[cfg(feature = "scan")]
pub use ast::HeaderValue;
pub use ast::{Field, Node, Note, Part, Query};
pub use dates::{Date, Day, MONTHS, Reading, Zone, parse_age, parse_date};
pub(crate) use fields::{beginning_with, canonical};
pub use parse::{Context, MAX_BRACKETS, parse};

#[cfg(test)]
mod tests;
