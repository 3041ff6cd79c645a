//! Files that are zip archives: documents of Office since 2007 and OpenDocument, and archives, of which the names are read.

use super::{MAX_MEMBERS, MAX_UNPACKED, Unread, Words, listed};
use calamine::{Data, Ods, Reader as _, Xls, Xlsb, Xlsx};
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use std::io::{BufReader, Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// The text of a document, the cells of a sheet, or the names in an archive.
pub(super) fn read(bytes: &[u8], most: usize) -> Words {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return Words::none(Unread::Damaged) };
    let names = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned()));
    let names: Vec<String> = names.take(MAX_MEMBERS + 1).collect();
    let has = |name: &str| names.iter().any(|own| own == name);
    if has("word/document.xml") {
        let parts = [
            "word/document",
            "word/footnotes",
            "word/endnotes",
            "word/comments",
            "word/header",
            "word/footer",
        ];
        return documents(&mut archive, &in_order(&names, &parts), most);
    }
    if has("ppt/presentation.xml") {
        return documents(
            &mut archive,
            &in_order(&names, &["ppt/slides/slide", "ppt/notesSlides/notesSlide"]),
            most,
        );
    }
    let form = match start_of(&mut archive, "mimetype", 200) {
        _ if has("xl/workbook.xml") => Form::Sheet,
        _ if has("xl/workbook.bin") => Form::BinarySheet,
        mimetype if has("content.xml") && mimetype.contains("spreadsheet") => Form::OpenSheet,
        mimetype if has("content.xml") && mimetype.contains("opendocument") => {
            if start_of(&mut archive, "META-INF/manifest.xml", 1 << 20).contains("encryption-data") {
                return Words::none(Unread::Locked);
            }
            return documents(&mut archive, &["content.xml".to_owned()], most);
        }
        _ => return listed::names(names.iter().map(String::as_str)),
    };
    // The crate unpacks sheets as a whole.
    if archive.decompressed_size().is_none_or(|size| size > u128::from(MAX_UNPACKED)) {
        return Words::none(Unread::TooMuch);
    }
    sheets(bytes, form, most)
}

/// Members whose names begin so, by the order of these beginnings and then of the numbers that follow.
fn in_order(names: &[String], starts: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for start in starts {
        let number = |name: &str| -> Option<u32> {
            let rest = name.strip_prefix(start)?.strip_suffix(".xml")?;
            if rest.is_empty() { Some(0) } else { rest.parse().ok() }
        };
        let mut own: Vec<(u32, &String)> =
            names.iter().filter_map(|name| Some((number(name)?, name))).collect();
        own.sort();
        found.extend(own.into_iter().map(|(_, name)| name.clone()));
    }
    found
}

/// What a member begins with; nothing if it is not there or cannot be read.
fn start_of(archive: &mut Archive<'_>, name: &str, most: u64) -> String {
    let mut start = Vec::new();
    if let Ok(member) = archive.by_name(name) {
        // What cannot be read says nothing, as an empty one does.
        let _ = member.take(most).read_to_end(&mut start);
    }
    String::from_utf8_lossy(&start).into_owned()
}

fn documents(archive: &mut Archive<'_>, names: &[String], most: usize) -> Words {
    let mut words = Words::default();
    let mut left = MAX_UNPACKED;
    for name in names {
        let unread = match archive.by_name(name) {
            Ok(member) => paragraphs(member, most, &mut left, &mut words.text).err(),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => Some(Unread::Locked),
            Err(_) => Some(Unread::Damaged),
        };
        // A damaged footnote does not take the document with it.
        words.unread = words.unread.or(unread);
        if matches!(unread, Some(Unread::TooMuch | Unread::Cut)) {
            break;
        }
    }
    words
}

