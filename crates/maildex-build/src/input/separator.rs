//! The `From ` line that stands before each message of an mbox: its forms, and the date that it carries.
//!
//! Nothing in mbox marks the line for certain; what is asked of it beyond its own form (the line after it, the blank
//! line before it) is asked in [`super::mbox`].

use maildex_core::query::Day;

/// The longest `From ` line that is looked at; real ones stay under 200 bytes.
pub(crate) const MAX_LINE: usize = 1024;

/// A line that has the form of a separator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FromLine {
    pub(crate) form: Form,
    /// Its date in seconds since 1970. RFC 4155 has it in UTC; many writers used local time and no zone.
    pub(crate) date: Option<i64>,
    /// It carries the fixed date of `git format-patch`: more often part of a patch than a separator.
    pub(crate) git: bool,
}

/// How the line is written: one program writes all its separators alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `From someone@example.org Sat Jan  3 01:05:34 1996`.
    Dated,
    /// `From - …`, from Netscape to Thunderbird.
    Mozilla,
    /// `From ` and nothing else (Thunderbird's imports, Got Your Back).
    Bare,
    /// `From 1844…@xxx`: a sender or an id and no date.
    Token,
}

/// What can be said about bytes that may go on in the next chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    /// The bytes end too early to tell.
    More,
}

/// Reads a line without its line end. `None`: it is prose that begins with "From".
pub(crate) fn from_line(line: &[u8]) -> Option<FromLine> {
    let rest = line.strip_prefix(b"From ")?;
    let tokens: Vec<&[u8]> =
        rest.split(u8::is_ascii_whitespace).filter(|token| !token.is_empty()).take(32).collect();
    let date = tokens_date(&tokens);
    let form = match tokens.as_slice() {
        [] => Form::Bare,
        [b"-", ..] => Form::Mozilla,
        _ if date.is_some() => Form::Dated,
        [_] => Form::Token,
        _ => return None,
    };
    Some(FromLine { form, date: date.and_then(Stamp::seconds), git: date == Some(GIT) })
}

/// Tells whether a line begins as a header does: printable characters without a colon, then the colon. Blanks before
/// the colon are obsolete syntax that RFC 5322 still asks to be read.
pub(crate) fn header_follows(bytes: &[u8], at_end: bool) -> Answer {
    if bytes.starts_with(b">From ") {
        return Answer::Yes; // The From line of an earlier delivery, quoted.
    }
    let mut blank = false;
    for (at, byte) in bytes.iter().take(MAX_LINE).enumerate() {
        match byte {
            b':' => return if at > 0 { Answer::Yes } else { Answer::No },
            b' ' | b'\t' if at > 0 => blank = true,
            b'!'..=b'~' if !blank => {}
            _ => return Answer::No,
        }
    }
    if at_end || bytes.len() >= MAX_LINE { Answer::No } else { Answer::More }
}

/// A date and time as written, before it is known to exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    year: i64,
    month: i64,
    day: i64,
    seconds: i64,
    /// Minutes east of UTC.
    zone: i64,
}

/// `Mon Sep 17 00:00:00 2001`: git writes it before every patch so that `file(1)` knows the format.
const GIT: Stamp = Stamp { year: 2001, month: 9, day: 17, seconds: 0, zone: 0 };

impl Stamp {
    /// Seconds since 1970, or `None` for a day that the month does not have.
    fn seconds(self) -> Option<i64> {
        let day = Day::new(self.year, self.month.try_into().ok()?, self.day.try_into().ok()?)?;
        Some(day.number() * 86_400 + self.seconds - self.zone * 60)
    }
}

/// Finds the date at the end of the line. Weekday and seconds may be absent, the zone may stand before the year
/// (Google) or after it, and RFC 5322's order of day and month is read too.
fn tokens_date(tokens: &[&[u8]]) -> Option<Stamp> {
    (0..tokens.len()).find_map(|at| {
        let [first, second, third, ..] = tokens[at..] else { return None };
        let (month, day) = match (month(first), day(second)) {
            (Some(month), Some(day)) => (month, day),
            _ => (month(second)?, day(first)?),
        };
        let (year, clock, tail) = match time(third) {
            Some(clock) => (None, clock, &tokens[at + 3..]),
            None => (Some(year(third)?), time(tokens.get(at + 3)?)?, &tokens[at + 4..]),
        };
        let (year, zone) = tail_of(tail, year)?;
        Some(Stamp { year, month, day, seconds: clock, zone })
    })
}

/// What may follow the time: a year if there was none, zones, and UUCP's `remote from HOST`. Anything else is prose.
fn tail_of(tokens: &[&[u8]], year_before: Option<i64>) -> Option<(i64, i64)> {
    let mut found = year_before;
    let mut minutes = None;
    for token in tokens {
        if *token == b"remote" {
            break;
        } else if let (None, Some(number)) = (found, year(token)) {
            found = Some(number);
        } else {
            // The first zone counts: `-0800 (PST)` and `MET DST` say one thing twice.
            minutes = minutes.or(Some(zone(token)?));
        }
    }
    Some((found?, minutes.unwrap_or(0)))
}

