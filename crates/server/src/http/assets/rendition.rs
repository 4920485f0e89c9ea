//! `GET|HEAD /assets/{id}/renditions/{name}`: a derived picture. With the version in its URL it
//! never changes, so a browser keeps it and asks no more.

use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use domain::{AssetId, MediaType};
use futures::{StreamExt, stream};
use serde::Deserialize;
use service::renditions::Picture;
use utoipa::IntoParams;

use super::reader::Reader;
use crate::app::App;
use crate::extract::{Path, Query};
use crate::problem::Problem;
use crate::respond::{BodyStream, Cache, Conditions, Content};

/// Which state of it; the signature's parts when there is no credential.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// As in the asset's URL. With it the answer may be kept for good.
    v: Option<String>,
    /// `1`: save rather than show.
    download: Option<u8>,
    /// Of a signed URL: who made it.
    by: Option<String>,
    /// Of a signed URL: milliseconds since the epoch.
    expires: Option<i64>,
    /// Of a signed URL.
    signature: Option<String>,
}

/// Read a derived picture.
#[utoipa::path(get, path = "/assets/{id}/renditions/{name}", tag = "assets",
    params(("id" = String, Path), ("name" = String, Path), Params),
    responses((status = 200, description = "The picture", content_type = "image/webp"),
        (status = 503, description = "It is being made again")))]
pub async fn rendition(
    State(app): State<App>,
    Path((id, name)): Path<(AssetId, String)>,
    Query(params): Query<Params>,
    method: Method,
    headers: HeaderMap,
    reader: Reader,
) -> Result<Response, Problem> {
    let download = params.download.unwrap_or(0) != 0;
    let caller = reader
        .resolve(
            &app,
            id,
            &name,
            download,
            (params.by, params.expires, params.signature),
        )
        .await?;
    let picture = app.vault.rendition(&caller, id, &name).await?;
    let cache = match params.v {
        Some(v) if v == version_of(&picture.row) => Cache::Immutable,
        _ => Cache::Revalidate,
    };
    let conditions = Conditions::new(method, &headers);
    send(picture, download, cache, &conditions).await
}

/// Answers with a derived picture.
pub(in crate::http) async fn send(
    picture: Picture,
    download: bool,
    cache: Cache,
    conditions: &Conditions,
) -> Result<Response, Problem> {
    let etag = format!("{}-{}", version_of(&picture.row), picture.row.name);
    let content = Content {
        size: picture.bytes.len() as u64,
        etag: &etag,
        modified: picture.modified,
        media_type: picture.row.mime.parse().unwrap_or(MediaType::Unknown),
        file_name: &picture.file_name,
        download,
        cache,
        digest: None,
    };
    let bytes = picture.bytes.clone();
    content
        .answer(conditions, |range| async move {
            let bytes = bytes.slice(range.start as usize..range.end as usize);
            let stream: BodyStream = stream::once(async { Ok(bytes) }).boxed();
            Ok::<_, Problem>(stream)
        })
        .await
}

/// [`version`] of a row.
pub(in crate::http) fn version_of(row: &service::renditions::Rendition) -> String {
    version(row.sha256, row.step_version)
}

/// What the `v` of a rendition's URL says: the content it was made from and the step that made it.
pub(in crate::http) fn version(sha256: domain::Sha256, step_version: u32) -> String {
    format!("{}.{step_version}", &sha256.to_string()[..16])
}
