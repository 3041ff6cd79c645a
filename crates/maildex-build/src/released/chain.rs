//! The chain inside a document: each header block that is printed in its text begins a message that is quoted there.

use super::Release;
use super::head::{self, Block};
use super::profile::Field;
use crate::message::Message;

/// No document quotes more messages than are read.
const MAX_CHAIN: usize = 1000;

impl Release {
    /// The messages that a document's text quotes, the outermost first, each with its own sender, date, subject and
    /// text. Only blocks that begin with the sender count: an attribution line alone is not enough.
    pub fn quoted(&self, message: &Message) -> Vec<Message> {
        let lines: Vec<String> = message.text.lines().map(|line| unquoted(line).to_owned()).collect();
        let mut blocks: Vec<Block> = Vec::new();
        let mut at = 0;
        while at < lines.len() && blocks.len() < MAX_CHAIN {
            match self.block_at(&lines, at) {
                Some(block) => {
                    at = block.end.max(at + 1);
                    blocks.push(block);
                }
                None => at += 1,
            }
        }
        let ends: Vec<usize> = blocks.iter().skip(1).map(|next| next.start).chain([lines.len()]).collect();
        let whole = blocks.iter().zip(ends).map(|(block, end)| {
            let mut inner = Message::default();
            self.fill(block, None, &mut inner);
            inner.text = text_of(&lines[block.end.min(end)..end]);
            inner
        });
        whole.filter(|inner| !inner.from.is_empty() || inner.date.order.is_some()).collect()
    }

    fn block_at(&self, lines: &[String], at: usize) -> Option<Block> {
        let (field, _) = head::label(&lines[at], &self.profile, false)?;
        if field != Field::From || !head::is_block(lines, at, &self.profile, false) {
            return None;
        }
        let mut block = head::read(lines, at, &self.profile);
        let has = |field| block.fields.iter().any(|(own, _)| *own == field);
        if !has(Field::Date) && !has(Field::To) {
            // A memorandum has a sender and a subject.
            return None;
        }
        // A sender that stands above the first name belongs to the text before.
        block.start = at;
        Some(block)
    }
}

/// A line without the signs of quoting in front, as scans read them: `> `, `>> `, `>» `, `),» `.
fn unquoted(line: &str) -> &str {
    let text = line.trim_start();
    let end = text.find(|c: char| !matches!(c, '>' | '»' | ')' | ',' | ' ')).unwrap_or(text.len());
    if text[..end].contains(['>', '»']) { &text[end..] } else { line }
}

/// Lines without their margin, and without the rule that a program draws above the next block.
fn text_of(lines: &[String]) -> String {
    let is_rule = |line: &str| {
        let bare = line.trim().trim_matches(['-', '_', '=', '*', ' ', '>']);
        bare.is_empty() || bare.eq_ignore_ascii_case("original message") || is_forward_mark(bare)
    };
    let end = lines.iter().rposition(|line| !is_rule(line)).map_or(0, |last| last + 1);
    let start = lines[..end].iter().position(|line| !line.trim().is_empty()).unwrap_or(end);
    let own = &lines[start..end];
    let indent = |line: &String| line.len() - line.trim_start_matches(' ').len();
    let margin = own.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let cut: Vec<&str> = own.iter().map(|line| line.get(margin..).unwrap_or_default()).collect();
    cut.join("\n")
}

fn is_forward_mark(bare: &str) -> bool {
    ["forwarded message", "begin forwarded message:"].iter().any(|mark| bare.eq_ignore_ascii_case(mark))
}
