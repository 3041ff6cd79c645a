use super::*;

fn spans(list: &[(u32, u32)]) -> Vec<Span> {
    list.iter().map(|&(start, end)| Span { start, end }).collect()
}

#[test]
fn only_the_innermost_spans_are_kept() {
    assert_eq!(innermost(spans(&[(1, 9), (2, 3), (2, 5), (4, 4), (4, 9)])), spans(&[(2, 3), (4, 4)]));
    assert_eq!(innermost(spans(&[(1, 3), (2, 4), (3, 5), (2, 4)])), spans(&[(1, 3), (2, 4), (3, 5)]));
    assert_eq!(innermost(Vec::new()), []);
}

#[test]
fn a_window_holds_every_word_in_any_order() {
    let windows = |slots: &[&[u32]], slop| window_spans(slots, slop);
    assert_eq!(windows(&[&[1, 20], &[3, 19]], 0), spans(&[(19, 20)]));
    assert_eq!(windows(&[&[1, 20], &[3, 19]], 1), spans(&[(1, 3), (19, 20)]));
    assert_eq!(windows(&[&[1], &[5], &[3]], 2), spans(&[(1, 5)]));
    assert_eq!(windows(&[&[1], &[5], &[3]], 1), []);
    assert_eq!(windows(&[&[1], &[]], 9), []);
    assert_eq!(windows(&[&[0], &[u32::MAX]], u32::MAX), spans(&[(0, u32::MAX)]));
}

#[test]
fn pairs_are_near_and_do_not_overlap() {
    assert_eq!(pairs(&spans(&[(1, 2), (8, 9)]), &spans(&[(2, 3), (5, 6)]), 3), spans(&[(1, 6)]));
    assert_eq!(pairs(&spans(&[(1, 2)]), &spans(&[(5, 6)]), 2), []);
    assert_eq!(pairs(&spans(&[(4, 4)]), &spans(&[(4, 4)]), 9), []);
}

/// The same by trying every pair, on small random sets.
#[test]
fn nearest_pairs_are_all_that_matter() {
    let mut random = 7u64;
    let mut below = |n: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % n
    };
    for _ in 0..2000 {
        let mut some = || {
            let mut list = Vec::new();
            for _ in 0..below(6) {
                let (start, length) = (below(30) as u32, below(3) as u32);
                list.push(Span { start, end: start + length });
            }
            innermost(list)
        };
        let (left, right) = (some(), some());
        let distance = below(8) as u32;
        let fits = |a: &Span, b: &Span| a.end < b.start && b.start - a.end <= distance;
        let every: Vec<Span> = left
            .iter()
            .flat_map(|a| {
                right.iter().filter(move |b| fits(a, b)).map(|b| Span { start: a.start, end: b.end })
            })
            .collect();
        assert_eq!(
            innermost(pairs(&left, &right, distance)),
            innermost(every),
            "{left:?} {right:?} {distance}"
        );
    }
}
