//! New mail for a site that is there: a segment beside the old ones, whose bytes stay as they are.
//!
//! What the site holds already is left out. Threads go on: the messages of an old thread that new ones belong to have
//! places in the thread here, by their keys, and a table leads from them to it. Placeholders are written anew where new
//! messages are among them or mention others.

mod kin;
mod mentioned;

use crate::build::copies::Copies;
use crate::build::gather::{self, Gathered, Pass, Worked};
use crate::build::reader::SiteReader;
use crate::build::reopen::message_of;
use crate::build::report::{BuildReport, Tally, outcomes};
use crate::build::segment::{About, Outsider, Told, WrittenSegment};
use crate::build::site::{Manifest, SegmentEntry, SiteWriter};
use crate::build::{BuildError, BuildOptions, Progress};
use crate::message::content_digest;
use maildex_core::Archive;
use maildex_core::format::front::{MessageKind, VERSION};
use rustc_hash::{FxHashMap, FxHashSet};
use std::io;
use std::path::PathBuf;

/// Messages that are looked up before the memory of what was read is given back.
const BATCH: usize = 256;

/// What was added.
#[derive(Debug, Default)]
pub struct Added {
    /// What became of the new inputs. Counts are those of the new messages; those that the site holds already are
    /// copies.
    pub report: BuildReport,
    /// Threads of the site that go on in the new messages.
    pub n_continued: u64,
}

/// Adds the inputs to the site `options.out`.
///
/// # Errors
/// As [`super::build`]; and if the site holds what cannot be added to. The site stays as it was.
pub fn add(options: &BuildOptions, progress: &dyn Progress) -> Result<Added, BuildError> {
    let output = |source| BuildError::Output { path: options.out.clone(), source };
    let broken = |source| BuildError::Site { path: options.out.clone(), source };
    let mut old = SiteReader::open(&options.out).map_err(broken)?;
    check(&old)?;
    old.ask(Archive::open_all).map_err(broken)?;
    // A release brings the zone that its documents were printed in.
    if options.zone.is_none() && old.archive().fronts().any(|front| !front.zone.is_empty()) {
        return Err(BuildError::CannotAdd { why: RELEASED_HERE });
    }
    let site = SiteWriter::new(&options.out)?;
    let scratch = site.scratch().to_owned();
    let pass = Pass { key: [0; 32], left_out: None, hashes: false };
    let Gathered { inputs, messages: mut worked, .. } = gather::gather(options, pass, &scratch, progress)?;
    if worked.iter().any(|own| own.release.is_some()) {
        return Err(BuildError::CannotAdd { why: RELEASED });
    }
    progress.start("looking for what is here already", None);
    let (copies, held) = without_held(&mut old, &worked).map_err(broken)?;
    let outside = kin::find(&mut old, &worked, &copies).map_err(broken)?;
    progress.finish();
    let merged = copies.dropped.iter().map(|(_, at)| at.meta(&worked).number).chain(held.iter().copied());
    let tallies: Vec<&Tally> = worked.iter().map(|own| &own.tally).collect();
    let mut report = BuildReport {
        inputs: outcomes(inputs, merged, None, &tallies),
        oddities: Tally::sum(&tallies, None),
        copies: (copies.dropped.len() + held.len()) as u64,
        raw_bytes: worked.iter().flat_map(|own| &own.metas).map(|meta| u64::from(meta.size)).sum(),
        ..BuildReport::default()
    };
    if copies.docs.is_empty() {
        return Ok(Added { report, n_continued: 0 });
    }
    let mut job = Job { options, progress, scratch, old, site };
    let n_continued = job.run(&mut worked, &copies, &outside, &mut report).map_err(output)?;
    progress.commit();
    job.put_in_place().map_err(output)?;
    Ok(Added { report, n_continued })
}

const QUOTED: &str =
    "messages that are only quoted in others are kept apart in it, and new mail may be their originals";
const RELEASED_HERE: &str = "it holds released documents, whose release it does not tell";
const RELEASED: &str = "released documents quote messages that may be here already";

/// Refuses sites whose parts depend on each other in ways that this does not follow.
fn check(old: &SiteReader) -> Result<(), BuildError> {
    let is_quoted = |own: &SegmentEntry| own.kind == MessageKind::Quoted.name();
    match old.segments().iter().any(is_quoted) {
        true => Err(BuildError::CannotAdd { why: QUOTED }),
        false => Ok(()),
    }
}

