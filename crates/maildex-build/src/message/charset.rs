//! Bytes to text, when the declared charset is right, missing, unknown or wrong.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::{Problem, ProblemKind, mime};

/// Bytes that the detector looks at: enough for any language, and a bound on its time.
const DETECT: usize = 64 << 10;
/// With fewer bytes above 0x7F the detector cannot tell the Latin charsets apart.
const FEW: usize = 4;

/// Decodes `bytes`, declared as `label`; `tld` is the last label of the sender's domain, which settles close calls.
pub(super) fn decode<'a>(
    bytes: &'a [u8],
    label: Option<&str>,
    tld: Option<&str>,
) -> (Cow<'a, str>, Option<Problem>) {
    let label = label.map(plain_label).filter(|label| !label.is_empty());
    let label = label.as_deref();
    if bytes.is_ascii() && !bytes.contains(&0x1B) && !label.is_some_and(is_seven_bit_code) {
        // ASCII is the same in every charset that is left, so a wrong label does no harm.
        return (as_utf8(bytes), None);
    }
    match label {
        None
        | Some(
            "us-ascii" | "ascii" | "7bit" | "8bit" | "binary" | "unknown-8bit" | "x-unknown" | "default"
            | "default_charset",
        ) => {
            let (text, name) = guess(bytes, tld);
            let problem = (name != "UTF-8").then(|| note(ProblemKind::GuessedCharset, label, name));
            (text, problem)
        }
        Some(label) => declared(bytes, label, tld),
    }
}

fn declared<'a>(bytes: &'a [u8], label: &str, tld: Option<&str>) -> (Cow<'a, str>, Option<Problem>) {
    if let Some(text) = refused_by_the_standard(label, bytes) {
        return (Cow::Owned(text), None);
    }
    if label.starts_with("iso-2022-jp") && has_idle_escape(bytes) {
        let bytes = without_idle_escapes(bytes);
        let (text, problem) = declared_as(&bytes, label, tld);
        return (Cow::Owned(text.into_owned()), problem);
    }
    declared_as(bytes, label, tld)
}

fn declared_as<'a>(bytes: &'a [u8], label: &str, tld: Option<&str>) -> (Cow<'a, str>, Option<Problem>) {
    let Some((text, malformed)) = mime::by_label(label, bytes) else {
        let (text, name) = match named_inside(label).and_then(|label| mime::by_label(label, bytes)) {
            Some((text, false)) => (text, "the charset it names"),
            _ => guess(bytes, tld),
        };
        return (text, Some(note(ProblemKind::UnknownCharset, Some(label), name)));
    };
    if is_western(label) && !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok() {
        // No text of a Western language in Latin-1 happens to be valid UTF-8; many mailers mislabel UTF-8 so.
        return (as_utf8(bytes), Some(note(ProblemKind::GuessedCharset, Some(label), "UTF-8")));
    }
    if !malformed {
        return (text, None);
    }
    let bad = text.chars().filter(|&c| c == '\u{FFFD}').count();
    let good = text.chars().filter(|&c| !c.is_ascii() && c != '\u{FFFD}').count();
    if bad > good {
        let (text, name) = guess(bytes, tld);
        return (text, Some(note(ProblemKind::GuessedCharset, Some(label), name)));
    }
    (text, Some(Problem::new(ProblemKind::BadEncoding, format!("{bad} bytes are not {label}"))))
}

fn note(kind: ProblemKind, label: Option<&str>, used: &str) -> Problem {
    Problem::new(kind, format!("declared {}, read as {used}", label.unwrap_or("nothing")))
}

/// Guesses the charset: UTF-8 where the bytes are, else what the detector says. Returns its name too.
pub(super) fn guess<'a>(bytes: &'a [u8], tld: Option<&str>) -> (Cow<'a, str>, &'static str) {
    let shifts = bytes.contains(&0x1B);
    if !shifts && let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), "UTF-8");
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[..bytes.len().min(DETECT)], true);
    // The detector panics on a label with other characters.
    let tld = tld.filter(|tld| !tld.is_empty() && tld.bytes().all(|byte| byte.is_ascii_lowercase()));
    let mut encoding = detector.guess(tld.map(str::as_bytes), Utf8Detection::Allow);
    let n_high = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    if tld.is_none() && n_high < FEW && is_other_latin(encoding) {
        // A pound sign alone would be a Polish letter to the detector.
        encoding = encoding_rs::WINDOWS_1252;
    }
    if encoding == encoding_rs::ISO_2022_JP && has_idle_escape(bytes) {
        let bytes = without_idle_escapes(bytes);
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        return (Cow::Owned(text.into_owned()), encoding.name());
    }
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    (text, encoding.name())
}

