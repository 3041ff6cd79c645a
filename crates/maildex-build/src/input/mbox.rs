//! Splits an mbox into messages. Bytes are pushed in, messages come out; there is no I/O, and no more than one message
//! is held.
//!
//! mbox has no grammar, only habits (RFC 4155; qmail's mbox(5) names mboxo, mboxrd, mboxcl and mboxcl2). A line that
//! begins with `From ` separates two messages when all of this holds:
//!
//! - it has the form of a separator ([`super::separator`]) and a header follows;
//! - a blank line stands before it, or it has the same form as the file's first separator. Some programs write no blank
//!   line, but then they write all their separators alike; a mailbox of Mozilla's pasted into a letter does not. An
//!   undated sender or id always needs the blank line;
//! - it does not carry git's fixed date, unless the file begins with it: otherwise it is an attached or inlined patch;
//! - it does not lie inside the body that Content-Length tells, which is believed only if it ends at a separator or at
//!   the end of the file (mboxcl, mboxcl2). Copied and edited mail carries wrong lengths.
//!
//! # Quoting
//!
//! mboxo writes a body line `From ` as `>From ` and leaves `>From ` as it is, so its quoting cannot be undone for
//! certain; mboxrd adds one `>` to any of `From `, `>From `, `>>From `, and can. The two are not told apart by
//! `>>From ` in the wild: in mboxo it is a reply that quotes a quoted line (all 43 files of one mailing list's archive
//! are mboxo, 27 of them have it). So each line is judged by the lines beside it: one `>` is removed where the line has
//! more of them than its neighbours are deep in quotation. This undoes mboxrd and what mboxo did to prose, and leaves
//! a quotation a quotation, which is what a reader expects to see and what own and quoted words rest on.

use memchr::{memchr, memmem};

use crate::input::Stop;
use crate::input::separator::{Answer, Form, FromLine, MAX_LINE, from_line, header_follows};

#[cfg(test)]
mod tests;

/// A message of an mbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The bytes from the first header on, without quoting and without the blank line before the next separator.
    pub bytes: Vec<u8>,
    /// Bytes from the start of the file to the first header.
    pub offset: u64,
    /// The date of the separator, in seconds since 1970.
    pub envelope_date: Option<i64>,
    /// Bytes dropped at the end, because the message is longer than the limit.
    pub cut: u64,
}

/// Takes the messages of an mbox as they are found.
pub type SplitSink<'a> = dyn FnMut(Split) -> Result<(), Stop> + 'a;

/// Splits an mbox that arrives in chunks of any size.
#[derive(Debug)]
pub struct Splitter {
    max_message: u64,
    /// The bytes that are not given away yet.
    buf: Vec<u8>,
    /// Where `buf` begins in the file; all other positions are in the file too.
    base: u64,
    /// No line that begins before this is a separator, but for those already used.
    scan: u64,
    /// Nothing can be decided before the file has this many bytes.
    need: u64,
    /// The form of the first separator; `None` where the file begins without one.
    first: Option<Form>,
    git: bool,
    current: Option<Current>,
}

/// The message that is being collected.
#[derive(Debug)]
struct Current {
    start: u64,
    envelope_date: Option<i64>,
    length: Length,
    /// The kept bytes of a message that is longer than the limit.
    head: Option<Vec<u8>>,
}

/// Where Content-Length says that the body ends.
#[derive(Debug, Clone, Copy)]
enum Length {
    Unread,
    None,
    EndsAt(u64),
}

/// What a line that begins with `From ` is.
enum Line {
    Separator { after: u64, line: FromLine },
    Text,
    More,
}

impl Splitter {
    /// A splitter that cuts messages longer than `max_message` bytes.
    pub fn new(max_message: u64) -> Splitter {
        Splitter {
            max_message,
            buf: Vec::new(),
            base: 0,
            scan: 0,
            need: 0,
            first: None,
            git: false,
            current: None,
        }
    }

    /// Takes the next bytes of the file and gives every message that is complete.
    ///
    /// Fails only when the sink does.
    pub fn push(&mut self, chunk: &[u8], sink: &mut SplitSink) -> Result<(), Stop> {
        self.buf.extend_from_slice(chunk);
        if self.len() < self.need {
            return Ok(());
        }
        self.run(false, sink)?;
        self.bound();
        Ok(())
    }

