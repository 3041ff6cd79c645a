//! Which words share a stem, for "match other forms".
//!
//! The words are those of the dictionary, folded, so a stemmer sees `cafe` for `café`: endings that it knows by their
//! accents are left on. Words of scripts that one language here writes go through its stemmer; Latin ones through those
//! of every language that the archive is written in, told by how many messages hold its commonest small words.

use frostem::{Algorithm, Stemmer};
use maildex_core::format::dictionary::Kind;
use maildex_core::format::forms::{Entry, MAX_FORMS};
use maildex_core::format::list::Postings;
use std::collections::{BTreeMap, BTreeSet};

/// The shortest and the longest word in bytes that has other forms: below are particles, above is what no one inflects.
const LENGTHS: core::ops::RangeInclusive<usize> = 3..=40;
/// A language is one of the archive's if its third most frequent small word is in one of so many messages.
const ONE_IN: u32 = 100;

/// Small words, folded, that mark a language: none of them is frequent in any other of the list but its next kin.
const LATIN: [(Algorithm, [&str; 6]); 22] = [
    (Algorithm::English, ["the", "and", "that", "with", "this", "have"]),
    (Algorithm::German, ["und", "nicht", "ist", "ich", "auf", "wir"]),
    (Algorithm::French, ["les", "des", "pour", "dans", "vous", "est"]),
    (Algorithm::Spanish, ["los", "las", "por", "una", "pero", "como"]),
    (Algorithm::Portuguese, ["nao", "uma", "com", "dos", "mais", "voce"]),
    (Algorithm::Italian, ["che", "non", "per", "della", "sono", "questo"]),
    (Algorithm::Dutch, ["het", "een", "niet", "van", "voor", "zijn"]),
    (Algorithm::Swedish, ["och", "att", "inte", "som", "jag", "till"]),
    (Algorithm::Danish, ["ikke", "jeg", "og", "af", "til", "hvad"]),
    (Algorithm::Norwegian, ["ikke", "jeg", "og", "av", "til", "hva"]),
    (Algorithm::Finnish, ["ja", "etta", "ei", "oli", "mutta", "kun"]),
    (Algorithm::Hungarian, ["nem", "hogy", "az", "egy", "meg", "csak"]),
    (Algorithm::Polish, ["nie", "jest", "sie", "ze", "jak", "dla"]),
    (Algorithm::Czech, ["je", "ze", "jsem", "ale", "jako", "pro"]),
    (Algorithm::Romanian, ["nu", "este", "sunt", "din", "pentru", "care"]),
    (Algorithm::Turkish, ["bir", "ve", "icin", "bu", "ile", "cok"]),
    (Algorithm::Indonesian, ["yang", "dan", "ini", "untuk", "dengan", "tidak"]),
    (Algorithm::Catalan, ["amb", "els", "una", "aquest", "pero", "tambe"]),
    (Algorithm::Lithuanian, ["ir", "kad", "yra", "tai", "bet", "kaip"]),
    (Algorithm::Estonian, ["ja", "on", "ei", "et", "kui", "oli"]),
    (Algorithm::Irish, ["agus", "bhfuil", "leis", "mar", "sin", "tha"]),
    (Algorithm::Basque, ["eta", "bat", "da", "ez", "dira", "baina"]),
];

/// The words of an archive, ascending, with the number of messages that have them.
#[derive(Default)]
pub(crate) struct Vocabulary {
    words: Vec<(Box<str>, u32)>,
}

impl Vocabulary {
    /// Takes a term in, if it is a word that may be inflected.
    pub(crate) fn add(&mut self, term: &[u8], kinds: &[(Kind, Postings)]) {
        let n = kinds.iter().find(|(kind, _)| *kind == Kind::Any).map(|(_, postings)| postings.docs.len());
        let (Some(n), Ok(word)) = (n, core::str::from_utf8(term)) else { return };
        if LENGTHS.contains(&word.len()) && word.chars().all(char::is_alphabetic) {
            self.words.push((word.into(), n as u32));
        }
    }

    /// Each word that shares a stem with others, with these; ascending.
    pub(crate) fn entries(&self, n_docs: u32) -> Vec<Entry> {
        let mut kin: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for algorithm in self.languages(n_docs) {
            self.group(algorithm, &mut kin);
        }
        let word = |at: &usize| self.words[*at].0.to_string();
        let entry = |(at, kin): (usize, BTreeSet<usize>)| {
            // Several languages together may give more than there is room for: the most frequent stay.
            let mut kin: Vec<usize> = kin.into_iter().collect();
            kin.sort_by_key(|&other| core::cmp::Reverse(self.words[other].1));
            kin.truncate(MAX_FORMS);
            kin.sort_unstable();
            (word(&at), kin.iter().map(word).collect())
        };
        kin.into_iter().map(entry).collect()
    }

