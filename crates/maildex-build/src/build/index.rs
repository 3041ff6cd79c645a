//! From words to lists: an inverted index that is built in runs of bounded memory and merged.

pub(crate) mod invert;
pub(crate) mod merge;
mod terms;
pub(crate) mod words;
