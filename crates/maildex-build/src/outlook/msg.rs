//! .msg files (MS-OXMSG): one item in a compound file, its properties in streams.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use cfb::CompoundFile;

use crate::outlook::item::{Attached, Item};
use crate::outlook::property::{Bag, Names, Value, decode, names};

/// Items inside each other that are opened.
const MAX_DEPTH: u32 = 16;
/// Texts of one property, and recipients or attachments of one item.
const MAX_VALUES: usize = 100_000;

/// What a compound file turned out to be.
pub(crate) enum Found {
    Item(Box<Item>),
    /// An Office document or anything else that keeps its parts in this way.
    Other,
}

type File<'b> = CompoundFile<Cursor<&'b [u8]>>;

/// Reads a compound file.
///
/// Fails where it contradicts itself. The crate holds locks and sums of sizes that a forged file could make it panic
/// on, and a panic would end the whole build: hence the guard.
pub(crate) fn read(bytes: &[u8]) -> io::Result<Found> {
    catch_unwind(AssertUnwindSafe(|| open(bytes)))
        .unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::InvalidData, "contradicts itself")))
}

fn open(bytes: &[u8]) -> io::Result<Found> {
    let mut file = CompoundFile::open(Cursor::new(bytes))?;
    if !file.is_stream("/__properties_version1.0") {
        return Ok(Found::Other);
    }
    // A stream may be named by more than one entry, but what is read is never more than a few times the file.
    let mut reader =
        Reader { left: bytes.len() as u64 * 4 + (1 << 20), file: &mut file, names: Names::new() };
    let name = |own: &str| format!("/__nameid_version1.0/__substg1.0_{own}0102");
    let [guids, entries, strings] =
        ["0002", "0003", "0004"].map(|own| reader.stream(&name(own)).unwrap_or_default());
    reader.names = names(&guids, &entries, &strings);
    let mut item = reader.item("", 32, 0)?;
    item.settle_charset(0);
    Ok(Found::Item(Box::new(item)))
}

struct Reader<'f, 'b> {
    file: &'f mut File<'b>,
    names: Names,
    /// Bytes that may still be read.
    left: u64,
}

impl Reader<'_, '_> {
    fn stream(&mut self, path: &str) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let stream = self.file.open_stream(path)?;
        stream.take(self.left).read_to_end(&mut bytes)?;
        self.left -= bytes.len() as u64;
        Ok(bytes)
    }

    /// The item in a storage; `header` is the bytes before its list of properties.
    fn item(&mut self, path: &str, header: usize, depth: u32) -> io::Result<Item> {
        let mut item = Item { bag: self.bag(path, header)?, ..Item::default() };
        let inner: BTreeSet<String> = self
            .file
            .read_storage(if path.is_empty() { "/" } else { path })?
            .filter(|entry| entry.is_storage())
            .map(|entry| entry.name().to_owned())
            .take(MAX_VALUES)
            .collect();
        for name in inner {
            let storage = format!("{path}/{name}");
            if name.starts_with("__recip_version1.0_") {
                item.recipients.extend(self.bag(&storage, 8));
            } else if name.starts_with("__attach_version1.0_") {
                let mut attached = Attached { bag: self.bag(&storage, 8)?, item: None };
                let object = format!("{storage}/__substg1.0_3701000D");
                if depth < MAX_DEPTH && self.file.is_storage(&object) {
                    attached.item = self.item(&object, 24, depth + 1).ok().map(Box::new);
                }
                item.attachments.push(attached);
            }
        }
        Ok(item)
    }

    fn bag(&mut self, path: &str, header: usize) -> io::Result<Bag> {
        let list = self.stream(&format!("{path}/__properties_version1.0"))?;
        let mut bag = Bag::default();
        for entry in list.get(header..).unwrap_or_default().as_chunks::<16>().0 {
            let kind = u16::from_le_bytes([entry[0], entry[1]]);
            let id = u16::from_le_bytes([entry[2], entry[3]]);
            let value = match kind {
                0x0002 | 0x0003 | 0x000B | 0x0014 | 0x0040 => decode(kind, &entry[8..]),
                0x001E | 0x001F | 0x0102 => {
                    let stream = self.stream(&format!("{path}/__substg1.0_{id:04X}{kind:04X}"));
                    stream.ok().and_then(|bytes| decode(kind, &bytes))
                }
                0x101E | 0x101F => {
                    Some(self.several(&format!("{path}/__substg1.0_{id:04X}{kind:04X}"), kind))
                }
                _ => None,
            };
            if let Some(value) = value {
                bag.put(id, &self.names, value);
            }
        }
        Ok(bag)
    }

    /// Several texts lie in streams with numbers behind their names.
    fn several(&mut self, path: &str, kind: u16) -> Value {
        let mut values = Vec::new();
        while values.len() < MAX_VALUES {
            let Ok(bytes) = self.stream(&format!("{path}-{:08X}", values.len())) else { break };
            values.extend(decode(kind & 0x0FFF, &bytes));
        }
        Value::Texts(values)
    }
}

#[cfg(test)]
pub(crate) mod tests;
