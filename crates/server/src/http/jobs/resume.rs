//! `POST /jobs/resume`.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Json, SignedIn};
use crate::problem::Problem;

/// Which pause to end.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = JobResume)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// A kind of job; without, the pause of all kinds.
    kind: Option<String>,
}

/// End a pause. It is fine when there is none.
#[utoipa::path(post, path = "/jobs/resume", tag = "jobs", request_body = Body,
    responses((status = 204, description = "Jobs begin again")))]
pub async fn resume(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Json(body): Json<Body>,
) -> Result<StatusCode, Problem> {
    app.vault.resume_jobs(&caller, body.kind.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
