use super::*;

#[test]
fn every_term_has_one_number() {
    let mut terms = Terms::default();
    let keys: Vec<Vec<u8>> = (0..5000u32).map(|i| i.to_string().into_bytes()).chain([Vec::new()]).collect();
    for round in 0..2 {
        for (number, key) in (0..).zip(&keys) {
            assert_eq!(terms.number(key), (number, round == 0));
        }
    }
    let mut sorted = keys.clone();
    sorted.sort();
    let found: Vec<Vec<u8>> = terms.sorted().into_iter().map(|number| terms.key(number).to_vec()).collect();
    assert_eq!(found, sorted);
}
