//! What the integration tests share.

pub mod compare;
pub mod generator;
pub mod oracle;
mod shapes;
pub mod site;
mod states;
mod tally;
mod vocabulary;

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::{env, thread};

/// Says in one line that this test cannot be tried here, and has `./build.sh test` count it as skipped. The test
/// returns after this.
pub fn skip(reason: &str) {
    let test = thread::current().name().unwrap_or("a test").to_owned();
    let line = format!("SKIPPED {test}: {reason}\n");
    // Not `eprint!`, which the test runner keeps to itself when a test passes.
    io::stderr().write_all(line.as_bytes()).expect("standard error is open");
    if let Some(log) = env::var_os("MAILDEX_SKIP_LOG") {
        let mut log = OpenOptions::new().append(true).create(true).open(log).expect("the log can be written");
        log.write_all(line.as_bytes()).expect("the log can be written");
    }
}

/// The folder of real archives with this name, or `None` after saying that the test is skipped.
pub fn real_archive(name: &str) -> Option<PathBuf> {
    beside("MAILDEX_DATA", name)
}

/// The file or folder with this name in the folder of mail test suites, or `None` after saying that the test is
/// skipped.
pub fn suite(name: &str) -> Option<PathBuf> {
    beside("MAILDEX_SUITES", name)
}

fn beside(variable: &str, name: &str) -> Option<PathBuf> {
    let Some(folder) = env::var_os(variable) else {
        skip(&format!("{variable} is not set"));
        return None;
    };
    let path = PathBuf::from(folder).join(name);
    if !path.exists() {
        skip(&format!("{variable} has no {name}"));
        return None;
    }
    Some(path)
}
