//! `maildex build`: from archives to a site.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use clap::ValueEnum;
use jiff::tz::TimeZone;
use maildex_build::build::{BuildOptions, build};
use maildex_build::released::{Profile, Release, Tables};

use crate::commands::Outcome;
use crate::page;
use crate::progress::{Meter, Show};
use crate::report::report;
use crate::terminal::{Terminal, line};

const EXAMPLES: &str = "\
Examples:
  maildex build lists.mbox -o site                    one archive
  maildex build inbox/ sent.mbox old.zip -o site      several, under one search
  maildex build takeout.tgz -o site --title \"My mail\" --report report.json
  maildex build lists.mbox -o site --html drop        text only, a smaller site
  maildex build texts/ --metadata tables/ -o site     released documents, with the tables beside them

An input is an mbox, a Maildir, an MH tree, a folder of messages or of released documents as text, a message,
or a zip, tar, gz, zst or xz of them; which one is seen from its content. The site is replaced only when the build is done.";

/// Make a site of mail archives
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The archives to read
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// The folder of the site to make
    #[arg(short, long, value_name = "SITE")]
    output: PathBuf,
    /// The title on the page; the names of the inputs if not given
    #[arg(long)]
    title: Option<String>,
    /// The time zone in which days are cut, as Europe/Berlin; UTC if not given
    #[arg(long, value_parser = read_zone)]
    zone: Option<TimeZone>,
    /// Read every text as a released document by this profile: one that is shipped (clinton, generic), or a file
    #[arg(long, value_name = "NAME|FILE")]
    profile: Option<String>,
    /// A folder of tables beside released documents: who is who, links to their images, how others read them
    #[arg(long, value_name = "FOLDER")]
    metadata: Vec<PathBuf>,
    /// A table with the columns alias and name: who is meant by which spelling in released documents
    #[arg(long, value_name = "FILE")]
    people: Vec<PathBuf>,
    /// What becomes of HTML bodies
    #[arg(long, value_enum, default_value_t = Html::Keep)]
    html: Html,
    /// How much memory may be used, as 512M or 4G; more is faster
    #[arg(long, default_value = "1G", value_parser = read_size)]
    memory: u64,
    /// How many processors to use; all if not given. The site does not depend on it
    #[arg(long)]
    threads: Option<usize>,
    /// Also write the report as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Html {
    /// Keep them, sanitised, beside the text
    Keep,
    /// Keep only their text
    Drop,
}

impl Args {
    /// Builds the site and says what became of every message.
    pub(crate) fn run(self, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        let title = self.title.unwrap_or_else(|| {
            self.inputs.iter().map(|input| title_of(input)).collect::<Vec<_>>().join(", ")
        });
        let files = page::files(&title)?;
        let releases = releases(self.profile.as_deref(), &self.people, &self.metadata)?;
        let meter = Meter::new(Show::for_person(self.quiet, terminal));
        let began = Instant::now();
        let options = BuildOptions {
            inputs: self.inputs,
            out: self.output.clone(),
            title: Some(title),
            zone: self.zone,
            threads: self.threads,
            memory: self.memory,
            html: self.html == Html::Keep,
            files,
            releases,
            ..BuildOptions::default()
        };
        let built = build(&options, &meter)?;
        let report = report(&built, began.elapsed().as_secs_f64());
        if let Some(file) = &self.report {
            let json = serde_json::to_vec_pretty(&report)?;
            fs::write(file, json).with_context(|| format!("cannot write {}", file.display()))?;
        }
        if !self.quiet {
            report.write(terminal)?;
            let site = self.output.display().to_string();
            writeln!(terminal.out, "\nlook at it: maildex serve {}", line(&site))?;
        }
        Ok(Outcome::Found)
    }
}

/// The releases to look for: the one that is asked for, else those that are shipped.
fn releases(profile: Option<&str>, people: &[PathBuf], metadata: &[PathBuf]) -> Result<Vec<Release>> {
    let profiles = match profile {
        Some(name) => vec![find_profile(name)?],
        None => Profile::shipped(),
    };
    let mut releases = Vec::new();
    for own in profiles {
        let mut tables = Tables::default();
        // What is said first stays: a file named by itself goes before those of a folder.
        people.iter().try_for_each(|file| tables.read_people(file, &own))?;
        metadata.iter().try_for_each(|folder| tables.read_folder(folder, &own))?;
        releases.push(Release { profile: own, tables, forced: profile.is_some() });
    }
    Ok(releases)
}

fn find_profile(name: &str) -> Result<Profile> {
    if let Some(shipped) = Profile::named(name) {
        return Ok(shipped);
    }
    let names: Vec<String> = Profile::shipped().into_iter().map(|profile| profile.name).collect();
    let text = fs::read_to_string(name)
        .with_context(|| format!("expected a profile ({}, or a file), found {name}", names.join(", ")))?;
    Profile::read(&text).with_context(|| format!("cannot use {name}"))
}

/// The name of an input without its ending.
fn title_of(input: &Path) -> String {
    let absolute = input.canonicalize();
    let path = absolute.as_deref().unwrap_or(input);
    let name = if path.is_dir() { path.file_name() } else { path.file_stem() };
    name.map_or_else(|| "Mail".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn read_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| "expected a zone of the tz database, as Europe/Berlin".to_owned())
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
    fn sizes() {
        assert_eq!(read_size("512M"), Ok(512_000_000));
        assert_eq!(read_size("2gb"), Ok(2_000_000_000));
        assert_eq!(read_size("7"), Ok(7));
        for wrong in ["", "M", "1T", "-1", "1.5G", "99999999999G"] {
            assert!(read_size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn titles() {
        assert_eq!(title_of(Path::new("a/lists.mbox")), "lists");
        let folder = tempfile::tempdir().unwrap();
        let inbox = folder.path().join("in.box");
        fs::create_dir(&inbox).unwrap();
        assert_eq!(title_of(&inbox), "in.box");
    }
}
