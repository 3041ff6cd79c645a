//! Small archives for tests, written by the writers of [`crate::format`] into memory.

use crate::format::block::{Section, SectionId, push_fixed, push_variable};
use crate::format::column::{ColumnId, delivery, length_class, write_column};
use crate::format::dictionary::{DictionaryWriter, Kind};
use crate::format::directory::{DirectoryWriter, Root};
use crate::format::frame::join;
use crate::format::front::{Front, MessageKind, SAMPLE, write_front};
use crate::format::html::html_content;
use crate::format::kept::{PIECE, Piece, push_pack};
use crate::format::key::write_hashes;
use crate::format::line::{self, Line, LineWriter};
use crate::format::list::{HEAD, ListWriter, Postings, REGIONS};
use crate::format::people::{self, Sender, write_people};
use crate::format::record::{self, Person, Record, RecordWriter};
use crate::format::text::{TextWriter, dictionary_content};
use crate::format::tree::{Node, Who, write_thread};
use crate::format::words::Words;
use crate::format::zstd::without_magic;
use crate::format::{ByteWriter, Compress};
use crate::text::{self, RegionKind};
use std::collections::BTreeMap;

/// Small numbers from a seed: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `n` - 1; 0 if `n` is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// Frames of blocks that are not compressed, so that a changed byte is a changed byte of the content.
pub(crate) struct Stored;

impl Compress for Stored {
    fn compress(&mut self, raw: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(&0xFD2F_B528u32.to_le_bytes());
        // One segment, four bytes of content size (RFC 8878, 3.1.1.1).
        out.push(0xA0);
        out.extend_from_slice(&(raw.len() as u32).to_le_bytes());
        let n = raw.len().div_ceil(1 << 17).max(1);
        for (index, block) in (0..n).map(|i| (i, &raw[i << 17..raw.len().min((i + 1) << 17)])) {
            let header = (block.len() as u32) << 3 | u32::from(index + 1 == n);
            out.extend_from_slice(&header.to_le_bytes()[..3]);
            out.extend_from_slice(block);
        }
    }
}

/// The encoder that builds use.
pub(crate) struct Zstd;

impl Compress for Zstd {
    fn compress(&mut self, raw: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(&zstd::bulk::compress(raw, 15).expect("libzstd compresses any bytes"));
    }
}

/// A message of a sample.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mail {
    pub(crate) key: u64,
    pub(crate) date: Option<i64>,
    pub(crate) from: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: Option<String>,
    pub(crate) attachment: bool,
}

/// A section before its blocks are framed.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) id: SectionId,
    /// Payload bytes of a block; 0 in a variable section.
    pub(crate) payload: u32,
    pub(crate) blocks: Vec<Vec<u8>>,
}

/// A segment before it is laid down.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    pub(crate) front: Front,
    pub(crate) parts: Vec<Part>,
}

impl Parts {
    /// The front, and the whole blob.
    pub(crate) fn blob(&self) -> (Vec<u8>, Vec<u8>) {
        let mut front = self.front.clone();
        front.sections.clear();
        let mut body = Vec::new();
        for part in &self.parts {
            let start = body.len() as u64;
            let push = if part.payload > 0 { push_fixed } else { push_variable };
            part.blocks.iter().for_each(|block| push(&mut body, block));
            let length = body.len() as u64 - start;
            front.sections.push(Section { id: part.id, start, length, payload: part.payload });
        }
        let front = write_front(&front);
        let blob = [&front[..], &body].concat();
        (front, blob)
    }

    fn fixed(&mut self, id: SectionId, payload: u32, bytes: &[u8]) {
        let blocks = bytes.chunks(payload as usize).map(<[u8]>::to_vec).collect();
        self.push(Part { id, payload, blocks });
    }

    fn push(&mut self, part: Part) {
        if !part.blocks.is_empty() {
            self.parts.push(part);
        }
    }
}

const WORDS: [&str; 24] = [
    "ferry",
    "timetable",
    "harbour",
    "winter",
    "meeting",
    "island",
    "engine",
    "repair",
    "budget",
    "vote",
    "crew",
    "letter",
    "storm",
    "quay",
    "cargo",
    "ticket",
    "passenger",
    "members",
    "cooperative",
    "the",
    "and",
    "of",
    "to",
    "ferries",
];

