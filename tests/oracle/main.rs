//! The long run of the oracle: many random queries over whole archives, the engine's answers beside those of reading
//! every message.
//!
//! ```text
//! cargo run --release -p maildex-tests --bin oracle -- [--queries N] [--seed N] [ARCHIVE…]
//! ```
//! An archive is a file or folder of mail; without any, each folder in `MAILDEX_DATA` that holds mail. Prints a line
//! for each difference and one for each archive; ends with 1 if anything differs.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command that prints what it finds")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use maildex_build::released::{Profile, Release, Tables};
use maildex_tests::compare::Both;

/// What a run is asked for.
struct Asked {
    queries: usize,
    seed: u64,
    archives: Vec<PathBuf>,
}

/// Archives of released documents, with the profile that reads them.
const RELEASED: [(&str, &str); 1] = [("clinton-foia-text", "clinton")];

fn main() -> ExitCode {
    let Some(asked) = asked() else {
        eprintln!("usage: oracle [--queries N] [--seed N] [ARCHIVE…], or MAILDEX_DATA set");
        return ExitCode::from(2);
    };
    let mut n_different = 0;
    for archive in &asked.archives {
        n_different += run(archive, &asked);
    }
    println!("{n_different} differences in {} archives", asked.archives.len());
    ExitCode::from(u8::from(n_different > 0))
}

fn asked() -> Option<Asked> {
    let mut asked = Asked { queries: 20_000, seed: 1, archives: Vec::new() };
    let mut words = env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--queries" => asked.queries = words.next()?.parse().ok()?,
            "--seed" => asked.seed = words.next()?.parse().ok()?,
            option if option.starts_with('-') => return None,
            path => asked.archives.push(path.into()),
        }
    }
    if asked.archives.is_empty() {
        let folder = fs::read_dir(env::var_os("MAILDEX_DATA")?).ok()?;
        asked.archives = folder.filter_map(|entry| Some(entry.ok()?.path())).collect();
        asked.archives.sort();
    }
    Some(asked)
}

fn run(archive: &Path, asked: &Asked) -> usize {
    let name = archive.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let releases: Vec<Release> = RELEASED
        .iter()
        .filter(|(folder, _)| *folder == name)
        .map(|(_, profile)| Release {
            profile: Profile::named(profile).expect("it is shipped"),
            tables: Tables::default(),
            forced: false,
        })
        .collect();
    let began = Instant::now();
    let out = tempfile::tempdir().expect("a folder for the site");
    let Some((mut both, mut generator)) = Both::new(archive, &releases, &out.path().join("site"), asked.seed)
    else {
        println!("{name}: holds no mail");
        return 0;
    };
    let mut n_different = 0;
    for number in 0..asked.queries {
        if let Some(difference) = both.differ(&generator.query()) {
            println!("{name}: query {number}: {difference}");
            n_different += 1;
        }
    }
    println!(
        "{name}: {} messages, {} queries, {} of them found something, {} told to be cut, {n_different} differ, {} s",
        both.n_messages(),
        asked.queries,
        both.n_found,
        both.n_cut,
        began.elapsed().as_secs()
    );
    n_different
}
