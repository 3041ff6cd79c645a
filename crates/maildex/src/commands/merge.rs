//! `maildex merge`: one part of those that additions made of a site.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use maildex_build::build::BuildOptions;
use maildex_build::build::merge::{Merged, merge};
use maildex_build::build::site::{Manifest, resolved};
use maildex_core::format::front::MessageKind;

use crate::about;
use crate::archive::Site;
use crate::commands::Outcome;
use crate::commands::add::{Upload, sums_of};
use crate::commands::inputs::{Limits, complete};
use crate::interrupt::Guard;
use crate::made::Made;
use crate::page;
use crate::plain;
use crate::progress::{Meter, Show};
use crate::terminal::Terminal;
use crate::words;

const EXAMPLES: &str = "\
Examples:
  maildex merge site                             after a year of daily additions
  maildex merge site && rsync -a --delete site/ host:list/

Every \"maildex add\" leaves one part more, and a search reads something of each. This makes one of
them, from the site alone: the mail is not needed. What comes out is what one build from all inputs
would have written, but for places of messages that were added again, which were left out then.
Nearly all of it is new, so nearly all of it is uploaded. Files that no build made (.git, CNAME) stay.
A site of released documents must be built anew.

The new site is made beside the old one, in the folder above, and takes its place when it is whole:
there must be room for it, and for what is put aside, some three times the archive.

Exit codes: 0 done, or there is one part already, 2 error, 130 interrupted: the site is as it was.";

/// Make one part of those that were added to a site
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder that `maildex build` made and `maildex add` added to
    site: PathBuf,
    #[command(flatten)]
    limits: Limits,
    /// Say nothing but errors
    #[arg(long)]
    quiet: bool,
}

impl Args {
    /// Merges the parts and says what is to be uploaded.
    pub(crate) fn run(self, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        let Manifest { title, segments, .. } = Site::open(&self.site)?.manifest;
        if segments.iter().filter(|own| own.kind == MessageKind::Message.name()).count() < 2 {
            if !self.quiet {
                writeln!(terminal.out, "the site has one part: nothing to do")?;
            }
            return Ok(Outcome::Found);
        }
        let out = resolved(&self.site)?;
        let made = Made::read(&out)?;
        let plain = made.plain();
        let before = sums_of(&out)?;
        let files = page::files(&title, &plain)?;
        let about = about::read(&out)?;
        let options = BuildOptions {
            out: out.clone(),
            title: Some(title),
            threads: self.limits.threads,
            memory: self.limits.memory,
            files,
            complete: Some(complete(move |site, report| {
                about::again(site, &about, report.threads)?;
                plain::write(&mut Site::open(site)?, &plain).map(drop)
            })),
            ..made.options()?
        };
        let guard = Guard::new(out.clone(), Meter::new(Show::for_person(self.quiet, terminal)))?;
        let began = Instant::now();
        let merged = merge(&options, &guard);
        guard.settle();
        if let (Some(Merged { n_parts, messages }), false) = (merged?, self.quiet) {
            let messages = words::messages(messages);
            let seconds = began.elapsed().as_secs_f64();
            writeln!(terminal.out, "{n_parts} parts are one now, of {messages}, in {seconds:.1} s")?;
            writeln!(terminal.out, "{}", Upload::since(&before, &out)?.words())?;
        }
        Ok(Outcome::Found)
    }
}
