//! From inputs to a site: gather, sort out copies, thread, write the segment, cut it into shards.
//!
//! [`gather`] parses in parallel, puts messages aside on disk and inverts their words in runs; [`copies`] merges copies
//! and fixes the date order; [`segment`] threads, merges the runs and writes the sections; [`site`] cuts them into
//! shards. Memory is bounded by [`BuildOptions::memory`] apart from some hundred bytes a message.

mod absent;
pub mod add;
mod compress;
mod copies;
mod documents;
mod exclude;
mod forms;
mod gather;
mod index;
mod kept;
pub mod merge;
mod orders;
mod quoted;
mod reader;
mod reopen;
mod secret;
mod sections;
mod segment;
mod states;
mod stored;

pub mod report;
pub mod site;

use crate::input;
use crate::privacy::{self, Privacy, Redaction};
use crate::released::Release;

use self::absent::{Here, Placeholders};
use self::copies::Copies;
use self::exclude::{ByKey, LeftOut};
use self::gather::{Gathered, Pass, Worked};
pub use self::kept::copy_file;
use self::quoted::{Fate, Quoted};
use self::report::{BuildReport, Tally, outcomes};
use self::segment::{About, Material, WrittenSegment, write_segment};
use self::site::{Manifest, SiteWriter};
use maildex_core::format::front::MessageKind;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// What to build.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// Files and folders with mail.
    pub inputs: Vec<PathBuf>,
    /// What inputs are called, by their path; the others by the last part of theirs.
    pub names: BTreeMap<PathBuf, String>,
    /// Which columns of tables hold what; told by their names where nothing is said.
    pub columns: input::Columns,
    /// The site's folder: absent, empty, or made by an earlier build.
    pub out: PathBuf,
    /// The archive's name; without one, the inputs' names.
    pub title: Option<String>,
    /// The zone that days are cut in, as `America/New_York`; without one, UTC.
    pub zone: Option<jiff::tz::TimeZone>,
    /// Threads; without a number, as many as there are cores.
    pub threads: Option<usize>,
    /// Bytes of memory that the growing index may take.
    pub memory: u64,
    /// Keep sanitised HTML bodies.
    pub html: bool,
    /// What becomes of attachments.
    pub attachments: Attachments,
    /// The program that reads attached documents (PDF, office files, names in archives) where attachments are not dropped:
    /// one that calls [`crate::attached::serve`] when its argument is `read-attachments`. Without one they are not read.
    pub reader: Option<PathBuf>,
    /// Keep the raw messages.
    pub originals: bool,
    /// Keep the names of blind-copy recipients.
    pub keep_bcc: bool,
    /// Queries; what one of them finds is left out.
    pub exclude: Vec<String>,
    /// The present, in seconds since 1970: what `older_than:1y` counts from.
    pub now: i64,
    /// What is blacked out.
    pub redact: Option<Arc<Redaction>>,
    /// Mask e-mail addresses.
    pub masks: Option<Masks>,
    /// Releases whose documents are looked for among the inputs.
    pub releases: Vec<Release>,
    /// Further files of the site, by name: the page.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What is done with the whole site before it takes its place.
    pub complete: Option<Complete>,
}

/// Is called with the folder of a site that is whole but not in its place yet, and may add files to it and their sums to its
/// list.
#[derive(Clone)]
pub struct Complete(pub Arc<CompleteSite>);

/// What [`Complete`] calls.
pub type CompleteSite = dyn Fn(&Path, &BuildReport) -> io::Result<()> + Send + Sync;

impl fmt::Debug for Complete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Complete")
    }
}

/// What the pseudonyms of masked addresses depend on, so that nobody finds an address by trying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Masks {
    /// All that the inputs hold: they are read once more before. Other mail, other pseudonyms.
    ByInputs,
    /// These bytes, which stay secret: pseudonyms are the same in every build with them.
    ByKey(Vec<u8>),
}

/// What becomes of attachments. Their names, types, sizes and SHA-256 are kept in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attachments {
    /// Their text is searched, and they themselves are files of the site.
    Keep,
    /// Their text is searched.
    Index,
    /// Neither.
    Drop,
}

