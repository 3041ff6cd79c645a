//! The word code of texts: frequent words of an archive become one or two bytes, and the single space between two words
//! goes without saying.
//!
//! A general compressor sees one block at a time and finds no long repetitions in it; most of what it writes tells which
//! common words follow each other. A list of some thousand words, loaded once, says them in less: blocks take a sixth
//! less room than under a trained dictionary alone, and half as many bytes have to be compressed. The code is one of the
//! word replacing transforms (Skibiński, Grabowski and Deorowicz, "Revisiting dictionary-based compression", 2005).

use super::bytes::{ByteReader, ByteWriter};
use super::zstd::MAX_UNPACKED;
use crate::error::{Error, corrupt};

/// The next word of the list begins with a capital.
const CAPITAL: u8 = 1;
/// It is in capitals.
const CAPITALS: u8 = 2;
/// A length and so many bytes as they are.
const AS_IS: u8 = 3;
/// There is no space before the next word of the list.
const JOINED: u8 = 4;
/// It is in small letters although it begins a sentence.
const SMALL: u8 = 5;
/// Bytes from here on begin a word of the list.
const WORD: u8 = 0x80;
/// Bytes that may begin one.
const FIRST: usize = 128;
/// Bytes that may follow those of a word of two bytes.
pub const SECOND: usize = 128;

/// Ends a word in the list.
const END: u8 = b'\n';

/// The longest word of a list, in bytes.
pub const MAX_WORD: usize = 24;
/// The most words.
pub const MAX_WORDS: usize = FIRST * SECOND;

/// Letters make words; every byte of a character outside ASCII counts as one.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80
}

/// What was said last. Before a word of the list, a space goes without saying unless it is `Other`; before any other
/// word, if it is `Listed`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Other,
    Spelled,
    Listed,
    /// A mark that a space follows.
    Pause,
    /// A mark that a space and a capital follow.
    Stop,
}

impl Last {
    fn of(byte: u8) -> Last {
        match byte {
            b',' | b';' | b':' | b')' => Last::Pause,
            b'.' | b'?' | b'!' => Last::Stop,
            _ if is_letter(byte) => Last::Spelled,
            _ => Last::Other,
        }
    }
}

/// The words of a text: runs of ASCII letters and bytes above them.
pub fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| !is_letter(*byte)).filter(|word| !word.is_empty())
}

/// A list of words: those of one byte first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    /// How many words have one byte.
    n_short: usize,
}

impl Words {
    /// How many words of one byte a list of `n` words has, so that all have a code.
    pub fn short(n: usize) -> usize {
        // A first byte that leads to `SECOND` words is none of a word by itself.
        let long = n.saturating_sub(FIRST).div_ceil(SECOND - 1);
        (FIRST - long).min(n)
    }

    /// A list of these words, the most frequent first, without capitals. Words that are too long are refused.
    pub fn new(words: &[Vec<u8>]) -> Words {
        let mut list = Words { n_short: Words::short(words.len()), ..Words::default() };
        for word in words.iter().take(MAX_WORDS) {
            assert!((1..=MAX_WORD).contains(&word.len()), "a word is at most {MAX_WORD} bytes");
            list.bytes.extend_from_slice(word);
            list.ends.push(list.bytes.len() as u32);
        }
        list
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends.get(index)? as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        self.bytes.get(start..end)
    }

    pub(crate) fn write(&self, out: &mut ByteWriter) {
        out.varint(self.len() as u64);
        let (mut previous, mut rests): (&[u8], Vec<u8>) = (&[], Vec::new());
        for word in (0..self.len()).filter_map(|index| self.get(index)) {
            let shared = previous.iter().zip(word).take_while(|(a, b)| a == b).count();
            out.u8(shared as u8);
            rests.extend_from_slice(&word[shared..]);
            rests.push(END);
            previous = word;
        }
        out.out.extend_from_slice(&rests);
    }

    pub(crate) fn read(bytes: &mut ByteReader<'_>) -> Result<Words, Error> {
        let n = bytes.count(1)?;
        if n > MAX_WORDS {
            return corrupt("word list");
        }
        let mut list = Words { n_short: Words::short(n), ..Words::default() };
        let shared = bytes.take(n)?;
        let mut word = Vec::new();
        for &shared in shared {
            let Some(end) = bytes.rest().iter().position(|byte| *byte == END) else {
                return corrupt("word list");
            };
            word.truncate(usize::from(shared));
            word.extend_from_slice(bytes.take(end)?);
            bytes.u8()?;
            if word.len() > MAX_WORD {
                return corrupt("word list");
            }
            list.bytes.extend_from_slice(&word);
            list.ends.push(list.bytes.len() as u32);
        }
        Ok(list)
    }

    /// The word that `first`, and perhaps a byte behind it, stands for.
    fn take(&self, first: u8, bytes: &mut ByteReader<'_>) -> Result<&[u8], Error> {
        let mut index = usize::from(first - WORD);
        if index >= self.n_short {
            let second = usize::from(bytes.u8()?) % SECOND;
            index = self.n_short + (index - self.n_short) * SECOND + second;
        }
        self.get(index).map_or_else(|| corrupt("text"), Ok)
    }

