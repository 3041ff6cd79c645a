use super::*;
use crate::query::{Context, Node, parse};

/// Reads `name:value` with whatever value the operator takes.
fn is_answered(name: &str) -> bool {
    let values = ["x", "2003", "5K", "full", "any", "attachment", "reply", "(a b)", "1y", "0123456789abcdef"];
    let context = Context { now: 1_577_836_800, ..Context::default() };
    values.iter().any(|value| {
        let query = parse(&[name, ":", value].concat(), &context);
        query.understood() != "*" || matches!(query.root, Node::State { .. })
    })
}

#[test]
fn every_operator_that_is_answered_has_help() {
    for name in beginning_with("") {
        let has_help = OPERATORS.iter().any(|(own, _)| *own == name);
        assert_eq!(has_help, is_answered(name), "{name}");
    }
    for (name, help) in OPERATORS {
        assert_eq!(canonical(name), Some(*name));
        assert!(help.len() < 60, "{name}: {help}");
    }
}

#[test]
fn every_state_is_one() {
    for (state, _) in STATES {
        let node = parse(state, &Context::default()).root;
        assert!(matches!(node, Node::State { .. }), "{state}: {node:?}");
    }
}

fn shown(text: &str) -> String {
    let found = suggest(&[], text, 4).unwrap();
    let shown = found.items.iter().map(|item| item.query.as_str()).collect::<Vec<_>>();
    shown.join(" | ")
}

#[test]
fn operators() {
    let check = |text, expect: &str| assert_eq!(shown(text), expect, "{text}");
    check("", "from: | to: | with: | subject:");
    check("fr", "from:");
    check("a -(AUTH", "a -(from:");
    check("budget -f", "budget -from: | budget -label: | budget -filename:");
    check("\"as f", "");
    check("be", "before: | between:");
    check("date:", "date:");
    check("date:2", "");
    check("nosuch:", "");
    check("日本 f\u{a0}", "日本 f\u{a0}from: | 日本 f\u{a0}to: | 日本 f\u{a0}with: | 日本 f\u{a0}subject:");
    check("ß", "");
}
