//! What a text is made of: words, quoted parts, snippets. The build and the query share this module, so that they
//! cannot disagree.

mod fold;
mod fold_table;
mod form;
mod language;
mod quote;
#[cfg(feature = "scan")]
mod regex;
mod snippet;
mod state;
mod tokenize;

pub use fold::{fold, is_bigram_script, is_mark};
pub use form::{Form, MIN_TYPOS, forms, least_letters, most_wildcards};
pub use language::language;
pub use quote::{Region, RegionKind, regions};
#[cfg(feature = "scan")]
pub use regex::Regex;
pub use snippet::{Match, Pattern, Piece, Snippet, marks, preview, snippet};
pub use state::{lower, message_id_hash, state_value};
pub use tokenize::{MAX_TOKEN, QueryToken, Token, TokenKind, query_tokens, tokenize};
