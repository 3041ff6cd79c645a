//! Which lines of a message its writer wrote. Decided from the message alone, never from the mail it answers, so that
//! what is indexed as own or quoted depends on nothing else.
//!
//! Three ways of quoting are told apart: marked lines (`> `), interleaved with answers; a dividing line or a block of
//! headers, after which everything is quoted; and an attribution ("On … wrote:"), which belongs to what it introduces.

use core::ops::Range;

mod phrases;

use phrases::{HeaderName, header_name, is_attribution, is_divider, is_end_divider, opens_attribution};

/// A part of a message, of whole lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its bytes, with the ends of its lines.
    pub range: Range<usize>,
    /// Whose words it holds.
    pub kind: RegionKind,
}

/// Whose words a part of a message holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionKind {
    /// The writer's.
    Own,
    /// Somebody else's, `depth` quotations deep (from 1).
    Quoted {
        /// How many quotations lie around it.
        depth: u8,
    },
    /// The writer's signature or a list's footer. Indexed as own.
    Signature,
}

/// Divides a message's text into own, quoted and signature parts. They cover the text in order, and no two
/// neighbours are alike.
pub fn regions(text: &str) -> Vec<Region> {
    let mut lines = split(text);
    mark_initials(text, &mut lines);
    unmark_escaped_from(text, &mut lines);
    classify(text, &mut lines);
    let mut regions: Vec<Region> = Vec::new();
    for line in &lines {
        match regions.last_mut() {
            // Blank lines hold no words: they stay with what is before them.
            Some(last) if last.kind == line.kind || line.blank => last.range.end = line.range.end,
            _ => regions.push(Region { range: line.range.clone(), kind: line.kind }),
        }
    }
    regions
}

/// A line on its way to a decision.
struct Line {
    /// With its line end.
    range: Range<usize>,
    /// Quotation marks in front, 0 for none.
    depth: u8,
    blank: bool,
    kind: RegionKind,
}

/// How far an attribution may be wrapped.
const MAX_ATTRIBUTION_LINES: usize = 3;
/// No line of an attribution is longer than this many bytes.
const MAX_ATTRIBUTION: usize = 400;
/// How many lines below `From:` the other headers of a block may stand.
const MAX_BLOCK_LINES: usize = 10;

fn split(text: &str) -> Vec<Line> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let range = start..start + line.len();
            start = range.end;
            let blank = line.trim_ascii().is_empty();
            Line { range, depth: marked_depth(line), blank, kind: RegionKind::Own }
        })
        .collect()
}

fn marked_depth(line: &str) -> u8 {
    marker(line).0
}

/// Counts the quotation marks in front of a line (`>`, `> >`, ` >`, `|`) and the bytes up to the quoted text.
pub(super) fn marker(line: &str) -> (u8, usize) {
    let bytes = line.as_bytes();
    let mut depth = 0u8;
    let mut length = 0;
    let mut spaces = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'>' => {}
            // A bar is also the border of a drawn table, which has another one at the end.
            b'|' if matches!(bytes.get(at + 1), Some(b' ' | b'>' | b'\t'))
                && !line.trim_ascii_end().ends_with('|') => {}
            // Forwarding programs put up to three spaces between marks; in front of them, more is an indent.
            b' ' if spaces < 2 + usize::from(depth > 0) => {
                spaces += 1;
                continue;
            }
            _ => break,
        }
        depth = depth.saturating_add(1);
        length = at + 1;
        spaces = 0;
    }
    (depth, length)
}

/// Marks lines such as `JD> text`. Two lines must carry the same initials, else it is a shell's prompt or a formula.
fn mark_initials(text: &str, lines: &mut [Line]) {
    let mut seen: Vec<(&str, u32)> = Vec::new();
    for line in lines.iter().filter(|line| line.depth == 0) {
        if let Some(initials) = initials(&text[line.range.clone()]) {
            match seen.iter().position(|other| other.0 == initials) {
                Some(known) => seen[known].1 += 1,
                None if seen.len() < 16 => seen.push((initials, 1)),
                None => {}
            }
        }
    }
    seen.retain(|other| other.1 > 1);
    if seen.is_empty() {
        return;
    }
    for line in lines.iter_mut().filter(|line| line.depth == 0) {
        let source = &text[line.range.clone()];
        if let Some(initials) = initials(source)
            && seen.iter().any(|other| other.0 == initials)
        {
            let rest = source.trim_start_matches(' ').strip_prefix(initials).unwrap_or_default();
            line.depth = marked_depth(rest);
        }
    }
}

