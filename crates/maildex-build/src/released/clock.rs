//! Dates as programs print them into mail, in the zone that the profile names, with digits and letters misread.

use crate::message::{Stamp, parse_date};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use maildex_core::query::MONTHS;

/// A longer text is no date.
const MAX_LEN: usize = 120;

/// Reads a date: `Thursday, January 14, 2010 6:40 PM`, `Thu Jan 14 18:35:16 2010`, `1/14/2010 6:40 PM`. `years` are
/// the first and last that are possible; a time that cannot be read is midnight.
pub(super) fn read(text: &str, zone: &TimeZone, years: (i16, i16)) -> Option<Stamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_LEN {
        return None;
    }
    // A zone that is written out is right: programs wrote it by themselves.
    if let Some(stamp) = parse_date(text).filter(|stamp| stamp.zone.is_some()) {
        let year = jiff::Timestamp::from_second(stamp.time).ok()?.to_zoned(TimeZone::UTC).year();
        return (years.0..=years.1).contains(&year).then_some(stamp);
    }
    let mut parts = Parts { years, ..Parts::default() };
    for token in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '[' | ']')) {
        parts.token(token.trim_matches(['.', '•', '-', '_', '\'', '`', ':']));
    }
    let local =
        DateTime::new(parts.year?, parts.month?, parts.day?, parts.hour, parts.minute, parts.second, 0);
    // A time that a change of the clocks left out is read as the zone's rules say.
    let zoned = local.ok()?.to_zoned(zone.clone()).ok()?;
    let minutes = i16::try_from(zoned.offset().seconds() / 60).ok();
    Some(Stamp { time: zoned.timestamp().as_second(), zone: minutes })
}

#[derive(Default)]
struct Parts {
    years: (i16, i16),
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    has_time: bool,
    hour: i8,
    minute: i8,
    second: i8,
    /// The beginning of a year that was torn apart.
    torn: String,
    /// The word before, which may be the beginning of a month.
    before: String,
}

impl Parts {
    fn token(&mut self, token: &str) {
        if token.is_empty() {
            return;
        }
        let lower = token.to_lowercase();
        if let Some(half) = half_of_day(&lower) {
            return self.half(half);
        }
        if let Some(month) = month(&lower).filter(|_| self.month.is_none()) {
            self.month = Some(month);
            return;
        }
        // `Fe ruary`: all of it but the letter that was lost.
        if self.month.is_none() && token.len() > 1 && token.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            let parted = format!("{}?{lower}", self.before);
            self.month = MONTHS.iter().position(|month| misses_one(month, &parted)).and_then(to_month);
            self.before = lower;
            return;
        }
        let digits = as_digits(token, self.month.is_some() && self.day.is_none());
        if !digits.starts_with(|c: char| c.is_ascii_digit()) {
            return;
        }
        // `6:40PM`
        let end = digits.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | '/' | '-')));
        let (mut number, rest) = digits.split_at(end.unwrap_or(digits.len()));
        // `201110:35`: the year and the time in one.
        if let Some((year, time)) = number.split_at_checked(4).filter(|(_, time)| time.contains([':', '.']))
            && year.bytes().all(|byte| byte.is_ascii_digit())
        {
            self.number(year);
            number = time;
        }
        if number.contains([':', '.']) {
            self.clock(number);
        } else if number.contains(['/', '-']) {
            self.slashed(number);
        } else {
            self.number(number);
        }
        if let Some(half) = half_of_day(&rest.to_lowercase()) {
            self.half(half);
        }
    }

    fn clock(&mut self, text: &str) {
        let mut parts = text.split([':', '.']).filter(|part| !part.is_empty()).map(str::parse::<i8>);
        let (hour, minute, second) = (parts.next(), parts.next(), parts.next());
        if let (Some(Ok(hour @ 0..=23)), Some(Ok(minute @ 0..=59)), false) = (hour, minute, self.has_time) {
            self.has_time = true;
            (self.hour, self.minute) = (hour, minute);
            self.second = second.and_then(Result::ok).filter(|second| (0..60).contains(second)).unwrap_or(0);
        }
    }

    fn slashed(&mut self, text: &str) {
        let parts: Vec<i16> = text.split(['/', '-']).filter_map(|part| part.parse().ok()).collect();
        let (year, month, day) = match parts[..] {
            [year, month, day] if year >= 1000 => (year, month, day),
            [month, day, year] => (if year < 100 { year + 2000 } else { year }, month, day),
            _ => return,
        };
        if self.year.is_none() && self.is_year(year) && (1..=12).contains(&month) && (1..=31).contains(&day) {
            self.year = Some(year);
            self.month = i8::try_from(month).ok();
            self.day = i8::try_from(day).ok();
        }
    }

    fn number(&mut self, text: &str) {
        let Ok(value) = text.parse::<i16>() else { return };
        if self.is_year(value) && self.year.is_none() {
            self.year = Some(value);
        } else if let (Ok(day @ 1..=31), None, 1..=2) = (i8::try_from(value), self.day, text.len()) {
            self.day = Some(day);
        } else if self.year.is_none() && self.day.is_some() {
            // `201 0`, `20 10`
            self.torn.push_str(text);
            self.year = self.torn.parse().ok().filter(|&year| self.is_year(year));
        } else if matches!(text.len(), 3 | 4) && self.year.is_some() {
            // `0458 PM`
            let (hour, minute) = text.split_at(text.len() - 2);
            self.clock(&format!("{hour}:{minute}"));
        }
    }

    fn half(&mut self, afternoon: bool) {
        if (1..=12).contains(&self.hour) {
            self.hour = self.hour % 12 + if afternoon { 12 } else { 0 };
        }
    }

    fn is_year(&self, year: i16) -> bool {
        (self.years.0..=self.years.1).contains(&year)
    }
}

