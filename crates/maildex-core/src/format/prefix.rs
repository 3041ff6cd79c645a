//! The marks of quoted lines (`> `) apart from the lines, so that a quoted paragraph is the same bytes as its original.
//!
//! ```text
//! marks = varint runs; none means that no line has a mark
//!         if any: count prefixes, each str; then for each run: varint prefix (0 none), varint lines
//! ```
//! An empty line of a run has its prefix without the spaces at its end, as mail programs write it.

use super::bytes::{ByteReader, ByteWriter};
use super::zstd::MAX_UNPACKED;
use crate::error::{Error, corrupt};

/// A longer prefix is left in its line.
const MAX_PREFIX: usize = 64;

/// Up to the last `>` among marks and blanks, and one blank behind it.
fn prefix(line: &[u8]) -> usize {
    let marks = line.iter().take_while(|byte| matches!(byte, b'>' | b'|' | b' ' | b'\t')).count();
    let Some(last) = line[..marks].iter().rposition(|byte| *byte == b'>') else { return 0 };
    let end = last + 1 + usize::from(line.get(last + 1) == Some(&b' '));
    if end > MAX_PREFIX {
        return 0;
    }
    // What is only a mark and a blank keeps the blank as its text.
    if end == line.len() { last + 1 } else { end }
}

fn trimmed(prefix: &[u8]) -> &[u8] {
    &prefix[..prefix.iter().rposition(|byte| *byte != b' ').map_or(0, |at| at + 1)]
}

/// Writes the marks of `text` and appends its lines without them to `body`.
pub(crate) fn split(text: &[u8], out: &mut ByteWriter, body: &mut Vec<u8>) {
    let mut known: Vec<&[u8]> = vec![b""];
    let mut runs: Vec<(usize, u64)> = Vec::new();
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        let (own, rest) = line.split_at(prefix(line));
        if index > 0 {
            body.push(b'\n');
        }
        body.extend_from_slice(rest);
        match runs.last_mut() {
            Some((at, n)) if known[*at] == own && !rest.is_empty() => *n += 1,
            Some((at, n)) if trimmed(known[*at]) == own && rest.is_empty() => *n += 1,
            _ => {
                let at = known.iter().position(|prefix| *prefix == own).unwrap_or_else(|| {
                    known.push(own);
                    known.len() - 1
                });
                runs.push((at, 1));
            }
        }
    }
    if known.len() == 1 {
        return out.varint(0);
    }
    out.varint(runs.len() as u64);
    out.varint(known.len() as u64 - 1);
    known[1..].iter().for_each(|prefix| out.bytes(prefix));
    for (at, n) in runs {
        out.varint(at as u64);
        out.varint(n);
    }
}

/// The marks of a text, ready to be put back.
pub(crate) struct Marks<'a> {
    prefixes: Vec<&'a [u8]>,
    runs: Vec<(usize, u64)>,
}

impl<'a> Marks<'a> {
    pub(crate) fn read(bytes: &mut ByteReader<'a>) -> Result<Marks<'a>, Error> {
        let n = bytes.count(2)?;
        let mut marks = Marks { prefixes: vec![&[]], runs: Vec::new() };
        if n == 0 {
            return Ok(marks);
        }
        for _ in 0..bytes.count(1)? {
            let prefix = bytes.bytes()?;
            if prefix.len() > MAX_PREFIX {
                return corrupt("text");
            }
            marks.prefixes.push(prefix);
        }
        for _ in 0..n {
            let (at, lines) = (bytes.varint()? as usize, bytes.varint()?);
            if at >= marks.prefixes.len() {
                return corrupt("text");
            }
            marks.runs.push((at, lines));
        }
        Ok(marks)
    }

    /// The text with its marks; lines behind the last run have none.
    pub(crate) fn join(&self, body: Vec<u8>) -> Result<Vec<u8>, Error> {
        if self.runs.is_empty() {
            return Ok(body);
        }
        let mut out = Vec::with_capacity(body.len() * 2);
        let mut runs = self.runs.iter();
        let (mut prefix, mut left): (&[u8], u64) = (&[], 0);
        for (index, line) in body.split(|byte| *byte == b'\n').enumerate() {
            while left == 0 {
                let Some(&(at, n)) = runs.next() else {
                    (prefix, left) = (&[], u64::MAX);
                    break;
                };
                (prefix, left) = (self.prefixes[at], n);
            }
            left -= 1;
            if index > 0 {
                out.push(b'\n');
            }
            out.extend_from_slice(if line.is_empty() { trimmed(prefix) } else { prefix });
            out.extend_from_slice(line);
            if out.len() as u64 > MAX_UNPACKED {
                return corrupt("text");
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests;
