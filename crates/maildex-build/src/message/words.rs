//! Header values that need repair before they can be parsed: raw 8-bit text in some charset, and encoded words whose
//! charset is unknown or wrong. Sound values pass through untouched.

use std::borrow::Cow;
use std::fmt::Write;

use super::{charset, mime};

/// What is known about a message's charset before its headers are read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hint<'a> {
    /// The charset that the body declares: a mailer that writes raw 8-bit headers uses the same there.
    pub(super) charset: Option<&'a str>,
    /// The last label of the sender's domain, in lower case.
    pub(super) tld: Option<&'a str>,
}

/// Turns a raw header value into one that is UTF-8 with encoded words that decode.
pub(super) fn clean<'a>(value: &'a [u8], hint: Hint<'_>) -> Cow<'a, [u8]> {
    let has_words = find(value, b"=?").is_some();
    if value.is_ascii() && !has_words && !value.contains(&0x1B) {
        return Cow::Borrowed(value);
    }
    let value = match std::str::from_utf8(value) {
        Ok(_) if !value.contains(&0x1B) => Cow::Borrowed(value),
        _ => Cow::Owned(transcode(value, hint)),
    };
    if has_words { repair_words(value) } else { value }
}

fn transcode(value: &[u8], hint: Hint<'_>) -> Vec<u8> {
    let declared = hint.charset.map(charset::plain_label);
    if let Some(label) = declared.filter(|label| !matches!(label.as_str(), "us-ascii" | "utf-8"))
        && let Some((text, false)) = mime::by_label(&label, value)
    {
        return text.into_owned().into_bytes();
    }
    charset::guess(value, hint.tld).0.into_owned().into_bytes()
}

/// One `=?charset?encoding?payload?=`.
struct Word<'a> {
    label: &'a str,
    is_base64: bool,
    payload: &'a [u8],
    end: usize,
}

/// Replaces runs of words whose charset is unknown, or whose joined bytes are not valid in it, by words in UTF-8.
fn repair_words(value: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let mut out: Vec<u8> = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(start) = find(&value[at..], b"=?").map(|found| at + found) {
        let Some(first) = word(&value, start) else {
            at = start + 2;
            continue;
        };
        let label = charset::plain_label(first.label);
        let mut bytes = payload_bytes(&first);
        let mut end = first.end;
        while let Some(next) = following_word(&value, end)
            && charset::plain_label(next.label) == label
        {
            bytes.extend(payload_bytes(&next));
            end = next.end;
        }
        if let Some(text) = repaired(&label, &bytes) {
            out.extend_from_slice(&value[copied..start]);
            push_word(&text, &mut out);
            copied = end;
        }
        at = end;
    }
    if copied == 0 {
        return value;
    }
    out.extend_from_slice(&value[copied..]);
    Cow::Owned(out)
}

/// The text of a run of words, if the run as written would not decode to it.
fn repaired(label: &str, bytes: &[u8]) -> Option<String> {
    let (text, _) = charset::decode(bytes, Some(label), None);
    let is_sound = mime::by_label(label, bytes).is_some_and(|(written, _)| written == text);
    (!is_sound).then(|| text.into_owned())
}

/// Looks for two bytes by the first, which is rare and found fast.
fn find(bytes: &[u8], needle: &[u8; 2]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == needle[0]).map(|found| from + found) {
        if bytes.get(at + 1) == Some(&needle[1]) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

fn following_word(value: &[u8], end: usize) -> Option<Word<'_>> {
    let blanks = value[end..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    word(value, end + blanks)
}

/// The word that starts at `start`, if there is one. A label is at most 75 bytes, as RFC 2047 limits the whole word.
fn word(value: &[u8], start: usize) -> Option<Word<'_>> {
    let rest = value[start..].strip_prefix(b"=?")?;
    let label_len = rest.iter().take(75).position(|&byte| byte == b'?')?;
    let label = std::str::from_utf8(&rest[..label_len]).ok().filter(|label| !label.is_empty())?;
    let (is_base64, payload) = match &rest[label_len + 1..] {
        [b'B' | b'b', b'?', payload @ ..] => (true, payload),
        [b'Q' | b'q', b'?', payload @ ..] => (false, payload),
        _ => return None,
    };
    let len = payload.iter().position(|&byte| byte == b'?')?;
    (payload.get(len + 1) == Some(&b'=')).then(|| Word {
        label,
        is_base64,
        payload: &payload[..len],
        end: start + 2 + label_len + 1 + 2 + len + 2,
    })
}

fn payload_bytes(word: &Word<'_>) -> Vec<u8> {
    if word.is_base64 {
        return mime::base64(word.payload);
    }
    let mut out = Vec::with_capacity(word.payload.len());
    let mut rest = word.payload;
    loop {
        match rest {
            [b'=', high, low, tail @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push(hex(*high) << 4 | hex(*low));
                rest = tail;
            }
            [b'_', tail @ ..] => {
                out.push(b' ');
                rest = tail;
            }
            [byte, tail @ ..] => {
                out.push(*byte);
                rest = tail;
            }
            [] => return out,
        }
    }
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit.wrapping_sub(b'A').wrapping_add(10) & 15,
    }
}

/// Writes text as one word with every byte escaped, which is safe in any header.
fn push_word(text: &str, out: &mut Vec<u8>) {
    let mut word = String::from("=?utf-8?Q?");
    for byte in text.bytes() {
        let _ = write!(word, "={byte:02X}");
    }
    word.push_str("?=");
    out.extend_from_slice(word.as_bytes());
}
