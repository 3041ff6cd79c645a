//! Numbers, dates, people and places as a person reads them.

use indicatif::{DecimalBytes, HumanCount};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use maildex_core::format::record::{Person, Place};
use maildex_core::query::Zone;

/// `1 message`, `1,234 messages`.
pub(crate) fn messages(n: u64) -> String {
    counted(n, "message", "messages")
}

/// `1 file`, `1,234 files`.
pub(crate) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", HumanCount(n), if n == 1 { one } else { many })
}

/// `1.23 MB`, in powers of 1000, as sizes are in queries.
pub(crate) fn bytes(n: u64) -> String {
    DecimalBytes(n).to_string()
}

/// What a reader fetches before the first search, in sizes as [`bytes`] gives them.
pub(crate) fn opening(archive: &str, page: &str) -> String {
    format!("{archive} to open it, besides {page} of page, scripts and WebAssembly (both gzipped)")
}

/// The clock of an archive: days are cut in its zone, so dates are told in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clock(Zone);

impl Clock {
    /// A clock of this zone.
    pub(crate) fn new(zone: Zone) -> Clock {
        Clock(zone)
    }

    /// `2001-05-14 16:39`; `no date` for a message without one.
    pub(crate) fn minute(&self, seconds: Option<i64>) -> String {
        let minute = seconds.and_then(|seconds| self.told(seconds, "%Y-%m-%d %H:%M"));
        minute.unwrap_or_else(|| format!("{:16}", "no date"))
    }

    /// `2001-05-14 16:39 +02:00`, or none where it is in no calendar.
    pub(crate) fn minute_and_offset(&self, seconds: i64) -> Option<String> {
        self.told(seconds, "%Y-%m-%d %H:%M %:z")
    }

    /// RFC 3339: `2001-05-14T16:39:00+02:00`, with a `Z` where the offset is none.
    pub(crate) fn rfc3339(&self, seconds: i64) -> Option<String> {
        let moment = Timestamp::from_second(seconds).ok()?;
        let offset = self.offset(seconds)?;
        Some(if offset.seconds() == 0 {
            moment.to_string()
        } else {
            moment.display_with_offset(offset).to_string()
        })
    }

    fn told(&self, seconds: i64, format: &str) -> Option<String> {
        let moment = Timestamp::from_second(seconds).ok()?;
        let local = moment.to_zoned(TimeZone::fixed(self.offset(seconds)?));
        Some(local.strftime(format).to_string())
    }

    /// In whole minutes, because RFC 3339 has no seconds in it: local mean times before standard time have some.
    fn offset(&self, seconds: i64) -> Option<Offset> {
        Offset::from_seconds(self.0.offset(seconds).div_euclid(60) * 60).ok()
    }
}

/// `Amy Lee <amy@example.org>, Bo`.
pub(crate) fn people(people: &[Person]) -> String {
    let one = |person: &Person| match (person.name.as_str(), person.address.as_str()) {
        ("", address) => address.to_owned(),
        (name, "") => name.to_owned(),
        (name, address) => format!("{name} <{address}>"),
    };
    people.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// `lists.zip/2001/05.mbox@12345`: the input, the file in it, and the byte where the message begins.
pub(crate) fn place(place: &Place) -> String {
    let Place { source, path, offset, .. } = place;
    let slash = if path.is_empty() { "" } else { "/" };
    match offset {
        0 => format!("{source}{slash}{path}"),
        _ => format!("{source}{slash}{path}@{offset}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(messages(1), "1 message");
        assert_eq!(messages(46_409), "46,409 messages");
        assert_eq!(bytes(124_000_000), "124.00 MB");
    }

    #[test]
    fn dates() {
        let utc = Clock::default();
        assert_eq!(utc.minute(Some(989_858_340)), "2001-05-14 16:39");
        assert_eq!(utc.minute(None), "no date         ");
        assert_eq!(utc.minute_and_offset(989_858_340).as_deref(), Some("2001-05-14 16:39 +00:00"));
        assert_eq!(utc.rfc3339(-1).as_deref(), Some("1969-12-31T23:59:59Z"));
        assert_eq!(utc.rfc3339(i64::MAX), None);
    }

    #[test]
    fn dates_are_told_in_the_archives_zone() {
        // Berlin: local mean time, then summer time from 985_654_800 on.
        let berlin =
            Clock::new(Zone::new(vec![(i64::MIN, 3208), (-2_422_054_408, 3600), (985_654_800, 7200)]));
        assert_eq!(berlin.minute(Some(985_654_799)), "2001-03-27 01:59");
        assert_eq!(berlin.minute(Some(989_870_400)), "2001-05-14 22:00");
        assert_eq!(berlin.minute(Some(989_877_600)), "2001-05-15 00:00");
        assert_eq!(berlin.minute_and_offset(989_877_600).as_deref(), Some("2001-05-15 00:00 +02:00"));
        assert_eq!(berlin.rfc3339(989_877_600).as_deref(), Some("2001-05-15T00:00:00+02:00"));
        assert_eq!(berlin.rfc3339(-2_500_000_000).as_deref(), Some("1890-10-11T20:26:20+00:53"));
    }

    #[test]
    fn names_and_places() {
        let person = |name: &str, address: &str| Person { name: name.into(), address: address.into() };
        let both = [person("Amy Lee", "amy@example.org"), person("", "bo@example.org"), person("Cy", "")];
        assert_eq!(people(&both), "Amy Lee <amy@example.org>, bo@example.org, Cy");
        let mut at =
            Place { source: "a.zip".into(), path: "b.mbox".into(), offset: 7, folder: String::new() };
        assert_eq!(place(&at), "a.zip/b.mbox@7");
        (at.path, at.offset) = (String::new(), 0);
        assert_eq!(place(&at), "a.zip");
    }
}
