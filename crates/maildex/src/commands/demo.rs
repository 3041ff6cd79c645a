//! `maildex demo`: an invented archive to try everything with.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use anyhow::{Context, Result};
use maildex_build::build::Progress as _;

use crate::commands::Outcome;
use crate::demo::{DemoOptions, write_demo};
use crate::progress::{Meter, Show};
use crate::terminal::{Terminal, line};
use crate::words;

const EXAMPLES: &str = "\
Examples:
  maildex demo -o demo.mbox                          5,000 messages
  maildex demo --messages 1000000 -o big.mbox        a big archive, to measure with
  maildex demo --seed 2 -o other.mbox                other people, other words
  maildex build demo.mbox -o site                    then make a site of it

The same options give the same file everywhere. Nothing in it is about real people.";

/// Write an invented archive to try everything with
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// How many messages it holds
    #[arg(long, default_value_t = 5000)]
    messages: u64,
    /// Another seed gives another archive
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The mbox file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Say nothing but errors
    #[arg(long)]
    quiet: bool,
}

impl Args {
    /// Writes the archive.
    pub(crate) fn run(self, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        let name = self.output.display().to_string();
        let file = File::create(&self.output).with_context(|| format!("cannot write {name}"))?;
        let meter = Meter::new(Show::for_person(self.quiet, terminal));
        meter.start("writing", None);
        let mut before = 0;
        let options = DemoOptions { messages: self.messages, seed: self.seed };
        write_demo(&options, &mut BufWriter::new(&file), &mut |written| {
            meter.advance(0, written - before);
            before = written;
        })
        .with_context(|| format!("cannot write {name}"))?;
        meter.finish();
        if !self.quiet {
            let size = words::bytes(file.metadata()?.len());
            writeln!(terminal.out, "{}: {}, {size}", line(&name), words::messages(self.messages))?;
        }
        Ok(Outcome::Found)
    }
}
