//! Texts, records and HTML in thread order: dictionaries trained on the archive, blocks packed in parallel.

use super::{Material, Places};
use crate::build::compress::{Zstd, train};
use crate::build::gather::Body;
use crate::build::kept::Kept;
use crate::build::sections::{SectionWriter, WrittenSection};
use maildex_core::format::Compress;
use maildex_core::format::block::SectionId;
use maildex_core::format::directory::{DirectoryWriter, Root};
use maildex_core::format::frame::join;
use maildex_core::format::html::{self, html_content};
use maildex_core::format::line::{self, cut};
use maildex_core::format::record::{Place, Record, RecordWriter};
use maildex_core::format::text::{self, TextWriter, dictionary_content};
use maildex_core::format::words::{MAX_WORD, SECOND, Words, words};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::io;
use std::path::Path;

/// The trained dictionary of the texts; with the words it is loaded with the first text, some 32 KB when packed.
const TEXTS_DICTIONARY: usize = 24 << 10;
/// Words of the list. Twice as many make texts 1.5 % smaller and the list 12 KB longer.
const WORDS: usize = 6144;
/// The trained dictionary of the records; loaded with the first message that is opened.
const RECORDS_DICTIONARY: usize = 24 << 10;
/// Bytes of texts that words and dictionary are learnt from.
const SAMPLE_BYTES: usize = 4 << 20;
/// The part of a text that is learnt from, so that no long one outweighs the others.
const SAMPLE: usize = 8 << 10;
/// Blocks of records that their dictionary is learnt from, and the pieces they are given in.
const SAMPLE_BLOCKS: usize = 128;
const PIECE: usize = 4 << 10;
/// Level 15 packs texts within 1 % better in four times the time, level 6 is no faster.
const LEVEL: i32 = 9;
/// Blocks that are compressed in parallel before they are written.
const AHEAD: usize = 64;
/// Bodies that are worked on at once: so many, or so many bytes.
const GROUP: usize = 1024;
const GROUP_BYTES: usize = 8 << 20;

/// The sections that are written here, and the roots of their tables.
pub(super) struct Packed {
    pub(super) sections: Vec<WrittenSection>,
    pub(super) texts: Root,
    pub(super) records: Root,
    pub(super) html: Root,
}

/// Writes texts, records and HTML. `caps` tells for each page of lines where its subjects are cut.
pub(super) fn write(
    material: &Material<'_>,
    places: &Places,
    caps: &[usize],
    kept: &Kept,
    directory: &mut Vec<u8>,
) -> io::Result<Packed> {
    let sample = sample_texts(material, places)?;
    let words = learn_words(&sample);
    let writer = TextWriter::new(&words);
    let coded: Vec<Vec<u8>> = sample.iter().map(|text| writer.encode(text)).collect();
    let texts_dictionary = train(&coded, TEXTS_DICTIONARY);
    let mut sections = Vec::new();
    if !(words.is_empty() && texts_dictionary.is_empty()) {
        let content = dictionary_content(&words, &texts_dictionary);
        sections.push(write_dictionary(SectionId::TextsDictionary, &content, material.scratch)?);
    }
    let records_dictionary = train(&sample_records(material, places, caps, kept)?, RECORDS_DICTIONARY);
    if !records_dictionary.is_empty() {
        let id = SectionId::RecordsDictionary;
        sections.push(write_dictionary(id, &records_dictionary, material.scratch)?);
    }
    let mut packing = Packing {
        material,
        caps,
        places,
        kept,
        writer,
        texts: Packer::new(SectionId::Texts, material.scratch, &texts_dictionary)?,
        records: Packer::new(SectionId::Records, material.scratch, &records_dictionary)?,
        html: Packer::new(SectionId::Html, material.scratch, &[])?,
        text_block: Vec::new(),
        text_bytes: 0,
        record_block: RecordWriter::default(),
        html_block: Vec::new(),
        html_bytes: 0,
        html_items: 0,
    };
    let mut at = 0;
    while at < places.doc.len() {
        let n = packing.group(at, directory)?;
        material.progress.advance(n as u64, n as u64);
        at += n;
    }
    let (texts, records, html) = packing.finish(directory)?;
    sections.extend([texts.0, records.0, html.0]);
    Ok(Packed { sections, texts: texts.1, records: records.1, html: html.1 })
}

fn write_dictionary(id: SectionId, content: &[u8], scratch: &Path) -> io::Result<WrittenSection> {
    let mut frame = Vec::new();
    Zstd::new(19, &[]).compress(content, &mut frame);
    let mut section = SectionWriter::variable(id, scratch)?;
    // The four magic bytes of a frame say nothing here.
    section.push(&frame[4..])?;
    section.finish()
}

