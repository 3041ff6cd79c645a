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
use crate::build::site::{Manifest, SegmentEntry, SiteWriter, read_manifest};
use crate::build::states::hangs_on_others;
use crate::build::{Attachments, BuildError, BuildOptions, DAY, Job, Progress};
use crate::privacy::Privacy;
use maildex_core::Whole;
use maildex_core::format::dictionary::Kind;
use maildex_core::format::front::MessageKind;
use maildex_core::format::kept::KeptFile;
use maildex_core::format::list::{ListRef, Postings};
use maildex_core::format::record::{Place, Record};
use maildex_core::query::{Day, Zone};
use maildex_core::text::{message_id_hash, regions};
use rayon::ThreadPool;
use rayon::prelude::*;
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::ops::Range;
use std::path::Path;

/// Messages that one thread reads at once; what it has read of the segment for them is given back behind them.
const RANGE: u32 = 256;
/// Pages of lines and blocks of the dictionary after which the memory of what was read is given back.
const PAGES_HELD: usize = 512;
const BLOCKS_HELD: usize = 64;

/// What became of the parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// How many there were.
    pub n_parts: usize,
    /// Messages in the one that there is.
    pub messages: u64,
}

/// Makes one part of those of the site `options.out`; `None` if it has no more. `options` are those that the site was
/// built with.
///
/// # Errors
/// If the site cannot be read or written, changes meanwhile, or holds released documents. It stays as it was.
pub fn merge(options: &BuildOptions, progress: &dyn Progress) -> Result<Option<Merged>, BuildError> {
    let broken = |source| BuildError::Site { path: options.out.clone(), source };
    let before = read_manifest(&options.out).map_err(broken)?;
    let is_of = |kind: MessageKind| move |own: &&SegmentEntry| own.kind == kind.name();
    // The oldest comes last in a manifest.
    let parts: Vec<&SegmentEntry> =
        before.segments.iter().rev().filter(is_of(MessageKind::Message)).collect();
    if parts.len() < 2 {
        return Ok(None);
    }
    if before.segments.iter().any(|own| is_of(MessageKind::Quoted)(&own)) {
        return Err(BuildError::CannotMerge { why: RELEASED });
    }
    let site = SiteWriter::new(&options.out)?.in_place_of(&before);
    let scratch = site.scratch().to_owned();
    let failed = |source| BuildError::Scratch { path: options.out.clone(), source };
    let zone = SiteReader::of(&options.out, before.clone()).map_err(broken)?.archive().context(0, false).zone;
    let mut messages = Vec::new();
    {
        let pool = options.pool().map_err(failed)?;
        let total = parts.iter().try_fold(0, |sum: u64, own| sum.checked_add(own.messages));
        progress.start("reading the parts", total);
        let mut reading = Reading { options, progress, pool, zone, scratch: &scratch, next_number: 0 };
        for part in &parts {
            let manifest = Manifest { segments: vec![(*part).clone()], ..before.clone() };
            messages.push(reading.part(&manifest)?);
        }
        progress.finish();
    }
    let gathered = Gathered { inputs: Vec::new(), messages, quoted: Vec::new(), digest: [0; 32] };
    let (left_out, wants_keys, key) = (None, false, [0; 32]);
    let job = Job { options, left_out, wants_keys, key, scratch: &scratch, progress };
    let (report, _) = job.site(gathered, site)?;
    Ok(Some(Merged { n_parts: parts.len(), messages: report.messages }))
}

const RELEASED: &str = "it holds released documents, and does not tell all that was known of their release";

/// The header that a released document has and no mail.
const DOCUMENT: &str = "Document";

/// The first pass over messages that are in a site.
struct Reading<'a> {
    options: &'a BuildOptions,
    progress: &'a dyn Progress,
    pool: ThreadPool,
    zone: Zone,
    scratch: &'a Path,
    /// Messages are counted through all parts.
    next_number: u64,
}

