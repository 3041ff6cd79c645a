use super::*;
use crate::query::{Query, parse};
use crate::sample::{Mail, Zstd, mails, segment};
use std::sync::OnceLock;

use crate::{Archive, Error, Request, Sort, Step};

const N: usize = 700;

struct Asked {
    mails: &'static [Mail],
    archive: Archive,
    blob: &'static [u8],
    /// Bytes of each round, and how far each step was.
    rounds: Vec<u64>,
    told: Vec<Progress>,
}

impl Asked {
    fn new() -> Asked {
        static SAMPLE: OnceLock<(Vec<Mail>, Vec<u8>, Vec<u8>)> = OnceLock::new();
        let (mails, front, blob) = SAMPLE.get_or_init(|| {
            let mails = mails(N, 11);
            let (front, blob) = segment(&mails, 1024, &mut Zstd).blob();
            (mails, front, blob)
        });
        let mut archive = Archive::new();
        archive.open(front).unwrap();
        Asked { mails, archive, blob, rounds: Vec::new(), told: Vec::new() }
    }

    fn ask<T>(&mut self, step: impl Fn(&Archive) -> Result<Step<T>, Error>) -> T {
        (self.rounds, self.told) = (Vec::new(), Vec::new());
        loop {
            let outcome = step(&self.archive).unwrap();
            self.told.extend(self.archive.progress());
            let wants = match outcome {
                Step::Done(answer) => return answer,
                Step::Missing(wants) => wants,
            };
            self.rounds.push(wants.iter().map(|want| want.range.length).sum());
            for want in wants {
                let at = want.range.offset as usize;
                let bytes = &self.blob[at..at + want.range.length as usize];
                self.archive.put(0, want.range.offset, bytes).unwrap();
            }
        }
    }

    fn query(&self, text: &str) -> Query {
        parse(text, &self.archive.context(0, false))
    }

    fn total(&mut self, text: &str) -> u64 {
        let query = self.query(text);
        self.ask(|archive| archive.total(&query, false))
    }

    fn keys(&mut self, text: &str, limit: usize) -> Vec<u64> {
        let query = self.query(text);
        let request = Request { query: &query, typing: false, sort: Sort::Newest, offset: 0, limit };
        self.ask(|archive| archive.search(&request)).lines.iter().map(|line| line.key).collect()
    }
}

fn check(text: &str, holds: impl Fn(&Mail) -> bool) {
    let mut asked = Asked::new();
    let expect: Vec<&Mail> = asked.mails.iter().filter(|mail| holds(mail)).collect();
    let (n, mut newest) = (expect.len() as u64, expect.clone());
    newest.sort_by_key(|mail| core::cmp::Reverse((mail.date, mail.key)));
    let newest: Vec<u64> = newest.iter().map(|mail| mail.key).collect();
    assert_eq!(asked.keys(text, 20), newest[..newest.len().min(20)], "{text}");
    assert_eq!(asked.total(text), n, "{text}");
    // Another engine that begins with the total.
    assert_eq!(Asked::new().total(text), n, "{text}");
}

#[test]
fn everything_that_is_stored_is_found() {
    check("subject:/^ferry .*winter/", |mail| {
        mail.subject.starts_with("ferry ") && mail.subject[5..].contains("winter")
    });
    check("body:/once(1|2)4$/", |mail| mail.text.contains("once14\n") || mail.text.contains("once24\n"));
    check("from:/^bo@/", |mail| mail.from.starts_with("Bo"));
    check("from:/^Bo Holm </", |mail| mail.from.starts_with("Bo"));
    check("header:x-sample=yes -from:ada", |mail| mail.from.starts_with("Bo"));
    check("header:x-sample=no", |_| false);
    check("header:X-Sample once7", |mail| mail.text.contains("once7\n"));
    check("once7 OR subject:/^storm/", |mail| {
        mail.text.contains("once7\n") || mail.subject.starts_with("storm")
    });
    check("header:message-id=/^<[0-7]/", |mail| {
        format!("{:x}", mail.key).starts_with(['1', '2', '3', '4', '5', '6', '7'])
    });
}

#[test]
fn a_page_of_the_newest_reads_no_further() {
    let mut asked = Asked::new();
    asked.keys("body:/e/", 20);
    let page: u64 = asked.rounds.iter().sum();
    asked.total("body:/e/");
    let rest: u64 = asked.rounds.iter().sum();
    assert!(page * 3 < (page + rest) * 2, "{page} for a page, {rest} for the rest");
}

#[test]
fn a_long_question_reads_in_small_rounds_and_tells_how_far_it_is() {
    let mut asked = Asked::new();
    let n = asked.total("body:/harbour/ header:x-sample");
    assert!(asked.rounds.len() > 5, "{:?}", asked.rounds);
    // One block may go beyond the limit; so may the tables that lead to it.
    assert!(asked.rounds.iter().all(|bytes| *bytes <= 3 * ROUND), "{:?}", asked.rounds);
    assert!(asked.told.is_sorted_by_key(|told| (told.read, told.hits)), "{:?}", asked.told);
    let last = asked.told.last().copied();
    assert_eq!(last, Some(Progress { hits: n, read: N as u64, of: N as u64 }));
    assert!(asked.told.iter().any(|told| told.read > 0 && told.read < N as u64), "{:?}", asked.told);
    // What is known is not read again.
    asked.total("body:/harbour/ header:x-sample");
    assert_eq!(asked.rounds, []);
}

#[test]
fn what_the_rest_of_the_query_leaves_out_is_not_read() {
    let mut asked = Asked::new();
    asked.total("once7 body:/e/");
    let few: u64 = asked.rounds.iter().sum();
    let mut asked = Asked::new();
    asked.total("body:/e/");
    let all: u64 = asked.rounds.iter().sum();
    assert!(few * 3 < all, "{few} of {all}");
}

#[test]
fn a_header_that_nobody_has_is_told() {
    let mut asked = Asked::new();
    let query = asked.query("header:x-nothing=a");
    let request = Request { query: &query, typing: false, sort: Sort::Newest, offset: 0, limit: 9 };
    let found = asked.ask(|archive| archive.search(&request));
    assert_eq!(found.notes, ["no message here has kept a header x-nothing"]);
}

#[test]
fn what_has_been_unpacked_stops_for_breath_without_missing_anything() {
    let mut asked = Asked::new();
    asked.archive.put(0, 0, asked.blob).unwrap();
    asked.total("body:/harbour/");
    assert!(asked.rounds.len() > 2 && asked.rounds.iter().all(|bytes| *bytes == 0), "{:?}", asked.rounds);
}

#[test]
fn other_questions_take_it_too() {
    let mut asked = Asked::new();
    let query = asked.query("subject:/^(ferry|storm)/");
    let n = asked.total("subject:/^(ferry|storm)/");
    for sort in [Sort::Relevance, Sort::Oldest] {
        let mut asked = Asked::new();
        let request = Request { query: &query, typing: false, sort, offset: 0, limit: 2000 };
        assert_eq!(asked.ask(|archive| archive.search(&request)).lines.len() as u64, n);
    }
    let facets = Asked::new().ask(|archive| archive.facets(&query, false, &[], 9));
    assert_eq!(facets.total, n);
    let thread = Asked::new().total("thread:{subject:/^(ferry|storm)/}");
    assert!(thread >= n);
}
