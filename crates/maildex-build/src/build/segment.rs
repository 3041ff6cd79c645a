//! The second pass: from everything that was put aside to the sections of one segment.

mod texts;

use crate::build::compress::{Zstd, train};
use crate::build::copies::Copies;
use crate::build::forms::Vocabulary;
use crate::build::gather::{Head, Meta, Worked};
use crate::build::index::merge::merge;
use crate::build::index::run::Run;
use crate::build::kept::{self, Kept};
use crate::build::orders::{Collector, Orders};
use crate::build::sections::{SectionWriter, WrittenSection};
use crate::build::states::archive_states;
use crate::build::{BuildOptions, Progress};
use crate::threads::{Item, Mention, Options, Threader, Threads, Who};
use maildex_core::format::ByteWriter;
use maildex_core::format::block::SectionId;
use maildex_core::format::column::{ColumnId, delivery, write_column};
use maildex_core::format::dictionary::{DictionaryWriter, Top};
use maildex_core::format::directory::{DirectoryWriter, Root};
use maildex_core::format::forms::write_forms;
use maildex_core::format::front::{Front, MessageKind, SAMPLE, write_front};
use maildex_core::format::key::write_hashes;
use maildex_core::format::line::{self, Line, LineWriter, page_content};
use maildex_core::format::list::ListWriter;
use maildex_core::format::people;
use maildex_core::format::tree::{self, Node, write_thread};
use maildex_core::query::Zone;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::io::{self, Seek as _};
use std::path::Path;

/// Payload bytes of the blocks of lists and positions: a rare word costs one of each.
const LIST_BLOCK: u32 = 1 << 10;
/// Payload bytes of the blocks of columns and keys.
pub(crate) const COLUMN_BLOCK: u32 = 1 << 10;
/// The trained dictionary of the lines; part of the opening.
const LINES_DICTIONARY: usize = 4 << 10;
/// Blocks of the dictionary, some kilobytes: higher levels gain 1 % and take three times as long.
const DICTIONARY_LEVEL: i32 = 9;
/// Pages of lines have a fixed size and are tried several times: a higher level only makes previews some letters longer.
const LINES_LEVEL: i32 = 6;
/// Runs of pages that are compressed in parallel before they are written.
const AHEAD: usize = 64;

/// A segment, ready to be cut into shards.
pub(crate) struct WrittenSegment {
    pub(crate) kind: MessageKind,
    pub(crate) front: Vec<u8>,
    pub(crate) sections: Vec<WrittenSection>,
    pub(crate) n_docs: u32,
    pub(crate) n_undated: u32,
    pub(crate) n_threads: u64,
    pub(crate) n_ghosts: u64,
    /// Threads of older segments that go on here.
    pub(crate) n_continued: u64,
    pub(crate) dates: Option<(i64, i64)>,
    pub(crate) kept: Kept,
    /// What its messages name and nobody bears.
    pub(crate) mentions: Vec<Mention>,
}

/// What only the whole archive tells of a message.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    /// It is not here, and nobody is known to have it.
    pub(crate) missing: bool,
    /// What it is, as `is:` finds it.
    pub(crate) is: Vec<&'static str>,
    /// How many messages hold or mention it; 0 for a message that is here.
    pub(crate) n_holders: u32,
    /// The key of the first of them.
    pub(crate) holder: Option<u64>,
    /// What its record tells besides.
    pub(crate) headers: Vec<(String, String)>,
}

/// A message of another segment that has a place in the threads.
pub(crate) struct Outsider {
    pub(crate) key: u64,
    pub(crate) date: Option<i64>,
    /// Of a message of another kind, what it refers to counts for nothing.
    pub(crate) head: Head,
    /// It is a message too, in an older segment.
    pub(crate) is_earlier: bool,
}

/// What kind of messages a segment holds, and what is known of them besides.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) kind: MessageKind,
    /// By message, of those that there is something to tell of.
    pub(crate) told: &'a FxHashMap<u32, Told>,
    /// Messages of other segments that the threads have places for.
    pub(crate) outside: &'a [Outsider],
    /// The first and the last date of older segments: the zone is told for them too.
    pub(crate) span: Option<(i64, i64)>,
    /// By message, ascending: the ids of what it quotes as References give them, the oldest first.
    pub(crate) chains: &'a [(u32, Vec<String>)],
}

