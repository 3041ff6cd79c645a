use super::*;
use crate::message::{Message, ParseOptions, parse};

fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
    let sum = data.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    [&[level], id.to_le_bytes().as_slice(), &(data.len() as u32).to_le_bytes(), data, &sum.to_le_bytes()]
        .concat()
}

fn padded(bytes: &[u8]) -> Vec<u8> {
    let mut out = (bytes.len() as u32).to_le_bytes().to_vec();
    out.extend(bytes);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

/// A property of variable size.
fn variable(id: u16, kind: u16, bytes: &[u8]) -> Vec<u8> {
    [kind.to_le_bytes().as_slice(), &id.to_le_bytes(), &[1, 0, 0, 0], &padded(bytes)].concat()
}

fn list(own: &[Vec<u8>]) -> Vec<u8> {
    [(own.len() as u32).to_le_bytes().to_vec(), own.concat()].concat()
}

fn tnef(attributes: &[Vec<u8>]) -> Vec<u8> {
    [MAGIC.to_vec(), vec![1, 0], attributes.concat()].concat()
}

pub(crate) fn sample() -> Vec<u8> {
    let inner = tnef(&[attribute(1, 0x0006_9003, &list(&[variable(0x1000, 0x1E, b"inner words\0")]))]);
    let object = [[7; 16].as_slice(), &inner].concat();
    let guid = [2, 0x20, 6, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46];
    let named = [
        [0x1E, 0, 0, 0x80].as_slice(),
        &guid,
        &[0; 4],
        &[8, 0x82, 0, 0],
        &[1, 0, 0, 0],
        &padded(b"Room 5\0"),
    ]
    .concat();
    tnef(&[
        attribute(1, 0x0006_9007, &[0xE3, 4, 0, 0, 0, 0, 0, 0]),
        attribute(1, 0x0001_8004, b"\xCF\xF0\xE8\0"),
        attribute(1, 0x0007_8008, b"IPM.Appointment\0"),
        attribute(1, 0x0006_9003, &list(&[variable(0x1000, 0x1E, b"outer words\0"), named])),
        attribute(2, 0x0006_9002, &[0; 14]),
        attribute(2, 0x0001_8010, b"SHORT~1.TXT\0"),
        attribute(2, 0x0006_800F, b"attached"),
        attribute(2, 0x0006_9005, &list(&[variable(0x3707, 0x1F, b"l\0o\0n\0g\0\0\0")])),
        attribute(2, 0x0006_9002, &[0; 14]),
        attribute(
            2,
            0x0006_9005,
            &list(&[variable(0x3701, 0x0D, &object), variable(0x3001, 0x1E, b"Inner\0")]),
        ),
    ])
}

fn message(bytes: &[u8]) -> Message {
    let (item, is_whole) = read(bytes).expect("TNEF");
    assert!(is_whole);
    parse(&item.draft().write(), None, &ParseOptions::default())
}

#[test]
fn a_message_with_all_that_belongs_to_it() {
    let message = message(&sample());
    assert_eq!(message.subject, "При");
    assert!(message.text.starts_with("Where: Room 5\n\nouter words"), "{}", message.text);
    assert!(message.text.contains("inner words"));
    let names: Vec<_> = message.attachments.iter().map(|own| (own.name.as_str(), own.size)).collect();
    assert_eq!(names[1], ("long", 8));
    assert_eq!((names.len(), names[2].0), (3, "Inner"));
}

#[test]
fn cut_and_forged_files_fail_quietly() {
    let whole = sample();
    for end in 0..whole.len() {
        let cut = read(&whole[..end]);
        assert!(cut.is_none_or(|(_, is_whole)| !is_whole || end >= 6), "{end}");
    }
    for at in 0..whole.len() {
        for value in [0, 0x7F, 0xFF] {
            let mut forged = whole.clone();
            forged[at] = value;
            if let Some((item, _)) = read(&forged) {
                let _ = item.draft().write();
            }
        }
    }
}
