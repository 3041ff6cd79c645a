//! Quoted messages and their originals: which of them are here, which are one, and which are not here.
//!
//! Two are the same if sender and minute agree, and the subject or half of the words too; or if nearly all of their
//! words stand in the same order and they were sent within a day of each other, whatever a scan made of sender and time.

use crate::build::copies::{At, Copies};
use crate::build::gather::{Head, MAX_QUOTED, Worked};
use crate::message::{Mailbox, Message, subject};
use maildex_core::text::{RegionKind, fold, regions};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};
use std::io;

/// Words of a text that are compared.
const WORDS: usize = 120;
/// Words that are hashed together, so that order counts.
const SHINGLE: usize = 3;
/// A text of fewer shingles says too little by itself.
const TELLING: usize = 10;
/// Seconds between two times of one message, where only the words tell: a scan may have lost a digit of the hour.
const DAY: i64 = 86_400;

/// What became of a message that is quoted inside another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Its original is the message with this number.
    Here(u32),
    /// Its original is on the list of the release, under this number of [`Originals::listed`].
    Listed(u32),
    /// It is the quoted message with this number.
    Kept(u32),
}

/// Quoted messages, sorted out.
#[derive(Default)]
pub(crate) struct Quoted {
    /// Those whose original is not here, as a segment of their own.
    pub(crate) copies: Copies,
    /// By message that quotes, ascending: what it quotes, the outermost first.
    pub(crate) chains: Vec<(u32, Vec<Fate>)>,
}

/// A message as others are compared with it.
struct Facts {
    /// A hash of the sender; 0 if nobody is named.
    sender: u64,
    date: Option<i64>,
    /// A hash of the subject without its marks; 0 for none.
    subject: u64,
    /// Hashes of runs of words, sorted.
    words: Vec<u32>,
}

/// Where originals may be: by sender and minute, and by day.
#[derive(Default)]
struct Index {
    minutes: FxHashMap<(u64, i64), Vec<u32>>,
    days: FxHashMap<i64, Vec<u32>>,
}

impl Index {
    fn add(&mut self, number: u32, sender: u64, date: Option<i64>) {
        let Some(date) = date else { return };
        if sender != 0 {
            self.minutes.entry((sender, date.div_euclid(60))).or_default().push(number);
        }
        self.days.entry(date.div_euclid(DAY)).or_default().push(number);
    }

