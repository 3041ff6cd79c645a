//! The tree that a query is read into. It holds what was typed, not what the archive makes of it: words are not yet
//! cut into tokens and wildcards are not yet expanded, so the tree prints back as the query it came from.

use core::ops::Range;

use crate::text::Pattern;

/// A query as it was understood, with everything the reader should be told about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What to look for.
    pub root: Node,
    /// What was guessed, swapped, ignored or not built yet.
    pub notes: Vec<Note>,
    /// Where its parts stand, in order: all of them have to hold, and each can be taken out of the text.
    pub parts: Vec<Part>,
    /// Words that are not in quotes stand for all words with their stem. Off unless somebody asks for it: who reads
    /// records needs exactness.
    pub forms: bool,
}

/// A remark about a query, shown to the reader beside "understood as".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The bytes of the query's text that the remark is about.
    pub span: Range<usize>,
    /// The remark, a sentence without a final period.
    pub text: String,
}

/// A part of a query's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its bytes, with a sign in front of it and without the AND between two.
    pub span: Range<usize>,
    /// Whether it is about nothing but people, dates and the like: no words of texts are looked for.
    pub filter: bool,
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
    /// Both sides at most `distance` words from each other, 1 being next to each other; the left one first if
    /// `ordered`. The sides are words, phrases, and these under `And`, `Or` and `Near`, all of one field.
    Near { left: Box<Node>, right: Box<Node>, distance: u32, ordered: bool },
    /// A word as it was typed, wildcards and all; `typos` is the number after `~`. See [`crate::text::forms`].
    Word { field: Field, text: String, typos: u8 },
    /// Words in this order; with `slop`, in any order with so many others between them at most.
    Phrase { field: Field, text: String, slop: Option<u32> },
    /// The ordering date lies in `from..until` (seconds since 1970; an open end is `None`). `text` is the operator as
    /// it is printed, with dates resolved.
    Date { from: Option<i64>, until: Option<i64>, text: String },
    /// The day of delivery lies in `from..until`, in days since 1970 in the archive's zone. `text` is the operator as it
    /// is printed.
    Received { from: Option<i64>, until: Option<i64>, text: String },
    /// The message has from `from` to less than `until` bytes, attachments and all.
    Size { from: u64, until: u64 },
    /// A state of the message: `has:attachment`, `is:reply` and the like, as `prefix:value` in lower case.
    State { prefix: String, value: String },
    /// A header of this name, in lower case, with such a value. Found by reading messages.
    #[cfg(feature = "scan")]
    Header { name: String, value: HeaderValue },
    /// What is stored in this field matches a regular expression. Found by reading messages.
    #[cfg(feature = "scan")]
    Regex { field: Field, pattern: String },
    /// A message in a thread that holds, for each part, a message for which the part holds. At least one part.
    Thread(Vec<Node>),
    /// A part that this version knows but cannot answer, as it prints; a note says so. It neither adds nor takes away
    /// messages: see [`Node::built`].
    NotBuilt { field: String, value: String },
}

/// What the value of a header is to be.
#[cfg(feature = "scan")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderValue {
    /// Anything: the header is there.
    Any,
    /// It holds these words in this order, wildcards and all.
    Words(String),
    /// It matches this regular expression.
    Regex(String),
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
    /// Names and texts of attachments.
    Attachment,
    /// Whom the message was delivered to, by the headers of the servers that did.
    DeliveredTo,
}

impl Field {
    /// Whether its words may stand for their other forms: those of texts do, names do not.
    pub(crate) fn is_inflected(self) -> bool {
        matches!(self, Self::Any | Self::Subject | Self::Body | Self::New | Self::Quoted)
    }
}

impl Node {
    /// Whether it looks for no word of a text: it only narrows.
    pub(super) fn is_filter(&self) -> bool {
        match self {
            Self::Everything => false,
            Self::Word { field, .. } | Self::Phrase { field, .. } => !field.is_inflected(),
            Self::Not(part) => part.is_filter(),
            Self::And(parts) | Self::Or(parts) => parts.iter().all(Self::is_filter),
            Self::Near { left, .. } => left.is_filter(),
            _ => true,
        }
    }

    /// The tree without what this version cannot answer: an `And` or `Or` goes on with its other parts, and a part of
    /// nothing else is the whole archive.
    pub fn built(&self) -> Self {
        self.answerable().unwrap_or(Self::Everything)
    }

    fn answerable(&self) -> Option<Self> {
        let join = |parts: &[Self], wrap: fn(Vec<Self>) -> Self| {
            let mut parts: Vec<Self> = parts.iter().filter_map(Self::answerable).collect();
            match parts.len() {
                0 | 1 => parts.pop(),
                _ => Some(wrap(parts)),
            }
        };
        match self {
            Self::And(parts) => join(parts, Self::And),
            Self::Or(parts) => join(parts, Self::Or),
            Self::Not(part) => Some(Self::Not(Box::new(part.answerable()?))),
            Self::Thread(parts) => {
                let parts: Vec<Self> = parts.iter().filter_map(Self::answerable).collect();
                (!parts.is_empty()).then_some(Self::Thread(parts))
            }
            Self::NotBuilt { .. } => None,
            _ => Some(self.clone()),
        }
    }

    /// What to mark in a message that was found: the words and phrases that are looked for, not those that are
    /// excluded, each with its field.
    pub fn patterns(&self) -> Vec<(Field, Pattern)> {
        let mut out = Vec::new();
        self.collect_patterns(&mut out);
        out
    }

    /// The single words that are looked for and not excluded, folded, each with its field.
    pub(crate) fn inflected(&self) -> Vec<(Field, String)> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::inflected).collect(),
            Self::Near { left, right, .. } => {
                [left, right].into_iter().flat_map(|own| own.inflected()).collect()
            }
            Self::Word { field, text, typos: 0 } if field.is_inflected() => {
                vec![(*field, crate::text::fold(text))]
            }
            _ => Vec::new(),
        }
    }

    fn collect_patterns(&self, out: &mut Vec<(Field, Pattern)>) {
        match self {
            Self::And(parts) | Self::Or(parts) | Self::Thread(parts) => {
                for part in parts {
                    part.collect_patterns(out);
                }
            }
            Self::Near { left, right, .. } => {
                left.collect_patterns(out);
                right.collect_patterns(out);
            }
            Self::Phrase { field, text, slop: Some(_) } => {
                Pattern::each(text).for_each(|pattern| push_new(out, (*field, pattern)));
            }
            Self::Word { field, text, .. } | Self::Phrase { field, text, .. } => {
                let typos = if let Self::Word { typos, .. } = self { *typos } else { 0 };
                Pattern::new(text, typos).into_iter().for_each(|pattern| push_new(out, (*field, pattern)));
            }
            _ => {}
        }
    }
}

fn push_new(out: &mut Vec<(Field, Pattern)>, found: (Field, Pattern)) {
    if !out.contains(&found) {
        out.push(found);
    }
}
