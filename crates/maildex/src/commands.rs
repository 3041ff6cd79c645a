//! The commands, one file each, and how all of them end.

mod add;
mod build;
mod bundle;
mod demo;
mod info;
mod inputs;
mod merge;
mod missing;
mod search;
mod serve;
mod show;
mod suggest;
mod verify;

use std::io;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::terminal::{Terminal, line};

const EXAMPLES: &str = "\
Examples:
  maildex build lists.mbox -o site           make a site of an archive
  maildex add site june.mbox                 new mail for it
  maildex merge site                         after many additions, one part of all
  maildex serve site --open                  look at it in the browser
  maildex bundle site -o archive.html        one file that opens by a double click
  maildex search site 'from:amy \"lunch\"'     search it here
  maildex demo --messages 5000 -o demo.mbox  an archive to try it with

`maildex COMMAND --help` says more, with examples.
Exit codes: 0 found or done, 1 nothing found, 2 error.";

/// Any e-mail archive, searchable by anyone, with no server
#[derive(Debug, Parser)]
#[command(name = "maildex", version, after_help = EXAMPLES)]
enum Command {
    Build(Box<build::Args>),
    Add(Box<add::Args>),
    Merge(merge::Args),
    Bundle(bundle::Args),
    Search(search::Args),
    Show(show::Args),
    Serve(serve::Args),
    Info(info::Args),
    Missing(missing::Args),
    Verify(verify::Args),
    Demo(demo::Args),
    /// What a build starts to read attached documents
    #[command(hide = true)]
    ReadAttachments,
}

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done, or something was found.
    Found,
    /// Asked and answered: nothing.
    Nothing,
}

/// Runs the command line of this process.
pub(crate) fn main() -> ExitCode {
    let command = Command::parse();
    Terminal::with_process(|terminal| {
        let result = command.run(terminal).and_then(|outcome| {
            terminal.out.flush()?;
            Ok(outcome)
        });
        exit_code(result, terminal)
    })
}

impl Command {
    fn run(self, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        match self {
            Command::Build(args) => args.run(terminal),
            Command::Add(args) => args.run(terminal),
            Command::Merge(args) => args.run(terminal),
            Command::Bundle(args) => args.run(terminal),
            Command::Search(args) => args.run(terminal),
            Command::Show(args) => args.run(terminal),
            Command::Serve(args) => args.run(terminal),
            Command::Info(args) => args.run(terminal),
            Command::Missing(args) => args.run(terminal),
            Command::Verify(args) => args.run(terminal),
            Command::Demo(args) => args.run(terminal),
            Command::ReadAttachments => {
                maildex_build::attached::serve(io::stdin().lock(), io::stdout())?;
                Ok(Outcome::Found)
            }
        }
    }
}

/// 0 found, 1 nothing, 2 an error, which is said; an interface, as grep's.
fn exit_code(result: Result<Outcome>, terminal: &mut Terminal<'_>) -> ExitCode {
    match result {
        Ok(Outcome::Found) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        // The reader, `head` perhaps, has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // If even this cannot be written, the code still says it.
            let _ = writeln!(terminal.err, "maildex: {}", line(&format!("{error:#}")));
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}
