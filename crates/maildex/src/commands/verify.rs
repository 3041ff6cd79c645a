//! `maildex verify`: whether every byte of a site is as it was built and every message can be reached.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use maildex_build::build::copy_file;
use maildex_build::build::site::{MANIFEST, SUMS, SegmentId, read_sums, sum};
use maildex_core::Archive;
use maildex_core::format::front::MessageKind;
use maildex_core::format::kept::pack_name;
use maildex_core::format::record::Record;
use sha2::{Digest as _, Sha256};

use crate::archive::Site;
use crate::bundle::{is_bundle, unpack};
use crate::commands::Outcome;
use crate::terminal::{Terminal, line};
use crate::words;

const EXAMPLES: &str = "\
Examples:
  maildex verify site             check every file and every message
  maildex verify site && rsync…   publish only what is sound
  maildex verify archive.html     the archive in a bundle, whether a file or a folder

It says which files are changed, damaged or missing, those of the page among them. What else lies in the
folder is left alone. `sha256sum -c SHA256SUMS` checks the same files without Maildex. Exit codes: 0 sound, 2 not.";

/// Messages that are read before the memory of their blocks is given back.
const BATCH: u32 = 10_000;
/// The same for files, of at most 1 MiB each.
const FILES: u64 = 64;

/// Check every file of a site, or a bundle, and reach every message
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder that `maildex build` made, or what `maildex bundle` did
    site: PathBuf,
}

impl Args {
    /// Reads the whole site; fails where anything of it is wrong.
    pub(crate) fn run(self, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        if is_bundle(&self.site) {
            return check_bundle(&self.site, terminal);
        }
        let mut site = Site::open(&self.site)?;
        let (n_files, bytes) = check_files(&mut site, terminal)?;
        let n_messages = check_messages(&mut site)?;
        check_packs(&mut site)?;
        let (messages, files) = (words::messages(n_messages), words::counted(n_files, "file", "files"));
        writeln!(terminal.out, "sound: {messages}, {files}, {}", words::bytes(bytes))?;
        Ok(Outcome::Found)
    }
}

/// Takes a bundle apart and reaches every message of it. Its page has no sums to compare it with.
fn check_bundle(bundle: &Path, terminal: &mut Terminal<'_>) -> Result<Outcome> {
    let folder = tempfile::tempdir()?;
    unpack(bundle, folder.path()).context("the archive in it is not sound; copy it again")?;
    let mut site = Site::open(folder.path())?;
    let n_messages = check_messages(&mut site)?;
    check_packs(&mut site)?;
    let bytes = site.manifest.segments.iter().map(|segment| segment.length).sum();
    writeln!(terminal.out, "sound: {}, {} of archive", words::messages(n_messages), words::bytes(bytes))?;
    Ok(Outcome::Found)
}

/// Reads every file and names all that are wrong, not only the first.
fn check_files(site: &mut Site, terminal: &mut Terminal<'_>) -> Result<(u64, u64)> {
    let mut found = Found::default();
    let sums: BTreeMap<String, String> = match read_sums(&site.folder) {
        Ok(sums) => sums.into_iter().collect(),
        Err(error) => {
            found.wrong(SUMS, &error.into(), terminal)?;
            BTreeMap::new()
        }
    };
    let compare = |name: &str, found: String| match sums.get(name) {
        Some(sum) if *sum != found => bail!("it is not what was built"),
        None if !sums.is_empty() => bail!("it is not in {SUMS}"),
        _ => Ok(()),
    };
    // Fronts lie in files too: where one is wrong, the others are compared with their sums alone.
    let are_open = site.open_fronts().is_ok();
    let mut checked = BTreeSet::new();
    for (segment, about) in site.manifest.segments.clone().iter().enumerate() {
        let mut id = SegmentId::default();
        let n_wrong = found.n_wrong;
        for shard in &about.shards {
            let read = site.check_shard(segment, shard, are_open).and_then(|bytes| {
                id.add(&bytes);
                compare(&shard.name, sum(&bytes))
            });
            checked.insert(shard.name.clone());
            found.file(&shard.name, read.map(|()| shard.length), terminal)?;
            if are_open && found.n_files % FILES == 0 {
                site.forget()?;
                site.open_fronts()?;
            }
        }
        if found.n_wrong == n_wrong && id.finish() != about.id {
            let error = anyhow!("its files are others than its name says");
            found.wrong(&format!("d/{}", about.id), &error, terminal)?;
        }
    }
    let folder = site.folder.clone();
    for name in [MANIFEST, "index.html"] {
        let read = read_file(&folder, name).and_then(|bytes| {
            compare(name, sum(&bytes))?;
            Ok(bytes.len() as u64)
        });
        checked.insert(name.to_owned());
        found.file(name, read, terminal)?;
    }
    // What is left is the rest of the page.
    for name in sums.keys().filter(|name| !checked.contains(*name)) {
        let read = read_file(&folder, name).and_then(|bytes| {
            compare(name, sum(&bytes))?;
            Ok(bytes.len() as u64)
        });
        found.file(name, read, terminal)?;
    }
    let Found { n_files, n_wrong, bytes } = found;
    if n_wrong > 0 {
        bail!(
            "{} wrong of {n_files}; copy the site again, or build it again",
            words::counted(n_wrong, "file is", "files are")
        );
    }
    Ok((n_files, bytes))
}