fn is_other_latin(encoding: &'static encoding_rs::Encoding) -> bool {
    matches!(
        encoding.name(),
        "windows-1250" | "windows-1254" | "windows-1257" | "windows-1258" | "ISO-8859-2" | "ISO-8859-4"
    )
}

/// Known names inside labels of one mailer's making, as `chinesebig5` and `gb2312_charset`.
fn named_inside(label: &str) -> Option<&'static str> {
    const NAMES: [&str; 8] =
        ["big5", "gb2312", "gbk", "utf-8", "euc-kr", "koi8-r", "shift_jis", "iso-8859-1"];
    NAMES.into_iter().find(|name| label.contains(name))
}

/// Encoded words each end in ASCII; joined, one shift stands directly before the next, which the encoding standard
/// calls an error.
fn has_idle_escape(bytes: &[u8]) -> bool {
    bytes.windows(4).any(is_idle_escape)
}

fn is_idle_escape(window: &[u8]) -> bool {
    matches!(window, [0x1B, b'(', b'B' | b'J', 0x1B])
}

fn without_idle_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, tail)) = rest.split_first() {
        if rest.get(..4).is_some_and(is_idle_escape) {
            rest = &rest[3..];
        } else {
            out.push(byte);
            rest = tail;
        }
    }
    out
}

fn as_utf8(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// A label without quotes, blanks and the language that RFC 2231 allows after `*`.
pub(super) fn plain_label(label: &str) -> String {
    let label = label.split('*').next().unwrap_or_default();
    label
        .trim_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'' | ';'))
        .to_ascii_lowercase()
}

/// Charsets in which bytes below 0x80 do not mean ASCII.
fn is_seven_bit_code(label: &str) -> bool {
    label.starts_with("utf-7")
        || label.starts_with("utf7")
        || label.starts_with("unicode-1-1-utf-7")
        || label.starts_with("csunicode11utf7")
        || label.starts_with("utf-16")
        || label.starts_with("utf-32")
        || label.starts_with("iso-2022")
        || label.starts_with("csiso2022")
        || label.starts_with("hz")
        || label.starts_with("ucs-2")
        || label.starts_with("iso-10646")
}

fn is_western(label: &str) -> bool {
    matches!(
        label,
        "iso-8859-1"
            | "iso8859-1"
            | "iso_8859-1"
            | "latin1"
            | "iso-8859-15"
            | "iso8859-15"
            | "windows-1252"
            | "cp1252"
            | "x-user-defined"
    )
}

/// Two seven-bit codes of real mail that the encoding standard refuses to decode, because in a browser they are a way
/// to smuggle tags. Here the sanitiser runs after decoding, so they are only text.
fn refused_by_the_standard(label: &str, bytes: &[u8]) -> Option<String> {
    match label {
        "hz" | "hz-gb-2312" => {
            Some(encoding_rs::GBK.decode_without_bom_handling(&hz_to_gbk(bytes)).0.into_owned())
        }
        "iso-2022-kr" | "csiso2022kr" => {
            Some(encoding_rs::EUC_KR.decode_without_bom_handling(&kr_to_euc(bytes)).0.into_owned())
        }
        _ => None,
    }
}

/// RFC 1843: `~{` starts two-byte GB 2312 without the high bits, `~}` ends it, `~~` is a tilde.
fn hz_to_gbk(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut wide = false;
    let mut rest = bytes;
    loop {
        match rest {
            [b'~', b'{', tail @ ..] => (wide, rest) = (true, tail),
            [b'~', b'}', tail @ ..] => (wide, rest) = (false, tail),
            [b'~', b'~', tail @ ..] if !wide => {
                out.push(b'~');
                rest = tail;
            }
            [b'~', b'\n', tail @ ..] => rest = tail,
            [b'\n', tail @ ..] => {
                // A line always starts in ASCII.
                wide = false;
                out.push(b'\n');
                rest = tail;
            }
            [a @ 0x21..=0x7E, b @ 0x21..=0x7E, tail @ ..] if wide => {
                out.extend([a | 0x80, b | 0x80]);
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

/// RFC 1557: between SO and SI the bytes are KS C 5601 without the high bits; `ESC $ ) C` announces it.
fn kr_to_euc(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut wide = false;
    let mut rest = bytes;
    loop {
        match rest {
            [0x1B, b'$', b')', b'C', tail @ ..] => rest = tail,
            [0x0E, tail @ ..] => (wide, rest) = (true, tail),
            [0x0F, tail @ ..] => (wide, rest) = (false, tail),
            [byte, tail @ ..] => {
                out.push(if wide && matches!(byte, 0x21..=0x7E) { byte | 0x80 } else { *byte });
                rest = tail;
            }
            [] => return out,
        }
    }
}
