//! `--explain`: why a message was found.

use maildex_core::{Occurrence, Reason};
use serde::Serialize;

/// A part of the query that holds, as JSON.
#[derive(Debug, Serialize)]
pub(super) struct Why {
    part: String,
    excluded: bool,
    places: Vec<Place>,
}

#[derive(Debug, Serialize)]
struct Place {
    field: String,
    text: String,
    count: u32,
    how: &'static str,
}

impl From<Reason> for Why {
    fn from(reason: Reason) -> Why {
        let place = |place: Occurrence| Place {
            field: place.field,
            text: place.text,
            count: place.n,
            how: place.how.name(),
        };
        let places = reason.places.into_iter().map(place).collect();
        Why { part: reason.part, excluded: reason.negated, places }
    }
}

/// `budget*: subject “budgets” (prefix), own words “budget” 2 times`.
pub(super) fn told(why: &Why) -> String {
    if why.excluded {
        return format!("without {}", why.part);
    }
    let place = |place: &Place| {
        let mut told = format!("{} “{}”", place.field, place.text);
        if place.count > 1 {
            told += &format!(" {} times", place.count);
        }
        if place.how != "exact" {
            told += &format!(" ({})", place.how);
        }
        told
    };
    let places: Vec<String> = why.places.iter().map(place).collect();
    if places.is_empty() { why.part.clone() } else { format!("{}: {}", why.part, places.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maildex_core::text::Match;

    #[test]
    fn reasons_as_text() {
        let place = |n, how| Occurrence { field: "own words".into(), text: "budgets".into(), n, how };
        let reason = |negated, places| told(&Why::from(Reason { part: "budget*".into(), negated, places }));
        let two = vec![place(2, Match::Prefix), place(1, Match::Exact)];
        assert_eq!(reason(false, two), "budget*: own words “budgets” 2 times (prefix), own words “budgets”");
        assert_eq!(reason(false, Vec::new()), "budget*");
        assert_eq!(reason(true, Vec::new()), "without budget*");
    }
}
