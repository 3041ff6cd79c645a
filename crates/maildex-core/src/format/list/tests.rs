use super::*;
use crate::format::block::{Section, push_fixed};
use crate::sample::Random;

const N_DOCS: u32 = 200_000;

/// `n` messages, each `step` or so behind the other, in all masks with one to many places.
fn made(n: usize, step: usize, shape: Shape, seed: u64) -> Postings {
    let mut random = Random(seed);
    let mut out = Postings::default();
    let mut doc = random.below(step) as u32;
    for i in 0..n {
        out.docs.push(doc);
        doc += 1 + if step > 1 { random.below(2 * step - 1) as u32 } else { 0 };
        let mask = if shape == Shape::Regions { (i % 7 + 1) as u8 } else { HEAD };
        out.masks.push(mask);
        for _ in 0..mask.count_ones() {
            let n = if shape == Shape::Bare { 1 } else { [1, 1, 2, 3, 4, 5, 20][random.below(7)] };
            out.counts.push(n);
            let mut place = 0;
            for _ in 0..n {
                let most = random.below(14);
                place += random.below(1 << most) as u32;
                out.positions.push(place);
                place += 1;
            }
        }
    }
    out
}

/// The list behind some other bytes in its section, so that offsets matter.
fn laid_down(postings: &Postings, shape: Shape) -> (ListRef, Resident, Vec<u8>) {
    let encoded = ListWriter::new(N_DOCS).encode(postings, shape);
    let (mut bytes, mut sections) = (Vec::new(), Vec::new());
    for (id, own) in [(SectionId::Lists, &encoded.list), (SectionId::Positions, &encoded.positions)] {
        let start = bytes.len() as u64;
        [&[9; 100], &own[..]].concat().chunks(1024).for_each(|block| push_fixed(&mut bytes, block));
        sections.push(Section { id, start, length: bytes.len() as u64 - start, payload: 1024 });
    }
    let place = ListBytes::Sections {
        list: (100, encoded.list.len() as u64),
        positions: (100, encoded.positions.len() as u64),
    };
    (ListRef { shape, n: postings.docs.len() as u32, bytes: place }, Resident::new(&sections), bytes)
}

/// Asks until all is here; gives the answer, the rounds and the bytes.
fn ask<T>(
    resident: &mut Resident,
    bytes: &[u8],
    question: impl Fn(&Resident) -> Outcome<T>,
) -> (T, usize, u64) {
    let (mut rounds, mut fetched) = (0, 0);
    loop {
        match question(resident) {
            Ok(answer) => return (answer, rounds, fetched),
            Err(Stop::Missing) => {}
            Err(stop) => panic!("{stop:?}"),
        }
        rounds += 1;
        assert!(rounds < 6);
        for want in resident.take_missing() {
            fetched += want.length;
            let part = &bytes[want.offset as usize..(want.offset + want.length) as usize];
            resident.put(want.offset, part).expect("the bytes are good");
        }
    }
}

fn docs(list: &ListRef, resident: &Resident, lo: u32, hi: u32) -> Outcome<Vec<u32>> {
    let codes = Codes::new();
    let mut out = Vec::new();
    let reader = ListReader::new(list, resident, &codes, N_DOCS);
    reader.docs(lo, hi, &|_, _| true, &mut |docs| out.extend_from_slice(docs))?;
    Ok(out)
}

fn whole(list: &ListRef, resident: &Resident, postings: &Postings) -> Outcome<()> {
    let codes = Codes::new();
    let reader = ListReader::new(list, resident, &codes, N_DOCS);
    assert!(reader.whole()? == *postings);
    // How often a region has the term, by the weight of that region alone.
    let mut rows = vec![[0; 3]; postings.docs.len()];
    for region in 0..3 {
        let mut weights = [0; 3];
        weights[region] = 1;
        let mut row = rows.iter_mut();
        reader.postings(0, N_DOCS, &|_, _| true, weights, &mut |_, sums| {
            sums.iter().zip(&mut row).for_each(|(sum, row)| row[region] = *sum);
            Ok(())
        })?;
    }
    let mut counts = postings.counts.iter();
    for (row, mask) in rows.iter().zip(&postings.masks) {
        let told = REGIONS.map(|region| if mask & region > 0 { *counts.next().expect("a count") } else { 0 });
        assert_eq!(*row, told);
    }
    Ok(())
}

