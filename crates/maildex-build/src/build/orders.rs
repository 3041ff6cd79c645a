//! Senders and subjects as numbers in the order of the alphabet, for sorting and counting.

use crate::build::gather::Head;
use crate::message::subject;
use maildex_core::format::people::{Sender, write_people};
use maildex_core::text::{fold, lower};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Collects who sent each message and its subject; memory follows the number of different ones.
#[derive(Default)]
pub(crate) struct Collector {
    identities: BTreeMap<String, u32>,
    /// By sender: the address, and how often each name stands beside it.
    senders: Vec<(String, BTreeMap<String, u32>)>,
    /// By message: the sender.
    sender_of: Vec<Option<u32>>,
    subjects: BTreeMap<String, u32>,
    /// By message: the subject in the order of arrival.
    subject_of: Vec<u32>,
}

/// The columns of senders and subjects, and the payload of the section of people.
pub(crate) struct Orders {
    pub(crate) sender: Vec<u32>,
    pub(crate) subject: Vec<u32>,
    pub(crate) people: Vec<u8>,
}

impl Collector {
    /// Adds the next message.
    pub(crate) fn add(&mut self, head: &Head) {
        let (name, address) = (head.sender.0.trim(), lower(&head.sender.1));
        // One address is one person. Printed mail may have no more than a name, which no address is equal to.
        let identity = if address.is_empty() { format!("\0{}", fold(name)) } else { address.clone() };
        let sender = (!(name.is_empty() && address.is_empty())).then(|| {
            let next = self.senders.len() as u32;
            let number = *self.identities.entry(identity).or_insert(next);
            if number == next {
                self.senders.push((address, BTreeMap::new()));
            }
            if !name.is_empty() {
                *self.senders[number as usize].1.entry(name.to_owned()).or_default() += 1;
            }
            number
        });
        self.sender_of.push(sender);
        let next = self.subjects.len() as u32;
        self.subject_of.push(*self.subjects.entry(subject::sort_key(&head.subject)).or_insert(next));
    }

    /// Puts all in order.
    pub(crate) fn finish(self) -> Orders {
        let senders = self.senders.into_iter().map(|(address, names)| {
            let name = names.into_iter().max_by_key(|(name, n)| (*n, Reverse(name.clone())));
            Sender { name: name.map(|(name, _)| name).unwrap_or_default(), address }
        });
        let mut senders: Vec<(String, Sender, usize)> =
            senders.enumerate().map(|(number, sender)| (sender.sort_key(), sender, number)).collect();
        senders.sort();
        let in_order: Vec<Sender> = senders.iter().map(|(_, sender, _)| sender.clone()).collect();
        let (people, numbers) = write_people(&in_order);
        let mut number_of = vec![0; senders.len()];
        for ((.., sender), number) in senders.iter().zip(numbers) {
            number_of[*sender] = number;
        }
        // A message without a subject has rank 0, whether or not there is one.
        let first = u32::from(!self.subjects.contains_key(""));
        let mut rank_of = vec![0; self.subjects.len()];
        for (rank, subject) in (first..).zip(self.subjects.values()) {
            rank_of[*subject as usize] = rank;
        }
        Orders {
            sender: self.sender_of.iter().map(|own| own.map_or(0, |own| number_of[own as usize])).collect(),
            subject: self.subject_of.iter().map(|own| rank_of[*own as usize]).collect(),
            people,
        }
    }
}

#[cfg(test)]
mod tests;
