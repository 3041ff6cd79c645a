//! People as header blocks print them, and the tables that say who they are.

use crate::message::Mailbox;
use rustc_hash::FxHashMap;

/// People of one field that are read.
const MAX_PEOPLE: usize = 2000;

/// Who is meant by which spelling.
#[derive(Debug, Clone, Default)]
pub struct Aliases {
    /// By the spelling.
    written: FxHashMap<String, String>,
    /// By its letters and digits.
    exact: FxHashMap<String, String>,
    /// By what is left of them when letters that scans mix up are one; `None` where several people share it.
    similar: FxHashMap<String, Option<String>>,
}

impl Aliases {
    /// Says that `alias` is `name`. What was said first stays.
    pub fn add(&mut self, alias: &str, name: &str) {
        let (key, name) = (letters(alias), name.trim());
        // An alias that names several people says nothing about one, nor does an address in the place of a name.
        if key.is_empty() || name.is_empty() || alias.contains(';') || name.contains('@') {
            return;
        }
        self.written.entry(spelling(alias)).or_insert_with(|| name.to_owned());
        let name = self.exact.entry(key.clone()).or_insert_with(|| name.to_owned()).clone();
        // Short words are like too many others.
        if key.len() >= 5 {
            let other = self.similar.entry(shape(&key)).or_insert_with(|| Some(name.clone()));
            if other.as_ref().is_some_and(|other| *other != name) {
                *other = None;
            }
        }
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.exact.is_empty()
    }

    /// The name of a person, by the name or the address printed.
    pub fn resolve(&self, person: &Mailbox) -> Option<&str> {
        let whole = format!("{}{}", person.name, person.address);
        let local = person.address.split('@').next().unwrap_or_default();
        // A name without its last initial, which is often misread.
        let short = person.name.rsplit_once(' ').filter(|(_, last)| last.chars().count() <= 2);
        let forms =
            [whole.as_str(), &person.name, &person.address, short.map_or("", |(start, _)| start), local];
        if let Some(name) = forms.iter().find_map(|form| self.written.get(&spelling(form))) {
            return Some(name);
        }
        let keys: Vec<String> = forms.iter().map(|form| letters(form)).collect();
        let exact = keys.iter().find_map(|key| self.exact.get(key).map(String::as_str));
        exact.or_else(|| {
            let long = keys.iter().filter(|key| key.len() >= 5);
            long.filter_map(|key| self.similar.get(&shape(key))).find_map(|name| name.as_deref())
        })
    }
}

fn spelling(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").trim_matches(is_dirt).to_lowercase()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// One sign for all that scans mix up.
fn shape(key: &str) -> String {
    let one = key.chars().map(|c| match c {
        'l' | '1' | 'j' | '7' => 'i',
        '0' | 'q' => 'o',
        '5' => 's',
        '8' => 'b',
        c => c,
    });
    let one: String = one.collect();
    one.replace("rn", "m").replace("vv", "w").replace("ii", "u").replace("ci", "d")
}

/// The people of a field: separated by `;`, or by commas where every part has an address.
pub(super) fn people(value: &str) -> Vec<Mailbox> {
    let value: String = value
        .chars()
        .map(|c| match c {
            '‹' | '«' => '<',
            '›' | '»' => '>',
            '©' => '@',
            c => c,
        })
        .collect();
    let n_at = value.matches('@').count();
    let parts: Vec<&str> = if value.contains(';') {
        value.split(';').collect()
    } else if n_at > 1 && value.split(',').all(|part| part.contains('@')) {
        value.split(',').collect()
    } else {
        vec![value.as_str()]
    };
    parts.into_iter().filter_map(person).take(MAX_PEOPLE).collect()
}

fn person(part: &str) -> Option<Mailbox> {
    let part = without_marks(part);
    let part = part.trim_matches(is_dirt);
    let (name, address) = match bracket(part).filter(|&at| at > 0 || part.len() > 1) {
        Some(at) => {
            let address = part[at + 1..].trim_start_matches(|c: char| is_dirt(c) || "<[(".contains(c));
            // What stands behind it is no part of it: `] On Behalf Of …`.
            let address =
                address.split(['>', ']', ')', '[']).next().unwrap_or_default().trim_matches(is_dirt);
            let address = address.strip_prefix("mailto").unwrap_or(address).trim_start_matches(':');
            (part[..at].trim_matches(is_dirt), address.replace(' ', ""))
        }
        // `'millscd@state.gov'`
        None if part.contains('@') && !part.contains(' ') => ("", part.trim_matches(['>', ')']).to_owned()),
        // `Tern, Anna      @shore.example>`: most of the address was taken out.
        None => match part.split_once(" @") {
            Some((name, _)) if name.contains(' ') => (name, String::new()),
            _ => (part.trim_end_matches('>'), String::new()),
        },
    };
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = if name.eq_ignore_ascii_case(&address) { String::new() } else { name };
    let told = name.chars().chain(address.chars()).any(char::is_alphanumeric);
    told.then_some(Mailbox { name, address })
}

/// Where an address in brackets begins; in round ones only what has a sign of one: `(ann@shore.example)`.
fn bracket(part: &str) -> Option<usize> {
    let round =
        || part.find('(').filter(|&at| part[at..].split(')').next().is_some_and(|in_it| in_it.contains('@')));
    part.find(['<', '[']).or_else(round)
}

fn is_dirt(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\'' | '"' | '‘' | '’' | '“' | '”' | '`' | '°' | ',' | '•' | '.')
}

/// Without `[B6]` and the like, which is nobody's name.
fn without_marks(part: &str) -> String {
    let mut out = part.to_owned();
    while let Some(start) = out.find('[').filter(|&at| !out[at..].starts_with("[mailto")) {
        let Some(end) = out[start..].find(']').filter(|&end| !out[start..start + end].contains('@')) else {
            break;
        };
        out.replace_range(start..=start + end, " ");
    }
    out
}
