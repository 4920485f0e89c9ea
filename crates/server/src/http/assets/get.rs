//! `GET /assets/{id}`.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::AssetId;
use identity::Caller;
use service::library::Asset;

use super::body::AssetBody;
use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Look at one asset.
#[utoipa::path(get, path = "/assets/{id}", tag = "assets", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The asset; its ETag is good for If-Match", body = AssetBody),
        (status = 304, description = "Unchanged"),
    ))]
pub async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asset = app.vault.asset(&caller, id).await?;
    let (tag, json) = written(asset, &caller, &app)?;
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known == "*" || known.split(',').any(|one| one.trim() == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    Ok(answer(StatusCode::OK, tag, json))
}

/// The asset with its entity tag.
pub(super) fn tagged(
    status: StatusCode,
    asset: Asset,
    caller: &Caller,
    app: &App,
) -> Result<Response, Problem> {
    let (tag, json) = written(asset, caller, app)?;
    Ok(answer(status, tag, json))
}

fn answer(status: StatusCode, tag: String, json: Vec<u8>) -> Response {
    let headers = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::CONTENT_TYPE, "application/json".to_owned()),
    ];
    (status, headers, json).into_response()
}

/// The asset as JSON, and its tag: the revision, by which edits are conditional, and what is shown,
/// because the machine's findings change without an edit.
fn written(asset: Asset, caller: &Caller, app: &App) -> Result<(String, Vec<u8>), Problem> {
    let revision = asset.revision;
    let body = AssetBody::in_trash_or_not(asset, caller, &app.vault);
    let json = serde_json::to_vec(&body).map_err(|error| {
        tracing::error!(%error, "an asset could not be written as JSON");
        Problem::new(domain::Code::Internal)
    })?;
    let shown = domain::Sha256::of(&json).to_string();
    Ok((format!("\"{revision}-{}\"", &shown[..16]), json))
}
