//! What the server checks, said once more for the document: words, ranges, lengths, forms.
//!
//! A handler's types say which fields there are; the checks are in the verbs behind, so their limits
//! stand here. The test `what_the_document_forbids_is_refused` breaks each of them against the real
//! program, so that none says more than the server does.

use domain::{Level, MediaKind, Permission, Status};
use serde_json::{Value, json};

/// Where a limit holds, and the part of JSON Schema that says it. `Asset.kind` is a field of a
/// component, `get_assets?limit` a parameter of an operation, `*.sha256` whatever text is called so.
fn limits() -> Vec<(&'static str, Value)> {
    let mut limits = everywhere();
    limits.extend(assets());
    limits.extend(timeline());
    limits.extend(collections());
    limits.extend(shares());
    limits.extend(accounts());
    limits.extend(work());
    limits.extend(copies());
    limits
}

fn everywhere() -> Vec<(&'static str, Value)> {
    let id = || json!({"format": "uuid"});
    let time = || json!({"format": "date-time"});
    vec![
        ("*.id", id()),
        ("*.asset_id", id()),
        ("*.owner_id", id()),
        ("*.parent_id", id()),
        ("*.collection_id", id()),
        ("*.user_id", id()),
        ("*.by", id()),
        ("*.created_at", time()),
        ("*.updated_at", time()),
        ("*.expires_at", time()),
        ("*.trashed_at", time()),
        ("*.started_at", time()),
        ("*.finished_at", time()),
        ("*.run_at", time()),
        ("*.made_at", time()),
        ("*.read_at", time()),
        ("*.granted_at", time()),
        ("*.revoked_at", time()),
        ("*.last_used_at", time()),
        ("*.last_seen_at", time()),
        ("*.sha256", json!({"pattern": "^[0-9a-f]{64}$"})),
    ]
}

fn assets() -> Vec<(&'static str, Value)> {
    let allowed = ["view", "download", "edit", "delete", "share"];
    vec![
        (
            "Asset.kind",
            words(MediaKind::ALL.iter().copied().map(MediaKind::as_str)),
        ),
        (
            "Asset.status",
            words(Status::ALL.iter().copied().map(Status::as_str)),
        ),
        ("Asset.rating", json!({"minimum": 1, "maximum": 5})),
        ("Asset.orientation", json!({"minimum": 1, "maximum": 8})),
        ("Asset.version", json!({"minimum": 1})),
        ("Asset.permissions", json!({"items": words(allowed)})),
        ("Location.lat", json!({"minimum": -90, "maximum": 90})),
        ("Location.lon", json!({"minimum": -180, "maximum": 180})),
        (
            "CapturedAt.offset",
            json!({"pattern": "^[+-][0-9]{2}:[0-9]{2}$"}),
        ),
        ("CapturedAt.utc", json!({"format": "date-time"})),
        ("AssetEdit.title", json!({"maxLength": 500})),
        ("AssetEdit.description", json!({"maxLength": 20_000})),
        ("AssetEdit.rating", json!({"minimum": 0, "maximum": 5})),
        (
            "AssetEdit.tags",
            json!({"maxItems": 200, "items": {"minLength": 1, "maxLength": 100}}),
        ),
        (
            "CheckRequest.hashes",
            json!({"maxItems": 1000, "items": {"pattern": "^[0-9a-fA-F]{64}$"}}),
        ),
        (
            "ArchiveRequest.asset_ids",
            json!({"minItems": 1, "maxItems": 10_000, "items": {"format": "uuid"}}),
        ),
        (
            "UrlRequest.expires_in",
            json!({"minimum": 1, "maximum": 604_800}),
        ),
        ("UrlRequest.target", json!({"default": "content"})),
        ("UploadRequest.file_name", json!({"minLength": 1})),
        (
            "UploadRequest.expires_in",
            json!({"minimum": 1, "maximum": 86_400, "default": 3600}),
        ),
        (
            "Upload.state",
            words(["open", "receiving", "complete", "failed", "expired"]),
        ),
        (
            "ResumableUpload.state",
            words(["open", "complete", "failed"]),
        ),
        ("ResumableUpload.role", words(["whole", "partial", "final"])),
        (
            "Step.state",
            words(["waiting", "running", "done", "failed", "cancelled"]),
        ),
        (
            "get_assets?limit",
            json!({"minimum": 1, "maximum": 200, "default": 100}),
        ),
        (
            "get_assets?kind",
            words(MediaKind::ALL.iter().copied().map(MediaKind::as_str)),
        ),
        (
            "get_assets?sort",
            words(["captured", "created", "name", "size", "rating", "trashed"]),
        ),
        ("get_assets?sort", json!({"default": "captured"})),
        ("get_assets?order", words(["desc", "asc"])),
        ("get_assets?order", json!({"default": "desc"})),
        ("get_assets?trashed", json!({"default": false})),
    ]
}

