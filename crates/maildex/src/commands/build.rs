//! `maildex build`: from archives to a site.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use jiff::tz::TimeZone;
use maildex_build::build::site::resolved;
use maildex_build::build::{Attachments, BuildOptions, Masks, build};
use maildex_build::privacy::{self, Redaction};
use maildex_build::released::{Profile, Release, Tables};

use crate::about::{self, Publication, Sums};
use crate::archive::Site;
use crate::commands::Outcome;
use crate::commands::inputs::{Inputs, Limits, Said, complete, say_without_mail};
use crate::interrupt::Guard;
use crate::made::Made;
use crate::page;
use crate::plain;
use crate::progress::{Meter, Show};
use crate::report::{Report, report};
use crate::terminal::{Terminal, line};
use crate::weight::Opening;
use crate::words;

const EXAMPLES: &str = "\
Examples:
  maildex build lists.mbox -o site                    one archive
  maildex build inbox/ sent.mbox old.zip -o site      several, under one search
  maildex build takeout.tgz -o site --title \"My mail\" --report report.json
  maildex build lists.mbox -o site --html drop        text only, a smaller site
  maildex build lists.mbox -o site --attachments keep --originals keep
  maildex build --source work=a.pst --source home=Mail/ -o site        named, for source:work
  maildex build emails.csv --map from=sender,body=text -o site         a table, with its columns named
  maildex build list.mbox -o site --crawlable --feed --url https://example.org/list/
  maildex build texts/ --metadata tables/ -o site     released documents, with the tables beside them
  maildex build list.mbox -o site --description \"$(cat about.txt)\" --contact list@example.org
  maildex build mail/ -o site --exclude 'label:Spam OR is:bulk' --exclude from:ann@example.org
  maildex build mail/ -o site --redact names.txt --mask-addresses      what must not be published
  maildex build mail/ --dry-run --exclude label:Private   what would be in it, and how large it would be

An input is an mbox, a Maildir, an MH tree, a folder of messages or of released documents as text, a message,
an Outlook PST, OST or .msg, Apple Mail's .emlx, a CSV or JSON table, or a zip, tar, gz, zst or xz of them; which one is seen from its content. The site is replaced only when the
build is done; files in its folder that no build made (.git, CNAME) stay. An input without any mail is named in
the report, and the site is made of the others.

Exit codes: 0 done, 1 done, but an input held no mail, 2 error, 130 interrupted: nothing was written.";

