//! MAPI properties: a bag of typed values by number, whatever file they lay in.

use std::collections::BTreeMap;

use encoding_rs::Encoding;

use crate::message;

/// The value of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Integer(i64),
    /// Hundreds of nanoseconds since 1601.
    Time(i64),
    Text(String),
    /// Text in a charset that another property names.
    Narrow(Vec<u8>),
    Bytes(Vec<u8>),
    /// Several texts.
    Texts(Vec<Value>),
}

/// The number of a property. Numbers from 0x8000 on mean something else in every file; those that matter are known by
/// the set and number of their name instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tag {
    Id(u16),
    Named(Set, u32),
    /// The categories, which have a name in letters.
    Keywords,
}

/// Sets of named properties (MS-OXPROPS, 1.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Set {
    Appointment,
    Task,
    Address,
}

impl Set {
    /// The set of a GUID as it lies in files.
    pub(crate) fn of(guid: &[u8]) -> Option<Set> {
        // All are {0006xxxx-0000-0000-C000-000000000046}.
        let (number, rest) = guid.split_at_checked(4)?;
        if rest != [0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46] {
            return None;
        }
        match number {
            [0x02, 0x20, 0x06, 0x00] => Some(Set::Appointment),
            [0x03, 0x20, 0x06, 0x00] => Some(Set::Task),
            [0x04, 0x20, 0x06, 0x00] => Some(Set::Address),
            _ => None,
        }
    }
}

/// What the numbers from 0x8000 on mean in one file.
pub(crate) type Names = BTreeMap<u16, Tag>;

/// Reads the names of a file from its three streams, which a PST and a .msg share (MS-PST, 2.4.7; MS-OXMSG, 2.2.3).
#[cfg(not(target_family = "wasm"))]
pub(crate) fn names(guids: &[u8], entries: &[u8], strings: &[u8]) -> Names {
    let mut names = Names::new();
    for entry in entries.as_chunks::<8>().0 {
        let [a, b, c, d, guid_low, guid_high, index_low, index_high] = *entry;
        let number = u32::from_le_bytes([a, b, c, d]);
        let guid = u16::from_le_bytes([guid_low, guid_high]);
        let Some(id) = 0x8000_u16.checked_add(u16::from_le_bytes([index_low, index_high])) else { continue };
        let tag = if guid & 1 == 1 {
            (string_at(strings, number).as_deref() == Some("Keywords")).then_some(Tag::Keywords)
        } else {
            let at = usize::from(guid >> 1).checked_sub(3).map(|at| at * 16);
            at.and_then(|at| Set::of(guids.get(at..at + 16)?)).map(|set| Tag::Named(set, number))
        };
        names.extend(tag.map(|tag| (id, tag)));
    }
    names
}

#[cfg(not(target_family = "wasm"))]
fn string_at(strings: &[u8], at: u32) -> Option<String> {
    let rest = strings.get(at as usize..)?;
    let (n, rest) = rest.split_first_chunk::<4>()?;
    Some(utf16(rest.get(..u32::from_le_bytes(*n) as usize)?))
}

/// The properties of a message, a recipient or an attachment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bag {
    values: BTreeMap<Tag, Value>,
    /// The charset of narrow texts: its Windows number, 0 where nothing says it.
    pub(crate) codepage: i64,
}

impl Bag {
    /// Puts a value in under the number it has in its file.
    pub(crate) fn put(&mut self, id: u16, names: &Names, value: Value) {
        let tag = if id < 0x8000 { Some(Tag::Id(id)) } else { names.get(&id).copied() };
        self.values.extend(tag.map(|tag| (tag, value)));
    }

    /// Puts a value in under what its number means.
    pub(crate) fn put_tag(&mut self, tag: Tag, value: Value) {
        self.values.insert(tag, value);
    }

    /// A text without its final zeros; empty where there is none.
    pub(crate) fn text(&self, id: u16) -> String {
        self.named_text(Tag::Id(id))
    }

    pub(crate) fn named_text(&self, tag: Tag) -> String {
        self.values.get(&tag).map(|value| self.decode(value)).unwrap_or_default()
    }

