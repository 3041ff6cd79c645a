//! What a result shows of a message: the words that were found, marked, with the text around them.

use crate::order_by::order_by;
use core::ops::Range;

use super::fold::{Class, class, is_bigram_script, is_mark};
use super::form::{Form, forms};
use super::quote::{Region, RegionKind, marker, regions};
use super::tokenize::{Token, TokenKind, tokenize};

/// Something to mark: words in this order, next to each other; mostly one alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    forms: Vec<Form>,
}

impl Pattern {
    /// Reads a piece of a query as the index sees it, with so many typing errors in a word. `None` if it holds no word.
    pub fn new(text: &str, typos: u8) -> Option<Self> {
        let forms = forms(text, typos);
        (!forms.is_empty()).then_some(Self { forms })
    }

    /// How a folded stretch of text that it marks is what it looks for.
    pub fn how(&self, found: &str) -> Match {
        let how = self.forms.iter().map(|form| match form {
            Form::Word(_) => Match::Exact,
            Form::Prefix(word) | Form::Typos(word, _) if found == word => Match::Exact,
            Form::Prefix(_) => Match::Prefix,
            Form::Shape(_) | Form::Any => Match::Wildcard,
            Form::Typos(..) => Match::Typo,
        });
        how.fold(Match::Exact, |all, one| if one == Match::Exact { all } else { one })
    }

    /// The same for words that need not stand together: a pattern for each.
    pub fn each(text: &str) -> impl Iterator<Item = Self> {
        let forms = forms(text, 0).into_iter().filter(|form| *form != Form::Any);
        forms.map(|form| Self { forms: vec![form] })
    }
}

/// How words are what a query looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// They are the words themselves.
    Exact,
    /// One begins as asked for.
    Prefix,
    /// One has the shape of a wildcard.
    Wildcard,
    /// One differs by typing errors.
    Typo,
    /// One shares its stem.
    Form,
    /// They match a regular expression.
    Regex,
}

impl Match {
    /// Its name for people and programs.
    pub fn name(self) -> &'static str {
        match self {
            Match::Exact => "exact",
            Match::Prefix => "prefix",
            Match::Wildcard => "wildcard",
            Match::Typo => "typing error",
            Match::Form => "other form",
            Match::Regex => "regular expression",
        }
    }
}

/// A stretch of a message, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// Its pieces; marked and unmarked ones alternate.
    pub pieces: Vec<Piece>,
}

/// A piece of a snippet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text, with white space collapsed.
    pub text: String,
    /// Whether it was looked for.
    pub mark: bool,
}

/// Finds what the patterns mean in a text: byte ranges in order that do not overlap.
pub fn marks(text: &str, patterns: &[Pattern]) -> Vec<Range<usize>> {
    merged(&hits(text, patterns))
}

/// Cuts the stretch of at most `max_chars` characters that holds the most of the patterns; where several hold as many,
/// the first of the writer's own words. A text without any of them gives its beginning.
pub fn snippet(text: &str, patterns: &[Pattern], max_chars: usize) -> Snippet {
    if max_chars == 0 {
        return Snippet::default();
    }
    // One character at each end for the sign that something is left out.
    let room = max_chars.saturating_sub(2);
    let hits = hits(text, patterns);
    let Some(window) = densest(text, &hits, patterns.len(), room) else {
        let text = preview(text, &regions(text), max_chars);
        let pieces = if text.is_empty() { Vec::new() } else { vec![Piece { text, mark: false }] };
        return Snippet { pieces };
    };
    let start = lead(text, &window, room);
    let mut line = Line::new(room);
    let marks = merged(&hits);
    line.push_text(text, start..text.len(), &marks);
    Snippet { pieces: line.finish(start > 0) }
}

/// The first words of a message for a list of results: the writer's own, or what is quoted if there are none. `regions`
/// are those of the text.
pub fn preview(text: &str, regions: &[Region], max_chars: usize) -> String {
    if max_chars == 0 {
        return String::new();
    }
    let mut line = Line::new(max_chars.saturating_sub(1));
    for wanted in [true, false] {
        for region in regions {
            let own = region.kind == RegionKind::Own;
            if own == wanted && region.kind != RegionKind::Signature {
                for source in lines(text, region.range.clone()) {
                    if text[source.clone()].contains(char::is_alphanumeric) {
                        line.push_text(text, source, &[]);
                        line.space = Some(false);
                    }
                }
            }
            if line.is_full() {
                break;
            }
        }
        if !line.chars.is_empty() {
            break;
        }
    }
    line.finish(false).pop().map(|piece| piece.text).unwrap_or_default()
}

/// An occurrence of a pattern.
struct Hit {
    range: Range<usize>,
    pattern: usize,
}

/// A phrase that has begun: so many words met, from this byte on, the last one at this position.
struct Begun {
    n_met: usize,
    start: usize,
    position: u32,
}

