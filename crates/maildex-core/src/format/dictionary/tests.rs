use super::*;
use crate::error::Stop;
use crate::format::block::Section;
use crate::format::list::{ListWriter, Postings};
use crate::sample::{Stored, Zstd};

fn encoded(docs: &[u32], shape: Shape) -> EncodedList {
    let n = docs.len();
    let postings = Postings {
        docs: docs.to_vec(),
        masks: vec![1; n],
        counts: vec![1; n],
        positions: (0..n as u32).collect(),
    };
    ListWriter::new(1000).encode(&postings, shape)
}

/// A dictionary of these terms: the first of three in one message, the others in two, every fifth with two lists.
fn written(terms: &[String], compress: &mut dyn Compress) -> (Dictionary, Resident, Vec<u8>) {
    let mut writer = DictionaryWriter::default();
    let (mut blocks, mut lists) = (Vec::new(), 0);
    for (i, term) in terms.iter().enumerate() {
        let docs = if i % 3 == 0 { vec![i as u32 % 1000] } else { vec![1, 2] };
        let mut own = vec![(Kind::Any, docs.len() as u32, encoded(&docs, Shape::Regions))];
        if i % 5 == 0 {
            own.push((Kind::State, docs.len() as u32, encoded(&docs, Shape::Bare)));
        }
        writer.add(term.as_bytes(), &own, compress, &mut blocks, |_| lists += 1);
    }
    let in_sections =
        (0..terms.len()).filter(|i| i % 3 != 0).map(|i| 1 + usize::from(i % 5 == 0)).sum::<usize>();
    assert_eq!(lists, in_sections);
    let top = writer.finish(compress, &mut blocks);
    let mut out = ByteWriter::new();
    top.write(&mut out);
    let bytes = out.into_bytes();
    let read = Top::read(&mut ByteReader::new(&bytes, "top index")).expect("it was just written");
    assert_eq!(read, top);
    let section = Section { id: SectionId::Dictionary, start: 0, length: blocks.len() as u64, payload: 0 };
    (Dictionary::new(read).expect("no dictionary is needed"), Resident::new(&[section]), blocks)
}

fn terms() -> Vec<String> {
    let mut terms: Vec<String> = (0..1000).map(|i| format!("w{:04}", i * 3)).collect();
    terms.extend(["a", "zebra", "zz", "日本", "@acme.example", "has:attachment"].map(str::to_owned));
    terms.extend((0..600).map(|i| format!("same beginning {i:05}")));
    terms.push("y".repeat(MAX_KEY));
    terms.sort();
    terms
}

#[test]
fn every_term_is_found_and_no_other() {
    for compress in [&mut Stored as &mut dyn Compress, &mut Zstd] {
        let terms = terms();
        let (dictionary, mut resident, bytes) = written(&terms, compress);
        assert_eq!(dictionary.get(&resident, b"w0003"), Err(Stop::Missing));
        assert_eq!(resident.take_missing().len(), 1);
        resident.put(0, &bytes).expect("the bytes are good");
        for (i, term) in terms.iter().enumerate() {
            let entry =
                dictionary.get(&resident, term.as_bytes()).expect("it is here").expect("it is a term");
            assert_eq!(*entry.key, *term.as_bytes());
            let list = entry.list(Kind::Any).expect("every term has one");
            assert_eq!((list.n, list.shape), (if i % 3 == 0 { 1 } else { 2 }, Shape::Regions));
            assert_eq!(matches!(list.bytes, ListBytes::Inline { .. }), i % 3 == 0);
            assert_eq!(entry.list(Kind::State).is_some(), i % 5 == 0);
            assert_eq!(entry.list(Kind::Subject), None);
            let (mut other, mut longer) = (term.as_bytes().to_vec(), term.as_bytes().to_vec());
            other.pop();
            other.push(b'~');
            longer.push(1);
            assert_eq!(dictionary.get(&resident, &other), Ok(None), "{term} with another end");
            assert_eq!(dictionary.get(&resident, &longer), Ok(None), "{term} and more");
        }
        for absent in [&b""[..], b"\0", b"\xff\xff", b"w0001", b"zzz"] {
            assert_eq!(dictionary.get(&resident, absent), Ok(None));
        }
    }
}

#[test]
fn lists_follow_each_other_in_their_section() {
    let terms = terms();
    let (dictionary, mut resident, bytes) = written(&terms, &mut Zstd);
    resident.put(0, &bytes).expect("the bytes are good");
    let mut next = (0, 0);
    for term in &terms {
        let entry = dictionary.get(&resident, term.as_bytes()).expect("it is here").expect("it is a term");
        for kind in [Kind::Any, Kind::State] {
            if let Some(ListRef { bytes: ListBytes::Sections { list, positions }, .. }) = entry.list(kind) {
                assert_eq!((list.0, positions.0), next);
                next = (list.0 + list.1, positions.0 + positions.1);
            }
        }
    }
}

#[test]
fn prefixes_go_across_blocks() {
    let terms = terms();
    let (dictionary, mut resident, bytes) = written(&terms, &mut Zstd);
    assert!(dictionary.top.len() > 5);
    let ask = |resident: &Resident, prefix: &str| {
        let mut found = Vec::new();
        let outcome =
            dictionary.prefixed(resident, prefix.as_bytes(), &mut |entry| found.push(entry.key.clone()));
        outcome.map(|()| found)
    };
    // All that is missing is asked for at once.
    assert_eq!(ask(&resident, "same"), Err(Stop::Missing));
    for want in resident.take_missing() {
        let part = &bytes[want.offset as usize..(want.offset + want.length) as usize];
        resident.put(want.offset, part).expect("the bytes are good");
    }
    assert!(ask(&resident, "same").is_ok());
    resident.put(0, &bytes).expect("the bytes are good");
    for prefix in ["", "same", "same beginning 00", "w", "w00", "w0003", "z", "日", "zzz", "\u{1}", "~"] {
        let expected: Vec<&str> =
            terms.iter().map(|t| &t[..]).filter(|term| term.starts_with(prefix)).collect();
        let found = ask(&resident, prefix).expect("it is here");
        let found: Vec<&str> = found.iter().map(|key| str::from_utf8(key).expect("terms are text")).collect();
        assert_eq!(found, expected, "{prefix}");
    }
}

#[test]
fn an_empty_dictionary_holds_nothing() {
    let (dictionary, resident, _) = written(&[], &mut Stored);
    assert_eq!(dictionary.get(&resident, b"word"), Ok(None));
    assert_eq!(dictionary.prefixed(&resident, b"", &mut |_| panic!("there is no entry")), Ok(()));
}