/// Texts spread over the whole archive.
fn sample_texts(material: &Material<'_>, places: &Places) -> io::Result<Vec<String>> {
    let size = |doc: u32| u64::from(material.meta(doc).1.size).min(SAMPLE as u64);
    let total: u64 = (0..places.doc.len() as u32).map(size).sum();
    let step = (total / SAMPLE_BYTES as u64).max(1) as usize;
    let one = |&doc: &u32| {
        let (worked, meta) = material.meta(doc);
        let body = worked.body(meta)?;
        let text = body.text()?;
        Ok(text[..text.floor_char_boundary(SAMPLE)].to_owned())
    };
    places.doc.iter().step_by(step).map(one).collect()
}

/// The words that save most; none where texts are too few to learn from.
fn learn_words(sample: &[String]) -> Words {
    if sample.iter().map(String::len).sum::<usize>() < SAMPLE_BYTES / 4 {
        return Words::default();
    }
    let mut counts: FxHashMap<Vec<u8>, usize> = FxHashMap::default();
    for text in sample {
        for word in words(text.as_bytes()).filter(|word| (2..=MAX_WORD).contains(&word.len())) {
            *counts.entry(word.to_ascii_lowercase()).or_default() += 1;
        }
    }
    let mut all: Vec<(Vec<u8>, usize)> = counts.into_iter().filter(|(_, n)| *n > 2).collect();
    all.sort_by(|a, b| (b.1 * (b.0.len() - 1)).cmp(&(a.1 * (a.0.len() - 1))).then(a.0.cmp(&b.0)));
    all.truncate(WORDS);
    // Frequent words get short codes and similar ones the same first byte; in order, words of about the same
    // frequency pack into a third less.
    all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut all: Vec<Vec<u8>> = all.into_iter().map(|(word, _)| word).collect();
    let n_short = Words::short(all.len());
    let (short, long) = all.split_at_mut(n_short);
    short.sort();
    let (mut rest, mut n) = (long, SECOND);
    while !rest.is_empty() {
        let (now, later) = rest.split_at_mut(n.min(rest.len()));
        now.sort();
        (rest, n) = (later, n * 2);
    }
    Words::new(&all)
}

/// Blocks of records spread over the whole archive, in pieces.
fn sample_records(
    material: &Material<'_>,
    places: &Places,
    caps: &[usize],
    kept: &Kept,
) -> io::Result<Vec<Vec<u8>>> {
    let step = places.doc.len().div_ceil(GROUP).div_ceil(SAMPLE_BLOCKS / 8).max(1);
    let mut pieces = Vec::new();
    for group in places.doc.chunks(GROUP).step_by(step) {
        let mut docs = group.iter();
        while docs.len() > 0 {
            let mut block = RecordWriter::default();
            while !block.is_full() {
                let Some(&doc) = docs.next() else { break };
                let mut record = whole_record(material, doc, &body(material, doc)?)?;
                kept.locate(&mut record, &material.meta(doc).1.sha256);
                add_record(&mut block, &record, material, caps, doc);
            }
            pieces.extend(block.finish().chunks(PIECE).map(<[u8]>::to_vec));
        }
    }
    Ok(pieces)
}

fn body(material: &Material<'_>, doc: u32) -> io::Result<Body> {
    let (worked, meta) = material.meta(doc);
    worked.body(meta)
}

/// The record with every place the message was found at.
fn whole_record(material: &Material<'_>, doc: u32, body: &Body) -> io::Result<Record> {
    let mut record = body.record()?;
    record.places.extend(places_of_copies(material, doc)?);
    tell(material, doc, &mut record);
    Ok(record)
}

/// Adds what only the whole archive tells.
fn tell(material: &Material<'_>, doc: u32, record: &mut Record) {
    record.headers.extend(material.about.told.get(&doc).iter().flat_map(|told| told.headers.clone()));
}

fn places_of_copies(material: &Material<'_>, doc: u32) -> io::Result<Vec<Place>> {
    let mut places = Vec::new();
    for copy in material.copies.of(doc) {
        let worked = &material.worked[copy.worker as usize];
        places.extend(worked.body(&worked.metas[copy.index as usize])?.record()?.places);
    }
    Ok(places)
}

fn add_record(block: &mut RecordWriter, record: &Record, material: &Material<'_>, caps: &[usize], doc: u32) {
    let cap = caps[(doc / line::PAGE) as usize];
    let whole = cut(&record.subject, cap).len() == record.subject.len();
    block.add(record, material.meta(doc).1.date, whole);
}

/// The second pass over the bodies, and what it has not yet written.
struct Packing<'a> {
    material: &'a Material<'a>,
    places: &'a Places,
    caps: &'a [usize],
    kept: &'a Kept,
    writer: TextWriter<'a>,
    texts: Packer<'a>,
    records: Packer<'a>,
    html: Packer<'a>,
    text_block: Vec<Vec<u8>>,
    text_bytes: usize,
    record_block: RecordWriter,
    html_block: Vec<(u32, String)>,
    html_bytes: usize,
    html_items: u64,
}

