//! Reading what is asked of stored values: headers by their names, and regular expressions.

use core::ops::Range;

use super::ast::{Field, HeaderValue, Node};
use super::fields::{Kind, Operator};
use super::parse::Parser;
use super::print::quoted;
use super::scan::is_quote;
use super::value::{as_value, is_loose};
use crate::text::forms;

impl Parser<'_> {
    /// Takes a regex behind an operator of words.
    pub(super) fn regex(&mut self, operator: Operator, start: usize) -> bool {
        let (Kind::Words(field), Some(regex)) = (operator.kind, self.scan.regex()) else { return false };
        let span = self.scan.since(start);
        let problem = if field == Field::Attachment {
            Some("the texts of attachments are not kept; filename:/…/ looks at their names".to_owned())
        } else {
            problem_of(regex)
        };
        let node = match problem {
            None => Node::Regex { field, pattern: pattern_of(regex).to_owned() },
            Some(problem) => self.not_read(operator.name, regex.to_owned(), &problem, span),
        };
        self.operand(Some(node));
        true
    }

    /// Takes the name of a header, and its value behind `=` or `:`.
    pub(super) fn header(&mut self, operator: Operator, start: usize) {
        if self.scan.peek().is_some_and(is_quote) {
            return self.phrase(Some(operator));
        }
        let word = self.scan.peek_word();
        let Some(at) = word.find(['=', ':']) else {
            self.scan.at += word.len();
            let span = self.scan.since(start);
            let node = self.header_node(word, None, span);
            return self.operand(node);
        };
        let name = &word[..at];
        self.scan.at += at + 1;
        let value = if let Some(regex) = self.scan.regex() {
            Sought::Regex(regex.to_owned())
        } else if self.scan.peek().is_some_and(is_quote) {
            Sought::Words(self.scan.quoted().text)
        } else {
            let rest = self.scan.peek_word().to_owned();
            self.scan.at += rest.len();
            Sought::Words(rest)
        };
        let span = self.scan.since(start);
        let node = self.header_node(name, Some(value), span);
        self.operand(node);
    }

    /// A header in brackets or quotes, with its value.
    pub(super) fn header_text(&mut self, text: &str, span: Range<usize>) -> Option<Node> {
        self.header_node(text, None, span)
    }

    fn header_node(&mut self, name: &str, value: Option<Sought>, span: Range<usize>) -> Option<Node> {
        let (name, value) = match (name.split_once(['=', ':']), value) {
            (Some((name, text)), None) => (name, Some(Sought::Words(text.to_owned()))),
            (_, value) => (name, value),
        };
        // RFC 5322, 3.6.8, allows all printable ASCII but a colon; names in use have these, and no sign of this language.
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        {
            self.note(span, format!("header:{name} names no header and is left out"));
            return None;
        }
        let name = name.to_ascii_lowercase();
        let value = match value {
            None => HeaderValue::Any,
            Some(Sought::Regex(regex)) => match problem_of(&regex) {
                None => HeaderValue::Regex(pattern_of(&regex).to_owned()),
                Some(problem) => {
                    return Some(self.not_read("header", [&name, "=", &regex].concat(), &problem, span));
                }
            },
            Some(Sought::Words(text)) => {
                let text = text.trim().trim_end_matches(is_loose);
                match text {
                    "" | "*" => HeaderValue::Any,
                    _ if forms(text, 0).is_empty() => {
                        self.note(span, format!("“{text}” holds no word and is left out"));
                        return None;
                    }
                    _ => HeaderValue::Words(text.to_owned()),
                }
            }
        };
        Some(Node::Header { name, value })
    }
}

/// What stands behind the name of a header.
enum Sought {
    Words(String),
    /// With its slashes.
    Regex(String),
}

/// What is between the slashes of a regex.
fn pattern_of(regex: &str) -> &str {
    let regex = regex.strip_prefix('/').unwrap_or(regex);
    regex.rsplit_once('/').map_or(regex, |(pattern, _)| pattern)
}

/// Why a regex, with its slashes, cannot be one.
fn problem_of(regex: &str) -> Option<String> {
    crate::text::Regex::new(pattern_of(regex), false).err()
}

/// A value as it stands behind the name of a header, where a slash would begin a regex.
pub(super) fn as_header_value(text: &str) -> String {
    if text.starts_with('/') { quoted(text) } else { as_value(text) }
}