/// The text of a part: all characters between the tags, with a line for each paragraph. What stands before damage is
/// there. Entities that a document declares itself are left out, so nothing is fetched and nothing grows.
fn paragraphs(member: impl Read, most: usize, left: &mut u64, text: &mut String) -> Result<(), Unread> {
    let mut reader = Reader::from_reader(BufReader::new(member.take(*left)));
    let mut buffer = Vec::new();
    let result = loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Text(part)) => text.push_str(&part.xml10_content()),
            Ok(Event::CData(part)) => text.push_str(&part.xml10_content()),
            Ok(Event::GeneralRef(part)) => match part.resolve_char_ref() {
                Ok(Some(c)) => text.push(c),
                _ => text.push_str(resolve_predefined_entity(&part).unwrap_or_default()),
            },
            Ok(Event::End(tag)) if matches!(tag.local_name().as_ref(), "p" | "h") => text.push('\n'),
            Ok(Event::End(tag)) if matches!(tag.local_name().as_ref(), "tc" | "table-cell") => {
                text.push('\t');
            }
            Ok(Event::Empty(tag))
                if matches!(tag.local_name().as_ref(), "tab" | "br" | "line-break" | "s") =>
            {
                text.push(' ');
            }
            Ok(Event::Eof) => break Ok(()),
            Ok(_) => {}
            Err(_) => break Err(Unread::Damaged),
        }
        buffer.clear();
        if text.len() > most {
            break Err(Unread::Cut);
        }
    };
    *left = reader.get_ref().get_ref().limit();
    if *left == 0 && text.len() <= most { Err(Unread::TooMuch) } else { result }
}

/// How a sheet is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Sheet,
    BinarySheet,
    OpenSheet,
    OldSheet,
}

/// The cells of every sheet, a line for each row.
pub(super) fn sheets(bytes: &[u8], form: Form, most: usize) -> Words {
    let file = Cursor::new(bytes);
    let why = |error: &dyn std::fmt::Debug| {
        let is_locked = format!("{error:?}").contains("assword");
        Words::none(if is_locked { Unread::Locked } else { Unread::Damaged })
    };
    match form {
        Form::Sheet => Xlsx::new(file).map_or_else(|error| why(&error), |book| flowing(book, most)),
        Form::BinarySheet => Xlsb::new(file).map_or_else(|error| why(&error), |book| grids(book, most)),
        Form::OpenSheet => Ods::new(file).map_or_else(|error| why(&error), |book| grids(book, most)),
        Form::OldSheet => Xls::new(file).map_or_else(|error| why(&error), |book| grids(book, most)),
    }
}

/// The cells one by one: two cells at opposite corners would otherwise make a grid of 17 thousand million.
fn flowing(mut book: Xlsx<Cursor<&[u8]>>, most: usize) -> Words {
    let mut words = Words::default();
    for name in book.sheet_names() {
        words.text.push_str(&name);
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        let mut row = None;
        loop {
            let cell = match cells.next_cell() {
                Ok(Some(cell)) => cell,
                Ok(None) => break,
                Err(_) => {
                    words.unread = Some(Unread::Damaged);
                    break;
                }
            };
            let own = cell.get_position().0;
            words.text.push(if row == Some(own) { '\t' } else { '\n' });
            row = Some(own);
            words.text.push_str(&Data::from(cell.get_value().clone()).to_string());
            if words.text.len() > most {
                return words;
            }
        }
        words.text.push('\n');
    }
    words
}

fn grids<'b, R: calamine::Reader<Cursor<&'b [u8]>>>(mut book: R, most: usize) -> Words {
    let mut words = Words::default();
    for name in book.sheet_names() {
        words.text.push_str(&name);
        words.text.push('\n');
        let Ok(range) = book.worksheet_range(&name) else {
            words.unread = Some(Unread::Damaged);
            continue;
        };
        for row in range.rows() {
            let before = words.text.len();
            for cell in row.iter().filter(|cell| !matches!(cell, Data::Empty)) {
                words.text.push_str(&cell.to_string());
                words.text.push('\t');
            }
            if words.text.len() > before {
                words.text.push('\n');
            }
            if words.text.len() > most {
                return words;
            }
        }
    }
    words
}
