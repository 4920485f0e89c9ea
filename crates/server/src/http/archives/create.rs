//! `POST /archives`: a ZIP of originals, streamed. Takes JSON, or a plain form so that a page can
//! hand the download to the browser.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::{AssetId, Code};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{SignedIn, parse_json};
use crate::problem::Problem;

/// Which originals.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ArchiveRequest)]
pub struct Wanted {
    /// At most 10,000.
    #[schema(value_type = Vec<String>)]
    asset_ids: Vec<AssetId>,
}

/// Download many originals as one ZIP.
#[utoipa::path(post, path = "/archives", tag = "assets",
    request_body(content((Wanted = "application/json"), (String = "application/x-www-form-urlencoded"))),
    responses((status = 200, description = "The archive", content_type = "application/zip")))]
pub async fn create(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let assets = wanted(&headers, &body)?;
    let archive = app.vault.archive(&caller, &assets).await?;
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

fn wanted(headers: &HeaderMap, body: &Bytes) -> Result<Vec<AssetId>, Problem> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = kind
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    let bad = |error: String| Problem::field("asset_ids", error);
    match kind {
        "application/json" => parse_json::<Wanted>(body).map(|body| body.asset_ids),
        "application/x-www-form-urlencoded" => form_urlencoded::parse(body)
            .filter(|(name, _)| name == "asset_ids")
            .flat_map(|(_, value)| value.split(',').map(str::to_owned).collect::<Vec<_>>())
            .filter(|id| !id.is_empty())
            .map(|id| {
                id.parse()
                    .map_err(|error: domain::ParseIdError| bad(error.to_string()))
            })
            .collect(),
        _ => Err(Problem::new(Code::InvalidBody).detail("Send JSON or a form.")),
    }
}
