//! One sort for items of all types.

use core::mem;

/// Sorts by a number, keeping the order of equals.
///
/// The standard sorts are compiled anew for every type of item, 5 KB of wasm each: this one always sorts pairs of a
/// number and an index. Where the items are numbers themselves and time counts, theirs is the faster one.
pub(crate) fn order_by<T>(items: &mut Vec<T>, number: impl Fn(&T) -> u64) {
    let mut order: Vec<(u64, usize)> = items.iter().map(number).zip(0..).collect();
    order.sort_unstable();
    let mut unsorted: Vec<Option<T>> = mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|(_, at)| unsorted[at].take()));
}

/// A number that orders as a signed one does.
pub(crate) fn unsigned(number: i64) -> u64 {
    number.cast_unsigned() ^ (1 << 63)
}

#[cfg(test)]
mod tests {
    use super::{order_by, unsigned};

    #[test]
    fn equals_keep_their_order() {
        let mut items = vec![(2, 'a'), (1, 'b'), (2, 'c'), (0, 'd'), (1, 'e')];
        order_by(&mut items, |item| item.0);
        assert_eq!(items, [(0, 'd'), (1, 'b'), (1, 'e'), (2, 'a'), (2, 'c')]);
        order_by(&mut items, |item| u64::MAX - item.0);
        assert_eq!(items, [(2, 'a'), (2, 'c'), (1, 'b'), (1, 'e'), (0, 'd')]);
    }

    #[test]
    fn signed_numbers_keep_theirs() {
        let numbers = [i64::MIN, -5, -1, 0, 1, i64::MAX];
        assert!(numbers.map(unsigned).is_sorted());
    }
}
