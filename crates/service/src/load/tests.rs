use super::last_minute;

#[test]
fn the_load_is_the_first_number() {
    assert_eq!(last_minute("0.52 0.58 0.59 1/389 12027\n"), Some(0.52));
    assert_eq!(last_minute(""), None);
    assert_eq!(last_minute("none"), None);
}