/// The initials in front of a `>`: up to four letters, the first a capital, then a space or another mark.
fn initials(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(' ');
    let length = line.bytes().take(5).take_while(u8::is_ascii_alphabetic).count();
    let (name, rest) = line.split_at_checked(length)?;
    let quoted = rest.strip_prefix('>')?;
    let follows = quoted.starts_with([' ', '>', '\r', '\n']) || quoted.is_empty();
    (matches!(length, 1..=4) && name.starts_with(|c: char| c.is_ascii_uppercase()) && follows).then_some(name)
}

/// Mailbox files write `>From ` for a line that starts with "From "; alone among own lines it is no quotation.
fn unmark_escaped_from(text: &str, lines: &mut [Line]) {
    for at in 0..lines.len() {
        if lines[at].depth == 1 && text[lines[at].range.clone()].starts_with(">From ") {
            let quoted = |line: Option<&Line>| line.is_some_and(|line| line.depth > 0);
            let before = at.checked_sub(1).and_then(|before| lines.get(before));
            if !quoted(before) && !quoted(lines.get(at + 1)) {
                lines[at].depth = 0;
            }
        }
    }
}

/// Walks the lines once. `base` is the number of dividers passed: everything below them is quoted.
fn classify(text: &str, lines: &mut [Line]) {
    let mut base = 0u8;
    let mut signature = false;
    // Own lines before this one are no longer up for an attribution.
    let mut settled = 0;
    let mut divided_at = None;
    // Where marks are used at all, an attribution without them is a sentence.
    let marked = lines.iter().rposition(|line| line.depth > 0).unwrap_or(0);
    for at in 0..lines.len() {
        let depth = lines[at].depth;
        if depth > 0 {
            let kind = RegionKind::Quoted { depth: base.saturating_add(depth) };
            if base == 0 {
                attribute(text, lines, settled, at, kind);
            }
            signature = false;
            lines[at].kind = kind;
            settled = at + 1;
            continue;
        }
        let line = text[lines[at].range.clone()].trim_ascii_end();
        if is_end_divider(line) {
            lines[at].kind = quoted_or_own(base, false);
            base = 0;
            settled = at + 1;
            continue;
        }
        let divides = is_divider(line);
        // A block right below a divider is the same quotation.
        let below = divided_at.is_some_and(|divided| at - divided <= 3);
        if divides || (!below && is_header_block(text, lines, at)) {
            base = base.saturating_add(1);
            signature = false;
            divided_at = Some(at);
            take_border(text, lines, settled, at, base);
        } else if base == 0 && at >= marked && is_bare_attribution(text, lines, settled, at) {
            base = 1;
            attribute(text, lines, settled, at + 1, RegionKind::Quoted { depth: 1 });
        } else if base == 0 && (line == "--" || is_list_footer(text, lines, at)) {
            signature = true;
        }
        lines[at].kind = quoted_or_own(base, signature);
    }
}

fn quoted_or_own(base: u8, signature: bool) -> RegionKind {
    match base {
        0 if signature => RegionKind::Signature,
        0 => RegionKind::Own,
        depth => RegionKind::Quoted { depth },
    }
}

/// Gives the attribution right above line `at`, if there is one, to the quotation that begins there.
fn attribute(text: &str, lines: &mut [Line], settled: usize, at: usize, kind: RegionKind) {
    let Some(range) = attribution(text, lines, settled, at) else { return };
    for line in &mut lines[range.start..at] {
        line.kind = kind;
    }
}

