//! What a reader sees of an answer: lines, snippets and texts with what was looked for marked.

use crate::query::{Field, Query};
use crate::text::{self, Pattern, Piece, RegionKind};
use core::ops::Range;

/// What a query marks, by where it looks.
#[derive(Debug, Clone, Default)]
pub struct Marker {
    subject: Vec<Pattern>,
    people: Vec<Pattern>,
    files: Vec<Pattern>,
    own: Vec<Pattern>,
    quoted: Vec<Pattern>,
    /// Other forms of the query's words, folded.
    others: Vec<String>,
}

/// A stretch of a message's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Whose words they are.
    pub kind: RegionKind,
    /// The text, lines and all.
    pub pieces: Vec<Piece>,
}

impl Marker {
    /// Takes from a query all that a hit may show: everything that is not negated.
    pub fn new(query: &Query) -> Marker {
        let mut marker = Marker::default();
        query.root.patterns().into_iter().for_each(|(field, pattern)| marker.add(field, &pattern));
        marker
    }

    fn add(&mut self, field: Field, pattern: &Pattern) {
        let lists: &mut [&mut Vec<Pattern>] = match field {
            Field::Any => {
                &mut [&mut self.subject, &mut self.people, &mut self.files, &mut self.own, &mut self.quoted]
            }
            Field::Subject => &mut [&mut self.subject],
            Field::Body => &mut [&mut self.own, &mut self.quoted],
            Field::New => &mut [&mut self.own],
            Field::Quoted => &mut [&mut self.quoted],
            Field::Filename | Field::Attachment => &mut [&mut self.files],
            Field::DeliveredTo => &mut [],
            Field::From | Field::To | Field::OnlyTo | Field::Cc | Field::Bcc | Field::With => {
                &mut [&mut self.people]
            }
        };
        lists.iter_mut().for_each(|list| list.push(pattern.clone()));
    }

    /// Marks another form of a word, folded.
    pub(crate) fn add_other(&mut self, field: Field, form: String) {
        if let Some(pattern) = Pattern::new(&form, 0) {
            self.add(field, &pattern);
            self.others.push(form);
        }
    }

    /// Whether a marked text is another form of what was looked for.
    pub fn is_other(&self, text: &str) -> bool {
        !self.others.is_empty() && self.others.contains(&text::fold(text))
    }

    /// A subject with its marks.
    pub fn subject(&self, text: &str) -> Vec<Piece> {
        pieces(text, &self.subject)
    }

    /// A name or address with its marks.
    pub fn person(&self, text: &str) -> Vec<Piece> {
        pieces(text, &self.people)
    }

    /// The name of an attachment with its marks.
    pub fn file(&self, text: &str) -> Vec<Piece> {
        pieces(text, &self.files)
    }

    /// The whole text of a message, own and quoted parts apart.
    pub fn text(&self, text: &str) -> Vec<Block> {
        let block = |region: text::Region| Block {
            pieces: pieces(&text[region.range.clone()], self.patterns(&region.kind)),
            kind: region.kind,
        };
        text::regions(text).into_iter().map(block).collect()
    }

    /// The stretch of a text that shows best why it was found, of at most `max_chars` characters.
    pub fn snippet(&self, text: &str, max_chars: usize) -> Vec<Piece> {
        let own = text::snippet(text, &self.own, max_chars).pieces;
        if own.iter().any(|piece| piece.mark) {
            return own;
        }
        text::snippet(text, &self.quoted, max_chars).pieces
    }

    fn patterns(&self, kind: &RegionKind) -> &[Pattern] {
        if matches!(kind, RegionKind::Quoted { .. }) { &self.quoted } else { &self.own }
    }
}

fn pieces(text: &str, patterns: &[Pattern]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut push = |range: Range<usize>, mark| {
        if !range.is_empty() {
            pieces.push(Piece { text: text[range].to_owned(), mark });
        }
    };
    for range in text::marks(text, patterns) {
        push(at..range.start, false);
        at = range.end;
        push(range, true);
    }
    push(at..text.len(), false);
    pieces
}
