//! A segment that is being read: its front, the blocks that have arrived, and what was decoded of them.

use crate::error::{Error, Outcome, Stop, corrupt};
use crate::format::block::{Resident, SectionId};
use crate::format::code::Codes;
use crate::format::column::{ColumnId, Values};
use crate::format::dictionary::Dictionary;
#[cfg(feature = "scan")]
use crate::format::dictionary::{Entry, Kind};
use crate::format::directory::Root;
use crate::format::forms::Forms;
use crate::format::frame::Frames;
use crate::format::front::{Front, MessageKind, SAMPLE, read_front};
use crate::format::html::read_html;
use crate::format::kept::{self, KeptFile, Piece};
use crate::format::key::find_hash;
use crate::format::line::{self, Line, read_page};
#[cfg(feature = "scan")]
use crate::format::list::Postings;
use crate::format::list::{ListReader, ListRef};
use crate::format::record::{Record, read_record};
#[cfg(feature = "scan")]
use crate::format::record::{read_block, read_records};
use crate::format::text::TextDecoder;
use crate::format::tree::{Node, read_thread};
use crate::format::zstd::Decoder;
#[cfg(feature = "scan")]
use crate::search::Scans;
use crate::text::message_id_hash;
use core::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Is told of a list: its term, its kind, where it lies, and what it says.
#[cfg(feature = "scan")]
pub(crate) type Visit<'a> = dyn FnMut(&[u8], Kind, &ListRef, Postings) + 'a;

/// A front is some kilobytes, of the largest archives some hundred.
const MAX_FRONT: u64 = 64 << 20;

/// One segment of an archive.
#[derive(Debug)]
pub(crate) struct Segment {
    /// Without messages while the front is not here.
    pub(crate) front: Front,
    /// How many messages it has.
    pub(crate) promised: u32,
    /// Bytes of the front that has not been asked for; 0 if it is here.
    pending: u64,
    pub(crate) resident: Resident,
    pub(crate) dictionary: Dictionary,
    codes: Codes,
    forms: Forms,
    plain: Decoder,
    lines: Decoder,
    texts: OnceCell<TextDecoder>,
    records: OnceCell<Decoder>,
    html: OnceCell<Decoder>,
    pages: RefCell<BTreeMap<u32, Rc<Vec<Line>>>>,
    /// What questions that read messages have found out.
    #[cfg(feature = "scan")]
    pub(crate) scans: Scans,
}

impl Segment {
    /// Opens a segment from the first bytes of its blob.
    pub(crate) fn open(bytes: &[u8]) -> Result<Segment, Error> {
        let mut segment = Segment::with_front(read_front(bytes)?)?;
        segment.resident.put(0, bytes)?;
        Ok(segment)
    }

    /// A segment of which nothing is here but what the manifest says.
    pub(crate) fn promised(kind: MessageKind, n: u32, front: u64) -> Result<Segment, Error> {
        if !(1..=MAX_FRONT).contains(&front) {
            return corrupt("the length of a front");
        }
        let mut segment = Segment::with_front(Front { kind, ..Front::default() })?;
        (segment.promised, segment.pending) = (n, front);
        Ok(segment)
    }

    /// Takes in bytes of the blob from `offset` on: the front where that is awaited, else blocks.
    pub(crate) fn put(&mut self, offset: u64, bytes: &[u8]) -> Result<(), Error> {
        if self.pending == 0 {
            return self.resident.put(offset, bytes);
        }
        // What comes before the front does is asked for again.
        if offset == 0 {
            let opened = Segment::open(bytes)?;
            if opened.front.kind != self.front.kind {
                return corrupt("the kind of a segment");
            }
            *self = opened;
        }
        Ok(())
    }

    /// Whether the front is here; if not, it is asked for.
    pub(crate) fn opened(&self) -> Outcome<()> {
        if self.pending == 0 {
            return Ok(());
        }
        self.resident.ask_front(self.pending);
        Err(Stop::Missing)
    }

    fn with_front(front: Front) -> Result<Segment, Error> {
        Ok(Segment {
            promised: front.n_docs,
            pending: 0,
            resident: Resident::new(&front.sections),
            dictionary: Dictionary::new(front.top.clone())?,
            codes: Codes::new(),
            forms: Forms::default(),
            plain: Decoder::new(&[])?,
            lines: Decoder::new(&front.lines_dictionary)?,
            texts: OnceCell::new(),
            records: OnceCell::new(),
            html: OnceCell::new(),
            pages: RefCell::default(),
            #[cfg(feature = "scan")]
            scans: Scans::default(),
            front,
        })
    }

    pub(crate) fn n_docs(&self) -> u32 {
        self.front.n_docs
    }

    /// Whether it has stems.
    pub(crate) fn has_forms(&self) -> bool {
        self.front.sections.iter().any(|section| section.id == SectionId::FormsIndex && section.length > 0)
    }

