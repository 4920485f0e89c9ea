use super::Names;

#[test]
fn names_are_unique_and_stay_inside() {
    let mut names = Names::default();
    assert_eq!(names.unique("a.jpg"), "a.jpg");
    assert_eq!(names.unique("A.JPG"), "A (2).JPG");
    assert_eq!(names.unique("a.jpg"), "a (3).jpg");
    assert_eq!(names.unique("../../etc/passwd"), ".._.._etc_passwd");
    assert_eq!(names.unique(".."), "unnamed");
    assert_eq!(names.unique(".hidden"), ".hidden");
    assert_eq!(names.unique("x\r\ny\0"), "x__y_");
}
