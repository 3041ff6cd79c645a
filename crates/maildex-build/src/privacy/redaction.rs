//! A list of what is blacked out: literal strings and patterns, one a line.

use super::flat::{Folded, Form, Gap, Spaced, merged};
use aho_corasick::automaton::Automaton as _;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use regex::Regex;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization as _;

/// A literal that is broken without a blank between its halves counts from so many bytes on: `than never` at the end
/// of a line should not hide an Ann.
const MIN_BROKEN: usize = 6;
/// Of so many literals that end at one place each is counted as found; of more only the longest.
const MAX_NESTED: usize = 16;

/// What is blacked out.
#[derive(Debug)]
pub struct Redaction {
    literals: Option<NFA>,
    /// The gaps inside each literal, and its line.
    shapes: Vec<(Vec<Gap>, usize)>,
    patterns: Vec<(Regex, usize)>,
    /// Lines of the list, strings before patterns.
    lines: Vec<usize>,
    digest: [u8; 32],
}

/// What is wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedactionError {
    /// The line, from 1; 0 where it is the list as a whole.
    pub line: usize,
    /// What is wrong with it.
    pub wrong: Wrong,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wrong {
    /// It is no regular expression; what the reader of them said.
    Pattern(String),
    /// It begins as a pattern and does not end as one.
    Unclosed,
    /// It matches the empty text, which is everywhere.
    MatchesNothing,
    /// Nothing is left to look for without blanks and marks.
    Blank,
    /// No line of the list says anything.
    Empty,
    /// The list is not UTF-8.
    NotUtf8,
    /// All literals together are more than can be looked for at once.
    TooLarge,
}

impl fmt::Display for RedactionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        match &self.wrong {
            Wrong::Pattern(said) => write!(f, "expected a regular expression between slashes, found {said}"),
            Wrong::Unclosed => f.write_str(
                "expected / or /i at the end of a pattern; a string that begins with a slash is written as /\\/…/",
            ),
            Wrong::MatchesNothing => {
                f.write_str("the pattern matches the empty text, which is everywhere; ask for at least one character")
            }
            Wrong::Blank => f.write_str("expected something to look for, found nothing but marks"),
            Wrong::Empty => f.write_str("expected strings or /patterns/, one a line, found none"),
            Wrong::NotUtf8 => f.write_str("expected UTF-8, found other bytes; save the list as UTF-8"),
            Wrong::TooLarge => f.write_str("more strings than can be looked for at once; cut the list in two"),
        }
    }
}

impl std::error::Error for RedactionError {}

impl Redaction {
    /// Reads a list: one string or `/pattern/` or `/pattern/i` a line; empty lines and those that begin with `#` are
    /// passed over.
    ///
    /// # Errors
    /// With the line that cannot be used.
    pub fn read(list: &[u8]) -> Result<Redaction, RedactionError> {
        let digest = Sha256::digest(list).into();
        let list = std::str::from_utf8(list).map_err(|error| {
            let before = &list[..error.valid_up_to()];
            let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
            RedactionError { line, wrong: Wrong::NotUtf8 }
        })?;
        let list = list.strip_prefix('\u{feff}').unwrap_or(list);
        let (mut literals, mut shapes, mut patterns) = (Vec::new(), Vec::new(), Vec::new());
        for (line, text) in (1..).zip(list.lines()) {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let fail = |wrong| RedactionError { line, wrong };
            if text.starts_with('/') {
                patterns.push((pattern(text).map_err(fail)?, line));
                continue;
            }
            let folded = Folded::new(text, Form::Text, false);
            if folded.bytes.is_empty() {
                return Err(fail(Wrong::Blank));
            }
            literals.push(folded.bytes);
            shapes.push((folded.gaps, line));
        }
        if literals.is_empty() && patterns.is_empty() {
            return Err(RedactionError { line: 0, wrong: Wrong::Empty });
        }
        let literals = match literals.is_empty() {
            true => None,
            false => {
                let built = NFA::builder().match_kind(MatchKind::Standard).build(&literals);
                Some(built.map_err(|_| RedactionError { line: 0, wrong: Wrong::TooLarge })?)
            }
        };
        let lines =
            shapes.iter().map(|(_, line)| *line).chain(patterns.iter().map(|(_, line)| *line)).collect();
        Ok(Redaction { literals, shapes, patterns, lines, digest })
    }

    /// SHA-256 of the list.
    pub(crate) fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// The lines of the list, by the numbers that are counted as found.
    pub(super) fn lines(&self) -> &[usize] {
        &self.lines
    }

    /// The pieces of a text that are to be blacked out, in order, without overlap. What is found is noted in `used`.
    pub(super) fn find(&self, source: &str, form: Form, used: &mut [bool]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        self.literals_in(source, form, false, used, &mut found);
        if source.contains("=\n") || source.contains("=\r\n") {
            self.literals_in(source, form, true, used, &mut found);
        }
        if !self.patterns.is_empty() {
            self.patterns_in(&Spaced::new(source, form), used, &mut found);
            if form == Form::Html || source.contains(['\n', '\t']) || source.contains("  ") {
                self.patterns_in(&Spaced::lines(source, form), used, &mut found);
            }
        }
        if form == Form::Text {
            self.encoded_in(source, used, &mut found);
        }
        merged(found)
    }

