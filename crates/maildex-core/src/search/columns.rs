//! Orders that a column gives, and one line for each thread. All hits are needed for either, so every list of the query is
//! read whole, and the runs of the column that hold a hit.

use super::facets::hits;
use super::order::{Hit, Sort, found, merge};
use super::plan::Plan;
use crate::error::Outcome;
use crate::format::column::ColumnId;
use crate::format::people::read_sender;
use crate::order_by::{order_by_text, order_pairs, pair};
use crate::segment::{Segment, all};
use crate::text::fold;

/// The first `until` hits in order, and the total.
pub(crate) fn by_column(
    segments: &[Segment],
    plans: &[Plan],
    sort: Sort,
    until: usize,
) -> Outcome<(Vec<Hit>, Option<u64>)> {
    let mut lists = all(segments.iter().zip(plans).map(|(segment, plan)| in_order(segment, plan, sort)))?;
    let total = lists.iter().map(|docs| docs.len() as u64).sum();
    lists.iter_mut().for_each(|docs| docs.truncate(until));
    Ok((merge(segments, &lists, sort, until)?, Some(total)))
}

/// All hits of a segment by a column.
fn in_order(segment: &Segment, plan: &Plan, sort: Sort) -> Outcome<Vec<u32>> {
    let docs: Vec<u32> = hits(segment, plan)?.ids().collect();
    let values = segment.column_of(column(sort), &docs)?;
    let rank = |value: u32| match sort {
        Sort::Size => u32::MAX - value,
        // 0 is none, and last.
        _ => value.wrapping_sub(1),
    };
    // Of those with the same value the newest is first.
    let mut rows: Vec<(u32, u32)> = values.into_iter().map(rank).zip(docs).collect();
    order_pairs(&mut rows, |(rank, doc)| pair((rank, u32::MAX - doc)));
    Ok(rows.into_iter().map(|(_, doc)| doc).collect())
}

fn column(sort: Sort) -> ColumnId {
    match sort {
        Sort::Size => ColumnId::Size,
        Sort::Sender => ColumnId::Sender,
        _ => ColumnId::Subject,
    }
}

/// What hits of several segments are sorted by, as numbers: a rank in a segment's column means nothing in another.
pub(crate) fn values(segments: &[Segment], lists: &[Vec<u32>], sort: Sort) -> Outcome<Vec<Vec<u64>>> {
    let mut values: Vec<Vec<u64>> = lists.iter().map(|docs| vec![0; docs.len()]).collect();
    if matches!(sort, Sort::Newest | Sort::Oldest | Sort::Relevance) {
        return Ok(values);
    }
    if sort == Sort::Size {
        let sizes = all(segments.iter().zip(lists).map(|(own, docs)| own.column_of(ColumnId::Size, docs)))?;
        return Ok(sizes
            .iter()
            .map(|sizes| sizes.iter().map(|size| u64::MAX - u64::from(*size)).collect())
            .collect());
    }
    let texts = all(segments.iter().zip(lists).flat_map(|(segment, docs)| {
        docs.iter()
            .map(move |&doc| if sort == Sort::Sender { sender(segment, doc) } else { subject(segment, doc) })
    }))?;
    let mut texts: Vec<(String, u64)> = texts.into_iter().zip(0..).collect();
    order_by_text(&mut texts);
    let mut ranks = vec![0; texts.len()];
    let mut rank = 0;
    for (at, (text, number)) in texts.iter().enumerate() {
        if at > 0 && texts[at - 1].0 != *text {
            rank += 1;
        }
        ranks[*number as usize] = if text.is_empty() { u64::MAX } else { rank };
    }
    let mut ranks = ranks.into_iter();
    values.iter_mut().flatten().zip(&mut ranks).for_each(|(value, rank)| *value = rank);
    Ok(values)
}

fn sender(segment: &Segment, doc: u32) -> Outcome<String> {
    let number = segment.column_of(ColumnId::Sender, &[doc])?[0];
    if number == 0 { Ok(String::new()) } else { Ok(read_sender(&segment.resident, number)?.sort_key()) }
}

/// About what the ranks in the column go by: of the marks of replies only the commonest are taken off.
fn subject(segment: &Segment, doc: u32) -> Outcome<String> {
    let mut key = fold(&segment.line(doc)?.subject);
    while let Some(rest) = ["re:", "fw:", "fwd:"].iter().find_map(|mark| key.strip_prefix(mark)) {
        key = rest.trim_start().to_owned();
    }
    Ok(key.trim_start_matches(|c: char| !c.is_alphanumeric()).to_owned())
}

/// Hits of which each is the first of its thread.
#[derive(Debug)]
pub(crate) struct Grouped {
    /// Each with the number of hits in its thread.
    pub(crate) hits: Vec<(Hit, u32)>,
    /// How many hits there are.
    pub(crate) total: u64,
    /// How many threads they are in.
    pub(crate) threads: u64,
}

/// The hits `offset..offset + limit` of those that are the first of their threads. A thread lies within its segment.
pub(crate) fn grouped(
    segments: &[Segment],
    plans: &[Plan],
    sort: Sort,
    offset: usize,
    limit: usize,
) -> Outcome<Grouped> {
    let (all_hits, _) = found(segments, plans, sort, 0, usize::MAX)?;
    let each = all(segments.iter().enumerate().map(|(number, segment)| leaders(segment, number, &all_hits)))?;
    let mut leaders = each.concat();
    order_pairs(&mut leaders, pair);
    let page = leaders.iter().skip(offset).take(limit);
    Ok(Grouped {
        hits: page.map(|&(at, n)| (all_hits[at as usize], n)).collect(),
        total: all_hits.len() as u64,
        threads: leaders.len() as u64,
    })
}

/// Which hits are the first of their threads, each with the number of hits in it.
fn leaders(segment: &Segment, number: usize, hits: &[Hit]) -> Outcome<Vec<(u32, u32)>> {
    let own = (0..).zip(hits).filter(|(_, hit)| hit.segment == number);
    let mut rows: Vec<(u32, u32)> = own.map(|(at, hit)| (hit.doc, at)).collect();
    order_pairs(&mut rows, pair);
    let docs: Vec<u32> = rows.iter().map(|(doc, _)| *doc).collect();
    let threads = segment.column_of(ColumnId::Thread, &docs)?;
    rows.iter_mut().zip(threads).for_each(|(row, thread)| row.0 = thread);
    order_pairs(&mut rows, pair);
    let groups = rows.chunk_by(|a, b| a.0 == b.0);
    Ok(groups.map(|group| (group[0].1, group.len() as u32)).collect())
}

#[cfg(test)]
mod tests;
