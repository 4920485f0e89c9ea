use std::collections::HashSet;

use serde_json::Value;

use super::{described_by_handlers, document, limits, operation_id, tags};
use crate::routes::{Access, table};

fn written() -> Value {
    serde_json::to_value(document()).expect("JSON")
}

#[test]
fn every_route_is_described() {
    let document = written();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = HashSet::new();
    for route in table() {
        let operation = &document["paths"][&route.path][route.method.to_lowercase()];
        let id = operation["operationId"].as_str().expect("an id");
        assert!(ids.insert(id.to_owned()), "{id} stands twice");
        assert!(operation["summary"].is_string(), "{id} has no summary");
        assert!(operation["tags"][0].is_string(), "{id} has no tag");
        assert_examples(operation, id);
        let problem = "#/components/schemas/Problem";
        let default = &operation["responses"]["default"]["content"]["application/problem+json"];
        assert_eq!(default["schema"]["$ref"], problem, "{id}");
    }
}

#[test]
fn what_is_referred_to_is_there() {
    let document = written();
    let mut missing = Vec::new();
    references(&document, &mut |reference| {
        let pointer = reference.trim_start_matches('#');
        if document.pointer(pointer).is_none() {
            missing.push(reference.to_owned());
        }
    });
    assert!(missing.is_empty(), "{missing:?}");
}

fn references(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                visit(reference);
            }
            object.values().for_each(|value| references(value, visit));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, visit)),
        _ => {}
    }
}

#[test]
fn codes_are_listed() {
    let document = written();
    let codes = document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"].clone();
    let codes: Vec<String> = serde_json::from_value(codes).expect("words");
    assert_eq!(codes.len(), domain::Code::ALL.len());
}

#[test]
fn ids_follow_from_method_and_path() {
    assert_eq!(
        operation_id("GET", "/api/v1/assets/{id}/steps"),
        "get_assets_id_steps"
    );
    assert_eq!(operation_id("GET", "/health"), "get_health");
}

/// Every body that is JSON or a form, and every JSON answer, shows one.
fn assert_examples(operation: &Value, id: &str) {
    let answers = operation["responses"].as_object().into_iter().flatten();
    let answers = answers.filter(|(status, _)| status.starts_with('2'));
    let bodies = answers
        .map(|(_, answer)| answer)
        .chain([&operation["requestBody"]]);
    for content in bodies.filter_map(|body| body["content"].as_object()) {
        for (kind, media) in content {
            let structured = kind == "application/json" || kind == "multipart/form-data";
            let shown = media
                .get("example")
                .is_some_and(|example| !example.is_null());
            assert!(!structured || shown, "{id} shows no {kind}");
        }
    }
}

#[test]
fn whatever_needs_no_credential_is_open_on_purpose() {
    let document = written();
    for route in table() {
        let operation = &document["paths"][&route.path][route.method.to_lowercase()];
        let open = matches!(route.access, Access::Public | Access::SignedOnly);
        assert_eq!(operation["security"].is_array(), !open, "{route:?}");
    }
}

#[test]
fn every_subject_is_described() {
    let document = written();
    let described: Vec<_> = document["tags"].as_array().into_iter().flatten().collect();
    for tag in tags::used(&document) {
        let found = described.iter().find(|one| one["name"] == tag.as_str());
        let says = found.and_then(|one| one["description"].as_str());
        assert!(says.is_some_and(|text| !text.is_empty()), "{tag}");
    }
}

#[test]
fn every_limit_holds_somewhere_and_nothing_is_lost() {
    let said = serde_json::to_value(described_by_handlers()).expect("JSON");
    let mut limited = said.clone();
    assert_eq!(limits::apply(&mut limited), Vec::<&str>::new());
    let whole = written();
    for (path, item) in said["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let kept = &whole["paths"][path][method];
            assert_eq!(kept["summary"], operation["summary"], "{method} {path}");
            assert_eq!(kept["security"], operation["security"], "{method} {path}");
        }
    }
    assert_eq!(
        whole["components"]["schemas"],
        limited["components"]["schemas"]
    );
}