    /// Whether a text holds what is to be blacked out, also where it is written with `%20` and the like.
    pub(super) fn hides_in(&self, text: &str, used: &mut [bool]) -> bool {
        if !self.find(text, Form::Text, used).is_empty() {
            return true;
        }
        text.contains('%') && !self.find(&percent_decoded(text), Form::Text, used).is_empty()
    }

    /// Whether bytes of whatever kind hold it: as UTF-8, one byte a letter, or UTF-16.
    pub(super) fn hides_in_bytes(&self, bytes: &[u8], used: &mut [bool]) -> bool {
        let utf8 = String::from_utf8_lossy(bytes);
        if self.hides_in(&utf8, used) {
            return true;
        }
        let has_wide = bytes.iter().any(|byte| *byte >= 0x80);
        if has_wide && self.hides_in(&bytes.iter().map(|&byte| char::from(byte)).collect::<String>(), used) {
            return true;
        }
        let has_zeros = bytes.contains(&0);
        has_zeros
            && [(0, false), (1, false), (0, true), (1, true)].into_iter().any(|(skip, is_big)| {
                let units =
                    bytes.get(skip..).unwrap_or_default().as_chunks::<2>().0.iter().map(|pair| {
                        if is_big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) }
                    });
                let text: String = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
                self.hides_in(&text, used)
            })
    }

    fn literals_in(
        &self,
        source: &str,
        form: Form,
        soft: bool,
        used: &mut [bool],
        found: &mut Vec<Range<usize>>,
    ) {
        let Some(nfa) = &self.literals else { return };
        let folded = Folded::new(source, form, soft);
        let Ok(mut state) = nfa.start_state(Anchored::No) else { return };
        for (at, &byte) in folded.bytes.iter().enumerate() {
            state = nfa.next_state(Anchored::No, state, byte);
            if !nfa.is_special(state) || !nfa.is_match(state) {
                continue;
            }
            let n = nfa.match_len(state);
            for index in 0..n {
                let number = nfa.match_pattern(state, index).as_usize();
                let gaps = &self.shapes[number].0;
                let start = at + 1 - gaps.len();
                if fits(&folded.gaps[start..=at], gaps) {
                    used[number] = true;
                    found.push(folded.source(start..at + 1));
                    // The longest comes first and covers the others.
                    if n > MAX_NESTED {
                        break;
                    }
                }
            }
        }
    }

    fn patterns_in(&self, spaced: &Spaced, used: &mut [bool], found: &mut Vec<Range<usize>>) {
        for (number, (pattern, _)) in self.patterns.iter().enumerate() {
            for own in pattern.find_iter(&spaced.text).filter(|own| !own.is_empty()) {
                used[self.shapes.len() + number] = true;
                found.push(spaced.source(own.range()));
            }
        }
    }

    /// Runs of base64 that nothing declared, and that say it when they are decoded.
    fn encoded_in(&self, source: &str, used: &mut [bool], found: &mut Vec<Range<usize>>) {
        static RUN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"[A-Za-z0-9+/]{16,}(?:\r?\n[> \t]*[A-Za-z0-9+/]{4,})*={0,2}")
                .expect("a sound pattern")
        });
        const LENIENT: GeneralPurpose = GeneralPurpose::new(
            &STANDARD,
            GeneralPurposeConfig::new()
                .with_decode_allow_trailing_bits(true)
                .with_decode_padding_mode(DecodePaddingMode::Indifferent),
        );
        for run in RUN.find_iter(source) {
            let digits: Vec<u8> = run
                .as_str()
                .bytes()
                .filter(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte))
                .collect();
            let whole = digits.len() - usize::from(digits.len() % 4 == 1);
            let Ok(bytes) = LENIENT.decode(&digits[..whole]) else { continue };
            let text = String::from_utf8_lossy(&bytes);
            let mut inner = Vec::new();
            self.literals_in(&text, Form::Text, false, used, &mut inner);
            self.patterns_in(&Spaced::new(&text, Form::Text), used, &mut inner);
            if !inner.is_empty() {
                found.push(run.range());
            }
        }
    }
}

/// A line `/…/` or `/…/i`.
fn pattern(text: &str) -> Result<Regex, Wrong> {
    let body = text.strip_prefix('/').unwrap_or(text);
    let (body, flags) = body.rsplit_once('/').ok_or(Wrong::Unclosed)?;
    if !matches!(flags, "" | "i") || body.is_empty() {
        return Err(Wrong::Unclosed);
    }
    let body: String = body.nfc().collect();
    let built = regex::RegexBuilder::new(&body).case_insensitive(flags == "i").multi_line(true).build();
    let built = built.map_err(|error| {
        let said = error.to_string();
        Wrong::Pattern(said.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned())
    })?;
    if built.is_match("") { Err(Wrong::MatchesNothing) } else { Ok(built) }
}

/// Whether what was found has blanks where the literal has them. A line may break at a blank, and inside a long literal.
fn fits(found: &[Gap], asked: &[Gap]) -> bool {
    let is_long = asked.len() >= MIN_BROKEN;
    found.iter().zip(asked).skip(1).all(|(found, asked)| match (found, asked) {
        (Gap::None, Gap::None) => true,
        (Gap::Break, Gap::None) => is_long,
        (Gap::None, _) | (Gap::Blank, Gap::None) => false,
        (Gap::Blank | Gap::Break, _) => true,
    })
}

/// `%41` as `A`, and `+` as it is.
pub(super) fn percent_decoded(text: &str) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
