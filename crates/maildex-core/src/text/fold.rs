//! Folding: what a search does not tell apart. Letters are lower-cased and lose their diacritics, full-width forms
//! become ASCII and half-width katakana full-width, so that `Café`, `cafe` and `ＣＡＦＥ` are one word, whether the
//! accents came composed or as marks of their own.
//!
//! Rules that could have been others: Cyrillic `ё` is `е` (most people type it so) but `й` stays a letter; Turkish
//! `I`, `İ`, `ı` and `i` are all `i`; `ß` is `ss`, `æ` `ae`, `ø` `o`, `ł` `l`; Arabic and Hebrew vowel points and the
//! tatweel are dropped and `أ` is `ا`; marks of Indic scripts and Thai are kept, and so are the marks of kana.

use super::fold_table::{DROPPED, FOLDS, IDEOGRAPHS, MARKS, SPELLED, STEPS};

/// What a character does to the word that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Ends a word.
    Separator,
    /// Part of a word.
    Letter,
    /// Part of a run that is cut into pairs.
    Paired,
    /// A mark that is taken off.
    Mark,
    /// Invisible: a soft hyphen, a joiner, a direction mark.
    Ignored,
}

/// Tells what a character outside ASCII does to a word; ASCII has its own table in the tokenizer.
pub(super) fn class(c: char) -> Class {
    match c {
        '\u{ad}'
        | '\u{640}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' => Class::Ignored,
        '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}' => Class::Ignored,
        _ if in_runs(&DROPPED, c) => Class::Mark,
        _ if c.is_alphanumeric() || in_runs(&MARKS, c) => {
            if is_bigram_script(c) {
                Class::Paired
            } else {
                Class::Letter
            }
        }
        _ => Class::Separator,
    }
}

/// Whether a character belongs to a script written without spaces between words (Han, kana, Hangul, Thai, Lao, Khmer,
/// Myanmar). Runs of such characters are indexed as overlapping pairs. Hangul has spaces, but its words take so many
/// endings that pairs find more.
pub fn is_bigram_script(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{2fdf}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3021}'..='\u{3029}'
        | '\u{3031}'..='\u{3035}'
        | '\u{3041}'..='\u{312f}'
        | '\u{3130}'..='\u{318f}'
        | '\u{31a0}'..='\u{31bf}'
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{a9e0}'..='\u{a9ff}'
        | '\u{aa60}'..='\u{aa7f}'
        | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ffdc}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Whether a character combines with the one before it: cutting a text in front of it would break a letter.
pub fn is_mark(c: char) -> bool {
    in_runs(&MARKS, c) || matches!(c, '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0100}'..='\u{e01ef}')
}

/// Appends what a character folds to. Marks are the caller's: see [`class`].
pub(super) fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    // `İ` becomes two characters, the second of them a mark.
    for lower in c.to_lowercase().filter(|lower| !in_runs(&DROPPED, *lower)) {
        fold_lower(lower, out);
    }
}

/// Folds a text as a whole, keeping its spaces and punctuation: for sorting and comparing names.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match if c.is_ascii() { Class::Letter } else { class(c) } {
            Class::Mark => fold_mark(c, &mut out),
            Class::Ignored => {}
            Class::Separator | Class::Letter | Class::Paired => {
                let before = out.chars().next_back();
                let at = out.len();
                fold_char(c, &mut out);
                let composed = before.zip(out[at..].chars().next()).and_then(|(a, b)| compose(a, b));
                if let (Some(whole), Some(before)) = (composed, before) {
                    out.truncate(at - before.len_utf8());
                    out.push(whole);
                }
            }
        }
    }
    out
}

/// Takes a dropped mark into account: a breve makes `и` the letter `й`, everything else leaves no trace.
pub(super) fn fold_mark(mark: char, out: &mut String) {
    if mark == '\u{306}' && out.ends_with('и') {
        out.truncate(out.len() - 'и'.len_utf8());
        out.push('й');
    }
}

