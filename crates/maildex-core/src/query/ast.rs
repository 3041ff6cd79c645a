//! The tree that a query is read into. It holds what was typed, not what the archive makes of it: words are not yet
//! cut into tokens and wildcards are not yet expanded, so the tree prints back as the query it came from.

use core::ops::Range;

/// A query as it was understood, with everything the reader should be told about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What to look for.
    pub root: Node,
    /// What was guessed, swapped, ignored or not built yet.
    pub notes: Vec<Note>,
}

/// A remark about a query, shown to the reader beside "understood as".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The bytes of the query's text that the remark is about.
    pub span: Range<usize>,
    /// The remark, a sentence without a final period.
    pub text: String,
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the text of a variant names its fields")]
pub enum Node {
    /// The whole archive: the empty query and `*`.
    Everything,
    /// Every part holds. At least two parts, none of them itself an `And`.
    And(Vec<Node>),
    /// One part holds. At least two parts, none of them itself an `Or`.
    Or(Vec<Node>),
    /// The part does not hold.
    Not(Box<Node>),
    /// Both sides within `distance` words of each other; the left one first if `ordered`.
    Near { left: Box<Node>, right: Box<Node>, distance: u32, ordered: bool },
    /// A word, which may hold `*` and `?`; `typos` is the number after `~`.
    Word { field: Field, text: String, typos: u8 },
    /// Words in this order; with `slop`, within so many words in any order.
    Phrase { field: Field, text: String, slop: Option<u32> },
    /// The ordering date lies in `from..until` (seconds since 1970; an open end is `None`). `text` is the operator as
    /// it is printed, with dates resolved.
    Date { from: Option<i64>, until: Option<i64>, text: String },
    /// A state of the message: `has:attachment`, `is:reply` and the like, as `prefix:value` in lower case.
    State { prefix: String, value: String },
    /// An operator that this version knows but cannot answer; it holds for every message and leaves a note.
    NotBuilt { field: String, value: String },
}

/// Where a word or phrase is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "most are the header of that name")]
pub enum Field {
    /// Everything that a bare word searches: subject, body, people, attachment names.
    Any,
    Subject,
    /// Own and quoted words of the body.
    Body,
    /// The writer's own words.
    New,
    /// What the writer quotes.
    Quoted,
    From,
    /// To, Cc and Bcc.
    To,
    /// Only To.
    OnlyTo,
    Cc,
    Bcc,
    /// From, To, Cc and Bcc.
    With,
    /// Attachment names.
    Filename,
}
