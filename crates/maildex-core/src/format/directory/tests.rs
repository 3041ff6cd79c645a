use super::*;
use crate::format::block::Section;

/// `n` blocks; block `i` has `i % 4` items and `10 + i % 9` framed bytes.
fn written(n: u64) -> (Root, Resident, Vec<u8>) {
    let (mut writer, mut directory) = (DirectoryWriter::default(), Vec::new());
    (0..n).for_each(|i| writer.add(i % 4, 10 + i % 9, &mut directory));
    let root = writer.finish(&mut directory);
    let mut out = ByteWriter::new();
    root.write(&mut out);
    let bytes = out.into_bytes();
    assert_eq!(Root::read(&mut ByteReader::new(&bytes, "root")), Ok(root.clone()));
    let section = Section { id: SectionId::Directory, start: 0, length: directory.len() as u64, payload: 0 };
    (root, Resident::new(&[section]), directory)
}

#[test]
fn every_item_leads_to_its_block() {
    for n in [2, 255, 256, 257, 1500] {
        let (root, mut resident, bytes) = written(n);
        assert_eq!(root.rows.len() as u64, n.div_ceil(PAGE as u64));
        assert_eq!(root.locate(&resident, 0), Err(Stop::Missing));
        let wants = resident.take_missing();
        assert!(wants.len() == 1 && wants[0].length < 1024, "one page: {wants:?}");
        resident.put(0, &bytes).expect("the bytes are good");
        let (mut item, mut offset) = (0, 0);
        for i in 0..n {
            for inside in 0..i % 4 {
                let located = Located { first: item, next: item + i % 4, offset, length: 10 + i % 9 };
                assert_eq!(root.locate(&resident, item + inside), Ok(located));
            }
            (item, offset) = (item + i % 4, offset + 10 + i % 9);
        }
        assert!(matches!(root.locate(&resident, item), Err(Stop::Broken(_))));
        assert!(matches!(root.locate(&resident, u64::MAX), Err(Stop::Broken(_))));
    }
}

#[test]
fn an_empty_table_leads_nowhere() {
    let (root, resident, _) = written(0);
    assert!(matches!(root.locate(&resident, 0), Err(Stop::Broken(_))));
}