impl Packing<'_> {
    /// Packs some messages from place `at` on; gives how many.
    fn group(&mut self, at: usize, directory: &mut Vec<u8>) -> io::Result<usize> {
        let (mut bodies, mut bytes) = (Vec::new(), 0);
        for &doc in &self.places.doc[at..] {
            let body = body(self.material, doc)?;
            let copies = places_of_copies(self.material, doc)?;
            bytes += body.len();
            bodies.push((doc, body, copies));
            if bodies.len() == GROUP || bytes >= GROUP_BYTES {
                break;
            }
        }
        let done: Vec<(Record, Vec<u8>)> = bodies
            .par_iter_mut()
            .map(|(doc, body, copies)| {
                let mut record = body.record()?;
                record.places.append(copies);
                self.kept.locate(&mut record, &self.material.meta(*doc).1.sha256);
                tell(self.material, *doc, &mut record);
                Ok((record, self.writer.encode(body.text()?)))
            })
            .collect::<io::Result<_>>()?;
        for ((place, (doc, body, _)), (record, coded)) in (at as u32..).zip(&bodies).zip(done) {
            self.text(coded, body.text()?.len(), directory)?;
            add_record(&mut self.record_block, &record, self.material, self.caps, *doc);
            if self.record_block.is_full() {
                self.end_records(directory)?;
            }
            let html = if self.material.meta(*doc).1.html { Some(body.html()?) } else { None };
            self.html(place, html, directory)?;
        }
        Ok(bodies.len())
    }

    fn text(&mut self, coded: Vec<u8>, n: usize, directory: &mut Vec<u8>) -> io::Result<()> {
        self.text_block.push(coded);
        self.text_bytes += n;
        if self.text_bytes >= text::BLOCK { self.end_texts(directory) } else { Ok(()) }
    }

    fn html(&mut self, place: u32, text: Option<&str>, directory: &mut Vec<u8>) -> io::Result<()> {
        self.html_items += 1;
        if let Some(text) = text {
            self.html_bytes += text.len();
            self.html_block.push((place, text.to_owned()));
        }
        if self.html_bytes >= html::BLOCK { self.end_html(directory) } else { Ok(()) }
    }

    fn end_texts(&mut self, directory: &mut Vec<u8>) -> io::Result<()> {
        let block = core::mem::take(&mut self.text_block);
        self.text_bytes = 0;
        self.texts.add(block.len() as u64, join(&block), directory)
    }

    fn end_records(&mut self, directory: &mut Vec<u8>) -> io::Result<()> {
        let block = core::mem::take(&mut self.record_block);
        self.records.add(block.len() as u64, block.finish(), directory)
    }

    fn end_html(&mut self, directory: &mut Vec<u8>) -> io::Result<()> {
        let block = core::mem::take(&mut self.html_block);
        self.html_bytes = 0;
        self.html.add(core::mem::take(&mut self.html_items), html_content(&block), directory)
    }

    fn finish(mut self, directory: &mut Vec<u8>) -> io::Result<(Written, Written, Written)> {
        if !self.text_block.is_empty() {
            self.end_texts(directory)?;
        }
        if !self.record_block.is_empty() {
            self.end_records(directory)?;
        }
        if !self.html_block.is_empty() {
            self.end_html(directory)?;
        }
        Ok((self.texts.finish(directory)?, self.records.finish(directory)?, self.html.finish(directory)?))
    }
}

type Written = (WrittenSection, Root);

/// Compresses blocks a few at a time in parallel and writes them in order.
struct Packer<'a> {
    section: SectionWriter,
    table: DirectoryWriter,
    dictionary: &'a [u8],
    pending: Vec<(u64, Vec<u8>)>,
}

impl<'a> Packer<'a> {
    fn new(id: SectionId, scratch: &Path, dictionary: &'a [u8]) -> io::Result<Packer<'a>> {
        let section = SectionWriter::variable(id, scratch)?;
        Ok(Packer { section, table: DirectoryWriter::default(), dictionary, pending: Vec::new() })
    }

    fn add(&mut self, n_items: u64, content: Vec<u8>, directory: &mut Vec<u8>) -> io::Result<()> {
        self.pending.push((n_items, content));
        if self.pending.len() >= AHEAD { self.flush(directory) } else { Ok(()) }
    }

    fn flush(&mut self, directory: &mut Vec<u8>) -> io::Result<()> {
        let frames: Vec<(u64, Vec<u8>)> = core::mem::take(&mut self.pending)
            .into_par_iter()
            .map_init(
                || Zstd::new(LEVEL, self.dictionary),
                |compress, (n_items, content)| {
                    let mut frame = Vec::new();
                    compress.compress(&content, &mut frame);
                    (n_items, frame)
                },
            )
            .collect();
        for (n_items, frame) in frames {
            // The four magic bytes of a frame say nothing here.
            let length = self.section.push(&frame[4..])?;
            self.table.add(n_items, length, directory);
        }
        Ok(())
    }

    fn finish(mut self, directory: &mut Vec<u8>) -> io::Result<Written> {
        self.flush(directory)?;
        Ok((self.section.finish()?, self.table.finish(directory)))
    }
}
