//! Queries made of what an archive holds: words that are there and next to each other, people, days.

use maildex_build::input::Place;
use maildex_build::message::{self, Mailbox, Message, states};
use maildex_core::text;

/// Makes queries, the same ones for the same seed and messages.
pub struct Generator {
    random: Random,
    samples: Vec<Sample>,
}

/// What is remembered of one message.
struct Sample {
    subject: Vec<String>,
    /// Some words of the body, in a row.
    body: Vec<String>,
    person: Mailbox,
    file: Vec<String>,
    date: Option<i64>,
    /// What it is and where it lay, each as an operator with its value.
    states: Vec<String>,
    attached: Vec<String>,
    delivered_to: Option<String>,
    delivered: Option<i64>,
    message_id: String,
    key: u64,
    /// Some stored headers, by name.
    headers: Vec<(String, String)>,
    /// A piece of the body, as it stands there.
    piece: String,
}

/// Small numbers from a seed (xorshift64).
pub struct Random(u64);

impl Random {
    /// Any seed but 0 will do; 0 is taken for 1.
    pub fn new(seed: u64) -> Random {
        Random(seed.max(1))
    }

    /// A number from 0 to `n` - 1; 0 if `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}

impl Generator {
    /// A generator that knows no message yet.
    pub fn new(seed: u64) -> Generator {
        Generator { random: Random::new(seed), samples: Vec::new() }
    }

    /// Remembers a part of a message.
    pub fn add(&mut self, message: &Message, place: &Place) {
        let body = words_of(&message.text);
        let start = self.random.below(body.len());
        let people = [&message.from, &message.to, &message.cc];
        let people: Vec<&Mailbox> = people.into_iter().flatten().collect();
        self.samples.push(Sample {
            subject: words_of(&message.subject),
            body: body.into_iter().skip(start).take(6).collect(),
            person: self.random.pick(&people).map(|&person| person.clone()).unwrap_or_default(),
            file: message
                .attachments
                .first()
                .map(|attachment| words_of(&attachment.name))
                .unwrap_or_default(),
            date: message.date.order,
            states: states_of(message, place),
            attached: message
                .attachments
                .iter()
                .map(|attachment| words_of(&attachment.text))
                .find(|words| !words.is_empty())
                .map(|words| words.into_iter().take(60).collect())
                .unwrap_or_default(),
            delivered_to: message.delivered_to.first().map(|person| person.address.clone()),
            delivered: message.date.delivered,
            message_id: message.message_id.clone().unwrap_or_default(),
            key: message::key(message),
            headers: message.headers.iter().take(40).cloned().collect(),
            piece: message
                .text
                .lines()
                .find(|line| line.len() > 8)
                .unwrap_or_default()
                .chars()
                .take(60)
                .collect(),
        });
    }

    /// A query.
    pub fn query(&mut self) -> String {
        let (a, b) = (self.part(), self.part());
        match self.random.below(12) {
            0..=3 => a,
            4 | 5 => format!("{a} {b}"),
            6 => format!("{a} OR {b}"),
            7 => format!("{a} -{b}"),
            8 => format!("-{a}"),
            9 => format!("({a} OR {b}) {}", self.part()),
            10 => format!("{a} -({b} {})", self.part()),
            _ => format!("{{{a} {b}}} {}", self.part()),
        }
    }

    /// One word, phrase, person or day; never more than one operand, so that a `-` before it holds for all of it.
    fn part(&mut self) -> String {
        let kind = self.random.below(38);
        let found = match kind {
            0..=2 => self.words(|sample| &sample.body, 1),
            3 => self.words(|sample| &sample.subject, 1),
            4 => self.words(|sample| &sample.body, 1).map(|word| prefix(&word)),
            5 => self.words(|sample| &sample.body, 2).map(|words| quoted(&words)),
            6 => self.words(|sample| &sample.body, 3).map(|words| quoted(&words)),
            7 => self.words(|sample| &sample.subject, 2).map(|words| format!("subject:{}", quoted(&words))),
            8 => self.words(|sample| &sample.subject, 1).map(|word| format!("subject:{word}")),
            9 => self.words(|sample| &sample.file, 1).map(|word| format!("filename:{word}")),
            10 => self.words(|sample| &sample.body, 1).map(|word| format!("new:{word}")),
            11 => self.words(|sample| &sample.body, 2).map(|words| format!("quoted:{}", quoted(&words))),
            12 | 13 => self.person(),
            14 => self.dates(),
            15 => self.near(),
            16 => self.words(|sample| &sample.body, 3).map(|words| scattered(&words)),
            17 => self.words(|sample| &sample.body, 4).map(|words| open_phrase(&words)),
            18 => self.words(|sample| &sample.body, 1).map(|word| shape(&word)),
            19 => self.words(|sample| &sample.subject, 1).map(|word| format!("subject:{}", shape(&word))),
            20 => self.words(|sample| &sample.body, 1).map(|word| misspelt(&word)),
            21 | 22 => self.state(),
            23 => self.size(),
            24 => self.between(),
            25 => self.words(|sample| &sample.body, 1).map(|word| format!("body:{word}")),
            26 => self.identity(),
            27 | 28 => self.threads(),
            29 => self.delivery(),
            30 => self.deliveries(),
            31 => self.words(|sample| &sample.attached, 1).map(|word| format!("attachment:{word}")),
            32 => self.words(|sample| &sample.attached, 3).map(|w| format!("attachment:{}", quoted(&w))),
            33 => self.header(),
            34 => self.regex(),
            35 => Some(["is:root", "has:thread", "has:signed"][self.random.below(3)].to_owned()),
            _ => Some("has:attachment".to_owned()),
        };
        found.unwrap_or_else(|| "the".to_owned())
    }