impl Default for BuildOptions {
    fn default() -> BuildOptions {
        BuildOptions {
            inputs: Vec::new(),
            names: BTreeMap::new(),
            columns: input::Columns::default(),
            out: PathBuf::from("site"),
            title: None,
            zone: None,
            threads: None,
            memory: 1 << 30,
            html: true,
            attachments: Attachments::Index,
            reader: None,
            originals: false,
            keep_bcc: false,
            exclude: Vec::new(),
            now: 0,
            redact: None,
            masks: None,
            releases: Vec::new(),
            files: BTreeMap::new(),
            complete: None,
        }
    }
}

impl BuildOptions {
    fn n_threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.unwrap_or_else(cores).clamp(1, 64)
    }

    /// The threads that pack.
    fn pool(&self) -> io::Result<rayon::ThreadPool> {
        rayon::ThreadPoolBuilder::new().num_threads(self.n_threads()).build().map_err(io::Error::other)
    }

    /// Something is blacked out or masked: then nothing is kept as it lay, since what is inside packed files cannot be
    /// searched for it.
    pub(crate) fn is_private(&self) -> bool {
        self.redact.is_some() || self.masks.is_some()
    }

    /// Whether it is told what is not here: not where something is left out or taken out, which would be told with it.
    fn tells_absent(&self) -> bool {
        self.exclude.is_empty() && self.redact.is_none() && self.masks.is_none()
    }

    /// The zone's changes between two dates: seconds since 1970, and seconds east of UTC from then on.
    fn zone_changes(&self, dates: Option<(i64, i64)>) -> Vec<(i64, i32)> {
        let (Some(zone), Some((first, last))) = (&self.zone, dates) else { return Vec::new() };
        let Ok(start) = jiff::Timestamp::from_second(first) else { return Vec::new() };
        let mut changes = vec![(i64::MIN, zone.to_offset(start).seconds())];
        let after = zone.following(start).take_while(|change| change.timestamp().as_second() <= last);
        changes.extend(after.map(|change| (change.timestamp().as_second(), change.offset().seconds())));
        changes
    }
}

/// Is told how long work goes on.
pub trait Progress: Sync {
    /// A phase begins; `total` is in the unit of [`Progress::advance`], where it is known.
    fn start(&self, phase: &str, total: Option<u64>);
    /// So many bytes (or steps) and messages more are done.
    fn advance(&self, n: u64, messages: u64);
    /// The phase is over.
    fn finish(&self);
    /// The site is whole and takes its place: until [`build`] returns, nothing should end the process.
    fn commit(&self) {}
}

/// Why a build did not happen.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// An input could not be read or is not mail.
    Input(input::InputError),
    /// The folder for the site holds something else.
    NotASite {
        /// The folder.
        path: PathBuf,
    },
    /// The site cannot be written.
    Output {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A query for what is left out is not understood as a whole.
    Query {
        /// The query.
        query: String,
        /// What is wrong with it.
        why: String,
    },
    /// The inputs changed between two readings, so that it is not certain that what was found is what is left out.
    Changed,
    /// The site cannot be added to.
    CannotAdd {
        /// The reason.
        why: &'static str,
    },
    /// The parts of the site cannot be made one.
    CannotMerge {
        /// The reason.
        why: &'static str,
    },
    /// A site that is there cannot be read.
    Site {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
    /// All messages are left out.
    NothingLeft,
    /// What is put aside during the build cannot be written or read back.
    Scratch {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::Input(error) => write!(f, "{error}"),
            BuildError::NotASite { path } => write!(
                f,
                "{} is there and was not made by a build; name another folder or remove it first",
                path.display()
            ),
            BuildError::Query { query, why } => write!(
                f,
                "cannot leave out what {query:?} finds: {why}; write it so that all of it is understood as it is meant"
            ),
            BuildError::Changed => f.write_str(
                "the inputs changed while they were read twice; build from a copy that nobody writes to",
            ),
            BuildError::CannotAdd { why } => {
                write!(f, "cannot add to this site: {why}; build it anew from all inputs")
            }
            BuildError::CannotMerge { why } => {
                write!(f, "cannot make one part of those of this site: {why}; build it anew from all inputs")
            }
            BuildError::Site { path, .. } => {
                write!(f, "cannot read all of the site in {} (\"maildex verify\" tells more)", path.display())
            }
            BuildError::NothingLeft => f.write_str("all messages are left out; ask for fewer"),
            BuildError::Output { path, .. } => write!(f, "cannot write {}", path.display()),
            BuildError::Scratch { path, .. } => {
                write!(f, "cannot put work aside in {} (is the disk full?)", path.display())
            }
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            BuildError::Input(error) => error.source(),
            BuildError::NotASite { .. }
            | BuildError::Query { .. }
            | BuildError::Changed
            | BuildError::CannotAdd { .. }
            | BuildError::CannotMerge { .. }
            | BuildError::NothingLeft => None,
            BuildError::Output { source, .. }
            | BuildError::Scratch { source, .. }
            | BuildError::Site { source, .. } => Some(source),
        }
    }
}

