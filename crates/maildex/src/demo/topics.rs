//! What people write about: the topics of the embedded texts and the letters in other languages.

use super::calendar::Clock;
use super::grammar::{Grammar, Template};
use super::rng::Rng;

/// A subject of talk with its own sentences.
pub(super) struct Topic {
    /// The name of the mailing list where it belongs.
    pub(super) list: &'static str,
    /// Who is likely to take part.
    pub(super) roles: Vec<&'static str>,
    weight: u64,
    /// First and last month in which threads begin, as year * 12 + month.
    window: (i64, i64),
    pub(super) subjects: Vec<Template>,
    pub(super) openings: Vec<Template>,
    pub(super) bodies: Vec<Template>,
    pub(super) replies: Vec<Template>,
}

/// Letters in one language; all but `bodies` stand alone, and `bodies` come in any order.
pub(super) struct Language {
    pub(super) code: &'static str,
    pub(super) subjects: Vec<Template>,
    pub(super) hellos: Vec<Template>,
    pub(super) bodies: Vec<Template>,
    pub(super) closings: Vec<Template>,
}

/// Reads the topics of several files; they are embedded, so a line that does not parse is a bug.
pub(super) fn read_topics(files: &[&'static str], grammar: &Grammar) -> Vec<Topic> {
    let mut topics: Vec<Topic> = Vec::new();
    for line in files.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with("# ")) {
        if let Some(head) = line.strip_prefix("#topic ") {
            topics.push(read_head(head));
        } else if let (Some(topic), Some((kind, text))) = (topics.last_mut(), line.split_once(": ")) {
            let (kind, since) = since(kind);
            let list = match kind {
                "S" => &mut topic.subjects,
                "O" => &mut topic.openings,
                "B" => &mut topic.bodies,
                "R" => &mut topic.replies,
                _ => panic!("unknown line in a topic: {line}"),
            };
            list.push(grammar.parse_since(text, since));
        }
    }
    topics
}

fn read_head(head: &'static str) -> Topic {
    let mut words = head.split(' ').skip(1);
    let mut word = || words.next().unwrap_or_else(|| panic!("short topic line: {head}"));
    let (list, roles, weight, from, to) = (word(), word(), word(), word(), word());
    let month = |text: &str| {
        let parts =
            text.split_once('-').and_then(|(y, m)| Some((y.parse::<i64>().ok()?, m.parse::<i64>().ok()?)));
        parts.map(|(year, month)| year * 12 + month).unwrap_or_else(|| panic!("bad month in {head}"))
    };
    Topic {
        list,
        roles: roles.split(',').collect(),
        weight: weight.parse().unwrap_or_else(|_| panic!("bad weight in {head}")),
        window: (month(from), month(to)),
        subjects: Vec::new(),
        openings: Vec::new(),
        bodies: Vec::new(),
        replies: Vec::new(),
    }
}

/// Draws a topic that is of the day.
pub(super) fn draw_topic(topics: &[Topic], now: &Clock, rng: &mut Rng) -> usize {
    let month = now.year.min(super::calendar::LAST_YEAR) * 12 + now.month;
    let weights =
        topics.iter().map(|t| if (t.window.0..=t.window.1).contains(&month) { t.weight } else { 0 });
    rng.weighted(weights)
}

/// Reads the letters in other languages.
pub(super) fn read_languages(file: &'static str, grammar: &Grammar) -> Vec<Language> {
    let mut languages: Vec<Language> = Vec::new();
    for line in file.lines().filter(|line| !line.starts_with("# ")) {
        if let Some(code) = line.strip_prefix("#lang ") {
            let none = Vec::new;
            languages.push(Language {
                code,
                subjects: none(),
                hellos: none(),
                bodies: none(),
                closings: none(),
            });
        } else if let (Some(language), Some((kind, text))) = (languages.last_mut(), line.split_once(": ")) {
            let (kind, since) = since(kind);
            let list = match kind {
                "S" => &mut language.subjects,
                "H" => &mut language.hellos,
                "B" => &mut language.bodies,
                "C" => &mut language.closings,
                _ => panic!("unknown line in a language: {line}"),
            };
            list.extend(text.split(" | ").map(|entry| grammar.parse_since(entry, since)));
        }
    }
    languages
}

/// `B@2012` is a line that nobody could write before that year.
fn since(kind: &str) -> (&str, i64) {
    match kind.split_once('@') {
        Some((kind, year)) => (kind, year.parse().unwrap_or_else(|_| panic!("bad year in {kind}@{year}"))),
        None => (kind, 0),
    }
}
