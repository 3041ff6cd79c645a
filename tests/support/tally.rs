//! Counts, orders, conversations and batches over messages that were read, told anew: the other side of facets, sorts,
//! one line a thread, and `--batch`. Which messages share a thread is taken from the trees that a reader is shown.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use maildex_build::message::{Message, subject};
use maildex_core::query::{Context, Query, parse};
use maildex_core::text::{fold, lower};
use maildex_core::{Batch, Facet, Facets, Request, Sort};

use crate::oracle::Oracle;
use crate::site::Site;

/// Queries of a batch.
const BATCH: usize = 3;
/// The longest name and address that the archive keeps, in characters.
const LONGEST: (usize, usize) = (100, 140);

/// What is remembered of messages, by their numbers in the oracle.
#[derive(Default)]
pub(crate) struct Tally {
    rows: Vec<Row>,
    /// By identity: how often each name stands beside it.
    names: BTreeMap<String, BTreeMap<String, u64>>,
    /// The queries for the next batch, with what they find.
    batch: Vec<(String, BTreeSet<usize>)>,
}

struct Row {
    /// Who sent it; `None` if nothing tells.
    sender: Option<String>,
    address: String,
    subject: String,
}

/// What both sides are asked about.
pub(crate) struct Asked<'a> {
    pub(crate) text: &'a str,
    pub(crate) query: &'a Query,
    /// What the oracle finds.
    pub(crate) found: &'a [usize],
    pub(crate) oracle: &'a Oracle,
    pub(crate) keys: &'a [u64],
    /// By message, some number for its thread.
    pub(crate) threads: &'a [u64],
    pub(crate) context: &'a Context,
}

impl Tally {
    pub(crate) fn add(&mut self, message: &Message) {
        let (name, address) = message
            .from
            .first()
            .map_or_else(Default::default, |sender| (sender.name.trim().to_owned(), lower(&sender.address)));
        let identity = if address.is_empty() { format!("by name {}", fold(&name)) } else { address.clone() };
        let sender = (!name.is_empty() || !address.is_empty()).then_some(identity);
        if let (Some(sender), false) = (&sender, name.is_empty()) {
            *self.names.entry(sender.clone()).or_default().entry(name).or_default() += 1;
        }
        let (subject, _) = subject::base_subject(&message.subject);
        let subject = fold(subject.trim_start_matches(|c: char| !c.is_alphanumeric()));
        self.rows.push(Row { sender, address, subject });
    }

    /// How the engine differs; `None` if it does not.
    pub(crate) fn differ(&mut self, asked: &Asked<'_>, site: &mut Site) -> Option<String> {
        let facets = site.run(|archive| archive.facets(asked.query, false, &Facet::ALL, usize::MAX));
        let wrong = self.differ_in_facets(asked, &facets);
        let wrong = wrong.or_else(|| self.differ_in_order(asked, site));
        self.batch.push((asked.text.to_owned(), asked.found.iter().copied().collect()));
        let wrong = wrong.or_else(|| self.differ_in_batch(asked, site));
        wrong.map(|wrong| format!("{}: {wrong}", asked.text))
    }

    fn differ_in_facets(&self, asked: &Asked<'_>, facets: &Facets) -> Option<String> {
        let told = |facet: Facet| -> BTreeMap<&str, u64> {
            let group = facets.groups.iter().find(|group| group.facet == facet).expect("all were asked for");
            let mut counts = BTreeMap::new();
            // A name without an address and a misread address may be spelled alike.
            group.values.iter().for_each(|value| *counts.entry(value.value.as_str()).or_default() += value.n);
            counts
        };
        let count = |of: &dyn Fn(usize) -> Vec<String>| {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            asked.found.iter().flat_map(|&n| of(n)).for_each(|value| *counts.entry(value).or_default() += 1);
            counts
        };
        let is_same = |facet: Facet, expected: &BTreeMap<String, u64>| {
            told(facet).iter().map(|(value, n)| (value.to_string(), *n)).eq(expected.clone())
        };
        let day = |n: usize| asked.oracle.date(n).map(|seconds| asked.context.zone.day(seconds));
        let month = |n| day(n).map(|day| format!("{:04}-{:02}", day.year, day.month)).into_iter().collect();
        let year = |n| day(n).map(|day| format!("{:04}", day.year)).into_iter().collect();
        if !is_same(Facet::Month, &count(&month)) || !is_same(Facet::Year, &count(&year)) {
            return Some("the counts by time differ".to_owned());
        }
        if !is_same(Facet::People, &count(&|n| vec![self.shown(n).1])) {
            return Some("the counts by sender differ".to_owned());
        }
        let states = |facet: Facet| {
            let prefix = format!("{}:", facet.name());
            count(&|n| {
                let states = asked.oracle.states(n).iter();
                states.filter_map(|state| state.strip_prefix(&prefix)).map(str::to_owned).collect()
            })
        };
        for facet in [Facet::List, Facet::Source, Facet::Filetype] {
            if !is_same(facet, &states(facet)) {
                return Some(format!("the counts by {} differ", facet.name()));
            }
        }
        // A part of a path is left out where a whole has as many.
        let (labels, told) = (states(Facet::Label), told(Facet::Label));
        let is_part = |part: &str, n: u64| {
            labels.iter().any(|(whole, m)| {
                *m == n && whole != part && format!("/{whole}/").contains(&format!("/{part}/"))
            })
        };
        let is_right = labels.iter().all(|(label, n)| match told.get(label.as_str()) {
            Some(m) => m == n,
            None => is_part(label, *n),
        });
        (!is_right || told.keys().any(|label| !labels.contains_key(*label)))
            .then(|| "the counts by label differ".to_owned())
    }

