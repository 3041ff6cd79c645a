//! The text of an HTML body, and whether its markup is fit for a tree.
//!
//! Works on the tokens of html5ever without building a tree, because trees are where hostile markup gets its leverage:
//! a thousand unclosed tags are copied into every later paragraph, and a deep tree makes each new tag slow. One pass
//! gives the text in linear time and measures what a tree would cost; [`super::html`] is only asked when that is
//! little.

use std::cell::RefCell;
use std::collections::BTreeMap;

use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, EndTag, StartTag, Tag, Token, TokenSink, TokenSinkResult, Tokenizer,
};

/// What is read from an HTML body.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Its text: paragraphs and rows on lines, list items marked, quotes behind `> `.
    pub(super) text: String,
    /// The Content-IDs that its pictures name.
    pub(super) content_ids: Vec<String>,
    /// Building a tree would take too long or too much memory.
    pub(super) is_tangled: bool,
}

/// Start tags. Text moved out of broken tables costs time quadratic in them.
const MAX_TAGS: u32 = 60_000;
/// Elements inside each other. Browsers stop at 512.
const MAX_DEPTH: u32 = 2_000;
/// The sum of depths over all tags: steps that scope checks take.
const MAX_STEPS: u64 = 20_000_000;
/// Copies of unclosed formatting elements that later blocks would get.
const MAX_COPIES: u64 = 500_000;
/// Repeated `<body>` and `<html>` tags are merged into the first one at a time.
const MAX_ROOTS: u32 = 100;
/// Attributes of one tag: the tokenizer looks for duplicates in all before it.
const MAX_ATTRIBUTES: u32 = 500;
/// Quote depth that is marked.
const MAX_QUOTE: usize = 20;

