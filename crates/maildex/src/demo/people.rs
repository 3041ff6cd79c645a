//! Who writes: a cast of about sixty invented people and an endless tail of others.

use std::rc::Rc;

use super::calendar::{FIRST_YEAR, LAST_YEAR};
use super::invent::{given, surname};
use super::rng::{Rng, tag};

/// The mail program decides how a message is built and how it quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    /// Hard-wrapped plain text, answers below quotes.
    Pine,
    /// Top posting with a header block, HTML beside the text.
    Outlook,
    /// Long lines, quotes, often HTML beside the text.
    Apple,
    /// Webmail: HTML beside the text.
    Web,
    /// Short and on top.
    Phone,
    /// format=flowed.
    Thunder,
}

/// The charset that a person's program prefers; a text that does not fit goes out as UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    Latin1,
    Cp1252,
    Utf8,
    Japanese,
    Russian,
    Chinese,
    Arabic,
}

/// One correspondent.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: String,
    /// How others address them.
    pub(super) given: String,
    pub(super) roles: Vec<&'static str>,
    first_year: i64,
    last_year: i64,
    /// Weight in each year; nobody writes the same amount every year.
    weights: [u64; N_YEARS],
    addresses: Vec<String>,
    pub(super) program: Program,
    pub(super) habit: Habit,
    /// Hours east of UTC in winter.
    pub(super) zone: i64,
    pub(super) signature: Vec<String>,
    /// The language of a partner's letters, a key of `languages.txt`.
    pub(super) language: Option<&'static str>,
}

impl Person {
    /// The address used in a year: people with two change over in the middle of their time, and now and then
    /// write from the other one.
    pub(super) fn address(&self, year: i64, rng: &mut Rng) -> &str {
        let second = self.addresses.len() > 1;
        let late = year * 2 > self.first_year + self.last_year;
        let idx = usize::from(second && (late ^ rng.permille(120)));
        &self.addresses[idx]
    }

    /// The address that others write to.
    pub(super) fn main_address(&self) -> &str {
        &self.addresses[0]
    }

    fn activity(&self, year: usize, roles: &[&str]) -> u64 {
        let fits = self.roles.iter().any(|role| roles.contains(role));
        self.weights[year] * if fits { 8 } else { 1 }
    }
}

const N_YEARS: usize = 12;

fn year_index(year: i64) -> usize {
    usize::try_from(year.clamp(FIRST_YEAR, LAST_YEAR) - FIRST_YEAR).unwrap_or(0)
}

/// A weight for every year, 0 outside the years in which the person is there.
fn yearly_weights(name: &str, weight: u64, first: i64, last: i64) -> [u64; N_YEARS] {
    let mut weights = [0; N_YEARS];
    for year in first..=last {
        let mood = Rng::derive(tag(name), u64::try_from(year).unwrap_or(0)).range(40, 160);
        weights[year_index(year)] = weight * mood;
    }
    weights
}

/// Everybody.
pub(super) struct People {
    core: Vec<Rc<Person>>,
    /// The islanders of the cast, by year.
    by_year: Vec<Vec<Rc<Person>>>,
    seed: u64,
}

/// How slowly the tail thins out: at 46,000 messages some thousands of people have written.
const TAIL: u64 = 880;

const LANGUAGES: [&str; 7] = ["de", "fr", "es", "ja", "ru", "zh", "ar"];

impl People {
    /// Reads the cast and prepares a tail that depends on the seed.
    pub(super) fn new(cast: &'static str, seed: u64) -> Self {
        let lines = cast.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let core: Vec<_> = lines.map(|line| Rc::new(read_person(line))).collect();
        let present = |year: usize| {
            core.iter()
                .filter(|person| person.weights[year] > 0 && person.language.is_none())
                .cloned()
                .collect()
        };
        Self { by_year: (0..N_YEARS).map(present).collect(), core, seed }
    }

    /// A person of the cast who is active in the year, more likely one with such a role; partners who write
    /// in other languages only if `language` asks for theirs.
    pub(super) fn core(
        &self,
        year: i64,
        roles: &[&str],
        language: Option<&str>,
        rng: &mut Rng,
    ) -> &Rc<Person> {
        let year = year_index(year);
        let weights = self.core.iter().map(|person| match (person.language, language) {
            (None, None) => person.activity(year, roles),
            (Some(own), Some(wanted)) if own == wanted => person.activity(year, roles),
            _ => 0,
        });
        &self.core[rng.weighted(weights)]
    }

    /// True if somebody writes in this language in the year.
    pub(super) fn has_language(&self, year: i64, language: &str) -> bool {
        let year = year_index(year);
        self.core.iter().any(|person| person.language == Some(language) && person.weights[year] > 0)
    }

