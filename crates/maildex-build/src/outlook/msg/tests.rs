use std::io::Write;

use super::*;
use crate::message::{Message, ParseOptions, parse};

/// A compound file with these streams.
pub(crate) fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).expect("in memory");
    for (path, bytes) in streams {
        let parts: Vec<&str> = path.split('/').collect();
        for n in 2..parts.len() {
            let storage = parts[..n].join("/");
            if !file.exists(&storage) {
                file.create_storage(&storage).expect("in memory");
            }
        }
        file.create_stream(path).and_then(|mut stream| stream.write_all(bytes)).expect("in memory");
    }
    file.flush().expect("in memory");
    file.into_inner().into_inner()
}

/// A list of properties: number, type, value.
fn list(header: usize, own: &[(u16, u16, u64)]) -> Vec<u8> {
    let mut list = vec![0; header];
    for (id, kind, value) in own {
        list.extend(kind.to_le_bytes());
        list.extend(id.to_le_bytes());
        list.extend([6, 0, 0, 0]);
        list.extend(value.to_le_bytes());
    }
    list
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn sample() -> Vec<u8> {
    let (unicode, narrow) = (0x001F, 0x001E);
    let ticks = (11_644_473_600 + 981_173_106) * 10_000_000;
    compound(&[
        (
            "/__properties_version1.0",
            &list(
                32,
                &[
                    (0x0037, unicode, 0),
                    (0x1000, narrow, 0),
                    (0x3FFD, 3, 1251),
                    (0x0039, 0x40, ticks),
                    (0x8000, 0x101F, 0),
                ],
            ),
        ),
        ("/__substg1.0_0037001F", &wide("Привет")),
        ("/__substg1.0_1000001E", b"\xCF\xF0\xE8"),
        ("/__substg1.0_8000101F", &[0; 8]),
        ("/__substg1.0_8000101F-00000000", &wide("Red")),
        ("/__substg1.0_8000101F-00000001", &wide("Blue")),
        ("/__nameid_version1.0/__substg1.0_00020102", b""),
        ("/__nameid_version1.0/__substg1.0_00030102", &[0, 0, 0, 0, 5, 0, 0, 0]),
        (
            "/__nameid_version1.0/__substg1.0_00040102",
            &[[16, 0, 0, 0].as_slice(), &wide("Keywords")].concat(),
        ),
        (
            "/__recip_version1.0_#00000000/__properties_version1.0",
            &list(8, &[(0x0C15, 3, 1), (0x3001, unicode, 0), (0x39FE, unicode, 0)]),
        ),
        ("/__recip_version1.0_#00000000/__substg1.0_3001001F", &wide("Bob")),
        ("/__recip_version1.0_#00000000/__substg1.0_39FE001F", &wide("bob@b.example")),
        (
            "/__attach_version1.0_#00000000/__properties_version1.0",
            &list(8, &[(0x3701, 0x0102, 0), (0x3707, unicode, 0)]),
        ),
        ("/__attach_version1.0_#00000000/__substg1.0_37010102", b"attached"),
        ("/__attach_version1.0_#00000000/__substg1.0_3707001F", &wide("a.txt")),
        ("/__attach_version1.0_#00000001/__properties_version1.0", &list(8, &[(0x3001, unicode, 0)])),
        ("/__attach_version1.0_#00000001/__substg1.0_3001001F", &wide("Inner")),
        (
            "/__attach_version1.0_#00000001/__substg1.0_3701000D/__properties_version1.0",
            &list(24, &[(0x1000, unicode, 0)]),
        ),
        ("/__attach_version1.0_#00000001/__substg1.0_3701000D/__substg1.0_1000001F", &wide("inner words")),
    ])
}

fn message(bytes: &[u8]) -> Message {
    match read(bytes).expect("a compound file") {
        Found::Item(item) => parse(&item.draft().write(), None, &ParseOptions::default()),
        Found::Other => panic!("expected an item"),
    }
}

#[test]
fn an_item_with_all_that_belongs_to_it() {
    let message = message(&sample());
    assert_eq!((message.subject.as_str(), message.date.order), ("Привет", Some(981_173_106)));
    assert!(message.text.starts_with("При") && message.text.contains("inner words"), "{}", message.text);
    assert_eq!((message.to[0].name.as_str(), message.to[0].address.as_str()), ("Bob", "bob@b.example"));
    let names: Vec<_> = message.attachments.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(names, ["a.txt", "Inner"]);
    assert!(message.headers.iter().any(|(name, value)| name == "Keywords" && value == "Red, Blue"));
}

#[test]
fn other_compound_files_are_told_apart() {
    assert!(matches!(read(&compound(&[("/WordDocument", b"x")])), Ok(Found::Other)));
}

#[test]
fn forged_and_cut_files_fail_quietly() {
    let whole = sample();
    for end in (0..whole.len()).step_by(61) {
        let _ = read(&whole[..end]);
    }
    for at in (0..whole.len()).step_by(7) {
        for value in [0, 0xFF, 0x7F] {
            let mut forged = whole.clone();
            forged[at] = value;
            if let Ok(Found::Item(item)) = read(&forged) {
                let _ = item.draft().write();
            }
        }
    }
}
