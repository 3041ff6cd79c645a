//! Threads by References and In-Reply-To, with a place kept for every message that is referenced and not here.
//!
//! The method is that of RFC 5256 (REFERENCES), which is Jamie Zawinski's, with the parts that depend on the order of
//! arrival replaced, so that the same set of messages always gives the same threads:
//!
//! 1. A message hangs under the last id it refers to. This is its own word and nobody else's overrides it. Where such
//!    links close a circle, the message that is last by (date, key) loses its link.
//! 2. An id that no message here bears (a *ghost*), or a message that refers to nothing, hangs under the id before it
//!    in the References of the first message, by (date, key), that names both. These links give way in a circle.
//! 3. A Message-ID borne by several messages belongs to the first by (date, key). The others (*imposters*) follow
//!    their own references, or else stand under the first.
//! 4. A message that refers to nothing stands under the first one of its conversation, where a mail program says which
//!    that is ([`Item::conversation`]), marked as guessed.
//! 5. A reply that refers to nothing may be put by its subject, marked as guessed too ([`MergeSubjects`]); but never in
//!    another conversation than the one it is said to belong to.
//!
//! [`Threader::add`] keeps numbers only, about a hundred bytes a message; texts are kept for ids that were referred
//! to before their message came. Every step is linear or a sort, and none recurses.

mod conversations;
mod forest;
mod ids;
mod links;
mod mentions;
mod subjects;
mod tops;

use crate::message::Message;
use ids::Ids;

pub use forest::{Node, Thread, Threads, Who};
#[cfg(not(target_family = "wasm"))]
pub(crate) use ids::normal_id;
pub use mentions::Mention;

/// No node, no item: the last value of an index.
const NONE: u32 = u32::MAX;

/// The date of a message without one: the lowest, because undated messages have the lowest ids of an archive.
const UNDATED: i64 = i64::MIN;

/// How long after another a reply without references may come and still be taken for its reply, in days. A choice:
/// discussions on the lists that were looked at rarely pause for longer, and recurring subjects mostly do.
pub(crate) const GUESS_DAYS: u32 = 14;

/// What a message says about its place among the others.
#[derive(Debug, Clone, Copy, Default)]
pub struct Item<'a> {
    /// The public key, different for each message: it decides between equal dates.
    pub key: u64,
    /// The ordering date in seconds since 1970.
    pub date: Option<i64>,
    /// The id it bears.
    pub message_id: Option<&'a str>,
    /// The ids of References, in order.
    pub references: &'a [String],
    /// The ids of In-Reply-To, in order.
    pub in_reply_to: &'a [String],
    /// The base subject (RFC 5256 §2.1); messages with an empty one are never joined by subject.
    pub base_subject: &'a str,
    /// The subject says that this is a reply or forward.
    pub is_reply: bool,
    /// The addresses of sender and recipients.
    pub people: &'a [&'a str],
    /// What messages of one conversation share, as a mail program says (`X-GM-THRID`).
    pub conversation: Option<u64>,
}

/// What is done with messages that References and In-Reply-To leave alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether equal subjects join threads.
    pub merge_subjects: MergeSubjects,
    /// Where a message goes whose id an earlier one has.
    pub imposters: Imposters,
    /// Which missing messages keep a place.
    pub ghosts: Ghosts,
}

impl Options {
    /// The letter of RFC 5256, for comparison with mail servers.
    pub fn rfc5256() -> Options {
        Options {
            merge_subjects: MergeSubjects::Rfc5256,
            imposters: Imposters::Apart,
            ghosts: Ghosts::Rfc5256,
        }
    }
}

/// Whether equal subjects join threads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeSubjects {
    /// They do not.
    Never,
    /// Any two threads whose first messages have the same base subject (RFC 5256, step 5).
    Rfc5256,
    /// A reply that refers to nothing joins the thread of the latest message before it with the same base subject and
    /// a person in common, if that is at most so many days older.
    Guess {
        /// The limit.
        days: u32,
    },
}

impl Default for MergeSubjects {
    fn default() -> MergeSubjects {
        MergeSubjects::Guess { days: GUESS_DAYS }
    }
}

/// Where a message goes that bears the id of an earlier one and refers to nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Imposters {
    /// Under the earlier one, where a reader who looks up the id finds both.
    #[default]
    UnderFirst,
    /// In a thread of its own.
    Apart,
}

/// Which messages that are not here keep a place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ghosts {
    /// All above a message that is here: the reader should see that a thread starts with a message that is missing.
    #[default]
    Keep,
    /// Only those at the top with two or more answers (RFC 5256, step 3).
    Rfc5256,
}

/// Collects what is needed of each message, then makes the threads.
#[derive(Default)]
pub struct Threader {
    ids: Ids,
    people: Ids,
    /// By id: the first item, by (date, key), that bears it, or [`NONE`].
    owners: Vec<u32>,
    items: Vec<Kept>,
    /// The references of all items, one after the other, each followed by its In-Reply-To.
    references: Vec<u32>,
    /// The people of all items, one after the other.
    participants: Vec<u32>,
}

/// What is kept of an item. The end of its lists is where those of the next begin.
struct Kept {
    date: i64,
    key: u64,
    /// A hash of the base subject; 0 if that is empty.
    subject: u64,
    /// The conversation; 0 if none is known.
    conversation: u64,
    references: usize,
    participants: u32,
    id: u32,
    n_in_reply_to: u8,
    is_reply: bool,
}

/// How many ids of In-Reply-To are looked at: it holds one, or a phrase with an address and one.
const MAX_IN_REPLY_TO: usize = 4;

