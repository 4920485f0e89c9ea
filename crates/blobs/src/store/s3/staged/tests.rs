use super::{LARGE_FROM, PART, part_size};

#[test]
fn ten_thousand_parts_hold_more_than_the_largest_upload() {
    let whole: usize = (0..10_000).map(part_size).sum();
    assert!(whole >= 350 << 30, "{whole}");
    assert_eq!(part_size(LARGE_FROM - 1), PART);
}