/// Builds an archive.
///
/// # Errors
/// If an input cannot be read, none of them holds mail, a query is not understood, or the site cannot be written. What stood in its place stays.
/// An input without mail among others is a line in the report.
pub fn build(options: &BuildOptions, progress: &dyn Progress) -> Result<BuildReport, BuildError> {
    exclude::check(options)?;
    let left_out = match options.exclude.is_empty() {
        true => None,
        false => Some(exclude::find(options, progress)?),
    };
    Ok(build_site(options, left_out.as_ref(), false, progress)?.report)
}

/// What was built.
pub(crate) struct Built {
    pub(crate) report: BuildReport,
    /// Which messages stand behind each key, where it was asked for.
    pub(crate) by_key: ByKey,
    /// Of all that was read, where it was hashed.
    pub(crate) digest: [u8; 32],
}

/// Builds a site without what is left out.
pub(crate) fn build_site(
    options: &BuildOptions,
    left_out: Option<&LeftOut>,
    wants_keys: bool,
    progress: &dyn Progress,
) -> Result<Built, BuildError> {
    let site = SiteWriter::new(&options.out)?;
    let key = secret::key(options, left_out.map(|own| own.digest), progress)?;
    let pass = Pass { key, left_out, hashes: wants_keys || left_out.is_some() };
    let gathered = gather::gather(options, pass, site.scratch(), progress)?;
    let digest = gathered.digest;
    if left_out.is_some_and(|own| own.digest != digest) {
        return Err(BuildError::Changed);
    }
    if gathered.messages.iter().all(|own| own.metas.is_empty()) {
        return Err(BuildError::NothingLeft);
    }
    // Documents were printed in some zone: their days are cut there, unless the caller says otherwise.
    let release = gathered.messages.iter().filter_map(|own| own.release).min();
    let zone = release.map(|release| options.releases[release].profile.zone.clone());
    let options = &BuildOptions { zone: options.zone.clone().or(zone), ..options.clone() };
    let scratch = site.scratch().to_owned();
    let job = Job { options, left_out, wants_keys, key, scratch: &scratch, progress };
    let (report, by_key) = job.site(gathered, site)?;
    Ok(Built { report, by_key, digest })
}

/// The second pass, which makes a segment of each kind of messages.
struct Job<'a> {
    options: &'a BuildOptions,
    left_out: Option<&'a LeftOut>,
    wants_keys: bool,
    /// Of pseudonyms.
    key: [u8; 32],
    scratch: &'a Path,
    progress: &'a dyn Progress,
}