impl Reading<'_> {
    /// What a worker would have put aside of the messages of a part, which is the one segment of `manifest`; their numbers
    /// there are the first ones here.
    fn part(&mut self, manifest: &Manifest) -> Result<Worked, BuildError> {
        let broken = |source| BuildError::Site { path: self.options.out.clone(), source };
        let failed = |source| BuildError::Scratch { path: self.options.out.clone(), source };
        let options = self.options;
        let mut part = SiteReader::of(&options.out, manifest.clone()).map_err(broken)?;
        let order = order(&mut part).map_err(broken)?;
        let mut ids = part.ask(|archive| archive.ids(0)).map_err(broken)?;
        ids.sort_unstable_by_key(|(_, doc)| *doc);
        let (first, n_docs) = (self.next_number, order.len() as u32);
        self.next_number += order.len() as u64;
        // Runs are read from the segment, so no memory is needed for any.
        let mut shelf = Shelf::new(self.scratch, 0, Privacy::new(None, false, [0; 32])).map_err(failed)?;
        let starts: Vec<u32> = (0..n_docs).step_by(RANGE as usize).collect();
        for starts in starts.chunks(options.n_threads()) {
            let zone = &self.zone;
            let read = |&from: &u32| read(options, manifest, zone, &order, from..n_docs.min(from + RANGE));
            let found: io::Result<Vec<Vec<InPart>>> =
                self.pool.install(|| starts.par_iter().map(read).collect());
            for own in found.map_err(broken)?.into_iter().flatten() {
                if own.message.record.headers.iter().any(|(name, _)| name == DOCUMENT) {
                    return Err(BuildError::CannotMerge { why: RELEASED });
                }
                for file in &own.files {
                    if !shelf.keeps(&file.sha256) {
                        let bytes = bytes_of(&options.out, file).map_err(broken)?;
                        shelf.keep_file(file.sha256, &bytes).map_err(failed)?;
                    }
                }
                let from = ids.partition_point(|(_, doc)| *doc < own.doc);
                let until = ids.partition_point(|(_, doc)| *doc <= own.doc);
                let number = first + u64::from(own.doc);
                let messages =
                    numbered(own, number, &mut self.next_number, &ids[from..until]).map_err(broken)?;
                messages.into_iter().try_for_each(|own| shelf.shelve(own)).map_err(failed)?;
                self.progress.advance(1, 1);
            }
        }
        let run = BufWriter::with_capacity(1 << 18, tempfile::tempfile_in(self.scratch).map_err(failed)?);
        let run = self.run(&mut part, run)?;
        shelf.take_run(run);
        let mut worked = shelf.finish().map_err(failed)?;
        worked.metas.sort_unstable_by_key(|meta| meta.number);
        let numbers = worked.metas.iter().map(|meta| meta.number);
        let is_whole = numbers.take(order.len()).eq((first..).take(order.len()));
        if is_whole { Ok(worked) } else { Err(broken(contradiction("its messages are not in its blocks"))) }
    }

    /// Writes the run of a part's words, without what only the whole archive tells.
    fn run(&self, part: &mut SiteReader, mut run: BufWriter<File>) -> Result<File, BuildError> {
        let broken = |source| BuildError::Site { path: self.options.out.clone(), source };
        let failed = |source| BuildError::Scratch { path: self.options.out.clone(), source };
        let mut last: Vec<u8> = Vec::new();
        for block in 0.. {
            let lists = RefCell::new(Vec::new());
            let ends = RefCell::new((None, Vec::new()));
            let visit = |term: &[u8], kind, _: &ListRef, postings: Postings| {
                let (first, last) = &mut *ends.borrow_mut();
                first.get_or_insert_with(|| term.to_vec());
                last.clear();
                last.extend_from_slice(term);
                if kind != Kind::State || !hangs_on_others(term) {
                    write_list(&mut lists.borrow_mut(), term, kind, &postings);
                }
            };
            if !part.ask(|archive| archive.lists(0, block, visit)).map_err(broken)? {
                break;
            }
            // Runs are merged by the order of their terms.
            let (first, end) = ends.into_inner();
            if first.is_none_or(|first| first <= last) {
                return Err(broken(contradiction("its terms are not in order")));
            }
            last = end;
            run.write_all(&lists.into_inner()).map_err(failed)?;
            if block % BLOCKS_HELD == BLOCKS_HELD - 1 {
                part.forget().map_err(broken)?;
            }
        }
        run.into_inner().map_err(|error| failed(error.into_error()))
    }
}

/// The messages of a part by their places.
fn order(part: &mut SiteReader) -> io::Result<Vec<u32>> {
    let n_docs = part.archive().fronts().next().map_or(0, |front| front.n_docs);
    if u64::from(n_docs) != part.segments()[0].messages {
        return Err(contradiction("the manifest tells another number of messages"));
    }
    // It grows with what is read: a forged front may tell any number.
    let mut places: Vec<u32> = Vec::new();
    let mut n_pages = 0;
    while places.len() < n_docs as usize {
        let doc = places.len() as u32;
        let lines = part.ask(|archive| archive.page(0, doc))?;
        if lines.is_empty() {
            return Err(contradiction("a page without lines"));
        }
        places.extend(lines.iter().map(|line| line.place));
        n_pages += 1;
        if n_pages % PAGES_HELD == 0 {
            part.forget()?;
        }
    }
    let mut order = vec![u32::MAX; places.len()];
    for (place, doc) in places.into_iter().zip(0..) {
        *order.get_mut(place as usize).ok_or_else(|| contradiction("a place is behind all"))? = doc;
    }
    Ok(order)
}

