//! `GET /assets/{id}`.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::AssetId;

use super::body::AssetBody;
use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Look at one asset.
#[utoipa::path(get, path = "/assets/{id}", tag = "assets", params(("id" = String, Path)),
    responses((status = 200, description = "The asset", body = AssetBody), (status = 304, description = "Unchanged")))]
pub async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asset = app.vault.asset(&caller, id).await?;
    Ok(tagged(&headers, AssetBody::of(asset, &caller)))
}

/// The asset with an entity tag over what is shown, or 304 when the client has just that.
fn tagged(headers: &HeaderMap, body: AssetBody) -> Response {
    let json = match serde_json::to_vec(&body) {
        Ok(json) => json,
        Err(error) => {
            tracing::error!(%error, "an asset could not be written as JSON");
            return Problem::new(domain::Code::Internal).into_response();
        }
    };
    let tag = format!("\"{}\"", &domain::Sha256::of(&json).to_string()[..32]);
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known == "*" || known.split(',').any(|one| one.trim() == tag)) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let headers = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::CONTENT_TYPE, "application/json".to_owned()),
    ];
    (headers, json).into_response()
}