/// Messages of random words, some undated, some with HTML, attachments and quotes, in the order of an archive.
pub(crate) fn mails(n: usize, seed: u64) -> Vec<Mail> {
    let mut random = Random(seed);
    let mut words = |n: usize| -> String {
        let word = |_| WORDS[random.below(WORDS.len()).min(random.below(WORDS.len()))];
        (0..n).map(word).collect::<Vec<_>>().join(" ")
    };
    let mut mails: Vec<Mail> = (0..n)
        .map(|i| Mail {
            key: (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15),
            date: (i % 17 != 0).then_some(1_000_000_000 + (i as i64 / 2) * 7200),
            from: ["Ada Quay <ada@quay.example>", "Bo Holm <bo@mail.holm.example>"][i % 2].to_owned(),
            subject: words(4),
            text: format!("{} once{i}\n> {}\n{}\n", words(30), words(8), words(5)),
            html: (i % 5 == 0).then(|| format!("<p>{}</p>", words(12))),
            attachment: i % 7 == 0,
        })
        .collect();
    mails.sort_by_key(|mail| (mail.date, mail.key));
    mails
}

type Lists = BTreeMap<(Vec<u8>, Kind), BTreeMap<u32, [Vec<u32>; 3]>>;

fn invert(mails: &[Mail]) -> Lists {
    let mut lists = Lists::new();
    let mut add = |doc: u32, kind: Kind, term: &str, region: usize, position: u32| {
        let places = lists.entry((term.as_bytes().to_vec(), kind)).or_default().entry(doc).or_default();
        if !places[region].contains(&position) {
            places[region].push(position);
        }
    };
    for (doc, mail) in (0..).zip(mails) {
        let mut head = 0;
        for (kind, text) in [(Kind::Subject, &mail.subject), (Kind::From, &mail.from)] {
            let base = head;
            text::tokenize(text, &mut |token| {
                add(doc, kind, token.text, 0, token.position);
                add(doc, Kind::Any, token.text, 0, base + token.position);
                head = base + token.position + 2;
            });
        }
        if let Some((_, address)) = mail.from.trim_end_matches('>').rsplit_once('<') {
            add(doc, Kind::From, address, 0, 0);
        }
        let mut next = [0, 0, 0];
        for region in text::regions(&mail.text) {
            let at = if matches!(region.kind, RegionKind::Quoted { .. }) { 2 } else { 1 };
            let base = next[at];
            text::tokenize(&mail.text[region.range], &mut |token| {
                add(doc, Kind::Any, token.text, at, base + token.position);
                next[at] = base + token.position + 2;
            });
        }
        if mail.attachment {
            add(doc, Kind::State, "has:attachment", 0, 0);
        }
    }
    lists
}

pub(crate) fn postings(docs: &BTreeMap<u32, [Vec<u32>; 3]>) -> Postings {
    let mut out = Postings::default();
    for (&doc, places) in docs {
        out.docs.push(doc);
        let regions = REGIONS.into_iter().zip(places).filter(|(_, places)| !places.is_empty());
        out.masks.push(regions.clone().fold(0, |mask, (region, _)| mask | region));
        for (_, places) in regions {
            out.counts.push(places.len() as u32);
            out.positions.extend(places);
        }
    }
    debug_assert!(out.masks.iter().all(|mask| *mask >= HEAD));
    out
}

