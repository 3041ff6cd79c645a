//! Forged archives: blocks that say anything at all under checksums that are right. Every question must end in an
//! answer, in ranges that can be fetched, or in an error; never in a panic, an endless loop or a flood of memory.
//!
//! `MAILDEX_FUZZ_ROUNDS` makes a longer run; a failure names the seed, and `MAILDEX_FUZZ_SEED` begins with it.

use crate::format::Compress;
use crate::format::checksum::checksum;
use crate::format::front::{HEADER, MessageKind};
use crate::format::list::ListWriter;
use crate::query::parse;
use crate::sample::{Mail, Parts, Random, Stored, Zstd, mails, segment};
use crate::{Archive, Error, Facet, Request, Sort, Step};
use cap::Cap;
use std::alloc::System;
use std::collections::{BTreeMap, BTreeSet};

/// More than any sample needs; a decoder that reserves by a forged number stops here.
const MEMORY: usize = 1 << 30;
/// More than an honest archive ever needs.
const STEPS: usize = 200;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, MEMORY);

const QUERIES: [&str; 23] = [
    "",
    "ferry",
    "ferry -winter",
    "fer*",
    "once4 OR once9 OR nothere",
    "\"ferry timetable\"",
    "quoted:harbour new:the",
    "from:ada@quay.example",
    "from:@holm.example subject:winter",
    "has:attachment the",
    "before:2001-10-01 after:2001-09-12 and",
    "date:2001 -has:attachment",
    "(storm OR \"the and\") -\"of to\" letter",
    "e* -subject:\"island eng*\"",
    "thread:{ferry subject:winter}",
    "-thread:{(storm letter) from:ada} harbour",
    "thread:9e3779b97f4a7c15 OR hash:3c6ef372fe94f82a",
    "received:2001-09..2001-12 the",
    "header:message-id=once4 OR subject:/^re: .*ferry/",
    "header:date=/200[12]/ -from:/ada/",
    "body:/fer+y|storm/ the",
    "thread:{quoted:/harbour/ header:x-nothing} OR filename:/a/",
    "rfc822msgid:4@quay.example OR attachment:ferry OR deliveredto:@quay.example",
];

const SORTS: [Sort; 6] =
    [Sort::Newest, Sort::Relevance, Sort::Oldest, Sort::Size, Sort::Sender, Sort::Subject];

/// Asks until there is an answer; what cannot be fetched is an error, as it would be for a browser.
fn ask<T>(
    archive: &mut Archive,
    blobs: &[&[u8]],
    mut question: impl FnMut(&Archive) -> Result<Step<T>, Error>,
) -> Option<T> {
    let mut asked = BTreeSet::new();
    for _ in 0..STEPS {
        let wants = match question(archive).ok()? {
            Step::Done(answer) => return Some(answer),
            Step::Missing(wants) => wants,
        };
        let is_reading = archive.progress().is_some();
        assert!((is_reading || !wants.is_empty()) && wants.is_sorted(), "{wants:?}");
        for want in wants {
            assert!(want.range.length > 0, "nothing is asked for at {want:?}");
            assert!(asked.insert(want), "the same bytes are asked for again: {want:?}");
            let end = want.range.offset.checked_add(want.range.length).expect("a range has an end");
            let blob = blobs.get(want.segment)?;
            let bytes = blob.get(want.range.offset as usize..usize::try_from(end).ok()?)?;
            archive.put(want.segment, want.range.offset, bytes).ok()?;
        }
    }
    panic!("no end after {STEPS} steps");
}

/// Opens an archive and asks everything of it; gives how many answers there were.
fn ask_everything(front: &[u8], blob: &[u8], keys: &[u64], queries: &[&str]) -> usize {
    let mut archive = Archive::new();
    if archive.open(front).is_err() {
        return 0;
    }
    ask_archive(archive, &[blob], keys, queries)
}

/// The same of a segment of quoted messages behind an honest one of messages.
fn ask_quoted(front: &[u8], blob: &[u8], honest: &Parts, keys: &[u64], queries: &[&str]) -> usize {
    let (own, messages) = honest.blob();
    let mut archive = Archive::new();
    archive.open(&own).expect("an honest front");
    if archive.expect(MessageKind::Quoted, 7, front.len() as u64).is_err() {
        return 0;
    }
    ask_archive(archive, &[&messages, blob], keys, queries)
}

