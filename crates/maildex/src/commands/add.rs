//! `maildex add`: new mail for a site that is there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, bail};
use maildex_build::build::BuildOptions;
use maildex_build::build::add::add;
use maildex_build::build::site::{SUMS, read_sums};
use maildex_core::format::front::MessageKind;

use crate::about::{self, Sums};
use crate::archive::Site;
use crate::commands::Outcome;
use crate::commands::build::releases;
use crate::commands::inputs::{Inputs, Limits, Said, say_without_mail};
use crate::interrupt::Guard;
use crate::made::Made;
use crate::page;
use crate::plain;
use crate::progress::{Meter, Show};
use crate::report::report;
use crate::terminal::Terminal;
use crate::weight::Opening;
use crate::words;

const EXAMPLES: &str = "\
Examples:
  maildex add site june.mbox                     this month's mail
  maildex add site --source work=a.pst           named, for source:work
  maildex add site list.mbox && rsync -a site/ host:list/      only what is new is uploaded

The new mail is built as the site was: with its HTML, attachments, originals, zone, plain pages and
feed. What the site holds already is left out, so that the whole of a growing mailbox may be given
again. Files of the site stay as they are; new ones come beside them, and the manifest changes last;
\"maildex merge\" makes one part of all once there are many. A site that was built with --exclude,
--redact or --mask-addresses, or of released documents, must be built anew.

Exit codes: 0 done, 1 nothing new or an input held no mail, 2 error, 130 interrupted: the site is as it was.";

/// Parts of a site, each from one addition, of which opening and searching read something: with more, both get slow.
const MANY_PARTS: usize = 12;

/// Add mail to a site
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder that `maildex build` made
    site: PathBuf,
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    said: Said,
}

impl Args {
    /// Adds the mail and says what became of every message, and what is to be uploaded.
    pub(crate) fn run(mut self, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        let (inputs, names) = self.inputs.take()?;
        self.said.check()?;
        let title = Site::open(&self.site)?.manifest.title;
        let made = Made::read(&self.site)?;
        let plain = made.plain();
        let before = sums_of(&self.site)?;
        let options = BuildOptions {
            inputs: inputs.clone(),
            names,
            columns: self.inputs.map,
            out: self.site.clone(),
            threads: self.limits.threads,
            memory: self.limits.memory,
            now: jiff::Timestamp::now().as_second(),
            releases: releases(None, &[], &[])?,
            files: page::files(&title, &plain)?,
            ..made.options()?
        };
        let guard = Guard::new(self.site.clone(), Meter::new(Show::for_person(self.said.quiet, terminal)))?;
        let began = Instant::now();
        let sums = Sums::begin(inputs);
        let added = add(&options, &guard);
        guard.settle();
        let added = added?;
        let mut site = Site::open(&self.site)?;
        let is_new = added.report.messages > 0;
        if is_new {
            plain::write(&mut site, &plain)?;
            about::extend(&self.site, &added.report, &sums.finish())?;
        }
        let report = report(&added.report, Opening::of(&site)?, &site.clock(), began.elapsed().as_secs_f64());
        if self.said.write(&report, terminal)? {
            let threads = words::counted(added.n_continued, "thread", "threads");
            if added.n_continued > 0 {
                let go = if added.n_continued == 1 { "goes" } else { "go" };
                writeln!(terminal.out, "{threads} of the site {go} on")?;
            }
            let upload = Upload::since(&before, &self.site)?;
            writeln!(terminal.out, "{}", upload.words())?;
            let kind = MessageKind::Message.name();
            let n_parts = site.manifest.segments.iter().filter(|segment| segment.kind == kind).count();
            if is_new && n_parts > MANY_PARTS {
                writeln!(
                    terminal.out,
                    "the site has {n_parts} parts by now, and every search reads all of them: \"maildex merge\" makes one \
                     of them"
                )?;
            }
        }
        let outcome = say_without_mail(&report, terminal)?;
        Ok(if is_new { outcome } else { Outcome::Nothing })
    }
}

/// The sums of a site's files, by name.
pub(super) fn sums_of(site: &Path) -> Result<BTreeMap<String, String>> {
    match read_sums(site) {
        Ok(sums) => Ok(sums.into_iter().collect()),
        Err(_) => bail!("{}/{SUMS} is damaged or missing; build the site anew", site.display()),
    }
}

/// What differs from the site before.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Upload {
    new: u64,
    changed: u64,
    bytes: u64,
}

impl Upload {
    /// Compares a site with the sums of its files before.
    pub(super) fn since(before: &BTreeMap<String, String>, site: &Path) -> Result<Upload> {
        let mut upload = Upload::default();
        for (name, sum) in read_sums(site)? {
            match before.get(&name) {
                Some(own) if *own == sum => continue,
                Some(_) => upload.changed += 1,
                None => upload.new += 1,
            }
            upload.bytes += fs::metadata(site.join(&name))?.len();
        }
        if upload != Upload::default() {
            upload.changed += 1;
            upload.bytes += fs::metadata(site.join(SUMS))?.len();
        }
        Ok(upload)
    }

    /// `to upload: 12 files new, 4 changed, 1.20 MB`
    pub(super) fn words(&self) -> String {
        if *self == Upload::default() {
            return "nothing new: the site is as it was".to_owned();
        }
        let new = words::counted(self.new, "file", "files");
        format!("to upload: {new} new, {} changed, {}", self.changed, words::bytes(self.bytes))
    }
}
