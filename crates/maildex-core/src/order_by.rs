//! One sort for items of all types.

use core::mem;

/// Sorts by a number, keeping the order of equals.
///
/// The standard sorts are compiled anew for every type of item, 5 KB of wasm each: this one always sorts pairs of a
/// number and an index. Where the items are numbers themselves and time counts, theirs is the faster one.
pub(crate) fn order_by<T>(items: &mut Vec<T>, number: impl Fn(&T) -> u64) {
    let order = order(items.iter().map(number).collect());
    let mut unsorted: Vec<Option<T>> = mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|(_, at)| unsorted[at].take()));
}

/// Numbers in order, each with where it stood.
#[inline(never)]
fn order(numbers: Vec<u64>) -> Vec<(u64, usize)> {
    let mut order: Vec<(u64, usize)> = numbers.into_iter().zip(0..).collect();
    order.sort_unstable();
    order
}

/// The same for pairs, once for all who sort pairs.
#[inline(never)]
pub(crate) fn order_pairs(pairs: &mut Vec<(u32, u32)>, number: fn((u32, u32)) -> u64) {
    order_by(pairs, |pair| number(*pair));
}

/// A number that orders pairs by their first, then by their second.
pub(crate) fn pair((high, low): (u32, u32)) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// Sorts by a text, keeping the order of equals: eight bytes at a time, the last ones first. The time grows with the
/// longest text, so this is for short ones. A number stands beside each.
#[inline(never)]
pub(crate) fn order_by_text(items: &mut Vec<(String, u64)>) {
    let longest = items.iter().map(|(text, _)| text.len()).max().unwrap_or(0);
    for at in (0..longest).step_by(8).rev() {
        order_by(items, |(text, _)| {
            let part = text.as_bytes().get(at..).unwrap_or_default();
            (0..8).fold(0, |number, i| number << 8 | u64::from(part.get(i).copied().unwrap_or(0)))
        });
    }
}

/// A number that orders as a signed one does.
pub(crate) fn unsigned(number: i64) -> u64 {
    number.cast_unsigned() ^ (1 << 63)
}

#[cfg(test)]
mod tests {
    use super::{order_by, order_by_text, unsigned};

    #[test]
    fn equals_keep_their_order() {
        let mut items = vec![(2, 'a'), (1, 'b'), (2, 'c'), (0, 'd'), (1, 'e')];
        order_by(&mut items, |item| item.0);
        assert_eq!(items, [(0, 'd'), (1, 'b'), (1, 'e'), (2, 'a'), (2, 'c')]);
        order_by(&mut items, |item| u64::MAX - item.0);
        assert_eq!(items, [(2, 'a'), (2, 'c'), (1, 'b'), (1, 'e'), (0, 'd')]);
    }

    #[test]
    fn texts_are_in_order() {
        let texts =
            ["mail.acme.example", "", "mail", "zürich", "mail.acme", "mail.acme.exampla", "a", "zu", "a"];
        let mut texts: Vec<(String, u64)> = texts.into_iter().map(str::to_owned).zip(0..).collect();
        let mut expected = texts.clone();
        expected.sort();
        order_by_text(&mut texts);
        assert_eq!(texts, expected);
    }

    #[test]
    fn signed_numbers_keep_theirs() {
        let numbers = [i64::MIN, -5, -1, 0, 1, i64::MAX];
        assert!(numbers.map(unsigned).is_sorted());
    }
}
