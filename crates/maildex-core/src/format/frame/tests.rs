use super::*;
use crate::format::Compress;
use crate::format::block::{Section, push_variable};
use crate::format::directory::DirectoryWriter;
use crate::format::zstd::without_magic;
use crate::sample::Stored;

/// A section of these blocks, each with so many items.
pub(crate) fn section(id: SectionId, contents: &[(u64, Vec<u8>)]) -> (Root, Resident) {
    let (mut bytes, mut directory, mut table) = (Vec::new(), Vec::new(), DirectoryWriter::default());
    for (n, content) in contents {
        let mut frame = Vec::new();
        Stored.compress(content, &mut frame);
        let before = bytes.len();
        push_variable(&mut bytes, without_magic(&frame));
        table.add(*n, (bytes.len() - before) as u64, &mut directory);
    }
    let root = table.finish(&mut directory);
    let start = bytes.len() as u64;
    let sections = [
        Section { id, start: 0, length: start, payload: 0 },
        Section { id: SectionId::Directory, start, length: directory.len() as u64, payload: 0 },
    ];
    let mut resident = Resident::new(&sections);
    resident.put(0, &[bytes, directory].concat()).expect("the bytes are good");
    (root, resident)
}

#[test]
fn places_lead_to_items() {
    let items: Vec<Vec<u8>> = (0..20u8).map(|i| vec![i; usize::from(i) + 1]).collect();
    let contents = [(1, join(&items[..1])), (18, join(&items[1..19])), (1, join(&items[19..]))];
    let (root, resident) = section(SectionId::Texts, &contents);
    let decoder = Decoder::new(&[]).expect("none is needed");
    let frames = Frames { resident: &resident, root: &root, section: SectionId::Texts, decoder: &decoder };
    for (place, item) in (0..).zip(&items) {
        let (first, content) = frames.content(place).expect("all is here");
        assert_eq!(nth(&content, u64::from(place) - first, "test"), Ok(&item[..]));
    }
    assert!(frames.content(20).is_err());
}

#[test]
fn an_item_that_is_not_there_is_an_error() {
    assert!(nth(&join(&[vec![1], vec![2]]), 2, "test").is_err());
    assert!(nth(&[], 0, "test").is_err());
    assert!(nth(&[200, 1, 7], 0, "test").is_err());
}
