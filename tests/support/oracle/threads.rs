//! Which messages talk to each other. What a thread is, the oracle takes from the build: tests of its own hold that. In a
//! release what documents quote joins them too, so there it takes the trees that a reader is shown.

use std::collections::{BTreeMap, BTreeSet};

use maildex_build::message::{self, Message, subject};
use maildex_build::threads::{Item, Options, Threader};

/// Collects messages, then tells their threads.
#[derive(Default)]
pub(super) struct Conversations {
    threader: Threader,
    /// By message, once they are told.
    threads: Vec<usize>,
    roots: Vec<usize>,
}

impl Conversations {
    /// Adds a message; its number is the count of those before it.
    pub(super) fn add(&mut self, message: &Message) {
        let people: Vec<String> = [&message.from, &message.to, &message.cc, &message.bcc]
            .into_iter()
            .flatten()
            .map(|one| if one.address.is_empty() { one.name.to_lowercase() } else { one.address.clone() })
            .collect();
        let (base_subject, is_reply) = subject::base_subject(&message.subject);
        self.threader.add(&Item {
            key: message::key(message),
            date: message.date.order,
            message_id: message.message_id.as_deref(),
            references: &message.references,
            in_reply_to: &message.in_reply_to,
            base_subject: &base_subject,
            is_reply,
            people: &people.iter().map(String::as_str).collect::<Vec<_>>(),
            conversation: message.conversation(),
        });
    }

    /// Tells the threads of all that were added.
    pub(super) fn settle(&mut self, n_messages: usize) {
        let threads = std::mem::take(&mut self.threader).finish(&Options::default());
        self.threads = vec![usize::MAX; n_messages];
        for (number, thread) in threads.iter().enumerate() {
            self.roots
                .extend(thread.nodes.iter().find_map(|node| node.who.here()).map(|first| first as usize));
            for message in thread.nodes.iter().filter_map(|node| node.who.here()) {
                self.threads[message as usize] = number;
            }
        }
    }

    /// Takes the threads of all messages, a number for each, from elsewhere.
    pub(super) fn take(&mut self, threads: &[u64], roots: Vec<usize>) {
        self.threads = threads.iter().map(|&thread| thread as usize).collect();
        self.roots = roots;
    }

    /// The first message of each thread.
    pub(super) fn roots(&self) -> impl Iterator<Item = usize> {
        self.roots.iter().copied()
    }

    /// Messages whose thread holds others.
    pub(super) fn in_company(&self) -> impl Iterator<Item = usize> {
        let mut sizes = BTreeMap::new();
        self.threads.iter().for_each(|thread| *sizes.entry(*thread).or_insert(0) += 1);
        (0..self.threads.len()).filter(move |&message| sizes[&self.threads[message]] > 1)
    }

    /// The threads of some messages.
    pub(super) fn of(&self, messages: impl Iterator<Item = usize>) -> BTreeSet<usize> {
        messages.map(|number| self.threads[number]).collect()
    }

    /// The messages of some threads.
    pub(super) fn messages(&self, threads: &BTreeSet<usize>) -> BTreeSet<usize> {
        let numbered = self.threads.iter().enumerate();
        numbered.filter(|(_, thread)| threads.contains(thread)).map(|(number, _)| number).collect()
    }
}