/// Reads an HTML body.
pub(super) fn read(html: &str) -> Page {
    if !attributes_are_bounded(html.as_bytes()) {
        return Page { text: stripped(html), is_tangled: true, ..Page::default() };
    }
    let tokenizer = Tokenizer::new(Sink(RefCell::new(State::default())), Default::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
    tokenizer.end();
    let state = tokenizer.sink.0.into_inner();
    let is_tangled = state.cost.is_too_much();
    Page { text: state.writer.out, content_ids: state.content_ids, is_tangled }
}

/// Tells whether no tag has more attributes than the limit. Every `<` that could open a tag is tried by itself, so that
/// comments and scripts cannot hide one; where that takes too long the answer is no.
fn attributes_are_bounded(html: &[u8]) -> bool {
    let mut budget = html.len().saturating_mul(16).saturating_add(4096);
    for at in memchr_all(html, b'<') {
        if !html.get(at + 1).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let Some((attributes, read)) = tag_attributes(&html[at + 1..]) else { return false };
        if attributes > MAX_ATTRIBUTES || read > budget {
            return false;
        }
        budget -= read;
    }
    true
}

fn memchr_all(bytes: &[u8], needle: u8) -> impl Iterator<Item = usize> {
    bytes.iter().enumerate().filter(move |&(_, &byte)| byte == needle).map(|(at, _)| at)
}

/// Attributes of the tag whose name starts the bytes, and how many bytes were read; `None` past the limit.
fn tag_attributes(bytes: &[u8]) -> Option<(u32, usize)> {
    let is_gap = |byte: u8| byte.is_ascii_whitespace() || byte == b'/';
    let skip = |from: usize, stop: &dyn Fn(u8) -> bool| {
        bytes[from..].iter().position(|&byte| stop(byte)).map_or(bytes.len(), |found| from + found)
    };
    let mut n = 0;
    let mut at = skip(0, &|byte| is_gap(byte) || byte == b'>');
    loop {
        at = skip(at, &|byte| !is_gap(byte));
        if bytes.get(at).is_none_or(|&byte| byte == b'>') {
            return Some((n, at));
        }
        n += 1;
        if n > MAX_ATTRIBUTES {
            return None;
        }
        // A leading `=` belongs to the name.
        at = skip(at + 1, &|byte| is_gap(byte) || byte == b'>' || byte == b'=');
        let value = skip(at, &|byte| !byte.is_ascii_whitespace());
        if bytes.get(value) != Some(&b'=') {
            continue;
        }
        at = skip(value + 1, &|byte| !byte.is_ascii_whitespace());
        at = match bytes.get(at) {
            Some(&quote @ (b'"' | b'\'')) => (skip(at + 1, &|byte| byte == quote) + 1).min(bytes.len()),
            _ => skip(at, &|byte| byte.is_ascii_whitespace() || byte == b'>'),
        };
    }
}

/// Text of markup that is not even tokenized: what stands outside `<…>`.
fn stripped(html: &str) -> String {
    let mut out = String::new();
    for piece in html.split('<') {
        let text = piece.split_once('>').map_or("", |(_, text)| text);
        if !text.trim().is_empty() {
            out.push_str(text.trim());
            out.push('\n');
        }
    }
    out
}

struct Sink(RefCell<State>);

#[derive(Default)]
struct State {
    writer: Writer,
    cost: Cost,
    content_ids: Vec<String>,
    /// The element whose text is not shown and that is being read.
    hidden: Option<&'static str>,
    /// Counters of open lists; `None` for bullets.
    lists: Vec<Option<u32>>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) if state.hidden.is_none() => state.writer.text(&text),
            Token::TagToken(tag) if tag.kind == StartTag => return state.start(&tag),
            Token::TagToken(tag) if tag.kind == EndTag => state.end(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

impl State {
    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        self.cost.start(name);
        match name {
            "script" => return self.hide("script", RawKind::ScriptData),
            "style" => return self.hide("style", RawKind::Rawtext),
            "title" => return self.hide("title", RawKind::Rcdata),
            "iframe" => return self.hide("iframe", RawKind::Rawtext),
            "noembed" => return self.hide("noembed", RawKind::Rawtext),
            "noframes" => return self.hide("noframes", RawKind::Rawtext),
            "textarea" => return TokenSinkResult::RawData(RawKind::Rcdata),
            "xmp" => {
                self.writer.pre += 1;
                return TokenSinkResult::RawData(RawKind::Rawtext);
            }
            "plaintext" => return TokenSinkResult::Plaintext,
            "img" => self.picture(tag),
            "br" => self.writer.line_break(),
            "td" | "th" => self.writer.cell(),
            "li" => self.item(),
            "ul" | "menu" => self.lists.push(None),
            "ol" => self.lists.push(Some(0)),
            "pre" | "listing" => self.writer.pre += 1,
            "blockquote" => self.writer.quote(true),
            _ => {}
        }
        match name {
            // Outlook writes every line as a paragraph of these classes, without distance between them.
            "p" if attribute(tag, "class").is_some_and(|class| class.contains("Mso")) => self.writer.block(1),
            _ => self.writer.block(distance(name)),
        }
        TokenSinkResult::Continue
    }

    fn end(&mut self, tag: &Tag) {
        let name = &*tag.name;
        self.cost.end(name);
        if self.hidden == Some(name) {
            self.hidden = None;
        }
        match name {
            "pre" | "listing" | "xmp" => self.writer.pre = self.writer.pre.saturating_sub(1),
            "blockquote" => self.writer.quote(false),
            "ul" | "ol" | "menu" => drop(self.lists.pop()),
            _ => {}
        }
        let distance = distance(name);
        if distance > 0 {
            self.writer.end_blank_line();
        }
        // The distance after a paragraph is set by what follows.
        self.writer.block(if name == "p" { 1 } else { distance });
    }

    fn hide(&mut self, name: &'static str, kind: RawKind) -> TokenSinkResult<()> {
        self.hidden = Some(name);
        TokenSinkResult::RawData(kind)
    }

    fn picture(&mut self, tag: &Tag) {
        if let Some(src) = attribute(tag, "src")
            && let Some(id) = src.trim().get(..4).filter(|start| start.eq_ignore_ascii_case("cid:"))
        {
            self.content_ids.push(src.trim()[id.len()..].to_owned());
        }
        if let Some(alt) = attribute(tag, "alt").map(str::trim).filter(|alt| !alt.is_empty()) {
            self.writer.text("[");
            self.writer.text(alt);
            self.writer.text("]");
        }
    }

    fn item(&mut self) {
        let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(10));
        let marker = match self.lists.last_mut() {
            Some(Some(n)) => {
                *n += 1;
                format!("{indent}{n}. ")
            }
            _ => format!("{indent}- "),
        };
        self.writer.block(1);
        self.writer.marker = marker;
    }
}

/// Line breaks around an element: 2 leave an empty line.
fn distance(name: &str) -> u8 {
    match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "pre" | "listing" | "blockquote" | "dl" => 2,
        "div" | "tr" | "table" | "li" | "ul" | "ol" | "menu" | "center" | "address" | "article" | "aside"
        | "section" | "header" | "footer" | "nav" | "main" | "form" | "fieldset" | "dt" | "dd"
        | "caption" | "figure" | "figcaption" | "body" | "html" | "head" | "title" | "option" | "xmp"
        | "details" | "summary" => 1,
        _ => 0,
    }
}

/// Writes text with blanks made single and breaks held back until something follows.
#[derive(Default)]
struct Writer {
    out: String,
    breaks: u8,
    gap: Option<char>,
    marker: String,
    quotes: usize,
    /// Quote depth of the last line that was written.
    written: usize,
    pre: u32,
    /// The line holds only no-break spaces so far: an empty line that its author meant.
    is_blank: bool,
}

