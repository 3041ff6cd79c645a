//! From inputs to a site: gather, sort out copies, thread, write the segment, cut it into shards.
//!
//! [`gather`] parses in parallel, puts messages aside on disk and inverts their words in runs; [`copies`] merges copies
//! and fixes the date order; [`segment`] threads, merges the runs and writes the sections; [`site`] cuts them into
//! shards. Memory is bounded by [`BuildOptions::memory`] apart from some hundred bytes a message.

mod compress;
mod copies;
mod forms;
mod gather;
mod index;
mod orders;
mod sections;
mod segment;
mod states;
mod stored;

pub mod report;
pub mod site;

use crate::input;
use crate::released::Release;

use self::copies::Copies;
use self::report::{BuildReport, Tally, outcomes};
use self::segment::{Material, write_segment};
use self::site::{Manifest, SiteWriter};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;

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
    /// Keep the names of blind-copy recipients.
    pub keep_bcc: bool,
    /// Releases whose documents are looked for among the inputs.
    pub releases: Vec<Release>,
    /// Further files of the site, by name: the page.
    pub files: BTreeMap<String, Vec<u8>>,
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
            keep_bcc: false,
            releases: Vec::new(),
            files: BTreeMap::new(),
        }
    }
}

impl BuildOptions {
    fn n_threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.unwrap_or_else(cores).clamp(1, 64)
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
            BuildError::NotASite { .. } => None,
            BuildError::Output { source, .. } | BuildError::Scratch { source, .. } => Some(source),
        }
    }
}

/// Builds an archive.
///
/// # Errors
/// If an input cannot be read, none of them holds mail, or the site cannot be written. What stood in its place stays.
/// An input without mail among others is a line in the report.
pub fn build(options: &BuildOptions, progress: &dyn Progress) -> Result<BuildReport, BuildError> {
    let mut site = SiteWriter::new(&options.out)?;
    let (inputs, mut worked) = gather::gather(options, site.scratch(), progress)?;
    let copies = Copies::find(&worked);
    // Documents were printed in some zone: their days are cut there, unless the caller says otherwise.
    let release = worked.iter().filter_map(|own| own.release).min();
    let zone = release.map(|release| options.releases[release].profile.zone.clone());
    let options = &BuildOptions { zone: options.zone.clone().or(zone), ..options.clone() };
    let failed = |source| BuildError::Scratch { path: options.out.clone(), source };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.n_threads()).build();
    let pool = pool.map_err(|error| failed(io::Error::other(error)))?;
    let mut material =
        Material { worked: &mut worked, copies: &copies, options, scratch: site.scratch(), progress };
    let segment = pool.install(|| write_segment(&mut material)).map_err(failed)?;
    let raw_bytes = worked.iter().flat_map(|own| &own.metas).map(|meta| u64::from(meta.size)).sum();
    let merged =
        copies.dropped.iter().map(|(_, at)| worked[at.worker as usize].metas[at.index as usize].number);
    let tallies: Vec<&Tally> = worked.iter().map(|own| &own.tally).collect();
    let report = BuildReport {
        inputs: outcomes(inputs, merged, &tallies),
        messages: u64::from(segment.n_docs),
        copies: copies.dropped.len() as u64,
        undated: u64::from(segment.n_undated),
        oddities: Tally::sum(&tallies, None),
        threads: segment.n_threads,
        ghosts: segment.n_ghosts,
        dates: segment.dates,
        raw_bytes,
        sections: segment.sections.iter().map(|section| (section.id.name(), section.length)).collect(),
    };
    let entry = site.segment(segment).map_err(failed)?;
    let manifest = Manifest {
        format: maildex_core::format::front::VERSION,
        title: site::title(options),
        segments: vec![entry],
    };
    let output = |source| BuildError::Output { path: options.out.clone(), source };
    site.write(&manifest, &options.files).map_err(output)?;
    progress.commit();
    site.finish().map_err(output)?;
    Ok(report)
}
