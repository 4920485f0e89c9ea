use super::containing;

#[test]
fn patterns_take_wildcards_literally() {
    assert_eq!(containing("IMG_50%\\"), r"%img\_50\%\\%");
}
