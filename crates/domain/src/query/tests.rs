use proptest::prelude::{any, proptest};

use super::{Filter, parse_query};
use crate::MediaKind;

#[test]
fn filters_and_words_mix() {
    let filter = parse_query(r#"beach type:image camera:"iPhone 12" after:2024-05 is:favourite"#);
    assert_eq!(
        filter,
        Ok(Filter {
            words: vec!["beach".to_owned()],
            kinds: vec![MediaKind::Image],
            camera: Some("iPhone 12".to_owned()),
            after: Some("2024-05".to_owned()),
            favourite: true,
            ..Filter::default()
        })
    );
}

#[test]
fn a_mistake_names_its_place() {
    let error = parse_query("sea type:picture").expect_err("picture is no kind");
    assert_eq!(error.position, 4);
    assert!(error.message.contains("image"), "{error}");
    assert_eq!(parse_query("\"sea").expect_err("open quote").position, 0);
    assert!(parse_query("after:2024-13").is_err());
    assert!(parse_query("colour:teal").is_err());
}

#[test]
fn a_query_has_an_end() {
    assert!(parse_query(&"a ".repeat(50)).is_ok());
    let error = parse_query(&"a ".repeat(51)).expect_err("too many words");
    assert_eq!(error.position, 100);
    assert!(parse_query(&"tag:x ".repeat(3000)).is_err());
}

proptest! {
    #[test]
    fn never_panics(text in any::<String>()) {
        let _ = parse_query(&text);
    }
}