fn timeline() -> Vec<(&'static str, Value)> {
    vec![
        (
            "Tile.kind",
            words(MediaKind::ALL.iter().copied().map(MediaKind::as_str)),
        ),
        (
            "Tile.status",
            words(Status::ALL.iter().copied().map(Status::as_str)),
        ),
        ("Tile.rating", json!({"minimum": 1, "maximum": 5})),
        ("TimelineBucket.count", json!({"minimum": 1})),
        (
            "get_timeline_assets?limit",
            json!({"minimum": 1, "maximum": 2000, "default": 500}),
        ),
    ]
}

fn collections() -> Vec<(&'static str, Value)> {
    let levels = || words(Level::ALL.iter().copied().map(Level::as_str));
    let of_view = ["view", "download", "comment", "contribute", "edit", "owner"];
    let ids =
        |least: u32| json!({"minItems": least, "maxItems": 1000, "items": {"format": "uuid"}});
    let page = |most: u32, usual: u32| json!({"minimum": 1, "maximum": most, "default": usual});
    vec![
        ("Collection.kind", words(["manual", "smart"])),
        ("Collection.level", words(of_view)),
        ("Member.level", levels()),
        ("NewMember.level", levels()),
        ("NewMember.email", json!({"format": "email"})),
        ("MemberLevel.level", levels()),
        (
            "NewCollection.name",
            json!({"minLength": 1, "maxLength": 200}),
        ),
        ("NewCollection.description", json!({"maxLength": 5000})),
        (
            "NewCollection.query",
            json!({"minLength": 1, "maxLength": 1000}),
        ),
        ("NewCollection.asset_ids", ids(0)),
        (
            "CollectionEdit.name",
            json!({"minLength": 1, "maxLength": 200}),
        ),
        ("CollectionEdit.description", json!({"maxLength": 5000})),
        (
            "CollectionEdit.query",
            json!({"minLength": 1, "maxLength": 1000}),
        ),
        ("CollectionEdit.cover_id", json!({"format": "uuid"})),
        ("AssetIds.asset_ids", ids(1)),
        (
            "ReadNotifications.ids",
            json!({"maxItems": 500, "items": {"format": "uuid"}}),
        ),
        ("get_collections?limit", page(500, 200)),
        (
            "get_notifications?limit",
            json!({"minimum": 1, "maximum": 200}),
        ),
        ("get_users_search?q", json!({"minLength": 3})),
    ]
}

fn shares() -> Vec<(&'static str, Value)> {
    let levels = || words(["view", "download"]);
    let page = |most: u32, usual: u32| json!({"minimum": 1, "maximum": most, "default": usual});
    vec![
        ("Share.level", levels()),
        ("Shared.level", levels()),
        ("NewShare.level", levels()),
        ("ShareEdit.level", levels()),
        ("NewShare.name", json!({"maxLength": 200})),
        (
            "NewShare.asset_ids",
            json!({"maxItems": 1000, "items": {"format": "uuid"}}),
        ),
        ("NewShare.password", json!({"minLength": 6})),
        ("NewShare.max_views", json!({"minimum": 1})),
        ("Visit.action", words(["opened", "refused", "downloaded"])),
        ("get_shares?limit", page(100, 50)),
    ]
}

fn accounts() -> Vec<(&'static str, Value)> {
    let permissions = || words(Permission::ALL.iter().copied().map(Permission::as_str));
    vec![
        (
            "NewAccount.email",
            json!({"format": "email", "maxLength": 254}),
        ),
        (
            "NewAccount.password",
            json!({"minLength": 10, "format": "password"}),
        ),
        ("NewAccount.name", json!({"maxLength": 100})),
        ("Login.email", json!({"format": "email"})),
        ("Login.password", json!({"format": "password"})),
        ("User.email", json!({"format": "email"})),
        ("User.permissions", json!({"items": permissions()})),
        (
            "AuthState.registration",
            words(["open", "invite", "closed"]),
        ),
        (
            "PasswordChange.new",
            json!({"minLength": 10, "format": "password"}),
        ),
        (
            "NewInvitation.expires_in_days",
            json!({"minimum": 1, "maximum": 90, "default": 7}),
        ),
        ("NewRole.name", json!({"minLength": 1, "maxLength": 40})),
        ("NewApiKey.name", json!({"minLength": 1, "maxLength": 100})),
        ("NewApiKey.scopes", json!({"items": permissions()})),
        (
            "NewApiKey.expires_in_days",
            json!({"minimum": 1, "maximum": 3650}),
        ),
        ("ApiKey.scopes", json!({"items": permissions()})),
    ]
}

