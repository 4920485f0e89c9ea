//! `POST /shared/{token}/archive`: all originals a link gives away, as one ZIP.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::cookie;
use crate::app::App;
use crate::extract::{FromThisSite, Path, Remote};
use crate::problem::Problem;

/// Take all originals.
#[utoipa::path(post, path = "/shared/{token}/archive", tag = "shared", params(("token" = String, Path)),
    responses((status = 200, description = "The archive", content_type = "application/zip")))]
pub(crate) async fn create(
    State(app): State<App>,
    Path(token): Path<String>,
    Remote(peer): Remote,
    _: FromThisSite,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let pass = cookie::pass(&app, &token, &headers);
    let seen = app.vault.visitor(&token, pass.as_deref(), &peer).await?;
    let assets = app.vault.visited_originals(&seen).await?;
    let archive = app.vault.archive(&seen.caller, &assets).await?;
    app.vault.note_download(&seen, None, &peer).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"media-vault.zip\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(archive)).into_response())
}
