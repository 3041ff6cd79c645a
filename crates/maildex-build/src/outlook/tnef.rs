//! TNEF (MS-OXTNEF): the attachment winmail.dat, in which Outlook puts a message with its attachments.
//!
//! The crate `tnef` (0.1.1) stops at the attributes; names, bodies and items inside are in the properties that some
//! of them hold.

use crate::outlook::item::{Attached, Item};
use crate::outlook::property::{Bag, Names, Set, Tag, Value, decode};

/// The first bytes of the format.
pub(crate) const MAGIC: &[u8] = b"\x78\x9F\x3E\x22";

/// Messages inside each other that are read.
const MAX_DEPTH: u32 = 16;

/// A place in bytes that ends quietly.
struct Cursor<'b>(&'b [u8]);

impl<'b> Cursor<'b> {
    fn take(&mut self, n: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    /// Bytes with their length before them, filled up to four.
    fn padded(&mut self) -> Option<&'b [u8]> {
        let n = self.u32()? as usize;
        let bytes = self.take(n)?;
        let fill = n.next_multiple_of(4) - n;
        self.0 = self.0.get(fill..).unwrap_or_default();
        Some(bytes)
    }
}

/// Reads a message; `None` where the bytes are not TNEF or hold nothing. What comes before damage is given, and whether there is any.
pub(crate) fn read(bytes: &[u8]) -> Option<(Item, bool)> {
    let (mut item, is_whole) = stream(bytes, 0).filter(|(item, _)| *item != Item::default())?;
    item.settle_charset(0);
    Some((item, is_whole))
}

fn stream(bytes: &[u8], depth: u32) -> Option<(Item, bool)> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let mut cursor = Cursor(rest.get(2..)?);
    let mut item = Item::default();
    while !cursor.0.is_empty() {
        let attribute = (|| {
            let level = cursor.take(1)?[0];
            let id = cursor.u32()?;
            let n = cursor.u32()? as usize;
            let data = cursor.take(n)?;
            // A checksum follows; at the very end some writers leave it out.
            cursor.0 = cursor.0.get(2..).unwrap_or_default();
            Some((level, id, data))
        })();
        let Some((level, id, data)) = attribute else { return Some((item, false)) };
        match level {
            1 => of_message(id, data, &mut item),
            2 => of_attachment(id, data, &mut item, depth),
            _ => return Some((item, false)),
        }
    }
    Some((item, true))
}

fn of_message(id: u32, data: &[u8], item: &mut Item) {
    let put = |item: &mut Item, id, value| item.bag.put(id, &Names::new(), value);
    match id {
        // Class, subject, text, id: only some writers give them as properties too.
        0x0007_8008 => put(item, 0x001A, Value::Narrow(data.to_vec())),
        0x0001_8004 => put(item, 0x0037, Value::Narrow(data.to_vec())),
        0x0002_800C => put(item, 0x1000, Value::Narrow(data.to_vec())),
        0x0006_9003 => properties(&mut Cursor(data), &mut item.bag),
        0x0006_9004 => {
            let mut cursor = Cursor(data);
            let n = cursor.u32().unwrap_or(0);
            for _ in 0..n {
                if cursor.0.is_empty() {
                    break;
                }
                let mut bag = Bag::default();
                properties(&mut cursor, &mut bag);
                item.recipients.push(bag);
            }
        }
        0x0006_9007 => {
            let codepage = data.first_chunk::<4>().map_or(0, |four| u32::from_le_bytes(*four));
            put(item, 0x3FFD, Value::Integer(codepage.into()));
        }
        _ => {}
    }
}

fn of_attachment(id: u32, data: &[u8], item: &mut Item, depth: u32) {
    if id == 0x0006_9002 {
        // How it is shown comes first and begins an attachment.
        return item.attachments.push(Attached::default());
    }
    let Some(own) = item.attachments.last_mut() else { return };
    match id {
        0x0001_8010 => own.bag.put(0x3704, &Names::new(), Value::Narrow(data.to_vec())),
        0x0006_800F => own.bag.put(0x3701, &Names::new(), Value::Bytes(data.to_vec())),
        0x0006_9005 => {
            let content = own.bag.bytes(0x3701).map(<[u8]>::to_vec);
            properties(&mut Cursor(data), &mut own.bag);
            // An object is the id of its interface and then itself: a message is TNEF again.
            let object = own.bag.bytes(0x3701).and_then(|bytes| bytes.get(16..));
            let inner = object.filter(|_| depth < MAX_DEPTH).and_then(|object| stream(object, depth + 1));
            own.item = inner.map(|(item, _)| Box::new(item));
            if let Some(content) = content {
                own.bag.put(0x3701, &Names::new(), Value::Bytes(content));
            }
        }
        _ => {}
    }
}

/// A list of properties; it ends at the first that makes no sense.
fn properties(cursor: &mut Cursor<'_>, bag: &mut Bag) {
    let n = cursor.u32().unwrap_or(0);
    for _ in 0..n {
        if property(cursor, bag).is_none() {
            cursor.0 = &[];
            return;
        }
    }
}

fn property(cursor: &mut Cursor<'_>, bag: &mut Bag) -> Option<()> {
    let head = cursor.u32()?;
    let (kind, id) = (head as u16, (head >> 16) as u16);
    let tag = if id < 0x8000 { Some(Tag::Id(id)) } else { name(cursor)? };
    let single = kind & 0x0FFF;
    let is_several = kind & 0x1000 != 0;
    let fixed = match single {
        0x0001 => 0,
        0x0002 | 0x0003 | 0x0004 | 0x000A | 0x000B => 4,
        0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => 8,
        0x0048 => 16,
        0x000D | 0x001E | 0x001F | 0x0102 => usize::MAX,
        _ => return None,
    };
    let n = if is_several || fixed == usize::MAX { cursor.u32()? } else { 1 };
    let mut values = Vec::new();
    for _ in 0..n {
        let bytes = if fixed == usize::MAX { cursor.padded()? } else { cursor.take(fixed)? };
        values.extend(decode(single, bytes));
    }
    let value = if is_several { Some(Value::Texts(values)) } else { values.pop() };
    if let (Some(tag), Some(value)) = (tag, value) {
        bag.put_tag(tag, value);
    }
    Some(())
}

/// The name of a property from 0x8000 on; `Some(None)` for one that does not matter.
fn name(cursor: &mut Cursor<'_>) -> Option<Option<Tag>> {
    let set = Set::of(cursor.take(16)?);
    if cursor.u32()? == 0 {
        let number = cursor.u32()?;
        return Some(set.map(|set| Tag::Named(set, number)));
    }
    let text = crate::outlook::property::utf16(cursor.padded()?);
    Some((text.trim_end_matches('\0') == "Keywords").then_some(Tag::Keywords))
}

#[cfg(test)]
pub(crate) mod tests;
