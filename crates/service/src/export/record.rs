//! One line of an export.

use catalog::collections::CollectionRow;
use domain::LocalTime;
use serde_json::{Map, Value, json};

use crate::library::Asset;

/// A collection.
pub(super) fn of_collection(told: &CollectionRow) -> String {
    let line = json!({
        "id": told.id,
        "parent": told.parent,
        "name": told.name,
        "description": told.description,
        "query": told.query,
        "created_at": told.created_at,
    });
    format!("{line}\n")
}

/// An asset: where its original lies, what holds of it, and what of that its owner said, in the form
/// an upload takes.
pub(super) fn of_asset(asset: &Asset, path: &str) -> String {
    let line = json!({
        "id": asset.id,
        "path": path,
        "file_name": asset.file_name,
        "sha256": asset.sha256,
        "size": asset.size,
        "mime_type": asset.media_type.to_string(),
        "version": asset.version_number,
        "created_at": asset.created_at,
        "captured_at": asset.captured,
        "location": asset.place,
        "title": asset.title,
        "description": asset.description,
        "tags": asset.tags,
        "rating": asset.rating,
        "collections": asset.collections,
        "said": said(asset),
    });
    format!("{line}\n")
}

/// What its owner said: what holds and is not the file's own.
pub(super) fn said(asset: &Asset) -> Value {
    let facts = &asset.facts;
    let mut said = Map::new();
    let mut say = |field: &str, value: Value| {
        said.insert(field.to_owned(), value);
    };
    if asset.title != facts.title {
        say("title", json!(asset.title.as_deref().unwrap_or_default()));
    }
    if asset.description != facts.description {
        let description = asset.description.as_deref().unwrap_or_default();
        say("description", json!(description));
    }
    if asset.rating != facts.rating.filter(|stars| *stars > 0) {
        say("rating", json!(asset.rating.unwrap_or(0)));
    }
    if asset.captured != facts.captured
        && let Some(captured) = &asset.captured
    {
        say("captured_at", time(captured));
    }
    if asset.place != facts.place
        && let Some(place) = &asset.place
    {
        let location = json!({"lat": place.lat, "lon": place.lon, "altitude": place.altitude});
        say("location", location);
    }
    if !asset.tags.is_empty() {
        say("tags", json!(asset.tags));
    }
    if asset
        .metadata
        .as_object()
        .is_some_and(|own| !own.is_empty())
    {
        say("metadata", asset.metadata.clone());
    }
    let flags = [
        ("favourite", asset.favourite),
        ("archived", asset.archived),
        ("locked", asset.locked),
        ("trashed", asset.trashed_at.is_some()),
    ];
    for (flag, _) in flags.into_iter().filter(|(_, set)| *set) {
        say(flag, json!(true));
    }
    Value::Object(said)
}

/// A time as an upload takes it.
fn time(time: &LocalTime) -> Value {
    let offset = match time.offset_minutes {
        _ if time.source == LocalTime::INSTANT => Some("Z".to_owned()),
        Some(minutes) => {
            let sign = if minutes < 0 { '-' } else { '+' };
            let minutes = minutes.unsigned_abs();
            Some(format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60))
        }
        None => None,
    };
    json!({"local": time.local, "offset": offset})
}
