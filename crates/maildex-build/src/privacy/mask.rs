//! E-mail addresses as `ann@…k3f9x2`: the part before the `@`, and a tag that tells two Anns apart. The tag is a keyed
//! hash of the whole address, so that nobody finds the domain by trying the usual ones.

use super::flat::{Form, Spaced};
use regex::Regex;
use rustc_hash::FxHashSet;
use sha2::{Digest as _, Sha256};
use std::ops::Range;
use std::sync::LazyLock;

/// Letters of a tag: 30 bits, so that of a thousand `info@` two share one in one archive of two thousand.
const TAG: usize = 6;

/// An address in a text. What is before the `@` may be in quotes or hold what only old mail programs wrote; the
/// domain has a dot or is a number in brackets. In links the `@` may be `%40`.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    let domain = r"[\p{L}\p{N}\p{M}_█-]+(?:\.[\p{L}\p{N}\p{M}_█-]+)+|\[[0-9A-Za-z.:]+\]";
    let local = r#"[^\s<>()\[\]{},;:"'@|/\\?&#…]+|"[^"@\n]{1,64}""#;
    let encoded = r"[\p{L}\p{N}._+-]+";
    Regex::new(&format!("(?:{local})@(?:{domain})|{encoded}%40(?:{domain})")).expect("a sound pattern")
});

/// An address where nothing else can stand: its domain may be a bare name.
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?P<local>[^\s<>()\[\]{},;:"'@|/\\?&#…]+|"[^"@\n]{1,64}")@[^\s<>,;"'()…]+"#)
        .expect("a sound pattern")
});

/// Masks addresses.
#[derive(Debug, Clone)]
pub(super) struct Masker {
    key: [u8; 32],
    /// What was masked, by hash.
    seen: FxHashSet<u64>,
}

impl Masker {
    pub(super) fn new(key: [u8; 32]) -> Masker {
        Masker { key, seen: FxHashSet::default() }
    }

    /// How an address is shown. One that is shown so already stays.
    pub(super) fn address(&mut self, address: &str) -> String {
        let Some((local, domain)) = address.rsplit_once('@').filter(|(_, domain)| !domain.starts_with('…'))
        else {
            return address.to_owned();
        };
        let digest = keyed(&self.key, &format!("{local}@{domain}"));
        self.seen.insert(u64::from_le_bytes(core::array::from_fn(|index| digest[index])));
        let tag: String = digest.iter().take(TAG).map(|byte| base32(*byte)).collect();
        // Behind these stands whom a bounce is about, or which of many addresses it is.
        let shown = local.trim_matches('"');
        let shown = &shown[..shown.find(['+', '=', '%', '!']).unwrap_or(shown.len())];
        format!("{shown}@…{tag}")
    }

    /// The addresses in a text and how they are shown. In a header, one without a dot is one too.
    pub(super) fn find(&mut self, source: &str, form: Form, in_header: bool) -> Vec<(Range<usize>, String)> {
        if !source.contains('@') && !source.contains("%40") {
            return Vec::new();
        }
        let spaced = Spaced::new(source, form);
        let pattern: &Regex = if in_header { &BARE } else { &ADDRESS };
        let mut cuts = Vec::new();
        for found in pattern.find_iter(&spaced.text) {
            let whole = found.as_str().replace("%40", "@");
            cuts.push((spaced.source(found.range()), self.address(&whole)));
        }
        cuts
    }

    /// Whether there is an address in a text.
    pub(super) fn finds_in(&mut self, text: &str) -> bool {
        !self.find(text, Form::Text, false).is_empty()
    }

    /// How many addresses were masked; `others` are those of the other workers.
    pub(super) fn n_seen<'a>(all: impl Iterator<Item = &'a Masker>) -> u64 {
        let seen: FxHashSet<u64> = all.flat_map(|own| &own.seen).copied().collect();
        seen.len() as u64
    }
}

/// The addresses in a title, without tags: a title tells nobody apart.
pub(super) fn untagged(title: &str) -> String {
    ADDRESS
        .replace_all(title, |found: &regex::Captures<'_>| {
            let whole = &found[0];
            let end = whole.find('@').or(whole.find("%40")).unwrap_or(whole.len());
            format!("{}@…", &whole[..end])
        })
        .into_owned()
}

/// How an id is shown that tells too much: a hash that is the same wherever the id stands.
pub(super) fn masked_id(key: &[u8; 32], id: &str) -> String {
    let digest = keyed(key, id);
    let digits: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{digits}@masked")
}

fn keyed(key: &[u8; 32], text: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(key);
    hash.update(text.to_lowercase());
    hash.finalize().into()
}

/// Five bits of a byte as a letter or digit that is not taken for another.
fn base32(byte: u8) -> char {
    char::from(b"abcdefghjkmnpqrstuvwxyz023456789"[usize::from(byte) % 32])
}
