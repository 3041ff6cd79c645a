//! Office files before 2007, which are compound files: Word by its piece table (MS-DOC 2.4.1), PowerPoint by the records
//! of its texts (MS-PPT 2.9.41), Excel by the crate `calamine`. No kept crate reads the first two.

use super::{Unread, Words, zipped};
use cfb::CompoundFile;
use std::io::{Cursor, Read};

type File<'b> = CompoundFile<Cursor<&'b [u8]>>;

/// The text of a document, or of a message that Outlook saved; empty for a compound file that is neither.
pub(super) fn read(bytes: &[u8], most: usize) -> Words {
    let Ok(mut file) = CompoundFile::open(Cursor::new(bytes)) else { return Words::none(Unread::Damaged) };
    if file.is_stream("/WordDocument") {
        return word(&mut file, bytes.len(), most).map_or_else(Words::none, Words::whole);
    }
    if file.is_stream("/PowerPoint Document") {
        let Ok(records) = stream(&mut file, "/PowerPoint Document", bytes.len()) else {
            return Words::none(Unread::Damaged);
        };
        let mut text = String::new();
        slides(&records, 0, most, &mut text);
        return Words::whole(text);
    }
    if file.is_stream("/Workbook") || file.is_stream("/Book") {
        return zipped::sheets(bytes, zipped::Form::OldSheet, most);
    }
    // Office puts what it has encrypted into such a file.
    if file.is_stream("/EncryptedPackage") { Words::none(Unread::Locked) } else { Words::default() }
}

fn stream(file: &mut File<'_>, name: &str, most: usize) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    let stream = file.open_stream(name).map_err(|_| Unread::Damaged)?;
    // No stream is longer than its file; a chain that runs in circles is.
    stream.take(most as u64).read_to_end(&mut bytes).map_err(|_| Unread::Damaged)?;
    Ok(bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, Unread> {
    let part = bytes.get(at..).and_then(<[u8]>::first_chunk).ok_or(Unread::Damaged)?;
    Ok(u16::from_le_bytes(*part))
}

fn u32_at(bytes: &[u8], at: usize) -> Result<usize, Unread> {
    let part = bytes.get(at..).and_then(<[u8]>::first_chunk).ok_or(Unread::Damaged)?;
    Ok(u32::from_le_bytes(*part) as usize)
}

/// Flags of the FIB (MS-DOC 2.5.2): encrypted; the table is in the stream 1Table.
const ENCRYPTED: u16 = 0x0100;
const SECOND_TABLE: u16 = 0x0200;
/// Where the FIB says where the piece table is: `fcClx` and `lcbClx` (MS-DOC 2.5.6).
const CLX: usize = 0x01A2;
/// A piece of one byte a character; its offset is doubled then (MS-DOC 2.9.73).
const NARROW: usize = 0x4000_0000;

fn word(file: &mut File<'_>, size: usize, most: usize) -> Result<String, Unread> {
    let main = stream(file, "/WordDocument", size)?;
    let flags = u16_at(&main, 0x0A)?;
    if flags & ENCRYPTED != 0 {
        return Err(Unread::Locked);
    }
    let table = if flags & SECOND_TABLE != 0 { "/1Table" } else { "/0Table" };
    let table = stream(file, table, size)?;
    let (from, length) = (u32_at(&main, CLX)?, u32_at(&main, CLX + 4)?);
    let mut clx = table.get(from..from.saturating_add(length)).ok_or(Unread::Damaged)?;
    // Property changes come before the pieces.
    while clx.first() == Some(&1) {
        let n = usize::from(u16_at(clx, 1)?);
        clx = clx.get(3 + n..).ok_or(Unread::Damaged)?;
    }
    if clx.first() != Some(&2) {
        return Err(Unread::Damaged);
    }
    let pieces = clx.get(5..).and_then(|rest| rest.get(..u32_at(clx, 1).ok()?)).ok_or(Unread::Damaged)?;
    // n + 1 positions of four bytes, n descriptors of eight.
    let n = pieces.len().saturating_sub(4) / 12;
    let mut text = String::new();
    for piece in 0..n {
        let (from, until) = (u32_at(pieces, piece * 4)?, u32_at(pieces, piece * 4 + 4)?);
        let chars = until.checked_sub(from).ok_or(Unread::Damaged)?;
        let at = u32_at(pieces, (n + 1) * 4 + piece * 8 + 2)?;
        put_piece(&main, at, chars, &mut text);
        if text.len() > most {
            break;
        }
    }
    Ok(without_fields(&text))
}

fn put_piece(main: &[u8], at: usize, chars: usize, text: &mut String) {
    if at & NARROW != 0 {
        let from = (at & !NARROW) / 2;
        let bytes = main.get(from..).unwrap_or_default();
        text.push_str(
            &encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes[..bytes.len().min(chars)]).0,
        );
    } else {
        let bytes = main.get(at..).unwrap_or_default();
        let bytes = &bytes[..bytes.len().min(chars.saturating_mul(2))];
        text.push_str(&encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0);
    }
}

/// Marks of Word as what they stand for: ends of paragraphs and cells; instructions of fields are left out, their
/// results stay (MS-DOC 2.8.25).
fn without_fields(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // For each open field, whether its instructions are being passed over.
    let mut fields: Vec<bool> = Vec::new();
    for c in text.chars() {
        match c {
            '\u{13}' => fields.push(true),
            '\u{14}' => drop(fields.last_mut().map(|own| *own = false)),
            '\u{15}' => drop(fields.pop()),
            _ if fields.contains(&true) => {}
            '\r' | '\u{B}' | '\u{C}' => out.push('\n'),
            '\u{7}' => out.push('\t'),
            '\u{1E}' => out.push('-'),
            '\t' | '\n' => out.push(c),
            _ if c.is_control() => {}
            _ => out.push(c),
        }
    }
    out
}

/// Texts of PowerPoint: two bytes a character, or one.
const TEXT_CHARS: u16 = 0x0FA0;
const TEXT_BYTES: u16 = 0x0FA8;
/// Records inside each other.
const MAX_DEPTH: u32 = 32;

/// The texts in the records, in their order. What is damaged ends it.
fn slides(mut records: &[u8], depth: u32, most: usize, text: &mut String) {
    while let (Ok(version), Ok(kind), Ok(length)) =
        (u16_at(records, 0), u16_at(records, 2), u32_at(records, 4))
    {
        let rest = records.get(8..).unwrap_or_default();
        let content = &rest[..rest.len().min(length)];
        match kind {
            TEXT_CHARS => text.push_str(&encoding_rs::UTF_16LE.decode_without_bom_handling(content).0),
            TEXT_BYTES => text.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(content).0),
            _ if version & 0xF == 0xF && depth < MAX_DEPTH => slides(content, depth + 1, most, text),
            _ => {}
        }
        if matches!(kind, TEXT_CHARS | TEXT_BYTES) {
            text.push('\n');
        }
        if text.len() > most {
            return;
        }
        records = &rest[content.len()..];
    }
}