/// A segment of these messages, in fixed blocks of `payload` bytes.
pub(crate) fn segment(mails: &[Mail], payload: u32, compress: &mut dyn Compress) -> Parts {
    let dates = || mails.iter().filter_map(|mail| mail.date);
    let first_date = dates().min().unwrap_or(0);
    let own_dates: Vec<u32> =
        mails.iter().map(|m| m.date.map_or(0, |date| (date - first_date) as u32)).collect();
    let mut columns = Vec::new();
    let numbers: Vec<u32> = (0..mails.len() as u32).collect();
    let lengths: Vec<u32> =
        mails.iter().map(|m| length_class(m.text.split_whitespace().count() as u32)).collect();
    let sizes: Vec<u32> = mails.iter().map(|mail| mail.text.len() as u32).collect();
    let threads: Vec<u32> = numbers.iter().map(|place| place / 3).collect();
    let (people, senders) = senders(mails);
    let (_, subjects) = numbered(mails, |mail| mail.subject.clone());
    let received: Vec<u32> =
        numbers.iter().map(|n| delivery((n % 4 > 0).then_some(i64::from(n % 3) - 1))).collect();
    let table = [
        (ColumnId::Date, &own_dates),
        (ColumnId::Size, &sizes),
        (ColumnId::Length, &lengths),
        (ColumnId::Thread, &threads),
        (ColumnId::Sender, &senders),
        (ColumnId::Subject, &subjects),
        (ColumnId::Received, &received),
    ]
    .map(|(id, values)| write_column(id, values, &mut columns));
    let mut directory = Vec::new();
    let mut out = dictionary(mails, payload, compress);
    let (lines, caps) = lines(mails, compress);
    out.fixed(SectionId::Lines, line::PAYLOAD, &lines);
    out.fixed(SectionId::Columns, payload, &columns);
    out.fixed(SectionId::People, people::BLOCK as u32, &people);
    let n_docs = mails.len() as u32;
    let ids = (0..n_docs).map(|doc| (text::message_id_hash(&format!("{doc}@quay.example")), doc));
    out.fixed(SectionId::Keys, payload, &write_hashes(mails.iter().map(|m| m.key).zip(0..), n_docs));
    out.fixed(SectionId::Ids, payload, &write_hashes(ids, n_docs));
    let links = (0..).zip(mails).step_by(3).map(|(doc, mail)| (mail.key ^ 2, doc));
    out.fixed(SectionId::Links, payload, &write_hashes(links, n_docs));
    out.fixed(SectionId::Originals, payload, &vec![5; 32 * mails.len()]);
    let mut packs = Vec::new();
    (0..PACKS).for_each(|n| push_pack(&mut packs, &[n; 32], PIECE));
    out.fixed(SectionId::Packs, payload, &packs);
    let trees = trees(mails, &mut out, &mut directory);
    let [texts, records, html] = texts(mails, &caps, compress, &mut out, &mut directory);
    let blocks = variable_blocks(&directory);
    out.push(Part { id: SectionId::Directory, payload: 0, blocks });
    out.front = Front {
        n_docs,
        n_undated: mails.iter().filter(|mail| mail.date.is_none()).count() as u32,
        first_date,
        last_date: dates().max().unwrap_or(0),
        n_threads: mails.len().div_ceil(3) as u32,
        zone: vec![(i64::MIN, 3600), (1_000_100_000, 7200)],
        columns: table.into(),
        date_samples: own_dates.iter().step_by(SAMPLE as usize).copied().collect(),
        trees,
        texts,
        records,
        html,
        ..out.front
    };
    out
}

/// All values in order, and for each message the number of its own, from 1 on.
fn numbered<T: Ord>(mails: &[Mail], value: impl Fn(&Mail) -> T) -> (Vec<T>, Vec<u32>) {
    let mut values: Vec<T> = mails.iter().map(&value).collect();
    values.sort();
    values.dedup();
    let number = |mail: &Mail| 1 + values.partition_point(|other| *other < value(mail)) as u32;
    let numbers = mails.iter().map(number).collect();
    (values, numbers)
}

fn name_and_address(mail: &Mail) -> (String, String) {
    let (name, address) = mail.from.trim_end_matches('>').split_once(" <").unwrap_or(("", &mail.from));
    (name.to_owned(), address.to_owned())
}

/// The payload of the people, and for each message its sender.
fn senders(mails: &[Mail]) -> (Vec<u8>, Vec<u32>) {
    let sender = |mail: &Mail| {
        let (name, address) = name_and_address(mail);
        Sender { name, address }
    };
    let (senders, ranks) = numbered(mails, sender);
    let (people, numbers) = write_people(&senders);
    (people, ranks.into_iter().map(|rank| numbers[rank as usize - 1]).collect())
}