fn ask_archive(mut archive: Archive, blob: &[&[u8]], keys: &[u64], queries: &[&str]) -> usize {
    let mut answers = 0;
    for (index, text) in queries.iter().enumerate() {
        let query = parse(text, &archive.context(1_300_000_000, false));
        let sort = SORTS[index % SORTS.len()];
        let limit = if index == 5 { usize::MAX } else { 20 };
        let request = Request { query: &query, typing: index % 4 == 3, sort, offset: index % 2 * 5, limit };
        let found = ask(&mut archive, blob, |archive| archive.search(&request));
        answers += usize::from(found.is_some());
        answers += usize::from(ask(&mut archive, blob, |archive| archive.total(&query, false)).is_some());
        let which = [&Facet::ALL[..], &[Facet::People]][index % 2];
        answers +=
            usize::from(ask(&mut archive, blob, |archive| archive.facets(&query, false, which, 9)).is_some());
        answers += usize::from(ask(&mut archive, blob, |archive| archive.search_threads(&request)).is_some());
        let other = parse(queries[0], &archive.context(0, false));
        let queries = [query.clone(), other];
        answers += usize::from(ask(&mut archive, blob, |archive| archive.batch(&queries)).is_some());
        let also = ["ada@quay.example".to_owned(), "ada".to_owned()];
        let told = ask(&mut archive, blob, |archive| archive.correspondence(&query, false, 5, &also));
        answers += usize::from(told.is_some());
        let keys: Vec<u64> =
            found.iter().flat_map(|found| &found.lines).map(|line| line.key).take(3).collect();
        answers +=
            usize::from(ask(&mut archive, blob, |archive| archive.explain(&query, false, &keys)).is_some());
        for line in found.into_iter().flat_map(|found| found.lines).take(3) {
            answers += usize::from(ask(&mut archive, blob, |archive| archive.message(line.key)).is_some());
            answers += usize::from(ask(&mut archive, blob, |archive| archive.thread(line.key)).is_some());
        }
    }
    for &key in keys {
        answers += usize::from(ask(&mut archive, blob, |archive| archive.message(key)).is_some());
        answers += usize::from(ask(&mut archive, blob, |archive| archive.thread(key)).is_some());
        answers += usize::from(ask(&mut archive, blob, |archive| archive.html(key)).is_some());
        for number in [None, Some(0), Some(1)] {
            let file = ask(&mut archive, blob, |archive| archive.file(key, number));
            answers += usize::from(file.is_some_and(|file| file.is_some_and(|file| file.parts.is_some())));
        }
    }
    answers += usize::from(ask(&mut archive, blob, |archive| archive.packs(0)).is_some());
    drop(ask(&mut archive, blob, |archive| archive.absent()));
    let doc = (keys.len() * 7) as u32;
    answers + usize::from(ask(&mut archive, blob, |archive| archive.check(0, doc)).is_some())
}

/// Changes some bytes; never gives an empty block.
fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    const TELLING: [u8; 8] = [0, 1, 0x7f, 0x80, 0xff, 0x40, 2, 0xfe];
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        match random.below(9) {
            0..=2 => bytes[at] ^= 1 << random.below(8),
            3 | 4 => bytes[at] = TELLING[random.below(TELLING.len())],
            5 => bytes[at] = random.next() as u8,
            6 => {
                // A number in its longest form: what adds it up must not run over.
                let n = random.below(10);
                let most = [&vec![0xff; n][..], &[1]].concat();
                bytes.splice(at..(at + n + 1).min(bytes.len()), most);
            }
            7 => bytes.insert(at, random.next() as u8),
            _ if at > 0 => bytes.truncate(at),
            _ => {}
        }
    }
}

/// A blob with something changed and all sums right.
fn forge(sample: &Parts, random: &mut Random) -> (Vec<u8>, Vec<u8>) {
    let mut parts = sample.clone();
    let in_front = random.below(4) == 0;
    if !in_front {
        for _ in 0..=random.below(2) {
            let part = random.below(parts.parts.len());
            let part = &mut parts.parts[part];
            let block = random.below(part.blocks.len());
            mutate(&mut part.blocks[block], random);
            if part.payload > 0 {
                part.blocks[block].resize(sample_len(sample, part.id, block), 0);
            }
        }
        return parts.blob();
    }
    let (front, blob) = parts.blob();
    let mut content = front[HEADER..front.len() - 4].to_vec();
    mutate(&mut content, random);
    let mut forged = front[..HEADER].to_vec();
    forged[12..].copy_from_slice(&(content.len() as u32).to_le_bytes());
    forged.extend_from_slice(&content);
    forged.extend_from_slice(&checksum(&forged).to_le_bytes());
    let blob = [&forged[..], &blob[front.len()..]].concat();
    (forged, blob)
}

