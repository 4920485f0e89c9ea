use super::field;

#[test]
fn fields_are_quoted_where_they_must_be() {
    assert_eq!(field("plain"), "plain");
    assert_eq!(field("a,b"), "\"a,b\"");
    assert_eq!(field("say \"hi\""), "\"say \"\"hi\"\"\"");
    assert_eq!(field("two\nlines"), "\"two\nlines\"");
}

#[test]
fn nothing_becomes_a_formula() {
    assert_eq!(field("=1+1@example.org"), "'=1+1@example.org");
    assert_eq!(field("@SUM(A1,A2)"), "\"'@SUM(A1,A2)\"");
    assert_eq!(field("-2"), "'-2");
}
