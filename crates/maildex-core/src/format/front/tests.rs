use super::*;
use crate::format::checksum::checksum;
use crate::sample::{Zstd, mails, segment};

fn written() -> (Front, Vec<u8>) {
    let mut front = segment(&mails(3000, 1), 1024, &mut Zstd).front;
    front.kind = MessageKind::Quoted;
    front.lines_dictionary = vec![1, 2, 3];
    front.sections = vec![Section { id: SectionId::Lists, start: 0, length: 1 << 40, payload: 1024 }];
    let bytes = write_front(&front);
    (front, bytes)
}

fn with_sum(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes.len() - 4;
    let sum = checksum(&bytes[..end]);
    bytes[end..].copy_from_slice(&sum.to_le_bytes());
    bytes
}

#[test]
fn a_front_comes_back_with_sections_behind_it() {
    let (mut front, bytes) = written();
    front.sections[0].start = bytes.len() as u64;
    assert_eq!(read_front(&bytes), Ok(front.clone()));
    assert_eq!(read_front(&[&bytes[..], b"and more"].concat()), Ok(front));
}

#[test]
fn other_bytes_are_told_apart() {
    let (_, bytes) = written();
    let changed = |at: usize, value: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = value;
        bytes
    };
    assert_eq!(read_front(b"<!doctype html>"), Err(Error::NotAnArchive));
    assert_eq!(read_front(b""), Err(Error::NotAnArchive));
    assert_eq!(read_front(&changed(0, b'm')), Err(Error::NotAnArchive));
    assert_eq!(read_front(&changed(8, 2)), Err(Error::Version { expected: 1, found: 2 }));
    assert_eq!(read_front(&changed(8, 0)), Err(Error::Version { expected: 1, found: 0 }));
    assert_eq!(read_front(&changed(10, 3)), corrupt("front"));
    for at in [11, 16, 40, bytes.len() - 1] {
        let damaged = changed(at, bytes[at] ^ 0x20);
        assert_eq!(read_front(&damaged), Err(Error::Checksum { section: "front", offset: 0 }), "{at}");
    }
    assert!((8..bytes.len()).all(|n| read_front(&bytes[..n]).is_err()));
}

#[test]
fn numbers_that_cannot_be_are_errors() {
    let (front, _) = written();
    type Change = fn(&mut Front);
    let changes: [(&str, Change); 7] = [
        ("more undated than messages", |front| front.n_undated = front.n_docs + 1),
        ("too many messages", |front| front.n_docs = MAX_DOCS + 1),
        ("last before first", |front| front.last_date = front.first_date - 1),
        ("dates without end", |front| front.last_date = i64::MAX),
        ("samples for other messages", |front| front.date_samples.clear()),
        ("a section without end", |front| front.sections[0].length = 1 << 48 | 1),
        ("blocks of one byte", |front| front.sections[0].payload = 1),
    ];
    for (what, change) in changes {
        let mut front = front.clone();
        change(&mut front);
        assert!(matches!(read_front(&write_front(&front)), Err(Error::Corrupt { .. })), "{what}");
    }
}

#[test]
fn sections_of_later_versions_are_passed_over() {
    let (front, bytes) = written();
    let mut content = ByteWriter::new();
    content.varint(1);
    content.u8(SectionId::Lists as u8);
    let at = bytes.windows(2).position(|pair| pair == content.out).expect("the table is there");
    let mut later = bytes;
    later[at + 1] = 99;
    let read = read_front(&with_sum(later)).expect("an unknown section is no damage");
    assert_eq!((read.sections.len(), read.n_docs), (0, front.n_docs));
}
