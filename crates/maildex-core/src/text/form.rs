//! What a word of a query stands for: itself, or all words of a shape. The same test chooses forms from the dictionary
//! and marks words in a text, so that what is marked is what was found.

use super::fold::is_bigram_script;
use super::tokenize::{Token, TokenKind, query_tokens};

/// The words that a word of a query stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// A whole word.
    Word(String),
    /// Words that start so.
    Prefix(String),
    /// Words of a shape: `*` is any characters, `?` is one.
    Shape(String),
    /// Words that differ from this one by so many typing errors at most.
    Typos(String, u8),
    /// Any word: the `*` in `"one * three"`.
    Any,
}

/// The fewest letters of a word that is looked for with typing errors: everything resembles a shorter one.
pub const MIN_TYPOS: usize = 3;
/// The most words in a row that a phrase may leave open. A seventh could reach over the border of a field.
const MAX_OPEN_WORDS: usize = 6;

impl Form {
    /// The beginning that all its words share.
    pub fn beginning(&self) -> &str {
        match self {
            Self::Word(text) | Self::Prefix(text) => text,
            Self::Shape(shape) => shape.split(['*', '?']).next().unwrap_or_default(),
            Self::Typos(..) | Self::Any => "",
        }
    }

    /// Whether a word of the dictionary, folded, is one of its words.
    pub fn holds(&self, word: &str) -> bool {
        match self {
            Self::Word(text) => text == word,
            Self::Prefix(prefix) => word.starts_with(prefix.as_str()),
            Self::Shape(shape) => has_shape(word, shape),
            Self::Typos(text, n) => differs_by(text, word, usize::from(*n)),
            Self::Any => true,
        }
    }

    /// Whether a token of a text is one of its words. The last character of a run stands in no query as a word.
    pub(super) fn meets(&self, token: &Token<'_>) -> bool {
        (token.kind != TokenKind::Tail || matches!(self, Self::Prefix(_))) && self.holds(token.text)
    }
}

/// Cuts a piece of a query into the words to look for. With `typos`, they may have so many typing errors each. Words
/// left open at the ends are dropped.
pub fn forms(text: &str, typos: u8) -> Vec<Form> {
    let (marked, any, one) = stand_ins(text);
    let mut forms: Vec<Form> = Vec::new();
    for token in query_tokens(&marked) {
        let form = if token.text.contains([any, one]) {
            shape(&token.text.replace(any, "*").replace(one, "?"))
        } else if token.prefix {
            Form::Prefix(token.text)
        } else if typos > 0
            && token.text.chars().count() >= MIN_TYPOS
            && !token.text.contains(is_bigram_script)
        {
            Form::Typos(token.text, typos)
        } else {
            Form::Word(token.text)
        };
        let open = forms.iter().rev().take_while(|form| **form == Form::Any).count();
        if form != Form::Any || (!forms.is_empty() && open < MAX_OPEN_WORDS) {
            forms.push(form);
        }
    }
    while forms.last() == Some(&Form::Any) {
        forms.pop();
    }
    forms
}

/// How many letters a wildcard of this text has beside it at least; `None` if there is no wildcard.
pub fn least_letters(text: &str) -> Option<usize> {
    let letters = |form: &Form| match form {
        Form::Shape(shape) => Some(shape.chars().filter(|c| !matches!(c, '*' | '?')).count()),
        Form::Prefix(prefix) if !prefix.contains(is_bigram_script) => Some(prefix.chars().count()),
        _ => None,
    };
    forms(text, 0).iter().filter_map(letters).min()
}

/// The most wildcards in one word of this text.
pub fn most_wildcards(text: &str) -> usize {
    let signs = |form: &Form| match form {
        Form::Shape(shape) => shape.matches(['*', '?']).count(),
        _ => 0,
    };
    forms(text, 0).iter().map(signs).max().unwrap_or(0)
}

/// The text with letters in place of its wildcards, so that the tokenizer takes them into words, and those letters.
///
/// A run of signs with a `*` in it is a wildcard if it touches a letter, or if it is `*` for a whole word; one of `?`
/// alone if it stands between two letters. A `?` in the address of a page is none.
fn stand_ins(text: &str) -> (String, char, char) {
    // Letters of the languages of southern Africa without cases or parts; those that the text has itself are no use.
    const LETTERS: [char; 4] = ['\u{1c0}', '\u{1c1}', '\u{1c2}', '\u{1c3}'];
    let is_sign = |c: char| matches!(c, '*' | '?');
    if !text.contains(is_sign) {
        return (text.to_owned(), '*', '?');
    }
    let mut free = LETTERS.into_iter().filter(|letter| !text.contains(*letter));
    let (Some(any), Some(one)) = (free.next(), free.next()) else { return (text.to_owned(), '*', '?') };
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_bigram_script(c));
    let is_end = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let mut marked = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        let address = word.contains(['/', '=']);
        let mut rest = word;
        while let Some(at) = rest.find(is_sign) {
            marked.push_str(&rest[..at]);
            let length = rest[at..].find(|c| !is_sign(c)).unwrap_or(rest.len() - at);
            let (run, after) = (&rest[at..at + length], rest[at + length..].chars().next());
            let before = marked.chars().next_back();
            let touches = if run.contains('*') {
                is_letter(before) || is_letter(after) || (run == "*" && is_end(before) && is_end(after))
            } else {
                is_letter(before) && is_letter(after)
            };
            marked.extend(run.chars().map(|c| match c {
                '*' if touches => any,
                '?' if touches && !address => one,
                c => c,
            }));
            rest = &rest[at + length..];
        }
        marked.push_str(rest);
    }
    (marked, any, one)
}

fn shape(text: &str) -> Form {
    let mut shape = String::with_capacity(text.len());
    for c in text.chars() {
        if !(c == '*' && shape.ends_with('*')) {
            shape.push(c);
        }
    }
    match shape.strip_suffix('*') {
        Some("") => Form::Any,
        Some(bare) if !bare.contains(['*', '?']) => Form::Prefix(bare.to_owned()),
        _ => Form::Shape(shape),
    }
}

/// Greedy with one point to return to, the last `*`: linear but for shapes with many of them.
fn has_shape(word: &str, shape: &str) -> bool {
    // A letter for each letter and each `?`, and a `*` around each: no longer shape has room in the word.
    if shape.len() > 2 * word.len() + 1 {
        return false;
    }
    let (word, shape): (Vec<char>, Vec<char>) = (word.chars().collect(), shape.chars().collect());
    let (mut w, mut s) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while w < word.len() {
        match shape.get(s) {
            Some('*') => {
                star = Some((s, w));
                s += 1;
            }
            Some(&c) if c == '?' || c == word[w] => {
                s += 1;
                w += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (s, w) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    shape[s..].iter().all(|c| *c == '*')
}

/// Whether two words are at most `limit` typing errors apart: a letter too much, one missing, one for another, or two
/// neighbours swapped (Damerau 1964; each part of the word is changed once).
fn differs_by(a: &str, b: &str, limit: usize) -> bool {
    // A word is at most 64 bytes, but the dictionary's may be longer keys.
    if a.len().abs_diff(b.len()) > limit * 4 {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return false;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let other = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (last[j - 1] + other).min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row[j] = least;
        }
        if row.iter().all(|distance| *distance > limit) {
            return false;
        }
        before = core::mem::replace(&mut last, row);
    }
    last[b.len()] <= limit
}

#[cfg(test)]
mod tests;
