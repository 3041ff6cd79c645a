//! What a text says, freed of how it is written down: line ends, quote marks, tags, entities, case, accents. Each
//! piece knows the bytes that it came from, so that what is found here can be taken out there.

use maildex_core::text::fold;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    /// As the sanitiser writes it: every tag closed, every value in quotes, five entities.
    Html,
}

/// What lies between two characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    None,
    Blank,
    /// A line ends, with the quote marks of the next one; or an element of HTML does that stands by itself.
    Break,
}

/// Elements that may stand inside a word. All others part what is before from what is behind.
const INLINE: [&str; 31] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var",
];

/// Calls `visit` with every character that a reader sees and the bytes it is written with.
pub(super) fn characters(source: &str, form: Form, mut visit: impl FnMut(char, Range<usize>)) {
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let rest = &source[at..];
        match (form, c) {
            (Form::Html, '<') => {
                let end = at + tag_length(rest);
                if !INLINE.contains(&tag_name(rest)) {
                    visit('\n', at..at);
                }
                at = end;
            }
            (Form::Html, '&') => {
                let (c, n) = entity(rest);
                visit(c, at..at + n);
                at += n;
            }
            _ => {
                visit(c, at..at + c.len_utf8());
                at += c.len_utf8();
            }
        }
    }
}

/// Bytes of the tag that `html` begins with; a `>` in quotes does not end it.
pub(super) fn tag_length(html: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in html.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    html.len()
}

fn tag_name(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())]
}

/// The character that an entity stands for, and its bytes.
fn entity(html: &str) -> (char, usize) {
    const ENTITIES: [(&str, char); 5] =
        [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", '\u{a0}')];
    let known = ENTITIES.iter().find(|(name, _)| html.starts_with(name));
    known.map_or(('&', 1), |(name, c)| (*c, name.len()))
}

/// The text of HTML without its entities.
pub(super) fn unescaped(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut at = 0;
    while let Some(c) = html[at..].chars().next() {
        let (c, n) = if c == '&' { entity(&html[at..]) } else { (c, c.len_utf8()) };
        text.push(c);
        at += n;
    }
    text
}

/// Counts the gap before the next character.
struct Gaps {
    gap: Gap,
    is_line_start: bool,
}

impl Gaps {
    /// Nothing is before the first character.
    fn new() -> Gaps {
        Gaps { gap: Gap::None, is_line_start: true }
    }

    /// True where the character is part of a gap.
    fn takes(&mut self, c: char) -> bool {
        if matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}') {
            self.gap = Gap::Break;
            self.is_line_start = true;
        } else if c.is_whitespace() {
            self.gap = self.gap.max(Gap::Blank);
        } else if !(self.is_line_start && matches!(c, '>' | '|')) {
            self.is_line_start = false;
            return false;
        }
        true
    }

    fn close(&mut self) -> Gap {
        std::mem::replace(&mut self.gap, Gap::None)
    }
}

/// A text as literal strings are looked for in it: no case, no accents, one form of quotes and dashes, no blanks; but
/// it is known where blanks were.
#[derive(Debug, Default)]
pub(super) struct Folded {
    pub(super) bytes: Vec<u8>,
    /// What lay before each byte.
    pub(super) gaps: Vec<Gap>,
    /// The bytes of the source that each byte comes from.
    from: Vec<(u32, u32)>,
}

impl Folded {
    /// Folds a text. With `soft`, an `=` at the end of a line is no character: quoted-printable that nothing declared.
    pub(super) fn new(source: &str, form: Form, soft: bool) -> Folded {
        let mut own = Folded::default();
        let mut gaps = Gaps::new();
        let mut other = String::new();
        characters(source, form, |c, range| {
            if gaps.takes(c) {
                let is_soft = soft && c == '\n' && own.bytes.last() == Some(&b'=');
                if is_soft && own.from.last().is_some_and(|last| range.start - last.1 as usize <= 1) {
                    own.pop();
                }
                return;
            }
            if c.is_ascii() {
                own.push(&[c.to_ascii_lowercase() as u8], &range, &mut gaps);
            } else {
                other.clear();
                fold_other(c, &mut other);
                own.push(other.as_bytes(), &range, &mut gaps);
            }
        });
        own
    }

    fn push(&mut self, folded: &[u8], range: &Range<usize>, gaps: &mut Gaps) {
        if let (true, Gap::None, Some(last)) = (folded.is_empty(), gaps.gap, self.from.last_mut()) {
            // A mark goes with its letter.
            last.1 = range.end as u32;
        }
        for &byte in folded {
            self.bytes.push(byte);
            self.gaps.push(gaps.close());
            self.from.push((range.start as u32, range.end as u32));
        }
    }