impl Writer {
    fn text(&mut self, text: &str) {
        let is_gap = |c: char| c.is_ascii_whitespace() || c == '\u{A0}' || is_invisible(c);
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if is_gap(c) {
                rest = &rest[c.len_utf8()..];
                self.blank(c);
                continue;
            }
            let end = rest.find(is_gap).unwrap_or(rest.len());
            self.flush();
            self.out.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }

    fn blank(&mut self, c: char) {
        match c {
            _ if is_invisible(c) => {}
            '\n' if self.pre > 0 => self.line_break(),
            ' ' | '\t' if self.pre > 0 => {
                self.flush();
                self.out.push(c);
            }
            _ => {
                self.is_blank |= c == '\u{A0}' && self.at_line_start();
                self.gap = self.gap.or(Some(' '));
            }
        }
    }

    fn at_line_start(&self) -> bool {
        self.breaks > 0 || self.out.is_empty() || self.out.ends_with('\n')
    }

    fn flush(&mut self) {
        let gap = self.gap.take();
        self.is_blank = false;
        if self.at_line_start() {
            for n in 0..self.breaks {
                if self.out.is_empty() {
                    break;
                }
                self.out.push('\n');
                if n + 1 < self.breaks {
                    // An empty line belongs to the outer of the two it parts.
                    self.quote_marks(self.quotes.min(self.written));
                }
            }
            if self.quotes > 0 {
                self.quote_marks(self.quotes);
                self.out.push(' ');
            }
            self.written = self.quotes;
            self.out.push_str(&std::mem::take(&mut self.marker));
            self.breaks = 0;
        } else if let Some(gap) = gap {
            self.out.push(gap);
        }
    }

    fn quote_marks(&mut self, depth: usize) {
        self.out.extend(std::iter::repeat_n('>', depth.min(MAX_QUOTE)));
    }

    /// At least so many breaks before what follows.
    fn block(&mut self, distance: u8) {
        if distance > 0 {
            self.breaks = self.breaks.max(distance);
            self.gap = None;
        }
    }

    fn line_break(&mut self) {
        self.breaks = (self.breaks + 1).min(2);
        self.gap = None;
        self.is_blank = false;
    }

    fn end_blank_line(&mut self) {
        if std::mem::take(&mut self.is_blank) {
            self.breaks = 2;
        }
    }

    fn cell(&mut self) {
        if !self.at_line_start() {
            self.gap = Some('\t');
        }
    }

    fn quote(&mut self, opens: bool) {
        self.block(1);
        self.quotes = if opens { self.quotes + 1 } else { self.quotes.saturating_sub(1) };
    }
}

/// Characters that newsletters pad their previews with and that only split words.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

/// What a tree builder would have to do, measured from above.
#[derive(Default)]
struct Cost {
    open: BTreeMap<String, u32>,
    depth: u32,
    deepest: u32,
    formatting: u64,
    tags: u32,
    roots: u32,
    steps: u64,
    copies: u64,
}

impl Cost {
    fn start(&mut self, name: &str) {
        self.tags = self.tags.saturating_add(1);
        self.steps += u64::from(self.depth);
        self.copies += self.formatting;
        self.roots += u32::from(matches!(name, "body" | "html"));
        if closes_itself(name) {
            return;
        }
        match self.open.get_mut(name) {
            Some(n) => *n += 1,
            None => drop(self.open.insert(name.to_owned(), 1)),
        }
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        self.formatting += u64::from(is_formatting(name));
    }

    fn end(&mut self, name: &str) {
        if let Some(n) = self.open.get_mut(name).filter(|n| **n > 0) {
            *n -= 1;
            self.depth -= 1;
            self.formatting -= u64::from(is_formatting(name));
        }
    }

    fn is_too_much(&self) -> bool {
        self.tags > MAX_TAGS
            || self.deepest > MAX_DEPTH
            || self.steps > MAX_STEPS
            || self.copies > MAX_COPIES
            || self.roots > MAX_ROOTS
    }
}

/// Elements without an end, and those that the next of their kind ends.
fn closes_itself(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "p"
            | "li"
            | "dt"
            | "dd"
            | "td"
            | "th"
            | "tr"
            | "tbody"
            | "thead"
            | "tfoot"
            | "colgroup"
            | "option"
            | "body"
            | "html"
            | "head"
    )
}

/// Elements that the HTML standard opens again in the next block when they are left unclosed.
fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "a" | "b"
            | "big"
            | "code"
            | "em"
            | "font"
            | "i"
            | "nobr"
            | "s"
            | "small"
            | "strike"
            | "strong"
            | "tt"
            | "u"
    )
}

#[cfg(test)]
mod tests;