fn to_month(index: usize) -> Option<i8> {
    i8::try_from(index + 1).ok()
}

/// Whether a text is this month with `?` for one letter of it.
fn misses_one(month: &str, text: &str) -> bool {
    month.len() == text.len() && month.bytes().zip(text.bytes()).all(|(a, b)| a == b || b == b'?')
}

fn half_of_day(token: &str) -> Option<bool> {
    match token {
        "am" | "a.m" | "arn" | "a" => Some(false),
        "pm" | "p.m" | "prn" | "p" => Some(true),
        _ => None,
    }
}

/// The month that a word is or was: its first letters, or one letter wrong in all of them.
fn month(word: &str) -> Option<i8> {
    let letters: String = word
        .chars()
        .map(|c| match c {
            '1' | '|' | '!' => 'l',
            '0' => 'o',
            '5' => 's',
            _ => c,
        })
        .collect();
    if letters.len() < 3 || !letters.is_ascii() {
        return None;
    }
    let is_start = |month: &str| month.starts_with(letters.as_str()) || letters == "sept";
    let by_start =
        MONTHS.iter().position(|month| is_start(month) && (letters != "sept" || *month == "september"));
    let wrong = |month: &str| {
        month.len() == letters.len()
            && month.bytes().zip(letters.bytes()).filter(|(a, b)| a != b).count() <= 1 + month.len() / 8
    };
    // "April" run together with its day, "Janua" with what follows lost.
    let by_likeness = || MONTHS.iter().position(|month| letters.len() > 3 && wrong(month));
    let by_prefix = || {
        MONTHS.iter().position(|month| letters.len() > 5 && letters.starts_with(&month[..4.min(month.len())]))
    };
    by_start.or_else(by_likeness).or_else(by_prefix).and_then(to_month)
}

/// Letters that stand where a number stands, as digits: a token counts as a number if some of it is one already, or
/// if it stands where the day stands (`is_day`), as `OS`.
fn as_digits(token: &str, is_day: bool) -> String {
    let is_day = is_day && token.len() == 2 && token.starts_with(['O', 'o', 'l', 'I', 'Z']);
    let n_digits = token.bytes().filter(u8::is_ascii_digit).count() + usize::from(is_day);
    let n_letters = token.chars().filter(|c| c.is_alphabetic()).count();
    if n_digits == 0 && n_letters > 1 {
        return token.to_owned();
    }
    let mut out = String::with_capacity(token.len());
    for (at, c) in token.char_indices() {
        // What is left of AM or PM stays.
        let is_half = token[at..].len() == 2 && token[at..].to_lowercase().ends_with('m');
        out.push(match c {
            'O' | 'o' | 'Q' | 'D' | '°' if n_digits > 0 => '0',
            'l' | 'I' | 'i' | '|' | '!' | ']' | 'L' => '1',
            'S' | 's' if n_digits > 0 => '5',
            'B' if n_digits > 0 => '8',
            'Z' | 'z' if n_digits > 0 => '2',
            _ => c,
        });
        if is_half {
            out.pop();
            out.push_str(&token[at..]);
            break;
        }
    }
    out
}
