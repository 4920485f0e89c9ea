//! The JSON shapes that visitors see: little of a link, and of an asset what it takes to show it.

use std::collections::BTreeMap;

use serde::Serialize;
use service::library::Asset;
use service::shares::{Seen, Shown};
use utoipa::ToSchema;

use crate::http::assets::body::{CapturedBody, RenditionBody};
use crate::http::assets::rendition::version_of;
use crate::routes::PREFIX;

/// What a link is about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Shared)]
pub(crate) struct SharedBody {
    name: String,
    /// `view` or `download`.
    level: String,
    needs_password: bool,
    owner: SharerBody,
    /// Assets it shows.
    count: u64,
    expires_at: Option<String>,
}

/// Who shares.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Sharer)]
pub(crate) struct SharerBody {
    name: String,
}

/// An asset as visitors see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SharedAsset)]
pub(crate) struct SharedAssetBody {
    #[schema(value_type = String, format = Uuid)]
    id: String,
    kind: String,
    width: Option<u32>,
    height: Option<u32>,
    thumbhash: Option<String>,
    /// Null where the link hides it.
    file_name: Option<String>,
    /// Null where the link hides it.
    captured_at: Option<CapturedBody>,
    renditions: BTreeMap<String, RenditionBody>,
}

/// One page of what a link shows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SharedAssetPage)]
pub(crate) struct PageBody {
    pub(crate) items: Vec<SharedAssetBody>,
    pub(crate) next_cursor: Option<String>,
}

impl From<Shown> for SharedBody {
    fn from(shown: Shown) -> Self {
        Self {
            name: shown.name,
            level: shown.level.to_string(),
            needs_password: shown.needs_password,
            owner: SharerBody { name: shown.owner },
            count: shown.count,
            expires_at: shown.expires_at.map(|time| time.to_string()),
        }
    }
}

impl SharedAssetBody {
    pub(crate) fn of(asset: Asset, token: &str, seen: &Seen) -> Self {
        let renditions = asset.renditions.iter().map(|row| {
            let (id, name, version) = (asset.id, &row.name, version_of(row));
            let body = RenditionBody {
                url: format!("{PREFIX}/shared/{token}/assets/{id}/renditions/{name}?v={version}"),
                width: row.width,
                height: row.height,
                mime_type: row.mime.clone(),
                size: row.size,
            };
            (row.name.clone(), body)
        });
        Self {
            id: asset.id.to_string(),
            kind: asset.kind.to_string(),
            width: asset.facts.width,
            height: asset.facts.height,
            renditions: renditions.collect(),
            thumbhash: asset.facts.thumbhash,
            file_name: Some(asset.file_name).filter(|_| !seen.hide_metadata),
            captured_at: asset
                .captured
                .filter(|_| !seen.hide_metadata)
                .map(CapturedBody::of),
        }
    }
}
