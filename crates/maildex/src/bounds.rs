//! What the lists of a site weigh, field by field, beside the least that they could.
//!
//! The bounds are of words that are independent of each other, whatever the code: for the messages of a list the
//! logarithm of how many sets of so many messages there are; for counts the entropy of how often each stands; for
//! positions the logarithm of the ways to lay out the words of a message. Mail is more regular than that, so a code
//! may get below.

use std::cell::RefCell;
use std::collections::BTreeMap;

use anyhow::Result;
use maildex_core::format::dictionary::Kind;
use maildex_core::format::list::{ListRef, Postings, REGIONS, Shape};
use serde::Serialize;

use crate::archive::Site;

/// Blocks of the dictionary after which what was read is given back.
const BLOCKS_HELD: usize = 64;

/// The lists of one field, those of one message among them, which stand in the dictionary.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) lists: u64,
    /// Messages in them.
    pub(crate) postings: u64,
    /// Bytes that tell messages and counts.
    pub(crate) list_bytes: u64,
    pub(crate) list_bound: u64,
    pub(crate) position_bytes: u64,
    pub(crate) position_bound: u64,
}

/// Reads every list of the site.
pub(crate) fn fields(site: &mut Site) -> Result<Vec<Field>> {
    let sizes: Vec<u32> = site.archive().fronts().map(|front| front.n_docs).collect();
    let mut fields: BTreeMap<Kind, Field> = BTreeMap::new();
    for (segment, n_docs) in sizes.into_iter().enumerate() {
        let tallies: RefCell<BTreeMap<Kind, Tally>> = RefCell::default();
        for block in 0.. {
            let more = site.ask(|archive| {
                archive.lists(segment, block, |_, kind, list, postings| {
                    tallies.borrow_mut().entry(kind).or_default().add(list, &postings, n_docs);
                })
            })?;
            if !more {
                break;
            }
            if block % BLOCKS_HELD == BLOCKS_HELD - 1 {
                site.forget()?;
            }
        }
        for (kind, tally) in tallies.into_inner() {
            tally.end(fields.entry(kind).or_insert_with(|| Field { name: name(kind), ..Field::default() }));
        }
    }
    Ok(fields.into_values().collect())
}

/// What is summed up over the lists of one field in one segment; bounds in bits.
#[derive(Debug, Default)]
struct Tally {
    field: Field,
    ids: f64,
    positions: f64,
    /// How often each triple of counts stands.
    counts: BTreeMap<[u32; 3], u64>,
    /// Words of each message in head, own and quoted words.
    lengths: Vec<[u32; 3]>,
}

impl Tally {
    fn add(&mut self, list: &ListRef, postings: &Postings, n_docs: u32) {
        let (bytes, position_bytes) = list.lengths();
        self.field.lists += 1;
        self.field.postings += u64::from(list.n);
        self.field.list_bytes += bytes;
        self.field.position_bytes += position_bytes;
        let n = list.n.min(n_docs);
        self.ids += log2_factorial(n_docs) - log2_factorial(n) - log2_factorial(n_docs - n);
        if list.shape == Shape::Bare {
            return;
        }
        self.lengths.resize(n_docs as usize, [0; 3]);
        let mut told = postings.counts.iter();
        for (&doc, mask) in postings.docs.iter().zip(&postings.masks) {
            let counts =
                REGIONS.map(|region| if mask & region > 0 { told.next().map_or(0, |n| *n) } else { 0 });
            *self.counts.entry(counts).or_default() += 1;
            for (length, count) in self.lengths[doc as usize].iter_mut().zip(counts) {
                *length = length.saturating_add(count);
                self.positions -= log2_factorial(count);
            }
        }
    }

    fn end(mut self, field: &mut Field) {
        self.positions += self.lengths.iter().flatten().map(|length| log2_factorial(*length)).sum::<f64>();
        let postings = self.counts.values().sum::<u64>() as f64;
        let counts: f64 = self.counts.values().map(|&n| n as f64 * (postings / n as f64).log2()).sum();
        field.lists += self.field.lists;
        field.postings += self.field.postings;
        field.list_bytes += self.field.list_bytes;
        field.position_bytes += self.field.position_bytes;
        field.list_bound += ((self.ids + counts) / 8.0) as u64;
        field.position_bound += (self.positions / 8.0) as u64;
    }
}

/// The binary logarithm of a factorial, by Stirling's formula: within 0.004 bits.
fn log2_factorial(n: u32) -> f64 {
    if n < 2 {
        return 0.0;
    }
    let n = f64::from(n);
    let natural = n * n.ln() - n + (std::f64::consts::TAU * n).ln() / 2.0 + 1.0 / (12.0 * n);
    natural * std::f64::consts::LOG2_E
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Any => "any",
        Kind::Subject => "subject",
        Kind::From => "from",
        Kind::To => "to",
        Kind::Cc => "cc",
        Kind::Bcc => "bcc",
        Kind::File => "file",
        Kind::State => "state",
        Kind::Attachment => "attachment",
        Kind::Delivered => "delivered",
    }
}

#[cfg(test)]
mod tests {
    use maildex_core::format::list::ListBytes;

    use super::*;

    #[test]
    fn factorials() {
        for (n, bits) in [(0, 0.0), (1, 0.0), (2, 1.0), (5, 6.9069), (100, 524.7650)] {
            assert!((log2_factorial(n) - bits).abs() < 0.004, "{n}");
        }
    }

    #[test]
    fn bounds_of_few_lists() {
        let list = |n| ListRef {
            shape: Shape::Field,
            n,
            bytes: ListBytes::Inline { list: [0; 3].into(), positions: [0; 2].into() },
        };
        let mut tally = Tally::default();
        // Two of eight messages are 28 sets; in message 3 one word stands twice and one once: three ways.
        let postings = |docs: &[u32], counts: &[u32]| Postings {
            docs: docs.to_vec(),
            masks: vec![1; docs.len()],
            counts: counts.to_vec(),
            positions: Vec::new(),
        };
        tally.add(&list(2), &postings(&[3, 5], &[2, 1]), 8);
        tally.add(&list(1), &postings(&[3], &[1]), 8);
        assert!((tally.ids - 28f64.log2() - 3.0).abs() < 0.02, "{}", tally.ids);
        let mut field = Field::default();
        tally.end(&mut field);
        // 4.8 + 3 bits of messages, 2.75 of counts; 1.6 of positions.
        assert_eq!((field.list_bound, field.position_bound), (1, 0));
        assert_eq!((field.lists, field.postings, field.list_bytes, field.position_bytes), (2, 3, 6, 4));
    }
}
