//! What is not here: messages that are named or quoted and absent, numbers that a series leaves out, and documents that
//! a list names and whose text is not in this copy.

use crate::build::copies::{At, Copies};
use crate::build::gather::{Head, Shelf, Worked};
use crate::build::quoted::{Fate, Quoted};
use crate::build::segment::{Outsider, Told, id_of};
use crate::input::Place;
use crate::message::{self, Identity, Message, subject};
use crate::privacy::Privacy;
use crate::released::Release;
use crate::threads::Mention;
use maildex_core::format::tree::placeholder_key;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Holders that are named: the first ones, and the last.
pub(crate) const NAMED: usize = 20;
/// Numbers that a series may leave out before it is taken for none.
const MAX_SKIPPED: u64 = 1 << 20;

/// Everything known of the messages that are here.
#[derive(Clone, Copy)]
pub(crate) struct Here<'a> {
    pub(crate) worked: &'a [Worked],
    pub(crate) copies: &'a Copies,
}

impl Here<'_> {
    fn at(&self, doc: u32) -> At {
        self.copies.docs[doc as usize]
    }

    fn key(&self, doc: u32) -> u64 {
        self.at(doc).meta(self.worked).key
    }

    fn date(&self, doc: u32) -> Option<i64> {
        self.at(doc).meta(self.worked).date
    }

    fn head(&self, doc: u32) -> io::Result<Head> {
        let at = self.at(doc);
        self.worked[at.worker as usize].head(at.meta(self.worked))
    }

    /// By what a reader cites a message: the number of its document, else its day.
    fn label(&self, doc: u32) -> io::Result<String> {
        let at = self.at(doc);
        let record = self.worked[at.worker as usize].body(at.meta(self.worked))?.record()?;
        let number = record.headers.into_iter().find(|(name, _)| name == "Document").map(|(_, value)| value);
        Ok(number
            .unwrap_or_else(|| self.date(doc).map(|date| time(date)[..10].to_owned()).unwrap_or_default()))
    }

    fn held_by(&self, docs: &[u32]) -> io::Result<Vec<(String, String)>> {
        let last = docs.last().filter(|_| docs.len() > NAMED);
        let named = docs.iter().take(if last.is_some() { NAMED - 1 } else { NAMED }).chain(last);
        named
            .map(|&doc| Ok(pair("Held-By", &format!("{:016x} {}", self.key(doc), self.label(doc)?))))
            .collect()
    }
}

/// The documents of the release that was read whose text is not here, in the order of their numbers.
pub(crate) fn listed(worked: &[Worked], releases: &[Release]) -> Vec<Message> {
    let release = worked.iter().filter_map(|own| own.release).min();
    let Some(release) = release.and_then(|release| releases.get(release)) else { return Vec::new() };
    let here: FxHashSet<&str> = worked.iter().flat_map(|own| &own.documents).map(String::as_str).collect();
    let mut numbers: Vec<&str> = release.tables.links().map(|(number, _)| number).collect();
    numbers.retain(|number| !here.contains(number));
    numbers.sort_unstable();
    numbers.into_iter().map(|number| release.listed(number)).collect()
}

/// What has places in the threads besides messages: quoted ones, then `listed` documents.
pub(crate) fn outsiders(inner: &[Worked], quoted: &Quoted, listed: &[Message]) -> io::Result<Vec<Outsider>> {
    let quoted = quoted.copies.docs.iter().map(|at| {
        let meta = at.meta(inner);
        let head = inner[at.worker as usize].head(meta)?;
        let date = meta.date;
        Ok(Outsider { key: meta.key, date, head, is_earlier: false })
    });
    let listed = listed.iter().map(|message| {
        let (base_subject, is_reply) = subject::base_subject(&message.subject);
        let boxes = [&message.from, &message.to, &message.cc];
        let people = boxes.into_iter().flatten().map(|own| own.name.to_lowercase()).collect();
        let head = Head { base_subject, is_reply, people, ..Head::default() };
        Ok(Outsider { key: message::key(message), date: message.date.order, head, is_earlier: false })
    });
    quoted.chain(listed).collect()
}

