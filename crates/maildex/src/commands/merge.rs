//! `maildex merge`: one part of those that additions made of a site.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use maildex_build::build::BuildOptions;
use maildex_build::build::merge::{Merged, merge};
use maildex_core::format::front::MessageKind;

use crate::about::{self, ABOUT};
use crate::archive::Site;
use crate::commands::Outcome;
use crate::commands::add::{Upload, sums_of};
use crate::commands::inputs::Limits;
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
All of it is new, so all of it is uploaded. A site of released documents must be built anew.

Exit codes: 0 done, or there is one part already, 2 error, 130 interrupted. Until the new
site is whole, the old one is as it was.";

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
        let title = Site::open(&self.site)?.manifest.title;
        let made = Made::read(&self.site)?;
        let plain = made.plain();
        let before = sums_of(&self.site)?;
        let mut files = page::files(&title, &plain)?;
        files.insert(ABOUT.to_owned(), about::read(&self.site)?);
        let options = BuildOptions {
            out: self.site.clone(),
            title: Some(title),
            threads: self.limits.threads,
            memory: self.limits.memory,
            files,
            ..made.options()?
        };
        let guard = Guard::new(self.site.clone(), Meter::new(Show::for_person(self.quiet, terminal)))?;
        let began = Instant::now();
        let merged = merge(&options, &guard);
        guard.settle();
        let merged = merged?;
        // Also where there was nothing to merge: the last time may have ended before this.
        let mut site = Site::open(&self.site)?;
        let kind = MessageKind::Message;
        let threads = site
            .archive()
            .fronts()
            .filter(|front| front.kind == kind)
            .map(|front| u64::from(front.n_threads));
        about::recount(&self.site, threads.sum())?;
        plain::write(&mut site, &plain)?;
        if self.quiet {
            return Ok(Outcome::Found);
        }
        match merged {
            None => writeln!(terminal.out, "the site has one part: nothing to do")?,
            Some(Merged { n_parts, messages }) => {
                let messages = words::messages(messages);
                let seconds = began.elapsed().as_secs_f64();
                writeln!(terminal.out, "{n_parts} parts are one now, of {messages}, in {seconds:.1} s")?;
                writeln!(terminal.out, "{}", Upload::since(&before, &self.site)?.words())?;
            }
        }
        Ok(Outcome::Found)
    }
}