    pub(crate) fn integer(&self, tag: Tag) -> Option<i64> {
        match self.values.get(&tag)? {
            Value::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// A time in seconds since 1970; times before 1970 and after 9999 stand for "none".
    pub(crate) fn time(&self, tag: Tag) -> Option<i64> {
        const UNIX: i64 = 11_644_473_600;
        const YEAR_10000: i64 = 253_402_300_800;
        match self.values.get(&tag)? {
            Value::Time(ticks) => {
                let seconds = ticks.div_euclid(10_000_000) - UNIX;
                // 4501 is Outlook's "never".
                (0..YEAR_10000).contains(&seconds).then_some(seconds)
            }
            _ => None,
        }
    }

    pub(crate) fn bytes(&self, id: u16) -> Option<&[u8]> {
        match self.values.get(&Tag::Id(id))? {
            Value::Bytes(bytes) | Value::Narrow(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(crate) fn texts(&self, tag: Tag) -> Vec<String> {
        match self.values.get(&tag) {
            Some(Value::Texts(values)) => values.iter().map(|value| self.decode(value)).collect(),
            _ => Vec::new(),
        }
    }

    fn decode(&self, value: &Value) -> String {
        let text = match value {
            Value::Text(text) => text.clone(),
            Value::Narrow(bytes) => {
                let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
                narrow(bytes, self.codepage)
            }
            _ => return String::new(),
        };
        text.trim_end_matches('\0').to_owned()
    }
}

/// Decodes text of a Windows codepage; UTF-8 and unknown ones are found out.
pub(crate) fn narrow(bytes: &[u8], codepage: i64) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    message::decode(bytes, charset(codepage)).into_owned()
}

/// The name of a Windows codepage, as mail declares it.
pub(crate) fn charset(codepage: i64) -> Option<&'static str> {
    let label = match codepage {
        874 => "windows-874",
        932 => "shift_jis",
        936 => "gbk",
        949 => "euc-kr",
        950 => "big5",
        1250..=1258 => {
            return Encoding::for_label(format!("windows-{codepage}").as_bytes()).map(Encoding::name);
        }
        20866 => "koi8-r",
        21866 => "koi8-u",
        28591..=28605 => {
            let label = format!("iso-8859-{}", codepage - 28590);
            return Encoding::for_label(label.as_bytes()).map(Encoding::name);
        }
        50220..=50222 => "iso-2022-jp",
        51932 => "euc-jp",
        51949 => "euc-kr",
        52936 | 54936 => "gb18030",
        65001 => "utf-8",
        _ => return None,
    };
    Some(label)
}

/// Decodes a value of fixed or variable size by its MAPI type (MS-OXCDATA, 2.11.1); `None` for what mail has no use of.
pub(crate) fn decode(kind: u16, bytes: &[u8]) -> Option<Value> {
    let integer = |n: usize| {
        let mut wide = [0; 8];
        wide[..n].copy_from_slice(bytes.get(..n)?);
        Some(i64::from_le_bytes(wide))
    };
    Some(match kind {
        0x0002 => Value::Integer(i64::from(integer(2)? as i16)),
        0x0003 => Value::Integer(i64::from(integer(4)? as i32)),
        0x000B => Value::Integer(i64::from(integer(1)? != 0)),
        0x0014 => Value::Integer(integer(8)?),
        0x0040 => Value::Time(integer(8)?),
        0x001E => Value::Narrow(bytes.to_vec()),
        0x001F => Value::Text(utf16(bytes)),
        0x0102 | 0x000D | 0x0048 => Value::Bytes(bytes.to_vec()),
        0x101E | 0x101F => Value::Texts(several(kind, bytes)?),
        _ => return None,
    })
}

/// Several texts as a PST keeps them: their number, where each begins, the texts (MS-PST, 2.3.3.4.2).
fn several(kind: u16, bytes: &[u8]) -> Option<Vec<Value>> {
    let at = |n: usize| {
        let word = bytes.get(n * 4..n * 4 + 4)?;
        Some(u32::from_le_bytes(word.try_into().ok()?) as usize)
    };
    let n = at(0)?;
    // The offsets lie in these bytes, so a forged number ends here.
    bytes.get(..n.checked_mul(4)?.checked_add(4)?)?;
    let text = |index: usize| {
        let end = if index + 1 < n { at(index + 2)? } else { bytes.len() };
        decode(kind & 0x0FFF, bytes.get(at(index + 1)?..end)?)
    };
    (0..n).map(text).collect()
}

/// UTF-16 with the lower byte first.
pub(crate) fn utf16(bytes: &[u8]) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
    char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).collect()
}
