//! Header blocks as mail programs print them: `From:`, `Sent:`, `To:` … in any order, in columns or not, with values
//! wrapped and names misread.

use super::profile::{Field, Profile};

/// So many lines with text may stand above the block of the message itself: titles, the name of the printer's owner.
const MAX_ABOVE: usize = 25;
/// So many lines are looked at below the first header for the others.
const MAX_BLOCK: usize = 12;
/// A value that begins so far right stands in a column, and lines as far right go on with it.
const COLUMN: usize = 10;
/// A line is not filled further than this, so that a shorter one is not wrapped.
const WRAPPED: usize = 90;
/// So many blanks inside a list of people are a redaction.
const REDACTED: usize = 5;
/// What goes on with a person or ends it.
const OPENING: [char; 7] = ['<', '>', '[', ']', '(', ';', ','];
/// No field is longer.
const MAX_FIELD: usize = 64 << 10;

/// A header block that was found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// The number of its first line, and of the first below it.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The fields in order, each on one line.
    pub(super) fields: Vec<(Field, String)>,
}

impl Block {
    /// The value of a field; doubled ones count once.
    pub(super) fn value(&self, field: Field) -> &str {
        self.fields.iter().find(|(own, _)| *own == field).map_or("", |(_, value)| value)
    }
}

/// Finds the block of the message itself.
pub(super) fn outer(lines: &[String], profile: &Profile) -> Option<Block> {
    let mut n_above = 0;
    for at in 0..lines.len() {
        if lines[at].trim().is_empty() {
            continue;
        }
        if is_block(lines, at, profile, true) {
            return Some(read(lines, at, profile));
        }
        n_above += 1;
        if n_above > MAX_ABOVE {
            return None;
        }
    }
    None
}

/// Whether a block begins at a line: another of its names follows, and the sender or the date is among them. The
/// first of the message itself (`outer`) may have lost its colon, if its value stands in a column.
pub(super) fn is_block(lines: &[String], at: usize, profile: &Profile, outer: bool) -> bool {
    let Some((first, value)) = label(&lines[at], profile, outer) else { return false };
    if outer && value < COLUMN && label(&lines[at], profile, false).is_none() {
        return false;
    }
    let below = lines[at + 1..].iter().filter(|line| !line.trim().is_empty()).take(MAX_BLOCK);
    let others: Vec<Field> =
        below.filter_map(|line| label(line, profile, true)).map(|(field, _)| field).collect();
    let is_telling = |field: &Field| matches!(field, Field::From | Field::Date);
    let others = others.iter().filter(|field| **field != first);
    let (n, told) =
        others.fold((0, is_telling(&first)), |(n, told), field| (n + 1, told || is_telling(field)));
    n >= 1 && told && !matches!(first, Field::Attachments | Field::Importance)
}

/// Reads the block that begins at a line.
pub(super) fn read(lines: &[String], start: usize, profile: &Profile) -> Block {
    let mut block = Block { start, end: start, fields: Vec::new() };
    let mut column = None;
    let mut blanks = 0;
    let mut at = start;
    while let Some(line) = lines.get(at) {
        at += 1;
        if line.trim().is_empty() {
            blanks += 1;
            continue;
        }
        if let Some((field, value)) = label(line, profile, true) {
            let is_next = field == Field::From && block.fields.iter().any(|(own, _)| *own == Field::From);
            let has = |field| block.fields.iter().any(|(own, _)| *own == field);
            // A page may end inside a block.
            let paged = !block.fields.is_empty() && !has(field) && !has(Field::Subject);
            let far = blanks > 2 || blanks > 0 && !paged && (block.fields.len() >= 4 || column.is_none());
            if is_next || far {
                break;
            }
            column = column.or((value >= COLUMN).then_some(value));
            block.fields.push((field, clean(line.get(value..).unwrap_or_default(), field)));
        } else if is_dirt(line) {
            // Not counted to the block, so that it stays in the text where nothing of the block follows.
            continue;
        } else if goes_on(lines, at - 1, &block, column, blanks, profile) {
            if let Some((field, value)) = block.fields.last_mut().filter(|(_, value)| value.len() < MAX_FIELD)
            {
                value.push(' ');
                value.push_str(&clean(line, *field));
                value.truncate(value.trim_end().len());
                *value = value.trim_start().to_owned();
            }
        } else {
            break;
        }
        blanks = 0;
        block.end = at;
    }
    sender_above(lines, profile, &mut block);
    block
}

/// Whether a line is what a scan makes of a speck or of an edge: a sign or two far right.
fn is_dirt(line: &str) -> bool {
    let text = line.trim();
    let indent = line.len() - line.trim_start().len();
    let n_told = text.chars().filter(|c| c.is_alphanumeric()).count();
    indent >= COLUMN && text.chars().count() <= 3 && n_told <= 1
}

/// Whether a line without a name goes on with the field above it.
fn goes_on(
    lines: &[String],
    at: usize,
    block: &Block,
    column: Option<usize>,
    blanks: usize,
    profile: &Profile,
) -> bool {
    let Some((field, value)) = block.fields.last() else { return false };
    let line = &lines[at];
    let indent = line.len() - line.trim_start().len();
    if line.trim_start().starts_with("[") && line.trim_end().ends_with(']') && line.trim().len() < 24 {
        // A redaction's mark on a line of its own. Below the subject it may be the text's.
        let more = lines[at + 1..].iter().take(2).any(|line| label(line, profile, false).is_some());
        let is_text = *field == Field::Subject && !value.is_empty() && !more;
        return !is_text && (blanks == 0 || value.is_empty());
    }
    if let Some(column) = column {
        return indent + 6 >= column && indent >= COLUMN && (blanks == 0 || blanks <= 2 && value.is_empty());
    }
    let is_list = matches!(field, Field::To | Field::Cc | Field::Bcc);
    if blanks > 0 {
        // A page may end inside a list.
        return is_list && blanks <= 2 && value.ends_with([';', ',']);
    }
    let above = lines[at - 1].trim_end();
    let unfinished = is_list && (above.ends_with([';', ',']) || line.trim_start().starts_with(['<', ';']));
    let more = lines[at + 1..].iter().take(4).take_while(|line| !line.trim().is_empty());
    let names_follow = more.filter(|line| label(line, profile, false).is_some()).count() > 0;
    unfinished || names_follow || *field == Field::Subject && above.chars().count() > WRAPPED
}