fn month(token: &[u8]) -> Option<i64> {
    const NAMES: [&[u8]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    (1..).zip(NAMES).find(|(_, name)| token.eq_ignore_ascii_case(name)).map(|(number, _)| number)
}

fn number(token: &[u8]) -> Option<i64> {
    let digits = (1..=4).contains(&token.len()) && token.iter().all(u8::is_ascii_digit);
    digits.then(|| token.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
}

fn day(token: &[u8]) -> Option<i64> {
    number(token).filter(|day| token.len() <= 2 && (1..=31).contains(day))
}

fn year(token: &[u8]) -> Option<i64> {
    number(token).filter(|_| token.len() == 4)
}

/// Seconds since midnight of `H:MM` or `H:MM:SS`.
fn time(token: &[u8]) -> Option<i64> {
    let mut parts = token.split(|byte| *byte == b':');
    let (hours, minutes) = (number(parts.next()?)?, number(parts.next()?)?);
    let seconds = parts.next().map_or(Some(0), number)?;
    let valid = parts.next().is_none() && hours <= 24 && minutes <= 59 && seconds <= 60;
    valid.then_some(hours * 3600 + minutes * 60 + seconds)
}

/// Minutes east of UTC: `+0530`, RFC 5322's names, the common European ones; other names count as UTC.
fn zone(token: &[u8]) -> Option<i64> {
    let token = token.strip_prefix(b"(").and_then(|inner| inner.strip_suffix(b")")).unwrap_or(token);
    if let [sign @ (b'+' | b'-'), digits @ ..] = token {
        let value = number(digits).filter(|_| digits.len() == 4)?;
        let minutes = value / 100 * 60 + value % 100;
        return Some(if *sign == b'-' { -minutes } else { minutes });
    }
    if token.is_empty() || token.len() > 5 || !token.iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let hours = match token.to_ascii_uppercase().as_slice() {
        b"EDT" => -4,
        b"EST" | b"CDT" => -5,
        b"CST" | b"MDT" => -6,
        b"MST" | b"PDT" => -7,
        b"PST" => -8,
        b"BST" | b"CET" | b"MET" | b"MEZ" => 1,
        b"CEST" | b"MEST" | b"MESZ" | b"EET" => 2,
        b"JST" => 9,
        _ => 0,
    };
    Some(hours * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, form: Form, date: Option<i64>) {
        let found = from_line(line.as_bytes()).unwrap_or_else(|| panic!("no separator: {line}"));
        assert_eq!((found.form, found.date), (form, date), "{line}");
    }

    #[test]
    fn reads_every_form_of_date() {
        check("From a@b.example Sat Jan  3 01:05:34 1996", Form::Dated, Some(820_631_134));
        check("From a@b.example  Sat Jan  3 01:05:34 1996\r", Form::Dated, Some(820_631_134));
        check("From a@b.example Sat Jan  3 01:05 1996", Form::Dated, Some(820_631_100));
        check("From a@b.example Jan  3 01:05:34 1996", Form::Dated, Some(820_631_134));
        check("From 12345@xxx Sat Jan 03 01:05:34 +0000 1996", Form::Dated, Some(820_631_134));
        check("From a@b.example Sat Jan 03 02:05:34 1996 +0100", Form::Dated, Some(820_631_134));
        check("From a@b.example Sat Jan 03 02:05:34 CET 1996", Form::Dated, Some(820_631_134));
        check("From a@b.example Tue Jan 02 17:05:34 1996 PST (PST)", Form::Dated, Some(820_631_134));
        check("From a@b.example Wed, 3 Jan 1996 02:05:34 +0100", Form::Dated, Some(820_631_134));
        check("From a@b.example Wed Jan 3 1996 01:05:34", Form::Dated, Some(820_631_134));
        check("From \"A B\"@c.example Sat Jan  3 01:05:34 1996", Form::Dated, Some(820_631_134));
        check("From uucp Sat Jan  3 01:05:34 1996 remote from host", Form::Dated, Some(820_631_134));
        check("From ???@??? Sat Jan  3 01:05:34 1996", Form::Dated, Some(820_631_134));
        check("From Sat Jan  3 01:05:34 1996", Form::Dated, Some(820_631_134));
        check("From - Sat Jan  3 01:05:34 1996", Form::Mozilla, Some(820_631_134));
        check("From -", Form::Mozilla, None);
        check("From ", Form::Bare, None);
        check("From 1844674407370955@xxx", Form::Token, None);
    }

    #[test]
    fn a_day_that_does_not_exist_separates_without_a_date() {
        check("From a@b.example Mon Feb 31 01:05:34 1996", Form::Dated, None);
        check("From a@b.example Thu Feb 29 00:00:00 1996", Form::Dated, Some(825_552_000));
        check("From a@b.example Thu Jan  1 00:00:00 1970", Form::Dated, Some(0));
        check("From a@b.example Wed Dec 31 23:59:59 1969", Form::Dated, Some(-1));
    }

    #[test]
    fn prose_is_no_separator() {
        for line in [
            "From the beginning of the week",
            "From Monday, Jan 5 at 12:00 we meet",
            "From Jan 5 12:00 2000 onwards it rained",
            "From May 5 to 7",
            "Fromage",
            "From",
        ] {
            assert_eq!(from_line(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn the_date_of_git_is_known() {
        let line = b"From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001";
        assert!(from_line(line).is_some_and(|line| line.git));
        assert!(!from_line(b"From a@b Mon Sep 17 00:00:01 2001").is_some_and(|line| line.git));
    }

    #[test]
    fn a_header_is_told_from_text_even_when_cut() {
        assert_eq!(header_follows(b"Received: by", false), Answer::Yes);
        assert_eq!(header_follows(b"Subject : x", false), Answer::Yes);
        assert_eq!(header_follows(b">From a@b", false), Answer::Yes);
        assert_eq!(header_follows(b">From", false), Answer::More);
        assert_eq!(header_follows(b"Recei", false), Answer::More);
        assert_eq!(header_follows(b"Recei", true), Answer::No);
        assert_eq!(header_follows(b"", false), Answer::More);
        assert_eq!(header_follows(b": x", false), Answer::No);
        assert_eq!(header_follows(b"Some text: here", false), Answer::No);
        assert_eq!(header_follows(b"\nReceived: by", false), Answer::No);
        assert_eq!(header_follows("Ünder: x".as_bytes(), false), Answer::No);
    }
}