    /// The first that is the same message; `facts` tells of each what is compared.
    fn find<'a>(
        &self,
        own: &Facts,
        mut facts: impl FnMut(u32) -> io::Result<&'a Facts>,
    ) -> io::Result<Option<u32>> {
        let Some(date) = own.date else { return Ok(None) };
        let same_minute = self.minutes.get(&(own.sender, date.div_euclid(60))).filter(|_| own.sender != 0);
        for &number in same_minute.into_iter().flatten() {
            let other = facts(number)?;
            if own.subject != 0 && own.subject == other.subject || own.shares(other) * 2 >= own.most(other) {
                return Ok(Some(number));
            }
        }
        if own.words.len() < TELLING {
            return Ok(None);
        }
        let day = date.div_euclid(DAY);
        for number in (day - 1..=day + 1).filter_map(|day| self.days.get(&day)).flatten().copied() {
            let other = facts(number)?;
            let near = other.date.is_some_and(|other| other.abs_diff(date) <= DAY as u64);
            if near && other.words.len() >= TELLING && own.shares(other) * 10 >= own.most(other) * 8 {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }
}

impl Facts {
    fn of(sender: &(String, String), date: Option<i64>, base_subject: &str, text: &str) -> Facts {
        Facts { sender: sender_of(sender), date, subject: subject_of(base_subject), words: words_of(text) }
    }

    /// Runs of words that both have.
    fn shares(&self, other: &Facts) -> usize {
        let (mut n, mut at) = (0, other.words.iter().peekable());
        for word in &self.words {
            while at.next_if(|other| *other < word).is_some() {}
            n += usize::from(at.peek() == Some(&word));
        }
        n
    }

    /// Of the shorter of two texts; at least one, so that nothing is the half of nothing.
    fn most(&self, other: &Facts) -> usize {
        self.words.len().min(other.words.len()).max(1)
    }
}

/// Finds originals of all that is `quoted` among the messages and the documents that are `listed`.
pub(crate) fn sort_out(
    messages: &[Worked],
    copies: &Copies,
    quoted: &[Worked],
    listed: &[Message],
) -> io::Result<Quoted> {
    let mut all: Vec<At> = Copies::all(quoted);
    if all.is_empty() {
        return Ok(Quoted::default());
    }
    all.sort_unstable_by_key(|at| at.meta(quoted).number);
    let holders = holders(messages, copies);
    let mut originals = Originals::new(messages, copies, listed)?;
    let mut kept = Kept::default();
    let mut fates: Vec<(u32, Found)> = Vec::with_capacity(all.len());
    for at in all {
        let meta = at.meta(quoted);
        let Some(&holder) = holders.get(&(meta.number / MAX_QUOTED)) else { continue };
        let worked = &quoted[at.worker as usize];
        let head = worked.head(meta)?;
        let body = worked.body(meta)?;
        let facts = Facts::of(&head.sender, meta.date, &head.base_subject, own_words(body.text()?));
        let found = match originals.find(&facts, holder)? {
            Some(fate) => Found::Original(fate),
            None => Found::Kept(kept.add(at, meta.key, facts)?),
        };
        fates.push((holder, found));
    }
    kept.first.sort_by_key(|at| (at.meta(quoted).key, at.meta(quoted).number));
    let copies = Copies::of_groups(quoted, kept.first, kept.again);
    let mut chains: Vec<(u32, Vec<Fate>)> = Vec::new();
    fates.sort_by_key(|(holder, _)| *holder);
    for group in fates.chunk_by(|a, b| a.0 == b.0) {
        let fate = |(_, found): &(u32, Found)| match *found {
            Found::Original(fate) => fate,
            Found::Kept(at) => Fate::Kept(copies.numbers[at.worker as usize][at.index as usize]),
        };
        chains.push((group[0].0, group.iter().map(fate).collect()));
    }
    Ok(Quoted { copies, chains })
}

enum Found {
    Original(Fate),
    Kept(At),
}

/// By number in reading order: the message of the archive, or the one it is a copy of.
fn holders(messages: &[Worked], copies: &Copies) -> FxHashMap<u64, u32> {
    let number = |at: &At| at.meta(messages).number;
    let own = copies.docs.iter().zip(0..).map(|(at, doc)| (number(at), doc));
    own.chain(copies.dropped.iter().map(|(doc, at)| (number(at), *doc))).collect()
}

/// The messages that are here, and the documents on the list.
struct Originals<'a> {
    messages: &'a [Worked],
    copies: &'a Copies,
    here: Index,
    known: FxHashMap<u32, Facts>,
    list: Index,
    listed: Vec<Facts>,
}

