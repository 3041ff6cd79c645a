//! From words to lists: an inverted index that is built in runs of bounded memory and merged.

pub(crate) mod invert;
pub(crate) mod merge;
pub(crate) mod run;
mod terms;
pub(crate) mod words;