/// Everything the second pass works on.
pub(crate) struct Material<'a> {
    pub(crate) about: About<'a>,
    pub(crate) worked: &'a mut [Worked],
    pub(crate) copies: &'a Copies,
    pub(crate) options: &'a BuildOptions,
    pub(crate) scratch: &'a Path,
    pub(crate) progress: &'a dyn Progress,
}

/// Writes the segment.
pub(crate) fn write_segment(material: &mut Material<'_>) -> io::Result<WrittenSegment> {
    let progress = material.progress;
    progress.start("threading", None);
    let Threaded { threads, orders, mentions } = thread(material)?;
    let places = Places::new(material, &threads);
    progress.finish();
    progress.start("indexing words", None);
    let (top, mut sections) = dictionary(material, &threads)?;
    progress.finish();
    let mut directory = Vec::new();
    progress.start("packing threads and lines", None);
    let (trees, tree_root) = write_trees(material, &threads, &places, &mut directory)?;
    let (lines, lines_dictionary, caps) = write_lines(material, &places)?;
    let (columns, column_table, date_samples) = write_columns(material, &places, &orders)?;
    progress.finish();
    let (kept, kept_sections) = kept::write(material, &places.doc)?;
    progress.start("packing texts", Some(material.copies.docs.len() as u64));
    let packed = texts::write(material, &places, &caps, &kept, &mut directory)?;
    progress.finish();
    let mut directory_section = SectionWriter::variable(SectionId::Directory, material.scratch)?;
    directory_section.framed(&directory)?;
    let people = write_fixed(material, SectionId::People, people::BLOCK as u32, &orders.people)?;
    sections.extend([trees, lines, columns, people]);
    sections.extend(write_hash_tables(material)?);
    let (links, n_continued) = write_links(material, &threads)?;
    sections.push(links);
    sections.push(directory_section.finish()?);
    sections.extend(packed.sections);
    sections.extend(kept_sections);
    sections.retain(|section| section.length > 0);
    let order = |section: &WrittenSection| SectionId::ALL.iter().position(|id| *id == section.id);
    sections.sort_by_key(order);
    let dates = material.copies.dates();
    let mut start = 0;
    let table = sections
        .iter()
        .map(|section| {
            start += section.length;
            section.section(start - section.length)
        })
        .collect();
    let front = Front {
        kind: material.about.kind,
        n_docs: material.copies.docs.len() as u32,
        n_undated: material.copies.n_undated,
        first_date: dates.map_or(0, |(first, _)| first),
        last_date: dates.map_or(0, |(_, last)| last),
        n_threads: threads.len() as u32,
        zone: material.options.zone_changes(material.span()),
        sections: table,
        top,
        columns: column_table,
        date_samples,
        trees: tree_root,
        texts: packed.texts,
        records: packed.records,
        html: packed.html,
        lines_dictionary,
    };
    Ok(WrittenSegment {
        kind: material.about.kind,
        front: write_front(&front),
        sections,
        n_docs: front.n_docs,
        n_undated: front.n_undated,
        n_threads: u64::from(front.n_threads),
        n_ghosts: threads.n_missing() as u64,
        n_continued,
        dates,
        kept,
        mentions,
    })
}

