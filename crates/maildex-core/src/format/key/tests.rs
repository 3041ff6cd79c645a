use super::*;
use crate::error::Stop;
use crate::format::block::{Section, push_fixed};
use crate::sample::Random;

fn laid_down(keys: &[u64]) -> (Resident, Vec<u8>) {
    let mut framed = Vec::new();
    let rows = keys.iter().copied().zip(0..);
    write_hashes(rows, keys.len() as u32).chunks(1024).for_each(|block| push_fixed(&mut framed, block));
    (laid_out(&framed), framed)
}

/// A reader of the framed table, without any byte of it.
fn laid_out(framed: &[u8]) -> Resident {
    let section = Section { id: SectionId::Keys, start: 0, length: framed.len() as u64, payload: 1024 };
    Resident::new(&[section])
}

/// The messages found, and in how many rounds.
fn ask(resident: &mut Resident, bytes: &[u8], n: usize, key: u64) -> (Vec<u32>, usize) {
    for rounds in 0..8 {
        match find_hash(resident, SectionId::Keys, n as u32, key) {
            Ok(docs) => return (docs, rounds),
            Err(Stop::Missing) => {}
            Err(stop) => panic!("{stop:?}"),
        }
        for want in resident.take_missing() {
            let part = &bytes[want.offset as usize..(want.offset + want.length) as usize];
            resident.put(want.offset, part).expect("the bytes are good");
        }
    }
    panic!("too many rounds");
}

#[test]
fn every_key_is_found_and_no_other() {
    for n in [0usize, 1, 2, 10, 100, 1000] {
        let mut random = Random(n as u64);
        let keys: Vec<u64> = (0..n).map(|_| random.next()).collect();
        let (mut resident, bytes) = laid_down(&keys);
        for (doc, &key) in keys.iter().enumerate() {
            assert_eq!(ask(&mut resident, &bytes, n, key).0, [doc as u32]);
        }
        for absent in [0, u64::MAX, random.next(), random.next()] {
            assert_eq!(ask(&mut resident, &bytes, n, absent).0, [0u32; 0]);
        }
    }
}

#[test]
fn a_big_table_is_read_in_one_round() {
    let mut random = Random(5);
    let keys: Vec<u64> = (0..100_000).map(|_| random.next()).collect();
    let mut unlucky = 0;
    let (_, bytes) = laid_down(&keys);
    for doc in (0..keys.len()).step_by(997) {
        let mut resident = laid_out(&bytes);
        let (docs, rounds) = ask(&mut resident, &bytes, keys.len(), keys[doc]);
        assert_eq!(docs, [doc as u32]);
        unlucky += rounds - 1;
    }
    assert!(unlucky <= 1, "{unlucky} keys stood far from their place");
}

#[test]
fn keys_that_are_not_spread_are_found_too() {
    let keys: Vec<u64> = (0..5000u64).map(|i| (i << 24) | 0xABCDEF).collect();
    let (mut resident, bytes) = laid_down(&keys);
    for doc in [0, 1, 2500, 4999] {
        assert_eq!(ask(&mut resident, &bytes, keys.len(), keys[doc]).0, [doc as u32]);
    }
    // A gap too wide for the code of its page.
    let keys: Vec<u64> = (0..500u64).map(|i| (i << 24) | (i % 2) << 63).collect();
    let (mut resident, bytes) = laid_down(&keys);
    for doc in [0, 1, 250, 499] {
        assert_eq!(ask(&mut resident, &bytes, keys.len(), keys[doc]).0, [doc as u32]);
    }
    // Keys that differ only in the bytes that the table leaves out are all given; the lines tell which it is.
    let (mut resident, bytes) = laid_down(&[7 << 24 | 1, 8 << 24, 7 << 24 | 2]);
    assert_eq!(ask(&mut resident, &bytes, 3, 7 << 24 | 2).0, [0, 2]);
}

#[test]
fn forged_pages_are_errors() {
    let mut random = Random(9);
    let good = write_hashes((0..300u32).map(|doc| (random.next(), doc)), 300);
    assert_eq!(read_page(&good[..PAGE], 300).map(|rows| rows.len() > 100), Ok(true));
    let page = |at: usize, byte: u8| {
        let mut page = good[..PAGE].to_vec();
        page[at] = byte;
        page
    };
    let wrong = [
        (good[..HEAD - 1].to_vec(), 300),
        // More rows than there are bits for.
        (page(6, 0xff), 300),
        // More plain bits than a hash has.
        (page(7, BITS as u8 + 1), 300),
        // Messages that are not there.
        (good[..PAGE].to_vec(), 260),
    ];
    for (index, (page, n_docs)) in wrong.iter().enumerate() {
        assert!(read_page(page, *n_docs).is_err(), "{index}");
    }
}

#[test]
fn an_archive_without_ids_has_none() {
    assert_eq!(find_hash(&Resident::new(&[]), SectionId::Ids, 3, 7), Ok(Vec::new()));
}