fn read_file(folder: &Path, name: &str) -> Result<Vec<u8>> {
    Ok(fs::read(folder.join(name))?)
}

/// What checking has come to.
#[derive(Debug, Default)]
struct Found {
    n_files: u64,
    n_wrong: u64,
    bytes: u64,
}

impl Found {
    /// Counts a file with its length, or names it with what is wrong.
    fn file(&mut self, name: &str, length: Result<u64>, terminal: &mut Terminal<'_>) -> Result<()> {
        self.n_files += 1;
        match length {
            Ok(length) => {
                self.bytes += length;
                Ok(())
            }
            Err(error) => self.wrong(name, &error, terminal),
        }
    }

    fn wrong(&mut self, name: &str, error: &anyhow::Error, terminal: &mut Terminal<'_>) -> Result<()> {
        self.n_wrong += 1;
        writeln!(terminal.out, "{}: {}", line(name), line(&format!("{error:#}")))?;
        Ok(())
    }
}

/// Reaches every message on every way that leads to it.
fn check_messages(site: &mut Site) -> Result<u64> {
    site.open_fronts()?;
    let n_docs: Vec<u32> = site.archive().fronts().map(|front| front.n_docs).collect();
    for (segment, &n_docs) in n_docs.iter().enumerate() {
        for doc in 0..n_docs {
            if doc % BATCH == 0 {
                site.forget()?;
                site.open_fronts()?;
            }
            let record = site.ask(|archive: &Archive| archive.check(segment, doc))?;
            check_kept(site, &record)?;
        }
    }
    Ok(site.archive().count(MessageKind::Message))
}

/// Whether the files that attachments and originals lie in are those that the archive names.
fn check_packs(site: &mut Site) -> Result<()> {
    for (sha256, length) in site.packs()? {
        let name = pack_name(&sha256);
        let bytes = read_file(&site.folder, &name).with_context(|| format!("cannot read {name}"))?;
        if bytes.len() as u64 != length || Sha256::digest(&bytes)[..] != sha256 {
            bail!("{name}: it is not what was built; copy the site again, or build it again");
        }
    }
    Ok(())
}

/// Reads a message's attachments and its original, where they are kept, and compares their SHA-256.
fn check_kept(site: &mut Site, record: &Record) -> Result<()> {
    let numbers = record.attachments.iter().zip(0..).filter(|(own, _)| own.kept.is_some());
    let original = record.original.iter().map(|_| None);
    for number in numbers.map(|(_, number)| Some(number)).chain(original) {
        let file = site.ask(|archive| archive.file(record.key, number))?;
        let file = file.context("a kept file cannot be found")?;
        let what = || match number {
            Some(number) => format!("attachment {} of {:016x}", number + 1, record.key),
            None => format!("the original of {:016x}", record.key),
        };
        copy_file(&site.folder, &file, &mut io::sink()).with_context(what)?;
    }
    Ok(())
}
