//! The engine's steps natively, one by one, on a site whose blocks are all here. `tests/bench/micro.mjs` does the same
//! in WebAssembly, with words drawn in the same way.
//!
//! ```text
//! MAILDEX_SITE=site cargo bench -p maildex-tests --bench micro
//! ```

#![expect(clippy::print_stderr, reason = "a command that says how it is called")]

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use maildex_core::query::parse;
use maildex_core::{Request, Sort, Step};
use maildex_tests::site::Site;

/// How many words of each kind are asked for.
const DRAWN: usize = 40;
/// 2026-01-01: what "now" is does not matter here.
const NOW: i64 = 1_767_225_600;

fn main() {
    if std::env::var_os("MAILDEX_SITE").is_none() {
        eprintln!("usage: MAILDEX_SITE=site cargo bench -p maildex-tests --bench micro");
        std::process::exit(2);
    }
    divan::main();
}

/// A site, and words of its newest messages.
struct Bench {
    site: Site,
    keys: Vec<u64>,
    common: Vec<String>,
    rare: Vec<String>,
}

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::new(Bench::new());
}

impl Bench {
    fn new() -> Bench {
        let folder = std::env::var("MAILDEX_SITE").expect("main looks for it");
        let mut site = Site::open(Path::new(&folder));
        site.load();
        let mut bench = Bench { site, keys: Vec::new(), common: Vec::new(), rare: Vec::new() };
        bench.keys = bench.search("", Sort::Newest, DRAWN);
        let texts = bench.site.run(|archive| archive.texts(&bench.keys));
        let words: BTreeSet<String> = texts
            .iter()
            .flat_map(|(_, text)| text.split(|letter: char| !letter.is_ascii_alphabetic()))
            .filter(|word| word.len() >= 3)
            .map(str::to_lowercase)
            .collect();
        let mut counted: Vec<(u64, String)> =
            words.into_iter().map(|word| (bench.total(&word), word)).collect();
        counted.sort_by(|a, b| b.cmp(a));
        let rare = counted.iter().filter(|(n, _)| (2..9).contains(n));
        bench.rare = rare.take(DRAWN).map(|(_, word)| word.clone()).collect();
        bench.common = counted.into_iter().take(DRAWN).map(|(_, word)| word).collect();
        bench
    }

    fn total(&mut self, text: &str) -> u64 {
        let query = parse(text, &self.site.context(NOW));
        self.site.run(|archive| archive.total(&query, false))
    }

    fn search(&mut self, text: &str, sort: Sort, limit: usize) -> Vec<u64> {
        let query = parse(text, &self.site.context(NOW));
        let request = Request { query: &query, typing: false, sort, offset: 0, limit };
        self.site.run(|archive| archive.search(&request)).lines.iter().map(|line| line.key).collect()
    }

    /// The ten newest messages with the query's words marked in their snippets.
    fn snippets(&mut self, text: &str) -> usize {
        let query = parse(text, &self.site.context(NOW));
        let keys = &self.keys[..10.min(self.keys.len())];
        self.site.run(|archive| {
            let marker = archive.marker(&query);
            Ok(match archive.texts(keys)? {
                Step::Done(texts) => {
                    Step::Done(texts.iter().map(|(_, text)| marker.snippet(text, 200).len()).sum())
                }
                Step::Missing(ranges) => Step::Missing(ranges),
            })
        })
    }

    fn pairs(&self) -> Vec<String> {
        self.common.windows(2).map(|pair| pair.join(" ")).collect()
    }
}

/// Times a pass over questions; the report's items are questions.
fn over<T>(
    bencher: Bencher<'_, '_>,
    questions: fn(&Bench) -> Vec<String>,
    ask: impl Fn(&mut Bench, &str) -> T,
) {
    let questions = BENCH.with_borrow(questions);
    bencher.counter(ItemsCount::new(questions.len())).bench_local(|| {
        BENCH.with_borrow_mut(|bench| questions.iter().for_each(|text| drop(black_box(ask(bench, text)))));
    });
}

#[divan::bench]
fn look_up(bencher: Bencher<'_, '_>) {
    over(bencher, |bench| bench.rare.clone(), Bench::total);
}

#[divan::bench]
fn intersect(bencher: Bencher<'_, '_>) {
    over(bencher, Bench::pairs, Bench::total);
}

#[divan::bench]
fn gallop(bencher: Bencher<'_, '_>) {
    let beside =
        |bench: &Bench| bench.rare.iter().zip(&bench.common).map(|(a, b)| format!("{a} {b}")).collect();
    over(bencher, beside, Bench::total);
}

#[divan::bench]
fn phrase(bencher: Bencher<'_, '_>) {
    over(bencher, |bench| bench.pairs().iter().map(|pair| format!("\"{pair}\"")).collect(), Bench::total);
}

#[divan::bench]
fn lines(bencher: Bencher<'_, '_>) {
    over(bencher, |bench| bench.common.clone(), |bench, text| bench.search(text, Sort::Newest, 10));
}

#[divan::bench]
fn relevance(bencher: Bencher<'_, '_>) {
    over(bencher, |bench| bench.common.clone(), |bench, text| bench.search(text, Sort::Relevance, 10));
}

#[divan::bench]
fn snippet(bencher: Bencher<'_, '_>) {
    over(bencher, |bench| bench.common.clone(), Bench::snippets);
}
