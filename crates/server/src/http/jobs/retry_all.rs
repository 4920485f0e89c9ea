//! `POST /jobs/retry`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Json as JsonIn, SignedIn};
use crate::problem::Problem;

/// Which dead jobs.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = JobsRetry)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// A kind of job; without, all.
    kind: Option<String>,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobsRetried)]
pub struct RetriedBody {
    /// How many will run.
    count: u64,
}

/// Put all dead jobs back into the queue.
#[utoipa::path(post, path = "/jobs/retry", tag = "jobs", request_body = Body,
    responses((status = 200, description = "How many", body = RetriedBody)))]
pub async fn retry_all(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<RetriedBody>, Problem> {
    let count = app
        .vault
        .retry_all_jobs(&caller, body.kind.as_deref())
        .await?;
    Ok(Json(RetriedBody { count }))
}