/// Blocks of fixed sections keep their length, or every one behind would be a damaged one.
fn sample_len(sample: &Parts, id: crate::format::block::SectionId, block: usize) -> usize {
    sample.parts.iter().find(|part| part.id == id).map_or(0, |part| part.blocks[block].len())
}

/// Reads all of a segment as whoever writes it anew does; gives how many lists and messages there were.
fn read_all(front: &[u8], blob: &[u8]) -> (usize, usize) {
    let mut archive = Archive::new();
    if archive.open(front).is_err() {
        return (0, 0);
    }
    let n_docs = archive.fronts().map(|front| front.n_docs).sum();
    let encoder = ListWriter::new(n_docs);
    let mut n_lists = 0;
    for block in 0.. {
        let is_there = ask(&mut archive, &[blob], |archive| {
            archive.lists(0, block, |_, kind, _, postings| {
                encoder.encode(&postings, kind.shape());
                n_lists += 1;
            })
        });
        if is_there != Some(true) {
            break;
        }
    }
    drop(ask(&mut archive, &[blob], |archive| archive.ids(0)));
    let mut order: BTreeMap<u32, u32> = BTreeMap::new();
    let mut doc = 0;
    while doc < n_docs {
        let lines = ask(&mut archive, &[blob], |archive| archive.page(0, doc)).unwrap_or_default();
        if lines.is_empty() {
            break;
        }
        order.extend(lines.iter().zip(doc..).map(|(line, doc)| (line.place, doc)));
        doc += lines.len() as u32;
    }
    let order: Vec<u32> = order.into_values().collect();
    let (mut place, mut n_messages) = (0, 0);
    while place < order.len() {
        let Some(wholes) = ask(&mut archive, &[blob], |archive| archive.wholes(0, &order, place as u32))
        else {
            break;
        };
        assert!(!wholes.is_empty());
        n_messages += wholes.len();
        place += wholes.len();
    }
    (n_lists, n_messages)
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn check(sample: &Parts, mails: &[Mail], rounds: u64) {
    let keys: Vec<u64> = mails.iter().step_by(mails.len() / 4).map(|mail| mail.key).collect();
    let seed = number("MAILDEX_FUZZ_SEED", 1);
    for seed in seed..seed + number("MAILDEX_FUZZ_ROUNDS", rounds) {
        let told = std::panic::catch_unwind(|| {
            let mut random = Random(seed);
            let (front, blob) = forge(sample, &mut random);
            let from = random.below(QUERIES.len() - 3);
            ask_everything(&front, &blob, &keys[random.below(keys.len())..][..1], &QUERIES[from..from + 3]);
            read_all(&front, &blob);
        });
        assert!(told.is_ok(), "MAILDEX_FUZZ_SEED={seed}");
    }
}

#[test]
fn an_honest_sample_answers_everything() {
    let mails = mails(300, 7);
    for parts in [segment(&mails, 64, &mut Stored), segment(&mails, 1024, &mut Zstd)] {
        let (front, blob) = parts.blob();
        let keys: Vec<u64> = mails.iter().step_by(60).map(|mail| mail.key).collect();
        let answers = ask_everything(&front, &blob, &keys, &QUERIES);
        assert!(answers > QUERIES.len() * 8 + keys.len() * 3, "{answers}");
        let (n_lists, n_messages) = read_all(&front, &blob);
        assert!(n_lists > 300 && n_messages == mails.len(), "{n_lists}, {n_messages}");
    }
}

#[test]
fn an_archive_without_messages_answers_everything() {
    let (front, blob) = segment(&[], 64, &mut Stored).blob();
    assert_eq!(ask_everything(&front, &blob, &[], &QUERIES), QUERIES.len() * 7 + 1);
}

const KINDS: [&str; 6] = [
    "kind:any ferry",
    "kind:quoted",
    "is:missing OR winter",
    "-kind:message \"ferry timetable\"",
    "thread:{kind:quoted from:ada}",
    "kind:placeholder",
];

/// A segment of quoted messages, whose keys those of another sample lead to.
fn quoted(mails: &[Mail], compress: &mut dyn Compress) -> (Parts, Vec<u64>) {
    let mails: Vec<Mail> = mails.iter().map(|mail| Mail { key: mail.key ^ 1, ..mail.clone() }).collect();
    let mut parts = segment(&mails, 64, compress);
    parts.front.kind = MessageKind::Quoted;
    (parts, mails.iter().map(|mail| mail.key).collect())
}

#[test]
fn an_honest_segment_of_another_kind_answers_everything() {
    let mails = mails(60, 7);
    let honest = segment(&mails, 64, &mut Stored);
    let (parts, keys) = quoted(&mails, &mut Stored);
    let (front, blob) = parts.blob();
    let keys: Vec<u64> = keys.into_iter().step_by(9).collect();
    let answers = ask_quoted(&front, &blob, &honest, &keys, &KINDS);
    assert!(answers > KINDS.len() * 8 + keys.len() * 3, "{answers}");
}

#[test]
fn a_front_that_comes_late_is_of_the_kind_that_was_said() {
    let mails = mails(60, 7);
    let honest = segment(&mails, 64, &mut Stored);
    let (front, blob) = honest.blob();
    // A segment of messages where quoted ones were said to be: nothing of it is answered, all else is.
    let query = parse("kind:quoted", &Default::default());
    let mut archive = Archive::new();
    archive.open(&front).expect("an honest front");
    archive.expect(MessageKind::Quoted, 7, front.len() as u64).expect("a length");
    assert_eq!(archive.count(MessageKind::Quoted), 7);
    let request = Request { query: &query, typing: false, sort: Sort::Newest, offset: 0, limit: 20 };
    assert!(ask(&mut archive, &[&blob, &blob], |archive| archive.search(&request)).is_none());
    let query = parse("", &Default::default());
    let total = ask(&mut archive, &[&blob, &blob], |archive| archive.total(&query, false));
    assert_eq!(total, Some(60));
    assert!(archive.expect(MessageKind::Placeholder, 1, 0).is_err());
    assert!(archive.expect(MessageKind::Placeholder, 1, u64::MAX).is_err());
}

#[test]
fn forged_segments_of_other_kinds_end_in_an_answer_or_an_error() {
    let mails = mails(60, 7);
    let honest = segment(&mails, 64, &mut Stored);
    let (parts, keys) = quoted(&mails, &mut Stored);
    let seed = number("MAILDEX_FUZZ_SEED", 1);
    for seed in seed..seed + number("MAILDEX_FUZZ_ROUNDS", 300) {
        let told = std::panic::catch_unwind(|| {
            let mut random = Random(seed);
            let (front, blob) = forge(&parts, &mut random);
            let key = keys[random.below(keys.len())];
            ask_quoted(&front, &blob, &honest, &[key], &KINDS[random.below(4)..][..2]);
        });
        assert!(told.is_ok(), "MAILDEX_FUZZ_SEED={seed}");
    }
}

#[test]
fn forged_links_to_older_segments_end_in_an_answer_or_an_error() {
    let mails = mails(60, 7);
    let older: Vec<Mail> = mails.iter().map(|mail| Mail { key: mail.key ^ 2, ..mail.clone() }).collect();
    let (older_front, older_blob) = segment(&older, 64, &mut Stored).blob();
    let honest = segment(&mails, 64, &mut Stored);
    let ask_both = |(front, blob): (Vec<u8>, Vec<u8>), key: u64| {
        let mut archive = Archive::new();
        archive.open(&front).ok()?;
        archive.open(&older_front).expect("an honest front");
        let thread = ask(&mut archive, &[&blob, &older_blob], |archive| archive.thread(key))??;
        Some((thread.messages.len(), thread.messages[thread.focus].line.as_ref()?.key))
    };
    // The fourth message of the older segment stands at the head of three of the newer one.
    let (key, other) = (older[3].key, older[4].key);
    assert_eq!(ask_both(honest.blob(), key), Some((4, key)));
    assert_eq!(ask_both(honest.blob(), other), Some((4, other)));
    let seed = number("MAILDEX_FUZZ_SEED", 1);
    for seed in seed..seed + number("MAILDEX_FUZZ_ROUNDS", 300) {
        let told = std::panic::catch_unwind(|| ask_both(forge(&honest, &mut Random(seed)), key));
        assert!(told.is_ok(), "MAILDEX_FUZZ_SEED={seed}");
    }
}

#[test]
fn forged_blocks_end_in_an_answer_or_an_error() {
    let mails = mails(300, 7);
    check(&segment(&mails, 64, &mut Stored), &mails, 1000);
}

#[test]
fn forged_compressed_blocks_end_in_an_answer_or_an_error() {
    let mails = mails(300, 8);
    check(&segment(&mails, 1024, &mut Zstd), &mails, 500);
}
