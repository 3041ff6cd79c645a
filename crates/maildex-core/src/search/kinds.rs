//! Which kinds of messages a query asks for.

use crate::format::front::MessageKind;
use crate::query::Node;

/// Whether a segment of this kind may hold hits. A query that names no kind means messages.
pub(crate) fn admits(root: &Node, kind: MessageKind) -> bool {
    if names_kind(root) { possible(root, kind) } else { kind == MessageKind::Message }
}

/// The query as it is meant of segments of this kind: in an OR, a part that names no kind means messages.
pub(crate) fn meant(node: &Node, kind: MessageKind) -> Node {
    match node {
        Node::Or(parts) if kind != MessageKind::Message && names_kind(node) => {
            Node::Or(parts.iter().filter(|part| names_kind(part)).map(|part| meant(part, kind)).collect())
        }
        Node::And(parts) => Node::And(parts.iter().map(|part| meant(part, kind)).collect()),
        _ => node.clone(),
    }
}

/// The values of `kind:` in a query; without any it means messages.
pub(crate) fn named_kinds(node: &Node) -> Vec<&str> {
    let mut open = vec![node];
    let mut kinds = Vec::new();
    while let Some(node) = open.pop() {
        match node {
            Node::State { prefix, value } if prefix == "kind" => kinds.push(value.as_str()),
            Node::And(parts) | Node::Or(parts) | Node::Thread(parts) => open.extend(parts),
            Node::Not(part) => open.push(part),
            _ => {}
        }
    }
    kinds
}

/// Whether the query says which kinds it means, by `kind:` or by a state that no message which is here has. To leave
/// out a kind that nobody asked for names none.
fn names_kind(node: &Node) -> bool {
    match node {
        Node::And(parts) | Node::Or(parts) | Node::Thread(parts) => parts.iter().any(names_kind),
        Node::Not(part) => {
            matches!(&**part, Node::State { prefix, value } if prefix == "kind" && value == MessageKind::Message.name())
        }
        Node::State { prefix, value } => prefix == "kind" || is_absence(prefix, value),
        _ => false,
    }
}

/// `is:missing` and its kin: messages that are here are none of these.
fn is_absence(prefix: &str, value: &str) -> bool {
    prefix == "is" && matches!(value, "missing" | "skipped" | "listed")
}

/// Whether messages of this kind may answer: what the kind alone decides. Depth is bounded by the reader of queries.
fn possible(node: &Node, kind: MessageKind) -> bool {
    match node {
        Node::And(parts) => parts.iter().all(|part| possible(part, kind)),
        Node::Or(parts) => parts.iter().any(|part| possible(part, kind)),
        Node::Not(part) => match &**part {
            Node::State { prefix, value } if prefix == "kind" => !is_kind(value, kind),
            _ => true,
        },
        Node::State { prefix, value } if prefix == "kind" => is_kind(value, kind),
        Node::State { prefix, value } if is_absence(prefix, value) => {
            kind == MessageKind::Placeholder || value == "missing" && kind == MessageKind::Quoted
        }
        _ => true,
    }
}

/// Whether the value of `kind:` holds this kind.
pub(crate) fn is_kind(value: &str, kind: MessageKind) -> bool {
    value == "any" || value == kind.name()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Context, parse};

    #[test]
    fn a_part_that_names_no_kind_means_messages() {
        let root = parse("is:listed OR ferry OR is:skipped", &Context::default()).root;
        assert_eq!(
            meant(&root, MessageKind::Placeholder).sexpr(),
            "(or (state is listed) (state is skipped))"
        );
        assert_eq!(meant(&root, MessageKind::Message).sexpr(), root.sexpr());
    }

    #[test]
    fn what_a_query_may_find() {
        use MessageKind::{Message, Placeholder, Quoted};
        let check = |text: &str, expected: &[MessageKind]| {
            let root = parse(text, &Context::default()).root;
            let kinds = [Message, Quoted, Placeholder].into_iter();
            assert_eq!(kinds.filter(|kind| admits(&root, *kind)).collect::<Vec<_>>(), expected, "{text}");
        };
        check("", &[Message]);
        check("ferry -winter", &[Message]);
        check("kind:message", &[Message]);
        check("kind:quoted ferry", &[Quoted]);
        check("kind:any", &[Message, Quoted, Placeholder]);
        check("-kind:message", &[Quoted, Placeholder]);
        check("is:missing", &[Quoted, Placeholder]);
        check("kind:placeholder is:missing -is:skipped", &[Placeholder]);
        check("is:listed", &[Placeholder]);
        check("is:missing OR ferry", &[Message, Quoted, Placeholder]);
        check("kind:quoted kind:placeholder", &[]);
        check("ferry -kind:quoted", &[Message]);
        check("-is:missing", &[Message]);
        check("thread:{kind:quoted from:ada}", &[Message, Quoted, Placeholder]);
    }
}