impl Job<'_> {
    /// Writes the site and puts it in its place.
    fn site(&self, gathered: Gathered, mut site: SiteWriter) -> Result<(BuildReport, ByKey), BuildError> {
        let options = self.options;
        let failed = |source| BuildError::Scratch { path: options.out.clone(), source };
        let pool = options.pool().map_err(failed)?;
        let (segments, by_key, mut report) = pool.install(|| self.segments(gathered)).map_err(failed)?;
        report.clean(&mut Privacy::new(options.redact.as_ref(), options.masks.is_some(), self.key));
        let segments = segments.into_iter().map(|segment| site.segment(segment)).collect::<io::Result<_>>();
        let manifest = Manifest {
            format: maildex_core::format::front::VERSION,
            title: privacy::title(&site::title(options), options.redact.as_deref(), options.masks.is_some()),
            segments: segments.map_err(failed)?,
        };
        let output = |source| BuildError::Output { path: options.out.clone(), source };
        site.write(&manifest, &options.files).map_err(output)?;
        if let Some(Complete(complete)) = &options.complete {
            complete(site.scratch(), &report).map_err(output)?;
        }
        self.progress.commit();
        site.finish().map_err(output)?;
        Ok((report, by_key))
    }

    /// The segments in the order of the manifest: messages, then what is quoted and what is named and not here, where
    /// there is any.
    fn segments(&self, gathered: Gathered) -> io::Result<(Vec<WrittenSegment>, ByKey, BuildReport)> {
        let Gathered { inputs, messages: mut worked, quoted: mut inner, .. } = gathered;
        let copies = Copies::find(&worked);
        let by_key = if self.wants_keys { exclude::by_key(&worked, &copies)? } else { ByKey::default() };
        let releases = if self.options.tells_absent() { &self.options.releases[..] } else { &[] };
        let listed = absent::listed(&worked, releases);
        let quoted = quoted::sort_out(&worked, &copies, &inner, &listed)?;
        let here = Here { worked: &worked, copies: &copies };
        let lost = absent::tell_quoted(here, &inner, &quoted)?;
        let outside = absent::outsiders(&inner, &quoted, &listed)?;
        let (chains, told) = absent::chains(here, &quoted, &outside, &lost)?;
        let about =
            About { kind: MessageKind::Message, told: &told, outside: &outside, span: None, chains: &chains };
        let mut messages = self.segment(about, &mut worked, &copies)?;
        let mut mentions = core::mem::take(&mut messages.mentions);
        if !self.options.tells_absent() {
            mentions.clear();
        }
        let mut report = self.report(inputs, &worked, &copies, &quoted, &messages);
        let mut segments = vec![messages];
        if !quoted.copies.docs.is_empty() {
            let about =
                About { kind: MessageKind::Quoted, told: &lost, outside: &[], span: None, chains: &[] };
            segments.push(self.segment(about, &mut inner, &quoted.copies)?);
        }
        let memory = (self.options.memory / 8) as usize;
        let here = Here { worked: &worked, copies: &copies };
        let Placeholders { worked: mut own, copies, told } =
            absent::placeholders(here, &mentions, listed, releases, self.scratch, memory)?;
        report.placeholders = copies.docs.len() as u64;
        if !copies.docs.is_empty() {
            let about =
                About { kind: MessageKind::Placeholder, told: &told, outside: &[], span: None, chains: &[] };
            segments.push(self.segment(about, &mut own, &copies)?);
        }
        segments.iter().for_each(|segment| report.add_sections(&segment.sections));
        Ok((segments, by_key, report))
    }

    fn segment(
        &self,
        about: About<'_>,
        worked: &mut [Worked],
        copies: &Copies,
    ) -> io::Result<WrittenSegment> {
        let Job { options, scratch, progress, .. } = *self;
        write_segment(&mut Material { about, worked, copies, options, scratch, progress })
    }

    fn report(
        &self,
        inputs: Vec<input::InputReport>,
        worked: &[Worked],
        copies: &Copies,
        quoted: &Quoted,
        segment: &WrittenSegment,
    ) -> BuildReport {
        let raw_bytes = worked.iter().flat_map(|own| &own.metas).map(|meta| u64::from(meta.size)).sum();
        let merged = copies.dropped.iter().map(|(_, at)| at.meta(worked).number);
        let tallies: Vec<&Tally> = worked.iter().map(|own| &own.tally).collect();
        let privacies: Vec<&Privacy> = worked.iter().map(|own| &own.privacy).collect();
        let fates = || quoted.chains.iter().flat_map(|(_, fates)| fates);
        BuildReport {
            inputs: outcomes(inputs, merged, self.left_out.map(|own| &own.numbers), &tallies),
            excluded: self.left_out.map(|own| {
                let sum = |n: fn(&Worked) -> u64| worked.iter().map(n).sum();
                own.report(sum(|own| own.n_referring), sum(|own| own.n_quoting))
            }),
            privacy: Privacy::sum(&privacies),
            messages: u64::from(segment.n_docs),
            copies: copies.dropped.len() as u64,
            undated: u64::from(segment.n_undated),
            oddities: Tally::sum(&tallies, None),
            threads: segment.n_threads,
            ghosts: segment.n_ghosts,
            quoted: fates().count() as u64,
            quoted_here: fates().filter(|fate| matches!(fate, Fate::Here(_))).count() as u64,
            quoted_apart: quoted.copies.docs.len() as u64,
            dates: segment.dates,
            raw_bytes,
            kept: segment.kept.total,
            ..BuildReport::default()
        }
    }
}
