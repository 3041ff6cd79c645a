//! Opens an input as named on the command line, and tells at the end what it was.

use std::cell::Cell;
use std::fs;
use std::io;
use std::path::Path;
use std::rc::Rc;

use crate::input::detect::Hint;
use crate::input::folder;
use crate::input::place;
use crate::input::reading::{At, Progress, RawSink, Reading};
use crate::input::report::{InputReport, Reason, Skipped};
use crate::input::table::Columns;
use crate::input::tally::Tally;
use crate::input::{InputError, Limits, Stop};
use crate::released::Release;

/// Reads every message of the file or folder `path` in an order that depends on its content and names alone, and
/// gives each to `sink`; `progress` is told how many bytes of the input are used up, out of [`size()`].
///
/// Fails when the input cannot be opened, when it holds no message at all, or when the sink stops.
pub fn read(
    path: &Path,
    limits: &Limits,
    sink: &mut RawSink,
    progress: &mut Progress,
) -> Result<InputReport, InputError> {
    read_with(path, limits, &[], sink, progress)
}

/// As [`read`], with texts that one of `releases` recognises given as documents.
///
/// Fails as [`read`] does.
pub fn read_with(
    path: &Path,
    limits: &Limits,
    releases: &[Release],
    sink: &mut RawSink,
    progress: &mut Progress,
) -> Result<InputReport, InputError> {
    let report = read_any(path, limits, releases, sink, progress)?;
    if report.found > 0 { Ok(report) } else { Err(report.without_mail(path)) }
}

/// As [`read_with`], and an input without any message is a report that says so.
///
/// Fails when the input cannot be opened or when the sink stops.
pub fn read_any(
    path: &Path,
    limits: &Limits,
    releases: &[Release],
    sink: &mut RawSink,
    progress: &mut Progress,
) -> Result<InputReport, InputError> {
    let options = ReadOptions { limits: limits.clone(), releases, ..ReadOptions::default() };
    read_as(path, &options, sink, progress)
}

/// How an input is read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions<'a> {
    /// How far reading goes.
    pub limits: Limits,
    /// Releases whose documents are looked for.
    pub releases: &'a [Release],
    /// What the input is called; without a name, the last part of its path.
    pub name: Option<&'a str>,
    /// Which columns of tables hold what; told by their names where nothing is said.
    pub columns: Columns,
}

/// As [`read_any`], with all options.
///
/// Fails as [`read_any`] does.
pub fn read_as(
    path: &Path,
    options: &ReadOptions,
    sink: &mut RawSink,
    progress: &mut Progress,
) -> Result<InputReport, InputError> {
    let unreadable = |source| InputError::Unreadable { path: path.to_owned(), source };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    // A folder that cannot be listed or a file that cannot be opened is the caller's mistake, not the input's.
    if metadata.is_dir() {
        fs::read_dir(path).map_err(unreadable)?;
    } else if metadata.is_file() {
        fs::File::open(path).map_err(unreadable)?;
    } else {
        return Err(unreadable(io::Error::other("expected a file or a folder, found something else")));
    }
    let mut reading = Reading {
        source: options.name.map_or_else(|| source_name(path), place::clean_name),
        limits: &options.limits,
        releases: options.releases,
        columns: &options.columns,
        tally: Tally::default(),
        consumed: Rc::new(Cell::new(0)),
        unpacked: Rc::new(Cell::new(0)),
        allowed: 0,
        layers: Vec::new(),
        sink: &mut |raw| sink(raw),
        progress: &mut |bytes| progress(bytes),
    };
    let done = if metadata.is_dir() {
        reading.folder(path, "", 0)
    } else {
        let name = source_name(path);
        let hint = At::new(name, Hint::None).hint;
        reading.file(path, &At::new(String::new(), hint))
    };
    done.map_err(|Stop| InputError::Stopped)?;
    Ok(finish(reading, metadata.is_dir()))
}

fn finish(reading: Reading, is_folder: bool) -> InputReport {
    let Reading { source, mut layers, tally, consumed, .. } = reading;
    let kind = if is_folder {
        tally.kinds.folder().to_owned()
    } else {
        layers.reverse();
        layers.join(" in ")
    };
    let (found, files) = (tally.found, tally.files.saturating_sub(tally.containers));
    let files_with_mail = tally.with_mail;
    let items = tally.items.iter().map(|(name, n)| (*name, *n)).collect();
    let columns = tally.columns.iter().cloned().collect();
    InputReport {
        source,
        kind,
        found,
        bytes: consumed.get(),
        files,
        files_with_mail,
        items,
        columns,
        skipped: tally.skipped(),
    }
}

impl InputReport {
    /// The error that an input without any message is.
    pub(crate) fn without_mail(&self, path: &Path) -> InputError {
        let path = path.to_owned();
        match self.skipped.as_slice() {
            [Skipped { reason: Reason::Unsupported(format), .. }] => {
                InputError::Unsupported { path, format: *format }
            }
            skipped => InputError::NoMail { path, n_files: self.files, skipped: skipped.to_vec() },
        }
    }
}

/// The bytes of an input, for a progress bar; what cannot be read counts as nothing.
pub fn size(path: &Path) -> u64 {
    folder::size(path)
}

/// The last part of a path, or of the folder that `.` and the like stand for.
fn source_name(path: &Path) -> String {
    let resolved = || path.canonicalize().ok().and_then(|path| path.file_name().map(|name| name.to_owned()));
    let name = path.file_name().map(|name| name.to_owned()).or_else(resolved).unwrap_or_default();
    place::clean_name(&name.to_string_lossy())
}
