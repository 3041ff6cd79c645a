//! From blocks to the text and the HTML of a message.

use super::compose::Block;
use super::people::{Habit, Program};

const WIDTH: usize = 72;

/// How lines are broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrap {
    /// At 72 columns.
    Hard,
    /// At 72 columns with a space before each soft break (RFC 3676).
    Flowed,
    /// One line a paragraph.
    None,
}

/// What a program does; scripts without spaces are broken hard, because soft breaks would show as gaps.
pub(super) fn wrap_of(program: Program, habit: Habit) -> Wrap {
    match (program, habit) {
        (_, Habit::Japanese | Habit::Chinese) | (Program::Pine, _) => Wrap::Hard,
        (Program::Thunder, _) => Wrap::Flowed,
        _ => Wrap::None,
    }
}

/// The plain text of a message.
pub(super) fn text(blocks: &[Block], wrap: Wrap) -> String {
    let mut lines: Vec<String> = Vec::new();
    for block in blocks {
        if !lines.is_empty()
            && !matches!((block, lines.last()), (Block::Quote { .. }, Some(last)) if is_quote(last))
        {
            lines.push(String::new());
        }
        push_block(block, wrap, &mut lines);
    }
    lines.join("\n") + "\n"
}

/// The lines that an answer quotes: no signature, no planted word, no original below.
pub(super) fn quotable(blocks: &[Block]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for block in blocks {
        if matches!(block, Block::Text(_) | Block::Lines(_) | Block::Quote { .. }) {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            push_block(block, Wrap::Hard, &mut lines);
        }
    }
    lines
}

fn is_quote(line: &str) -> bool {
    line.starts_with('>')
}

fn push_block(block: &Block, wrap: Wrap, lines: &mut Vec<String>) {
    match block {
        Block::Text(text) => push_wrapped(text, wrap, lines),
        // Lines that begin with a space are stuffed with another one in flowed text.
        Block::Lines(list) if wrap == Wrap::Flowed => {
            lines.extend(list.iter().map(|l| if l.starts_with(' ') { format!(" {l}") } else { l.clone() }));
        }
        Block::Lines(list) | Block::Closing(list) => lines.extend(list.iter().cloned()),
        Block::Planted(line) => lines.push(line.clone()),
        Block::Quote { attribution, lines: quoted } => {
            lines.extend(attribution.clone());
            lines.extend(quoted.iter().map(|l| match l.chars().next() {
                None => ">".to_owned(),
                Some('>') => format!(">{l}"),
                Some(_) => format!("> {l}"),
            }));
        }
        Block::Original { header, lines: original } => {
            lines.extend(header.iter().cloned());
            lines.push(String::new());
            lines.extend(original.iter().cloned());
        }
        Block::Signature(signature) => {
            lines.push("-- ".to_owned());
            lines.extend(signature.iter().cloned());
        }
    }
}

fn push_wrapped(text: &str, wrap: Wrap, lines: &mut Vec<String>) {
    if wrap == Wrap::None {
        lines.push(text.to_owned());
        return;
    }
    let soft = if wrap == Wrap::Flowed { " " } else { "" };
    let (mut line, mut column) = (String::new(), 0);
    for word in text.split(' ') {
        let width = if word.is_ascii() { word.len() } else { word.chars().count() };
        if column > 0 && column + 1 + width > WIDTH {
            lines.push(std::mem::take(&mut line) + soft);
            column = 0;
        }
        if column > 0 {
            line.push(' ');
            column += 1;
        }
        if width <= WIDTH / 2 || word.is_ascii() {
            line.push_str(word);
            column += width;
            continue;
        }
        // Words this long are runs of Chinese or Japanese; addresses are ASCII and stay whole.
        for (idx, c) in word.chars().enumerate() {
            if idx > 0 && idx % (WIDTH / 2) == 0 {
                lines.push(std::mem::take(&mut line));
                column = 0;
            }
            line.push(c);
            column += 1;
        }
    }
    lines.push(line);
}

/// The HTML of an ordinary message.
pub(super) fn html(blocks: &[Block], program: Program, right_to_left: bool) -> String {
    let font = match program {
        Program::Outlook => "font-family:Calibri,sans-serif;font-size:11pt",
        Program::Apple => "font-family:Helvetica;font-size:14px",
        _ => "font-family:arial,sans-serif;font-size:small",
    };
    let dir = if right_to_left { " dir=\"rtl\"" } else { "" };
    let mut out = format!("<html><head></head><body{dir}><div style=\"{font}\">\n");
    for block in blocks {
        push_html(block, &mut out);
    }
    out.push_str("</div></body></html>\n");
    out
}

fn push_html(block: &Block, out: &mut String) {
    match block {
        Block::Text(text) | Block::Planted(text) => {
            out.push_str(&format!("<p>{}</p>\n", escape(text)));
        }
        Block::Lines(lines) | Block::Closing(lines) => out.push_str(&format!("<p>{}</p>\n", join(lines))),
        Block::Quote { attribution, lines } => {
            if let Some(attribution) = attribution {
                out.push_str(&format!("<div>{}</div>\n", escape(attribution)));
            }
            let style = "margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex";
            out.push_str(&format!(
                "<blockquote type=\"cite\" style=\"{style}\">{}</blockquote>\n",
                join(lines)
            ));
        }
        Block::Original { header, lines } => {
            let rest = header.get(1..).unwrap_or_default();
            let style = "border:none;border-top:solid #b5c4df 1.0pt;padding:3.0pt 0 0 0";
            out.push_str(&format!(
                "<div style=\"{style}\"><b>{}</b></div>\n<p>{}</p>\n",
                join(rest),
                join(lines)
            ));
        }
        Block::Signature(lines) => {
            out.push_str(&format!("<div style=\"color:#888888\">-- <br>{}</div>\n", join(lines)));
        }
    }
}

/// The newsletter: a table of one column, a picture on top.
pub(super) fn newsletter_html(blocks: &[Block], picture: &str) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html><head><title>Crossing Notes</title>\n<style>a {{ color: #14506e }} h2 {{ font-size: 17px }}\
         </style></head>\n<body style=\"margin:0;background:#e8eef1\">\n<table width=\"600\" align=\"center\" cellpadding=\"16\" \
         style=\"background:#ffffff;font-family:Georgia,serif;color:#23323a\">\n<tr><td style=\"background:#14506e;color:#ffffff\">\
         <img src=\"{picture}\" width=\"48\" height=\"48\" alt=\"A boat on the Sound\"> <b>Crossing Notes</b></td></tr>\n"
    );
    for (idx, block) in blocks.iter().enumerate() {
        let mut inner = String::new();
        push_html(block, &mut inner);
        let heading = if idx == 0 { "" } else { "<h2 style=\"color:#14506e\">&#8776;</h2>" };
        out.push_str(&format!("<tr><td>{heading}{inner}</td></tr>\n"));
    }
    out.push_str(
        "<tr><td style=\"font-size:12px;color:#6b7b83\">Orrowey Ferry Cooperative, Harbour House, Stennwick. \
         <a href=\"http://www.orrowey-ferries.example/notes/leave\">Leave this list</a></td></tr>\n</table></body></html>\n",
    );
    out
}

fn join(lines: &[String]) -> String {
    lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("<br>\n")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
