use super::*;

#[test]
fn rarer_words_weigh_more() {
    for n_docs in [1, 10, 50_000, 1 << 30] {
        let weights: Vec<u32> =
            (0..).map(|bit| 1 << bit).take_while(|n| *n <= n_docs).map(|n| rarity(n_docs, n)).collect();
        assert!(weights.is_sorted_by(|a, b| a > b || *a == 1), "{n_docs}: {weights:?}");
        assert_eq!(weights[weights.len() - 1].max(1), rarity(n_docs, 1 << (weights.len() - 1)));
        assert_eq!(rarity(n_docs, n_docs), 1);
    }
    assert_eq!(rarity(1024, 1), 160);
    assert!(rarity(0, 0) >= 1 && rarity(1 << 33, 0) > 0 && rarity(1, 1 << 32) == 1);
}

#[test]
fn longer_texts_saturate_later() {
    let table: Vec<u32> = (0..=16).map(saturation).collect();
    assert!(table[..16].is_sorted_by(|a, b| a < b), "{table:?}");
    assert_eq!(table[15], table[16]);
}

#[test]
fn what_is_left_out_has_too_small_a_share() {
    for saturation in (0..16).map(saturation) {
        for wanted in 0..UNIT {
            let least = least_weight(wanted, saturation);
            assert!(share(least, saturation) >= wanted, "{wanted} of {saturation}");
            assert!(least == 0 || share(least - 1, saturation) < wanted, "{wanted} of {saturation}");
        }
        assert_eq!(least_weight(UNIT, saturation), u32::MAX);
    }
}
