use super::revision;

#[test]
fn revisions_are_read_from_our_tags_alone() {
    assert_eq!(revision("\"3\""), Some(3));
    assert_eq!(revision("\"3-0123abcd\""), Some(3));
    for tag in [
        "3",
        "W/\"3\"",
        "\"\"",
        "\"x\"",
        "\"+3\"",
        "\"3\", \"4\"",
        "\"-3\"",
        "\"",
    ] {
        assert_eq!(revision(tag), None, "{tag}");
    }
}