/// Joins two folded characters that are one: kana with its voicing mark, the parts of a Hangul syllable.
pub(super) fn compose(first: char, second: char) -> Option<char> {
    let (a, b) = (u32::from(first), u32::from(second));
    let whole = match b {
        0x3099 => voiced(a)?,
        0x309a if matches!(a, 0x306f..=0x307b | 0x30cf..=0x30db) && (a % 0x60 - 0xf) % 3 == 0 => a + 2,
        0x1161..=0x1175 if matches!(a, 0x1100..=0x1112) => 0xac00 + ((a - 0x1100) * 21 + (b - 0x1161)) * 28,
        0x11a8..=0x11c2 if matches!(a, 0xac00..=0xd7a3) && (a - 0xac00).is_multiple_of(28) => {
            a + (b - 0x11a7)
        }
        _ => return None,
    };
    char::from_u32(whole)
}

fn fold_lower(c: char, out: &mut String) {
    let Ok(code) = u16::try_from(u32::from(c)) else {
        out.push(c);
        return;
    };
    let folded = match code {
        0..=0x7f => code,
        0xff01..=0xff5e => code - 0xfee0,
        0xff66..=0xff9f => HALF_WIDTH[usize::from(code - 0xff66)],
        0xf900..=0xfad9 => match IDEOGRAPHS[usize::from(code - 0xf900)] {
            0 => code,
            ideograph => ideograph,
        },
        _ => listed(code).unwrap_or(code),
    };
    if let Some(text) = folded.checked_sub(0xe000).and_then(|at| SPELLED.split(' ').nth(at.into()))
        && folded != code
    {
        out.push_str(text);
    } else {
        out.push(char::from_u32(u32::from(folded)).unwrap_or(c));
    }
}

/// Characters of the table from one sample to the next.
const RUN: usize = 32;

/// The character before each run of the table.
static SAMPLES: [u16; STEPS.len().div_ceil(RUN)] = {
    let mut samples = [0; STEPS.len().div_ceil(RUN)];
    let (mut code, mut at) = (0, 0);
    while at < STEPS.len() {
        if at.is_multiple_of(RUN) {
            samples[at / RUN] = code;
        }
        code += STEPS[at];
        at += 1;
    }
    samples
};

/// What the table says that a character folds to.
fn listed(code: u16) -> Option<u16> {
    let run = SAMPLES.partition_point(|&before| before < code).checked_sub(1)?;
    let mut at = SAMPLES[run];
    for (step, to) in STEPS.iter().zip(&FOLDS).skip(run * RUN).take(RUN) {
        at += step;
        if at >= code {
            return (at == code).then_some(*to);
        }
    }
    None
}

/// Full-width katakana for U+FF66..=U+FF9F.
#[rustfmt::skip]
static HALF_WIDTH: [u16; 58] = [
    0x30f2, 0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9, 0x30e3, 0x30e5, 0x30e7, 0x30c3, 0x30fc, 0x30a2, 0x30a4, 0x30a6,
    0x30a8, 0x30aa, 0x30ab, 0x30ad, 0x30af, 0x30b1, 0x30b3, 0x30b5, 0x30b7, 0x30b9, 0x30bb, 0x30bd, 0x30bf, 0x30c1,
    0x30c4, 0x30c6, 0x30c8, 0x30ca, 0x30cb, 0x30cc, 0x30cd, 0x30ce, 0x30cf, 0x30d2, 0x30d5, 0x30d8, 0x30db, 0x30de,
    0x30df, 0x30e0, 0x30e1, 0x30e2, 0x30e4, 0x30e6, 0x30e8, 0x30e9, 0x30ea, 0x30eb, 0x30ec, 0x30ed, 0x30ef, 0x30f3,
    0x3099, 0x309a,
];

/// The kana that a voicing mark makes of another: the next code point, but for a few.
fn voiced(kana: u32) -> Option<u32> {
    let hiragana = if kana >= 0x30a0 { kana.checked_sub(0x60)? } else { kana };
    let shift = match hiragana {
        0x3046 => 0x4e,
        0x304b..=0x3061 if hiragana % 2 == 1 => 1,
        0x3064 | 0x3066 | 0x3068 | 0x309d => 1,
        0x306f | 0x3072 | 0x3075 | 0x3078 | 0x307b => 1,
        0x308f..=0x3092 if kana >= 0x30a0 => 8,
        _ => return None,
    };
    Some(kana + shift)
}

fn in_runs(runs: &[(u16, u16)], c: char) -> bool {
    let Ok(code) = u16::try_from(u32::from(c)) else {
        return false;
    };
    let at = runs.partition_point(|run| run.1 < code);
    runs.get(at).is_some_and(|run| run.0 <= code)
}
