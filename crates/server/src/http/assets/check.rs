//! `POST /assets/check`: which of these bytes does the caller have already?

use axum::Json;
use axum::extract::State;
use domain::Sha256;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Json as JsonIn, SignedIn};
use crate::problem::Problem;

/// Digests to look for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CheckRequest)]
pub struct Body {
    /// SHA-256 of files, 64 hex digits each; at most 1,000.
    #[schema(value_type = Vec<String>)]
    hashes: Vec<Sha256>,
}

/// What is there, in the order asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CheckAnswer)]
pub struct Answer {
    results: Vec<Item>,
}

/// One digest.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CheckItem)]
pub struct Item {
    sha256: String,
    /// The caller's asset with these bytes, or null.
    asset_id: Option<String>,
    /// It lies in the trash; uploading it again restores it.
    trashed: bool,
}

/// Tell which files are already there. Speaks only of the caller's own.
#[utoipa::path(post, path = "/assets/check", tag = "assets", request_body = Body,
    responses((status = 200, description = "One answer a digest", body = Answer)))]
pub async fn check(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<Answer>, Problem> {
    let known = app.vault.check(&caller, &body.hashes).await?;
    let results = body.hashes.iter().zip(known).map(|(sha256, known)| Item {
        sha256: sha256.to_string(),
        asset_id: known.as_ref().map(|known| known.asset.to_string()),
        trashed: known.is_some_and(|known| known.trashed),
    });
    Ok(Json(Answer {
        results: results.collect(),
    }))
}
