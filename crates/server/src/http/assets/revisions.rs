//! `/assets/{id}/revisions`: what was changed of an asset, and taking it back.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::AssetId;
use serde::{Deserialize, Serialize};
use service::library::revisions::Revision;
use utoipa::{IntoParams, ToSchema};

use super::body::AssetBody;
use super::get::tagged;
use crate::app::App;
use crate::extract::{Path, Query, SignedIn};
use crate::problem::Problem;

/// The edits of an asset, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Revisions)]
pub struct RevisionsBody {
    items: Vec<RevisionBody>,
}

/// One edit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Revision)]
pub struct RevisionBody {
    /// The asset's revision after it.
    revision: u64,
    #[schema(format = Uuid)]
    made_by: String,
    made_at: String,
    /// The changed fields before it.
    #[schema(value_type = Object)]
    before: serde_json::Value,
    /// The same fields after it.
    #[schema(value_type = Object)]
    after: serde_json::Value,
    /// Names the edits it is one of, when many assets were changed as one.
    #[schema(format = Uuid)]
    batch: Option<String>,
}

impl RevisionBody {
    fn of(revision: Revision) -> Self {
        Self {
            revision: revision.number,
            made_by: revision.made_by.to_string(),
            made_at: revision.made_at.to_string(),
            before: revision.before,
            after: revision.after,
            batch: revision.batch.map(|batch| batch.to_string()),
        }
    }
}

/// List what was changed of an own asset.
#[utoipa::path(get, path = "/assets/{id}/revisions", tag = "assets", params(("id" = String, Path)),
    responses((status = 200, description = "Newest first, at most 1,000", body = RevisionsBody)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
) -> Result<Json<RevisionsBody>, Problem> {
    let found = app.vault.revisions(&caller, id).await?;
    Ok(Json(RevisionsBody {
        items: found.into_iter().map(RevisionBody::of).collect(),
    }))
}

/// How to take it back.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Also what was changed again since.
    pub(super) force: bool,
}

/// Take an edit back, by a new edit that says what had been said before.
#[utoipa::path(post, path = "/assets/{id}/revisions/{number}/undo", tag = "assets",
    params(("id" = String, Path), ("number" = u64, Path), Params),
    responses(
        (status = 200, description = "As it is now", body = AssetBody),
        (status = 409, description = "The same was changed again since"),
    ))]
pub async fn undo(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path((id, number)): Path<(AssetId, u64)>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let asset = app.vault.undo(&caller, id, number, params.force).await?;
    tagged(StatusCode::OK, asset, &caller, &app)
}
