//! What a release put on the pages: taken out of the text and kept as fields. Redactions become marks.

use super::profile::Profile;
use crate::message::Document;
use regex::Regex;

/// How many lines below a stamp may belong to it.
const STAMP_LINES: usize = 3;
/// How many lines below its first the note of a classification may reach.
const MARKING_LINES: usize = 5;
/// A line of nothing but a number so near to a page's edge is the page's number.
const EDGE: usize = 2;
/// Lines from the subject on in which furniture of the head is looked for.
const BELOW_SUBJECT: usize = 4;
/// Blank lines in a row that are kept: more are the ends of pages.
const MAX_BLANK: usize = 2;

/// The lines of a text without furniture, and what the furniture said.
#[derive(Debug, Default)]
pub(super) struct Cleaned {
    pub(super) lines: Vec<String>,
    pub(super) document: Document,
}

/// Takes the furniture out of a text. Above line `block` of the answer is nothing but furniture and titles.
pub(super) fn clean(text: &str, profile: &Profile) -> Cleaned {
    let mut cleaned = Cleaned::default();
    let mut stamp = Stamp::default();
    let mut marking = Marking::default();
    // Numbers of lines at which a page ends or begins.
    let mut edges = Vec::new();
    let mut above = BELOW_SUBJECT;
    for line in text.split(['\n', '\u{c}']) {
        let mut line = line.trim_end().replace('\t', "        ");
        let mut marks = Vec::new();
        if (stamp.take(&mut line, profile, &mut cleaned.document)
            | marking.take(&mut line, profile, &mut cleaned.document))
            && line.trim().is_empty()
        {
            // A blank line in its place would end the block that it stands in.
            continue;
        }
        let mut taken = furniture(&mut line, &profile.furniture, &mut cleaned.document);
        if above > 0 {
            taken |= furniture(&mut line, &profile.furniture_above, &mut cleaned.document);
            // It also stands beside the block, and right below the last of its headers.
            if above < BELOW_SUBJECT || super::head::is_subject(&line, profile) {
                above -= 1;
            }
        }
        if taken && line.trim().is_empty() {
            edges.push(cleaned.lines.len());
            continue;
        }
        margin(&mut line, profile, &mut marks);
        if !marks.is_empty() {
            set_marks(&mut line, &marks, profile);
            cleaned.document.redacted = true;
            marks.into_iter().for_each(|mark| add_codes(&mark, profile, &mut cleaned.document));
        }
        cleaned.lines.push(line);
    }
    drop_page_numbers(&mut cleaned.lines, &edges);
    squeeze(&mut cleaned.lines);
    cleaned.document.exemptions.sort();
    cleaned.document.exemptions.dedup();
    cleaned.document.redacted |= cleaned.document.release == "part";
    cleaned
}

/// The stamp, which may be spread over several lines: `RELEASE IN`, `PART`, `B5,B6`.
#[derive(Default)]
struct Stamp {
    /// Lines below that may belong to it.
    open: usize,
}

impl Stamp {
    fn take(&mut self, line: &mut String, profile: &Profile, document: &mut Document) -> bool {
        let mut found = profile.stamp.captures(line);
        if found.is_some() {
            self.open = STAMP_LINES + 1;
        } else if self.open > 0 && !line.trim().is_empty() {
            found = profile.stamp_rest.captures(line).filter(|rest| {
                (rest.name("status").is_some() && document.release.is_empty()) || rest.name("codes").is_some()
            });
        }
        self.open = self.open.saturating_sub(1);
        let Some(found) = found else { return false };
        let text = |name: &str| found.name(name).map(|part| part.as_str().to_owned());
        if let Some(status) = text("status").filter(|_| document.release.is_empty()) {
            let release = if profile.full.is_match(&status) { "full" } else { "part" };
            release.clone_into(&mut document.release);
        }
        let codes = text("codes");
        let start = found.get(0).map_or(0, |whole| whole.start());
        drop(found);
        if let Some(codes) = codes {
            add_codes(&codes, profile, document);
            if !codes.trim_end().ends_with(',') {
                self.open = 0;
            }
        }
        line.truncate(start);
        true
    }
}

/// The note of who classified a document, for which reason and until when, which may be spread over the ends of several
/// lines, beside the header block and at the end of the text.
#[derive(Default)]
struct Marking {
    /// Lines below that may belong to it.
    open: usize,
    /// What was read of it.
    text: String,
    /// It is the first in its document, which is kept.
    first: bool,
}

