//! An example for every body and every answer.
//!
//! Those of request bodies that matter are written by hand; the rest follows from the schemas, which
//! know words, ranges and forms. The test `every_example_body_is_taken` sends each to the real program.

use serde_json::{Map, Value, json};

const ID: &str = "0190c0c0-7a11-7000-8000-000000000001";
const SHA256: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// Deeper than this nothing is unfolded.
const DEEPEST: usize = 8;

/// Bodies of requests, where not every field at once makes sense.
fn written(component: &str) -> Option<Value> {
    Some(match component {
        "Login" => {
            json!({"email": "anna@example.org", "password": "correct horse battery", "session": "token"})
        }
        "NewAccount" => {
            json!({"email": "anna@example.org", "password": "correct horse battery", "name": "Anna", "session": "token"})
        }
        "Refresh" => json!({"refresh_token": "mvr_…"}),
        "Verify" => json!({"token": "mvk_…"}),
        "NewApiKey" => {
            json!({"name": "Camera upload", "scopes": ["assets:read", "assets:write"], "expires_in_days": 90})
        }
        "AssetEdit" => {
            json!({"title": "Harbour at dusk", "favourite": true, "rating": 4, "tags": ["harbour", "trip"]})
        }
        "BulkRequest" => {
            json!({"ids": [ID], "do": {"edit": {"favourite": true, "add_tags": ["trip"]}}})
        }
        "UploadRequest" => {
            json!({"file_name": "harbour.jpg", "size": 2_345_678, "mime_type": "image/jpeg", "expires_in": 3600})
        }
        "UrlRequest" => json!({"target": "content", "expires_in": 3600, "download": true}),
        "NewCollection" => json!({"name": "Summer 2026", "description": "Three weeks at the sea."}),
        "CollectionEdit" => json!({"name": "Summer 2026, the best"}),
        "AssetIds" => json!({"asset_ids": [ID]}),
        "NewMember" => json!({"email": "bob@example.org", "level": "contribute"}),
        "NewShare" => json!({
            "asset_ids": [ID], "name": "For Grandma", "level": "view", "hide_metadata": true, "max_views": 20,
        }),
        "ShareEdit" => json!({"name": "For Grandma", "level": "download", "max_views": null}),
        "OpenShared" => json!({"password": "the boat's name"}),
        "ImportPlanRequest" => json!({
            "source": "takeout",
            "files": [
                {"path": "Takeout/Google Photos/Harbour/IMG_1.jpg", "size": 2_345_678},
                {"path": "Takeout/Google Photos/Harbour/IMG_1.jpg.json", "size": 512},
            ],
            "sidecars": [{
                "path": "Takeout/Google Photos/Harbour/IMG_1.jpg.json",
                "text": "{\"title\": \"IMG_1.jpg\", \"description\": \"The last boat is in.\"}",
            }],
        }),
        "NewManagedUser" => {
            json!({"email": "carol@example.org", "name": "Carol", "roles": ["user"], "quota": 50_000_000_000_u64})
        }
        "ManagedUserEdit" => json!({"quota": 50_000_000_000_u64}),
        "NewInvitation" => {
            json!({"email": "dora@example.org", "roles": ["user"], "expires_in_days": 7})
        }
        "NewFolder" => json!({"path": "/srv/photos"}),
        "NewRole" => json!({"name": "viewer", "permissions": ["assets:read"]}),
        "RoleEdit" => json!({"permissions": ["assets:read", "assets:share"]}),
        "NewJobPause" => json!({"kind": "picture", "seconds": 3600}),
        "JobResume" | "JobsRetry" => json!({"kind": "picture"}),
        "PasswordChange" => {
            json!({"current": "correct horse battery", "new": "correct horse battery staple"})
        }
        "ProfileEdit" => json!({"name": "Anna Berg"}),
        "SettingsEdit" => json!({"registration": "invite", "trash_days": 30}),
        "ReadNotifications" => json!({"all": true}),
        "UploadForm" => {
            json!({"metadata": "{\"title\": \"Harbour at dusk\", \"tags\": [\"harbour\"]}", "file": "(the bytes)"})
        }
        _ => return None,
    })
}

