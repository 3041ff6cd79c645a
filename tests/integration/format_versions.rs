//! Old archives stay readable: a sample of every version of the format, and today's bytes beside the newest of them.
//!
//! When the layout of the bytes changes, `todays_bytes_are_those_of_the_sample` fails. Describe the change in
//! docs/format.md; if the version was released, raise `VERSION` and keep the old sample; then write the new one with
//! `MAILDEX_WRITE_SAMPLE=1 cargo test -p maildex-tests format_versions`. A new version of zstd may change the bytes too:
//! that is no change of the layout, and the sample is written anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use maildex_build::build::{BuildOptions, build};
use maildex_core::format::front::VERSION;
use maildex_core::query::{Context, parse};
use maildex_core::{Request, Sort};
use maildex_tests::site::{Silent, Site};

const N_MESSAGES: u32 = 30;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/format")
}

#[test]
fn samples_of_every_version_are_read() {
    for version in 1..=VERSION {
        let folder = fixtures().join(format!("v{version}"));
        let mut site = Site::open(&folder);
        let mut subjects = Vec::new();
        for doc in 0..N_MESSAGES {
            subjects.push(site.run(|archive| archive.check(0, doc)).subject);
        }
        subjects.sort();
        assert_eq!(subjects, subjects_of_the_mailbox(), "version {version}");
        for subject in subjects.iter().filter(|subject| !subject.is_empty()).take(5) {
            let query = parse(&format!("subject:\"{subject}\""), &Context::default());
            let request = Request { query: &query, typing: false, sort: Sort::Newest, offset: 0, limit: 50 };
            let found = site.run(|archive| archive.search(&request));
            assert!(!found.lines.is_empty(), "version {version}: {subject}");
        }
    }
}

/// Read by the same parser that builds read with, so that only the format is between the two.
fn subjects_of_the_mailbox() -> Vec<String> {
    let mut subjects = Vec::new();
    let mut sink = |raw: maildex_build::input::Raw| {
        let options = maildex_build::message::ParseOptions::default();
        subjects.push(maildex_build::message::parse(&raw.bytes, raw.envelope_date, &options).subject);
        Ok(())
    };
    let limits = maildex_build::input::Limits::default();
    maildex_build::input::read(&fixtures().join("sample.mbox"), &limits, &mut sink, &mut |_| {})
        .expect("the mailbox can be read");
    subjects.sort();
    subjects
}

#[test]
fn todays_bytes_are_those_of_the_sample() {
    let sample = fixtures().join(format!("v{VERSION}"));
    let out = tempfile::tempdir().expect("a folder for the site");
    let out =
        if env::var_os("MAILDEX_WRITE_SAMPLE").is_some() { sample.clone() } else { out.path().join("site") };
    let inputs = vec![fixtures().join("sample.mbox")];
    let options = BuildOptions { inputs, out: out.clone(), ..BuildOptions::default() };
    build(&options, &Silent).expect("the sample can be built");
    let (today, sample) = (files(&out), files(&sample));
    assert!(today.keys().eq(sample.keys()), "{:?} and {:?}", today.keys(), sample.keys());
    let differ: Vec<&String> =
        today.iter().filter(|(name, bytes)| sample[*name] != **bytes).map(|(n, _)| n).collect();
    assert!(differ.is_empty(), "{differ:?} differ");
}

/// All files below a folder, by their paths.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it").to_string_lossy().into_owned();
                files.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    files
}