    /// A sender's name as it is shown, and what tells it from others.
    fn shown(&self, n: usize) -> (String, String) {
        let row = &self.rows[n];
        let names = row.sender.as_ref().and_then(|sender| self.names.get(sender));
        let name = names.into_iter().flatten().max_by_key(|(name, n)| (**n, Reverse((*name).clone())));
        let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
        let name = name.map(|(name, _)| cut(name, LONGEST.0)).unwrap_or_default();
        let value = if row.address.is_empty() { name.clone() } else { cut(&row.address, LONGEST.1) };
        (name, value)
    }

    fn differ_in_order(&self, asked: &Asked<'_>, site: &mut Site) -> Option<String> {
        let mut newest = asked.found.to_vec();
        newest.sort_by_key(|&n| Reverse((asked.oracle.date(n), asked.keys[n])));
        let by_sender = |n: &usize| {
            let names = self.rows[*n].sender.as_ref().and_then(|sender| self.names.get(sender));
            let name = names.into_iter().flatten().max_by_key(|(name, n)| (**n, Reverse((*name).clone())));
            let address = &self.rows[*n].address;
            let shown = name.map_or(address, |(name, _)| name);
            let key = fold(shown.trim_matches(|c: char| !c.is_alphanumeric()));
            (self.rows[*n].sender.is_none(), key, address.clone(), shown.clone())
        };
        let by_subject = |n: &usize| (self.rows[*n].subject.is_empty(), self.rows[*n].subject.clone());
        let sorted = |sort: Sort| {
            let mut found = newest.clone();
            match sort {
                Sort::Sender => found.sort_by_cached_key(by_sender),
                Sort::Subject => found.sort_by_cached_key(by_subject),
                Sort::Size => found.sort_by_key(|&n| Reverse(asked.oracle.size(n))),
                _ => {}
            }
            found
        };
        for sort in [Sort::Newest, Sort::Sender, Sort::Subject, Sort::Size] {
            let expected = sorted(sort);
            let request = Request { query: asked.query, typing: false, sort, offset: 0, limit: usize::MAX };
            let found = site.run(|archive| archive.search(&request));
            if !found.lines.iter().map(|line| line.key).eq(expected.iter().map(|&n| asked.keys[n])) {
                return Some(format!("the order by {sort:?} differs"));
            }
            let mut leaders: Vec<(u64, u32)> = Vec::new();
            let mut at: BTreeMap<u64, usize> = BTreeMap::new();
            for &n in &expected {
                let leader = *at.entry(asked.threads[n]).or_insert(leaders.len());
                if leader == leaders.len() {
                    leaders.push((asked.keys[n], 0));
                }
                leaders[leader].1 += 1;
            }
            let found = site.run(|archive| archive.search_threads(&request));
            let (counts, threads) = found.threads.expect("they were asked for");
            let told = found.lines.iter().map(|line| line.key).zip(counts);
            if threads != leaders.len() as u64 || !told.eq(leaders) {
                return Some(format!("the threads by {sort:?} differ"));
            }
        }
        None
    }

    fn differ_in_batch(&mut self, asked: &Asked<'_>, site: &mut Site) -> Option<String> {
        if self.batch.len() < BATCH {
            return None;
        }
        let rows = std::mem::take(&mut self.batch);
        let queries: Vec<Query> = rows.iter().map(|(text, _)| parse(text, asked.context)).collect();
        let told: Batch = site.run(|archive| archive.batch(&queries));
        let union: BTreeSet<usize> = rows.iter().flat_map(|(_, found)| found.iter().copied()).collect();
        let n_finding = |n: &usize| rows.iter().filter(|(_, found)| found.contains(n)).count();
        let sets = rows.iter().map(|(_, found)| found).chain([&union]);
        for (set, counts) in sets.zip(told.rows.iter().flatten().chain([&told.total])) {
            let threads: BTreeSet<u64> = set.iter().map(|&n| asked.threads[n]).collect();
            let with_threads = asked.threads.iter().filter(|thread| threads.contains(thread)).count();
            let unique = set.iter().filter(|n| n_finding(n) == 1).count();
            let sources = told.sources.iter().map(|source| {
                let state = format!("source:{source}");
                set.iter().filter(|&&n| asked.oracle.states(n).contains(&state)).count() as u64
            });
            let expected =
                (set.len() as u64, with_threads as u64, unique as u64, sources.collect::<Vec<_>>());
            if expected != (counts.hits, counts.with_threads, counts.unique, counts.sources.clone()) {
                return Some(format!("the batch differs: {expected:?} and {counts:?}"));
            }
        }
        None
    }
}