#[test]
fn lists_of_every_length_and_shape_come_back() {
    for n in [1, 2, 127, 128, 129, 4096, 4097, 20_000] {
        for (step, shape) in [(1, Shape::Regions), (9, Shape::Regions), (9, Shape::Field), (5, Shape::Bare)] {
            let postings = made(n, step, shape, n as u64);
            let (list, mut resident, bytes) = laid_down(&postings, shape);
            let (read, ..) = ask(&mut resident, &bytes, |resident| docs(&list, resident, 0, N_DOCS));
            assert!(read == postings.docs, "{n} {shape:?}");
            if shape != Shape::Bare {
                ask(&mut resident, &bytes, |resident| whole(&list, resident, &postings));
            }
        }
    }
}

#[test]
fn a_list_of_one_may_lie_in_the_dictionary() {
    let postings = made(1, 1000, Shape::Regions, 3);
    let encoded = ListWriter::new(N_DOCS).encode(&postings, Shape::Regions);
    let place = ListBytes::Inline { list: encoded.list.into(), positions: encoded.positions.into() };
    let list = ListRef { shape: Shape::Regions, n: 1, bytes: place };
    assert_eq!(whole(&list, &Resident::new(&[]), &postings), Ok(()));
}

#[test]
fn a_window_reads_only_what_it_needs() {
    let postings = made(40_000, 4, Shape::Regions, 4);
    let (list, mut resident, bytes) = laid_down(&postings, Shape::Regions);
    assert!(list_len(&list) > EAGER, "the list is longer than what is fetched whole");
    let (lo, hi) = (100_000, 104_000);
    let (read, rounds, fetched) = ask(&mut resident, &bytes, |resident| docs(&list, resident, lo, hi));
    let wanted = |doc: &&u32| (lo..hi).contains(*doc);
    let expected: Vec<u32> = postings.docs.iter().filter(wanted).copied().collect();
    assert_eq!(read.iter().filter(wanted).copied().collect::<Vec<_>>(), expected);
    assert!(read.len() < expected.len() + 2 * BLOCK);
    assert_eq!(rounds, 3, "the end, the skips, the blocks");
    assert!(fetched < 10 << 10, "{fetched}");
    let mut fresh = laid_down(&postings, Shape::Regions).1;
    let (newest, rounds, fetched) =
        ask(&mut fresh, &bytes, |resident| docs(&list, resident, 155_000, N_DOCS));
    assert_eq!(newest.last(), postings.docs.last());
    assert!(rounds <= 3 && fetched < 8 << 10, "{rounds} rounds, {fetched} bytes");
}

fn list_len(list: &ListRef) -> u64 {
    let ListBytes::Sections { list: (_, length), .. } = list.bytes else { panic!("it is in its section") };
    length
}

#[test]
fn chunks_that_are_not_wanted_are_not_decoded() {
    let postings = made(4097, 9, Shape::Field, 5);
    let (list, mut resident, bytes) = laid_down(&postings, Shape::Field);
    resident.put(0, &bytes).expect("the bytes are good");
    let codes = Codes::new();
    let reader = ListReader::new(&list, &resident, &codes, N_DOCS);
    let mut n_chunks = 0;
    let keep = |first: u32, last: u32| first <= 20_000 && last >= 20_000;
    assert_eq!(reader.docs(0, N_DOCS, &keep, &mut |_| n_chunks += 1), Ok(()));
    assert_eq!(n_chunks, 1);
    let some: Vec<u32> = postings.docs.iter().step_by(1000).copied().collect();
    assert_eq!(reader.positions(&some).expect("all is here").len(), some.len());
}
