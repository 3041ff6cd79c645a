//! The date that orders a message: the header's unless it cannot be read or other evidence contradicts it.

use super::date::Stamp;
use super::{Message, Problem, ProblemKind};

const DAY: i64 = 86_400;
/// How far the header may lie from the envelope and Received: mail may be queued for five days.
const TOLERANCE: i64 = 7 * DAY;
/// 1970-01-01 and 2101-01-01: dates outside were written by clocks or programs that did not know the date.
const FIRST: i64 = 0;
const END: i64 = 4_133_980_800;
/// Days that clocks start from when nobody set them: Unix, and DOS (in Enron's mail, 1979-12-31 16:00 in California
/// stands where a date was lost), and the day on which NTP's seconds begin anew (2036-02-07, on separators of list
/// archives of the nineties). Local midnight may be 14 hours off.
const ZERO_CLOCKS: [i64; 3] = [0, 315_532_800, 2_085_978_496];
const ZERO_SLACK: i64 = 14 * 3600;

/// Fills `message.date`. `header` is the text of the Date field and what it was read as; `received` the dates of the
/// Received fields from the top, that is the last hop first.
pub(super) fn settle(
    header: Option<(&str, Option<Stamp>)>,
    envelope: Option<i64>,
    received: &[i64],
    message: &mut Message,
) {
    let envelope = envelope.filter(|&time| is_possible(time));
    let received: Vec<i64> = received.iter().copied().filter(|&time| is_possible(time)).collect();
    message.date.delivered = received.first().copied().or(envelope);
    let evidence = envelope.or_else(|| trusted(&received));
    message.date.order = evidence;
    let Some((text, stamp)) = header else {
        message.problems.push(Problem::new(ProblemKind::NoDate, ""));
        return;
    };
    let Some(stamp) = stamp.filter(|stamp| (FIRST..END).contains(&stamp.time)) else {
        message.problems.push(Problem::new(ProblemKind::BadDate, text.trim()));
        return;
    };
    message.date.header = Some(stamp.time);
    message.date.zone = stamp.zone;
    let mut dates = received.iter().copied().chain(envelope);
    let agrees = dates.any(|time| (time - stamp.time).abs() <= TOLERANCE);
    let is_zero = is_zero_clock(stamp.time);
    if agrees || evidence.is_none() && !is_zero {
        message.date.order = Some(stamp.time);
    } else {
        message.date.misdated = true;
        message.problems.push(Problem::new(ProblemKind::Misdated, text.trim()));
    }
}

fn is_possible(time: i64) -> bool {
    (FIRST..END).contains(&time) && !is_zero_clock(time)
}

fn is_zero_clock(time: i64) -> bool {
    ZERO_CLOCKS.iter().any(|zero| (time - zero).abs() <= ZERO_SLACK)
}

/// The earliest Received date that the top one bears out. The top field was written by the reader's own server; those
/// below may be forged.
fn trusted(received: &[i64]) -> Option<i64> {
    let top = *received.first()?;
    received.iter().copied().filter(|time| (time - top).abs() <= TOLERANCE).min()
}
