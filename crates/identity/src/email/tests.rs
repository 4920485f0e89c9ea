use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};

use super::Email;

#[test]
fn spellings_of_one_address_have_one_key() {
    let keys: Vec<_> = ["Ada@Example.org", " ada@example.ORG ", "ADA@EXAMPLE.ORG\n"]
        .iter()
        .map(|text| Email::parse(text).expect("an address").key())
        .collect();
    assert_eq!(keys, ["ada@example.org"; 3]);
}

#[test]
fn the_name_keeps_its_case_and_the_domain_does_not() {
    let email = Email::parse("Ada.Lovelace@Example.ORG").expect("an address");
    assert_eq!(email.as_str(), "Ada.Lovelace@example.org");
}

#[test]
fn what_names_nobody_is_refused() {
    let long = format!("{}@example.org", "x".repeat(65));
    let longer = format!("x@{}.org", "y".repeat(260));
    for text in [
        "",
        " ",
        "ada",
        "@",
        "ada@",
        "@example.org",
        "a@b@c",
        "a da@example.org",
        "ada@exa\0mple.org",
        "ada\u{7f}@example.org",
        &long,
        &longer,
    ] {
        assert!(Email::parse(text).is_err(), "{text:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        if let Ok(email) = Email::parse(&text) {
            prop_assert!(email.as_str().len() <= 254 + 64);
            let again = Email::parse(email.as_str()).map(|email| email.key());
            prop_assert_eq!(again.ok(), Some(email.key()));
        }
    }

    #[test]
    fn case_never_makes_another_account(text in "[a-zA-Z0-9.+-]{1,20}".prop_map(|local| format!("{local}@x.org"))) {
        let (upper, lower) = (text.to_uppercase(), text.to_lowercase());
        let key = |text: &str| Email::parse(text).map(|email| email.key()).ok();
        prop_assert_eq!(key(&upper), key(&lower));
    }
}
