use super::*;

#[track_caller]
fn check(slots: &[&[u32]], expect: bool) {
    assert_eq!(side_by_side((0..).zip(slots.iter().copied()), &mut Vec::new()), expect, "{slots:?}");
}

#[test]
fn words_stand_side_by_side() {
    check(&[&[1, 5], &[6]], true);
    check(&[&[1, 5], &[2, 7], &[3]], true);
    check(&[&[1, 5], &[2, 6], &[4, 8]], false);
    check(&[&[4, 9, 20], &[5, 10, 21], &[1, 11, 23]], true);
    check(&[&[1], &[1]], false);
    check(&[&[2], &[1]], false);
    check(&[&[1], &[3]], false);
    check(&[&[1], &[]], false);
    check(&[&[7]], true);
    check(&[&[]], false);
    check(&[], false);
    check(&[&[u32::MAX], &[u32::MAX]], true);
}
