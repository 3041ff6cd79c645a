//! Cutting a text into the words that are indexed and searched.
//!
//! A word is a longest run of letters, digits and combining marks; everything else separates, so that `don't` is
//! `don` `t` and `foo@bar.com` is `foo` `bar` `com`. A query that is cut into several words is searched as a phrase,
//! hence both sides agree whatever the text.
//!
//! Scripts without spaces are cut into overlapping pairs, one position each, whatever the mixture of such scripts in
//! the run: `日本語` is `日本` `本語`. The last character of the run is indexed once more by itself, on the position of
//! the last pair: a search of one character is then a prefix (`語*` meets `語学` as well as the end of `日本語`). Queries
//! leave that last one out, see [`query_tokens`].

use super::fold::{Class, class, compose, fold_char, fold_mark};

/// The longest word in bytes of folded text; what is longer is cut here, in the index and in queries.
pub const MAX_TOKEN: usize = 64;

/// How a token came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A word.
    Word,
    /// Two neighbours in a run of a script without spaces.
    Pair,
    /// A run of one character.
    Single,
    /// The last character of a longer run, on the position of the last pair.
    Tail,
}

/// A word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// The word as it is indexed.
    pub text: &'a str,
    /// Where it starts in the source.
    pub start: usize,
    /// Where it ends in the source, with the marks that follow it.
    pub end: usize,
    /// Its number among the words of the text, from 0.
    pub position: u32,
    /// How it came to be.
    pub kind: TokenKind,
}

/// A word to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryToken {
    /// The word as it is indexed.
    pub text: String,
    /// Whether longer tokens that start so are meant too: true for one character of a script without spaces.
    pub prefix: bool,
    /// Where it starts in the source.
    pub start: usize,
    /// Where it ends in the source.
    pub end: usize,
}