    /// The languages whose stemmers are asked.
    fn languages(&self, n_docs: u32) -> Vec<Algorithm> {
        let n_of = |word: &str| {
            let at = self.words.binary_search_by(|(own, _)| (**own).cmp(word));
            at.map_or(0, |at| self.words[at].1)
        };
        let is_spoken = |small: &[&str; 6]| {
            let mut counts = small.map(n_of);
            counts.sort_unstable();
            counts[3] > 0 && counts[3].saturating_mul(ONE_IN) >= n_docs
        };
        let latin = LATIN.iter().filter(|(_, small)| is_spoken(small)).map(|(algorithm, _)| *algorithm);
        let others = [
            Algorithm::Russian,
            Algorithm::Greek,
            Algorithm::Arabic,
            Algorithm::Armenian,
            Algorithm::Hindi,
            Algorithm::Tamil,
            Algorithm::Yiddish,
        ];
        latin.chain(others).collect()
    }

    fn group(&self, algorithm: Algorithm, kin: &mut BTreeMap<usize, BTreeSet<usize>>) {
        let stemmer = Stemmer::new(algorithm);
        let first_letters = letters(algorithm);
        let words = self.words.iter().enumerate();
        let words = words.filter(|(_, (word, _))| word.chars().all(|c| first_letters.contains(&c)));
        let mut stems: Vec<(String, usize)> =
            words.map(|(at, (word, _))| (stemmer.stem(word).into_owned(), at)).collect();
        stems.sort_unstable();
        for group in stems.chunk_by(|(a, _), (b, _)| a == b).filter(|group| group.len() > 1) {
            let mut members: Vec<usize> = group.iter().map(|(_, at)| *at).collect();
            members.sort_by_key(|&at| core::cmp::Reverse(self.words[at].1));
            members.truncate(MAX_FORMS + 1);
            for &one in &members {
                kin.entry(one).or_default().extend(members.iter().filter(|&&other| other != one));
            }
        }
    }
}

/// The letters that a language's words are made of.
fn letters(algorithm: Algorithm) -> core::ops::RangeInclusive<char> {
    match algorithm {
        Algorithm::Russian => '\u{400}'..='\u{52f}',
        Algorithm::Greek => '\u{370}'..='\u{3ff}',
        Algorithm::Arabic => '\u{600}'..='\u{6ff}',
        Algorithm::Armenian => '\u{530}'..='\u{58f}',
        Algorithm::Hindi => '\u{900}'..='\u{97f}',
        Algorithm::Tamil => '\u{b80}'..='\u{bff}',
        Algorithm::Yiddish => '\u{590}'..='\u{5ff}',
        _ => 'a'..='\u{24f}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The other forms of each word in an archive where every word is in as many messages as is told.
    fn forms(words: &[(&str, u32)], n_docs: u32) -> BTreeMap<String, Vec<String>> {
        let mut words: Vec<(Box<str>, u32)> = words.iter().map(|(word, n)| ((*word).into(), *n)).collect();
        words.sort();
        Vocabulary { words }.entries(n_docs).into_iter().collect()
    }

    const ENGLISH: [(&str, u32); 3] = [("the", 90), ("and", 80), ("that", 50)];

    #[test]
    fn words_of_the_archives_languages() {
        let words =
            [("meet", 3), ("meeting", 5), ("meetings", 1), ("meter", 1), ("mieten", 1), ("mietet", 1)];
        let found = forms(&[&ENGLISH[..], &words].concat(), 100);
        assert_eq!(found["meet"], ["meeting", "meetings"]);
        assert_eq!(found["meetings"], ["meet", "meeting"]);
        assert!(!found.contains_key("meter"));
        // Nobody wrote German there.
        assert!(!found.contains_key("mieten"));
        let german = [("und", 2), ("nicht", 2), ("ist", 1)];
        let found = forms(&[&ENGLISH[..], &words, &german].concat(), 100);
        assert_eq!(found["mieten"], ["mietet"]);
    }

    #[test]
    fn other_scripts_tell_their_language() {
        let found = forms(&[("письмо", 1), ("письма", 1), ("письмами", 1), ("писать", 1)], 10);
        assert_eq!(found["письмо"], ["письма", "письмами"]);
        assert!(!found.contains_key("писать"));
    }

    #[test]
    fn a_group_has_a_limit() {
        let many: Vec<String> = (0..200).map(|n| format!("meet{}", "ing".repeat(n % 2))).collect();
        let many: Vec<(&str, u32)> = many.iter().map(|word| (word.as_str(), 1)).collect();
        let found = forms(&[&ENGLISH[..], &many].concat(), 100);
        assert!(found.values().all(|forms| forms.len() <= MAX_FORMS));
        assert!(forms(&[], 0).is_empty());
    }
}