/// The lines of the attribution that ends above line `at`, over at most two blank lines.
fn attribution(text: &str, lines: &[Line], settled: usize, at: usize) -> Option<Range<usize>> {
    let end = (settled..at).rev().take(3).find(|&line| !lines[line].blank)?;
    let last = text[lines[end].range.clone()].trim_ascii();
    if last.len() > MAX_ATTRIBUTION || !last.ends_with([':', '：']) {
        return None;
    }
    let mut joined = String::new();
    for start in (settled..=end).rev().take(MAX_ATTRIBUTION_LINES) {
        let line = text[lines[start].range.clone()].trim_ascii();
        if line.is_empty() || line.len() > MAX_ATTRIBUTION {
            break;
        }
        joined.insert(0, ' ');
        joined.insert_str(0, line);
        if opens_attribution(line) && is_attribution(&joined) {
            return Some(start..end + 1);
        }
    }
    is_attribution(last).then_some(end..end + 1)
}

/// Whether line `at` ends an attribution with an opening word and a year or address, and what follows carries no
/// marks: some clients quote so, and everything below is theirs.
fn is_bare_attribution(text: &str, lines: &[Line], settled: usize, at: usize) -> bool {
    if !text[lines[at].range.clone()].trim_ascii_end().ends_with(':') {
        return false;
    }
    let Some(range) = attribution(text, lines, settled, at + 1) else { return false };
    let whole = &text[lines[range.start].range.start..lines[at].range.end];
    let dated =
        whole.contains('@') || whole.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
    let next = lines[at + 1..].iter().take(4).find(|line| !line.blank);
    opens_attribution(whole.trim_ascii_start()) && dated && next.is_some_and(|line| line.depth == 0)
}

/// Whether a block of headers starts here: `From:` above at least two others, one of them a date or a subject.
fn is_header_block(text: &str, lines: &[Line], at: usize) -> bool {
    let name = |line: &Line| header_name(&text[line.range.clone()]);
    match name(&lines[at]) {
        Some(HeaderName::From) => {}
        // Lotus Notes prints the sender without a name above `To:`, `cc:`, `Subject:`.
        Some(HeaderName::Other) if text[lines[at].range.clone()].trim_ascii_start().starts_with("To:") => {
            let mut below = lines[at + 1..].iter().take(4).filter(|line| !line.blank).map(name);
            return below.next() == Some(Some(HeaderName::Other))
                && below.next() == Some(Some(HeaderName::DateOrSubject));
        }
        _ => return false,
    }
    let block =
        lines[at + 1..].iter().take(MAX_BLOCK_LINES).take_while(|line| !line.blank && line.depth == 0);
    let (mut n_headers, mut dated) = (0, false);
    for name in block.filter_map(name) {
        n_headers += 1;
        dated |= name == HeaderName::DateOrSubject;
    }
    n_headers >= 2 && dated
}

/// Gives a line of underscores or dashes, or the sender in the style of Lotus Notes, right above a divider to the
/// quotation too.
fn take_border(text: &str, lines: &mut [Line], settled: usize, at: usize, depth: u8) {
    let above = (settled..at).rev().take(2).find(|&line| !lines[line].blank);
    let source = |line: usize| &text[lines[line].range.clone()];
    if let Some(above) = above.filter(|&above| is_rule(source(above)) || is_notes_sender(source(above))) {
        for line in &mut lines[above..at] {
            line.kind = RegionKind::Quoted { depth };
        }
    }
}

fn is_rule(line: &str) -> bool {
    let line = line.trim_ascii();
    line.len() >= 5 && line.bytes().all(|byte| matches!(byte, b'_' | b'-' | b'='))
}

/// `Ann Example <ann@example.org> on 03/19/2001 10:40:03 AM`.
fn is_notes_sender(line: &str) -> bool {
    let line = line.trim_ascii_end();
    line.contains(" on ") && (line.ends_with(" AM") || line.ends_with(" PM"))
}

/// Mailman's footer: a long rule, and "mailing list" on the next line.
fn is_list_footer(text: &str, lines: &[Line], at: usize) -> bool {
    let line = &text[lines[at].range.clone()];
    line.starts_with("__________")
        && is_rule(line)
        && lines.get(at + 1).is_some_and(|next| text[next.range.clone()].contains("mailing list"))
}

#[cfg(test)]
mod tests;
