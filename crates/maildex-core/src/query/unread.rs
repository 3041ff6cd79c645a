//! What an engine makes of questions about stored values that does not read messages: it leaves them out, and says so.

use core::ops::Range;

use super::ast::Node;
use super::fields::{Kind, Operator};
use super::parse::Parser;
use super::value::as_value;

const PROBLEM: &str = "this engine does not read messages";

impl Parser<'_> {
    /// Takes a regex behind an operator of words.
    pub(super) fn regex(&mut self, operator: Operator, start: usize) -> bool {
        let (Kind::Words(_), Some(regex)) = (operator.kind, self.scan.regex()) else { return false };
        let span = self.scan.since(start);
        let node = self.not_read(operator.name, regex.to_owned(), PROBLEM, span);
        self.operand(Some(node));
        true
    }

    /// Takes the name of a header, and its value.
    pub(super) fn header(&mut self, operator: Operator, start: usize) {
        let value = self.scan.capture();
        let span = self.scan.since(start);
        let node = self.not_read(operator.name, value, PROBLEM, span);
        self.operand(Some(node));
    }

    /// A header in brackets or quotes, with its value.
    pub(super) fn header_text(&mut self, text: &str, span: Range<usize>) -> Option<Node> {
        Some(self.not_read("header", as_value(text), PROBLEM, span))
    }
}