/// Makes threads of messages that are all in memory; [`Node::who`] gives positions in `items`.
pub fn thread(items: &[Item], options: &Options) -> Threads {
    let mut threader = Threader::default();
    for item in items {
        threader.add(item);
    }
    threader.finish(options)
}

impl Threader {
    /// Takes note of a message and returns its number: 0, 1, 2 … in the order of the calls.
    pub fn add(&mut self, item: &Item) -> u32 {
        let number = index(self.items.len());
        let id = item.message_id.and_then(|id| self.ids.own(id)).unwrap_or(NONE);
        let references = self.references.len();
        self.references.extend(item.references.iter().filter_map(|id| self.ids.mention(id)));
        let in_reply_to = self.references.len();
        self.references
            .extend(item.in_reply_to.iter().take(MAX_IN_REPLY_TO).filter_map(|id| self.ids.mention(id)));
        let participants = index(self.participants.len());
        self.participants.extend(item.people.iter().filter_map(|person| self.people.own(person)));
        self.items.push(Kept {
            date: item.date.unwrap_or(UNDATED),
            key: item.key,
            subject: ids::subject_hash(item.base_subject),
            conversation: item.conversation.unwrap_or(0),
            references,
            participants,
            id,
            n_in_reply_to: (self.references.len() - in_reply_to) as u8,
            is_reply: item.is_reply,
        });
        self.owners.resize(self.ids.len(), NONE);
        if id != NONE {
            let owner = self.owners[id as usize];
            if owner == NONE || self.order_of(number) < self.order_of(owner) {
                self.owners[id as usize] = number;
            }
        }
        number
    }

    /// Takes note of a parsed message whose base subject is known.
    pub fn add_message(&mut self, key: u64, message: &Message, base_subject: &str, is_reply: bool) -> u32 {
        let boxes = [&message.from, &message.to, &message.cc, &message.bcc];
        let people: Vec<&str> = boxes.into_iter().flatten().map(|mailbox| mailbox.address.as_str()).collect();
        self.add(&Item {
            key,
            date: message.date.order,
            message_id: message.message_id.as_deref(),
            references: &message.references,
            in_reply_to: &message.in_reply_to,
            base_subject,
            is_reply,
            people: &people,
            conversation: message.conversation(),
        })
    }

    /// Makes the threads of all messages that were added.
    pub fn finish(self, options: &Options) -> Threads {
        let mut forest = links::link(&self, options.imposters);
        if options.ghosts == Ghosts::Rfc5256 {
            forest.prune_ghosts();
        }
        conversations::join(&self, &mut forest);
        match options.merge_subjects {
            MergeSubjects::Never => {}
            MergeSubjects::Rfc5256 => subjects::merge_roots(&self, &mut forest),
            MergeSubjects::Guess { days } => subjects::guess(&self, &mut forest, days),
        }
        forest.lay_out(&self)
    }

    /// What messages are ordered by everywhere: the date, then the key. The number only decides between equal keys,
    /// which the caller promised not to give.
    fn order_of(&self, item: u32) -> (i64, u64, u32) {
        let kept = &self.items[item as usize];
        (kept.date, kept.key, item)
    }

    /// The items by (date, key).
    fn in_order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..index(self.items.len())).collect();
        order.sort_unstable_by_key(|&item| self.order_of(item));
        order
    }

    fn people_of(&self, item: u32) -> &[u32] {
        let start = self.items[item as usize].participants as usize;
        let end = self
            .items
            .get(item as usize + 1)
            .map_or(self.participants.len(), |next| next.participants as usize);
        &self.participants[start..end]
    }

    /// The id that an item answers: the last of its References. An id of In-Reply-To that is not among them comes
    /// first if its message is here; otherwise it counts only if there are no References: some programs invent it.
    fn answered(&self, item: u32) -> Option<u32> {
        let (references, in_reply_to) = self.references_of(item);
        let mut candidates = in_reply_to.iter().copied().filter(|&id| self.is_usable(item, id));
        let here = candidates.clone().find(|&id| self.is_here(id)).filter(|id| !references.contains(id));
        here.or_else(|| self.chain_of(item).last()).or_else(|| candidates.next())
    }

    /// The References of an item, the nearest last.
    fn chain_of(&self, item: u32) -> impl Iterator<Item = u32> + '_ {
        self.references_of(item).0.iter().copied().filter(move |&id| self.is_usable(item, id))
    }

    /// References and In-Reply-To as they were given.
    fn references_of(&self, item: u32) -> (&[u32], &[u32]) {
        let kept = &self.items[item as usize];
        let end = self.items.get(item as usize + 1).map_or(self.references.len(), |next| next.references);
        self.references[kept.references..end]
            .split_at(end - kept.references - usize::from(kept.n_in_reply_to))
    }

    /// Old programs write `In-Reply-To: Message from Ann <ann@example.org> of …`: an address that someone here has is
    /// no message, or all answers to Ann were one thread.
    fn is_usable(&self, item: u32, id: u32) -> bool {
        let is_address = || self.people.knows(self.ids.hash_of(id));
        id != self.items[item as usize].id && (self.is_here(id) || !is_address())
    }

    fn is_here(&self, id: u32) -> bool {
        self.owners[id as usize] != NONE
    }
}

/// An index as it is kept.
fn index(n: usize) -> u32 {
    u32::try_from(n).ok().filter(|&n| n != NONE).expect("fewer than 2^32 - 1 messages, ids and people")
}

#[cfg(test)]
mod tests;