impl<'a> Originals<'a> {
    fn new(messages: &'a [Worked], copies: &'a Copies, listed: &[Message]) -> io::Result<Originals<'a>> {
        let (mut here, mut list) = (Index::default(), Index::default());
        for (at, doc) in copies.docs.iter().zip(0..) {
            let meta = at.meta(messages);
            let head = messages[at.worker as usize].head(meta)?;
            here.add(doc, sender_of(&head.sender), meta.date);
        }
        let facts = |message: &Message| {
            let sender =
                message.from.first().map(|Mailbox { name, address }| (name.clone(), address.clone()));
            let base = subject::base_subject(&message.subject).0;
            Facts::of(&sender.unwrap_or_default(), message.date.order, &base, "")
        };
        let listed: Vec<Facts> = listed.iter().map(facts).collect();
        listed.iter().zip(0..).for_each(|(own, number)| list.add(number, own.sender, own.date));
        Ok(Originals { messages, copies, here, known: FxHashMap::default(), list, listed })
    }

    /// The original of what `holder` quotes; a message is not its own original.
    fn find(&mut self, own: &Facts, holder: u32) -> io::Result<Option<Fate>> {
        let (messages, copies, known) = (self.messages, self.copies, &mut self.known);
        // Two passes, because what is compared is read when it is first wanted.
        if let Some(date) = own.date {
            let minute = self.here.minutes.get(&(own.sender, date.div_euclid(60)));
            let day = date.div_euclid(DAY);
            let days = (day - 1..=day + 1).filter_map(|day| self.here.days.get(&day)).flatten();
            let days = days.filter(|_| own.words.len() >= TELLING);
            for &doc in minute.into_iter().flatten().chain(days) {
                if let std::collections::hash_map::Entry::Vacant(place) = known.entry(doc) {
                    place.insert(facts_of(messages, copies, doc)?);
                }
            }
        }
        let nobody = Facts { sender: 0, date: None, subject: 0, words: Vec::new() };
        let found = self.here.find(own, |doc| Ok(if doc == holder { &nobody } else { &self.known[&doc] }))?;
        if let Some(doc) = found {
            return Ok(Some(Fate::Here(doc)));
        }
        Ok(self.list.find(own, |number| Ok(&self.listed[number as usize]))?.map(Fate::Listed))
    }
}

fn facts_of(messages: &[Worked], copies: &Copies, doc: u32) -> io::Result<Facts> {
    let at = copies.docs[doc as usize];
    let (worked, meta) = (&messages[at.worker as usize], at.meta(messages));
    let Head { sender, base_subject, .. } = worked.head(meta)?;
    Ok(Facts::of(&sender, meta.date, &base_subject, own_words(worked.body(meta)?.text()?)))
}

/// Quoted messages whose original is not here: the first of each, and where it is found again.
#[derive(Default)]
struct Kept {
    first: Vec<At>,
    again: Vec<(At, At)>,
    facts: Vec<Facts>,
    index: Index,
    keys: FxHashMap<u64, u32>,
}

impl Kept {
    /// Gives the first of those that are the same.
    fn add(&mut self, at: At, key: u64, facts: Facts) -> io::Result<At> {
        let known = match self.keys.get(&key) {
            Some(&known) => Some(known),
            None => self.index.find(&facts, |number| Ok(&self.facts[number as usize]))?,
        };
        if let Some(known) = known {
            let first = self.first[known as usize];
            self.again.push((first, at));
            return Ok(first);
        }
        let number = self.first.len() as u32;
        self.index.add(number, facts.sender, facts.date);
        self.keys.insert(key, number);
        self.first.push(at);
        self.facts.push(facts);
        Ok(at)
    }
}

/// Addresses tell people apart; printed mail may have no more than a name, of which letters and digits count.
fn sender_of((name, address): &(String, String)) -> u64 {
    let name: String = fold(name).chars().filter(|c| c.is_alphanumeric()).collect();
    if name.is_empty() { hash(&address.to_lowercase()) } else { hash(&name) }
}

fn subject_of(base: &str) -> u64 {
    hash(&fold(base).chars().filter(|c| c.is_alphanumeric()).collect::<String>())
}

/// 0 for the empty text.
fn hash(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish().max(1)
}

/// The text down to what it quotes.
fn own_words(text: &str) -> &str {
    let quoted = regions(text).into_iter().find(|region| matches!(region.kind, RegionKind::Quoted { .. }));
    quoted.map_or(text, |region| &text[..region.range.start])
}

fn words_of(text: &str) -> Vec<u32> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<u64> = words.take(WORDS).map(|word| hash(&fold(word))).collect();
    let run = |run: &[u64]| {
        run.iter().fold(0u64, |all, word| (all.rotate_left(21) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    };
    let mut runs: Vec<u32> = words.windows(SHINGLE).map(|own| (run(own) >> 32) as u32).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}