/// Sorts out copies among the new messages, and the numbers of those that the site holds.
///
/// One with the same key is here: Message-ID and content are the same. So is one with another id and the same content,
/// which has the same date.
fn without_held(old: &mut SiteReader, worked: &[Worked]) -> io::Result<(Copies, Vec<u64>)> {
    let all = Copies::find(worked);
    let mut held: FxHashSet<[u8; 16]> = FxHashSet::default();
    for (number, at) in all.docs.iter().enumerate() {
        if number % BATCH == BATCH - 1 {
            old.forget()?;
        }
        let meta = at.meta(worked);
        let line = old.ask(|archive| archive.line(meta.key))?;
        let mut is_held = line.is_some_and(|line| line.kind == MessageKind::Message);
        let alike = if is_held { Vec::new() } else { old.ask(|archive| archive.dated(meta.date))? };
        if !alike.is_empty() {
            let head = worked[at.worker as usize].head(meta)?;
            // Lines have the beginnings of long subjects.
            for line in
                alike.iter().filter(|line| head.subject.starts_with(line.subject.trim_end_matches('…')))
            {
                let whole = old.ask(|archive| archive.message(line.key))?;
                is_held |= whole.is_some_and(|(line, record)| {
                    content_digest(&message_of(&line, record))[..16] == meta.digest
                });
            }
        }
        if is_held {
            held.insert(meta.digest);
        }
    }
    let is_held = |at: &crate::build::copies::At| held.contains(&at.meta(worked).digest);
    let numbers =
        Copies::all(worked).iter().filter(|at| is_held(at)).map(|at| at.meta(worked).number).collect();
    Ok((if held.is_empty() { all } else { Copies::find_without(worked, &held) }, numbers))
}

/// The first and the last date of the messages of a site.
fn span(archive: &Archive) -> Option<(i64, i64)> {
    let dated = archive.fronts().filter(|own| own.kind == MessageKind::Message && own.n_docs > own.n_undated);
    dated.map(|own| (own.first_date, own.last_date)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// The second pass.
struct Job<'a> {
    options: &'a BuildOptions,
    progress: &'a dyn Progress,
    scratch: PathBuf,
    old: SiteReader,
    site: SiteWriter,
}

impl Job<'_> {
    /// Writes the new segments, and tells of them in the manifest that was read; gives how many threads go on in them.
    fn run(
        &mut self,
        worked: &mut [Worked],
        copies: &Copies,
        outside: &[Outsider],
        report: &mut BuildReport,
    ) -> io::Result<u64> {
        let told = FxHashMap::default();
        let span = span(self.old.archive());
        let kind = MessageKind::Message;
        let written =
            self.segment(About { kind, told: &told, outside, span, chains: &[] }, worked, copies)?;
        report.messages = u64::from(written.n_docs);
        report.undated = u64::from(written.n_undated);
        report.threads = written.n_threads - written.n_continued;
        report.ghosts = written.n_ghosts;
        report.dates = written.dates;
        report.kept = written.kept.total;
        let n_continued = written.n_continued;
        let absent = mentioned::again(&mut self.old, worked, copies, &written.mentions, &self.scratch)?;
        // The newest comes first: it tells of the threads of all, and its zone reaches as far as its dates.
        let mut segments = vec![self.written(written, report)?];
        let is_kept = |own: &&SegmentEntry| absent.is_none() || own.kind != MessageKind::Placeholder.name();
        segments.extend(self.old.segments().iter().filter(is_kept).cloned());
        if let Some(mut absent) = absent.filter(|absent| !absent.copies.docs.is_empty()) {
            let told: &FxHashMap<u32, Told> = &absent.told;
            let about = About { kind: MessageKind::Placeholder, told, outside: &[], span: None, chains: &[] };
            let written = self.segment(about, &mut absent.worked, &absent.copies)?;
            report.placeholders = u64::from(written.n_docs);
            segments.push(self.written(written, report)?);
        }
        self.old.manifest.segments = segments;
        Ok(n_continued)
    }

    fn segment(
        &self,
        about: About<'_>,
        worked: &mut [Worked],
        copies: &Copies,
    ) -> io::Result<WrittenSegment> {
        let Job { options, progress, scratch, .. } = self;
        let (left_out, wants_keys, key) = (None, false, [0; 32]);
        let pass = super::Job { options, left_out, wants_keys, key, scratch, progress: *progress };
        options.pool()?.install(|| pass.segment(about, worked, copies))
    }

    fn written(&mut self, segment: WrittenSegment, report: &mut BuildReport) -> io::Result<SegmentEntry> {
        report.add_sections(&segment.sections);
        self.site.segment(segment)
    }

    /// Puts the new files beside the old ones, and the new manifest in the place of the old one.
    fn put_in_place(self) -> io::Result<()> {
        let Job { old, site, options, .. } = self;
        let before = crate::build::site::read_manifest(&options.out)?;
        let manifest = Manifest { format: VERSION.max(before.format), ..old.manifest };
        site.finish_beside(&before, &manifest, &options.files)
    }
}