impl Material<'_> {
    pub(crate) fn meta(&self, doc: u32) -> (&Worked, &Meta) {
        let at = self.copies.docs[doc as usize];
        let worked = &self.worked[at.worker as usize];
        (worked, &worked.metas[at.index as usize])
    }

    /// A message and its copies.
    fn versions(&self, doc: u32) -> impl Iterator<Item = (&Worked, &Meta)> {
        let copies = self.copies.of(doc);
        [self.copies.docs[doc as usize]].into_iter().chain(copies).map(|at| {
            let worked = &self.worked[at.worker as usize];
            (worked, &worked.metas[at.index as usize])
        })
    }

    /// The sources and folders of a message and its copies.
    pub(crate) fn places(&self, doc: u32) -> impl Iterator<Item = (&str, &str)> {
        self.versions(doc).map(|(worked, meta)| {
            let (source, folder) = &worked.places[meta.place as usize];
            (source.as_str(), folder.as_str())
        })
    }

    /// The ids of what a message quotes.
    fn chain(&self, doc: u32) -> &[String] {
        match self.about.chains.binary_search_by_key(&doc, |(own, _)| *own) {
            Ok(at) => &self.about.chains[at].1,
            Err(_) => &[],
        }
    }

    /// The first and the last date of this segment and the older ones.
    fn span(&self) -> Option<(i64, i64)> {
        let dates = self.copies.dates().into_iter().chain(self.about.span);
        dates.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// How many messages of older segments stand in a thread.
    pub(crate) fn n_earlier(&self, nodes: &[crate::threads::Node]) -> usize {
        nodes.iter().filter(|node| self.earlier(node.who).is_some()).count()
    }

    /// The key of a message of an older segment.
    pub(crate) fn earlier(&self, who: Who) -> Option<u64> {
        let Who::Outside(other) = who else { return None };
        let outsider = &self.about.outside[other as usize];
        outsider.is_earlier.then_some(outsider.key)
    }

    fn head(&self, doc: u32) -> io::Result<Head> {
        let (worked, meta) = self.meta(doc);
        worked.head(meta)
    }
}

/// What a look at every message's head comes to.
struct Threaded {
    threads: Threads,
    orders: Orders,
    mentions: Vec<Mention>,
}

/// The threads, and what else takes a look at every message's head. What is not here stands in no thread of its own
/// segment.
fn thread(material: &Material<'_>) -> io::Result<Threaded> {
    let mut threader = Threader::default();
    let mut collector = Collector::default();
    let is_here = material.about.kind == MessageKind::Message;
    let n_docs = material.copies.docs.len() as u32;
    for doc in 0..n_docs {
        let head = material.head(doc)?;
        let (_, meta) = material.meta(doc);
        collector.add(&head);
        let people: Vec<&str> = head.people.iter().map(String::as_str).collect();
        let own = Item { key: meta.key, date: meta.date, ..Item::default() };
        if !is_here {
            threader.add(&own);
            continue;
        }
        let inside = id_of(meta.key);
        let message_id =
            head.message_id.as_deref().or((!material.about.chains.is_empty()).then_some(&inside));
        let chain = material.chain(doc);
        let references = if chain.is_empty() { &head.references[..] } else { chain };
        threader.add(&Item {
            message_id,
            references,
            in_reply_to: &head.in_reply_to,
            base_subject: &head.base_subject,
            is_reply: head.is_reply,
            people: &people,
            conversation: head.conversation,
            ..own
        });
    }
    for outsider in material.about.outside {
        let Outsider { key, date, head, is_earlier } = outsider;
        let people: Vec<&str> = head.people.iter().map(String::as_str).collect();
        let own = Item {
            key: *key,
            date: *date,
            message_id: head.message_id.as_deref(),
            references: &head.references,
            in_reply_to: &head.in_reply_to,
            base_subject: &head.base_subject,
            is_reply: head.is_reply,
            people: &people,
            conversation: head.conversation,
        };
        match is_earlier {
            true => threader.add(&own),
            false => threader.add(&Item {
                message_id: Some(&id_of(*key)),
                references: &[],
                in_reply_to: &[],
                ..own
            }),
        };
    }
    let mut mentions = threader.mentions();
    // What messages of older segments mention is told of there.
    for mention in &mut mentions {
        mention.by.retain(|&item| item < n_docs);
        mention.after.retain(|&item| item < n_docs);
    }
    mentions.retain(|mention| !mention.by.is_empty());
    let threads = threader.finish(&Options::default()).of_first(n_docs);
    Ok(Threaded { threads, orders: collector.finish(), mentions })
}

/// An id for what has none, that no other has: a domain of RFC 2606.
pub(crate) fn id_of(key: u64) -> String {
    format!("{key:016x}@key.invalid")
}

/// Thread order, both ways.
struct Places {
    /// By message.
    place: Vec<u32>,
    /// By message: the number of its thread.
    thread: Vec<u32>,
    /// By message.
    thread_size: Vec<u32>,
    /// By place.
    doc: Vec<u32>,
}

