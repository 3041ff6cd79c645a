//! Numbers, dates, people and places as a person reads them.

use indicatif::{DecimalBytes, HumanCount};
use jiff::Timestamp;
use maildex_core::format::record::{Person, Place};

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

/// `2001-05-14 16:39`, in UTC; `no date` for a message without one.
pub(crate) fn minute(seconds: Option<i64>) -> String {
    let minute = seconds.and_then(moment).map(|moment| moment.strftime("%Y-%m-%d %H:%M").to_string());
    minute.unwrap_or_else(|| format!("{:16}", "no date"))
}

/// RFC 3339 in UTC: `2001-05-14T16:39:00Z`.
pub(crate) fn rfc3339(seconds: i64) -> Option<String> {
    moment(seconds).map(|moment| moment.to_string())
}

fn moment(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(seconds).ok()
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
        assert_eq!(minute(Some(989_858_340)), "2001-05-14 16:39");
        assert_eq!(minute(None), "no date         ");
        assert_eq!(rfc3339(-1).as_deref(), Some("1969-12-31T23:59:59Z"));
        assert_eq!(rfc3339(i64::MAX), None);
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
