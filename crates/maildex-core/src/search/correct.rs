//! "Did you mean": the words closest to a word that is nowhere.
//!
//! Most slips leave the first letter as it is, or swap it with the second. So the words that begin with either are looked
//! through first, a small part of the dictionary; all of it, some megabytes in a big archive, only when asked to.

use super::plan::lists_of;
use crate::error::Outcome;
use crate::format::dictionary::{Entry, Kind};
use crate::order_by::order_by;
use crate::query::{Node, Query};
use crate::segment::{Segment, all};
use crate::text::{Form, MIN_TYPOS, query_tokens};

/// Words of a query that are looked up.
const MAX_WORDS: usize = 8;
/// Words that are offered for one.
const MAX_CLOSEST: usize = 5;
/// From this length on, two slips are forgiven; in a shorter word they leave too little of it.
const TWO_SLIPS: usize = 6;
/// A word with two slips must be so many times as frequent as one with one to be offered before it.
const RARER: u64 = 16;

/// A word of a query that is in no message, with the words closest to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The word, folded.
    pub word: String,
    /// Words that are there, the likeliest first, each with the number of messages that have it.
    pub closest: Vec<(String, u64)>,
}

/// What may have been meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corrections {
    /// The words that are nowhere.
    pub unknown: Vec<Unknown>,
    /// The query with the likeliest words for them with which it finds something; `None` if there are none.
    pub query: Option<String>,
    /// Bytes of the dictionary that were not looked through.
    pub unread: u64,
}

/// Looks for what may have been meant by the words of `query` that are nowhere, among the words that begin alike or
/// `everywhere`, and offers those with which the query `finds` something.
pub(crate) fn correct(
    segments: &[Segment],
    query: &Query,
    everywhere: bool,
    finds: &dyn Fn(&Query) -> Outcome<bool>,
) -> Outcome<Corrections> {
    let mut words = Vec::new();
    collect(&query.root, &mut words);
    words.truncate(MAX_WORDS);
    let is_known = all(words.iter().map(|(word, kinds)| known(segments, word, kinds)))?;
    let unknown = words.into_iter().zip(is_known).filter(|(_, is_known)| !is_known);
    let unknown = all(unknown.map(|((word, kinds), _)| {
        let closest = closest(segments, &word, kinds, everywhere)?;
        Ok(Unknown { word, closest })
    }))?;
    let mut found = Corrections { unknown, ..Corrections::default() };
    // The likeliest word for each; if these do not stand together in any message, the next likeliest.
    for rank in 0..MAX_CLOSEST {
        if found.unknown.iter().all(|unknown| unknown.closest.len() <= rank) {
            break;
        }
        let mut better = query.clone();
        replace(&mut better.root, &found.unknown, rank);
        if finds(&better)? {
            found.query = Some(better.text());
            break;
        }
    }
    if !found.unknown.is_empty() {
        found.unread = segments.iter().map(|segment| segment.dictionary.unread()).sum();
    }
    Ok(found)
}

/// The words that are looked for as they are, each with the lists it may be in.
fn collect(node: &Node, words: &mut Vec<(String, &'static [Kind])>) {
    match node {
        Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|part| collect(part, words)),
        Node::Near { left, right, .. } => {
            collect(left, words);
            collect(right, words);
        }
        Node::Word { field, text, typos: 0 } | Node::Phrase { field, text, .. }
            if !text.contains(['*', '?', '@']) =>
        {
            for token in query_tokens(text).into_iter().filter(|token| !token.prefix) {
                let word = (token.text, lists_of(*field).0);
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        _ => {}
    }
}

fn known(segments: &[Segment], word: &str, kinds: &[Kind]) -> Outcome<bool> {
    let entries =
        all(segments.iter().map(|segment| segment.dictionary.get(&segment.resident, word.as_bytes())))?;
    Ok(entries.iter().flatten().any(|entry| n_of(entry, kinds) > 0))
}

fn n_of(entry: &Entry, kinds: &[Kind]) -> u64 {
    kinds.iter().filter_map(|kind| entry.list(*kind)).map(|list| u64::from(list.n)).max().unwrap_or(0)
}

fn closest(
    segments: &[Segment],
    word: &str,
    kinds: &[Kind],
    everywhere: bool,
) -> Outcome<Vec<(String, u64)>> {
    let letters = word.chars().count();
    if letters < MIN_TYPOS {
        return Ok(Vec::new());
    }
    let one = Form::Typos(word.to_owned(), 1);
    let two = Form::Typos(word.to_owned(), if letters < TWO_SLIPS { 1 } else { 2 });
    let mut beginnings: Vec<String> = word.chars().take(2).map(String::from).collect();
    beginnings.dedup();
    if everywhere {
        beginnings = vec![String::new()];
    }
    let mut found: Vec<(String, u64)> = Vec::new();
    let outcomes = segments.iter().flat_map(|segment| beginnings.iter().map(move |first| (segment, first)));
    let outcomes: Vec<Outcome<()>> = outcomes
        .map(|(segment, first)| {
            segment.dictionary.prefixed(&segment.resident, first.as_bytes(), &mut |entry| {
                let n = n_of(entry, kinds);
                let Ok(key) = core::str::from_utf8(&entry.key) else { return };
                if n > 0 && !key.contains(['@', ':']) && two.holds(key) {
                    match found.iter_mut().find(|(own, _)| own == key) {
                        Some((_, sum)) => *sum += n,
                        None => found.push((key.to_owned(), n)),
                    }
                }
            })
        })
        .collect();
    all(outcomes.into_iter())?;
    let weight = |(key, n): &(String, u64)| if one.holds(key) { n.saturating_mul(RARER) } else { *n };
    order_by(&mut found, |word| u64::MAX - weight(word));
    found.truncate(MAX_CLOSEST);
    Ok(found)
}

/// Puts likely words in place of those that are nowhere: of each the one of this rank, or its likeliest.
fn replace(node: &mut Node, unknown: &[Unknown], rank: usize) {
    match node {
        Node::And(parts) | Node::Or(parts) => parts.iter_mut().for_each(|part| replace(part, unknown, rank)),
        Node::Near { left, right, .. } => {
            replace(left, unknown, rank);
            replace(right, unknown, rank);
        }
        Node::Word { text, .. } | Node::Phrase { text, .. } => {
            for token in query_tokens(text).iter().rev() {
                let meant = unknown.iter().find(|unknown| unknown.word == token.text);
                let closest = meant.map_or(&[][..], |unknown| &unknown.closest);
                if let Some((better, _)) = closest.get(rank).or(closest.first()) {
                    text.replace_range(token.start..token.end, better);
                }
            }
        }
        _ => {}
    }
}
