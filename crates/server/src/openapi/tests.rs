use std::collections::HashSet;

use serde_json::Value;

use super::{document, operation_id};
use crate::routes::table;

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