impl Places {
    fn new(material: &Material<'_>, threads: &Threads) -> Places {
        let n_docs = material.copies.docs.len();
        let mut places = Places {
            place: vec![0; n_docs],
            thread: vec![0; n_docs],
            thread_size: vec![0; n_docs],
            doc: Vec::new(),
        };
        for (thread, number) in threads.iter().zip(0..) {
            let docs = || thread.nodes.iter().filter_map(|node| node.who.here());
            let size = (docs().count() + material.n_earlier(thread.nodes)) as u32;
            for doc in docs() {
                places.place[doc as usize] = places.doc.len() as u32;
                places.thread[doc as usize] = number;
                places.thread_size[doc as usize] = size;
                places.doc.push(doc);
            }
        }
        places
    }
}

fn dictionary(material: &mut Material<'_>, threads: &Threads) -> io::Result<(Top, Vec<WrittenSection>)> {
    let scratch = material.scratch;
    let mut terms = SectionWriter::variable(SectionId::Dictionary, scratch)?;
    let mut lists = SectionWriter::fixed(SectionId::Lists, LIST_BLOCK, scratch)?;
    let mut positions = SectionWriter::fixed(SectionId::Positions, LIST_BLOCK, scratch)?;
    let mut runs = Vec::new();
    for (worker, worked) in material.worked.iter_mut().enumerate() {
        runs.extend(worked.runs(worker)?);
    }
    let n_docs = material.copies.docs.len() as u32;
    let mut states = archive_states(material, threads)?;
    states.rewind()?;
    runs.push(Run::new(states, material.worked.len()));
    let own: Vec<u32> = (0..n_docs).collect();
    let numbers: Vec<&[u32]> = material.copies.numbers.iter().map(Vec::as_slice).chain([&own[..]]).collect();
    let encoder = ListWriter::new(n_docs);
    let mut compress = Zstd::new(DICTIONARY_LEVEL, &[]);
    let mut writer = DictionaryWriter::default();
    let mut block = Vec::new();
    let mut vocabulary = Vocabulary::default();
    merge(runs, &numbers, |term, kinds| {
        vocabulary.add(term, kinds);
        let encoded: Vec<_> = kinds
            .iter()
            .map(|(kind, postings)| {
                (*kind, postings.docs.len() as u32, encoder.encode(postings, kind.shape()))
            })
            .collect();
        let mut written = Ok(());
        writer.add(term, &encoded, &mut compress, &mut block, |list| {
            if written.is_ok() {
                written = lists.write(&list.list).and_then(|()| positions.write(&list.positions));
            }
        });
        written?;
        flush_block(&mut terms, &mut block)
    })?;
    let top = writer.finish(&mut compress, &mut block);
    flush_block(&mut terms, &mut block)?;
    let mut sections = vec![terms.finish()?, lists.finish()?, positions.finish()?];
    let (forms, index) = write_forms(&vocabulary.entries(n_docs), &mut compress);
    for (id, blocks) in [(SectionId::Forms, forms), (SectionId::FormsIndex, vec![index])] {
        let mut section = SectionWriter::variable(id, scratch)?;
        blocks.iter().try_for_each(|block| section.framed(block))?;
        sections.push(section.finish()?);
    }
    Ok((top, sections))
}

fn flush_block(section: &mut SectionWriter, block: &mut Vec<u8>) -> io::Result<()> {
    if !block.is_empty() {
        section.framed(block)?;
        block.clear();
    }
    Ok(())
}