/// Values of fields by their names, where a schema knows only that they are text or numbers.
fn usual(name: &str) -> Option<Value> {
    Some(match name {
        "email" => json!("anna@example.org"),
        "name" => json!("Anna"),
        "file_name" => json!("harbour.jpg"),
        "title" => json!("Harbour at dusk"),
        "description" => json!("The last boat is in."),
        "mime_type" => json!("image/jpeg"),
        "sha256" | "hashes" => json!(SHA256),
        "size" | "used" => json!(2_345_678),
        "width" => json!(4032),
        "height" => json!(3024),
        "lat" => json!(53.5461),
        "lon" => json!(9.9661),
        "altitude" => json!(6.0),
        "local" => json!("2024-05-17T21:04:11"),
        "offset" => json!("+02:00"),
        "utc" => json!("2024-05-17T19:04:11Z"),
        "thumbhash" => json!("1QcSHQRnh493V4dIh4eXh1h4kJUI"),
        "colors" => json!("#2f4a63"),
        "tags" => json!("harbour"),
        "make" => json!("Example"),
        "model" => json!("Pocket 4"),
        "source" => json!("exif:DateTimeOriginal"),
        "next_cursor" => Value::Null,
        "problems" => json!([]),
        "key" => json!("mvk_…"),
        "prefix" => json!("mvk_3fa9c1"),
        "access_token" => json!("eyJ…"),
        "token_type" => json!("Bearer"),
        "refresh_token" => json!("mvr_…"),
        "expires_in" => json!(900),
        "url" => json!("/api/v1/assets/0190c0c0-7a11-7000-8000-000000000001/renditions/thumb?v=1"),
        "code" => json!("not_found"),
        "roles" => json!("user"),
        _ => return None,
    })
}

/// Writes an example beside every schema of a body and of an answer that has none.
pub(super) fn fill(document: &mut Value) {
    let components = document["components"]["schemas"].clone();
    let Some(Value::Object(paths)) = document.get_mut("paths") else {
        return;
    };
    let operations = paths.values_mut().filter_map(Value::as_object_mut);
    for operation in operations.flat_map(Map::values_mut) {
        if let Some(content) = operation.pointer_mut("/requestBody/content") {
            fill_content(&components, content);
        }
        let Some(Value::Object(responses)) = operation.get_mut("responses") else {
            continue;
        };
        for (status, response) in responses {
            match response.get_mut("content") {
                Some(content) if status.starts_with('2') => fill_content(&components, content),
                _ => {}
            }
        }
    }
}

fn fill_content(components: &Value, content: &mut Value) {
    let Some(content) = content.as_object_mut() else {
        return;
    };
    for (kind, media) in content {
        let structured = ["application/json", "multipart/form-data"].contains(&kind.as_str());
        if structured && media.get("example").is_none() && media.get("schema").is_some() {
            media["example"] = sample(components, &media["schema"], "", 0);
        }
    }
}

/// A value that a schema allows.
fn sample(components: &Value, schema: &Value, name: &str, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::Null;
    }
    let deeper = |schema: &Value, name: &str| sample(components, schema, name, depth + 1);
    if let Some(reference) = schema["$ref"].as_str() {
        let component = reference.rsplit('/').next().unwrap_or_default();
        return written(component).unwrap_or_else(|| deeper(&components[component], name));
    }
    if let Some(said) = schema.get("example").or_else(|| schema["examples"].get(0)) {
        return said.clone();
    }
    for choice in ["oneOf", "anyOf"] {
        let choices = schema[choice].as_array().into_iter().flatten();
        if let Some(first) = choices.into_iter().find(|one| one["type"] != "null") {
            return deeper(first, name);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().map(|part| deeper(part, name));
        let whole = parts.filter_map(|part| part.as_object().cloned()).flatten();
        return Value::Object(whole.collect());
    }
    match kind(schema) {
        "object" => object(components, schema, depth),
        "array" => match usual(name) {
            Some(Value::Array(items)) => Value::Array(items),
            _ => json!([deeper(&schema["items"], name)]),
        },
        kind => plain(schema, kind, name),
    }
}

fn object(components: &Value, schema: &Value, depth: usize) -> Value {
    let fields = schema["properties"].as_object().into_iter().flatten();
    let mut whole: Map<String, Value> = fields
        .map(|(name, field)| (name.clone(), sample(components, field, name, depth + 1)))
        .collect();
    if schema["additionalProperties"].is_object() {
        let value = sample(components, &schema["additionalProperties"], "", depth + 1);
        whole.insert("preview".to_owned(), value);
    }
    Value::Object(whole)
}

/// The first type that is not null.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => {
            let mut kinds = kinds.iter().filter_map(Value::as_str);
            kinds.find(|kind| *kind != "null").unwrap_or_default()
        }
        _ if schema["properties"].is_object() => "object",
        _ => "",
    }
}

fn plain(schema: &Value, kind: &str, name: &str) -> Value {
    if let Some(word) = schema["enum"].get(0) {
        return word.clone();
    }
    match (kind, schema["format"].as_str()) {
        ("string", Some("uuid")) => return json!(ID),
        ("string", Some("date-time")) => return json!("2026-05-17T19:04:11Z"),
        ("string", Some("date")) => return json!("2026-05-17"),
        _ => {}
    }
    let fits = |value: &Value| match kind {
        "string" => value.is_string() || value.is_null(),
        "integer" | "number" => value.is_number(),
        _ => false,
    };
    if let Some(value) = usual(name).filter(fits) {
        return value;
    }
    match kind {
        "string" => json!("…"),
        "integer" | "number" => [&schema["default"], &schema["minimum"]]
            .into_iter()
            .find(|value| value.is_number())
            .map_or_else(|| json!(1), Value::clone),
        "boolean" => schema["default"].as_bool().unwrap_or_default().into(),
        _ => Value::Null,
    }
}
