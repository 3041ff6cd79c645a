//! The terms of a run: a hash table of numbers into one buffer of keys, because a box for every key is most of the
//! time of inverting, spent on waiting for memory.

use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Terms, numbered in the order in which they came.
#[derive(Default)]
pub(super) struct Terms {
    /// The upper half of a term's hash above one more than its number; 0 is free. Open addressing.
    slots: Vec<u64>,
    keys: Vec<u8>,
    /// Where each term ends in `keys`.
    ends: Vec<u32>,
}

impl Terms {
    /// The number of a term, and whether it is new.
    pub(super) fn number(&mut self, key: &[u8]) -> (u32, bool) {
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash(key);
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let found = self.slots[slot];
            if found == 0 {
                let number = u32::try_from(self.ends.len()).expect("a run is flushed long before");
                self.keys.extend_from_slice(key);
                self.ends.push(u32::try_from(self.keys.len()).expect("a run is flushed long before"));
                self.slots[slot] = hash & UPPER | u64::from(number + 1);
                return (number, true);
            }
            let number = found as u32 - 1;
            if found & UPPER == hash & UPPER && self.key(number) == key {
                return (number, false);
            }
            slot = (slot + 1) & mask;
        }
    }

    pub(super) fn key(&self, number: u32) -> &[u8] {
        let start = if number == 0 { 0 } else { self.ends[number as usize - 1] };
        &self.keys[start as usize..self.ends[number as usize] as usize]
    }

    /// All numbers in the order of their keys.
    pub(super) fn sorted(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = (0..self.ends.len() as u32).collect();
        numbers.sort_unstable_by_key(|number| self.key(*number));
        numbers
    }

    /// Bytes that it takes.
    pub(super) fn memory(&self) -> usize {
        self.slots.capacity() * 8 + self.keys.capacity() + self.ends.capacity() * 4
    }

    fn grow(&mut self) {
        let n = (self.slots.len() * 2).max(1 << 10);
        let mut slots = vec![0; n];
        for number in 0..self.ends.len() as u32 {
            let hash = hash(self.key(number));
            let mut slot = hash as usize & (n - 1);
            while slots[slot] != 0 {
                slot = (slot + 1) & (n - 1);
            }
            slots[slot] = hash & UPPER | u64::from(number + 1);
        }
        self.slots = slots;
    }
}

const UPPER: u64 = !(u32::MAX as u64);

fn hash(key: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(key);
    hasher.finish()
}

#[cfg(test)]
mod tests;