fn write_trees(
    material: &Material<'_>,
    threads: &Threads,
    places: &Places,
    directory: &mut Vec<u8>,
) -> io::Result<(WrittenSection, Root)> {
    let mut section = SectionWriter::variable(SectionId::Trees, material.scratch)?;
    let mut table = DirectoryWriter::default();
    let mut content = ByteWriter::new();
    let mut n_items = 0;
    for thread in threads.iter() {
        let nodes: Vec<Node> = thread
            .nodes
            .iter()
            .map(|node| Node {
                who: match node.who {
                    Who::Here(doc) => tree::Who::Doc(doc),
                    Who::Missing(id) => tree::Who::Ghost(threads.missing_id(id).to_owned()),
                    Who::Outside(other) => {
                        let outsider = &material.about.outside[other as usize];
                        match outsider.is_earlier {
                            true => tree::Who::Earlier(outsider.key),
                            false => tree::Who::Elsewhere(outsider.key),
                        }
                    }
                    Who::Gathered => tree::Who::Ghost(String::new()),
                },
                parent: node.parent,
                guessed: node.guessed,
            })
            .chain(holder_of(material, thread.nodes))
            .collect();
        write_thread(&nodes, &mut content);
        n_items += thread.nodes.iter().filter(|node| node.who.here().is_some()).count() as u64;
        if content.len() >= tree::BLOCK {
            let bytes = core::mem::take(&mut content).into_bytes();
            table.add(n_items, section.push(&bytes)?, directory);
            n_items = 0;
        }
    }
    if n_items > 0 {
        table.add(n_items, section.push(&content.into_bytes())?, directory);
    }
    debug_assert_eq!(places.doc.len(), material.copies.docs.len());
    Ok((section.finish()?, table.finish(directory)))
}

/// Below a message that is not here stands one that is: its thread is that of both.
fn holder_of(material: &Material<'_>, nodes: &[crate::threads::Node]) -> Option<Node> {
    let doc = nodes.first()?.who.here().filter(|_| material.about.kind != MessageKind::Message)?;
    let key = material.about.told.get(&doc)?.holder?;
    Some(Node { who: tree::Who::Elsewhere(key), parent: Some(0), guessed: false })
}

/// The pages of lines, their dictionary, and for each page after how many characters subjects are cut.
fn write_lines(
    material: &Material<'_>,
    places: &Places,
) -> io::Result<(WrittenSection, Vec<u8>, Vec<usize>)> {
    let mut section = SectionWriter::fixed(SectionId::Lines, line::PAYLOAD, material.scratch)?;
    let n_docs = material.copies.docs.len() as u32;
    let pages: Vec<u32> = (0..n_docs).step_by(line::PAGE as usize).collect();
    let page = |first: u32| -> io::Result<Vec<Line>> {
        (first..(first + line::PAGE).min(n_docs)).map(|doc| line_of(material, places, doc)).collect()
    };
    // Pages spread over the whole archive: its vocabulary of names and subjects changes over the years.
    let step = pages.len().div_ceil(512).max(1);
    let samples: Vec<Vec<u8>> = pages
        .iter()
        .step_by(step)
        .map(|&first| Ok(page_content(&page(first)?, 100, 80)))
        .collect::<io::Result<_>>()?;
    let dictionary = train(&samples, LINES_DICTIONARY);
    let mut caps = Vec::with_capacity(pages.len());
    for group in pages.chunks(AHEAD * 32) {
        let lines: Vec<Vec<Line>> = group.iter().map(|&first| page(first)).collect::<io::Result<_>>()?;
        // What a page begins its search for the longest preview with depends on the page before: fixed runs of
        // pages keep that the same whatever the number of threads.
        let payloads: Vec<Vec<(Vec<u8>, usize)>> = lines
            .par_chunks(32)
            .map(|run| {
                let mut compress = Zstd::new(LINES_LEVEL, &dictionary);
                let mut writer = LineWriter::default();
                run.iter().map(|lines| writer.page(lines, &mut compress)).collect()
            })
            .collect();
        for (payload, cap) in payloads.iter().flatten() {
            section.write(payload)?;
            caps.push(*cap);
        }
    }
    Ok((section.finish()?, dictionary, caps))
}

fn line_of(material: &Material<'_>, places: &Places, doc: u32) -> io::Result<Line> {
    let head = material.head(doc)?;
    let (_, meta) = material.meta(doc);
    let told = material.about.told.get(&doc);
    let n_holders = told.filter(|_| material.about.kind != MessageKind::Message).map(|told| told.n_holders);
    Ok(Line {
        key: meta.key,
        date: meta.date,
        attachments: head.attachments,
        html: meta.html,
        misdated: head.misdated,
        missing: told.is_some_and(|told| told.missing),
        kind: material.about.kind,
        place: places.place[doc as usize],
        thread_size: n_holders.unwrap_or(places.thread_size[doc as usize]),
        from: head.from,
        subject: head.subject,
        preview: head.preview,
    })
}

