//! Messages that are not here: those quoted inside others, and placeholders. What there is of them is taken from the
//! site, whose own tests hold it; which of them a query finds is told anew.

use std::collections::BTreeSet;

use maildex_build::message::{Mailbox, Message, MessageDate};
use maildex_core::format::front::MessageKind;
use maildex_core::format::record::{Person, Record};
use maildex_core::query::Node;

/// What a query needs of a message that is not here.
pub struct Absent {
    /// Its kind.
    pub kind: MessageKind,
    /// What is kept of it.
    pub record: Record,
    /// The date that orders it.
    pub date: Option<i64>,
}

impl Absent {
    /// As a message that was read.
    pub(super) fn message(&self) -> Message {
        let people = |people: &[Person]| {
            let one = |own: &Person| Mailbox { name: own.name.clone(), address: own.address.clone() };
            people.iter().map(one).collect()
        };
        Message {
            message_id: Some(self.record.message_id.clone()).filter(|id| !id.is_empty()),
            from: people(&self.record.from),
            to: people(&self.record.to),
            cc: people(&self.record.cc),
            bcc: people(&self.record.bcc),
            subject: self.record.subject.clone(),
            text: self.record.text.clone(),
            headers: self.record.headers.clone(),
            date: MessageDate { order: self.date, ..MessageDate::default() },
            ..Message::default()
        }
    }

    /// What `is:` and `kind:` find it by.
    pub(super) fn states(&self) -> BTreeSet<String> {
        let known = self.record.headers.iter().find(|(name, _)| name == "Known-From");
        let is: &[&str] = match known.map_or("", |(_, value)| value.as_str()) {
            "listed" => &["listed"],
            "skipped" => &["missing", "skipped"],
            "quoted" if self.date.is_none() || self.record.from.is_empty() => &[],
            _ => &["missing"],
        };
        let states = is.iter().map(|is| format!("is:{is}"));
        states.chain([format!("kind:{}", self.kind.name())]).collect()
    }
}

/// The query with what it leaves unsaid: what names no kind means messages, and so does each part of an OR.
pub(super) fn spelt_out(query: &Node) -> Node {
    if names_kind(query) { parts_spelt_out(query) } else { with_messages(query) }
}

fn parts_spelt_out(node: &Node) -> Node {
    match node {
        Node::And(parts) => Node::And(parts.iter().map(parts_spelt_out).collect()),
        Node::Or(parts) if names_kind(node) => Node::Or(parts.iter().map(spelt_out).collect()),
        _ => node.clone(),
    }
}

fn with_messages(node: &Node) -> Node {
    let here = Node::State { prefix: "kind".to_owned(), value: "message".to_owned() };
    Node::And(vec![here, node.clone()])
}

/// Whether a query asks for what is not here. To leave something out asks for nothing, unless it is what is here.
fn names_kind(node: &Node) -> bool {
    match node {
        Node::And(parts) | Node::Or(parts) | Node::Thread(parts) => parts.iter().any(names_kind),
        Node::Not(part) => text_of(part).as_deref() == Some("kind:message"),
        _ => text_of(node).is_some_and(|state| {
            state.starts_with("kind:") || ["is:missing", "is:skipped", "is:listed"].contains(&state.as_str())
        }),
    }
}

fn text_of(node: &Node) -> Option<String> {
    let Node::State { prefix, value } = node else { return None };
    Some(format!("{prefix}:{value}"))
}
