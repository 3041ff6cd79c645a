//! What whoever adds to an archive asks of it: whether a message is here already, and which ones it belongs to.

use super::{Archive, Step};
use crate::error::Error;
use crate::format::front::MessageKind;
use crate::format::line::Line;
use crate::format::record::Record;
use crate::segment::{Segment, all};

impl Archive {
    /// What a result shows of the message with a key.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn line(&self, key: u64) -> Result<Step<Option<Line>>, Error> {
        self.step(|| Ok(self.find(key)?.map(|(.., line)| line)))
    }

    /// The keys of the messages here that have a Message-ID, or copies that have it.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn with_id(&self, id: &str) -> Result<Step<Vec<u64>>, Error> {
        self.step(|| {
            let keys = all(self.messages_here().map(|segment| {
                let docs = segment.with_id(id)?;
                all(docs.into_iter().map(|doc| segment.line(doc).map(|line| line.key)))
            }))?;
            Ok(keys.concat())
        })
    }

    /// What a result shows of all messages here whose ordering date is exactly this one; without one, of those that
    /// have none.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn dated(&self, date: Option<i64>) -> Result<Step<Vec<Line>>, Error> {
        self.step(|| {
            let lines = all(self.messages_here().map(|segment| {
                let docs = match date {
                    None => 0..segment.front.n_undated,
                    Some(date) if date < segment.front.first_date || date > segment.front.last_date => 0..0,
                    Some(date) => {
                        let (from, until) =
                            (segment.first_at(date), segment.first_at(date.saturating_add(1)));
                        from?..until?
                    }
                };
                all(docs.map(|doc| segment.line(doc)))
            }))?;
            Ok(lines.concat())
        })
    }

    /// Message `doc` of a segment.
    ///
    /// # Errors
    /// If the archive is broken or has no such message.
    pub fn nth(&self, segment: usize, doc: u32) -> Result<Step<(Line, Record)>, Error> {
        self.step(|| {
            let own = self.nth_segment(segment)?;
            let line = own.line(doc)?;
            let record = own.record(&line)?;
            Ok((line, record))
        })
    }

    fn messages_here(&self) -> impl Iterator<Item = &Segment> {
        self.segments.iter().filter(|segment| segment.front.kind == MessageKind::Message)
    }
}
