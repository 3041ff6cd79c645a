//! `maildex verify`: whether every byte of a site is as it was built and every message can be reached.

use std::path::PathBuf;

use anyhow::{Result, bail};
use maildex_core::Archive;

use crate::archive::Site;
use crate::commands::Outcome;
use crate::terminal::{Terminal, line};
use crate::words;

const EXAMPLES: &str = "\
Examples:
  maildex verify site             check every file and every message
  maildex verify site && rsync…   publish only what is sound

It says which files are damaged or missing. Exit codes: 0 sound, 2 not.";

/// Messages that are read before the memory of their blocks is given back.
const BATCH: u32 = 10_000;
/// The same for files, of at most 1 MiB each.
const FILES: u64 = 64;

/// Check every checksum of a site and reach every message
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder that `maildex build` made
    site: PathBuf,
}

impl Args {
    /// Reads the whole site; fails where anything of it is wrong.
    pub(crate) fn run(self, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        let mut site = Site::open(&self.site)?;
        let (n_files, bytes) = check_files(&mut site, terminal)?;
        let n_messages = check_messages(&mut site)?;
        let (messages, files) = (words::messages(n_messages), words::counted(n_files, "file", "files"));
        writeln!(terminal.out, "sound: {messages}, {files}, {}", words::bytes(bytes))?;
        Ok(Outcome::Found)
    }
}

/// Reads every file through its checksums and names all that are wrong, not only the first.
fn check_files(site: &mut Site, terminal: &mut Terminal<'_>) -> Result<(u64, u64)> {
    let (mut n_files, mut n_wrong, mut bytes) = (0, 0, 0);
    for (segment, about) in site.manifest.segments.clone().iter().enumerate() {
        for shard in &about.shards {
            n_files += 1;
            bytes += shard.length;
            if let Err(error) = site.check_shard(segment, shard) {
                n_wrong += 1;
                writeln!(terminal.out, "{}: {}", line(&shard.name), line(&format!("{error:#}")))?;
            }
            if n_files % FILES == 0 {
                site.forget()?;
            }
        }
    }
    if n_wrong > 0 {
        bail!("{n_wrong} of {n_files} files are wrong; copy the site again, or build it again");
    }
    Ok((n_files, bytes))
}

/// Reaches every message on every way that leads to it.
fn check_messages(site: &mut Site) -> Result<u64> {
    let n_docs: Vec<u32> = site.archive().fronts().map(|front| front.n_docs).collect();
    for (segment, &n_docs) in n_docs.iter().enumerate() {
        for doc in 0..n_docs {
            if doc % BATCH == 0 {
                site.forget()?;
            }
            site.ask(|archive: &Archive| archive.check(segment, doc))?;
        }
    }
    Ok(n_docs.iter().copied().map(u64::from).sum())
}
