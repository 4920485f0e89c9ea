//! `GET|HEAD /shared/{token}/assets/{id}/content`: an original, where the link gives it away.

use axum::extract::State;
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use domain::AssetId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::cookie;
use crate::app::App;
use crate::extract::{Path, Query, Remote};
use crate::http::assets::content::send;
use crate::problem::Problem;
use crate::respond::Conditions;

/// How to send it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// `1`: save rather than show.
    download: Option<u8>,
}

/// Take an original.
#[utoipa::path(get, path = "/shared/{token}/assets/{id}/content", tag = "shared",
    params(("token" = String, Path), ("id" = String, Path), Params),
    responses((status = 200, description = "All of it", content_type = "application/octet-stream"),
        (status = 206, description = "A part of it")))]
pub(crate) async fn content(
    State(app): State<App>,
    Path((token, id)): Path<(String, AssetId)>,
    Query(params): Query<Params>,
    Remote(peer): Remote,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let pass = cookie::pass(&app, &token, &headers);
    let seen = app.vault.visitor(&token, pass.as_deref(), &peer).await?;
    let original = app.vault.original(&seen.caller, id).await?;
    // A player asks for many parts: the first is the visit.
    let range = headers.get(header::RANGE).map(|range| range.as_bytes());
    if method == Method::GET && range.is_none_or(|range| range.starts_with(b"bytes=0-")) {
        app.vault.note_download(&seen, Some(id), &peer).await?;
    }
    let download = params.download.unwrap_or(0) != 0;
    send(&original, download, &Conditions::new(method, &headers)).await
}
