use std::fs;
use std::path::Path;

use crate::input::{InputReport, Limits, Raw, Reason, read_any};
use crate::message::{Message, ParseOptions, parse};
use crate::outlook::pst::Layout;
use crate::outlook::pst::tests::{File, Property, properties, recipients, text};

fn read(path: &Path) -> (InputReport, Vec<Raw>) {
    let mut found = Vec::new();
    let mut sink = |raw| {
        found.push(raw);
        Ok(())
    };
    let report = read_any(path, &Limits::default(), &[], &mut sink, &mut |_| {}).expect("a file");
    (report, found)
}

fn read_bytes(bytes: &[u8]) -> (InputReport, Vec<Raw>) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("box.pst");
    fs::write(&path, bytes).expect("a file");
    read(&path)
}

fn parsed(raw: &Raw) -> Message {
    parse(&raw.bytes, raw.envelope_date, &ParseOptions::default())
}

/// Two folders, a message with recipients, an attachment and an item inside, an appointment without anything below
/// it, and a message whose stream is missing.
fn mailbox(layout: Layout, crypt: u8) -> Vec<u8> {
    let mut file = File::new(layout, crypt);
    let unicode = 0x001F;
    file.object(0x122, 0x122, &[(0x3001, unicode, &text("Root"))]);
    let top = [[0; 20].as_slice(), &0x8022_u32.to_le_bytes()].concat();
    file.object(0x21, 0, &[(0x35E0, 0x0102, &top)]);
    file.object(0x8022, 0x122, &[(0x3001, unicode, &text("Top of Personal Folders"))]);
    file.object(0x8042, 0x8022, &[(0x3001, unicode, &text("Inbox"))]);
    file.object(0x8062, 0x8042, &[(0x3001, unicode, &text("A/B"))]);
    let message = [
        (0x0037, unicode, text("\u{1}\u{1}Hello")),
        (0x1000, unicode, text("words")),
        (0x0C1A, unicode, text("Ann")),
    ];
    let message: Vec<Property> =
        message.iter().map(|(id, kind, bytes)| (*id, *kind, bytes.as_slice())).collect();
    let message = properties(file.layout(), &message);
    let message = file.block(&message, false);
    let to = file.block(&recipients(&[("Bob", "bob@b.example", 1), ("Cy", "cy@b.example", 2)]), false);
    let attached = properties(
        file.layout(),
        &[(0x3705, 0x0003, &[1, 0, 0, 0]), (0x3707, unicode, &text("a.txt")), (0x3701, 0x0102, b"attached")],
    );
    let attached = file.block(&attached, false);
    let inner = properties(
        file.layout(),
        &[(0x0037, unicode, &text("Inner")), (0x1000, unicode, &text("inner words"))],
    );
    let inner = file.block(&inner, false);
    let below = file.below(&[(0x24, inner, 0)]);
    let object = [0x24, 0, 0, 0, 9, 0, 0, 0];
    let holder = properties(file.layout(), &[(0x3705, 0x0003, &[5, 0, 0, 0]), (0x3701, 0x000D, &object)]);
    let holder = file.block(&holder, false);
    let below = file.below(&[(0x692, to, 0), (0x8025, attached, 0), (0x8045, holder, below)]);
    file.node(0x20_0024, message, below, 0x8062);
    file.object(
        0x20_0044,
        0x8042,
        &[(0x001A, unicode, &text("IPM.Appointment")), (0x0037, unicode, &text("Board"))],
    );
    file.node(0x20_0064, 0x4000, 0, 0x8042);
    file.object(0x8082, 0x122, &[(0x3001, unicode, &text("Freebusy Data"))]);
    file.object(0x20_0084, 0x8082, &[(0x0037, unicode, &text("LocalFreebusy"))]);
    file.write()
}

#[test]
fn a_mailbox_with_folders_and_what_items_hold() {
    for (layout, crypt) in [(Layout::Ansi, 1), (Layout::Unicode, 2), (Layout::Large, 0), (Layout::Unicode, 1)]
    {
        let (report, found) = read_bytes(&mailbox(layout, crypt));
        let places: Vec<_> =
            found.iter().map(|raw| (raw.place.path.as_str(), raw.place.folder.as_str())).collect();
        assert_eq!(places, [("Inbox/200044", "Inbox"), ("Inbox/A\u{FFFD}B/200024", "Inbox/A\u{FFFD}B")]);
        assert_eq!((report.kind.as_str(), report.found, report.files), ("Outlook PST", 2, 4));
        assert_eq!(report.items, [("appointments", 1)]);
        let skipped: Vec<_> =
            report.skipped.iter().map(|own| (own.reason, own.n, own.example.as_str())).collect();
        assert_eq!(
            skipped,
            [
                (Reason::ItemLost, 1, "box.pst/Inbox/200064"),
                (Reason::Housekeeping, 1, "box.pst/Freebusy Data/200084")
            ]
        );
        let message = parsed(&found[1]);
        assert_eq!(message.subject, "Hello");
        assert_eq!(message.from[0].name, "Ann");
        assert_eq!((message.to[0].address.as_str(), message.cc[0].name.as_str()), ("bob@b.example", "Cy"));
        assert!(
            message.text.starts_with("words") && message.text.contains("inner words"),
            "{}",
            message.text
        );
        let names: Vec<_> = message.attachments.iter().map(|own| (own.name.as_str(), own.size)).collect();
        assert_eq!(names[0], ("a.txt", 8));
        assert_eq!(names.len(), 2);
    }
}

#[test]
fn damage_anywhere_is_counted_and_never_ends_the_reading() {
    let whole = mailbox(Layout::Unicode, 0);
    for end in (0..whole.len()).step_by(97) {
        let (report, found) = read_bytes(&whole[..end]);
        assert!(found.len() == 2 || !report.skipped.is_empty(), "cut at {end}");
    }
    // Every byte of what is no text, wrong one after another.
    for at in (0..whole.len()).step_by(13) {
        for value in [0, 0xFF] {
            let mut forged = whole.clone();
            forged[at] = value;
            let (report, found) = read_bytes(&forged);
            assert!(report.found as usize == found.len());
        }
    }
}

#[test]
fn a_mailbox_in_a_zip() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("a/box.pst", zip::write::SimpleFileOptions::default()).expect("in memory");
    std::io::Write::write_all(&mut writer, &mailbox(Layout::Unicode, 1)).expect("in memory");
    let (_, found) = read_bytes(&writer.finish().expect("in memory").into_inner());
    let paths: Vec<_> = found.iter().map(|raw| raw.place.path.as_str()).collect();
    assert_eq!(paths, ["a/box.pst!/Inbox/200044", "a/box.pst!/Inbox/A\u{FFFD}B/200024"]);
}
