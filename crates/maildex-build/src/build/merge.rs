//! One part in the place of those of a site that mail was added to: the bytes are those of one build from all inputs,
//! which are not needed.
//!
//! A segment gives back what the first pass had put aside: heads and bodies from lines, records, texts and HTML; the run of
//! its words from dictionary, lists and positions, so that nothing is divided into words again. The second pass is that
//! of every build.

use crate::build::gather::{Gathered, Head, Shelf, Shelved, Worked, head_of};
use crate::build::index::run::write_list;
use crate::build::kept::copy_file;
use crate::build::reader::SiteReader;
use crate::build::reopen::message_of;
use crate::build::site::SiteWriter;
use crate::build::states::is_told_by_archive;
use crate::build::{Attachments, BuildError, BuildOptions, Job, Progress};
use crate::privacy::Privacy;
use maildex_core::format::dictionary::Kind;
use maildex_core::format::front::MessageKind;
use maildex_core::format::kept::KeptFile;
use maildex_core::format::record::{Place, Record};
use maildex_core::query::{Day, Zone};
use maildex_core::text::{message_id_hash, regions};
use maildex_core::{Archive, Whole};
use rayon::ThreadPool;
use rayon::prelude::*;
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::ops::Range;
use std::path::PathBuf;

/// Messages, and blocks of the dictionary, after which the memory of what was read is given back.
const HELD: usize = 512;
const BLOCKS_HELD: usize = 64;

/// What became of the parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// How many there were.
    pub n_parts: usize,
    /// Messages in the one that there is.
    pub messages: u64,
    /// Its threads.
    pub threads: u64,
}

/// Makes one part of those of the site `options.out`; `None` if it has no more. `options` are those that the site was
/// built with.
///
/// # Errors
/// If the site cannot be read or written, or holds released documents. It stays as it was.
pub fn merge(options: &BuildOptions, progress: &dyn Progress) -> Result<Option<Merged>, BuildError> {
    let broken = |source| BuildError::Site { path: options.out.clone(), source };
    let mut old = SiteReader::open(&options.out).map_err(broken)?;
    let kind = MessageKind::Message.name();
    // The oldest comes last in a manifest.
    let parts: Vec<usize> =
        (0..old.segments().len()).rev().filter(|&at| old.segments()[at].kind == kind).collect();
    if parts.len() < 2 {
        return Ok(None);
    }
    old.ask(Archive::open_all).map_err(broken)?;
    let zone = old.archive().context(0, false).zone;
    let site = SiteWriter::new(&options.out)?;
    let scratch = site.scratch().to_owned();
    let total = old.segments().iter().filter(|own| own.kind == kind).map(|own| own.messages).sum();
    progress.start("reading the parts", Some(total));
    let mut reading = Reading {
        options,
        progress,
        pool: options.pool().map_err(broken)?,
        old,
        zone,
        scratch,
        next_number: 0,
        released: false,
    };
    let messages: io::Result<Vec<Worked>> = parts.iter().map(|&segment| reading.part(segment)).collect();
    progress.finish();
    let messages = messages.map_err(broken)?;
    if reading.released {
        return Err(BuildError::CannotMerge { why: RELEASED });
    }
    let gathered = Gathered { inputs: Vec::new(), messages, quoted: Vec::new(), digest: [0; 32] };
    let scratch = &reading.scratch;
    let job = Job { options, left_out: None, wants_keys: false, scratch, progress };
    let (report, _) = job.site(gathered, site)?;
    Ok(Some(Merged { n_parts: parts.len(), messages: report.messages, threads: report.threads }))
}

const RELEASED: &str = "it holds released documents, and does not tell all that was known of their release";

/// The header that a released document has and no mail.
const DOCUMENT: &str = "Document";

/// The first pass over messages that are in a site.
struct Reading<'a> {
    options: &'a BuildOptions,
    progress: &'a dyn Progress,
    pool: ThreadPool,
    old: SiteReader,
    zone: Zone,
    scratch: PathBuf,
    /// Messages are counted through all parts.
    next_number: u64,
    /// There are released documents.
    released: bool,
}

