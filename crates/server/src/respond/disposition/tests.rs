use percent_encoding::percent_decode_str;
use proptest::prelude::{any, prop_assert, proptest};

use super::{Disposition, content_disposition};

fn attachment(name: &str) -> String {
    let value = content_disposition(Disposition::Attachment, name);
    value.to_str().expect("ASCII").to_owned()
}

#[test]
fn plain_names_are_sent_plainly() {
    assert_eq!(
        attachment("photo 1.jpg"),
        "attachment; filename=\"photo 1.jpg\""
    );
    let inline = content_disposition(Disposition::Inline, "a.jpg");
    assert_eq!(inline, "inline; filename=\"a.jpg\"");
}

#[test]
fn other_alphabets_are_sent_twice() {
    assert_eq!(
        attachment("Möwe €.jpg"),
        "attachment; filename=\"M_we _.jpg\"; filename*=UTF-8''M%C3%B6we%20%E2%82%AC.jpg"
    );
}

#[test]
fn hostile_names_are_tamed() {
    for (name, tamed) in [
        ("a\r\nSet-Cookie: x=1", "a__Set-Cookie: x=1"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("..\\..\\x.exe", ".._.._x.exe"),
        ("a\0b", "a_b"),
        ("", "download"),
        (" .. ", "download"),
        ("photo\u{202e}gpj.exe", "photo_gpj.exe"),
    ] {
        assert_eq!(
            attachment(name),
            format!("attachment; filename=\"{tamed}\""),
            "{name:?}"
        );
    }
    assert_eq!(
        attachment("say \"hi\".jpg"),
        "attachment; filename=\"say _hi_.jpg\"; filename*=UTF-8''say%20%22hi%22.jpg"
    );
}

#[test]
fn long_names_keep_their_extension() {
    let name = format!("{}.jpeg", "ä".repeat(5000));
    let text = attachment(&name);
    assert!(text.len() < 2000 && text.ends_with(".jpeg"), "{text}");
    let name = "x".repeat(5000);
    assert_eq!(
        attachment(&name),
        format!("attachment; filename=\"{}\"", "x".repeat(200))
    );
}

proptest! {
    /// Whatever the name: one line of printable ASCII, one quoted string, and a name in it that no
    /// system takes for a path.
    #[test]
    fn any_name_makes_a_header(name in any::<String>()) {
        let text = attachment(&name);
        prop_assert!(text.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
        let rest = text.strip_prefix("attachment; filename=\"").expect("a quoted name");
        let (plain, rest) = rest.split_once('"').expect("a closing quote");
        prop_assert!(!plain.is_empty() && !plain.contains(['/', '\\']));
        if !rest.is_empty() {
            let encoded = rest.strip_prefix("; filename*=UTF-8''").expect("the exact name");
            let exact = percent_decode_str(encoded).decode_utf8().expect("UTF-8");
            prop_assert!(!exact.contains(['/', '\\', '\0', '\r', '\n']));
            prop_assert!(exact.chars().count() <= 200);
        }
    }
}
