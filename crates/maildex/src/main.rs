//! The command line of Maildex: what a person types and reads. The format and the search are the core's, reading
//! mail is the build's.

mod commands;
#[cfg_attr(not(test), expect(dead_code, reason = "the demo command comes with the engine"))]
mod demo;
#[expect(dead_code, reason = "the build command comes with the engine")]
mod page;
mod preview;
#[expect(dead_code, reason = "the commands that read an archive come with the engine")]
mod terminal;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::main()
}
