//! Walking over the characters of a query.

use core::ops::Range;

/// A position in a query. It only moves forward, so reading a query takes linear time.
pub(super) struct Scan<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// From here on no `/` closes a regex: what lets a second search for one be skipped.
    no_regex_from: usize,
}

/// A quoted text without its quotes.
pub(super) struct Quoted {
    pub(super) text: String,
    pub(super) closed: bool,
}

/// The most opening brackets that a captured value keeps track of; the rest are plain characters.
const MAX_OPEN: usize = 1000;

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, no_regex_from: usize::MAX }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn skip(&mut self, c: char) {
        self.at += c.len_utf8();
    }

    /// Passes over white space and tells whether there was any.
    pub(super) fn skip_space(&mut self) -> bool {
        let rest = self.rest();
        let length = rest.len() - rest.trim_start().len();
        self.at += length;
        length > 0
    }

    /// The word here, up to white space, a bracket, a quote or an operator sign; empty if one of these is here.
    pub(super) fn peek_word(&self) -> &'a str {
        let rest = self.rest();
        let end = rest.char_indices().find(|&(at, c)| ends_word(c) || rest[at..].starts_with("&&"));
        &rest[..end.map_or(rest.len(), |(at, _)| at)]
    }

    /// Takes a quoted text, at its opening quote. A straight quote is closed by a straight one, a typographic one by
    /// any; `""` and `\"` inside stand for a quote. An unclosed one ends with the query.
    pub(super) fn quoted(&mut self) -> Quoted {
        let mut out = Quoted { text: String::new(), closed: false };
        let Some(open) = self.peek() else { return out };
        self.skip(open);
        let mut chars = self.rest().char_indices().peekable();
        let mut end = self.rest().len();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|next| next.1);
            match c {
                '\\' if next == Some('"') => {
                    out.text.push('"');
                    chars.next();
                }
                '"' if next == Some('"') && open == '"' => {
                    out.text.push('"');
                    chars.next();
                }
                _ if c == '"' || (open != '"' && is_quote(c)) => {
                    end = at + c.len_utf8();
                    out.closed = true;
                    break;
                }
                _ => out.text.push(c),
            }
        }
        self.at += end;
        out
    }

    /// Takes a regex, `/…/` or `/…/i`, if one stands here.
    pub(super) fn regex(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        if !rest.starts_with('/') || self.at >= self.no_regex_from {
            return None;
        }
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            if c == '/' && !escaped {
                let after = &rest[at + 1..];
                let flagged = after.strip_prefix('i').unwrap_or(after);
                if flagged.chars().next().is_none_or(ends_word) && at > 1 {
                    let regex = &rest[..rest.len() - flagged.len()];
                    self.at += regex.len();
                    return Some(regex);
                }
            }
            escaped = c == '\\' && !escaped;
        }
        self.no_regex_from = self.at;
        None
    }

    /// Takes a value as it stands: a word with the quoted texts, brackets and regexes in it. What is left open is
    /// closed in the answer.
    pub(super) fn capture(&mut self) -> String {
        let start = self.at;
        let mut open: Vec<char> = Vec::new();
        if let Some(regex) = self.regex() {
            return regex.to_owned();
        }
        let mut unclosed = false;
        while let Some(c) = self.peek() {
            match c {
                _ if is_quote(c) => {
                    unclosed = !self.quoted().closed;
                    continue;
                }
                '(' if open.len() < MAX_OPEN => open.push(')'),
                '{' if open.len() < MAX_OPEN => open.push('}'),
                ')' | '}' if open.is_empty() => break,
                ')' | '}' if open.last() == Some(&c) => {
                    open.pop();
                }
                _ if open.is_empty() && (c.is_whitespace() || c == '|') => break,
                _ => {}
            }
            self.skip(c);
        }
        let mut out = self.text[start..self.at].trim_end().to_owned();
        if unclosed {
            // A backslash would take the closing quote for a character.
            out.truncate(out.trim_end_matches(['\\', ' ']).len());
            out.push('"');
        }
        out.extend(open.iter().rev());
        out
    }

    /// The bytes from a position to here.
    pub(super) fn since(&self, start: usize) -> Range<usize> {
        start..self.at
    }
}

/// A straight or typographic double quote.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '＂')
}

/// A hyphen or what a phone makes of it.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '–' | '—' | '−')
}

pub(super) fn ends_word(c: char) -> bool {
    c.is_whitespace() || is_quote(c) || matches!(c, '(' | ')' | '{' | '}' | '|')
}
