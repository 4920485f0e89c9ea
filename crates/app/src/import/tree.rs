//! Makes collections again as they were nested: one that the caller has in the same place under the same
//! name is filled further, so that running an import again adds nothing twice.

use std::collections::HashMap;

use domain::CollectionId;
use serde::Deserialize;
use service::export::Collection;

use super::albums::{self, Wanted};
use super::report::AlbumLine;
use crate::client::{Client, ClientError, Page};

/// A collection that is there.
#[derive(Debug, Deserialize)]
struct There {
    id: String,
    name: String,
    parent_id: Option<String>,
    level: String,
    kind: String,
}

/// Makes or fills each, those that others are nested in first; what went wrong with one is said of that
/// one.
pub async fn make(
    client: &Client,
    mut collections: Vec<Collection>,
    mut assets: HashMap<CollectionId, Vec<String>>,
) -> Result<Vec<AlbumLine>, ClientError> {
    let mut there = own(client).await?;
    let mut made: HashMap<CollectionId, String> = HashMap::new();
    let mut lines = Vec::new();
    while !collections.is_empty() {
        let known: Vec<CollectionId> = collections.iter().map(|one| one.id).collect();
        let waits = |one: &Collection| one.parent.is_some_and(|parent| known.contains(&parent));
        let (mut ready, later): (Vec<_>, Vec<_>) =
            collections.into_iter().partition(|one| !waits(one));
        collections = later;
        if ready.is_empty() {
            // A circle, which no vault makes: they come side by side.
            ready = std::mem::take(&mut collections);
        }
        for one in ready {
            let parent = one.parent.and_then(|parent| made.get(&parent)).cloned();
            let wanted = Wanted {
                description: Some(one.description).filter(|text| !text.is_empty()),
                assets: match one.query {
                    Some(_) => Vec::new(),
                    None => assets.remove(&one.id).unwrap_or_default(),
                },
                query: one.query,
                parent,
            };
            let found = take(&mut there, &one.name, &wanted);
            let filled = albums::fill(client, &one.name, &wanted, found).await;
            lines.push(AlbumLine {
                assets: if filled.is_ok() {
                    wanted.assets.len()
                } else {
                    0
                },
                problem: filled.as_ref().err().map(ToString::to_string),
                name: one.name,
            });
            if let Ok(id) = filled {
                made.insert(one.id, id);
            }
        }
    }
    Ok(lines)
}

/// One that is there under the name, in the same place, and of the same kind. Two of a name are two.
fn take(there: &mut Vec<There>, name: &str, wanted: &Wanted) -> Option<String> {
    let at = there.iter().position(|found| {
        found.name == name && found.parent_id == wanted.parent && found.kind == wanted.kind()
    })?;
    Some(there.swap_remove(at).id)
}

/// The caller's own collections.
async fn own(client: &Client) -> Result<Vec<There>, ClientError> {
    let mut found = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut parameters = vec![("limit", "500")];
        if let Some(cursor) = &cursor {
            parameters.push(("cursor", cursor));
        }
        let page: Page<There> = client.get("/collections", &parameters).await?;
        found.extend(page.items.into_iter().filter(|one| one.level == "owner"));
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(found);
        }
    }
}
