//! What an archive is known not to hold: counts by reason, and months that fall silent.

use crate::query::{Node, Query};

/// Months on either side that one is compared with.
const NEIGHBOURS: usize = 6;
/// Fewer months than this around one tell nothing about it.
const LEAST_NEIGHBOURS: usize = 6;
/// Where months have fewer messages than this, an empty one is nothing to tell of.
const LEAST_EXPECTED: u64 = 10;
/// A month falls silent with less than this part of what its neighbours have.
const SILENT_PART: u64 = 10;
/// Months of an archive that are looked at: 200 years.
const MAX_MONTHS: i64 = 2400;

/// What is known not to be here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Absent {
    /// Message-IDs that are mentioned and borne by no message here.
    pub mentioned: u64,
    /// Messages quoted inside others, with sender and date, whose original is not here.
    pub quoted: u64,
    /// Quoted messages whose sender or date could not be read, so that nothing is claimed of them.
    pub unread: u64,
    /// Numbers that a consecutive series leaves out.
    pub skipped: u64,
    /// Documents that a list names and whose text is not in this copy: these are not missing.
    pub listed: u64,
    /// Months that fall silent.
    pub silent: Vec<Silent>,
}

/// A month with far fewer messages than those around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    /// As `2003-05`.
    pub month: String,
    /// Messages in it.
    pub messages: u64,
    /// The median of the months around it.
    pub expected: u64,
}

/// The reasons, each as the query that finds its messages.
pub(crate) fn reasons() -> [Query; 5] {
    let state =
        |prefix: &str, value: &str| Node::State { prefix: prefix.to_owned(), value: value.to_owned() };
    let not = |prefix: &str, value: &str| Node::Not(Box::new(state(prefix, value)));
    let placeholder = || state("kind", "placeholder");
    let quoted = || state("kind", "quoted");
    [
        Node::And(vec![placeholder(), state("is", "missing"), not("is", "skipped")]),
        Node::And(vec![quoted(), state("is", "missing")]),
        Node::And(vec![quoted(), not("is", "missing")]),
        state("is", "skipped"),
        state("is", "listed"),
    ]
    .map(|root| Query { root, notes: Vec::new(), forms: false, parts: Vec::new() })
}

/// Months whose count is less than a tenth of the median of the six months before and the six after, where that is
/// ten at least: longer pauses are pauses. `months` ascend, as `2003-05` with how many messages; those without any are left out of them. The first
/// and the last month are not looked at: they may be cut.
pub(crate) fn silent<'a>(months: impl Iterator<Item = (&'a str, u64)>) -> Vec<Silent> {
    let read: Vec<(i64, u64)> = months.filter_map(|(month, n)| Some((number(month)?, n))).collect();
    let (Some(&(first, _)), Some(&(last, _))) = (read.first(), read.last()) else { return Vec::new() };
    if !(0..MAX_MONTHS).contains(&last.saturating_sub(first)) {
        return Vec::new();
    }
    let mut counts = vec![0; (last - first + 1) as usize];
    for (month, n) in read {
        if let Some(count) = counts.get_mut((month - first) as usize) {
            *count += n;
        }
    }
    let mut silent = Vec::new();
    for at in 1..counts.len().saturating_sub(1) {
        let (from, until) = (at.saturating_sub(NEIGHBOURS), (at + NEIGHBOURS + 1).min(counts.len()));
        let mut around: Vec<u64> = [&counts[from..at], &counts[at + 1..until]].concat();
        around.sort_unstable();
        let expected = around.get(around.len().saturating_sub(1) / 2).copied().unwrap_or_default();
        let is_told = around.len() >= LEAST_NEIGHBOURS && expected >= LEAST_EXPECTED;
        if is_told && counts[at].saturating_mul(SILENT_PART) < expected {
            let month = first + at as i64;
            let (year, month) = (month.div_euclid(12).to_string(), month.rem_euclid(12) + 1);
            let month = [year.as_str(), if month < 10 { "-0" } else { "-" }, &month.to_string()].concat();
            silent.push(Silent { month, messages: counts[at], expected });
        }
    }
    silent
}

/// Months since the year 0.
fn number(month: &str) -> Option<i64> {
    let (year, month) = month.split_once('-')?;
    let (year, month): (i64, i64) = (year.parse().ok()?, month.parse().ok()?);
    (year.unsigned_abs() < 1 << 20 && (1..=12).contains(&month)).then_some(year * 12 + month - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_silent_beside_its_neighbours() {
        let check = |counts: &[u64], expected: &[(&str, u64, u64)]| {
            let months: Vec<String> =
                (0..counts.len()).map(|at| format!("200{}-{:02}", at / 12, at % 12 + 1)).collect();
            let told = months.iter().map(String::as_str).zip(counts.iter().copied()).filter(|(_, n)| *n > 0);
            let found = silent(told);
            let found: Vec<_> =
                found.iter().map(|own| (own.month.as_str(), own.messages, own.expected)).collect();
            assert_eq!(found, expected, "{counts:?}");
        };
        check(&[], &[]);
        check(&[5], &[]);
        check(&[120, 130, 110, 0, 140, 125, 100], &[("2000-04", 0, 120)]);
        check(&[120, 130, 110, 12, 140, 125, 100], &[]);
        check(&[120, 130, 110, 11, 140, 125, 100], &[("2000-04", 11, 120)]);
        // A list that is asleep is not silent, nor are its first and last months.
        check(&[3, 2, 4, 0, 3, 2, 1], &[]);
        check(&[1, 120, 120, 120, 120, 120, 1], &[]);
        // Half a year and more is a pause: its months are like those around them.
        check(&[50, 50, 50, 0, 0, 0, 0, 0, 0, 0, 50, 50, 50], &[]);
        let mut long = [100; 14];
        long[12] = 2;
        check(&long, &[("2001-01", 2, 100)]);
    }

    #[test]
    fn months_that_cannot_be_are_left_out() {
        let far = [("1-01", 10), ("99999999999-01", 3), ("2000-13", 4), ("x", 1), ("900000-01", 1)];
        assert_eq!(silent(far.into_iter()), []);
    }
}
