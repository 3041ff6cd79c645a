//! Sets of messages within a window of ids.

use core::ops::Range;

/// A set of ids in `lo..hi`, a bit each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bits {
    lo: u32,
    hi: u32,
    words: Vec<u64>,
}

impl Bits {
    pub(crate) fn empty(window: &Range<u32>) -> Bits {
        let n = (window.end - window.start).div_ceil(64) as usize;
        Bits { lo: window.start, hi: window.end, words: vec![0; n] }
    }

    pub(crate) fn full(window: &Range<u32>) -> Bits {
        let mut bits = Bits::empty(window);
        bits.words.fill(u64::MAX);
        bits.trim();
        bits
    }

    /// The ids of `range` within the window.
    pub(crate) fn range(window: &Range<u32>, range: &Range<u32>) -> Bits {
        let mut bits = Bits::empty(window);
        let (from, until) = (range.start.max(window.start), range.end.min(window.end));
        if from < until {
            let (a, b) = (from - window.start, until - window.start);
            for word in a / 64..=(b - 1) / 64 {
                let low = if word == a / 64 { u64::MAX << (a % 64) } else { u64::MAX };
                let high = if word == (b - 1) / 64 { u64::MAX >> (63 - (b - 1) % 64) } else { u64::MAX };
                bits.words[word as usize] = low & high;
            }
        }
        bits
    }

    fn trim(&mut self) {
        let n = (self.hi - self.lo) % 64;
        if let (true, Some(last)) = (n > 0, self.words.last_mut()) {
            *last &= u64::MAX >> (64 - n);
        }
    }

    /// Adds an id; one outside the window is ignored.
    #[inline(always)]
    pub(crate) fn insert(&mut self, id: u32) {
        if id >= self.lo && id < self.hi {
            let at = id - self.lo;
            self.words[(at / 64) as usize] |= 1 << (at % 64);
        }
    }

    /// Adds ids that ascend; those outside the window are ignored.
    #[inline(always)]
    pub(crate) fn insert_all(&mut self, ids: &[u32]) {
        for id in &ids[inside(ids, &(self.lo..self.hi))] {
            let at = id - self.lo;
            self.words[(at / 64) as usize] |= 1 << (at % 64);
        }
    }

    /// Whether there is an id in `first..=last`.
    pub(crate) fn any_in(&self, first: u32, last: u32) -> bool {
        let (from, until) = (first.max(self.lo), last.saturating_add(1).min(self.hi));
        if from >= until {
            return false;
        }
        let (a, b) = (from - self.lo, until - 1 - self.lo);
        let (first_word, last_word) = ((a / 64) as usize, (b / 64) as usize);
        let low = u64::MAX << (a % 64);
        let high = u64::MAX >> (63 - b % 64);
        if first_word == last_word {
            return self.words[first_word] & low & high != 0;
        }
        self.words[first_word] & low != 0
            || self.words[last_word] & high != 0
            || self.words[first_word + 1..last_word].iter().any(|word| *word != 0)
    }

    pub(crate) fn and(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    pub(crate) fn or(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    pub(crate) fn not(&mut self) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self.trim();
    }

    pub(crate) fn len(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// The ids, ascending.
    pub(crate) fn ids(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().zip((self.lo..).step_by(64)).flat_map(|(&word, base)| {
            let mut rest = word;
            core::iter::from_fn(move || {
                let at = rest.trailing_zeros();
                rest &= rest.wrapping_sub(1);
                (at < 64).then_some(base + at)
            })
        })
    }
}

/// Which of ascending ids lie in a window.
#[inline(always)]
pub(crate) fn inside(ids: &[u32], window: &Range<u32>) -> Range<usize> {
    match ids {
        // Almost always all of a block.
        [first, .., last] if *first >= window.start && *last < window.end => 0..ids.len(),
        _ => {
            let first = ids.partition_point(|&id| id < window.start);
            let end = ids.partition_point(|&id| id < window.end);
            first.min(end)..end
        }
    }
}

#[cfg(test)]
mod tests;
