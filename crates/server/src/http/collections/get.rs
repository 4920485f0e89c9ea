//! `GET /collections/{id}`.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::CollectionId;

use super::body::CollectionBody;
use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Look at one collection. Its assets are `GET /assets?collection=`.
#[utoipa::path(get, path = "/collections/{id}", tag = "collections", params(("id" = String, Path)),
    responses((status = 200, description = "The collection; `ETag` is its revision", body = CollectionBody)))]
pub(crate) async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<CollectionId>,
) -> Result<Response, Problem> {
    let collection = app.vault.collection(&caller, id).await?;
    let tag = [(header::ETAG, format!("\"{}\"", collection.revision))];
    Ok((tag, Json(CollectionBody::from(collection))).into_response())
}
