//! Real archives: as many messages as Python counts, and the same answers as from reading every message.
//!
//! The archives are not part of the project: `MAILDEX_DATA` names the folder that holds them.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::process::Command;

use maildex_build::build::{BuildOptions, build};
use maildex_build::input::{self, Limits};
use maildex_build::message::{self, Message, ParseOptions};
use maildex_core::query::{Context, Query, Zone, parse};
use maildex_core::{Request, Sort};
use maildex_tests::generator::Generator;
use maildex_tests::oracle::Oracle;
use maildex_tests::site::{Silent, Site};
use maildex_tests::{real_archive, skip};

/// How many messages Maildex finds beyond those that Python counts, with the reason.
const DIFFERENCES: [(&str, i64, &str); 4] = [
    ("extropians-mbox", -1, "a letter of October 1998 holds a pasted mailbox, and Python splits it there"),
    ("usrp-users-maildir-2022-2023", 0, ""),
    ("enron-maildir-skilling", 0, ""),
    ("spamassassin-corpus", 0, ""),
];

/// All messages of an archive, in the order in which they lie there.
fn read_archive(folder: &Path) -> Vec<Message> {
    let mut messages = Vec::new();
    let options = ParseOptions { keep_html: false, ..ParseOptions::default() };
    let mut sink = |raw: input::Raw| {
        messages.push(message::parse(&raw.bytes, raw.envelope_date, &options));
        Ok(())
    };
    input::read(folder, &Limits::default(), &mut sink, &mut |_| {}).expect("the archive can be read");
    messages
}

#[test]
fn counts_agree_with_python() {
    let Some(folder) = real_archive("extropians-mbox") else { return };
    let root = folder.parent().expect("an archive lies in a folder");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/counts.py");
    let Ok(output) = Command::new("python3").arg(script).arg(root).output() else {
        return skip("python3 is not installed");
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let counts: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the script prints JSON");
    for (name, difference, reason) in DIFFERENCES {
        let Some(folder) = real_archive(name) else { continue };
        let messages = read_archive(&folder);
        let counted = |what: &str| counts[name][what].as_i64().expect("a number");
        assert_eq!(messages.len() as i64 - counted("messages"), difference, "{name}: {reason}");
    }
}

#[test]
fn extropians_is_searched_as_if_read() {
    compare("extropians-mbox", include_str!("../fixtures/queries/extropians-mbox.txt"));
}

#[test]
fn usrp_users_is_searched_as_if_read() {
    compare(
        "usrp-users-maildir-2022-2023",
        include_str!("../fixtures/queries/usrp-users-maildir-2022-2023.txt"),
    );
}

#[test]
fn enron_is_searched_as_if_read() {
    compare("enron-maildir-skilling", include_str!("../fixtures/queries/enron-maildir-skilling.txt"));
}

#[test]
fn spamassassin_is_searched_as_if_read() {
    compare("spamassassin-corpus", include_str!("../fixtures/queries/spamassassin-corpus.txt"));
}

/// Queries made up beside those in the file.
const N_RANDOM: usize = 200;

/// Up to so many hits are compared one by one, not only counted.
const MAX_COMPARED: usize = 500;

/// 2020-01-01: what `older_than:1y` counts from, whenever the test runs.
const NOW: i64 = 1_577_836_800;

/// An archive that was read and one that was built, from the same mail.
struct Both {
    oracle: Oracle,
    /// By number in the oracle.
    keys: Vec<u64>,
    site: Site,
    /// Queries that found something.
    n_found: usize,
}

fn compare(name: &str, queries: &str) {
    let Some(folder) = real_archive(name) else { return };
    let mut generator = Generator::new(20_261_122);
    let (mut oracle, mut keys, mut seen) = (Oracle::default(), Vec::new(), HashSet::new());
    for message in read_archive(&folder) {
        // A copy is found in two places and is one message.
        if seen.insert(message::content_digest(&message)) {
            oracle.add(&message);
            generator.add(&message);
            keys.push(message::key(&message));
        }
    }
    let out = tempfile::tempdir().expect("a folder for the site");
    let out = out.path().join("site");
    let options =
        BuildOptions { inputs: vec![folder], out: out.clone(), html: false, ..BuildOptions::default() };
    let report = build(&options, &Silent).expect("the archive can be built");
    assert_eq!(report.messages, oracle.len() as u64, "{name}");
    let mut both = Both { oracle, keys, site: Site::open(&out), n_found: 0 };
    let written: Vec<String> =
        queries.lines().filter(|line| !line.starts_with('#')).map(String::from).collect();
    assert!(written.len() >= 50, "{name}");
    let made: Vec<String> = (0..N_RANDOM).map(|_| generator.query()).collect();
    let wrong: Vec<String> = written.iter().chain(&made).filter_map(|query| both.differ(query)).collect();
    assert!(
        both.n_found * 2 > written.len() + made.len(),
        "{name}: too many queries find nothing to mean much"
    );
    assert!(
        wrong.is_empty(),
        "{name}: {} of {} differ:\n{}",
        wrong.len(),
        written.len() + made.len(),
        wrong.join("\n")
    );
}

impl Both {
    /// How the two differ about a query; `None` if they do not.
    fn differ(&mut self, text: &str) -> Option<String> {
        let query = parse(text, &Context { now: NOW, zone: Zone::default(), typing: false });
        let expected = match self.oracle.search(&query.root) {
            Ok(expected) => expected,
            Err(unsupported) => return Some(format!("{text}: the oracle cannot tell: {}", unsupported.0)),
        };
        self.n_found += usize::from(!expected.is_empty());
        let total = self.site.run(|archive| archive.total(&query, false));
        if total != expected.len() as u64 {
            return Some(format!("{text}: {total} found, {} read", expected.len()));
        }
        if expected.len() > MAX_COMPARED {
            return None;
        }
        let expected: BTreeSet<u64> = expected.into_iter().map(|number| self.keys[number]).collect();
        let found: BTreeSet<u64> = self.hits(&query, MAX_COMPARED).into_iter().collect();
        (found != expected).then(|| format!("{text}: as many are found as read, but not the same"))
    }

    fn hits(&mut self, query: &Query, limit: usize) -> Vec<u64> {
        let request = Request { query, typing: false, sort: Sort::Newest, offset: 0, limit };
        self.site.run(|archive| archive.search(&request)).lines.into_iter().map(|line| line.key).collect()
    }
}