type Columns = (WrittenSection, Vec<maildex_core::format::column::Column>, Vec<u32>);

fn write_columns(material: &Material<'_>, places: &Places, orders: &Orders) -> io::Result<Columns> {
    let first = material.copies.dates().map_or(0, |(first, _)| first);
    let metas = || (0..material.copies.docs.len() as u32).map(|doc| material.meta(doc).1);
    let dates: Vec<u32> =
        metas().map(|m| m.date.map_or(0, |date| u32::try_from(date - first).unwrap_or(u32::MAX))).collect();
    let sizes: Vec<u32> = metas().map(|meta| meta.size).collect();
    // A day of delivery is the same, whatever other mail the segment holds.
    let delivered = metas().filter_map(|meta| meta.delivered).map(|own| (own, own));
    let span = delivered.chain(material.span()).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let zone = Zone::new(material.options.zone_changes(span));
    let day = |seconds| zone.day(seconds).number();
    let days_after = |meta: &Meta| Some(day(meta.delivered?) - day(meta.date?));
    let deliveries: Vec<u32> = metas().map(|meta| delivery(days_after(meta))).collect();
    let lengths: Vec<u32> = metas().map(|meta| u32::from(meta.length)).collect();
    let mut payload = Vec::new();
    let values = [
        (ColumnId::Date, &dates),
        (ColumnId::Size, &sizes),
        (ColumnId::Length, &lengths),
        (ColumnId::Thread, &places.thread),
        (ColumnId::Sender, &orders.sender),
        (ColumnId::Subject, &orders.subject),
        (ColumnId::Received, &deliveries),
    ];
    let table = values.into_iter().map(|(id, values)| write_column(id, values, &mut payload)).collect();
    let section = write_fixed(material, SectionId::Columns, COLUMN_BLOCK, &payload)?;
    let samples = dates.iter().step_by(SAMPLE as usize).copied().collect();
    Ok((section, table, samples))
}

/// The tables of keys and of Message-IDs. Exports give each copy an id of its own, which leads to the same message.
fn write_hash_tables(material: &Material<'_>) -> io::Result<[WrittenSection; 2]> {
    let n_docs = material.copies.docs.len() as u32;
    let keys = write_hashes((0..n_docs).map(|doc| (material.meta(doc).1.key, doc)), n_docs);
    let all_ids = (0..n_docs).flat_map(|doc| material.versions(doc).map(move |(_, meta)| (meta.id, doc)));
    let ids = write_hashes(all_ids.filter_map(|(id, doc)| Some((id?, doc))), n_docs);
    Ok([
        write_fixed(material, SectionId::Keys, COLUMN_BLOCK, &keys)?,
        write_fixed(material, SectionId::Ids, COLUMN_BLOCK, &ids)?,
    ])
}

/// The table that leads from messages of older segments to the threads here that they are in, and how many threads that
/// are.
fn write_links(material: &Material<'_>, threads: &Threads) -> io::Result<(WrittenSection, u64)> {
    let mut rows = Vec::new();
    let mut n_threads = 0;
    for thread in threads.iter() {
        let Some(first) = thread.nodes.iter().find_map(|node| node.who.here()) else { continue };
        let before = rows.len();
        rows.extend(
            thread.nodes.iter().filter_map(|node| material.earlier(node.who)).map(|key| (key, first)),
        );
        n_threads += u64::from(rows.len() > before);
    }
    let links = write_hashes(rows.into_iter(), material.copies.docs.len() as u32);
    Ok((write_fixed(material, SectionId::Links, COLUMN_BLOCK, &links)?, n_threads))
}

pub(crate) fn write_fixed(
    material: &Material<'_>,
    id: SectionId,
    block: u32,
    payload: &[u8],
) -> io::Result<WrittenSection> {
    let mut section = SectionWriter::fixed(id, block, material.scratch)?;
    section.write(payload)?;
    section.finish()
}
