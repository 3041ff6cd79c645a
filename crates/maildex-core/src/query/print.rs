//! Printing a query: as text that reads back as the same tree, and as s-expressions for golden files.

use core::fmt::Write;

#[cfg(feature = "scan")]
use super::ast::HeaderValue;
use super::ast::{Field, Node, Query};
use super::fields::name_of;
#[cfg(feature = "scan")]
use super::stored::as_header_value;
use super::value::as_value;

impl Query {
    /// The canonical text of the query: reading it gives the same tree.
    pub fn text(&self) -> String {
        query_text(&self.root)
    }

    /// Whether any of it can be answered: otherwise everything would be an answer to another question.
    pub fn is_answerable(&self) -> bool {
        self.root.built() != Node::Everything || self.notes.is_empty()
    }

    /// Whether messages have to be read for the answer.
    #[cfg(feature = "scan")]
    pub fn reads_messages(&self) -> bool {
        let mut open = vec![&self.root];
        while let Some(node) = open.pop() {
            match node {
                Node::Header { .. } | Node::Regex { .. } => return true,
                Node::And(parts) | Node::Or(parts) | Node::Thread(parts) => open.extend(parts),
                Node::Not(part) => open.push(part),
                _ => {}
            }
        }
        false
    }

    /// The same without what this version cannot answer: what is searched.
    pub fn understood(&self) -> String {
        query_text(&self.root.built())
    }
}

impl Node {
    /// The tree as an s-expression.
    pub fn sexpr(&self) -> String {
        let mut out = String::new();
        self.write_sexpr(&mut out);
        out
    }

    fn write_sexpr(&self, out: &mut String) {
        let list = |out: &mut String, name: &str, parts: &mut dyn Iterator<Item = &Self>| {
            out.push('(');
            out.push_str(name);
            for part in parts {
                out.push(' ');
                part.write_sexpr(out);
            }
            out.push(')');
        };
        let end = |end: &Option<i64>| end.map_or("*".to_owned(), |end| end.to_string());
        // Writing to a `String` cannot fail.
        let _ = match self {
            Self::Everything => write!(out, "(all)"),
            Self::And(parts) => return list(out, "and", &mut parts.iter()),
            Self::Or(parts) => return list(out, "or", &mut parts.iter()),
            Self::Thread(parts) => return list(out, "thread", &mut parts.iter()),
            Self::Not(part) => return list(out, "not", &mut core::iter::once(&**part)),
            Self::Near { left, right, distance, ordered } => {
                let name = format!("near {distance}{}", if *ordered { " ordered" } else { "" });
                return list(out, &name, &mut [&**left, &**right].into_iter());
            }
            Self::Word { field, text, typos: 0 } => write!(out, "({} {text})", sexpr_field(*field)),
            Self::Word { field, text, typos } => write!(out, "({} {text} {typos})", sexpr_field(*field)),
            Self::Phrase { field, text, slop: None } => {
                write!(out, "({} {})", sexpr_field(*field), quoted(text))
            }
            Self::Phrase { field, text, slop: Some(slop) } => {
                write!(out, "({} {} {slop})", sexpr_field(*field), quoted(text))
            }
            Self::Date { from, until, text } => write!(out, "(date {} {} {text})", end(from), end(until)),
            Self::Received { from, until, text } => {
                write!(out, "(received {} {} {text})", end(from), end(until))
            }
            Self::Size { from, until: u64::MAX } => write!(out, "(size {from} *)"),
            Self::Size { from, until } => write!(out, "(size {from} {until})"),
            Self::State { prefix, value } => write!(out, "(state {prefix} {value})"),
            #[cfg(feature = "scan")]
            Self::Header { name, value: HeaderValue::Any } => write!(out, "(header {name})"),
            #[cfg(feature = "scan")]
            Self::Header { name, value: HeaderValue::Words(text) } => {
                write!(out, "(header {name} {})", quoted(text))
            }
            #[cfg(feature = "scan")]
            Self::Header { name, value: HeaderValue::Regex(pattern) } => {
                write!(out, "(header {name} /{pattern}/)")
            }
            #[cfg(feature = "scan")]
            Self::Regex { field, pattern } => write!(out, "(regex {} /{pattern}/)", sexpr_field(*field)),
            Self::NotBuilt { field, value } if field.is_empty() => write!(out, "(not-built {value})"),
            Self::NotBuilt { field, value } => write!(out, "(not-built {field} {value})"),
        };
    }
}

