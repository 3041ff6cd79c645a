//! Dates as mail headers write them: RFC 5322 with its obsolete zones, asctime, ISO 8601, and the looser forms of
//! old mailers. The parser crate reads only the first of these.

use maildex_core::query::Day;

/// A point in time and the zone it was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Seconds since 1970.
    pub time: i64,
    /// Minutes east of UTC; `None` where no zone is named or `-0000` says that it is unknown (UTC is assumed).
    pub zone: Option<i16>,
}

/// A header longer than this is not a date.
const MAX_LEN: usize = 300;

/// Reads a date. Returns `None` for what is no date, and for days and times that do not exist (31 February, 25:00).
/// A weekday is ignored even where it is wrong.
pub fn parse(text: &str) -> Option<Stamp> {
    if text.len() > MAX_LEN {
        return None;
    }
    let (text, comment) = without_comments(text);
    let mut fields = Fields::default();
    let text = text.trim();
    if let Some(rest) = iso_day(text, &mut fields) {
        fields.read(rest.trim_start_matches(['T', 't', ' ', ',']));
    } else {
        fields.read(text);
    }
    if fields.zone.is_none() {
        fields.zone = comment.split_ascii_whitespace().find_map(named_zone);
    }
    fields.stamp()
}

/// Removes comments, which nest, and returns their text beside: some mailers name the zone only there.
fn without_comments(text: &str) -> (String, String) {
    let (mut plain, mut comment, mut depth) = (String::new(), String::new(), 0_usize);
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => comment.push(c),
            _ => plain.push(c),
        }
        if matches!(c, '(' | ')') {
            plain.push(' ');
            comment.push(' ');
        }
    }
    (plain, comment)
}

/// Takes `2001-02-03` (or with slashes) from the front and returns what follows.
fn iso_day<'a>(text: &'a str, fields: &mut Fields) -> Option<&'a str> {
    let bytes = text.as_bytes();
    let separator = *bytes.get(4)?;
    if !matches!(separator, b'-' | b'/') || bytes.get(7) != Some(&separator) {
        return None;
    }
    fields.year = Some(digits(text.get(..4)?)?);
    fields.month = Some(digits(text.get(5..7)?)?);
    fields.day = Some(digits(text.get(8..10)?)?);
    text.get(10..)
}

