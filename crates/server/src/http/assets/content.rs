//! `GET|HEAD /assets/{id}/content`: the original, whole or in part.

use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use domain::{AssetId, Code};
use futures::{StreamExt, TryStreamExt};
use serde::Deserialize;
use service::content::Original;
use service::links::CONTENT;
use utoipa::IntoParams;

use super::reader::Reader;
use super::stored;
use crate::app::App;
use crate::extract::{Path, Query};
use crate::problem::Problem;
use crate::respond::{BodyStream, Cache, Conditions, Content};

/// How to send it; the signature's parts when there is no credential.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// `1`: save rather than show.
    download: Option<u8>,
    /// `motion`, `sidecar` or `raw`: what lies beside the original. Not with a signed URL.
    role: Option<String>,
    /// Of a signed URL: who made it.
    by: Option<String>,
    /// Of a signed URL: milliseconds since the epoch.
    expires: Option<i64>,
    /// Of a signed URL.
    signature: Option<String>,
}

/// Read the original.
#[utoipa::path(get, path = "/assets/{id}/content", tag = "assets", params(("id" = String, Path), Params),
    responses(
        (status = 200, description = "All of it", content_type = "application/octet-stream"),
        (status = 206, description = "A part of it"),
        (status = 304, description = "Unchanged"),
        (status = 416, description = "Outside the content"),
    ))]
pub async fn content(
    State(app): State<App>,
    Path(id): Path<AssetId>,
    Query(params): Query<Params>,
    method: Method,
    headers: HeaderMap,
    reader: Reader,
) -> Result<Response, Problem> {
    let download = params.download.unwrap_or(0) != 0;
    if let Some(role) = params.role.as_deref() {
        // A signature is over the original alone.
        let caller = reader
            .credential()
            .ok_or(Problem::new(Code::Unauthenticated))?;
        let file = app
            .vault
            .stored_file(&caller, id, None, stored::role(role)?, None)
            .await?;
        return stored::answer(&file, Conditions::new(method, &headers), download).await;
    }
    let caller = reader
        .resolve(
            &app,
            id,
            CONTENT,
            download,
            (params.by, params.expires, params.signature),
        )
        .await?;
    let original = app.vault.original(&caller, id).await?;
    let conditions = Conditions::new(method, &headers);
    send(&original, download, &conditions).await
}

/// Answers with an original that may be read.
pub(in crate::http) async fn send(
    original: &Original,
    download: bool,
    conditions: &Conditions,
) -> Result<Response, Problem> {
    let asset = &original.asset;
    let etag = asset.sha256.to_string();
    let content = Content {
        size: asset.size,
        etag: &etag,
        modified: asset.created_at,
        media_type: asset.media_type,
        file_name: &asset.file_name,
        download,
        cache: Cache::Revalidate,
        digest: Some(asset.sha256),
    };
    content
        .answer(conditions, |range| async {
            // Bytes that are gone or damaged are a problem while it can still be told.
            let mut stream = Box::pin(original.read(range).await?.peekable());
            if let Some(error) = stream.as_mut().next_if(Result::is_err).await {
                error?;
            }
            let stream: BodyStream = Box::pin(stream.map_err(Into::into));
            Ok::<_, Problem>(stream)
        })
        .await
}
