//! Charsets, transfer encodings and encoded headers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::Encoding;

use super::people::Habit;
use super::rng::Rng;

/// A text in some charset.
pub(super) struct Encoded {
    pub(super) charset: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// Encodes a text as its writer's program would: ASCII if that is enough, else the habit, else UTF-8.
pub(super) fn encode(text: &str, habit: Habit, rng: &mut Rng) -> Encoded {
    if text.is_ascii() {
        let charset = if rng.permille(600) { "us-ascii" } else { "utf-8" };
        return Encoded { charset, bytes: text.as_bytes().to_vec() };
    }
    let labels: &[&'static str] = match habit {
        Habit::Utf8 => &[],
        Habit::Latin1 => &["iso-8859-1", "windows-1252"],
        Habit::Cp1252 => &["windows-1252"],
        Habit::Japanese => rng.pick::<&[_]>(&[&["iso-2022-jp"], &["iso-2022-jp"], &["shift_jis"], &[]]),
        Habit::Russian => rng.pick::<&[_]>(&[&["koi8-r"], &["koi8-r"], &["windows-1251"], &[]]),
        Habit::Chinese => rng.pick::<&[_]>(&[&["gb2312", "gbk"], &["gb2312", "gbk"], &["gbk"], &[]]),
        Habit::Arabic => rng.pick::<&[_]>(&[&["windows-1256"], &["windows-1256"], &[]]),
    };
    let fits =
        labels.iter().find_map(|label| Some(Encoded { charset: label, bytes: to_charset(text, label)? }));
    fits.unwrap_or_else(|| Encoded { charset: "utf-8", bytes: text.as_bytes().to_vec() })
}

/// The bytes of a text, or none if the charset lacks a character.
fn to_charset(text: &str, label: &str) -> Option<Vec<u8>> {
    // encoding_rs follows the WHATWG labels, where these two names mean their supersets; other readers differ.
    if label == "iso-8859-1" && text.chars().any(|c| c > '\u{ff}' || ('\u{80}'..'\u{a0}').contains(&c)) {
        return None;
    }
    let (bytes, _, unmappable) = Encoding::for_label(label.as_bytes())?.encode(text);
    if label == "gb2312" && !is_gb2312(&bytes) {
        return None;
    }
    (!unmappable).then(|| bytes.into_owned())
}

/// GB 2312 is the part of GBK where both bytes are 0xA1 or more.
fn is_gb2312(bytes: &[u8]) -> bool {
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        if *byte >= 0x80 && (*byte < 0xa1 || rest.next().is_none_or(|trail| *trail < 0xa1)) {
            return false;
        }
    }
    true
}

/// RFC 2045, section 6.7, for text whose lines end in LF.
pub(super) fn quoted_printable(bytes: &[u8], out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let (text, end) = match line.split_last() {
            Some((b'\n', text)) => (text, true),
            _ => (line, false),
        };
        let mut column = 0;
        for (at, byte) in text.iter().enumerate() {
            let is_last = at + 1 == text.len();
            let plain =
                matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (matches!(byte, b' ' | b'\t') && !is_last);
            let width = if plain { 1 } else { 3 };
            if column + width > 75 {
                out.extend_from_slice(b"=\n");
                column = 0;
            }
            if plain {
                out.push(*byte);
            } else {
                out.extend_from_slice(&[b'=', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            }
            column += width;
        }
        if end {
            out.push(b'\n');
        }
    }
}

/// RFC 2045, section 6.8, in lines of 76.
pub(super) fn base64_lines(bytes: &[u8], out: &mut Vec<u8>) {
    for line in bytes.chunks(57) {
        out.extend_from_slice(STANDARD.encode(line).as_bytes());
        out.push(b'\n');
    }
}

/// A header's text: folded, and as encoded words (RFC 2047) where it is not ASCII.
pub(super) fn header_text(text: &str, habit: Habit, rng: &mut Rng) -> String {
    if text.is_ascii() {
        return fold(text);
    }
    let charset = encode(text, habit, rng).charset;
    let latin = text.chars().filter(|c| !c.is_ascii()).count() * 4 < text.len();
    let quoted = latin && charset != "iso-2022-jp";
    let mut words = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        // 36 bytes of any of these charsets stay under the 75 characters of a word: UTF-8 grows no further,
        // Q encoding triples only what is not ASCII.
        let cost = if quoted {
            text[start..end].chars().map(|c| if c.is_ascii() { 1 } else { 6 }).sum()
        } else {
            end - start
        };
        if cost >= 36 || chars.peek().is_none() {
            words.push(encoded_word(&text[start..end], charset, quoted));
            start = end;
        }
    }
    words.join("\n ")
}

fn encoded_word(text: &str, charset: &str, quoted: bool) -> String {
    let bytes = if charset == "utf-8" { None } else { to_charset(text, charset) };
    let charset = if bytes.is_some() { charset } else { "utf-8" };
    let bytes = bytes.unwrap_or_else(|| text.as_bytes().to_vec());
    if !quoted {
        return format!("=?{charset}?B?{}?=", STANDARD.encode(bytes));
    }
    let mut word = format!("=?{charset}?Q?");
    for byte in bytes {
        match byte {
            b' ' => word.push('_'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => word.push(char::from(byte)),
            _ => word.push_str(&format!("={byte:02X}")),
        }
    }
    word + "?="
}

/// Folds at spaces before column 76.
fn fold(text: &str) -> String {
    let mut out = String::new();
    let mut column = 10;
    for (idx, word) in text.split(' ').enumerate() {
        if idx > 0 {
            out.push_str(if column + word.len() > 75 { "\n " } else { " " });
        }
        column = if column + word.len() > 75 { word.len() } else { column + word.len() + 1 };
        out.push_str(word);
    }
    out
}

/// A mailbox for From, To and Cc.
pub(super) fn mailbox(name: &str, address: &str, habit: Habit, rng: &mut Rng) -> String {
    if name.is_empty() {
        return address.to_owned();
    }
    if name.is_ascii() && name.bytes().any(|b| matches!(b, b',' | b'.' | b'(' | b'"')) {
        return format!("\"{}\" <{address}>", name.replace('"', "'"));
    }
    format!("{} <{address}>", header_text(name, habit, rng))
}

/// A parameter such as a file name: plain, as RFC 2231 says, or as an encoded word, which is wrong and common.
pub(super) fn parameter(name: &str, value: &str, rng: &mut Rng) -> String {
    if value.is_ascii() {
        return format!("{name}=\"{value}\"");
    }
    if rng.permille(250) {
        return format!("{name}=\"{}\"", encoded_word(value, "utf-8", false));
    }
    let mut pieces: Vec<String> = vec![String::new()];
    for byte in value.bytes() {
        let unit = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        };
        match pieces.last_mut() {
            Some(piece) if piece.len() + unit.len() <= 54 => piece.push_str(&unit),
            _ => pieces.push(unit),
        }
    }
    if let [only] = pieces.as_slice() {
        return format!("{name}*=utf-8''{only}");
    }
    let numbered = pieces.iter().enumerate().map(|(idx, piece)| {
        let charset = if idx == 0 { "utf-8''" } else { "" };
        format!("{name}*{idx}*={charset}{piece}")
    });
    numbered.collect::<Vec<_>>().join(";\n ")
}