    /// Somebody of the cast to speak about.
    pub(super) fn known(&self, year: i64, rng: &mut Rng) -> &Person {
        rng.pick::<Rc<Person>>(&self.by_year[year_index(year)])
    }

    /// Anybody of the many who write a few times.
    pub(super) fn tail(&self, rng: &mut Rng) -> Rc<Person> {
        let rank = rng.rank(TAIL);
        let mut own = Rng::derive(self.seed ^ 0x7a11, rank);
        let (given, family) = (given(own.rank(840)), surname(own.rank(900)));
        let local = format!("{}.{}", plain(&given), plain(&family));
        let domain = *own.pick(&[
            "lanternpost.example",
            "sternlight.example",
            "hillside.example",
            "riverhouse.example",
            "brightmail.example",
            "post.example.org",
            "tidewater.example",
            "quietpost.example",
            "mail.example.net",
        ]);
        let address = match own.below(4) {
            0 => format!("{}{}@{domain}", plain(&family), own.range(1, 99)),
            1 => format!("{}{}@{domain}", &plain(&given)[..1], plain(&family)),
            _ => format!("{local}@{domain}"),
        };
        let program = *own.pick(&[
            Program::Pine,
            Program::Outlook,
            Program::Apple,
            Program::Web,
            Program::Web,
            Program::Phone,
            Program::Thunder,
        ]);
        let name = match own.below(14) {
            0 => format!("{family}, {given}"),
            1 => String::new(),
            _ => format!("{given} {family}"),
        };
        let signature = if own.permille(300) { vec![format!("{given} {family}")] } else { Vec::new() };
        Rc::new(Person {
            name,
            given,
            roles: Vec::new(),
            first_year: FIRST_YEAR,
            last_year: LAST_YEAR,
            weights: [1; N_YEARS],
            addresses: vec![address],
            program,
            habit: *own.pick(&[Habit::Utf8, Habit::Utf8, Habit::Latin1, Habit::Cp1252]),
            zone: *own.pick(&[0, 0, 0, 0, 0, 1, 1, 2, -5, -8, 9]),
            signature,
            language: None,
        })
    }
}

/// The letters of a name that may stand in an address.
fn plain(name: &str) -> String {
    let kept: String = name
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            'a'..='z' => Some(c),
            'á' | 'ã' | 'à' => Some('a'),
            'è' | 'é' => Some('e'),
            'í' | 'ı' => Some('i'),
            'ö' => Some('o'),
            'ü' => Some('u'),
            'š' | 'ş' => Some('s'),
            'ć' => Some('c'),
            'ğ' => Some('g'),
            _ => None,
        })
        .collect();
    if kept.is_empty() { "post".to_owned() } else { kept }
}

/// Reads one line of `cast.txt`; the file is embedded, so a line that does not parse is a bug.
fn read_person(line: &'static str) -> Person {
    let mut fields = line.split('|').map(str::trim);
    let mut field = || fields.next().unwrap_or_else(|| panic!("short line in the cast: {line}"));
    let (name, roles, years, weight) = (field(), field(), field(), field());
    let addresses = [field(), field()];
    let (style, signature) = (field(), field());
    let (first, last) = years.split_once('-').unwrap_or((years, years));
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("expected a number: {line}"));
    let style: Vec<&str> = style.split(' ').collect();
    let roles: Vec<&'static str> = roles.split(' ').collect();
    Person {
        name: name.to_owned(),
        given: name.split(' ').next().unwrap_or(name).to_owned(),
        language: LANGUAGES.iter().copied().find(|language| roles.contains(language)),
        roles,
        first_year: number(first),
        last_year: number(last),
        weights: yearly_weights(
            name,
            u64::try_from(number(weight)).unwrap_or(1),
            number(first),
            number(last),
        ),
        addresses: addresses.iter().filter(|a| **a != "-").map(|a| (*a).to_owned()).collect(),
        program: read_program(style.first()),
        habit: read_habit(style.get(1)),
        zone: number(style.get(2).unwrap_or(&"0")),
        signature: if signature == "-" {
            Vec::new()
        } else {
            signature.split('/').map(str::to_owned).collect()
        },
    }
}

fn read_program(text: Option<&&str>) -> Program {
    match text {
        Some(&"pine") => Program::Pine,
        Some(&"outlook") => Program::Outlook,
        Some(&"apple") => Program::Apple,
        Some(&"phone") => Program::Phone,
        Some(&"thunder") => Program::Thunder,
        _ => Program::Web,
    }
}

fn read_habit(text: Option<&&str>) -> Habit {
    match text {
        Some(&"latin1") => Habit::Latin1,
        Some(&"cp1252") => Habit::Cp1252,
        Some(&"jp") => Habit::Japanese,
        Some(&"ru") => Habit::Russian,
        Some(&"zh") => Habit::Chinese,
        Some(&"ar") => Habit::Arabic,
        _ => Habit::Utf8,
    }
}
