//! `GET /assets/{id}/xmp`: what is known of an asset, for other programs.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::AssetId;

use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;
use crate::respond::{Disposition, content_disposition};

/// Read an XMP sidecar of what holds: title, description, tags, stars, capture time, place.
#[utoipa::path(get, path = "/assets/{id}/xmp", tag = "assets", params(("id" = String, Path)),
    responses((status = 200, description = "The sidecar", content_type = "application/rdf+xml")))]
pub async fn xmp(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
) -> Result<Response, Problem> {
    let (asset, text) = app.vault.xmp(&caller, id).await?;
    let name = format!("{}.xmp", asset.file_name);
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/rdf+xml"),
        ),
        (
            header::CONTENT_DISPOSITION,
            content_disposition(Disposition::Attachment, &name),
        ),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-cache"),
        ),
    ];
    Ok((headers, text).into_response())
}
