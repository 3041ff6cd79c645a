//! One archive, read and built: the oracle's answers beside the engine's.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::path::Path;

use maildex_build::build::{BuildOptions, build};
use maildex_build::input::{self, Form, InputError, Limits, Place};
use maildex_build::message::{self, Message, ParseOptions};
use maildex_build::released::Release;
use maildex_core::query::{Query, parse};
use maildex_core::{Request, Sort};

use crate::generator::Generator;
use crate::oracle::Oracle;
use crate::site::{Silent, Site};
use crate::tally::{Asked, Tally};

/// So many hits are compared one by one from either end, not only counted.
const MAX_COMPARED: usize = 500;

/// One query of so many is also asked for its counts, orders, threads and in a batch.
const TALLIED: usize = 4;

/// 2020-01-01: what `older_than:1y` counts from, whenever the test runs.
pub(crate) const NOW: i64 = 1_577_836_800;

/// A message as it was read.
pub struct Found {
    /// The message.
    pub message: Message,
    /// Where it lay.
    pub place: Place,
    /// Its bytes.
    pub size: u64,
}

/// All messages of an archive, in the order in which they lie there; gives whether there are any.
///
/// # Panics
/// If it cannot be read.
pub fn read_archive(folder: &Path, releases: &[Release], sink: &mut impl FnMut(Found)) -> bool {
    let options = ParseOptions { keep_html: true, ..ParseOptions::default() };
    let mut sink = |raw: input::Raw| {
        let message = match raw.form {
            Form::Document(release) => releases[release].read(&raw.bytes, &raw.place.path),
            Form::Mail => message::parse(&raw.bytes, raw.envelope_date, &options),
        };
        sink(Found { message, size: raw.bytes.len() as u64, place: raw.place });
        Ok(())
    };
    match input::read_with(folder, &Limits::default(), releases, &mut sink, &mut |_| {}) {
        Err(InputError::NoMail { .. }) => false,
        report => report.map(|_| true).expect("the archive can be read"),
    }
}

/// An archive that was read and one that was built, from the same mail.
pub struct Both {
    oracle: Oracle,
    /// By number in the oracle.
    keys: Vec<u64>,
    /// By number in the oracle, some number for its thread.
    threads: Vec<u64>,
    site: Site,
    tally: Tally,
    n_asked: usize,
    /// Queries that found something.
    pub n_found: usize,
    /// Queries with a wildcard that stands for more words than the engine takes, as it told.
    pub n_cut: usize,
}

impl Both {
    /// Reads an archive and builds it into the folder `out`; the generator draws from the same messages. `None` if
    /// there is no mail.
    ///
    /// # Panics
    /// If the two do not hold equally many messages.
    pub fn new(folder: &Path, releases: &[Release], out: &Path, seed: u64) -> Option<(Both, Generator)> {
        let mut generator = Generator::new(seed);
        let (mut oracle, mut keys, mut seen) = (Oracle::default(), Vec::new(), HashMap::new());
        let mut tally = Tally::default();
        let is_mail = read_archive(folder, releases, &mut |Found { message, place, size }| {
            // A copy is found in two places and is one message.
            let digest = message::content_digest(&message);
            let number = *seen.entry(digest).or_insert(keys.len());
            let is_copy = number < keys.len();
            if is_copy {
                oracle.add_copy(number, &message);
            } else {
                oracle.add(&message, size);
                tally.add(&message);
                generator.add(&message, &place);
                keys.push(message::key(&message));
            }
            oracle.found_at(number, &place, is_copy);
        });
        if !is_mail {
            return None;
        }
        let options = BuildOptions {
            inputs: vec![folder.to_owned()],
            out: out.to_owned(),
            releases: releases.to_vec(),
            ..BuildOptions::default()
        };
        let report = build(&options, &Silent).expect("the archive can be built");
        assert_eq!(report.messages, oracle.len() as u64, "{}", folder.display());
        let mut site = Site::open(out);
        site.load();
        let (threads, roots) = threads(&keys, &mut site);
        if releases.is_empty() {
            oracle.finish();
        } else {
            oracle.finish_with(&threads, roots);
        }
        Some((Both { oracle, keys, threads, site, tally, n_asked: 0, n_found: 0, n_cut: 0 }, generator))
    }

