use super::*;
use crate::format::block::{Section, push_variable};
use crate::format::directory::DirectoryWriter;

fn threads() -> Vec<Vec<Node>> {
    let node = |who, parent, guessed| Node { who, parent, guessed };
    let lost = || Who::Ghost("lost@quay.example".to_owned());
    vec![
        vec![node(Who::Doc(7), None, false)],
        vec![
            node(lost(), None, false),
            node(Who::Doc(1), Some(0), false),
            node(Who::Doc(u32::MAX), Some(0), true),
            node(Who::Ghost(String::new()), Some(2), true),
            node(Who::Doc(3), Some(3), false),
        ],
        (0..500).map(|i: u32| node(Who::Doc(i), i.checked_sub(1), false)).collect(),
    ]
}

#[test]
fn every_place_leads_to_its_thread() {
    let mut content = ByteWriter::new();
    threads().iter().for_each(|nodes| write_thread(nodes, &mut content));
    let (mut bytes, mut directory, mut table) = (Vec::new(), Vec::new(), DirectoryWriter::default());
    push_variable(&mut bytes, &content.into_bytes());
    table.add(504, bytes.len() as u64, &mut directory);
    let root = table.finish(&mut directory);
    let start = bytes.len() as u64;
    let sections = [
        Section { id: SectionId::Trees, start: 0, length: start, payload: 0 },
        Section { id: SectionId::Directory, start, length: directory.len() as u64, payload: 0 },
    ];
    let mut resident = Resident::new(&sections);
    resident.put(0, &[bytes, directory].concat()).expect("the bytes are good");
    let threads = threads();
    for (place, thread) in [(0, 0), (1, 1), (2, 1), (3, 1), (4, 2), (503, 2)] {
        assert_eq!(read_thread(&resident, &root, place), Ok(threads[thread].clone()), "place {place}");
    }
    assert!(read_thread(&resident, &root, 504).is_err());
}

#[test]
fn a_parent_stands_before_its_child() {
    let mut bytes = ByteReader::new(&[3, 0, 2], "threads");
    assert_eq!(read_node(&mut bytes, 2, &mut 0), corrupt("threads"));
    let mut bytes = ByteReader::new(&[2, 0, 2], "threads");
    assert_eq!(read_node(&mut bytes, 2, &mut 0).map(|node| node.parent), Ok(Some(0)));
}