    /// Two words of a message, or a word and a phrase, near each other or not.
    fn near(&mut self) -> Option<String> {
        const SIGNS: [&str; 5] = ["NEAR", "AROUND(3)", "ADJ", "w/1", "pre/2"];
        let (kind, sign) = (self.random.below(4), self.random.below(SIGNS.len()));
        let words = self.words(|sample| &sample.body, 4)?;
        let words: Vec<&str> = words.split(' ').collect();
        let sign = SIGNS[sign];
        Some(match kind {
            0 => format!("({} {sign} {})", words[0], words[3]),
            1 => format!("({} {sign} {})", words[2], quoted(&words[..2].join(" "))),
            2 => format!("({} {sign} ({} OR {}))", words[3], words[0], words[1]),
            _ => format!("({} {sign} {} {sign} {})", words[0], words[1], words[3]),
        })
    }

    /// A header that some message has, with a word of its value or a pattern of it.
    fn header(&mut self) -> Option<String> {
        let (kind, turn) = (self.random.below(6), self.random.below(1 << 16));
        let headers = &self.sample()?.headers;
        let (name, value) = headers.get(turn % headers.len().max(1))?;
        let words = words_of(value);
        let word = words.get(turn % words.len().max(1));
        let is_plain = |word: &&String| word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        Some(match (kind, word.filter(is_plain)) {
            (0, _) | (_, None) => format!("header:{name}"),
            (1, Some(word)) => format!("header:{name}={word}"),
            (2, Some(word)) => format!("header:{name}={}", prefix(word)),
            (3, _) => format!("header:{name}={}", quoted(&words[..words.len().min(2)].join(" "))),
            _ => format!("header:{name}=/{}/", pattern(value, turn)?),
        })
    }

    /// A pattern of what some message has in a field.
    fn regex(&mut self) -> Option<String> {
        const FIELDS: [&str; 9] =
            ["subject", "from", "to", "with", "cc", "filename", "body", "new", "quoted"];
        let (field, turn) = (FIELDS[self.random.below(FIELDS.len())], self.random.below(1 << 16));
        let sample = self.sample()?;
        let text = match field {
            "subject" => sample.subject.join(" "),
            "filename" => sample.file.join("."),
            "body" | "new" | "quoted" => sample.piece.clone(),
            _ => format!("{} <{}>", sample.person.name, sample.person.address),
        };
        Some(format!("{field}:/{}/", pattern(&text, turn)?))
    }

    /// A message, or its thread.
    fn identity(&mut self) -> Option<String> {
        let kind = self.random.below(4);
        let sample = self.sample()?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '$');
        let id = Some(&sample.message_id).filter(|id| !id.is_empty() && id.chars().all(is_plain));
        Some(match (kind, id) {
            (0, Some(id)) => format!("rfc822msgid:<{id}>"),
            (1, Some(id)) => format!("msgid:{id}"),
            (0 | 2, _) => format!("thread:{:016x}", sample.key),
            _ => format!("hash:{:016x}", sample.key),
        })
    }

    /// Threads with a message of somebody and one that holds a word.
    fn threads(&mut self) -> Option<String> {
        let kind = self.random.below(4);
        let a = self.words(|sample| &sample.body, 1)?;
        let b = self.words(|sample| &sample.subject, 1)?;
        let person = self.person()?;
        Some(match kind {
            0 => format!("thread:{{{person} {a}}}"),
            1 => format!("thread:{{subject:{b} -{a} {}}}", self.dates()?),
            2 => format!("thread:{{({person} {b}) OR {a}}}"),
            _ => format!("thread:{{{} {a}}}", self.identity()?),
        })
    }

