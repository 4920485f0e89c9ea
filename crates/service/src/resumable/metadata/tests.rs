use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Code;

use super::read;

fn header(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs
        .iter()
        .map(|(word, value)| format!("{word} {}", STANDARD.encode(value)));
    pairs.collect::<Vec<_>>().join(",")
}

#[test]
fn clients_words_are_understood() {
    let said = header(&[
        ("filename", "../photos/Meer.jpg"),
        ("filetype", "image/jpeg"),
        ("relativePath", "x/y"),
        ("captured_at", "2024-05-17T10:00:00-03:00"),
    ]);
    let announced = read(&said).expect("in order");
    assert_eq!(announced.file_name, "Meer.jpg");
    assert_eq!(announced.mime_type.as_deref(), Some("image/jpeg"));
    let captured = announced.details.captured_at.expect("a time");
    assert_eq!(captured.local, "2024-05-17T10:00:00");
    assert_eq!(captured.offset.as_deref(), Some("-03:00"));
}

#[test]
fn nothing_said_is_in_order() {
    for nothing in ["", " ", ",", "is_confidential"] {
        let announced = read(nothing).expect("in order");
        assert_eq!(announced.file_name, "unnamed");
    }
}

#[test]
fn details_come_as_json_too() {
    let said = header(&[("metadata", r#"{"tags": ["sea"], "favourite": true}"#)]);
    let details = read(&said).expect("in order").details;
    assert_eq!(details.tags, ["sea"]);
    assert!(details.favourite);
}

#[test]
fn what_cannot_be_is_refused() {
    for wrong in [
        "filename ???".to_owned(),
        header(&[("sha256", "abc")]),
        header(&[("captured_at", "yesterday")]),
        header(&[("metadata", "{\"colour\": 1}")]),
        format!("x {}", "A".repeat(20_000)),
    ] {
        let error = read(&wrong).expect_err("refused");
        assert_eq!(error.code(), Code::InvalidField, "{wrong}");
    }
}
