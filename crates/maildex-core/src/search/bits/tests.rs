use super::*;
use crate::sample::Random;
use std::collections::BTreeSet;

#[test]
fn sets_of_bits_are_sets() {
    let mut random = Random(2);
    for window in [0..0, 0..1, 64..128, 10..75, 100..1000, 4_000_000_000..4_000_000_129] {
        let n = (window.end - window.start) as usize;
        let mut both = || {
            let ids: BTreeSet<u32> = (0..n / 3).map(|_| window.start + random.below(n) as u32).collect();
            let mut bits = Bits::empty(&window);
            ids.iter().for_each(|&id| bits.insert(id));
            (ids, bits)
        };
        let ((a, bits_a), (b, bits_b)) = (both(), both());
        let check = |bits: &Bits, ids: &BTreeSet<u32>| {
            assert!(bits.ids().eq(ids.iter().copied()));
            assert_eq!((bits.len() as usize, bits.is_empty()), (ids.len(), ids.is_empty()));
            assert!(window.clone().all(|id| bits.any_in(id, id) == ids.contains(&id)));
        };
        check(&bits_a, &a);
        let mut bits = bits_a.clone();
        bits.and(&bits_b);
        check(&bits, &a.intersection(&b).copied().collect());
        let mut bits = bits_a.clone();
        bits.or(&bits_b);
        check(&bits, &a.union(&b).copied().collect());
        let mut bits = bits_a.clone();
        bits.not();
        check(&bits, &window.clone().filter(|id| !a.contains(id)).collect());
        check(&Bits::full(&window), &window.clone().collect());
        for _ in 0..50 {
            let (x, y) =
                (window.start + random.below(n + 9) as u32, window.start + random.below(n + 9) as u32);
            check(&Bits::range(&window, &(x..y)), &window.clone().filter(|id| (x..y).contains(id)).collect());
            assert_eq!(bits_a.any_in(x, y), x <= y && a.range(x..=y).next().is_some(), "{x}..={y}");
        }
    }
}

#[test]
fn what_lies_outside_is_not_in_it() {
    let mut bits = Bits::empty(&(64..128));
    [0, 63, 128, u32::MAX].into_iter().for_each(|id| bits.insert(id));
    assert!(bits.is_empty() && !bits.any_in(0, u32::MAX));
    assert!(!Bits::full(&(64..128)).any_in(128, u32::MAX));
    assert!(Bits::full(&(64..128)).any_in(0, u32::MAX));
}