    /// The words that share a stem with this one; none in an archive without stems.
    pub(crate) fn forms_of(&self, word: &str) -> Outcome<Vec<String>> {
        let index = self.front.sections.iter().find(|section| section.id == SectionId::FormsIndex);
        self.forms.of(&self.resident, index.map(|index| index.length), &self.plain, word.as_bytes())
    }

    /// A reader of one list.
    pub(crate) fn list<'a>(&'a self, list: &'a ListRef) -> ListReader<'a> {
        ListReader::new(list, &self.resident, &self.codes, self.n_docs())
    }

    /// Calls `visit` with every list of the terms in a block of the dictionary, in order; false if there is no such block.
    #[cfg(feature = "scan")]
    pub(crate) fn lists(&self, block: usize, visit: &mut Visit<'_>) -> Outcome<bool> {
        if block >= self.dictionary.top.len() {
            return Ok(false);
        }
        let entries = self.dictionary.block(&self.resident, block)?;
        let is_sorted =
            entries.is_sorted_by(|a, b| a.key < b.key) && entries.iter().all(|own| !own.key.is_empty());
        let kinds = |own: &Entry| own.lists().map(|(kind, _)| kind).is_sorted_by(|a, b| a < b);
        if !is_sorted || !entries.iter().all(kinds) {
            return Ok(corrupt("dictionary")?);
        }
        // Nothing is told before all is here: a step that misses something runs again.
        all(entries.iter().flat_map(Entry::lists).map(|(_, list)| self.list(list).fetch()))?;
        for entry in entries.iter() {
            for (kind, list) in entry.lists() {
                visit(&entry.key, kind, list, self.list(list).whole()?);
            }
        }
        Ok(true)
    }

    /// What a result shows of `doc`.
    pub(crate) fn line(&self, doc: u32) -> Outcome<Line> {
        if doc >= self.n_docs() {
            return Ok(corrupt("message number")?);
        }
        let index = doc / line::PAGE;
        let cached = self.pages.borrow().get(&index).cloned();
        let page = match cached {
            Some(page) => page,
            None => {
                let mut page = read_page(&self.resident, &self.lines, doc)?.1;
                page.iter_mut().for_each(|line| line.kind = self.front.kind);
                let page = Rc::new(page);
                self.pages.borrow_mut().insert(index, page.clone());
                page
            }
        };
        match page.get((doc % line::PAGE) as usize) {
            Some(line) => Ok(line.clone()),
            None => Ok(corrupt("lines")?),
        }
    }

    /// The message with this key. What a result showed has its line here, so the table of keys is read for links alone.
    pub(crate) fn find(&self, key: u64) -> Outcome<Option<u32>> {
        self.shown(key).map_or_else(|| self.look_up(key), |doc| Ok(Some(doc)))
    }

    /// The message with this key, by the table of keys.
    pub(crate) fn look_up(&self, key: u64) -> Outcome<Option<u32>> {
        // Without messages there is no table of keys either.
        if self.n_docs() == 0 {
            return Ok(None);
        }
        for doc in find_hash(&self.resident, SectionId::Keys, self.n_docs(), key)? {
            if self.line(doc)?.key == key {
                return Ok(Some(doc));
            }
        }
        Ok(None)
    }

    /// The message with this key, if its line was read.
    pub(crate) fn shown(&self, key: u64) -> Option<u32> {
        self.pages.borrow().iter().find_map(|(index, page)| {
            let at = page.iter().position(|line| line.key == key)?;
            Some(index * line::PAGE + at as u32)
        })
    }

    /// The messages here whose threads hold the message of an older segment that has this key; mostly one or none.
    pub(crate) fn linked(&self, key: u64) -> Outcome<Vec<u32>> {
        find_hash(&self.resident, SectionId::Links, self.n_docs(), key)
    }

    /// The messages with this Message-ID, or a copy that has it, ascending.
    pub(crate) fn with_id(&self, id: &str) -> Outcome<Vec<u32>> {
        let mut docs = find_hash(&self.resident, SectionId::Ids, self.n_docs(), message_id_hash(id))?;
        docs.dedup();
        Ok(docs)
    }

    /// The record that a line leads to, and the text.
    pub(crate) fn record(&self, line: &Line) -> Outcome<Record> {
        // What either misses is asked for in the same round.
        let (head, text) = (self.head(line), self.text(line.place));
        let mut record = head?;
        record.text = text?;
        Ok(record)
    }

    /// The record that a line leads to, without its text.
    pub(crate) fn head(&self, line: &Line) -> Outcome<Record> {
        read_record(&self.record_frames(line.place)?, line)
    }