impl Marking {
    fn take(&mut self, line: &mut String, profile: &Profile, document: &mut Document) -> bool {
        let Some(patterns) = &profile.marking else { return false };
        let start = patterns.start.captures(line).and_then(|found| found.name("rest"));
        let rest = if let Some(start) = start {
            *self = Marking {
                open: MARKING_LINES + 1,
                text: String::new(),
                first: document.classified.is_empty(),
            };
            start.range()
        } else {
            if self.open == 0 || line.trim().is_empty() {
                return false;
            }
            let rest = patterns.words.captures(line).and_then(|found| found.name("rest"));
            let Some(rest) = rest else {
                self.open -= 1;
                return false;
            };
            // Words of the text may be words of the note.
            let is_apart = line[..rest.start()].ends_with("  ") || line[..rest.start()].trim().is_empty();
            let codes = profile.margin.find(line).is_some_and(|codes| codes.start() <= rest.start());
            let unfinished = self.text.ends_with([':', ',']);
            if codes && !unfinished || !is_apart && !rest.as_str().contains([':', '—', '/']) {
                return false;
            }
            rest.range()
        };
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(line[rest.clone()].trim());
        self.open = if patterns.end.is_match(&self.text) { 0 } else { self.open - 1 };
        if self.first {
            document.classified.clone_from(&self.text);
        }
        line.replace_range(rest, "");
        line.truncate(line.trim_end().len());
        true
    }
}

/// Takes what matches out of a line and keeps what its groups say; the first that says it counts.
fn furniture(line: &mut String, patterns: &[Regex], document: &mut Document) -> bool {
    let mut taken = false;
    for pattern in patterns {
        // Most lines have none, and room for groups is costly.
        let Some(found) = pattern.is_match(line).then(|| pattern.captures(line)).flatten() else { continue };
        let keep = |name: &str, field: &mut String| {
            if let Some(part) = found.name(name).filter(|_| field.is_empty()) {
                part.as_str().clone_into(field);
            }
        };
        keep("case", &mut document.case);
        keep("number", &mut document.number);
        keep("released", &mut document.released);
        let range = found.get(0).map_or(0..0, |whole| whole.range());
        drop(found);
        line.replace_range(range, "");
        taken = true;
    }
    // What is left of a banner is its dirt.
    if taken && line.trim().chars().all(|c| !c.is_alphanumeric()) {
        line.clear();
    }
    line.truncate(line.trim_end().len());
    taken
}

/// Takes codes off the end of a line.
fn margin(line: &mut String, profile: &Profile, marks: &mut Vec<String>) {
    let Some(found) = profile.margin.captures(line) else { return };
    let codes = found.name("codes").map_or("", |codes| codes.as_str());
    marks.push(tidy(codes).trim_end_matches(',').to_owned());
    let start = found.get(0).map_or(0, |whole| whole.start());
    drop(found);
    line.truncate(start);
}

/// A mark stands in the gap that the redaction left, if there is only one, else at the end of the line.
fn set_marks(line: &mut String, marks: &[String], profile: &Profile) {
    for mark in marks {
        let mark = format!("[{mark}]");
        let start = line.len() - line.trim_start().len();
        let named = || super::head::label(line, profile, true).map(|(_, value)| value);
        let label = line.find(':').map(|colon| colon + 1).or_else(named).unwrap_or(start);
        // Behind the name of a header stands a gap of its own.
        let from = label + (line[label..].len() - line[label..].trim_start().len());
        let gaps: Vec<(usize, usize)> = gaps(&line[from..]).take(2).collect();
        match gaps[..] {
            [(at, n)] => line.replace_range(from + at..from + at + n, &format!(" {mark} ")),
            _ if line.trim().is_empty() => *line = mark,
            _ => *line = format!("{line} {mark}"),
        }
    }
}

/// Runs of five blanks and more inside a text.
fn gaps(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(found) = text[at..].find("     ") {
            let start = at + found;
            let n = text[start..].len() - text[start..].trim_start_matches(' ').len();
            at = start + n;
            if at < text.len() {
                return Some((start, n));
            }
        }
        None
    })
}

fn add_codes(codes: &str, profile: &Profile, document: &mut Document) {
    let found = profile.exemption.find_iter(codes).map(|code| tidy(code.as_str()));
    document.exemptions.extend(found);
}

/// Codes without the blanks that a scan put around their brackets: `1.4( B)`.
fn tidy(codes: &str) -> String {
    let words = codes.split_whitespace().collect::<Vec<_>>().join(" ");
    words.replace(" (", "(").replace("( ", "(").replace(" )", ")").replace(" .", ".")
}

fn drop_page_numbers(lines: &mut [String], edges: &[usize]) {
    let is_number = |line: &str| {
        let text = line.trim();
        !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    for &edge in edges {
        let (before, after) = lines.split_at_mut(edge.min(lines.len()));
        let above = before.iter_mut().rev().filter(|line| !line.trim().is_empty()).take(EDGE - 1);
        let below = after.iter_mut().filter(|line| !line.trim().is_empty()).take(EDGE - 1);
        above.chain(below).filter(|line| is_number(line)).for_each(|line| line.clear());
    }
}

/// Leaves at most [`MAX_BLANK`] blank lines in a row and none at either end.
fn squeeze(lines: &mut Vec<String>) {
    let mut blank = MAX_BLANK;
    lines.retain(|line| {
        blank = if line.trim().is_empty() { blank + 1 } else { 0 };
        blank <= MAX_BLANK
    });
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
}