    fn pop(&mut self) {
        self.bytes.pop();
        self.gaps.pop();
        self.from.pop();
    }

    /// The bytes of the source that bytes of this come from.
    pub(super) fn source(&self, found: Range<usize>) -> Range<usize> {
        self.from[found.start].0 as usize..self.from[found.end - 1].1 as usize
    }
}

/// Appends what a character outside ASCII is compared as; nothing for marks and for what cannot be seen.
fn fold_other(c: char, out: &mut String) {
    let plain = match c {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2bc}' | '\u{b4}' | '\u{ff07}' => Some('\''),
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => Some('"'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => Some('-'),
        '\u{34f}' | '\u{180e}' | '\u{fe00}'..='\u{fe0f}' => return,
        _ => None,
    };
    if let Some(plain) = plain {
        out.push(plain);
        return;
    }
    let mut parts = String::new();
    decompose_compatible(c, |part| {
        if canonical_combining_class(part) == 0 && !part.is_whitespace() {
            parts.push(part);
        }
    });
    // Letters of Hangul stay apart, as they are in texts that hold them so.
    match parts.chars().next() {
        Some('\u{1100}'..='\u{11ff}') => out.push_str(&parts),
        _ => out.push_str(&fold(&parts)),
    }
}

/// A text as patterns are looked for in it: one blank for each gap, composed letters, nothing invisible.
#[derive(Debug, Default)]
pub(super) struct Spaced {
    pub(super) text: String,
    from: Vec<(u32, u32)>,
}

impl Spaced {
    pub(super) fn new(source: &str, form: Form) -> Spaced {
        let mut own = Spaced::default();
        let mut gaps = Gaps::new();
        let mut letter = (String::new(), 0..0);
        characters(source, form, |c, range| {
            if gaps.takes(c) || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}') {
                return;
            }
            let gap = gaps.close();
            if gap == Gap::None && !c.is_ascii() && canonical_combining_class(c) != 0 {
                letter.0.push(c);
                letter.1.end = range.end;
                return;
            }
            own.push(&mut letter);
            if gap > Gap::None && !own.text.is_empty() {
                let end = letter.1.end;
                own.push(&mut (" ".to_owned(), end..range.start.max(end)));
            }
            letter.0.push(c);
            letter.1 = range;
        });
        own.push(&mut letter);
        own
    }

    /// The text as it stands, for patterns that look at lines.
    pub(super) fn lines(source: &str, form: Form) -> Spaced {
        let mut own = Spaced::default();
        characters(source, form, |c, range| own.push(&mut (c.to_string(), range)));
        own
    }

    fn push(&mut self, (letter, range): &mut (String, Range<usize>)) {
        let before = self.text.len();
        if letter.is_ascii() {
            self.text.push_str(letter);
        } else {
            self.text.extend(letter.nfc());
        }
        self.from.resize(self.text.len(), (range.start as u32, range.end as u32));
        debug_assert!(self.text.len() >= before);
        letter.clear();
    }

    /// The bytes of the source that bytes of this come from.
    pub(super) fn source(&self, found: Range<usize>) -> Range<usize> {
        self.from[found.start].0 as usize..self.from[found.end - 1].1 as usize
    }
}

/// Puts texts in the place of pieces of `source`, which are in order and do not overlap. Of HTML, tags inside a piece
/// stay.
pub(super) fn replaced(source: &str, form: Form, cuts: &[(Range<usize>, String)]) -> String {
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    for (cut, with) in cuts {
        out.push_str(&source[at..cut.start]);
        at = cut.end;
        if form == Form::Text {
            out.push_str(with);
            continue;
        }
        with.chars().for_each(|c| match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        });
        let mut rest = &source[cut.clone()];
        while let Some(tag) = rest.find('<') {
            let n = tag_length(&rest[tag..]);
            out.push_str(&rest[tag..tag + n]);
            rest = &rest[tag + n..];
        }
    }
    out.push_str(&source[at..]);
    out
}

/// Joins pieces that overlap or touch.
pub(super) fn merged(mut pieces: Vec<Range<usize>>) -> Vec<Range<usize>> {
    pieces.retain(|piece| !piece.is_empty());
    pieces.sort_by_key(|piece| (piece.start, piece.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match out.last_mut() {
            Some(last) if piece.start <= last.end => last.end = last.end.max(piece.end),
            _ => out.push(piece),
        }
    }
    out
}