/// A message with its number, and behind it a copy for each further place where it was found, numbered from `next` on, with
/// one of the `ids` that are not its own.
fn numbered(own: InPart, number: u64, next: &mut u64, ids: &[(u64, u32)]) -> io::Result<Vec<Shelved>> {
    let InPart { mut message, copies, .. } = own;
    // Copies were sorted out when the part was made: these share it, and no others do.
    let mut digest = [0; 16];
    digest[..8].copy_from_slice(&number.to_le_bytes());
    (message.number, message.digest) = (number, digest);
    let (key, id, date, length) = (message.record.key, message.id, message.date, message.length);
    let mut all = vec![message];
    // A table of ids has the upper 40 bits of their hashes.
    let mut others =
        ids.iter().map(|(hash, _)| *hash).filter(|hash| id.is_none_or(|own| own ^ hash >= 1 << 24));
    for (place, number) in copies.into_iter().zip(*next..) {
        all.push(Shelved {
            number,
            digest,
            id: others.next(),
            date,
            length,
            delivered: None,
            sha256: [0; 32],
            head: Head::default(),
            record: Record { key, places: vec![place], ..Record::default() },
            html: None,
        });
    }
    *next += all.len() as u64 - 1;
    match others.next() {
        Some(_) => Err(contradiction("a message has more ids than copies")),
        None => Ok(all),
    }
}

/// A file that the site keeps.
fn bytes_of(site: &Path, file: &KeptFile) -> io::Result<Vec<u8>> {
    // A longer one was not kept; one that says so may unpack to anything.
    if u32::try_from(file.size).is_err() {
        return Err(contradiction("a kept file is longer than any is"));
    }
    let mut bytes = Vec::new();
    copy_file(site, file, &mut bytes)?;
    Ok(bytes)
}

/// A message as a part has it.
struct InPart {
    doc: u32,
    /// As it is put aside, but for number and digest, which are given in order.
    message: Shelved,
    /// Where it was found too.
    copies: Vec<Place>,
    /// Of its files, those that are kept.
    files: Vec<KeptFile>,
}

/// Reads the messages at some places of a part.
fn read(
    options: &BuildOptions,
    manifest: &Manifest,
    zone: &Zone,
    order: &[u32],
    places: Range<u32>,
) -> io::Result<Vec<InPart>> {
    let mut part = SiteReader::of(&options.out, manifest.clone())?;
    let mut all = Vec::with_capacity(places.len());
    let mut place = places.start;
    while place < places.end {
        let wholes = part.ask(|archive| archive.wholes(0, order, place))?;
        let own = place..places.end;
        place = wholes.last().map_or(places.end, |last| last.line.place.saturating_add(1)).max(place + 1);
        // A block reaches beyond the places that are read together.
        let wanted = wholes.into_iter().filter(|whole| own.contains(&whole.line.place));
        all.extend(wanted.map(|whole| in_part(options, zone, whole)));
    }
    Ok(all)
}

fn in_part(options: &BuildOptions, zone: &Zone, whole: Whole) -> InPart {
    let Whole { doc, line, mut record, html, original, attachments, length, delivered } = whole;
    let sha256 = original.as_ref().map_or([0; 32], |file| file.sha256);
    let attachments = attachments.into_iter().flatten().filter(|_| options.attachments == Attachments::Keep);
    let files = attachments.chain(original.filter(|_| options.originals));
    let files = files.filter(|file| file.parts.is_some()).collect();
    let mut places = core::mem::take(&mut record.places).into_iter();
    record.places.extend(places.next());
    let head = head_of(&message_of(&line, record.clone()), &regions(&record.text));
    // Noon of that day, since the zone is known for the days between the first and the last date alone.
    let delivered = delivered.zip(line.date).map(|(days, date)| {
        let day = zone.day(date).number().saturating_add(days);
        zone.day_start(Day::from_number(day)).saturating_add(DAY / 2)
    });
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
    InPart { doc, message, copies: places.collect(), files }
}

fn contradiction(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