    /// How many messages there are.
    pub fn n_messages(&self) -> usize {
        self.keys.len()
    }

    /// How the two differ about a query; `None` if they do not.
    pub fn differ(&mut self, text: &str) -> Option<String> {
        let context = self.site.context(NOW);
        let query = parse(text, &context);
        let mut expected = match self.oracle.search(&query.root) {
            Ok(expected) => expected,
            Err(unsupported) => return Some(format!("{text}: the oracle cannot tell: {}", unsupported.0)),
        };
        self.n_found += usize::from(!expected.is_empty());
        if self.is_cut(&query) {
            self.n_cut += 1;
            return None;
        }
        let total = self.site.run(|archive| archive.total(&query, false));
        if total != expected.len() as u64 {
            return Some(format!("{text}: {total} found, {} read", expected.len()));
        }
        self.n_asked += 1;
        if self.n_asked.is_multiple_of(TALLIED) {
            let Both { oracle, keys, threads, tally, site, .. } = self;
            let (query, found, context) = (&query, &expected[..], &context);
            let asked = Asked { text, query, found, oracle, keys, threads, context };
            if let Some(wrong) = tally.differ(&asked, site) {
                return Some(wrong);
            }
        }
        // Messages without a date come last in both orders; of two with one date the key decides.
        let (oracle, keys) = (&self.oracle, &self.keys);
        expected.sort_by_key(|&n| (Reverse(oracle.date(n)), Reverse(keys[n])));
        let newest: Vec<u64> = expected.iter().take(MAX_COMPARED).map(|&n| keys[n]).collect();
        expected.sort_by_key(|&n| (oracle.date(n).is_none(), oracle.date(n), keys[n]));
        let oldest: Vec<u64> = expected.iter().take(MAX_COMPARED).map(|&n| keys[n]).collect();
        for (sort, expected) in [(Sort::Newest, newest), (Sort::Oldest, oldest)] {
            if self.hits(&query, sort) != expected {
                return Some(format!("{text}: as many are found as read, but not the same by {sort:?}"));
            }
        }
        None
    }

    /// Whether the engine says that messages may be missing.
    fn is_cut(&mut self, query: &Query) -> bool {
        let request = Request { query, typing: false, sort: Sort::Newest, offset: 0, limit: 0 };
        self.site.run(|archive| archive.search(&request)).is_cut
    }

    fn hits(&mut self, query: &Query, sort: Sort) -> Vec<u64> {
        let request = Request { query, typing: false, sort, offset: 0, limit: MAX_COMPARED };
        self.site.run(|archive| archive.search(&request)).lines.into_iter().map(|line| line.key).collect()
    }
}

/// The thread of each message as some number, and the first message of each thread.
fn threads(keys: &[u64], site: &mut Site) -> (Vec<u64>, Vec<usize>) {
    let numbers: HashMap<u64, usize> = keys.iter().enumerate().map(|(number, &key)| (key, number)).collect();
    let (mut threads, mut roots) = (vec![u64::MAX; keys.len()], Vec::new());
    for (first, &key) in keys.iter().enumerate() {
        if threads[first] == u64::MAX {
            let thread = site.run(|archive| archive.thread(key)).expect("every message is in a thread");
            let lines = thread.messages.iter().filter_map(|message| message.line.as_ref());
            let here: Vec<usize> = lines.filter_map(|line| numbers.get(&line.key).copied()).collect();
            here.iter().for_each(|&number| threads[number] = first as u64);
            roots.extend(here.first());
        }
    }
    (threads, roots)
}
