use super::*;

/// A fixed section of 1,000 payload bytes in blocks of 64 at 100, and a variable one of three blocks behind it.
fn blob() -> (Vec<Section>, Vec<u8>, Vec<u8>) {
    let payload: Vec<u8> = (0..1000u32).map(|i| (i * 7) as u8).collect();
    let mut bytes = vec![0; 100];
    payload.chunks(64).for_each(|block| push_fixed(&mut bytes, block));
    let middle = bytes.len() as u64;
    assert_eq!(middle - 100, framed_len(1000, 64));
    [&b"first"[..], b"", b"the third"].into_iter().for_each(|block| push_variable(&mut bytes, block));
    let length = bytes.len() as u64 - middle;
    let sections = vec![
        Section { id: SectionId::Lists, start: 100, length: middle - 100, payload: 64 },
        Section { id: SectionId::Dictionary, start: middle, length, payload: 0 },
    ];
    (sections, bytes, payload)
}

fn fetch(resident: &mut Resident, bytes: &[u8]) -> Vec<Range> {
    let wants = resident.take_missing();
    for want in &wants {
        let part = &bytes[want.offset as usize..(want.offset + want.length) as usize];
        resident.put(want.offset, part).expect("the bytes are good");
    }
    wants
}

#[test]
fn every_range_of_a_fixed_section_can_be_read() {
    let (sections, bytes, payload) = blob();
    for (from, until) in
        [(0, 0), (0, 1), (63, 65), (64, 128), (10, 700), (999, 1000), (0, 1000), (1000, 1000)]
    {
        let mut resident = Resident::new(&sections);
        if from < until {
            assert_eq!(resident.fixed(SectionId::Lists, from, until), Err(Stop::Missing));
            assert_eq!(fetch(&mut resident, &bytes).len(), 1, "{from}..{until} is one range");
        }
        let read = resident.fixed(SectionId::Lists, from, until).expect("it is here");
        assert_eq!(&read[..], &payload[from as usize..until as usize]);
        assert!(resident.take_missing().is_empty());
    }
}

#[test]
fn only_gaps_are_asked_for_and_neighbours_are_one_range() {
    let (sections, bytes, payload) = blob();
    let mut resident = Resident::new(&sections);
    assert!(
        resident.fixed(SectionId::Lists, 64, 128).is_err()
            && resident.fixed(SectionId::Lists, 0, 64).is_err()
    );
    assert_eq!(fetch(&mut resident, &bytes), [Range { offset: 100, length: 136 }]);
    assert!(resident.fixed(SectionId::Lists, 300, 301).is_err());
    fetch(&mut resident, &bytes);
    assert!(resident.fixed(SectionId::Lists, 0, 1000).is_err());
    let wants = fetch(&mut resident, &bytes);
    assert_eq!(wants.len(), 2, "before and behind the block that is here: {wants:?}");
    assert_eq!(resident.fixed(SectionId::Lists, 0, 1000).expect("it is here")[..], payload[..]);
}

#[test]
fn bytes_are_taken_from_any_border_on() {
    let (sections, bytes, payload) = blob();
    let mut whole = Resident::new(&sections);
    whole.put(0, &bytes).expect("the bytes are good");
    assert_eq!(whole.fixed(SectionId::Lists, 0, 1000).expect("it is here")[..], payload[..]);
    let at = sections[1].start;
    assert_eq!(whole.variable(SectionId::Dictionary, 0, 13), Ok(&b"first"[..]));
    assert_eq!(whole.variable(SectionId::Dictionary, 13, 8), Ok(&b""[..]));
    assert_eq!(whole.variable(SectionId::Dictionary, 21, 17), Ok(&b"the third"[..]));
    // A block that is cut off at the end is left out, in either kind of section.
    let mut part = Resident::new(&sections);
    part.put(100 + 68, &bytes[168..168 + 100]).expect("the bytes are good");
    assert_eq!(part.fixed(SectionId::Lists, 64, 128).expect("it is here")[..], payload[64..128]);
    assert_eq!(part.fixed(SectionId::Lists, 64, 129), Err(Stop::Missing));
    part.put(at, &bytes[at as usize..at as usize + 30]).expect("the bytes are good");
    assert!(part.variable(SectionId::Dictionary, 13, 8).is_ok());
    assert_eq!(part.variable(SectionId::Dictionary, 21, 17), Err(Stop::Missing));
}

#[test]
fn damage_is_named_and_never_read() {
    let (sections, bytes, _) = blob();
    for at in (100..bytes.len()).filter(|at| *at as u64 != sections[1].start) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 4;
        let mut resident = Resident::new(&sections);
        let error = resident.put(0, &damaged).expect_err("the sum does not match");
        let Error::Checksum { section, offset } = error else { panic!("{error}") };
        assert_eq!(section == "lists", (at as u64) < sections[1].start);
        assert!(offset <= at as u64 && at as u64 - offset < 68);
    }
}

#[test]
fn what_a_table_cannot_say_is_an_error() {
    let (sections, bytes, _) = blob();
    let mut resident = Resident::new(&sections);
    resident.put(0, &bytes).expect("the bytes are good");
    let broken = |outcome: Outcome<()>| assert!(matches!(outcome, Err(Stop::Broken(_))), "{outcome:?}");
    broken(resident.fixed(SectionId::Lists, 0, 1001).map(drop));
    broken(resident.fixed(SectionId::Lists, 2, 1).map(drop));
    broken(resident.fixed(SectionId::Lists, u64::MAX - 1, u64::MAX).map(drop));
    broken(resident.fixed(SectionId::Dictionary, 0, 1).map(drop));
    broken(resident.fixed(SectionId::Html, 0, 1).map(drop));
    broken(resident.variable(SectionId::Lists, 0, 68).map(drop));
    broken(resident.variable(SectionId::Dictionary, 0, 12).map(drop));
    broken(resident.variable(SectionId::Dictionary, 0, 7).map(drop));
    broken(resident.variable(SectionId::Dictionary, 21, 18).map(drop));
    broken(resident.variable(SectionId::Dictionary, u64::MAX, u64::MAX).map(drop));
    // A block that is longer than said would be asked for again and again.
    let mut sparse = Resident::new(&sections);
    assert_eq!(sparse.variable(SectionId::Dictionary, 21, 12), Err(Stop::Missing));
    fetch(&mut sparse, &bytes);
    broken(sparse.variable(SectionId::Dictionary, 21, 12).map(drop));
    assert_eq!(sparse.variable(SectionId::Dictionary, 21, 17), Err(Stop::Missing));
}
