//! Days, months and years as half-open ranges of seconds, cut in the archive's time zone. Integers only, and the
//! present is an argument: the same query on the same day means the same everywhere.

use crate::order_by::{order_by, unsigned};

/// The archive's time zone: from when on which offset from UTC holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Zone {
    /// Seconds since 1970 in UTC and the offset in seconds that holds from then on, ascending.
    transitions: Vec<(i64, i32)>,
}

impl Zone {
    /// Makes a zone of its transitions. The first one also holds before its own time; none at all is UTC.
    pub fn new(mut transitions: Vec<(i64, i32)>) -> Self {
        order_by(&mut transitions, |transition| unsigned(transition.0));
        Self { transitions }
    }

    /// The offset from UTC in seconds that holds at a moment.
    pub fn offset(&self, seconds: i64) -> i32 {
        let after = self.transitions.partition_point(|transition| transition.0 <= seconds);
        self.transitions.get(after.saturating_sub(1)).map_or(0, |transition| transition.1)
    }

    /// The first moment of a day. Where the clocks skip midnight, the day begins when they land.
    pub fn day_start(&self, day: Day) -> i64 {
        let local = day.number() * SECONDS_A_DAY;
        let near = self.transitions.partition_point(|transition| transition.0 < local - 2 * SECONDS_A_DAY);
        // Every stretch of one offset that can hold this midnight, in order: the first that does is meant.
        let mut from = i64::MIN;
        let mut offset = self.offset(local - 2 * SECONDS_A_DAY);
        for &(until, next) in &self.transitions[near..] {
            let start = from.max(local - i64::from(offset));
            if start < until {
                return start;
            }
            (from, offset) = (until, next);
        }
        from.max(local - i64::from(offset))
    }

    /// The day on which a moment falls.
    pub fn day(&self, seconds: i64) -> Day {
        Day::from_number((seconds.saturating_add(i64::from(self.offset(seconds)))).div_euclid(SECONDS_A_DAY))
    }
}

const SECONDS_A_DAY: i64 = 86_400;

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// 1 to 9999 when it comes from a query.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Day {
    /// A day that exists.
    pub fn new(year: i64, month: u8, day: u8) -> Option<Self> {
        ((1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day))
            .then_some(Self { year, month, day })
    }

    /// Days since 1970-01-01. Eras of 400 years that begin in March put the leap day last (H. Hinnant,
    /// "chrono-compatible low-level date algorithms").
    pub fn number(self) -> i64 {
        let (year, month, day) = (self.year, i64::from(self.month), i64::from(self.day));
        let year = year - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The day with this number.
    pub fn from_number(number: i64) -> Self {
        let shifted = number + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        // Both are small by construction.
        Self { year, month: month.try_into().unwrap_or(1), day: day.try_into().unwrap_or(1) }
    }

    /// The same day so many months before, or the last one of that month.
    fn months_before(self, n_months: i64) -> Self {
        let months = self.year * 12 + i64::from(self.month) - 1 - n_months;
        let year = months.div_euclid(12);
        let month = u8::try_from(months.rem_euclid(12) + 1).unwrap_or(1);
        Self { year, month, day: self.day.min(days_in(year, month)) }
    }
}

fn days_in(year: i64, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A date as somebody wrote it: a stretch of time with a canonical spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Date {
    /// A year.
    Year(i64),
    /// A month of a year.
    Month(i64, u8),
    /// A day.
    Day(Day),
    /// A second, counted from 1970 in UTC.
    Second(i64),
}

impl Date {
    /// Its first second.
    pub fn start(self, zone: &Zone) -> i64 {
        match self {
            Self::Year(year) => zone.day_start(Day { year, month: 1, day: 1 }),
            Self::Month(year, month) => zone.day_start(Day { year, month, day: 1 }),
            Self::Day(day) => zone.day_start(day),
            Self::Second(second) => second,
        }
    }

    /// The first second after it.
    pub fn end(self, zone: &Zone) -> i64 {
        match self {
            Self::Year(year) => Self::Year(year + 1).start(zone),
            Self::Month(year, 12) => Self::Year(year + 1).start(zone),
            Self::Month(year, month) => Self::Month(year, month + 1).start(zone),
            Self::Day(day) => zone.day_start(Day::from_number(day.number() + 1)),
            Self::Second(second) => second + 1,
        }
    }
}

impl core::fmt::Display for Date {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match *self {
            Self::Year(year) => write!(out, "{year:04}"),
            Self::Month(year, month) => write!(out, "{year:04}-{month:02}"),
            Self::Day(Day { year, month, day }) => write!(out, "{year:04}-{month:02}-{day:02}"),
            Self::Second(second) => write!(out, "{second:09}"),
        }
    }
}

/// How a date was read where it could have been read in another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// In only one way.
    Plain,
    /// `1/2/2012` as month/day.
    MonthFirst,
    /// `31/1/2012`, `1.2.2012` as day/month.
    DayFirst,
    /// A month, or a day of one, without a year: the last one.
    LastMonth,
}