fn sexpr_field(field: Field) -> &'static str {
    name_of(field).unwrap_or("word")
}

/// The canonical text of a tree.
pub(super) fn query_text(node: &Node) -> String {
    let mut out = String::new();
    write_node(node, &mut out);
    out
}

/// Whether a node prints as something that a sign or a nearness takes whole.
fn is_primary(node: &Node) -> bool {
    !matches!(node, Node::And(_) | Node::Or(_) | Node::Not(_) | Node::Near { .. })
}

/// A text in quotes, without backslashes at its end: they would take the closing quote for a character.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.trim_end_matches('\\').replace('"', "\\\""))
}

fn write_node(node: &Node, out: &mut String) {
    match node {
        Node::Everything => out.push('*'),
        Node::And(parts) => write_list(parts, " ", out),
        Node::Or(parts) => write_list(parts, " OR ", out),
        Node::Thread(parts) => {
            out.push_str("thread:{");
            write_list(parts, " ", out);
            out.push('}');
        }
        Node::Not(part) => {
            out.push('-');
            // A nearness binds tighter than a sign.
            write_bracketed(part, !is_primary(part) && !is_near(part), out);
        }
        Node::Near { left, right, distance, ordered } => {
            write_bracketed(left, !is_primary(left) && !is_near(left), out);
            let name = if *ordered { format!(" ADJ/{distance} ") } else { format!(" AROUND({distance}) ") };
            out.push_str(&name);
            write_bracketed(right, !is_primary(right), out);
        }
        Node::Word { field, text, typos } => {
            write_field(*field, out);
            out.push_str(text);
            if *typos > 0 {
                out.push_str(&format!("~{typos}"));
            }
        }
        Node::Phrase { field, text, slop } => {
            write_field(*field, out);
            out.push_str(&quoted(text));
            if let Some(slop) = slop {
                out.push_str(&format!("~{slop}"));
            }
        }
        Node::Date { text, .. } | Node::Received { text, .. } => out.push_str(text),
        Node::Size { from, until: u64::MAX } => out.push_str(&format!("size:{}", size_text(*from))),
        Node::Size { from: 0, until } => out.push_str(&format!("smaller:{}", size_text(*until))),
        Node::Size { from, until } => {
            out.push_str(&format!("size:{}..{}", size_text(*from), size_text(until.saturating_sub(1))));
        }
        Node::State { prefix, value } => {
            out.push_str(prefix);
            out.push(':');
            out.push_str(&as_value(value));
        }
        #[cfg(feature = "scan")]
        Node::Header { name, value } => {
            out.push_str("header:");
            out.push_str(name);
            match value {
                HeaderValue::Any => {}
                HeaderValue::Words(text) => {
                    out.push('=');
                    out.push_str(&as_header_value(text));
                }
                HeaderValue::Regex(pattern) => {
                    out.push('=');
                    write_regex(pattern, out);
                }
            }
        }
        #[cfg(feature = "scan")]
        Node::Regex { field, pattern } => {
            write_field(*field, out);
            write_regex(pattern, out);
        }
        Node::NotBuilt { field, value } => {
            if !field.is_empty() {
                out.push_str(field);
                out.push(':');
            }
            out.push_str(value);
        }
    }
}

#[cfg(feature = "scan")]
fn write_regex(pattern: &str, out: &mut String) {
    out.push('/');
    out.push_str(pattern);
    out.push('/');
}

fn is_near(node: &Node) -> bool {
    matches!(node, Node::Near { .. })
}

/// Bytes in the largest unit that leaves no rest.
fn size_text(bytes: u64) -> String {
    let units = [(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "K")];
    let unit = units.into_iter().find(|(unit, _)| bytes > 0 && bytes.is_multiple_of(*unit));
    unit.map_or(bytes.to_string(), |(unit, name)| format!("{}{name}", bytes / unit))
}

fn write_field(field: Field, out: &mut String) {
    if let Some(name) = name_of(field) {
        out.push_str(name);
        out.push(':');
    }
}

fn write_list(parts: &[Node], between: &str, out: &mut String) {
    for (part, at) in parts.iter().zip(0..) {
        if at > 0 {
            out.push_str(between);
        }
        write_bracketed(part, matches!(part, Node::And(_) | Node::Or(_)), out);
    }
}

fn write_bracketed(node: &Node, bracketed: bool, out: &mut String) {
    if bracketed {
        out.push('(');
    }
    write_node(node, out);
    if bracketed {
        out.push(')');
    }
}
