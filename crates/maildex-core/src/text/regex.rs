//! Regular expressions over stored values: without looking back or around, in time that is linear in the text.
//!
//! Letters match in either case, of any script: the engine's own rule knows ASCII only, so both sides are put in lower
//! case where they are more than that. Accents count. `\w`, `\d`, `\s` and `\b` mean ASCII.

use super::lower;
use std::borrow::Cow;

/// Bytes of a compiled expression at most. A text of a kilobyte is then looked through in milliseconds even by the
/// worst; `\w{500}` fits, `(\w|\d|[a-z]){300}` does not.
const MOST: usize = 32 << 10;
/// Steps by which an expression's cost is told: one that fits into the first costs 1.
const STEPS: [(usize, usize); 3] = [(MOST / 16, 1), (MOST / 4, 4), (MOST, 16)];
/// Brackets within each other: what compiles them calls itself.
const DEEPEST: u32 = 50;

/// A compiled regular expression.
#[derive(Debug)]
pub struct Regex {
    regex: regex_lite::Regex,
    /// How much longer it takes than a short one, at the worst.
    pub cost: usize,
}

impl Regex {
    /// Compiles a pattern; with `lines`, `^` and `$` also stand at the ends of lines. Fails with what is wrong with it.
    ///
    /// # Errors
    /// If it is no regular expression, or one that is too large.
    pub fn new(pattern: &str, lines: bool) -> Result<Regex, String> {
        let mut problem = String::new();
        for (limit, cost) in STEPS {
            let compiled = regex_lite::RegexBuilder::new(&in_lower_case(pattern))
                .case_insensitive(true)
                .multi_line(lines)
                .nest_limit(DEEPEST)
                .size_limit(limit)
                .build();
            match compiled {
                Ok(regex) => return Ok(Regex { regex, cost }),
                Err(error) => problem = error.to_string(),
            }
        }
        Err(["no regular expression that can be used (", &problem, ")"].concat())
    }

    /// The first stretch of a text that matches; in lower case if the text is more than ASCII.
    pub fn find(&self, text: &str) -> Option<String> {
        let text = folded(text);
        self.regex.find(&text).map(|found| found.as_str().to_owned())
    }

    /// Whether any stretch of a text matches.
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(&folded(text))
    }
}

fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(lower(text)) }
}

/// The letters beyond ASCII in lower case. Those of ASCII stay: `\S` is not `\s`.
fn in_lower_case(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    for c in pattern.chars() {
        if c.is_ascii() { out.push(c) } else { out.extend(c.to_lowercase()) }
    }
    out
}

#[cfg(test)]
mod tests;
