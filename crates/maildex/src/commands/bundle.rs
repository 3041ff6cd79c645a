//! `maildex bundle`: a site as something that opens from a disk, without a host.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::archive::Site;
use crate::bundle::{PAGE, write_file, write_folder};
use crate::commands::Outcome;
use crate::terminal::{Terminal, line};
use crate::words;

const EXAMPLES: &str = "\
Examples:
  maildex bundle site -o archive.html    one file, for a mail or a USB stick
  maildex bundle site --folder archive   a folder of any size; open index.html in it

Both open by a double click, without a host, a network or Maildex. The file holds everything and is read
whole when it opens, so it suits archives up to some 100 MB. The folder loads what is looked at.";

/// From here on opening a file takes seconds and half a gigabyte of memory (200 MB: 645 MB in Chromium, 1.2 GB in
/// Firefox and WebKit).
const LARGE: u64 = 100_000_000;

/// Make a copy of a site that opens from a disk by a double click
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder that `maildex build` made
    site: PathBuf,
    /// The HTML file to write
    #[arg(short, long, value_name = "FILE", required_unless_present = "folder", conflicts_with = "folder")]
    output: Option<PathBuf>,
    /// The folder to write instead
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long)]
    quiet: bool,
}

impl Args {
    /// Writes the bundle; fails where a file of the site is missing or not as it was built.
    pub(crate) fn run(self, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        let mut site = Site::open(&self.site)?;
        let (bytes, to_open, is_file) = match (self.output, self.folder) {
            (Some(file), _) => (write_file(&mut site, &file)?, file, true),
            (None, Some(folder)) => (write_folder(&mut site, &folder)?, folder.join(PAGE), false),
            (None, None) => bail!("expected -o FILE or --folder FOLDER"),
        };
        if self.quiet {
            return Ok(Outcome::Found);
        }
        writeln!(
            terminal.out,
            "{}: {}; open it by a double click",
            line(&to_open.display().to_string()),
            words::bytes(bytes)
        )?;
        if is_file && bytes > LARGE {
            writeln!(
                terminal.err,
                "maildex: a file of this size opens slowly and takes much memory; `--folder` makes a folder that loads what is looked at"
            )?;
        }
        Ok(Outcome::Found)
    }
}