/// Make a site of mail archives
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    inputs: Inputs,
    /// The folder of the site to make
    #[arg(short, long, value_name = "SITE", required_unless_present = "dry_run")]
    output: Option<PathBuf>,
    /// Read everything and say what would be built and how large it would be; leave nothing behind
    #[arg(long)]
    dry_run: bool,
    /// Leave out what this query finds, as label:Spam; may be given several times. The inputs are read twice
    #[arg(long, value_name = "QUERY")]
    exclude: Vec<String>,
    /// Black out what a file lists: one string or /pattern/ or /pattern/i a line. Strings match in any case
    #[arg(long, value_name = "FILE")]
    redact: Option<PathBuf>,
    /// Show e-mail addresses as ann@… and hide their domains, everywhere
    #[arg(long)]
    mask_addresses: bool,
    /// A file that stays secret: masked addresses are the same in every build with it. Else the inputs are the key
    #[arg(long, value_name = "FILE", requires = "mask_addresses")]
    mask_key: Option<PathBuf>,
    /// Keep the names of blind-copy recipients, which only the sender's own copy has
    #[arg(long)]
    keep_bcc: bool,
    /// The title on the page; the names of the inputs if not given
    #[arg(long)]
    title: Option<String>,
    #[command(flatten)]
    publication: Publication,
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
    /// What becomes of attachments
    #[arg(long, value_enum, default_value_t = AttachmentsChoice::Index)]
    attachments: AttachmentsChoice,
    /// What becomes of the words in attached PDF and office files and of the names in archives
    #[arg(long, value_enum, default_value_t = Documents::Search)]
    documents: Documents,
    /// What becomes of the raw messages, for "show source"; their SHA-256 is in the site in any case
    #[arg(long, value_enum, default_value_t = Originals::Drop)]
    originals: Originals,
    #[command(flatten)]
    limits: Limits,
    /// Also make a plain page of each conversation, for search engines and readers without JavaScript
    #[arg(long)]
    crawlable: bool,
    /// Also make an Atom feed of the newest messages
    #[arg(long)]
    feed: bool,
    /// Where the site will lie, as https://example.org/list/: for the sitemap, the feed and previews of links
    #[arg(long, value_parser = read_url)]
    url: Option<String>,
    #[command(flatten)]
    said: Said,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Html {
    /// Keep them, sanitised, beside the text
    Keep,
    /// Keep only their text
    Drop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AttachmentsChoice {
    /// Keep them as files of the site, to be opened; search the text in them
    Keep,
    /// Search the text in them; show names, types and sizes
    Index,
    /// Only show names, types and sizes
    Drop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Documents {
    /// Search them, unless attachments are dropped; a process of its own reads them
    Search,
    /// Leave them alone: a faster build
    Skip,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Originals {
    /// Keep them as files of the site, byte for byte
    Keep,
    /// Leave them out
    Drop,
}

impl Args {
    /// Builds the site and says what became of every message.
    pub(crate) fn run(mut self, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        let (inputs, names) = self.inputs.take()?;
        let redact = self.redact.as_deref().map(read_list).transpose()?.map(Arc::new);
        let masks = masks(self.mask_addresses, self.mask_key.as_deref())?;
        let keeps = self.attachments == AttachmentsChoice::Keep || self.originals == Originals::Keep;
        if keeps && (redact.is_some() || masks.is_some()) {
            bail!(
                "expected no `keep` with --redact or --mask-addresses: kept files lie as they were; leave --attachments and --originals out"
            );
        }
        let title = self.title.unwrap_or_else(|| {
            let title = |input: &PathBuf| names.get(input).cloned().unwrap_or_else(|| title_of(input));
            inputs.iter().map(title).collect::<Vec<_>>().join(", ")
        });
        let title = privacy::title(&title, redact.as_deref(), masks.is_some());
        let plain = plain::Options { pages: self.crawlable, feed: self.feed, url: self.url };
        let files = page::files(&title, &plain)?;
        let releases = releases(self.profile.as_deref(), &self.people, &self.metadata)?;
        self.said.check()?;
        let trial = if self.dry_run { Some(trial_folder(self.output.as_deref())?) } else { None };
        let output = trial.as_ref().map(|trial| trial.path().join("site")).or(self.output);
        let output = output.context("expected the folder of the site to make, found none; give -o")?;
        let said_output = output.clone();
        let output = resolved(&output).with_context(|| format!("cannot find {}", output.display()))?;
        let guard = Guard::new(output.clone(), Meter::new(Show::for_person(self.said.quiet, terminal)))?;
        let began = Instant::now();
        // From the sum of what was read, whoever has the rest could try what was taken out.
        let is_whole = self.exclude.is_empty() && redact.is_none() && masks.is_none();
        let sums = is_whole.then(|| Sums::begin(inputs.clone()));
        let reader = match self.documents {
            Documents::Search => Some(std::env::current_exe().context("cannot find this program itself")?),
            Documents::Skip => None,
        };
        let options = BuildOptions {
            reader,
            inputs,
            names,
            columns: self.inputs.map,
            out: output.clone(),
            title: Some(title.clone()),
            zone: self.zone,
            threads: self.limits.threads,
            memory: self.limits.memory,
            html: self.html == Html::Keep,
            keep_bcc: self.keep_bcc,
            exclude: self.exclude,
            now: jiff::Timestamp::now().as_second(),
            redact,
            masks,
            attachments: match self.attachments {
                AttachmentsChoice::Keep => Attachments::Keep,
                AttachmentsChoice::Index => Attachments::Index,
                AttachmentsChoice::Drop => Attachments::Drop,
            },
            originals: self.originals == Originals::Keep,
            files,
            releases,
            complete: None,
        };
        let made = Made::of(&options, &plain);
        let (publication, sums) = (self.publication, Mutex::new(sums));
        let complete = complete(move |site, built| {
            plain::write(&mut Site::open(site)?, &plain)?;
            let sums = sums.lock().ok().and_then(|mut sums| sums.take());
            let sums = sums.map_or_else(|| built.inputs.iter().map(|_| None).collect(), Sums::finish);
            about::write(site, &title, &publication, &made, built, &sums)
        });
        let built = build(&BuildOptions { complete: Some(complete), ..options }, &guard);
        guard.settle();
        let built = built?;
        let site = Site::open(&output)?;
        let report = report(&built, Opening::of(&site)?, &site.clock(), began.elapsed().as_secs_f64());
        if self.said.write(&report, terminal)? {
            say_where(if trial.is_some() { &output } else { &said_output }, trial.is_some(), terminal)?;
        }
        say_odd(&report, terminal)
    }
}

fn say_where(output: &Path, is_trial: bool, terminal: &mut Terminal<'_>) -> Result<()> {
    if is_trial {
        let (files, bytes) = size_of(output)?;
        let (files, bytes) = (words::counted(files, "file", "files"), words::bytes(bytes));
        writeln!(terminal.out, "\nnothing was written; the site would be {files}, {bytes}")?;
    } else {
        let site = output.display().to_string();
        writeln!(terminal.out, "\nlook at it: maildex serve {}", line(&site))?;
    }
    Ok(terminal.out.flush()?)
}

/// What is said even to those who want to hear errors only.
fn say_odd(report: &Report<'_>, terminal: &mut Terminal<'_>) -> Result<Outcome> {
    for number in report.found_nothing() {
        let said = "found no message; check how it is written";
        writeln!(terminal.err, "maildex: --exclude number {number} {said}")?;
    }
    say_without_mail(report, terminal)
}

/// Reads a list of what is blacked out.
fn read_list(file: &Path) -> Result<Redaction> {
    let list = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Redaction::read(&list).with_context(|| format!("cannot use {}", file.display()))
}

fn masks(wanted: bool, key: Option<&Path>) -> Result<Option<Masks>> {
    let Some(file) = key else { return Ok(wanted.then_some(Masks::ByInputs)) };
    let key = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    if key.len() < LEAST_KEY {
        bail!("expected a key of at least {LEAST_KEY} bytes in {}, found {}", file.display(), key.len());
    }
    Ok(Some(Masks::ByKey(key)))
}

/// A folder for a site that is thrown away: beside the one that is asked for, else where the system keeps such things.
fn trial_folder(output: Option<&Path>) -> Result<tempfile::TempDir> {
    let parent = output.and_then(Path::parent).filter(|parent| parent.is_dir());
    let mut made = tempfile::Builder::new();
    let made = made.prefix(".maildex-dry-run-");
    let folder = parent.map_or_else(|| made.tempdir(), |parent| made.tempdir_in(parent));
    folder.context("cannot put work aside")
}

/// Files and bytes of a folder.
fn size_of(folder: &Path) -> Result<(u64, u64)> {
    let (mut files, mut bytes) = (0, 0);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        if about.is_dir() {
            let (inner, size) = size_of(&entry.path())?;
            (files, bytes) = (files + inner, bytes + size);
        } else {
            (files, bytes) = (files + 1, bytes + about.len());
        }
    }
    Ok((files, bytes))
}

/// The releases to look for: the one that is asked for, else those that are shipped.
pub(super) fn releases(
    profile: Option<&str>,
    people: &[PathBuf],
    metadata: &[PathBuf],
) -> Result<Vec<Release>> {
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

/// The name of an input without the endings that say what it is: others belong to the name, as in `list.0308`.
fn title_of(input: &Path) -> String {
    const ENDINGS: [&str; 12] =
        ["mbox", "mbx", "eml", "mail", "txt", "zip", "tar", "tgz", "gz", "zst", "xz", "txz"];
    let absolute = input.canonicalize();
    let path = absolute.as_deref().unwrap_or(input);
    let name = path.file_name().map_or_else(|| "Mail".into(), |name| name.to_string_lossy());
    let mut title = &*name;
    while let Some((rest, ending)) = title.rsplit_once('.').filter(|_| !path.is_dir()) {
        if rest.is_empty() || !ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) {
            break;
        }
        title = rest;
    }
    title.to_owned()
}

fn read_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| "expected a zone of the tz database, as Europe/Berlin".to_owned())
}