fn hits(text: &str, patterns: &[Pattern]) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut begun: Vec<Vec<Begun>> = patterns.iter().map(|_| Vec::new()).collect();
    tokenize(text, &mut |token| {
        for (pattern, at) in patterns.iter().zip(0..) {
            if let Some(start) = advance(&mut begun[at], &pattern.forms, &token) {
                // One character found as the start of a pair: only it was looked for.
                let end = match &pattern.forms[..] {
                    [Form::Prefix(one)] if token.kind == TokenKind::Pair => one_char_end(text, &token, one),
                    _ => token.end,
                };
                hits.push(Hit { range: whole_letters(text, start..end), pattern: at });
            }
        }
    });
    // No text is longer than 4 GiB.
    order_by(&mut hits, |hit| (hit.range.start as u64) << 32 | hit.range.end as u64);
    hits
}

/// Moves a phrase on by a token and returns where it began if it is complete.
fn advance(begun: &mut Vec<Begun>, words: &[Form], token: &Token<'_>) -> Option<usize> {
    begun.retain(|other| other.position + 1 >= token.position);
    let mut complete = None;
    for at in 0..begun.len() {
        let Begun { n_met, start, position } = begun[at];
        if position + 1 == token.position && words.get(n_met).is_some_and(|word| word.meets(token)) {
            if n_met + 1 == words.len() {
                complete = Some(start);
            } else {
                begun.push(Begun { n_met: n_met + 1, start, position: token.position });
            }
        }
    }
    if words.first().is_some_and(|word| word.meets(token)) {
        if words.len() == 1 {
            complete = Some(token.start);
        } else {
            begun.push(Begun { n_met: 1, start: token.start, position: token.position });
        }
    }
    complete
}

fn one_char_end(text: &str, token: &Token<'_>, prefix: &str) -> usize {
    let mut chars = text[token.start..token.end].char_indices().skip(1).filter(|(_, c)| !is_mark(*c));
    match prefix.chars().count() {
        1 => chars.next().map_or(token.end, |(offset, _)| token.start + offset),
        _ => token.end,
    }
}

/// Widens a range so that no letter is parted from its marks.
fn whole_letters(text: &str, range: Range<usize>) -> Range<usize> {
    let mut start = range.start;
    while start > 0 && text[start..].starts_with(is_mark) {
        start = text.floor_char_boundary(start - 1);
    }
    let after = &text[range.end..];
    start..range.end + (after.len() - after.trim_start_matches(is_mark).len())
}

fn merged(hits: &[Hit]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for hit in hits {
        match out.last_mut() {
            Some(last) if hit.range.start <= last.end => last.end = last.end.max(hit.range.end),
            _ => out.push(hit.range.clone()),
        }
    }
    out
}

/// A stretch of text by bytes and by characters.
struct Window {
    start: usize,
    /// Characters from its start to its end.
    n_chars: usize,
    /// Characters from its start to the end of the text.
    n_after: usize,
}

/// Chooses the run of hits that fits and holds the most different patterns.
fn densest(text: &str, hits: &[Hit], n_patterns: usize, room: usize) -> Option<Window> {
    let first = hits.first()?;
    let mut index = CharIndex::new(text);
    let starts: Vec<usize> = hits.iter().map(|hit| index.of(hit.range.start)).collect();
    let n_total = index.of(text.len());
    let regions = regions(text);
    let own = |at: usize| {
        let region = regions.partition_point(|region| region.range.end <= at);
        regions.get(region).is_some_and(|region| region.kind == RegionKind::Own)
    };
    let n_chars = |hit: &Hit| text[hit.range.clone()].chars().take(room + 1).count();
    let mut seen = vec![0usize; n_patterns];
    let mut n_seen = 0;
    let mut best = (0, false, Window { start: first.range.start, n_chars: 0, n_after: 0 });
    let mut left = 0;
    for right in 0..hits.len() {
        let end = starts[right] + n_chars(&hits[right]);
        n_seen += usize::from(seen[hits[right].pattern] == 0);
        seen[hits[right].pattern] += 1;
        while left < right && end - starts[left] > room {
            let pattern = hits[left].pattern;
            seen[pattern] -= 1;
            n_seen -= usize::from(seen[pattern] == 0);
            left += 1;
        }
        let start = hits[left].range.start;
        if n_seen > best.0 || (n_seen == best.0 && !best.1 && own(start)) {
            let window =
                Window { start, n_chars: end.saturating_sub(starts[left]), n_after: n_total - starts[left] };
            best = (n_seen, own(start), window);
        }
    }
    Some(best.2)
}

/// Character numbers of ascending byte offsets, in one walk.
struct CharIndex<'a> {
    text: &'a str,
    at: usize,
    n_chars: usize,
}

