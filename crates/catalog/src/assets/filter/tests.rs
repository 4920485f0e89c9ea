use super::{containing, start_of};

#[test]
fn patterns_take_wildcards_literally() {
    assert_eq!(containing("IMG_50%\\"), r"%img\_50\%\\%");
}

#[test]
fn dates_start_where_they_say() {
    assert_eq!(start_of("1970"), Some(0));
    assert_eq!(start_of("1970-02"), Some(31 * 86_400_000));
    assert_eq!(start_of("1970-01-02"), Some(86_400_000));
    assert_eq!(start_of("1970-02-29"), start_of("1970-03-01"));
}
