//! The program as a person runs it, in one binary.

mod command;
mod documents;
mod kept;
#[path = "../../../../tests/support/pdf.rs"]
mod pdf;
mod privacy;

use std::path::Path;
use std::process::{Command, Output};

const MAILDEX: &str = env!("CARGO_BIN_EXE_maildex");

fn maildex(folder: &Path, args: &[&str]) -> Output {
    Command::new(MAILDEX).args(args).current_dir(folder).output().expect("it starts")
}

/// What it said; it has to succeed.
fn done(folder: &Path, args: &[&str]) -> String {
    let output = maildex(folder, args);
    assert!(output.status.success(), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).expect("text")
}
