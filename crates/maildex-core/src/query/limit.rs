//! A bound on what a query makes a search read: words without a beginning are each held against every word of the archive.

use super::ast::Node;
use super::value::is_loose;
use crate::text::{Form, forms};

/// Words with a wildcard in front or with typing errors that are looked up. Against the 1.5 million words of a big
/// archive each takes some tenths of a second.
const MAX_OPEN: usize = 64;

/// What is noted of those that are too many.
pub(super) const TOO_MANY: &str =
    "more than 64 words begin with a wildcard or have typing errors: the others are read as they are";

/// Takes the wildcards and typing errors from the words that are too many; gives whether there were any. `n` counts. What
/// is left prints as a query that reads the same.
pub(super) fn limit(node: &mut Node, n: &mut usize) -> bool {
    let (field, text, typos, slop) = match node {
        Node::And(parts) | Node::Or(parts) | Node::Thread(parts) => {
            return parts.iter_mut().fold(false, |any, part| limit(part, n) | any);
        }
        Node::Not(part) => return limit(part, n),
        Node::Near { left, right, .. } => return limit(left, n) | limit(right, n),
        Node::Word { field, text, typos } => (*field, text, *typos, None),
        Node::Phrase { field, text, slop } => (*field, text, 0, *slop),
        _ => return false,
    };
    if typos == 0 && !text.contains(['*', '?']) {
        return false;
    }
    let is_open = |form: &&Form| form.beginning().is_empty() && **form != Form::Any;
    let n_open = forms(text, typos).iter().filter(is_open).count();
    // A pattern of addresses is looked up whole.
    *n += n_open.max(usize::from(text.contains('@') && text.starts_with(['*', '?'])));
    if *n <= MAX_OPEN {
        return false;
    }
    let text = text.replace(['*', '?'], "").trim_end_matches(is_loose).to_owned();
    let slop = slop.filter(|_| forms(&text, 0).len() > 1);
    *node = Node::Phrase { field, text, slop };
    true
}