/// The payloads of framed blocks.
fn variable_blocks(mut framed: &[u8]) -> Vec<Vec<u8>> {
    let mut blocks = Vec::new();
    while let Some((length, rest)) = framed.split_first_chunk::<4>() {
        let n = u32::from_le_bytes(*length) as usize;
        blocks.push(rest[..n].to_vec());
        framed = &rest[n + 4..];
    }
    blocks
}

fn dictionary(mails: &[Mail], payload: u32, compress: &mut dyn Compress) -> Parts {
    let encoder = ListWriter::new(mails.len() as u32);
    let mut writer = DictionaryWriter::default();
    let (mut terms, mut lists, mut positions) = (Vec::new(), Vec::new(), Vec::new());
    let inverted: Vec<_> = invert(mails).into_iter().collect();
    for term in inverted.chunk_by(|a, b| a.0.0 == b.0.0) {
        let encoded: Vec<_> = term
            .iter()
            .map(|((_, kind), docs)| {
                (*kind, docs.len() as u32, encoder.encode(&postings(docs), kind.shape()))
            })
            .collect();
        writer.add(&term[0].0.0, &encoded, compress, &mut terms, |list| {
            lists.extend_from_slice(&list.list);
            positions.extend_from_slice(&list.positions);
        });
    }
    let top = writer.finish(compress, &mut terms);
    let nowhere = DirectoryWriter::default().finish(&mut Vec::new());
    let front = Front {
        kind: MessageKind::Message,
        n_docs: 0,
        n_undated: 0,
        first_date: 0,
        last_date: 0,
        n_threads: 0,
        zone: Vec::new(),
        sections: Vec::new(),
        top,
        columns: Vec::new(),
        date_samples: Vec::new(),
        trees: nowhere.clone(),
        texts: nowhere.clone(),
        records: nowhere.clone(),
        html: nowhere,
        lines_dictionary: Vec::new(),
    };
    let mut out = Parts { front, parts: Vec::new() };
    out.push(Part { id: SectionId::Dictionary, payload: 0, blocks: variable_blocks(&terms) });
    out.fixed(SectionId::Lists, payload, &lists);
    out.fixed(SectionId::Positions, payload, &positions);
    out
}

/// The pages, and for each after how many characters its subjects are cut.
fn lines(mails: &[Mail], compress: &mut dyn Compress) -> (Vec<u8>, Vec<usize>) {
    let mut writer = LineWriter::default();
    let lines: Vec<Line> = (0..).zip(mails).map(|(place, mail)| line_of(mail, place)).collect();
    let pages: Vec<_> = lines.chunks(line::PAGE as usize).map(|page| writer.page(page, compress)).collect();
    let caps = pages.iter().map(|(_, cap)| *cap).collect();
    (pages.into_iter().flat_map(|(page, _)| page).collect(), caps)
}

/// Threads of three under someone who is not here.
fn trees(mails: &[Mail], out: &mut Parts, directory: &mut Vec<u8>) -> Root {
    let mut table = DirectoryWriter::default();
    let mut blocks = Vec::new();
    for first in (0..mails.len()).step_by(12) {
        let mut content = ByteWriter::new();
        let n = (mails.len() - first).min(12);
        for start in (first..first + n).step_by(3) {
            // Every other one is a message of the segment of quoted ones, or of an older one, where there is one.
            let who = match start % 4 {
                0 | 2 => Who::Ghost(format!("{start}@lost.example")),
                1 => Who::Elsewhere(mails[start].key ^ 1),
                _ => Who::Earlier(mails[start].key ^ 2),
            };
            let ghost = Node { who, parent: None, guessed: false };
            let here = (start..(start + 3).min(mails.len())).zip(0..);
            let here = here.map(|(doc, parent)| Node {
                who: Who::Doc(doc as u32),
                parent: Some(parent),
                guessed: parent == 2,
            });
            write_thread(&[ghost].into_iter().chain(here).collect::<Vec<_>>(), &mut content);
        }
        blocks.push(content.into_bytes());
        table.add(n as u64, blocks[blocks.len() - 1].len() as u64 + 8, directory);
    }
    out.push(Part { id: SectionId::Trees, payload: 0, blocks });
    table.finish(directory)
}

/// Words of the list under which a sample's texts are coded.
pub(crate) fn words() -> Words {
    Words::new(&WORDS[..20].iter().map(|word| word.as_bytes().to_vec()).collect::<Vec<_>>())
}

