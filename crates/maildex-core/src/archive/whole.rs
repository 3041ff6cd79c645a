//! All that a segment holds, for whoever writes it anew or asks where its bytes go.

use super::{Archive, Step};
use crate::error::{Error, Outcome, corrupt};
use crate::format::block::SectionId;
use crate::format::column::{ColumnId, days_after};
use crate::format::dictionary::Kind;
use crate::format::kept::KeptFile;
use crate::format::key::all_hashes;
use crate::format::line::Line;
use crate::format::list::{ListRef, Postings};
use crate::format::record::{RECORDS, Record};
use crate::segment::{Segment, all};

/// A message with all that its segment tells of it besides its words and its thread.
#[derive(Debug, Clone)]
pub struct Whole {
    /// Its number in the segment.
    pub doc: u32,
    /// What a result shows of it.
    pub line: Line,
    /// The record, with the text.
    pub record: Record,
    /// The HTML, if it has one.
    pub html: Option<String>,
    /// The raw message: its SHA-256, and where it is kept. `None` where the archive tells neither.
    pub original: Option<KeptFile>,
    /// Where each attachment is kept.
    pub attachments: Vec<Option<KeptFile>>,
    /// The class of its length ([`crate::format::column::length_class`]).
    pub length: u32,
    /// When it was delivered, in days after its ordering date.
    pub delivered: Option<i64>,
}

impl Archive {
    /// Calls `visit` with every list of the terms in one block of a segment's dictionary, in order: the term, the kind, where
    /// the list lies, and what it says. Gives false if there is no such block.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn lists(
        &self,
        segment: usize,
        block: usize,
        mut visit: impl FnMut(&[u8], Kind, &ListRef, Postings),
    ) -> Result<Step<bool>, Error> {
        self.step(|| self.nth_segment(segment)?.lists(block, &mut visit))
    }

    /// The lines of the page that message `doc` of a segment is on.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn page(&self, segment: usize, doc: u32) -> Result<Step<Vec<Line>>, Error> {
        self.step(|| self.nth_segment(segment)?.page(doc))
    }

    /// All messages of a segment whose records lie in one block with that at `place`. `order` are all its messages by
    /// their places.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn wholes(&self, segment: usize, order: &[u32], place: u32) -> Result<Step<Vec<Whole>>, Error> {
        self.step(|| wholes(self.nth_segment(segment)?, order, place))
    }

    /// The table of a segment's Message-IDs: the upper bits of each hash, and a message that has it, or a copy that has.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn ids(&self, segment: usize) -> Result<Step<Vec<(u64, u32)>>, Error> {
        self.step(|| {
            let own = self.nth_segment(segment)?;
            all_hashes(&own.resident, SectionId::Ids, own.n_docs())
        })
    }
}

fn wholes(own: &Segment, order: &[u32], place: u32) -> Outcome<Vec<Whole>> {
    let located = own.front.records.locate(&own.resident, u64::from(place))?;
    // A forged table makes one block of all.
    if located.next - located.first > RECORDS as u64 {
        return Ok(corrupt("a block of records")?);
    }
    let until = (located.next as usize).min(order.len());
    let docs = order.get(located.first as usize..until).unwrap_or_default();
    // What any of them misses is asked for in the same round.
    let told = own.records_of(place, all(docs.iter().map(|&doc| own.line(doc))));
    let texts = texts(own, located.first, until as u64);
    let columns = (own.column_of(ColumnId::Length, docs), own.column_of(ColumnId::Received, docs));
    let (lines, records) = told?;
    let html = all(lines.iter().map(|line| if line.html { own.html(line.place) } else { Ok(None) }));
    let files = all(lines.iter().zip(&records).map(|(line, record)| {
        let attachments = all((0..record.attachments.len()).map(|number| own.attachment(record, number)));
        Ok((own.original(line.place, record)?, attachments?))
    }));
    let (texts, lengths, deliveries, html, files) = (texts?, columns.0?, columns.1?, html?, files?);
    let bodies = lines.into_iter().zip(records).zip(texts).zip(html).zip(files);
    let numbers = docs.iter().zip(lengths.into_iter().zip(deliveries));
    let wholes = bodies.zip(numbers).map(|((body, (original, attachments)), (&doc, (length, delivery)))| {
        let (((line, mut record), text), html) = body;
        record.text = text;
        Whole { doc, line, record, html, original, attachments, length, delivered: days_after(delivery) }
    });
    let wholes: Vec<Whole> = wholes.collect();
    // A forged archive has fewer of one than of another, and dates outside of those that its front tells.
    let front = &own.front;
    let is_sound = |whole: &Whole| match whole.line.date {
        None => whole.doc < front.n_undated,
        Some(date) => whole.doc >= front.n_undated && (front.first_date..=front.last_date).contains(&date),
    };
    let is_whole = !docs.is_empty() && wholes.len() == docs.len() && wholes.iter().all(is_sound);
    if is_whole { Ok(wholes) } else { Ok(corrupt("a block of records")?) }
}

/// The texts from one place up to another.
fn texts(own: &Segment, from: u64, until: u64) -> Outcome<Vec<String>> {
    let mut blocks = Vec::new();
    let mut at = from;
    while at < until {
        let located = own.front.texts.locate(&own.resident, at)?;
        let (skip, n) = ((at - located.first) as usize, (until - at) as usize);
        let texts = own.text_block(at as u32);
        blocks.push(texts.map(|texts| texts.into_iter().skip(skip).take(n).collect::<Vec<_>>()));
        at = located.next;
    }
    Ok(all(blocks.into_iter())?.concat())
}
