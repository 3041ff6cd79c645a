//! Message-IDs and addresses as numbers.

use std::collections::HashMap;

/// Numbers for texts, by a 64-bit hash of them: among ten million ids two meet with a chance of 1 in 300,000, and
/// then two threads are joined.
#[derive(Default)]
pub(super) struct Ids {
    numbers: HashMap<u64, u32>,
    /// The hash of each number.
    hashes: Vec<u64>,
    /// The text of each id that was mentioned before anyone bore it, by number.
    mentioned: Vec<(u32, Box<str>)>,
    normal: String,
}

impl Ids {
    pub(super) fn len(&self) -> usize {
        self.hashes.len()
    }

    /// The number of an id that is someone's; `None` if nothing of it is left.
    pub(super) fn own(&mut self, id: &str) -> Option<u32> {
        self.number(id, false)
    }

    /// The number of an id whose bearer may never come, so that its text is kept.
    pub(super) fn mention(&mut self, id: &str) -> Option<u32> {
        self.number(id, true)
    }

    pub(super) fn hash_of(&self, number: u32) -> u64 {
        self.hashes[number as usize]
    }

    pub(super) fn knows(&self, hash: u64) -> bool {
        self.numbers.contains_key(&hash)
    }

    /// The text of an id that was mentioned before anyone bore it.
    pub(super) fn mentioned(&self, number: u32) -> Option<&str> {
        let position = self.mentioned.binary_search_by_key(&number, |&(number, _)| number).ok()?;
        Some(&self.mentioned[position].1)
    }

    fn number(&mut self, id: &str, keep_text: bool) -> Option<u32> {
        normalise(id, &mut self.normal);
        if self.normal.is_empty() {
            return None;
        }
        let hash = fnv1a(self.normal.as_bytes());
        let next = super::index(self.hashes.len());
        let number = *self.numbers.entry(hash).or_insert(next);
        if number == next {
            self.hashes.push(hash);
            if keep_text {
                self.mentioned.push((number, self.normal.as_str().into()));
            }
        }
        Some(number)
    }
}

/// A number for a base subject, whatever its case; 0 for the empty one.
pub(super) fn subject_hash(base: &str) -> u64 {
    if base.is_empty() { 0 } else { fnv1a(base.to_lowercase().as_bytes()).max(1) }
}

/// An id as it is compared with others.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn normal_id(id: &str) -> String {
    let mut normal = String::new();
    normalise(id, &mut normal);
    normal
}

/// Ids that mean the same get the same text: blanks (of folding) and brackets go, the domain is in lower case, and a
/// quoted local part loses its quotes (RFC 5256, step 1: `<"01KF"@example.com>` is `<01KF@example.com>`). The case of
/// the local part counts: programs write base64 there.
fn normalise(id: &str, normal: &mut String) {
    normal.clear();
    normal.extend(id.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>')));
    let Some(at) = normal.rfind('@') else { return };
    normal[at..].make_ascii_lowercase();
    let local = &normal[..at];
    if local.len() >= 2 && local.starts_with('"') && local.ends_with('"') {
        let unquoted = unquote(&local[1..at - 1]);
        normal.replace_range(..at, &unquoted);
    }
}

fn unquote(quoted: &str) -> String {
    let mut text = String::with_capacity(quoted.len());
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        text.push(if c == '\\' { chars.next().unwrap_or('\\') } else { c });
    }
    text
}

/// FNV-1a, 64 bits. A fixed function, because groups of subjects are taken in the order of their hashes.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_mean_the_same() {
        let check = |id: &str, expected: &str| {
            let mut normal = String::new();
            normalise(id, &mut normal);
            assert_eq!(normal, expected, "{id:?}");
        };
        check("<a@b.example>", "a@b.example");
        check(" a@\r\n\tB.Example ", "a@b.example");
        check("\"01KF\"@Example.com", "01KF@example.com");
        check("\"a\\\"b\"@x", "a\"b@x");
        check("\"\"@x", "@x");
        check("\"@x", "\"@x");
        check("AbC@x", "AbC@x");
        check("no-at-sign", "no-at-sign");
        check("<>", "");
    }
}
