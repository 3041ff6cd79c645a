//! `maildex serve`: the site on this computer, to look at before it is published.

use std::path::PathBuf;

use anyhow::Result;

use crate::commands::Outcome;
use crate::preview::{Options, Preview};
use crate::terminal::{Terminal, line};

const EXAMPLES: &str = "\
Examples:
  maildex serve site                 look at the site at http://127.0.0.1:8000/
  maildex serve site --open          and open it in the browser
  maildex serve site --port 0        on any free port
  maildex serve site --no-range      as a host that cannot give parts of files

Only this computer can reach it. To publish, copy the folder to any web host.";

/// Serve a site on this computer, to look at before it is published
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder that `maildex build` made
    site: PathBuf,
    /// The port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// Answer with whole files only, as some hosts do
    #[arg(long)]
    no_range: bool,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
}

impl Args {
    /// Serves until the process is ended.
    pub(crate) fn run(self, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        let options = Options { site: self.site, port: self.port, ranges: !self.no_range };
        let preview = Preview::bind(&options)?;
        let (url, site) = (preview.url(), options.site.display().to_string());
        writeln!(terminal.out, "serving {} at {url} (Ctrl-C ends it)", line(&site))?;
        terminal.out.flush()?;
        if self.open && open::that_detached(&url).is_err() {
            writeln!(terminal.err, "no browser could be started; open {url} in yours")?;
        }
        match preview.run()? {}
    }
}
