//! What `maildex build`, `add` and `merge` share: the inputs that are read, what reading may use, and what is said of it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use maildex_build::build::Complete;
use maildex_build::build::report::BuildReport;
use maildex_build::input::Columns;

use crate::commands::Outcome;
use crate::report::Report;
use crate::terminal::{Terminal, line};

/// What is read.
#[derive(Debug, clap::Args)]
pub(super) struct Inputs {
    /// The archives to read
    #[arg(required_unless_present = "source", value_name = "INPUT")]
    paths: Vec<PathBuf>,
    /// An archive to read and what to call it, as list=lists/2003.mbox: `source:list` finds its mail
    #[arg(long, value_name = "NAME=PATH", value_parser = read_source)]
    source: Vec<(String, PathBuf)>,
    /// Which columns of a CSV or JSON table hold what, as from=sender,date=sent,body=text; known ones are found
    #[arg(long, value_name = "FIELD=COLUMN,…", value_parser = Columns::read, default_value = "", hide_default_value = true)]
    pub(super) map: Columns,
}

impl Inputs {
    /// Takes the paths of all inputs, and what those are called that were given a name.
    ///
    /// # Errors
    /// If one is given twice or cannot be read.
    pub(super) fn take(&mut self) -> Result<(Vec<PathBuf>, BTreeMap<PathBuf, String>)> {
        let mut paths = core::mem::take(&mut self.paths);
        let mut names = BTreeMap::new();
        for (name, path) in core::mem::take(&mut self.source) {
            paths.push(path.clone());
            names.insert(path, name);
        }
        let is_twice = paths.iter().filter(|path| names.contains_key(*path)).count() > names.len();
        if is_twice {
            bail!("expected each input once, found one twice; leave it out where --source names it");
        }
        for path in &paths {
            fs::metadata(path).with_context(|| format!("cannot read {}; check the path", path.display()))?;
        }
        Ok((paths, names))
    }
}

/// What reading may use.
#[derive(Debug, clap::Args)]
pub(super) struct Limits {
    /// How much memory may be used, as 512M or 4G, at least 64M; more is faster
    #[arg(long, default_value = "1G", value_parser = read_memory)]
    pub(super) memory: u64,
    /// How many processors to use; all if not given. The site does not depend on it
    #[arg(long, value_parser = read_threads)]
    pub(super) threads: Option<usize>,
}

/// What is done with a site before it takes its place, for [`BuildOptions::complete`].
pub(super) fn complete(run: impl Fn(&Path, &BuildReport) -> Result<()> + Send + Sync + 'static) -> Complete {
    Complete(Arc::new(move |site, report| {
        run(site, report).map_err(|error| io::Error::other(format!("{error:#}")))
    }))
}

/// What is said, and where.
#[derive(Debug, clap::Args)]
pub(super) struct Said {
    /// Also write the report as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long)]
    pub(super) quiet: bool,
}

impl Said {
    /// Fails where the report could not be written after all the work.
    pub(super) fn check(&self) -> Result<()> {
        self.report.as_deref().map_or(Ok(()), check_writable)
    }

    /// Writes the report where it is asked for; gives whether anything else is to be said.
    pub(super) fn write(&self, report: &Report<'_>, terminal: &mut Terminal<'_>) -> Result<bool> {
        if let Some(file) = &self.report {
            let json = serde_json::to_vec_pretty(report)?;
            fs::write(file, json).with_context(|| format!("cannot write {}", file.display()))?;
        }
        if !self.quiet {
            report.write(terminal)?;
        }
        Ok(!self.quiet)
    }
}

/// Says which inputs held no mail, even to those who want to hear errors only.
pub(super) fn say_without_mail(report: &Report<'_>, terminal: &mut Terminal<'_>) -> Result<Outcome> {
    let mut outcome = Outcome::Found;
    for input in report.without_mail() {
        writeln!(terminal.err, "maildex: {}", line(&input))?;
        outcome = Outcome::Nothing;
    }
    Ok(outcome)
}

/// Fails where `file` could not be written after the build, and leaves no trace.
fn check_writable(file: &Path) -> Result<()> {
    let is_new = !file.exists();
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(file)
        .with_context(|| format!("cannot write the report {}; check its folder", file.display()))?;
    if is_new {
        fs::remove_file(file)?;
    }
    Ok(())
}

fn read_source(text: &str) -> Result<(String, PathBuf), String> {
    let named = text.split_once('=').filter(|(name, path)| !name.trim().is_empty() && !path.is_empty());
    let (name, path) = named.ok_or_else(|| "expected NAME=PATH, as list=lists/2003.mbox".to_owned())?;
    Ok((name.trim().to_owned(), PathBuf::from(path)))
}

fn read_threads(text: &str) -> Result<usize, String> {
    let n = text.parse().ok().filter(|n| (1..=64).contains(n));
    n.ok_or_else(|| "expected a number from 1 to 64".to_owned())
}

/// What the build needs whatever the archive's size: buffers, and a compressor for each thread.
const LEAST_MEMORY: u64 = 64_000_000;

fn read_memory(text: &str) -> Result<u64, String> {
    let bytes = read_size(text)?;
    if bytes < LEAST_MEMORY { Err("expected at least 64M".to_owned()) } else { Ok(bytes) }
}

/// `512M`, `4G`: bytes, in powers of 1000.
fn read_size(text: &str) -> Result<u64, String> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let unit = match unit.to_ascii_uppercase().as_str() {
        "" => 1,
        "K" | "KB" => 1000,
        "M" | "MB" => 1_000_000,
        "G" | "GB" => 1_000_000_000,
        _ => return Err("expected a size as 512M or 4G".to_owned()),
    };
    let n: u64 = digits.parse().map_err(|_| "expected a size as 512M or 4G".to_owned())?;
    n.checked_mul(unit).ok_or_else(|| "more bytes than there are".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources() {
        assert_eq!(read_source("a = b=c"), Ok(("a".to_owned(), PathBuf::from(" b=c"))));
        for wrong in ["a", "=b", "a=", " =b"] {
            assert!(read_source(wrong).unwrap_err().contains("NAME=PATH"), "{wrong}");
        }
    }

    #[test]
    fn sizes() {
        assert_eq!(read_size("512M"), Ok(512_000_000));
        assert_eq!(read_size("2gb"), Ok(2_000_000_000));
        assert_eq!(read_size("7"), Ok(7));
        for wrong in ["", "M", "1T", "-1", "1.5G", "99999999999G"] {
            assert!(read_size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn least_memory() {
        assert_eq!(read_memory("64M"), Ok(64_000_000));
        for little in ["5", "63M", "0G"] {
            assert!(read_memory(little).unwrap_err().contains("at least 64M"), "{little}");
        }
        assert!(read_threads("0").is_err() && read_threads("65").is_err() && read_threads("two").is_err());
        assert_eq!(read_threads("8"), Ok(8));
    }

    #[test]
    fn a_report_is_tried_before_the_build() {
        let folder = tempfile::tempdir().unwrap();
        let absent = folder.path().join("absent/x.json");
        assert!(check_writable(&absent).unwrap_err().to_string().contains("cannot write the report"));
        check_writable(folder.path()).unwrap_err();
        let file = folder.path().join("x.json");
        check_writable(&file).unwrap();
        assert!(!file.exists());
        fs::write(&file, "before").unwrap();
        check_writable(&file).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "before");
    }
}
