//! The query language: text to tree and back. Reading a query never fails.

mod ast;

pub use ast::{Field, Node, Note, Query};