/// Reads a date: `2012`, `2012-03`, `2012/03/04`, `20120304`, `4 march 2012`, `mar-2012`, `1/2/2012`, nine digits or
/// more of seconds, `today`, `yesterday`, `2w` (so long before today). `None` if it is none of these or no such day
/// exists.
pub fn parse_date(text: &str, today: Day) -> Option<(Date, Reading)> {
    let plain = |date: Date| Some((date, Reading::Plain));
    if !text.is_empty() && text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = |range: core::ops::Range<usize>| text.get(range)?.parse::<u8>().ok();
        let year: Option<i64> = text.get(..4).and_then(|year| year.parse().ok()).filter(|year| *year > 0);
        return match text.len() {
            4 => plain(Date::Year(year?)),
            6 => month(year?, number(4..6)?).and_then(plain),
            8 => plain(Date::Day(Day::new(year?, number(4..6)?, number(6..8)?)?)),
            9.. => plain(Date::Second(text.parse().ok()?)),
            _ => None,
        };
    }
    match text.to_ascii_lowercase().as_str() {
        "today" | "now" => return plain(Date::Day(today)),
        "yesterday" => return plain(Date::Day(Day::from_number(today.number() - 1))),
        _ => {}
    }
    if let Some(day) = parse_age(text, today) {
        return plain(Date::Day(day));
    }
    parse_parts(text, today)
}

/// Reads an age, `1y`, `6m`, `2w`, `10d` or a number of days, and returns the day that long before today.
pub fn parse_age(text: &str, today: Day) -> Option<Day> {
    let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(n_digits)?;
    // Nothing is older than 9,999 years; more digits would only overflow.
    let number: i64 = number.parse().ok().filter(|_| n_digits <= 4)?;
    let day = match unit.to_ascii_lowercase().as_str() {
        "d" => Day::from_number(today.number() - number),
        "w" => Day::from_number(today.number() - 7 * number),
        "m" => today.months_before(number),
        "y" => today.months_before(12 * number),
        _ => return None,
    };
    Some(Day::new(day.year, day.month, day.day).unwrap_or(Day { year: 1, month: 1, day: 1 }))
}

/// A part of a date.
#[derive(Clone, Copy)]
enum Part {
    Year(i64),
    Small(u8),
    Name(u8),
}

fn parse_parts(text: &str, today: Day) -> Option<(Date, Reading)> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let class = |c: char| (c.is_ascii_digit(), c.is_ascii_alphabetic());
        let end = rest.find(|c| class(c) != class(first)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        match class(first) {
            (true, _) => parts.push(match run.len() {
                1 | 2 => Part::Small(run.parse().ok()?),
                4 => Part::Year(run.parse().ok().filter(|year| *year > 0)?),
                _ => return None,
            }),
            (_, true) if matches!(run, "st" | "nd" | "rd" | "th" | "of") => {}
            (_, true) => parts.push(Part::Name(month_named(run)?)),
            _ if matches!(run, "-" | "/" | "." | "," | ", " | " ")
                && !parts.is_empty()
                && !rest.is_empty() => {}
            _ => return None,
        }
        if parts.len() > 3 {
            return None;
        }
    }
    let day = |year, month, day| Some(Date::Day(Day::new(year, month, day)?));
    let date = match parts[..] {
        [Part::Year(year)] => Date::Year(year),
        [Part::Year(year), Part::Small(m) | Part::Name(m)]
        | [Part::Name(m) | Part::Small(m), Part::Year(year)] => month(year, m)?,
        [Part::Year(year), Part::Small(m) | Part::Name(m), Part::Small(d)] => day(year, m, d)?,
        [Part::Small(d), Part::Name(m), Part::Year(year)] => day(year, m, d)?,
        [Part::Name(m), Part::Small(d), Part::Year(year)] => day(year, m, d)?,
        [Part::Small(d), Part::Small(m), Part::Year(year)] if text.contains('.') => {
            return Some((day(year, m, d)?, Reading::DayFirst));
        }
        [Part::Small(m), Part::Small(d), Part::Year(year)] => {
            let month_first = day(year, m, d).map(|date| (date, Reading::MonthFirst));
            return month_first.or_else(|| Some((day(year, d, m)?, Reading::DayFirst)));
        }
        [Part::Name(m)] => {
            let year = today.year - i64::from(m > today.month);
            return Some((month(year, m)?, Reading::LastMonth));
        }
        [Part::Name(m), Part::Small(d)] | [Part::Small(d), Part::Name(m)] => {
            let year = today.year - i64::from((m, d) > (today.month, today.day));
            // Between two 29 Februaries are eight years at most.
            let date = (0..8).find_map(|before| Day::new(year - before, m, d))?;
            return Some((Date::Day(date), Reading::LastMonth));
        }
        _ => return None,
    };
    Some((date, Reading::Plain))
}

fn month(year: i64, month: u8) -> Option<Date> {
    Day::new(year, month, 1).map(|day| Date::Month(day.year, day.month))
}

/// The months in English, in lower case.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn month_named(name: &str) -> Option<u8> {
    let name = name.to_ascii_lowercase();
    let fits = |whole: &str| {
        name.len() >= 3 && (whole.starts_with(&name) || (name == "sept" && whole == "september"))
    };
    let at = MONTHS.iter().position(|whole| fits(whole))?;
    u8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests;
