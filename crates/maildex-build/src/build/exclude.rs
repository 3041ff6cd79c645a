//! Messages that a query finds and that are left out. What a query finds depends on the whole archive (threads, copies,
//! folders), so that an archive with everything is built first, asked, and thrown away; then the inputs are read again
//! without what was found. What is left out is never indexed, and nothing is learnt from it.

use crate::build::copies::Copies;
use crate::build::gather::Worked;
use crate::build::reader::SiteReader;
use crate::build::report::Excluded;
use crate::build::site::SiteWriter;
use crate::build::{Attachments, BuildError, BuildOptions, Built, Progress, build_site};
use crate::message::Message;
use maildex_core::query::{Context, Node, Query, Zone, parse};
use maildex_core::text::{RegionKind, regions};
use maildex_core::{Found, Request, Sort};
use rustc_hash::{FxHashMap, FxHashSet};
use std::io;

/// What is left out.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    /// The numbers of its messages in reading order.
    pub(crate) numbers: FxHashSet<u64>,
    /// Their Message-IDs.
    ids: FxHashSet<String>,
    /// How many messages each query found, copies counted once.
    pub(crate) queries: Vec<u64>,
    /// Of all that was read.
    pub(crate) digest: [u8; 32],
}

impl LeftOut {
    /// Whether a message answers one that is left out, and whether it quotes anything.
    pub(crate) fn is_named_by(&self, message: &Message) -> (bool, bool) {
        let mut ids = message.in_reply_to.iter().chain(&message.references);
        let is_named = ids.any(|id| self.ids.contains(id));
        let quotes =
            || regions(&message.text).iter().any(|own| matches!(own.kind, RegionKind::Quoted { .. }));
        (is_named, is_named && quotes())
    }

    /// What the report says: `referring` and `quoting` are kept messages.
    pub(crate) fn report(&self, referring: u64, quoting: u64) -> Excluded {
        Excluded { messages: self.numbers.len() as u64, queries: self.queries.clone(), referring, quoting }
    }
}

/// The messages of an archive by their keys: the number and the Message-ID of each, copies too.
pub(crate) type ByKey = FxHashMap<u64, Vec<(u64, Option<String>)>>;

/// Which messages stand behind each key.
pub(crate) fn by_key(worked: &[Worked], copies: &Copies) -> io::Result<ByKey> {
    let mut all = ByKey::default();
    let own = copies.docs.iter().map(|at| (*at, *at));
    let dropped = copies.dropped.iter().map(|(doc, at)| (copies.docs[*doc as usize], *at));
    for (kept, at) in own.chain(dropped) {
        let key = worked[kept.worker as usize].metas[kept.index as usize].key;
        let of = &worked[at.worker as usize];
        let meta = &of.metas[at.index as usize];
        all.entry(key).or_default().push((meta.number, of.head(meta)?.message_id));
    }
    Ok(all)
}

/// Refuses queries of which a part would not be answered: what they say must be left out would be published.
pub(crate) fn check(options: &BuildOptions) -> Result<(), BuildError> {
    let context = Context { now: options.now, zone: Zone::default(), typing: false };
    options.exclude.iter().try_for_each(|text| read(text, &context).map(drop))
}

fn read(text: &str, context: &Context) -> Result<Query, BuildError> {
    let query = parse(text, context);
    let refuse = |why: &str| BuildError::Query { query: text.to_owned(), why: why.to_owned() };
    if let Some(note) = query.notes.first() {
        return Err(refuse(&note.text));
    }
    match query.root {
        Node::Everything => Err(refuse("it finds everything")),
        _ => Ok(query),
    }
}

/// Finds what is left out, by an archive of everything that is built beside the site and removed.
pub(crate) fn find(options: &BuildOptions, progress: &dyn Progress) -> Result<LeftOut, BuildError> {
    let holder = SiteWriter::new(&options.out)?;
    let whole = BuildOptions {
        // Not right in the holder, which is locked: whoever builds a site locks the folder around it.
        out: holder.scratch().join("before").join("whole"),
        // A query may ask for anything that the inputs hold.
        html: true,
        keep_bcc: true,
        attachments: Attachments::Index,
        originals: false,
        exclude: Vec::new(),
        redact: None,
        masks: None,
        files: Default::default(),
        complete: None,
        ..options.clone()
    };
    let Built { by_key, digest, .. } = build_site(&whole, None, true, &Beforehand(progress))?;
    let mut left_out = LeftOut { digest, ..LeftOut::default() };
    let failed = |source| BuildError::Scratch { path: whole.out.clone(), source };
    let mut site = SiteReader::open(&whole.out).map_err(failed)?;
    for text in &options.exclude {
        let query = read(text, &site.archive().context(options.now, false))?;
        let found = found_by(&mut site, &query).map_err(failed)?;
        let refuse = |why: &str| BuildError::Query { query: text.clone(), why: why.to_owned() };
        // What else is noted says that nothing is there to be left out.
        if let Some(note) = found.notes.first().filter(|_| found.is_cut) {
            return Err(refuse(note));
        }
        for line in &found.lines {
            let copies = by_key.get(&line.key).ok_or_else(|| {
                refuse("it finds messages that are only quoted or named in others; leave out those others")
            })?;
            for (number, id) in copies {
                left_out.numbers.insert(*number);
                left_out.ids.extend(id.clone());
            }
        }
        left_out.queries.push(found.lines.len() as u64);
    }
    Ok(left_out)
}

/// All that a query finds.
fn found_by(site: &mut SiteReader, query: &Query) -> io::Result<Found> {
    let limit = site.segments().iter().map(|segment| segment.messages as usize).sum();
    let request = Request { query, typing: false, sort: Sort::Oldest, offset: 0, limit };
    site.ask(|archive| archive.search(&request))
}

/// Tells of the archive that is thrown away again; that it is done commits to nothing.
struct Beforehand<'a>(&'a dyn Progress);

impl Progress for Beforehand<'_> {
    fn start(&self, phase: &str, total: Option<u64>) {
        self.0.start(&format!("to see what is left out: {phase}"), total);
    }

    fn advance(&self, n: u64, messages: u64) {
        self.0.advance(n, messages);
    }

    fn finish(&self) {
        self.0.finish();
    }
}

#[cfg(test)]
mod tests;