/// An address of a folder, with a slash at its end.
fn read_url(text: &str) -> Result<String, String> {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    let is_plain = text.chars().all(|c| c.is_ascii_graphic() && !"\"'<>#?".contains(c));
    if !is_web || !is_plain {
        return Err("expected an address as https://example.org/list/".to_owned());
    }
    Ok(if text.ends_with('/') { text.to_owned() } else { format!("{text}/") })
}

/// Bytes of a key that nobody guesses.
const LEAST_KEY: usize = 16;
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(read_url("https://a.example/list").unwrap(), "https://a.example/list/");
        assert_eq!(read_url("http://a.example/").unwrap(), "http://a.example/");
        for wrong in ["a.example", "ftp://a.example/", "https://a.example/?q", "https://a.example/\"><b>"] {
            assert!(read_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn titles() {
        for (name, title) in [
            ("a/lists.mbox", "lists"),
            ("list.0308", "list.0308"),
            ("lists.tar.GZ", "lists"),
            ("v1.2.zip", "v1.2"),
            (".mbox", ".mbox"),
            ("Inbox", "Inbox"),
        ] {
            assert_eq!(title_of(Path::new(name)), title);
        }
        let folder = tempfile::tempdir().unwrap();
        let inbox = folder.path().join("in.box");
        fs::create_dir(&inbox).unwrap();
        assert_eq!(title_of(&inbox), "in.box");
    }
}
