#[path = "../../../../tests/support/pdf.rs"]
mod pdf_file;

use super::*;
use pdf_file::{drawn, pdf};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const MOST: usize = 1 << 20;

/// The words of a file that is read as a whole.
#[track_caller]
fn words(file: &[u8]) -> String {
    let Words { text, unread } = read(file, MOST);
    assert_eq!(unread, None, "{text}");
    text
}

fn unread(file: &[u8]) -> Option<Unread> {
    read(file, MOST).unread
}

fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn word_documents_paragraph_by_paragraph() {
    let body = "<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>Tide &amp; har</w:t></w:r><w:r><w:t>bour</w:t></w:r></w:p>\
                <w:p><w:r><w:t>second</w:t><w:tab/><w:t>column</w:t></w:r></w:p></w:body></w:document>";
    let notes = "<w:footnotes xmlns:w=\"w\"><w:p><w:t>a note</w:t></w:p></w:footnotes>";
    let file =
        zip(&[("[Content_Types].xml", ""), ("word/document.xml", body), ("word/footnotes.xml", notes)]);
    assert_eq!(words(&file), "Tide & harbour\nsecond column\na note\n");
}

#[test]
fn slides_in_their_order() {
    let slide =
        |text: &str| format!("<p:sld xmlns:a=\"a\" xmlns:p=\"p\"><a:p><a:t>{text}</a:t></a:p></p:sld>");
    let (first, second, tenth) = (slide("one"), slide("two"), slide("ten"));
    let file = zip(&[
        ("ppt/slides/slide10.xml", &tenth),
        ("ppt/slides/slide2.xml", &second),
        ("ppt/presentation.xml", ""),
        ("ppt/slides/slide1.xml", &first),
    ]);
    assert_eq!(words(&file), "one\ntwo\nten\n");
}

#[test]
fn open_documents() {
    let content = "<o:document xmlns:o=\"o\" xmlns:t=\"t\"><t:h>Title</t:h><t:p>a<t:s/>b</t:p></o:document>";
    let file = zip(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", content)]);
    assert_eq!(words(&file), "Title\na b\n");
}

#[test]
fn archives_are_listed() {
    assert_eq!(words(&zip(&[("plan/ferry.txt", "x"), ("map.png", "y")])), "plan/ferry.txt\nmap.png\n");
}

#[test]
fn rich_text() {
    assert_eq!(words(b"{\\rtf1\\ansi Dear \\b Ada\\b0\\par caf\\'e9}").trim(), "Dear Ada\ncaf\u{e9}");
}

#[test]
fn pages_of_pdf() {
    let text = words(&pdf(&drawn("The ferry leaves at nine"), ""));
    assert!(text.contains("The ferry leaves at nine"), "{text:?}");
}

/// A Word document of before 2007 with a narrow and a wide piece.
fn old_word(flags: u16) -> Vec<u8> {
    let mut main = vec![0; 0x400];
    main[0x0A..0x0C].copy_from_slice(&flags.to_le_bytes());
    let narrow = b"Dear Ada\rHYPERLINK";
    main[0x200..0x200 + narrow.len()].copy_from_slice(narrow);
    let wide: Vec<u8> = "\u{13}PAGE\u{14}7\u{15} søren\r".encode_utf16().flat_map(u16::to_le_bytes).collect();
    main[0x300..0x300 + wide.len()].copy_from_slice(&wide);
    let positions = [0u32, 9, 9 + wide.len() as u32 / 2];
    let mut pieces: Vec<u8> = positions.iter().flat_map(|position| position.to_le_bytes()).collect();
    for at in [0x4000_0000 | (0x200 * 2), 0x300u32] {
        pieces.extend_from_slice(&[0, 0]);
        pieces.extend_from_slice(&at.to_le_bytes());
        pieces.extend_from_slice(&[0, 0]);
    }
    // A change of properties comes before the pieces.
    let mut table = vec![1, 2, 0, 9, 9, 2];
    table.extend_from_slice(&(pieces.len() as u32).to_le_bytes());
    table.extend_from_slice(&pieces);
    main[0x1A6..0x1AA].copy_from_slice(&(table.len() as u32).to_le_bytes());
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/WordDocument").unwrap().write_all(&main).unwrap();
    file.create_stream("/0Table").unwrap().write_all(&table).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn old_word_documents_by_their_pieces() {
    assert_eq!(words(&old_word(0)), "Dear Ada\n7 søren\n");
    assert_eq!(unread(&old_word(0x0100)), Some(Unread::Locked));
}

#[test]
fn old_slides_by_their_records() {
    let record = |version: u16, kind: u16, content: &[u8]| {
        let mut bytes = [version.to_le_bytes(), kind.to_le_bytes()].concat();
        bytes.extend_from_slice(&(content.len() as u32).to_le_bytes());
        bytes.extend_from_slice(content);
        bytes
    };
    let wide: Vec<u8> = "søren".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let texts =
        [record(0, 0x0FA8, b"Dear Ada"), record(0, 0x0FA0, &wide), record(0, 0x0FA1, b"style")].concat();
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/PowerPoint Document").unwrap().write_all(&record(0xF, 0x03E8, &texts)).unwrap();
    file.flush().unwrap();
    assert_eq!(words(&file.into_inner().into_inner()), "Dear Ada\nsøren\n");
}

#[test]
fn what_is_cut_or_nonsense_is_an_error_or_a_part_of_it() {
    let body = "<w:p><w:t>words</w:t></w:p>".repeat(50);
    for file in [zip(&[("word/document.xml", &body)]), old_word(0), pdf(&drawn("words"), "")] {
        for end in (0..file.len()).step_by(file.len() / 40 + 1) {
            let _: Words = read(&file[..end], MOST);
        }
    }
    assert_eq!(unread(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1nonsense"), Some(Unread::Damaged));
    for file in [&b"plain text"[..], b"", b"\x89PNG\r\n", b"a text about %PDF-1.4"] {
        assert_eq!(kind(file), None);
        assert_eq!(read(file, MOST), Words::default());
    }
}

#[test]
fn a_text_is_no_longer_than_was_asked_for() {
    let body = format!("<w:p><w:t>{}</w:t></w:p>", "words ".repeat(100)).repeat(1000);
    let Words { text, unread } = read(&zip(&[("word/document.xml", &body)]), 1000);
    assert_eq!((text.len(), unread), (1000, Some(Unread::Cut)));
}

#[test]
fn requests_and_answers() {
    let mut requests = Vec::new();
    for file in [&b"{\\rtf1 Ada}"[..], b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b""] {
        requests.extend_from_slice(&(file.len() as u64).to_le_bytes());
        requests.extend_from_slice(&100u32.to_le_bytes());
        requests.extend_from_slice(file);
    }
    let mut answers = Vec::new();
    pipe::answer(&requests[..], &mut answers, || {}).unwrap();
    assert_eq!(answers, b"\0\x03\0\0\0Ada\x03\0\0\0\0\0\0\0\0\0");
    assert!(pipe::answer(&u64::MAX.to_le_bytes().repeat(2)[..], &mut Vec::new(), || {}).is_err());
}