/// Texts, records and HTML, with their tables.
fn texts(
    mails: &[Mail],
    caps: &[usize],
    compress: &mut dyn Compress,
    out: &mut Parts,
    directory: &mut Vec<u8>,
) -> [Root; 3] {
    let ids = [SectionId::Texts, SectionId::Records, SectionId::Html];
    let mut tables = [const { Vec::new() }; 3];
    let words = words();
    let writer = TextWriter::new(&words);
    let mut pack = |content: &[u8]| {
        let mut frame = Vec::new();
        compress.compress(content, &mut frame);
        without_magic(&frame).to_vec()
    };
    for (first, some) in (0..).step_by(6).zip(mails.chunks(6)) {
        let coded: Vec<Vec<u8>> = some.iter().map(|mail| writer.encode(&mail.text)).collect();
        let mut records = RecordWriter::default();
        for (place, mail) in (first..).zip(some) {
            let whole = line::cut(&mail.subject, caps[(place / line::PAGE) as usize]) == mail.subject;
            records.add(&record_of(mail), mail.date, whole);
        }
        let texts: Vec<(u32, String)> =
            (first..).zip(some).filter_map(|(place, mail)| Some((place, mail.html.clone()?))).collect();
        for (table, content) in tables.iter_mut().zip([join(&coded), records.finish(), html_content(&texts)])
        {
            table.push((some.len() as u64, pack(&content)));
        }
    }
    let dictionary = pack(&dictionary_content(&words, &[]));
    out.push(Part { id: SectionId::TextsDictionary, payload: 0, blocks: vec![dictionary] });
    let mut ids = ids.into_iter();
    tables.map(|blocks| {
        let mut table = DirectoryWriter::default();
        blocks.iter().for_each(|(n, block)| table.add(*n, block.len() as u64 + 8, directory));
        let blocks = blocks.into_iter().map(|(_, block)| block).collect();
        out.push(Part { id: ids.next().expect("one for each"), payload: 0, blocks });
        table.finish(directory)
    })
}

pub(crate) fn line_of(mail: &Mail, place: u32) -> Line {
    Line {
        key: mail.key,
        date: mail.date,
        attachments: mail.attachment,
        html: mail.html.is_some(),
        misdated: false,
        missing: false,
        kind: MessageKind::Message,
        place,
        thread_size: 3,
        from: mail.from.clone(),
        subject: mail.subject.clone(),
        preview: text::preview(&mail.text, &text::regions(&mail.text), line::MAX_PREVIEW),
    }
}

pub(crate) fn record_of(mail: &Mail) -> Record {
    let (name, address) = name_and_address(mail);
    let place =
        record::Place { source: "sample.mbox".to_owned(), offset: mail.key >> 40, ..Default::default() };
    Record {
        key: mail.key,
        message_id: format!("{:x}@sample.example", mail.key),
        date: mail.date,
        zone: mail.date.map(|_| 60),
        size: mail.text.len() as u64,
        from: vec![Person { name, address }],
        subject: mail.subject.clone(),
        headers: vec![("X-Sample".to_owned(), "yes".to_owned())],
        text: mail.text.clone(),
        attachments: if mail.attachment { attachments(mail) } else { Vec::new() },
        original: Some(vec![Piece { pack: 0, at: 0, stored: 1 << 20, skip: 1, packed: true }]),
        places: vec![place],
        ..Default::default()
    }
}

/// Files that attachments lie in.
const PACKS: u8 = 9;

/// One attachment that is kept in two pieces, and one that is not.
fn attachments(mail: &Mail) -> Vec<record::Attachment> {
    let pack = mail.key as u32 % u32::from(PACKS);
    let first = Piece { pack, at: 0, stored: PIECE as u32, ..Piece::default() };
    let second = Piece { pack, at: 5, stored: 100, skip: 7, packed: true };
    let other = record::Attachment { name: "map.png".to_owned(), ..Default::default() };
    let kept = Some(vec![first, second]);
    vec![record::Attachment { size: PIECE + 3, sha256: [8; 32], kept, ..other.clone() }, other]
}