impl Reading<'_> {
    /// What a worker would have put aside of the messages of a segment; their numbers there are the first ones here.
    fn part(&mut self, segment: usize) -> io::Result<Worked> {
        let order = self.order(segment)?;
        let mut ids = self.old.ask(|archive| archive.ids(segment))?;
        ids.sort_unstable_by_key(|(_, doc)| *doc);
        let first = self.next_number;
        self.next_number += order.len() as u64;
        // Runs are read from the segment, so no memory is needed for any.
        let mut shelf = Shelf::new(&self.scratch, 0, Privacy::new(None, false, [0; 32]))?;
        let n_docs = order.len() as u32;
        let ranges: Vec<Range<u32>> =
            (0..n_docs).step_by(HELD).map(|from| from..n_docs.min(from + HELD as u32)).collect();
        for ranges in ranges.chunks(self.options.n_threads()) {
            let (options, zone) = (self.options, &self.zone);
            let read = |range: &Range<u32>| read(options, zone, segment, &order, range.clone());
            let found: io::Result<Vec<Vec<Found>>> =
                self.pool.install(|| ranges.par_iter().map(read).collect());
            for found in found?.into_iter().flatten() {
                let doc = found.doc;
                let from = ids.partition_point(|(_, own)| *own < doc);
                let until = ids.partition_point(|(_, own)| *own <= doc);
                self.shelve(found, first + u64::from(doc), &ids[from..until], &mut shelf)?;
                self.progress.advance(1, 1);
            }
        }
        shelf.take_run(self.run(segment)?);
        let mut worked = shelf.finish()?;
        worked.metas.sort_unstable_by_key(|meta| meta.number);
        let numbers = worked.metas.iter().map(|meta| meta.number);
        let is_whole = numbers.take(order.len()).eq((first..).take(order.len()));
        if is_whole { Ok(worked) } else { Err(contradiction("its messages are not in its blocks")) }
    }

    /// The messages of a segment by their places.
    fn order(&mut self, segment: usize) -> io::Result<Vec<u32>> {
        let n_docs = u32::try_from(self.old.segments()[segment].messages).map_err(io::Error::other)?;
        let mut order = vec![u32::MAX; n_docs as usize];
        let mut doc = 0;
        while doc < n_docs {
            let lines = self.old.ask(|archive| archive.page(segment, doc))?;
            for line in &lines {
                let place = order.get_mut(line.place as usize);
                *place.ok_or_else(|| contradiction("a place is behind all"))? = doc;
                doc += 1;
            }
            if doc as usize % HELD < lines.len() {
                self.old.forget()?;
            }
        }
        Ok(order)
    }

    /// Puts a message aside, and its copies as places where it was found too, each with one of the ids that are not its own.
    fn shelve(&mut self, found: Found, number: u64, ids: &[(u64, u32)], shelf: &mut Shelf) -> io::Result<()> {
        let Found { mut message, copies, files, .. } = found;
        self.released |= message.record.headers.iter().any(|(name, _)| name == DOCUMENT);
        for file in &files {
            if !shelf.keeps(&file.sha256) {
                let mut bytes = Vec::new();
                copy_file(&self.options.out, file, &mut bytes)?;
                shelf.keep_file(file.sha256, &bytes)?;
            }
        }
        let mut digest = [0; 16];
        digest[..8].copy_from_slice(&number.to_le_bytes());
        (message.number, message.digest) = (number, digest);
        let (key, id, date, length) = (message.record.key, message.id, message.date, message.length);
        shelf.shelve(message)?;
        // A table of ids has the upper bits of their hashes.
        let mut others =
            ids.iter().map(|(hash, _)| *hash).filter(|hash| id.is_none_or(|own| own ^ hash >= 1 << 24));
        for place in copies {
            let copy = Shelved {
                number: self.next_number,
                digest,
                id: others.next(),
                date,
                length,
                delivered: None,
                sha256: [0; 32],
                head: Head::default(),
                record: Record { key, places: vec![place], ..Record::default() },
                html: None,
            };
            self.next_number += 1;
            shelf.shelve(copy)?;
        }
        match others.next() {
            Some(_) => Err(contradiction("a message has more ids than copies")),
            None => Ok(()),
        }
    }

    /// The run of a segment's words, without what is told again of the whole.
    fn run(&mut self, segment: usize) -> io::Result<File> {
        let mut run = BufWriter::with_capacity(1 << 18, tempfile::tempfile_in(&self.scratch)?);
        for block in 0.. {
            let lists = RefCell::new(Vec::new());
            let is_there = self.old.ask(|archive| {
                archive.lists(segment, block, |term, kind, _, postings| {
                    if kind != Kind::State || !is_told_by_archive(term) {
                        write_list(&mut lists.borrow_mut(), term, kind, &postings);
                    }
                })
            })?;
            if !is_there {
                break;
            }
            run.write_all(&lists.into_inner())?;
            if block % BLOCKS_HELD == BLOCKS_HELD - 1 {
                self.old.forget()?;
            }
        }
        run.into_inner().map_err(|error| error.into_error())
    }
}

/// A message as a segment has it.
struct Found {
    doc: u32,
    /// As it is put aside, but for number and digest, which are given in order.
    message: Shelved,
    /// Where it was found too.
    copies: Vec<Place>,
    /// Of its files, those that are kept.
    files: Vec<KeptFile>,
}

/// Reads the messages at some places of a segment.
fn read(
    options: &BuildOptions,
    zone: &Zone,
    segment: usize,
    order: &[u32],
    places: Range<u32>,
) -> io::Result<Vec<Found>> {
    let mut site = SiteReader::open(&options.out)?;
    let mut all = Vec::with_capacity(places.len());
    let mut place = places.start;
    while place < places.end {
        let wholes = site.ask(|archive| archive.wholes(segment, order, place))?;
        let own = place..places.end;
        place = wholes.last().map_or(places.end, |last| last.line.place.saturating_add(1)).max(place + 1);
        // A block reaches beyond the places that are read together.
        let wanted = wholes.into_iter().filter(|whole| own.contains(&whole.line.place));
        all.extend(wanted.map(|whole| found(options, zone, whole)));
    }
    Ok(all)
}

fn found(options: &BuildOptions, zone: &Zone, whole: Whole) -> Found {
    let Whole { doc, line, mut record, html, original, attachments, length, delivered } = whole;
    let sha256 = original.as_ref().map_or([0; 32], |file| file.sha256);
    let attachments = attachments.into_iter().flatten().filter(|_| options.attachments == Attachments::Keep);
    let files = attachments.chain(original.filter(|_| options.originals));
    let files = files.filter(|file| file.parts.is_some()).collect();
    let mut places = core::mem::take(&mut record.places).into_iter();
    record.places.extend(places.next());
    let head = head_of(&message_of(&line, record.clone()), &regions(&record.text));
    let delivered = delivered
        .zip(line.date)
        .map(|(days, date)| zone.day_start(Day::from_number(zone.day(date).number().saturating_add(days))));
    let message = Shelved {
        number: 0,
        digest: [0; 16],
        id: (!record.message_id.is_empty()).then(|| message_id_hash(&record.message_id)),
        date: line.date,
        length: length as u8,
        delivered,
        sha256,
        head,
        record,
        html,
    };
    Found { doc, message, copies: places.collect(), files }
}

fn contradiction(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
