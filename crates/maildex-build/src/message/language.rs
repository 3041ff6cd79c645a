//! The language that a message is written in.

use super::Message;
use maildex_core::text::{self, Region, RegionKind};
use whatlang::detect;

/// Letters that are looked at: more would not change the answer.
const MOST: usize = 800;
/// With fewer of the writer's own letters, the quoted text is looked at too: whoever answers does so in its language.
const FEW: usize = 80;

/// Words that are frequent in English and rare in every other language, by the alphabet.
const ENGLISH: [&str; 28] = [
    "about", "and", "are", "because", "could", "from", "how", "into", "not", "only", "should", "some",
    "than", "that", "the", "their", "there", "these", "they", "this", "what", "when", "which", "who", "with",
    "would", "you", "your",
];
/// Letters of the longest of them.
const MOST_LETTERS: usize = 7;

/// The code (ISO 639-1) of the language: what the words say, else the Content-Language field (RFC 3282); `None` if
/// neither tells for sure. `regions` are those of the message's text.
pub fn language(message: &Message, regions: &[Region]) -> Option<&'static str> {
    let mut own = Letters::default();
    let mut quoted = Letters::default();
    own.add(&message.subject);
    for region in regions {
        let letters = if matches!(region.kind, RegionKind::Quoted { .. }) { &mut quoted } else { &mut own };
        letters.add(&message.text[region.range.clone()]);
        if own.n >= MOST {
            break;
        }
    }
    if own.n < FEW {
        own.text.push_str(&quoted.text);
    }
    if is_plainly_english(&own.text) {
        return Some("en");
    }
    let found = detect(&own.text).filter(whatlang::Info::is_reliable);
    found.and_then(|found| code(found.lang())).or_else(|| declared(message))
}

/// Whether [`ENGLISH`] words are frequent here: two of ten, or, where there are at least four, one of ten. Most English mail is told by them, and to compare its letter groups with those
/// of seventy languages was a fifth of a build's time.
fn is_plainly_english(words: &str) -> bool {
    let (mut own, mut all) = (0, 0);
    for word in words.split(' ') {
        all += 1;
        own += usize::from(is_small_english_word(word));
    }
    own >= 4 && own * 10 >= all || own >= 2 && own * 5 >= all
}

fn is_small_english_word(word: &str) -> bool {
    let mut lower = [0; MOST_LETTERS];
    let Some(lower) = lower.get_mut(..word.len()) else { return false };
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    ENGLISH.binary_search_by(|own| own.as_bytes().cmp(lower)).is_ok()
}

fn code(language: whatlang::Lang) -> Option<&'static str> {
    match language.eng_name() {
        "Mandarin" => Some("zh"),
        "Bokmal" => Some("nb"),
        "Sinhalese" => Some("si"),
        name => text::language(&name.to_lowercase()),
    }
}

fn declared(message: &Message) -> Option<&'static str> {
    let (_, value) =
        message.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-language"))?;
    text::language(&value.split(['-', ',', ';', ' ']).next()?.to_lowercase())
}

/// Words without what is no language: addresses of pages and people, numbers, signs.
#[derive(Default)]
struct Letters {
    text: String,
    n: usize,
}

impl Letters {
    fn add(&mut self, text: &str) {
        for word in text.split_whitespace() {
            if self.n >= MOST {
                return;
            }
            let n = if word.is_ascii() {
                word.bytes().filter(u8::is_ascii_alphabetic).count()
            } else {
                word.chars().filter(|c| c.is_alphabetic()).count()
            };
            let is_sign = |b: u8| matches!(b, b'@' | b'/' | b'\\' | b'_' | b'=' | b'<');
            if n > 0 && !word.bytes().any(is_sign) {
                self.n += n;
                self.text.push_str(word);
                self.text.push(' ');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, header: &str, expect: Option<&str>) {
        let message = Message {
            text: text.into(),
            headers: vec![("Content-Language".into(), header.into())],
            ..Message::default()
        };
        assert_eq!(language(&message, &text::regions(&message.text)), expect, "{text}");
    }

    #[test]
    fn small_words_are_found() {
        assert!(ENGLISH.is_sorted() && ENGLISH.iter().all(|word| word.len() <= MOST_LETTERS));
        assert!(is_small_english_word("The") && is_small_english_word("because"));
        assert!(!is_small_english_word("them") && !is_small_english_word("throughout"));
    }

    #[test]
    fn words_tell_the_language() {
        let german =
            "Der Fahrplan für den Winter liegt bei, und die Sitzung beginnt nun um acht Uhr abends im Haus.";
        check(german, "", Some("de"));
        check(german, "en-US", Some("de"));
        check(
            "The timetable for the winter is attached, and the meeting begins at eight in the evening.",
            "",
            Some("en"),
        );
        check("時刻表を添付します。会議は八時に始まります。", "", Some("ja"));
        check("Расписание на зиму во вложении, собрание начнётся в восемь вечера.", "", Some("ru"));
    }

    #[test]
    fn what_is_plainly_english_is_english_by_its_letters_too() {
        let text =
            "You and I know that the boat, which came from the yard with this crew, and the pier are old.";
        assert!(is_plainly_english(text));
        assert_eq!(detect(text).map(|found| found.lang()), Some(whatlang::Lang::Eng));
        assert!(!is_plainly_english(
            "Der Fahrplan liegt bei: the ferry and the pier. Wir sehen uns um acht im Haus."
        ));
    }

    #[test]
    fn a_header_tells_it_where_words_do_not() {
        check("ok", "de-AT, en", Some("de"));
        check("ok", "", None);
        check("http://example.org/ein/langer/pfad/und/noch/einer", "x-klingon", None);
    }

    #[test]
    fn a_short_answer_is_in_the_language_of_what_it_answers() {
        let text = "D'accord.\n\n> L'horaire de l'hiver est ci-joint, et la réunion commence maintenant à huit heures\n> du soir dans la grande salle.\n";
        check(text, "", Some("fr"));
    }
}