fn digits(text: &str) -> Option<i64> {
    (!text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[derive(Default)]
struct Fields {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    /// Seconds since midnight.
    time: Option<i64>,
    zone: Option<Zone>,
    bad: bool,
}

#[derive(Clone, Copy)]
enum Zone {
    Minutes(i16),
    Unknown,
}

impl Fields {
    fn read(&mut self, text: &str) {
        for token in text.split(|c: char| c.is_whitespace() || c == ',' || c == ';') {
            let token = token.trim_end_matches('.');
            if !token.is_empty() {
                self.token(token);
            }
        }
    }

    fn token(&mut self, token: &str) {
        if token.contains(':') && self.time.is_none() {
            return self.time_token(token);
        }
        if let Some(zone) = numeric_zone(token).filter(|_| self.time.is_some()) {
            self.zone = Some(zone);
            return;
        }
        if let Some(number) = digits(token) {
            return self.number(token, number);
        }
        match token.to_ascii_lowercase().as_str() {
            "am" | "pm" => return self.half_day(token),
            _ => {}
        }
        if token.contains(['-', '/']) && token.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            // 01-Aug-2000, or a slashed American date.
            return self.joined_day(token);
        }
        if let Some(month) = month(token).filter(|_| self.month.is_none()) {
            self.month = Some(month);
        } else if let Some(zone) = named_zone(token).filter(|_| self.zone.is_none() && self.time.is_some()) {
            self.zone = Some(zone);
        }
    }

    /// `10:57`, `10:57:03`, `10:57:03.5`, `10:57PM`, `10:57:03+02:00`, `10:57:03Z`.
    fn time_token(&mut self, token: &str) {
        let end =
            token.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(token.len());
        let (clock, rest) = token.split_at(end);
        if clock.is_empty() {
            self.bad = true;
            return;
        }
        let mut parts = clock.split(':').map(|part| digits(part.split('.').next().unwrap_or_default()));
        let (hour, minute, second) = (parts.next().flatten(), parts.next().flatten(), parts.next());
        let second = match second {
            None => Some(0),
            Some(second) => second,
        };
        match (hour, minute, second) {
            // 60 is a leap second.
            (Some(hour @ 0..=23), Some(minute @ 0..=59), Some(second @ 0..=60)) => {
                self.time = Some(hour * 3600 + minute * 60 + second);
            }
            _ => self.bad = true,
        }
        if !rest.is_empty() {
            self.token(rest);
        }
    }

    fn number(&mut self, token: &str, number: i64) {
        let is_year = token.len() >= 3 || self.day.is_some();
        if is_year && self.year.is_none() {
            // RFC 5322, section 4.3; years like 0001 and 0102 are the same numbers, padded by programs of 2001 and 2002.
            self.year = Some(match number {
                0..50 => number + 2000,
                50..1000 => number + 1900,
                _ => number,
            });
        } else if self.day.is_none() {
            self.day = Some(number);
        } else if token.len() == 4 && self.time.is_some() && self.zone.is_none() {
            // A zone that lost its sign.
            self.zone = numeric_zone(&format!("+{token}"));
        }
    }

    fn half_day(&mut self, half: &str) {
        let Some(time) = self.time else { return };
        let hour = time / 3600;
        if (1..=12).contains(&hour) {
            let base = if half.eq_ignore_ascii_case("pm") { 12 } else { 0 };
            self.time = Some((hour % 12 + base) * 3600 + time % 3600);
        }
    }

    fn joined_day(&mut self, token: &str) {
        let parts: Vec<&str> = token.split(['-', '/']).collect();
        if let [a, b, year] = parts[..]
            && self.day.is_none()
        {
            let numbers = (digits(a), digits(b));
            match numbers {
                (Some(day), None) => (self.day, self.month) = (Some(day), month(b)),
                (None, Some(day)) => (self.day, self.month) = (Some(day), month(a)),
                // Which of two small numbers is the month cannot be known, so such a date is not read.
                (Some(a @ 1..=12), Some(b @ 13..=31)) => (self.month, self.day) = (Some(a), Some(b)),
                (Some(a @ 13..=31), Some(b @ 1..=12)) => (self.day, self.month) = (Some(a), Some(b)),
                (Some(a), Some(b)) if a == b => (self.day, self.month) = (Some(a), Some(a)),
                _ => self.bad = true,
            }
            match digits(year) {
                Some(number) => self.number(year, number),
                None => self.bad = true,
            }
        } else if let Some(zone) = named_zone(token.split(['-', '+', '/']).next().unwrap_or_default()) {
            // GMT-0500: the name is the anchor, the number the zone. But BST-1 is written as in POSIX's TZ (8.3), which
            // counts hours to the west, and means what its name says.
            let number = &token[token.find(['-', '+']).unwrap_or(token.len())..];
            let is_posix = number.len() <= 3 && !matches!(zone, Zone::Minutes(0));
            self.zone = Some(numeric_zone(number).filter(|_| !is_posix).unwrap_or(zone));
        }
    }

    fn stamp(&self) -> Option<Stamp> {
        let (year, month, day) = (self.year?, self.month?, self.day?);
        if self.bad {
            return None;
        }
        let day = Day::new(year, month.try_into().ok()?, day.try_into().ok()?)?;
        let zone = match self.zone {
            Some(Zone::Minutes(minutes)) => Some(minutes),
            _ => None,
        };
        let local = day.number() * 86_400 + self.time.unwrap_or(0);
        Some(Stamp { time: local - i64::from(zone.unwrap_or(0)) * 60, zone })
    }
}

/// `+0200`, `-05:00`, `+2`, `+530`, also after `GMT` or `UTC`. Some programs write the day's change into the zone
/// (`-1900`), and mean the sum.
fn numeric_zone(token: &str) -> Option<Zone> {
    let token = token.strip_prefix("GMT").or_else(|| token.strip_prefix("UTC")).unwrap_or(token);
    let (sign, rest) = match token.as_bytes().first()? {
        b'+' => (1, &token[1..]),
        b'-' => (-1, &token[1..]),
        _ => return None,
    };
    let number: String = rest.chars().filter(|&c| c != ':').collect();
    let value = digits(&number)?;
    let minutes = match number.len() {
        1 | 2 => value * 60,
        3 | 4 => value / 100 * 60 + value % 100,
        _ => return Some(Zone::Unknown),
    };
    if minutes >= 24 * 60 || sign == -1 && minutes == 0 {
        return Some(Zone::Unknown);
    }
    Some(i16::try_from(sign * minutes).map_or(Zone::Unknown, Zone::Minutes))
}

/// Zones by name. RFC 5322 says to read the one-letter military zones as unknown, because they were used with both
/// signs. Of ambiguous names the one that mail shows most is taken: CST, EST and MST are American, IST is Indian.
fn named_zone(token: &str) -> Option<Zone> {
    let name = token.to_ascii_uppercase();
    let minutes = match name.as_str() {
        "UT" | "UTC" | "GMT" | "Z" | "WET" => 0,
        "BST" | "WEST" | "CET" | "MET" | "MEZ" | "WAT" => 60,
        "CEST" | "MEST" | "MESZ" | "METDST" | "EET" | "SAST" | "CAT" => 120,
        "EEST" | "MSK" | "EAT" => 180,
        "MSD" | "GST" => 240,
        "PKT" => 300,
        "IST" => 330,
        "HKT" | "SGT" | "AWST" => 480,
        "JST" | "KST" => 540,
        "ACST" => 570,
        "AEST" => 600,
        "ACDT" => 630,
        "AEDT" => 660,
        "NZST" => 720,
        "NZDT" => 780,
        "NDT" => -150,
        "BRT" | "ART" | "ADT" => -180,
        "NST" => -210,
        "AST" | "EDT" => -240,
        "EST" | "EST5EDT" | "CDT" => -300,
        "CST" | "CST6CDT" | "MDT" => -360,
        "MST" | "MST7MDT" | "PDT" => -420,
        "PST" | "PST8PDT" | "AKDT" => -480,
        "AKST" => -540,
        "HST" => -600,
        _ if name.len() == 1 && name.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            return Some(Zone::Unknown);
        }
        _ => return None,
    };
    Some(Zone::Minutes(minutes))
}

fn month(token: &str) -> Option<i64> {
    let start = token.get(..3)?.to_ascii_lowercase();
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let index = MONTHS.iter().position(|month| *month == start)?;
    i64::try_from(index + 1).ok()
}

/// Writes seconds since 1970 as RFC 5322 does, in UTC and with the zone that says that the writer's is unknown.
pub(crate) fn write(time: i64) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Day { year, month, day } = Day::from_number(time.div_euclid(86_400));
    let second = time.rem_euclid(86_400);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{day:02} {} {year:04} {hour:02}:{minute:02}:{second:02} -0000", MONTHS[usize::from(month) - 1])
}

/// Writes seconds since 1970 as calendars do: `20010203T040506Z` (RFC 5545, 3.3.5).
pub(crate) fn write_compact(time: i64) -> String {
    let Day { year, month, day } = Day::from_number(time.div_euclid(86_400));
    let second = time.rem_euclid(86_400);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}
