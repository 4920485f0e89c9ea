//! Makes collections of albums: one that the caller has under the name is filled further, so that
//! running an import again adds nothing twice.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::report::AlbumLine;
use crate::client::{Client, ClientError, Page};

/// Most assets in one request.
const BATCH: usize = 1000;

/// An album, with the assets it shall hold.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// What its owner wrote about it.
    pub description: Option<String>,
    /// The saved search it is: then nothing is put into it.
    pub query: Option<String>,
    /// Ids.
    pub assets: Vec<String>,
    /// The id of the collection it is nested in.
    pub parent: Option<String>,
}

impl Wanted {
    /// In the API's word.
    pub fn kind(&self) -> &'static str {
        match self.query {
            Some(_) => "smart",
            None => "manual",
        }
    }
}

/// A collection as far as it matters here.
#[derive(Debug, Clone, Deserialize)]
struct Collection {
    id: String,
    name: String,
    level: String,
    kind: String,
}

/// Makes or fills each; what went wrong with one is said of that one.
pub async fn make(client: &Client, wanted: BTreeMap<String, Wanted>) -> Vec<AlbumLine> {
    let mut lines = Vec::new();
    for (name, album) in wanted {
        let made = place(client, &name, &album).await;
        lines.push(AlbumLine {
            assets: if made.is_ok() { album.assets.len() } else { 0 },
            problem: made.err().map(|error| error.to_string()),
            name,
        });
    }
    lines
}

async fn place(client: &Client, name: &str, album: &Wanted) -> Result<String, ClientError> {
    let found = find(client, name, album.kind()).await?;
    fill(client, name, album, found).await
}

/// Fills the one that was found, else a new one; gives its id.
pub(super) async fn fill(
    client: &Client,
    name: &str,
    album: &Wanted,
    found: Option<String>,
) -> Result<String, ClientError> {
    let id = match found {
        Some(id) => id,
        None => create(client, name, album).await?,
    };
    let path = format!("/collections/{id}/assets");
    let mut assets = album.assets.clone();
    assets.sort_unstable();
    assets.dedup();
    for batch in assets.chunks(BATCH) {
        let _: Value = client.post(&path, &json!({"asset_ids": batch})).await?;
    }
    Ok(id)
}

async fn find(client: &Client, name: &str, kind: &str) -> Result<Option<String>, ClientError> {
    let mut cursor: Option<String> = None;
    loop {
        let mut parameters = vec![("q", name)];
        if let Some(cursor) = &cursor {
            parameters.push(("cursor", cursor));
        }
        let page: Page<Collection> = client.get("/collections", &parameters).await?;
        let own = page
            .items
            .into_iter()
            .find(|found| found.name == name && found.level == "owner" && found.kind == kind);
        cursor = page.next_cursor;
        if own.is_some() || cursor.is_none() {
            return Ok(own.map(|found| found.id));
        }
    }
}

async fn create(client: &Client, name: &str, album: &Wanted) -> Result<String, ClientError> {
    let mut body = json!({"name": name});
    if let Some(description) = &album.description {
        body["description"] = json!(description);
    }
    if let Some(query) = &album.query {
        body["query"] = json!(query);
    }
    if let Some(parent) = &album.parent {
        body["parent_id"] = json!(parent);
    }
    let made: Value = client.post("/collections", &body).await?;
    Ok(made["id"].as_str().unwrap_or_default().to_owned())
}