    /// Gives the last message.
    ///
    /// Fails only when the sink does.
    pub fn finish(mut self, sink: &mut SplitSink) -> Result<(), Stop> {
        self.run(true, sink)?;
        let end = self.len();
        self.emit(end, sink)
    }

    fn run(&mut self, at_end: bool, sink: &mut SplitSink) -> Result<(), Stop> {
        if self.current.is_none() && !self.begin(at_end) {
            return Ok(());
        }
        while let Some(at) = self.next_from_line() {
            let (after, line) = match self.line(at, at_end) {
                Line::More => {
                    self.scan = at;
                    self.need = self.need.max(self.len() + 1);
                    return Ok(());
                }
                Line::Text => {
                    self.scan = at + 1;
                    continue;
                }
                Line::Separator { after, line } => (after, line),
            };
            match self.end_by_length(at, at_end) {
                (Answer::More, _) => {
                    self.scan = at;
                    return Ok(());
                }
                (Answer::Yes, end) => {
                    self.scan = end;
                    continue;
                }
                (Answer::No, _) => {}
            }
            self.emit(at, sink)?;
            self.open(after, line.date);
        }
        Ok(())
    }

    /// Reads the start of the file: a byte order mark, blank lines, the first separator. False: more bytes are needed.
    fn begin(&mut self, at_end: bool) -> bool {
        let bom: &[u8] = b"\xEF\xBB\xBF";
        if !at_end && self.buf.len() < bom.len() {
            return false;
        }
        let start = if self.buf.starts_with(bom) { bom.len() } else { 0 };
        let blank = self.buf[start..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let at = start + blank;
        let rest = &self.buf[at..];
        if !at_end && rest.len() <= MAX_LINE && memchr(b'\n', rest).is_none() {
            return false;
        }
        let end = memchr(b'\n', rest).unwrap_or(rest.len());
        let unknown = || match rest.get(end + 1..) {
            // Detection has seen that a message follows.
            Some(next) if rest.starts_with(b"From ") => header_follows(next, at_end),
            _ => Answer::No,
        };
        match from_line(trimmed(&rest[..end])) {
            Some(line) => {
                self.first = Some(line.form);
                self.git = line.git;
                self.open((at + end + 1).min(self.buf.len()) as u64, line.date);
            }
            None => match unknown() {
                Answer::More => return false,
                Answer::Yes => self.open((at + end + 1) as u64, None),
                Answer::No => self.open(at as u64, None),
            },
        }
        true
    }

    fn open(&mut self, start: u64, envelope_date: Option<i64>) {
        self.scan = start;
        self.current = Some(Current { start, envelope_date, length: Length::Unread, head: None });
    }

    /// The next line that begins with `From `, complete or not.
    fn next_from_line(&mut self) -> Option<u64> {
        let from = self.index(self.scan).saturating_sub(1);
        let found = memmem::find(&self.buf[from..], b"\nFrom ");
        if found.is_none() {
            // `\nFrom ` may be cut at the end of the bytes: its line begins after the first of at most 5 bytes.
            self.scan = self.scan.max(self.len().saturating_sub(4));
        }
        found.map(|at| self.base + (from + at + 1) as u64)
    }

    fn line(&self, at: u64, at_end: bool) -> Line {
        let start = self.index(at);
        let rest = &self.buf[start..];
        let Some(end) = memchr(b'\n', &rest[..rest.len().min(MAX_LINE)]) else {
            return if at_end || rest.len() >= MAX_LINE { Line::Text } else { Line::More };
        };
        let Some(line) = from_line(trimmed(&rest[..end])) else { return Line::Text };
        match header_follows(&rest[end + 1..], at_end) {
            Answer::More => return Line::More,
            Answer::No => return Line::Text,
            Answer::Yes => {}
        }
        let before = &self.buf[..start];
        let blank = before.is_empty() || before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n");
        let same = line.form != Form::Token && self.first.is_none_or(|first| first == line.form);
        if (line.git && !self.git) || !(blank || same) {
            return Line::Text;
        }
        Line::Separator { after: at + end as u64 + 1, line }
    }

    /// Tells whether the separator at `at` lies inside the body that Content-Length describes, and where that ends.
    fn end_by_length(&mut self, at: u64, at_end: bool) -> (Answer, u64) {
        let Length::EndsAt(end) = self.content_length(at) else { return (Answer::No, 0) };
        if end <= at {
            return (Answer::No, end);
        }
        let answer = self.lands(end, at_end);
        match answer {
            Answer::More => self.need = end + 2 * MAX_LINE as u64,
            // A wrong length is wrong for the rest of the message, too.
            Answer::No => self.set_length(Length::None),
            Answer::Yes => {}
        }
        (answer, end)
    }

    /// Tells whether a separator or the end of the file follows at `end`, after at most two line ends.
    fn lands(&self, end: u64, at_end: bool) -> Answer {
        if end + 2 * MAX_LINE as u64 > self.len() && !at_end {
            return Answer::More;
        }
        let start = self.index(end);
        if end > self.len() {
            return Answer::No;
        }
        let rest = &self.buf[start..];
        if rest.iter().all(u8::is_ascii_whitespace) {
            return Answer::Yes;
        }
        let mut at = 0;
        for _ in 0..2 {
            at +=
                if rest[at..].starts_with(b"\r\n") { 2 } else { usize::from(rest[at..].starts_with(b"\n")) };
        }
        let line_start = self.buf[..start + at].ends_with(b"\n");
        let separates = || matches!(self.line(end + at as u64, at_end), Line::Separator { .. });
        if line_start && rest[at..].starts_with(b"From ") && separates() { Answer::Yes } else { Answer::No }
    }

    fn set_length(&mut self, length: Length) {
        if let Some(current) = &mut self.current {
            current.length = length;
        }
    }

    /// The end of the body by the header Content-Length, read once; the headers end before `at`.
    fn content_length(&mut self, at: u64) -> Length {
        let Some(Current { start, length, head, .. }) = &self.current else { return Length::None };
        if !matches!(length, Length::Unread) {
            return *length;
        }
        if head.is_some() {
            return Length::None;
        }
        let message = &self.buf[self.index(*start)..self.index(at)];
        let body = header_end(message);
        let told = header_lines(&message[..body]).find_map(|line| {
            let (name, value) = line.split_at_checked(b"Content-Length:".len())?;
            name.eq_ignore_ascii_case(b"Content-Length:").then_some(value)
        });
        let length = told
            .and_then(|value| std::str::from_utf8(value).ok()?.trim().parse::<u64>().ok())
            .map(|length| body as u64 + length.min(u64::MAX / 2))
            // A longer body could not be held until its end is seen.
            .filter(|end| *end <= self.max_message)
            .map_or(Length::None, |end| Length::EndsAt(start + end));
        self.set_length(length);
        length
    }

    /// Gives the current message, which ends before `end`.
    fn emit(&mut self, end: u64, sink: &mut SplitSink) -> Result<(), Stop> {
        let Some(current) = self.current.take() else { return Ok(()) };
        let (raw, cut) = match current.head {
            Some(head) => {
                let cut = end - current.start - head.len() as u64;
                (head, cut)
            }
            None => {
                let raw = without_last_blank_line(&self.buf[self.index(current.start)..self.index(end)]);
                let kept = raw.len().min(usize::try_from(self.max_message).unwrap_or(usize::MAX));
                (raw[..kept].to_vec(), (raw.len() - kept) as u64)
            }
        };
        let skipped = delivered_before(&raw);
        if raw.len() == skipped {
            return Ok(());
        }
        let bytes = unquote(raw, skipped);
        let offset = current.start + skipped as u64;
        sink(Split { bytes, offset, envelope_date: current.envelope_date, cut })
    }

    /// Drops the bytes that are not needed any more, and the tail of a message that is too long.
    fn bound(&mut self) {
        // Enough before the line that is looked at to see whether a blank line stands there.
        let seen = self.scan.saturating_sub(4);
        let keep = match &mut self.current {
            Some(Current { head: Some(_), .. }) => seen,
            Some(Current { start, head, .. }) => {
                // The slack lets a Content-Length that is just within the limit be checked.
                let limit = self.max_message + 4 * MAX_LINE as u64;
                let from = usize::try_from(*start - self.base).unwrap_or(usize::MAX).min(self.buf.len());
                let kept = usize::try_from(self.max_message).unwrap_or(usize::MAX);
                if seen.saturating_sub(*start) > limit {
                    *head = Some(self.buf[from..].iter().take(kept).copied().collect());
                    seen
                } else {
                    (*start).min(seen)
                }
            }
            None => return,
        };
        let drained = self.index(keep);
        // Moving the rest to the front costs its length: worth it only when at least as much is dropped.
        if drained >= self.buf.len() / 2 {
            self.buf.drain(..drained);
            self.base = keep.max(self.base);
        }
    }

    fn len(&self) -> u64 {
        self.base + self.buf.len() as u64
    }

    fn index(&self, position: u64) -> usize {
        let index = usize::try_from(position.saturating_sub(self.base)).unwrap_or(usize::MAX);
        index.min(self.buf.len())
    }
}

/// A line without its `\r`.
fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Bytes of the header block with the blank line after it; all bytes where there is no blank line.
fn header_end(message: &[u8]) -> usize {
    let mut at = 0;
    while let Some(end) = memchr(b'\n', &message[at..]) {
        let line = trimmed(&message[at..at + end]);
        at += end + 1;
        if line.is_empty() {
            return at;
        }
    }
    message.len()
}

fn header_lines(block: &[u8]) -> impl Iterator<Item = &[u8]> {
    block.split(|byte| *byte == b'\n').map(trimmed)
}

/// Bytes of the quoted separators of earlier deliveries before the first header.
fn delivered_before(message: &[u8]) -> usize {
    let mut at = 0;
    while message[at..].starts_with(b">From ") {
        at = memchr(b'\n', &message[at..]).map_or(message.len(), |end| at + end + 1);
    }
    at
}

/// The blank line before a separator belongs to the mbox.
fn without_last_blank_line(message: &[u8]) -> &[u8] {
    if message.ends_with(b"\n\r\n") {
        &message[..message.len() - 2]
    } else if message.ends_with(b"\n\n") {
        &message[..message.len() - 1]
    } else {
        message
    }
}

/// Removes the first `skipped` bytes and the quoting of `From ` in the body.
fn unquote(mut raw: Vec<u8>, skipped: usize) -> Vec<u8> {
    if memmem::find(&raw[skipped..], b"\n>").is_none() || memmem::find(&raw[skipped..], b">From ").is_none() {
        raw.drain(..skipped);
        return raw;
    }
    let message = &raw[skipped..];
    let body = header_end(message);
    let lines: Vec<&[u8]> = message[body..].split_inclusive(|byte| *byte == b'\n').collect();
    let mut bytes = Vec::with_capacity(message.len());
    bytes.extend_from_slice(&message[..body]);
    let mut depth_before = 0;
    let mut at = 0;
    while at < lines.len() {
        // Quoted lines in a row are judged by what stands before and after all of them.
        let run = lines[at..].iter().take_while(|line| quoted_from(line).is_some()).count();
        if run == 0 {
            depth_before = depth(lines[at]);
            bytes.extend_from_slice(lines[at]);
            at += 1;
            continue;
        }
        let around = depth_before.max(lines.get(at + run).map_or(0, |line| depth(line)));
        for line in &lines[at..at + run] {
            let quoted = quoted_from(line).is_some_and(|n_marks| n_marks > around);
            bytes.extend_from_slice(&line[usize::from(quoted)..]);
        }
        at += run;
    }
    bytes
}

/// The number of `>` before `From `.
fn quoted_from(line: &[u8]) -> Option<usize> {
    let n_marks = line.iter().take_while(|byte| **byte == b'>').count();
    (n_marks > 0 && line[n_marks..].starts_with(b"From ")).then_some(n_marks)
}

/// How deep in quotation a line is: `>` with or without blanks between.
fn depth(line: &[u8]) -> usize {
    line.iter().take_while(|byte| matches!(byte, b'>' | b' ')).filter(|byte| **byte == b'>').count()
}