/// Where the name `From:` was not read, the sender stands right above the block.
fn sender_above(lines: &[String], profile: &Profile, block: &mut Block) {
    if !block.value(Field::From).is_empty() || block.start == 0 {
        return;
    }
    let above = lines[..block.start].iter().enumerate().rev().take(2);
    let Some((at, line)) = above.into_iter().find(|(_, line)| !line.trim().is_empty()) else { return };
    let indent = line.len() - line.trim_start().len();
    // Its name may have been misread beyond any doubt: `Fran:`, `F n:`.
    let value = match line.find(':') {
        Some(colon) if colon < 12 && line[colon + 1..].starts_with("   ") => colon + 1,
        _ if indent >= COLUMN => indent,
        _ if line.contains('@') && line.len() < WRAPPED => indent,
        _ => return,
    };
    if label(line, profile, true).is_some() {
        return;
    }
    let sender = clean(&line[value..], Field::From);
    block.fields.retain(|(field, _)| *field != Field::From);
    block.fields.insert(0, (Field::From, sender));
    block.start = at;
}

/// A value with single blanks. A wide gap between people is where somebody was taken out, and divides them.
fn clean(value: &str, field: Field) -> String {
    let is_list = matches!(field, Field::To | Field::Cc | Field::Bcc);
    let mut out = String::new();
    let mut gap = 0;
    for word in value.split(' ').map(str::trim) {
        if word.is_empty() {
            gap += 1;
            continue;
        }
        let is_apart = gap >= REDACTED && !out.ends_with(';') || ends_with_mark(&out);
        let divides = is_list && is_apart && !word.starts_with(OPENING);
        if !out.is_empty() {
            out.push_str(if divides { "; " } else { " " });
        }
        out.push_str(word);
        gap = 0;
    }
    out
}

fn ends_with_mark(text: &str) -> bool {
    let mark = text.rfind('[').filter(|_| text.ends_with(']')).map(|at| &text[at..]);
    mark.is_some_and(|mark| !mark.contains('@') && !mark.starts_with("[mailto"))
}

/// Whether a line begins with the name of the subject, the last that every block has.
pub(super) fn is_subject(line: &str, profile: &Profile) -> bool {
    label(line, profile, true).is_some_and(|(field, _)| field == Field::Subject)
}

/// The header that a line begins with, and where its value begins. Inside a block (`inside`) a colon may be lost.
pub(super) fn label(line: &str, profile: &Profile, inside: bool) -> Option<(Field, usize)> {
    let start = line.find(|c: char| c.is_alphanumeric())?;
    // Dirt of the scan may stand in front, no text.
    let front = line[..start].trim();
    if front.chars().count() > 2
        || front.contains(['>', '|', '(', '"', '<'])
        || front.contains('\'') && !inside
    {
        return None;
    }
    let word_len = line[start..].find(|c: char| !c.is_alphanumeric()).unwrap_or(line.len() - start);
    if word_len > 16 {
        return None;
    }
    let (word, rest) = line[start..].split_at(word_len);
    let blanks = rest.len() - rest.trim_start_matches(' ').len();
    let sign = rest.trim_start_matches(' ').chars().next();
    let colon = blanks <= 2 && matches!(sign, Some(':' | '：' | ';'));
    let gap = blanks >= 2 || sign.is_none();
    let (field, exact) = among(word, profile)?;
    let lost = match field {
        Field::To | Field::Cc | Field::Bcc => blanks >= COLUMN,
        Field::Date | Field::Subject => gap || blanks == 1 && exact,
        _ => gap,
    };
    let mut value = start + word_len;
    if colon {
        value += blanks + sign.map_or(0, char::len_utf8);
        // Read twice.
        value += usize::from(line[value..].starts_with(':'));
    } else if matches!(sign, Some('.' | ',' | '•' | '-')) && blanks == 0 && inside && exact {
        value += sign.map_or(0, char::len_utf8);
    } else if !(inside && lost && exact) {
        return None;
    }
    value += line[value..].len() - line[value..].trim_start().len();
    Some((field, value))
}

/// The field of this name, and whether it is spelled as the profile has it; names of four letters and more may have
/// one wrong.
fn among(word: &str, profile: &Profile) -> Option<(Field, bool)> {
    let names = || profile.labels.iter().flat_map(|(field, names)| names.iter().map(|name| (*field, name)));
    if let Some((field, _)) = names().find(|(_, name)| name.eq_ignore_ascii_case(word)) {
        let exact = word.starts_with(|c: char| c.is_uppercase());
        return Some((field, exact));
    }
    let near = |name: &str| {
        name.len() >= 4
            && name.len() == word.len()
            && word.is_ascii()
            && name.bytes().zip(word.bytes()).filter(|(a, b)| !a.eq_ignore_ascii_case(b)).count() == 1
    };
    names().find(|(_, name)| near(name)).map(|(field, _)| (field, false))
}
