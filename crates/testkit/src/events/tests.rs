use serde_json::json;

use super::parse;

#[test]
fn an_event_has_id_name_and_data() {
    let event = parse("id: 7\nevent: asset.created\ndata: {\"asset_id\":\"a\"}").expect("an event");
    assert_eq!(
        (event.id.as_str(), event.name.as_str()),
        ("7", "asset.created")
    );
    assert_eq!(event.data, json!({"asset_id": "a"}));
}

#[test]
fn a_comment_is_no_event() {
    assert_eq!(parse(": keep-alive"), None);
}

#[test]
fn an_event_may_lack_data() {
    assert_eq!(
        parse("event: reset").map(|event| event.name).as_deref(),
        Some("reset")
    );
}
