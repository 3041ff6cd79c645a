//! The placeholders of a site, again: without those whose messages came, with those that new messages mention.

use crate::build::absent::{Here, NAMED, Placeholders, mentioned, time};
use crate::build::copies::Copies;
use crate::build::gather::{Shelf, Worked};
use crate::build::reader::SiteReader;
use crate::build::reopen::message_of;
use crate::build::segment::Told;
use crate::input::Place;
use crate::message::{Identity, Message};
use crate::privacy::Privacy;
use crate::threads::{Mention, normal_id};
use maildex_core::format::front::MessageKind;
use maildex_core::format::line::Line;
use maildex_core::format::record::Record;
use maildex_core::format::tree::placeholder_key;
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::Path;

/// Memory that the index of placeholders may take.
const MEMORY: usize = 64 << 20;

/// The placeholders as they are with the new messages; `None` if they are as they were.
pub(super) fn again(
    old: &mut SiteReader,
    worked: &[Worked],
    copies: &Copies,
    mentions: &[Mention],
    scratch: &Path,
) -> io::Result<Option<Placeholders>> {
    let come = come(old, worked, copies)?;
    if come.is_empty() && mentions.is_empty() {
        return Ok(None);
    }
    let here = Here { worked, copies };
    let mut rows = before(old)?;
    rows.retain(|row| !come.contains(&row.key));
    let mut place_of: BTreeMap<u64, usize> = rows.iter().map(|row| row.key).zip(0..).collect();
    for mention in mentions {
        let key = placeholder_key(&mention.id);
        let (message, told) = mentioned(here, mention)?;
        match place_of.get(&key) {
            Some(&at) => rows[at].again(&message, &told),
            None => {
                place_of.insert(key, rows.len());
                rows.push(Row { key, message, told });
            }
        }
    }
    let mut shelf = Shelf::new(scratch, MEMORY, Privacy::new(None, false, [0; 32]))?;
    let mut all_told = Vec::new();
    for Row { key, message, told } in rows {
        all_told.push(told);
        let identity = (Identity::of_placeholder(key, &message), [0; 32]);
        shelf.put(all_told.len() as u64, identity, message, Place::default(), 0)?;
    }
    Ok(Some(Placeholders::of_shelf(shelf, all_told)?))
}

/// A placeholder and what is told of it.
struct Row {
    key: u64,
    message: Message,
    told: Told,
}

impl Row {
    /// New messages mention it too.
    fn again(&mut self, message: &Message, told: &Told) {
        let order = &mut self.message.date.order;
        if let Some(date) = message.date.order.filter(|date| order.is_none_or(|own| *date < own)) {
            *order = Some(date);
            let before = self.told.headers.iter_mut().find(|(name, _)| name == "Not-After");
            if let Some((_, value)) = before {
                *value = time(date);
            }
        }
        self.told.n_holders += told.n_holders;
        let own = &mut self.told.headers;
        let is_holder = |(name, _): &&(String, String)| name == "Held-By";
        for holder in told.headers.iter().filter(is_holder) {
            // The first ones are named, and the last.
            if own.iter().filter(is_holder).count() == NAMED
                && let Some(last) = own.iter().rposition(|row| is_holder(&row))
            {
                own.remove(last);
            }
            own.push(holder.clone());
        }
    }
}

/// The keys of placeholders whose messages are among the new ones.
fn come(old: &mut SiteReader, worked: &[Worked], copies: &Copies) -> io::Result<HashSet<u64>> {
    let mut keys = HashSet::new();
    for at in copies.docs.iter().chain(copies.dropped.iter().map(|(_, at)| at)) {
        let head = worked[at.worker as usize].head(at.meta(worked))?;
        let Some(id) = head.message_id else { continue };
        let key = placeholder_key(&normal_id(&id));
        let line = old.ask(|archive| archive.line(key))?;
        if line.is_some_and(|line| line.kind == MessageKind::Placeholder) {
            keys.insert(key);
        }
    }
    Ok(keys)
}

/// The placeholders that the site has, in their order.
fn before(old: &mut SiteReader) -> io::Result<Vec<Row>> {
    let mut rows = Vec::new();
    let kind = MessageKind::Placeholder.name();
    let segments: Vec<(usize, u64)> = (0..)
        .zip(old.segments())
        .filter(|(_, own)| own.kind == kind)
        .map(|(at, own)| (at, own.messages))
        .collect();
    for (segment, n) in segments {
        for doc in 0..u32::try_from(n).map_err(io::Error::other)? {
            let (line, record) = old.ask(|archive| archive.nth(segment, doc))?;
            rows.push(row(&line, record));
        }
    }
    Ok(rows)
}

/// What was told of a placeholder, from its record.
fn row(line: &Line, mut record: Record) -> Row {
    let headers = core::mem::take(&mut record.headers);
    let value =
        |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let is = match value("Known-From") {
        Some("listed") => vec!["listed"],
        Some("skipped") => vec!["missing", "skipped"],
        _ => vec!["missing"],
    };
    let holder = value("Held-By").and_then(|held| u64::from_str_radix(held.split(' ').next()?, 16).ok());
    let told = Told { missing: line.missing, is, n_holders: line.thread_size, holder, headers };
    Row { key: line.key, message: message_of(line, record), told }
}
