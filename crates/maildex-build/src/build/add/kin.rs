//! The messages of a site that stand in one thread with new ones.

use crate::build::DAY;
use crate::build::add::BATCH;
use crate::build::copies::Copies;
use crate::build::gather::{Head, Worked, head_of};
use crate::build::reader::SiteReader;
use crate::build::reopen::message_of;
use crate::build::segment::Outsider;
use crate::threads::{GUESS_DAYS, normal_id};
use maildex_core::format::front::MessageKind;
use maildex_core::format::tree::placeholder_key;
use maildex_core::query::parse;
use maildex_core::text::{regions, tokenize};
use maildex_core::{Request, Sort};
use std::collections::{BTreeSet, HashSet};
use std::io;
use std::ops::RangeInclusive;

/// Messages with one subject that are looked at, the newest: replies that refer to nothing come soon.
const ALIKE: usize = 50;

/// All messages of the threads that new ones refer to, answer by their subjects, are in one conversation with, or are
/// missing in.
pub(super) fn find(old: &mut SiteReader, worked: &[Worked], copies: &Copies) -> io::Result<Vec<Outsider>> {
    let mut kin = Kin { old, keys: BTreeSet::new(), seen: HashSet::new() };
    for (number, at) in copies.docs.iter().enumerate() {
        if number % BATCH == BATCH - 1 {
            kin.old.forget()?;
        }
        let meta = at.meta(worked);
        let head = worked[at.worker as usize].head(meta)?;
        for id in head.message_id.iter().chain(&head.references).chain(&head.in_reply_to) {
            kin.with_id(id)?;
        }
        if let (true, Some(date)) = (head.references.is_empty() && head.in_reply_to.is_empty(), meta.date) {
            // The messages of a conversation share their subject: a program starts another when that changes.
            let oldest = date.saturating_sub(i64::from(GUESS_DAYS) * DAY);
            match head.conversation {
                Some(_) => kin.with_subject(&head, i64::MIN..=date)?,
                None if head.is_reply => kin.with_subject(&head, oldest..=date)?,
                None => {}
            }
        }
    }
    kin.outsiders()
}

struct Kin<'a> {
    old: &'a mut SiteReader,
    /// Of the messages that were found.
    keys: BTreeSet<u64>,
    /// What was looked for.
    seen: HashSet<String>,
}

impl Kin<'_> {
    /// The threads of those that bear an id, or that mention it.
    fn with_id(&mut self, id: &str) -> io::Result<()> {
        if !self.seen.insert(id.to_owned()) {
            return Ok(());
        }
        let normal = normal_id(id);
        let mut keys = self.old.ask(|archive| archive.with_id(id))?;
        if normal != id {
            keys.extend(self.old.ask(|archive| archive.with_id(&normal))?);
        }
        keys.push(placeholder_key(&normal));
        keys.into_iter().try_for_each(|key| self.thread(key))
    }

    /// The threads of the messages that one without references may answer by its subject; which of them it does is
    /// decided with all threads.
    fn with_subject(&mut self, head: &Head, dates: RangeInclusive<i64>) -> io::Result<()> {
        let mut words = Vec::new();
        tokenize(&head.base_subject, &mut |token| words.push(token.text.to_owned()));
        if words.is_empty() {
            return Ok(());
        }
        let query = parse(&format!("subject:\"{}\"", words.join(" ")), &self.old.archive().context(0, false));
        let request = Request { query: &query, typing: false, sort: Sort::Newest, offset: 0, limit: ALIKE };
        let found = self.old.ask(|archive| archive.search(&request))?;
        let near = found.lines.iter().filter(|line| line.date.is_some_and(|own| dates.contains(&own)));
        near.map(|line| line.key).collect::<Vec<_>>().into_iter().try_for_each(|key| self.thread(key))
    }

    fn thread(&mut self, key: u64) -> io::Result<()> {
        if self.keys.contains(&key) {
            return Ok(());
        }
        let thread = self.old.ask(|archive| archive.thread(key))?;
        let lines = thread.into_iter().flat_map(|thread| thread.messages).filter_map(|own| own.line);
        self.keys.extend(lines.filter(|line| line.kind == MessageKind::Message).map(|line| line.key));
        Ok(())
    }

    fn outsiders(self) -> io::Result<Vec<Outsider>> {
        let mut outsiders = Vec::with_capacity(self.keys.len());
        for (number, key) in self.keys.into_iter().enumerate() {
            if number % BATCH == BATCH - 1 {
                self.old.forget()?;
            }
            let Some((line, record)) = self.old.ask(|archive| archive.message(key))? else { continue };
            let message = message_of(&line, record);
            let head = head_of(&message, &regions(&message.text));
            outsiders.push(Outsider { key, date: line.date, head, is_earlier: true });
        }
        Ok(outsiders)
    }
}