/// A message and the ids of what it quotes, in the order of References (RFC 5322 section 3.6.4).
pub(crate) type Chain = (u32, Vec<String>);

/// What each message quotes, and what its record tells of that.
pub(crate) fn chains(
    here: Here<'_>,
    quoted: &Quoted,
    outside: &[Outsider],
    lost: &FxHashMap<u32, Told>,
) -> io::Result<(Vec<Chain>, FxHashMap<u32, Told>)> {
    let mut told: FxHashMap<u32, Told> = FxHashMap::default();
    let mut chains = Vec::with_capacity(quoted.chains.len());
    let n_quoted = quoted.copies.docs.len();
    for (doc, fates) in &quoted.chains {
        let mut ids = Vec::with_capacity(fates.len());
        for fate in fates {
            let (key, id, word) = match *fate {
                Fate::Here(other) => {
                    let id = here.head(other)?.message_id;
                    (here.key(other), id, "here")
                }
                Fate::Listed(number) => (outside[n_quoted + number as usize].key, None, "listed"),
                Fate::Kept(number) => {
                    let missing = lost.get(&number).is_some_and(|told| told.missing);
                    (outside[number as usize].key, None, if missing { "missing" } else { "unread" })
                }
            };
            told.entry(*doc).or_default().headers.push(pair("Quotes", &format!("{key:016x} {word}")));
            ids.push(id.unwrap_or_else(|| id_of(key)));
        }
        ids.reverse();
        // What is quoted twice in one document stands where it is the nearest.
        let mut seen = FxHashSet::default();
        ids = ids.into_iter().rev().filter(|id| seen.insert(id.clone())).collect();
        ids.reverse();
        chains.push((*doc, ids));
    }
    Ok((chains, told))
}

/// What is told of quoted messages: who holds them, and whether they are missing. One whose sender or date could not be
/// read is not said to be: it could not be compared with what is here.
pub(crate) fn tell_quoted(
    here: Here<'_>,
    inner: &[Worked],
    quoted: &Quoted,
) -> io::Result<FxHashMap<u32, Told>> {
    let mut holders: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (doc, fates) in &quoted.chains {
        for fate in fates {
            if let Fate::Kept(number) = fate {
                holders.entry(*number).or_default().push(*doc);
            }
        }
    }
    let mut told = FxHashMap::default();
    for (number, mut docs) in holders {
        docs.dedup();
        let at = quoted.copies.docs[number as usize];
        let meta = at.meta(inner);
        let head = inner[at.worker as usize].head(meta)?;
        let missing = meta.date.is_some() && !head.from.is_empty();
        let mut headers = vec![pair("Known-From", "quoted")];
        headers.extend(here.held_by(&docs)?);
        told.insert(
            number,
            Told {
                missing,
                is: if missing { vec!["missing"] } else { Vec::new() },
                n_holders: docs.len() as u32,
                holder: docs.first().map(|&doc| here.key(doc)),
                headers,
            },
        );
    }
    Ok(told)
}

/// Placeholders: what was put aside of them, and what is told.
pub(crate) struct Placeholders {
    pub(crate) worked: Vec<Worked>,
    pub(crate) copies: Copies,
    pub(crate) told: FxHashMap<u32, Told>,
}

/// Makes the placeholders of ids that are mentioned, of documents that are listed, and of numbers that are skipped.
pub(crate) fn placeholders(
    here: Here<'_>,
    mentions: &[Mention],
    listed: Vec<Message>,
    releases: &[Release],
    scratch: &Path,
    memory: usize,
) -> io::Result<Placeholders> {
    let mut shelf = Shelf::new(scratch, memory, Privacy::new(None, false, [0; 32]))?;
    let mut told = Vec::new();
    // Those of equal dates, and those without one, keep this order, which is that of the numbers.
    let skipped = skipped(here.worked, &listed, releases);
    for message in listed {
        let identity = (Identity::of(&message), [0; 32]);
        let headers = vec![pair("Known-From", "listed")];
        told.push(Told { is: vec!["listed"], headers, ..Told::default() });
        shelf.put(told.len() as u64, identity, message, Place::default(), 0)?;
    }
    for message in skipped {
        let identity = (Identity::of(&message), [0; 32]);
        let headers = vec![pair("Known-From", "skipped")];
        told.push(Told { missing: true, is: vec!["missing", "skipped"], headers, ..Told::default() });
        shelf.put(told.len() as u64, identity, message, Place::default(), 0)?;
    }
    let mut keys = FxHashSet::default();
    for mention in mentions {
        let key = placeholder_key(&mention.id);
        if keys.insert(key) {
            let (message, own) = mentioned(here, mention)?;
            told.push(own);
            let identity = (Identity::of_placeholder(key, &message), [0; 32]);
            shelf.put(told.len() as u64, identity, message, Place::default(), 0)?;
        }
    }
    Placeholders::of_shelf(shelf, told)
}

