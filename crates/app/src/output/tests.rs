use super::{Table, counted, size};

#[test]
fn columns_are_as_wide_as_they_need_to_be() {
    let mut table = Table::new(&["ID", "NAME"]);
    table.row(["1".to_owned(), "süd.jpg".to_owned()]);
    table.row(["22".to_owned(), "a\nb".to_owned()]);
    assert_eq!(table.render(), "ID  NAME\n1   süd.jpg\n22  a\u{fffd}b\n");
}

#[test]
fn sizes_have_three_digits() {
    assert_eq!(size(0), "0 B");
    assert_eq!(size(999), "999 B");
    assert_eq!(size(1000), "0.98 KiB");
    assert_eq!(size(15 << 20), "15.0 MiB");
    assert_eq!(size(200 << 30), "200 GiB");
}

#[test]
fn one_is_not_many() {
    assert_eq!(counted(1, "file"), "1 file");
    assert_eq!(counted(2, "file"), "2 files");
}
