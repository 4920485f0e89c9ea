//! The fields that an edit changes, as a person is shown them.

use serde_json::{Map, Value, json};

use super::saying::Saying;
use crate::assets::AssetRow;

/// The fields that change, as JSON objects with the same keys.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) before: Map<String, Value>,
    pub(super) after: Map<String, Value>,
}

/// Leaving something to the file again is a change even where the file says the same.
fn given_up<T>(said: &Option<Option<T>>, saying: &Option<Option<T>>) -> bool {
    matches!((said, saying), (Some(Some(_)), Some(None)))
}

impl Changes {
    pub(super) fn between(
        before: &AssetRow,
        after: &AssetRow,
        said: &Saying,
        saying: &Saying,
    ) -> Self {
        let mut changes = Self::default();
        let given_up = [
            ("title", given_up(&said.title, &saying.title)),
            (
                "description",
                given_up(&said.description, &saying.description),
            ),
            ("rating", given_up(&said.rating, &saying.rating)),
            ("captured_at", given_up(&said.captured, &saying.captured)),
            ("location", given_up(&said.place, &saying.place)),
        ];
        for ((field, old), (_, new)) in fields(before).into_iter().zip(fields(after)) {
            if old != new || given_up.contains(&(field, true)) {
                changes.before.insert(field.to_owned(), old);
                changes.after.insert(field.to_owned(), new);
            }
        }
        changes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.after.is_empty()
    }
}

fn fields(asset: &AssetRow) -> [(&'static str, Value); 10] {
    [
        ("title", json!(asset.title)),
        ("description", json!(asset.description)),
        ("rating", json!(asset.rating)),
        ("captured_at", json!(asset.captured)),
        ("location", json!(asset.place)),
        ("favourite", json!(asset.favourite)),
        ("archived", json!(asset.archived)),
        ("locked", json!(asset.locked)),
        ("tags", json!(asset.tags)),
        ("metadata", asset.metadata.clone()),
    ]
}