    /// What records are read with; `place` is the one that will be.
    fn record_frames(&self, place: u32) -> Outcome<Frames<'_>> {
        let decoder = match self.records.get() {
            Some(decoder) => decoder,
            None => {
                let payload = self.dictionary_of(SectionId::RecordsDictionary, &self.front.records, place)?;
                let dictionary = match payload {
                    [] => Vec::new(),
                    _ => Decoder::new(&[])?.unpack(payload, "records dictionary")?,
                };
                let decoder = Decoder::new(&dictionary)?;
                self.records.get_or_init(|| decoder)
            }
        };
        Ok(self.frames(SectionId::Records, &self.front.records, decoder))
    }

    /// The text at a place in thread order.
    pub(crate) fn text(&self, place: u32) -> Outcome<String> {
        let decoder = self.text_decoder(place)?;
        decoder.read(&self.frames(SectionId::Texts, &self.front.texts, &decoder.frames), place)
    }

    /// What texts are read with; `place` is the one that will be.
    fn text_decoder(&self, place: u32) -> Outcome<&TextDecoder> {
        if let Some(decoder) = self.texts.get() {
            return Ok(decoder);
        }
        let payload = self.dictionary_of(SectionId::TextsDictionary, &self.front.texts, place)?;
        let decoder = TextDecoder::new(payload)?;
        Ok(self.texts.get_or_init(|| decoder))
    }

    /// The `n` records of the block that holds `place`; `dates` are the ordering dates of its messages, without which
    /// Date headers are left empty.
    #[cfg(feature = "scan")]
    pub(crate) fn record_block(
        &self,
        place: u32,
        n: usize,
        dates: Outcome<Option<Vec<Option<i64>>>>,
    ) -> Outcome<Vec<Record>> {
        // What any of them misses is asked for in the same round.
        let content = self.record_frames(place).and_then(|frames| frames.content(place));
        let dates = dates?;
        Ok(read_block(&content?.1, n, dates.as_deref())?)
    }

    /// The records of the block that holds `place`; `lines` are those of all its messages.
    #[cfg(feature = "scan")]
    pub(crate) fn records_of(
        &self,
        place: u32,
        lines: Outcome<Vec<Line>>,
    ) -> Outcome<(Vec<Line>, Vec<Record>)> {
        // What either misses is asked for in the same round.
        let content = self.record_frames(place).and_then(|frames| frames.content(place));
        let lines = lines?;
        let records = read_records(&content?.1, &lines)?;
        Ok((lines, records))
    }

    /// The lines of the page that `doc` is on, which is not kept: for whoever reads all of them.
    #[cfg(feature = "scan")]
    pub(crate) fn page(&self, doc: u32) -> Outcome<Vec<Line>> {
        Ok(read_page(&self.resident, &self.lines, doc)?.1)
    }

    /// All texts of the block that holds `place`.
    #[cfg(feature = "scan")]
    pub(crate) fn text_block(&self, place: u32) -> Outcome<Vec<String>> {
        let decoder = self.text_decoder(place)?;
        decoder.read_block(&self.frames(SectionId::Texts, &self.front.texts, &decoder.frames), place)
    }

    /// Bytes of a section; 0 if it is not there.
    #[cfg(feature = "scan")]
    pub(crate) fn section_bytes(&self, id: SectionId) -> u64 {
        self.front.sections.iter().find(|section| section.id == id).map_or(0, |section| section.length)
    }

    /// The payload of a dictionary's section, empty where there is none. The table that leads to what is read under it
    /// is asked for in the same round.
    fn dictionary_of(&self, id: SectionId, root: &Root, place: u32) -> Outcome<&[u8]> {
        let section = self.front.sections.iter().find(|section| section.id == id);
        let located = root.locate(&self.resident, u64::from(place));
        let payload = match section {
            None => &[],
            Some(section) => self.resident.variable(id, 0, section.length)?,
        };
        located?;
        Ok(payload)
    }

    /// The HTML text at a place in thread order.
    pub(crate) fn html(&self, place: u32) -> Outcome<Option<String>> {
        let decoder = match self.html.get() {
            Some(decoder) => decoder,
            None => {
                let decoder = Decoder::new(&[])?;
                self.html.get_or_init(|| decoder)
            }
        };
        read_html(&self.frames(SectionId::Html, &self.front.html, decoder), place)
    }

    /// The raw message at a place in thread order: its SHA-256, and where it is kept; `None` in an archive without them.
    pub(crate) fn original(&self, place: u32, record: &Record) -> Outcome<Option<KeptFile>> {
        let sha256 = kept::original(&self.resident, place);
        let parts = self.parts(record.original.as_deref(), record.size);
        let (sha256, parts) = (sha256?, parts?);
        Ok(sha256.map(|sha256| KeptFile { sha256, size: record.size, parts }))
    }

    /// The attachment of this number, from 0 on.
    pub(crate) fn attachment(&self, record: &Record, number: usize) -> Outcome<Option<KeptFile>> {
        let Some(own) = record.attachments.get(number) else { return Ok(None) };
        let parts = self.parts(own.kept.as_deref(), own.size)?;
        Ok(Some(KeptFile { sha256: own.sha256, size: own.size, parts }))
    }

    fn parts(&self, pieces: Option<&[Piece]>, size: u64) -> Outcome<Option<Vec<kept::Part>>> {
        pieces.map(|pieces| kept::parts(&self.resident, pieces, size)).transpose()
    }

    fn frames<'a>(&'a self, section: SectionId, root: &'a Root, decoder: &'a Decoder) -> Frames<'a> {
        Frames { resident: &self.resident, root, section, decoder }
    }

    /// The thread that the message at `place` is in.
    pub(crate) fn thread(&self, place: u32) -> Outcome<Vec<Node>> {
        read_thread(&self.resident, &self.front.trees, place)
    }

    /// Reads the lines of the messages in a thread.
    pub(crate) fn lines_of(&self, nodes: &[Node]) -> Outcome<()> {
        all(nodes.iter().filter_map(|node| node.who.doc()).map(|doc| self.line(doc))).map(drop)
    }

    /// The column's values around `doc`: the first message they are of, and they.
    pub(crate) fn column(&self, id: ColumnId, doc: u32) -> Outcome<(u32, Vec<u32>)> {
        match self.front.columns.iter().find(|column| column.id() == id) {
            Some(column) => column.run(&self.resident, doc),
            None => Ok(corrupt("a column is missing")?),
        }
    }

    /// How many bytes a column has; 0 if it is not there.
    pub(crate) fn column_bytes(&self, id: ColumnId) -> u64 {
        self.front.columns.iter().find(|column| column.id() == id).map_or(0, |column| column.len())
    }

    /// The column's values by their messages.
    pub(crate) fn values(&self, id: ColumnId) -> Outcome<Values<'_>> {
        match self.front.columns.iter().find(|column| column.id() == id) {
            Some(column) => Ok(Values::new(column, &self.resident)),
            None => Err(Stop::Broken(Error::Absent)),
        }
    }

    /// The column's values of some messages.
    pub(crate) fn column_of(&self, id: ColumnId, docs: &[u32]) -> Outcome<Vec<u32>> {
        if docs.is_empty() {
            return Ok(Vec::new());
        }
        let mut values = self.values(id)?;
        all(docs.iter().map(|&doc| values.get(doc)))
    }

    /// The first dated message whose date is not before `date`; `n_docs` if there is none.
    pub(crate) fn first_at(&self, date: i64) -> Outcome<u32> {
        let front = &self.front;
        if date <= front.first_date || front.n_docs == 0 {
            return Ok(front.n_undated);
        }
        let Ok(wanted) = u32::try_from(date.saturating_sub(front.first_date)) else {
            return Ok(front.n_docs);
        };
        // The sample before the first that is not below `wanted` begins the run to look into.
        let at = front.date_samples.partition_point(|&sample| sample < wanted);
        let (first, values) = self.column(ColumnId::Date, (at.max(1) as u32 - 1) * SAMPLE)?;
        let skip = front.n_undated.saturating_sub(first).min(values.len() as u32) as usize;
        let within = skip + values[skip..].partition_point(|&value| value < wanted);
        Ok(first + within as u32)
    }

    /// The ordering dates of `docs`; those that stand together are read together.
    pub(crate) fn dates(&self, docs: &[u32]) -> Outcome<Vec<Option<i64>>> {
        let mut run: (u32, Vec<u32>) = (0, Vec::new());
        all(docs.iter().map(|&doc| {
            if doc < self.front.n_undated {
                return Ok(None);
            }
            let value = |run: &(u32, Vec<u32>)| run.1.get(doc.checked_sub(run.0)? as usize).copied();
            if value(&run).is_none() {
                run = self.column(ColumnId::Date, doc)?;
            }
            let value = value(&run).ok_or(Error::Corrupt { what: "column" })?;
            Ok(Some(self.front.first_date + i64::from(value)))
        }))
    }
}

/// All results in order; if some are missing, all have been asked for.
pub(crate) fn all<T>(outcomes: impl Iterator<Item = Outcome<T>>) -> Outcome<Vec<T>> {
    // Some are as many as a forged front says.
    let mut values = Vec::with_capacity(outcomes.size_hint().0.min(1 << 10));
    let mut missing = false;
    for outcome in outcomes {
        match outcome {
            Ok(value) => values.push(value),
            Err(Stop::Missing) => missing = true,
            Err(stop) => return Err(stop),
        }
    }
    if missing { Err(Stop::Missing) } else { Ok(values) }
}