    /// Whom it was delivered to.
    fn delivery(&mut self) -> Option<String> {
        let kind = self.random.below(3);
        let address = self.sample()?.delivered_to.clone().filter(|address| is_plain(address))?;
        let (local, domain) = address.rsplit_once('@')?;
        Some(match kind {
            0 => format!("deliveredto:{address}"),
            1 => format!("deliveredto:@{domain}"),
            _ => format!("deliveredto:{}", quoted(local)),
        })
    }

    /// When it was delivered.
    fn deliveries(&mut self) -> Option<String> {
        let (kind, length) = (self.random.below(3), self.random.below(3));
        let first = day(self.sample()?.delivered?, length);
        let second = day(self.sample()?.delivered?, length);
        Some(match kind {
            0 => format!("received:{first}"),
            1 => format!("received:>={first}"),
            _ => format!("received:{}..{}", first.clone().min(second.clone()), first.max(second)),
        })
    }

    fn sample(&mut self) -> Option<&Sample> {
        let number = self.random.below(self.samples.len());
        self.samples.get(number)
    }

    /// Words that follow each other in some message.
    fn words(&mut self, of: impl Fn(&Sample) -> &[String], n: usize) -> Option<String> {
        let turn = self.random.below(1 << 16);
        let words = of(self.sample()?);
        let start = turn % (words.len() + 1).checked_sub(n).filter(|&starts| starts > 0)?;
        Some(words[start..start + n].join(" "))
    }

    fn person(&mut self) -> Option<String> {
        const FIELDS: [&str; 4] = ["from", "to", "cc", "with"];
        let field = FIELDS[self.random.below(FIELDS.len())];
        let kind = self.random.below(4);
        let person = &self.sample()?.person;
        let address = Some(&person.address).filter(|address| is_plain(address));
        let value = match kind {
            0 => words_of(&person.name).first()?.clone(),
            1 => quoted(&person.name),
            2 => address?.clone(),
            _ => format!("@{}", address?.rsplit_once('@')?.1),
        };
        let is_empty = value.trim_matches(['"', '@']).is_empty();
        (!is_empty).then(|| format!("{field}:{value}"))
    }

    fn state(&mut self) -> Option<String> {
        let turn = self.random.below(1 << 16);
        if turn.is_multiple_of(8) {
            const ALWAYS: [&str; 3] = ["is:duplicate", "has:date", "is:misdated"];
            return Some(ALWAYS[turn / 8 % ALWAYS.len()].to_owned());
        }
        let states = &self.sample()?.states;
        states.get(turn % states.len().max(1)).cloned()
    }

    fn size(&mut self) -> Option<String> {
        let (kind, a, b) = (self.random.below(4), self.random.below(40) + 1, self.random.below(40) + 1);
        Some(match kind {
            0 => format!("larger:{a}K"),
            1 => format!("smaller:{a}K"),
            2 => format!("size:{}", a * 977),
            _ => format!("size:{}K..{}K", a.min(b), a.max(b)),
        })
    }

    /// Somebody and the person of another message.
    fn between(&mut self) -> Option<String> {
        let a = self.sample()?.person.address.clone();
        let b = self.sample()?.person.address.clone();
        (is_plain(&a) && is_plain(&b)).then(|| format!("between:({a} {b})"))
    }

    fn dates(&mut self) -> Option<String> {
        let (kind, length) = (self.random.below(4), self.random.below(3));
        let first = day(self.sample()?.date?, length);
        let second = day(self.sample()?.date?, length);
        Some(match kind {
            0 => format!("date:{first}"),
            1 => format!("after:{first}"),
            2 => format!("before:{first}"),
            _ => format!("date:{}..{}", first.clone().min(second.clone()), first.max(second)),
        })
    }
}

/// Those that a query can hold without quotes and that need no conversations to be told.
fn states_of(message: &Message, place: &Place) -> Vec<String> {
    let told = states(message, &text::regions(&message.text));
    let told = told
        .into_iter()
        .filter(|state| !["has:encrypted", "has:signed", "is:bounce"].contains(&state.as_str()));
    let places = [("source", &place.source), ("label", &place.folder)];
    let names = places.into_iter().flat_map(|(operator, path)| {
        let last = path.rsplit('/').next().unwrap_or_default();
        [format!("{operator}:{path}"), format!("label:{last}")]
    });
    let is_plain = |state: &String| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | ':');
        state.chars().all(is_plain) && !state.ends_with(':') && !state.contains(":-")
    };
    told.chain(names).filter(is_plain).collect()
}