impl<'a> CharIndex<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, n_chars: 0 }
    }

    fn of(&mut self, offset: usize) -> usize {
        self.n_chars += self.text[self.at..offset].chars().count();
        self.at = offset;
        self.n_chars
    }
}

/// Where to begin so that the window has some text before it: a third of the room that is left, more if the text
/// ends soon, and at the border of a word.
fn lead(text: &str, window: &Window, room: usize) -> usize {
    let left = room.saturating_sub(window.n_chars);
    let back = (left / 3).max(room.saturating_sub(window.n_after));
    let Some((start, _)) = text[..window.start].char_indices().rev().take(back).last() else {
        return window.start;
    };
    if start == 0 {
        return 0;
    }
    let borders = text[start..window.start].char_indices().map(|(offset, c)| (start + offset, c));
    let mut before = text[..start].chars().next_back();
    for (at, c) in borders {
        if before.is_some_and(|before| is_border(before, c)) && !c.is_whitespace() {
            return at;
        }
        before = Some(c);
    }
    window.start
}

/// Whether a text may be cut between two characters.
fn is_border(before: char, after: char) -> bool {
    !is_mark(after)
        && (before.is_whitespace()
            || after.is_whitespace()
            || is_bigram_script(before)
            || is_bigram_script(after))
}

/// The lines of a part of a text, without their quotation marks.
fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut start = range.start;
    text[range].split_inclusive('\n').map(move |line| {
        let source = start + marker(line).1..start + line.len();
        start += line.len();
        source
    })
}

/// A line in the making: white space collapsed, quotation marks and control characters left out.
struct Line {
    chars: Vec<(char, bool)>,
    /// How many characters fit beside a sign that something is left out; one more fits without.
    room: usize,
    /// White space was passed since the last character; true inside if all of it was marked.
    space: Option<bool>,
}

impl Line {
    fn new(room: usize) -> Self {
        Self { chars: Vec::new(), room, space: None }
    }

    fn is_full(&self) -> bool {
        self.chars.len() > self.room + 1
    }

    fn push_text(&mut self, text: &str, range: Range<usize>, marks: &[Range<usize>]) {
        let mut marks = marks.iter().filter(|mark| mark.end > range.start).peekable();
        let at_line_start = range.start == 0 || text[..range.start].ends_with('\n');
        let mut skip = range.start;
        if at_line_start {
            skip += marker(&text[range.clone()]).1;
        }
        for (offset, c) in text[range.clone()].char_indices() {
            let at = range.start + offset;
            if self.is_full() {
                return;
            }
            if at < skip {
                continue;
            }
            if c == '\n' {
                skip = at + 1 + marker(&text[at + 1..range.end]).1;
            }
            while marks.peek().is_some_and(|mark| mark.end <= at) {
                marks.next();
            }
            let mark = marks.peek().is_some_and(|mark| mark.start <= at);
            self.push(c, mark);
        }
    }

    fn push(&mut self, c: char, mark: bool) {
        if c.is_whitespace() || c.is_control() {
            self.space = Some(mark && self.space.unwrap_or(true));
            return;
        }
        // Joiners shape letters and emoji; the other invisible characters only reorder what is beside the snippet.
        if !c.is_ascii() && class(c) == Class::Ignored && !matches!(c, '\u{200c}' | '\u{200d}') {
            return;
        }
        if let Some(mark) = self.space.take()
            && !self.chars.is_empty()
        {
            self.chars.push((' ', mark));
        }
        self.chars.push((c, mark));
    }

    /// Cuts the line to its room at the border of a word.
    fn finish(mut self, cut_before: bool) -> Vec<Piece> {
        let cut_after = self.is_full();
        if cut_after {
            let border = |at: &usize| is_border(self.chars[*at - 1].0, self.chars[*at].0);
            let whole = |at: &usize| !is_mark(self.chars[*at].0) && self.chars[*at - 1].0 != '\u{200d}';
            let all = 1..=self.room;
            let at = all.clone().rev().find(border).filter(|&at| at > self.room / 2);
            let at = at.or_else(|| all.rev().find(whole)).unwrap_or(0);
            self.chars.truncate(at);
        }
        while self.chars.last().is_some_and(|last| last.0 == ' ') {
            self.chars.pop();
        }
        let ellipsis = |cut: bool| cut.then_some(('…', false));
        let whole = ellipsis(cut_before && self.room > 0).into_iter();
        let whole = whole.chain(self.chars.iter().copied()).chain(ellipsis(cut_after && self.room > 0));
        let mut pieces: Vec<Piece> = Vec::new();
        for (c, mark) in whole {
            match pieces.last_mut() {
                Some(last) if last.mark == mark => last.text.push(c),
                _ => pieces.push(Piece { text: c.to_string(), mark }),
            }
        }
        pieces
    }
}

#[cfg(test)]
mod tests;