fn work() -> Vec<(&'static str, Value)> {
    let states = ["waiting", "running", "dead"];
    vec![
        ("Job.state", words(states)),
        (
            "NewJobPause.seconds",
            json!({"minimum": 1, "maximum": 86_400}),
        ),
        ("get_jobs?state", words(states)),
        (
            "get_jobs?limit",
            json!({"minimum": 1, "maximum": 200, "default": 100}),
        ),
    ]
}

fn copies() -> Vec<(&'static str, Value)> {
    vec![
        ("IntegrityStore.role", words(["primary", "replica"])),
        ("Check.state", words(["running", "done", "cancelled"])),
        ("Finding.store", words(["primary", "replica", "external"])),
        ("Finding.kind", words(["damaged", "missing", "unreadable"])),
        ("Finding.found_by", words(["scrub", "check", "read"])),
        (
            "Finding.outcome",
            words(["open", "repaired", "sound", "replaced", "dropped"]),
        ),
        (
            "get_system_integrity_findings?limit",
            json!({"minimum": 1, "maximum": 200, "default": 50}),
        ),
    ]
}

fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> Value {
    json!({"enum": words.into_iter().collect::<Vec<_>>()})
}

/// Writes every limit where it holds; says which of them hold nowhere.
pub(super) fn apply(document: &mut Value) -> Vec<&'static str> {
    let mut idle = Vec::new();
    for (place, says) in limits() {
        let mut used = false;
        each_place(document, &mut |here, schema| {
            if holds(place, here, schema) {
                merge(schema, &says);
                used = true;
            }
        });
        if !used && !place.starts_with('*') {
            idle.push(place);
        }
    }
    idle
}

/// Visits every field of every component and every parameter of every operation, with its place.
fn each_place(document: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    if let Some(Value::Object(components)) = document.pointer_mut("/components/schemas") {
        for (name, component) in components {
            let owner = name.clone();
            fields(&owner, component, visit);
        }
    }
    let Some(Value::Object(paths)) = document.get_mut("paths") else {
        return;
    };
    let operations = paths.values_mut().filter_map(Value::as_object_mut);
    for operation in operations.flat_map(serde_json::Map::values_mut) {
        let id = operation["operationId"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let Some(Value::Array(parameters)) = operation.get_mut("parameters") else {
            continue;
        };
        for parameter in parameters {
            let place = format!("{id}?{}", parameter["name"].as_str().unwrap_or_default());
            if let Some(schema) = parameter.get_mut("schema") {
                visit(&place, schema);
            }
        }
    }
}

/// The fields of a component, those of its parts included, and those of what it is a page of.
fn fields(owner: &str, component: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    if let Some(Value::Object(properties)) = component.get_mut("properties") {
        for (name, schema) in properties {
            visit(&format!("{owner}.{name}"), schema);
            if let (Some(of), Some(item)) = (owner.strip_prefix("Page_"), schema.get_mut("items")) {
                fields(of, item, visit);
            }
        }
    }
    if let Some(Value::Array(parts)) = component.get_mut("allOf") {
        parts.iter_mut().for_each(|part| fields(owner, part, visit));
    }
}

fn holds(place: &str, here: &str, schema: &Value) -> bool {
    let Some(name) = place.strip_prefix("*.") else {
        return place == here;
    };
    let named = here.rsplit(['.', '?']).next() == Some(name);
    let is_text = match &schema["type"] {
        Value::String(kind) => kind == "string",
        Value::Array(kinds) => kinds.iter().any(|kind| kind == "string"),
        _ => false,
    };
    named && is_text && schema.get("format").is_none()
}

fn merge(into: &mut Value, from: &Value) {
    let (Value::Object(into), Value::Object(from)) = (&mut *into, from) else {
        return;
    };
    for (key, value) in from {
        match into.get_mut(key) {
            Some(there @ Value::Object(_)) if value.is_object() => merge(there, value),
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}