    /// What `coded` says.
    ///
    /// Fails if it names a word that is not in the list, is cut off, or says more than any text may have.
    pub(crate) fn decode(&self, coded: &[u8]) -> Result<Vec<u8>, Error> {
        let mut bytes = ByteReader::new(coded, "text");
        let mut out = Vec::with_capacity(coded.len() * 2);
        let (mut last, mut case, mut joined) = (Last::Other, 0, false);
        while !bytes.is_empty() {
            let byte = bytes.u8()?;
            match byte {
                CAPITAL | CAPITALS | SMALL => case = byte,
                JOINED => joined = true,
                AS_IS => {
                    let n = bytes.u8()?;
                    last = spell(bytes.take(usize::from(n))?, last, &mut out);
                }
                WORD.. => {
                    let word = self.take(byte, &mut bytes)?;
                    let spaced = last != Last::Other && !joined;
                    if spaced {
                        out.push(b' ');
                    }
                    let capitals = match case {
                        CAPITAL => 1,
                        CAPITALS => word.len(),
                        SMALL => 0,
                        _ => usize::from(spaced && last == Last::Stop),
                    };
                    let from = out.len();
                    out.extend_from_slice(word);
                    out[from..][..capitals.min(word.len())].make_ascii_uppercase();
                    (last, case, joined) = (Last::Listed, 0, false);
                }
                _ => last = spell(&[byte], last, &mut out),
            }
            if out.len() as u64 > MAX_UNPACKED {
                return corrupt("text");
            }
        }
        Ok(out)
    }
}

/// Appends bytes that are no word of the list.
fn spell(run: &[u8], last: Last, out: &mut Vec<u8>) -> Last {
    if last == Last::Listed && run.first().copied().is_some_and(is_letter) {
        out.push(b' ');
    }
    out.extend_from_slice(run);
    run.last().copied().map_or(last, Last::of)
}

/// Writes the word code of one list.
#[derive(Debug)]
pub struct WordWriter<'a> {
    words: &'a Words,
    /// One more than a word's index by its hash, open addressing; 0 is free.
    slots: Vec<u16>,
}

impl<'a> WordWriter<'a> {
    /// A writer under a list of words.
    pub fn new(words: &'a Words) -> WordWriter<'a> {
        let mut writer = WordWriter { words, slots: vec![0; (words.len() * 4).next_power_of_two().max(4)] };
        for index in 0..words.len() {
            let mut slot = writer.slot(words.get(index).unwrap_or_default());
            while writer.slots[slot] != 0 {
                slot = (slot + 1) % writer.slots.len();
            }
            writer.slots[slot] = index as u16 + 1;
        }
        writer
    }

    /// FNV-1a (Fowler, Noll and Vo): words are short and their own.
    fn slot(&self, word: &[u8]) -> usize {
        let hash = word
            .iter()
            .fold(0x811C_9DC5u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
        (hash ^ hash >> 15) as usize % self.slots.len()
    }

    fn find(&self, word: &[u8]) -> Option<usize> {
        let mut slot = self.slot(word);
        loop {
            let index = usize::from(self.slots[slot]).checked_sub(1)?;
            if self.words.get(index) == Some(word) {
                return Some(index);
            }
            slot = (slot + 1) % self.slots.len();
        }
    }

    /// The index of a word of a text in the list, and how it is written.
    fn listed(&self, word: &[u8]) -> Option<(usize, u8)> {
        let mut lower = [0; MAX_WORD];
        let lower = lower.get_mut(..word.len())?;
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        let capitals = word.iter().filter(|byte| byte.is_ascii_uppercase()).count();
        let case = match capitals {
            0 => 0,
            1 if word[0].is_ascii_uppercase() => CAPITAL,
            n if n == word.len() => CAPITALS,
            _ => return None,
        };
        self.find(lower).map(|index| (index, case))
    }

    /// Appends the code of `text`.
    pub fn encode(&self, text: &[u8], out: &mut Vec<u8>) {
        let (mut last, mut at) = (Last::Other, 0);
        while at < text.len() {
            let is_space = text[at] == b' ' && last != Last::Other;
            let word = next_word(&text[at + usize::from(is_space)..]);
            if word.is_empty() {
                push(&text[at..=at], out);
                last = Last::of(text[at]);
                at += 1;
                continue;
            }
            let listed = self.listed(word);
            let goes_without_saying = is_space && (listed.is_some() || last == Last::Listed);
            if is_space && !goes_without_saying {
                out.push(b' ');
                last = Last::Other;
            }
            match listed {
                Some((index, case)) => self.put(index, case, last, goes_without_saying, out),
                None => push(word, out),
            }
            last = if listed.is_some() { Last::Listed } else { Last::Spelled };
            at += usize::from(is_space) + word.len();
        }
    }

    /// Appends a word of the list.
    fn put(&self, index: usize, case: u8, last: Last, spaced: bool, out: &mut Vec<u8>) {
        if last != Last::Other && !spaced {
            out.push(JOINED);
        }
        match (last, spaced, case) {
            (Last::Stop, true, 0) => out.push(SMALL),
            (Last::Stop, true, CAPITAL) | (_, _, 0) => {}
            _ => out.push(case),
        }
        match index.checked_sub(self.words.n_short) {
            None => out.push(WORD + index as u8),
            Some(long) => {
                out.push(WORD + (self.words.n_short + long / SECOND) as u8);
                out.push(WORD + (long % SECOND) as u8);
            }
        }
    }
}

fn next_word(text: &[u8]) -> &[u8] {
    &text[..text.iter().take_while(|byte| is_letter(**byte)).count()]
}

/// Appends bytes that are no word of the list, those that could be taken for something else as they are.
fn push(run: &[u8], out: &mut Vec<u8>) {
    for part in run.chunk_by(|a, b| is_plain(*a) == is_plain(*b)) {
        if is_plain(part[0]) {
            out.extend_from_slice(part);
            continue;
        }
        for part in part.chunks(usize::from(u8::MAX)) {
            out.extend_from_slice(&[AS_IS, part.len() as u8]);
            out.extend_from_slice(part);
        }
    }
}

fn is_plain(byte: u8) -> bool {
    byte > SMALL && byte < WORD
}

#[cfg(test)]
mod tests;
