//! Walks a folder in an order that does not depend on the disk: by the bytes of the whole relative path.
//!
//! Maildir, MH and CMU trees, Apple's and Mozilla's folders and folders of single messages need no walk of their own:
//! what differs is which files are messages ([`crate::input::detect`]) and what the mail folder is called
//! ([`crate::input::place`]). Only a Maildir's `tmp` is left out.

use std::ffi::OsString;
use std::fs::{self, File, FileType};
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;
use std::rc::Rc;

use crate::input::container::Counted;
use crate::input::detect::{HEAD, Hint, Kind, detect};
use crate::input::git;
use crate::input::place::clean_name;
use crate::input::reading::{At, CHUNK, Reading};
use crate::input::report::Reason;
use crate::input::{Limits, Stop};

/// Folders nested deeper than this are a circle that the system did not show as one.
const MAX_FOLDERS: u32 = 200;

impl Reading<'_> {
    /// Reads every file under `folder`, whose path inside the input is `path`.
    pub(crate) fn folder(&mut self, folder: &Path, path: &str, depth: u32) -> Result<(), Stop> {
        let at = At::new(path.to_owned(), Hint::None);
        if depth > MAX_FOLDERS {
            return self.skip(Reason::TooDeep, &at, "");
        }
        let entries = match list(folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.tally.fail(&error, &self.example(&at));
                return Ok(());
            }
        };
        if git::is_repository(folder) {
            return self.inbox(folder, &[], path);
        }
        let epochs = git::epochs(folder);
        if !epochs.is_empty() {
            self.inbox(folder, &epochs, path)?;
        }
        let is_maildir = entries.iter().any(|entry| entry.kind.is_dir() && entry.name == "cur");
        for entry in entries {
            let name = clean_name(&entry.name.to_string_lossy());
            let inner = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            let file = folder.join(&entry.name);
            if entry.kind.is_dir() {
                match name.as_str() {
                    _ if epochs.contains(&name) => {}
                    "tmp" if is_maildir => self.unfinished(&file, &inner)?,
                    _ => self.folder(&file, &inner, depth + 1)?,
                }
                continue;
            }
            let in_maildir = matches!(path.rsplit('/').next(), Some("cur" | "new"));
            let at = At::new(inner, if in_maildir { Hint::MailPlace } else { Hint::None });
            self.entry(&file, entry.kind, &at)?;
        }
        Ok(())
    }

    /// Counts the files of a Maildir's `tmp`.
    fn unfinished(&mut self, folder: &Path, path: &str) -> Result<(), Stop> {
        let entries = list(folder).unwrap_or_default();
        if let Some(first) = entries.first() {
            let path = format!("{path}/{}", clean_name(&first.name.to_string_lossy()));
            let example = self.example(&At::new(path, Hint::None));
            self.tally.files += entries.len() as u64;
            self.tally.skip(Reason::Undelivered, entries.len() as u64, &example, "");
        }
        Ok(())
    }

    /// Reads what is not a folder; links are followed to files only.
    fn entry(&mut self, file: &Path, kind: FileType, at: &At) -> Result<(), Stop> {
        let kind = if kind.is_symlink() {
            match fs::metadata(file) {
                Ok(target) if target.is_dir() => return self.skip(Reason::Link, at, "to a folder"),
                Ok(target) => target.file_type(),
                Err(error) => {
                    self.tally.fail(&error, &self.example(at));
                    return Ok(());
                }
            }
        } else {
            kind
        };
        // A pipe would wait for ever.
        if kind.is_file() { self.file(file, at) } else { self.skip(Reason::Special, at, "") }
    }

    /// Reads a file on disk.
    pub(crate) fn file(&mut self, path: &Path, at: &At) -> Result<(), Stop> {
        self.counted(at, |reading| reading.opened(path, at))
    }

    fn opened(&mut self, path: &Path, at: &At) -> Result<(), Stop> {
        let before = self.consumed.get();
        let opened = File::open(path).and_then(|mut file| {
            let size = file.metadata()?.len();
            let mut head = Vec::new();
            // Only a zip and a PST have to seek; everything else is read once from its beginning.
            (&mut file).take(4).read_to_end(&mut head)?;
            file.rewind()?;
            Ok((file, size, head))
        });
        let (file, size, head) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                self.tally.fail(&error, &self.example(at));
                return Ok(());
            }
        };
        self.unpacked.set(0);
        self.allowed = self.limits.allowed(size);
        let after = before.saturating_add(size);
        let mut counted = Counted { inner: file, n: Rc::clone(&self.consumed), max: after };
        if head.starts_with(b"PK") {
            self.zip_file(counted, at)?;
        } else if head.starts_with(b"!BDN") {
            self.layer(Kind::Pst.name(), at);
            self.pst(&mut counted, at)?;
        } else {
            self.stream(&mut counted, at)?;
        }
        // What is no mail is not read to the end.
        self.consumed.set(after);
        (self.progress)(self.consumed.get());
        Ok(())
    }

    fn zip_file(&mut self, mut file: Counted<File>, at: &At) -> Result<(), Stop> {
        let mut head = Vec::new();
        let read = (&mut file).take(HEAD as u64).read_to_end(&mut head).and_then(|_| file.rewind());
        if let Err(error) = read {
            self.tally.fail(&error, &self.example(at));
            return Ok(());
        }
        if detect(&head, at.hint) != Kind::Zip {
            return self.stream(&mut file, at);
        }
        self.layer(Kind::Zip.name(), at);
        if at.depth >= self.limits.max_depth {
            return self.skip(Reason::TooDeep, at, "");
        }
        self.zip(BufReader::with_capacity(CHUNK / 4, file), at)
    }
}

impl Limits {
    /// Bytes that a file of `size` bytes may unpack to. Layers add up, and small bombs nest below the floor: hence
    /// the factors.
    fn allowed(&self, size: u64) -> u64 {
        let floor = self.ratio_floor.saturating_mul(16);
        size.saturating_mul(self.max_ratio).saturating_mul(2).max(floor).min(self.max_unpacked)
    }
}

/// Something in a folder.
struct Entry {
    name: OsString,
    kind: FileType,
}

/// The entries of a folder in the order of their paths' bytes: a folder's name counts with the `/` after it.
fn list(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        entries.push(Entry { name: entry.file_name(), kind: entry.file_type()? });
    }
    entries.sort_by(|a, b| sort_key(a).cmp(sort_key(b)));
    Ok(entries)
}

fn sort_key(entry: &Entry) -> impl Iterator<Item = u8> {
    entry.name.as_encoded_bytes().iter().copied().chain(entry.kind.is_dir().then_some(b'/'))
}

/// The bytes of a file, or of all files under a folder that would be read.
pub(crate) fn size(path: &Path) -> u64 {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => folder_size(path, 0),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    }
}

fn folder_size(folder: &Path, depth: u32) -> u64 {
    let entries = if depth > MAX_FOLDERS { Vec::new() } else { list(folder).unwrap_or_default() };
    let is_maildir = entries.iter().any(|entry| entry.kind.is_dir() && entry.name == "cur");
    entries
        .iter()
        .map(|entry| {
            let path = folder.join(&entry.name);
            if !entry.kind.is_dir() {
                fs::metadata(&path).map_or(0, |metadata| if metadata.is_file() { metadata.len() } else { 0 })
            } else if is_maildir && entry.name == "tmp" {
                0
            } else {
                folder_size(&path, depth + 1)
            }
        })
        .sum()
}
