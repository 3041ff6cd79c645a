//! Conversations and the messages in them, as far as later messages need to know them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::calendar::Clock;
use super::people::Person;
use super::rng::tag;

/// A conversation.
pub(super) struct Thread {
    pub(super) seed: u64,
    pub(super) kind: Kind,
    pub(super) subject: String,
    /// The mailing list, or none for letters between `members`.
    pub(super) list: Option<&'static str>,
    pub(super) members: Vec<Rc<Person>>,
    pub(super) began: Clock,
    /// Sentences of the topic that were already said, so that none comes twice in a thread.
    pub(super) said: Said,
    pub(super) n_messages: Cell<u64>,
}

/// What a thread is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Talk on a topic, by index.
    Talk(usize),
    /// Letters in a language, by index.
    Foreign(usize),
    /// The monthly newsletter.
    Newsletter,
}

/// What a thread has heard, so that nothing comes twice.
#[derive(Default)]
pub(super) struct Said {
    /// How many of the topic's sentences and answers were used up.
    pub(super) bodies: Cell<usize>,
    pub(super) replies: Cell<usize>,
    common: RefCell<Vec<u64>>,
}

impl Said {
    /// Notes a common sentence; false if the thread has heard it. Forgets all after 200.
    pub(super) fn note(&self, class: &str, idx: usize) -> bool {
        let key = tag(class).wrapping_add(idx as u64);
        let mut common = self.common.borrow_mut();
        if common.contains(&key) {
            return false;
        }
        if common.len() == 200 {
            common.clear();
        }
        common.push(key);
        true
    }
}

/// A message that was written, as far as answers need it.
pub(super) struct Sent {
    /// With angle brackets; empty if the message went out without one.
    pub(super) id: String,
    pub(super) references: Vec<String>,
    pub(super) author: Rc<Person>,
    pub(super) address: String,
    pub(super) when: Clock,
    pub(super) subject: String,
    /// The text as an answer quotes it: no signature, no planted words.
    pub(super) lines: Vec<String>,
    pub(super) depth: u64,
}
