//! The command line of Maildex: what a person types and reads. The format and the search are the core's, reading
//! mail is the build's.

mod about;
mod archive;
mod bounds;
mod bundle;
mod commands;
mod demo;
mod interrupt;
mod kept;
mod made;
mod page;
mod plain;
mod preview;
mod progress;
mod report;
mod terminal;
mod weight;
mod words;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::main()
}
