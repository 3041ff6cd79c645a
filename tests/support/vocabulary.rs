//! The words of an archive as numbers, so that scanning compares numbers.

use std::collections::BTreeMap;

/// The number of a word.
pub(crate) type Word = u32;

/// All words, sorted, each with its number.
#[derive(Default)]
pub(crate) struct Vocabulary {
    numbers: BTreeMap<Box<str>, Word>,
}

impl Vocabulary {
    /// The number of a word, a new one if it is new.
    pub(crate) fn add(&mut self, word: &str) -> Word {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = Word::try_from(self.numbers.len()).expect("fewer than 2^32 words");
        self.numbers.insert(word.into(), number);
        number
    }

    /// The numbers, sorted, of all words that pass.
    pub(crate) fn filter(&self, passes: impl Fn(&str) -> bool) -> Vec<Word> {
        let mut found: Vec<Word> =
            self.numbers.iter().filter(|(word, _)| passes(word)).map(|(_, &number)| number).collect();
        found.sort_unstable();
        found
    }

    /// The numbers, sorted, of a word or of all words that begin with it.
    pub(crate) fn find(&self, word: &str, is_prefix: bool) -> Vec<Word> {
        if !is_prefix {
            return self.numbers.get(word).copied().into_iter().collect();
        }
        let from_here =
            self.numbers.range::<str, _>((core::ops::Bound::Included(word), core::ops::Bound::Unbounded));
        let mut found: Vec<Word> =
            from_here.take_while(|(other, _)| other.starts_with(word)).map(|(_, &number)| number).collect();
        found.sort_unstable();
        found
    }
}