fn words_of(text: &str) -> Vec<String> {
    text::query_tokens(text).into_iter().map(|token| token.text).collect()
}

fn quoted(words: &str) -> String {
    format!("\"{}\"", words.replace(['"', '*', '?', '\\'], " ").trim())
}

/// The word without its end, or as it is where that leaves too little.
fn prefix(word: &str) -> String {
    let n = word.chars().count();
    if n < 5 { word.to_owned() } else { word.chars().take(n - n / 4).chain(['*']).collect() }
}

/// The words in another order, with room between them.
fn scattered(words: &str) -> String {
    let mut words: Vec<&str> = words.split(' ').collect();
    words.rotate_left(1);
    format!("{}~{}", quoted(&words.join(" ")), words[0].len() % 4)
}

/// A phrase with all but its first and last words left open.
fn open_phrase(words: &str) -> String {
    let words: Vec<&str> = words.split(' ').collect();
    let last = words.len() - 1;
    let open = (0..=last).map(|at| if at == 0 || at == last { words[at] } else { "*" });
    quoted(&open.collect::<Vec<_>>().join(" "))
}

/// A word of plain letters with a wildcard in it, or as it is.
fn shape(word: &str) -> String {
    let n = word.len();
    if n < 5 || !word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return word.to_owned();
    }
    match n % 3 {
        0 => format!("{}?{}", &word[..2], &word[3..]),
        1 => format!("{}*{}", &word[..3], &word[n - 1..]),
        _ => format!("*{}", &word[n - 4..]),
    }
}

/// A pattern that a stretch of a text matches. No classes that depend on what a letter is: engines differ.
fn pattern(text: &str, turn: usize) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let start = turn % letters.len().max(1);
    let piece: Vec<char> = letters.into_iter().skip(start).take(3 + turn % 9).collect();
    let mut out = String::new();
    for (at, &c) in piece.iter().enumerate() {
        match (turn / 7 + at) % 9 {
            0 => out.push('.'),
            1 => out.push_str("(x|.)"),
            2 if c.is_ascii_alphanumeric() => out.extend([c, '+']),
            3 if c.is_ascii_digit() => out.push_str("[0-9]"),
            3 if c.is_ascii_lowercase() => out.push_str("[a-z]{1,2}"),
            // Before these two a backslash makes the border of a word.
            _ if c.is_ascii_alphanumeric() || " <>".contains(c) || !c.is_ascii() => out.push(c),
            _ => out.extend(['\\', c]),
        }
    }
    match turn % 11 {
        0 => out.insert(0, '^'),
        1 => out.push('$'),
        _ => {}
    }
    let is_sound = !out.is_empty() && !out.contains(char::is_control);
    is_sound.then_some(out)
}

/// A word of plain letters with two of them swapped, or as it is.
fn misspelt(word: &str) -> String {
    if word.len() < 6 || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return word.to_owned();
    }
    let (a, b) = (&word[2..3], &word[3..4]);
    format!("{}{b}{a}{}~1", &word[..2], &word[4..])
}

/// Addresses that a query can hold without quotes.
fn is_plain(address: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    address.contains('@') && address.chars().all(is_plain)
}

/// A year, month or day (UTC) as a query writes it.
fn day(seconds: i64, length: usize) -> String {
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    match length {
        0 => format!("{year:04}"),
        1 => format!("{year:04}-{month:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}"),
    }
}

/// The Gregorian date of a day counted from 1970, after Howard Hinnant's `civil_from_days`.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        let check = |seconds, expected: &str| assert_eq!(day(seconds, 2), expected);
        check(0, "1970-01-01");
        check(-1, "1969-12-31");
        check(951_782_400, "2000-02-29");
        check(1_203_642_000, "2008-02-22");
        check(4_107_542_400, "2100-03-01");
    }

    fn place() -> Place {
        Place { source: "a.mbox".into(), path: String::new(), offset: 0, folder: "in/old".into() }
    }

    #[test]
    fn the_same_seed_makes_the_same_queries() {
        let queries = || {
            let mut generator = Generator::new(7);
            let (subject, text) = ("one two three".into(), "four five".into());
            generator.add(&Message { subject, text, ..Message::default() }, &place());
            (0..50).map(|_| generator.query()).collect::<Vec<_>>()
        };
        assert_eq!(queries(), queries());
        assert!(queries().iter().any(|query| query.contains("subject:\"")));
    }
}