/// Cuts a text into words, in order. Positions follow one another without gaps.
pub fn tokenize(text: &str, sink: &mut impl FnMut(Token<'_>)) {
    let bytes = text.as_bytes();
    let mut folded = String::new();
    let mut position = 0;
    let mut at = 0;
    while let Some(&first) = bytes.get(at) {
        let kind = ASCII[usize::from(first)];
        if kind == SEPARATOR {
            at += 1;
            continue;
        }
        let start = at;
        let mut seen = 0;
        let mut stop = SEPARATOR;
        while let Some(&byte) = bytes.get(at) {
            let kind = ASCII[usize::from(byte)];
            if kind & (SEPARATOR | BEYOND) != 0 {
                stop = kind;
                break;
            }
            seen |= kind;
            at += 1;
        }
        if stop == BEYOND {
            at = beyond_ascii(text, start, &mut folded, &mut position, sink);
            continue;
        }
        let word = &text[start..at.min(start + MAX_TOKEN)];
        if seen & UPPER == 0 {
            sink(Token { text: word, start, end: at, position, kind: TokenKind::Word });
        } else {
            folded.clear();
            folded.push_str(word);
            folded.make_ascii_lowercase();
            sink(Token { text: &folded, start, end: at, position, kind: TokenKind::Word });
        }
        position += 1;
    }
}

/// Cuts a piece of a query into the words to look for, at consecutive positions.
pub fn query_tokens(text: &str) -> Vec<QueryToken> {
    let mut tokens = Vec::new();
    tokenize(text, &mut |token| {
        if token.kind != TokenKind::Tail {
            let prefix = token.kind == TokenKind::Single;
            tokens.push(QueryToken {
                text: token.text.to_owned(),
                prefix,
                start: token.start,
                end: token.end,
            });
        }
    });
    tokens
}

const SEPARATOR: u8 = 1;
const BEYOND: u8 = 2;
const UPPER: u8 = 4;
const LOWER: u8 = 8;

/// What each byte is: a table, because four of five bytes of mail are ASCII and this loop reads them all.
static ASCII: [u8; 256] = {
    let mut table = [SEPARATOR; 256];
    let mut byte = 0;
    while byte < 256 {
        if byte >= 0x80 {
            table[byte] = BEYOND;
        } else if (byte as u8).is_ascii_uppercase() {
            table[byte] = UPPER;
        } else if (byte as u8).is_ascii_alphanumeric() {
            table[byte] = LOWER;
        }
        byte += 1;
    }
    table
};

/// Takes the word or run at `start` that a character outside ASCII stands in or after, and returns where it ends;
/// always further than `start`.
fn beyond_ascii(
    text: &str,
    start: usize,
    folded: &mut String,
    position: &mut u32,
    sink: &mut impl FnMut(Token<'_>),
) -> usize {
    folded.clear();
    let mut end = start;
    for (offset, c) in text[start..].char_indices() {
        let at = start + offset;
        let after = at + c.len_utf8();
        match class_of(c) {
            Class::Paired if end == start => return run(text, at, folded, position, sink),
            Class::Separator | Class::Paired if end > start => break,
            // Nothing has begun: a separator, or a mark with nothing to stand on.
            Class::Separator | Class::Paired => return after,
            Class::Mark | Class::Ignored if end == start => return after,
            Class::Ignored => {}
            Class::Mark => {
                fold_mark(c, folded);
                end = after;
            }
            Class::Letter => {
                // What is past the limit is not kept, but it is still part of this word.
                if folded.len() < MAX_TOKEN {
                    fold_char(c, folded);
                }
                end = after;
            }
        }
    }
    folded.truncate(folded.floor_char_boundary(MAX_TOKEN));
    if !folded.is_empty() {
        sink(Token { text: folded, start, end, position: *position, kind: TokenKind::Word });
        *position += 1;
    }
    end
}

/// A character of a run: folded, with its place in the source.
#[derive(Clone, Copy)]
struct Unit {
    c: char,
    start: usize,
    end: usize,
}

/// Takes a run of a script without spaces and returns where it ends.
fn run(
    text: &str,
    start: usize,
    folded: &mut String,
    position: &mut u32,
    sink: &mut impl FnMut(Token<'_>),
) -> usize {
    let mut before: Option<Unit> = None;
    let mut last: Option<Unit> = None;
    let mut end = start;
    let mut one = String::new();
    let mut pair =
        |before: Option<Unit>, last: Option<Unit>, position: &mut u32, sink: &mut dyn FnMut(Token<'_>)| {
            if let (Some(first), Some(second)) = (before, last) {
                folded.clear();
                folded.push(first.c);
                folded.push(second.c);
                let kind = TokenKind::Pair;
                sink(Token { text: folded, start: first.start, end: second.end, position: *position, kind });
                *position += 1;
            }
        };
    for (offset, c) in text[start..].char_indices() {
        let at = start + offset;
        let after = at + c.len_utf8();
        match class_of(c) {
            Class::Letter | Class::Separator => break,
            Class::Ignored => continue,
            Class::Mark => {}
            Class::Paired => {
                one.clear();
                fold_char(c, &mut one);
                for c in one.chars() {
                    let whole = last.and_then(|last| compose(last.c, c));
                    if let (Some(last), Some(whole)) = (last.as_mut(), whole) {
                        last.c = whole;
                    } else {
                        pair(before, last, position, sink);
                        before = last;
                        last = Some(Unit { c, start: at, end: after });
                    }
                }
            }
        }
        end = after;
        if let Some(last) = last.as_mut() {
            last.end = after;
        }
    }
    pair(before, last, position, sink);
    if let Some(last) = last {
        folded.clear();
        folded.push(last.c);
        let (kind, at) = match before {
            Some(_) => (TokenKind::Tail, position.saturating_sub(1)),
            None => (TokenKind::Single, *position),
        };
        sink(Token { text: folded, start: last.start, end: last.end, position: at, kind });
        *position = at + 1;
    }
    end
}

fn class_of(c: char) -> Class {
    match ASCII.get(c as usize) {
        _ if !c.is_ascii() => class(c),
        Some(&SEPARATOR) | None => Class::Separator,
        Some(_) => Class::Letter,
    }
}

#[cfg(test)]
mod tests;