impl Placeholders {
    /// Those that were put on a shelf, with what is told of each.
    pub(crate) fn of_shelf(shelf: Shelf, told: Vec<Told>) -> io::Result<Placeholders> {
        let worked = vec![shelf.finish()?];
        let copies = Copies::of_groups(&worked, Copies::all(&worked), Vec::new());
        let number = |at: &At| copies.numbers[0][at.index as usize];
        let told = Copies::all(&worked).iter().map(number).zip(told).collect();
        Ok(Placeholders { worked, copies, told })
    }
}

/// A message that is known by its id: it was written before the first that names it, and after those that it answers.
pub(crate) fn mentioned(here: Here<'_>, mention: &Mention) -> io::Result<(Message, Told)> {
    let before = mention.by.iter().filter_map(|&doc| here.date(doc)).min();
    let after = mention.after.iter().filter_map(|&doc| here.date(doc)).max();
    let mut message = Message { message_id: Some(mention.id.clone()), ..Message::default() };
    message.date.order = before;
    // Who answers a message mostly keeps its subject.
    message.subject = here.head(mention.by[0])?.base_subject;
    let mut headers = vec![pair("Known-From", "mentioned")];
    // A clock that was wrong makes the two dates contradict each other; the later one is the surer.
    headers.extend(
        after
            .filter(|after| before.is_some_and(|before| *after <= before))
            .map(|at| pair("Not-Before", &time(at))),
    );
    headers.extend(before.map(|at| pair("Not-After", &time(at))));
    headers.extend(here.held_by(&mention.by)?);
    let told = Told {
        missing: true,
        is: vec!["missing"],
        n_holders: mention.by.len() as u32,
        holder: Some(here.key(mention.by[0])),
        headers,
    };
    Ok((message, told))
}

/// Numbers that are neither here nor listed, between the first and the last of their series, where the release says that
/// its numbers follow each other.
fn skipped(worked: &[Worked], listed: &[Message], releases: &[Release]) -> Vec<Message> {
    let release = worked.iter().filter_map(|own| own.release).min().and_then(|release| releases.get(release));
    let Some(release) = release.filter(|release| release.profile.consecutive) else { return Vec::new() };
    let listed = listed.iter().filter_map(|message| message.document.as_ref()).map(|own| &own.number);
    let mut series: BTreeMap<(&str, usize), Vec<u64>> = BTreeMap::new();
    for number in worked.iter().flat_map(|own| &own.documents).chain(listed) {
        let start = number.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (prefix, digits) = number.split_at(start);
        if let Ok(value) = digits.parse() {
            series.entry((prefix, digits.len())).or_default().push(value);
        }
    }
    let mut skipped = Vec::new();
    for ((prefix, width), mut numbers) in series {
        numbers.sort_unstable();
        numbers.dedup();
        let gaps = numbers.windows(2).flat_map(|two| two[0] + 1..two[1]);
        let n: u64 = numbers.windows(2).map(|two| two[1] - two[0] - 1).sum();
        if n <= MAX_SKIPPED {
            skipped.extend(gaps.map(|value| release.listed(&format!("{prefix}{value:0width$}"))));
        }
    }
    skipped
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// A date as RFC 3339 has it, in UTC.
pub(crate) fn time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map(|time| time.to_string())
        .unwrap_or_else(|_| "0000-00-00".to_owned())
}
