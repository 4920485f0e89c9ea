//! `POST /jobs/{id}/retry` and `/cancel`.

use axum::extract::State;
use axum::http::StatusCode;
use domain::JobId;

use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Put a dead job back into the queue.
#[utoipa::path(post, path = "/jobs/{id}/retry", tag = "jobs", params(("id" = String, Path)),
    responses((status = 202, description = "It will run"), (status = 404, description = "No dead job of that id")))]
pub async fn retry(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<JobId>,
) -> Result<StatusCode, Problem> {
    app.vault.retry_job(&caller, id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Take a job out of the queue. One that runs is stopped when its lease is next prolonged.
#[utoipa::path(post, path = "/jobs/{id}/cancel", tag = "jobs", params(("id" = String, Path)),
    responses((status = 202, description = "It will not run"), (status = 404, description = "No such job")))]
pub async fn cancel(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<JobId>,
) -> Result<StatusCode, Problem> {
    app.vault.cancel_job(&caller, id).await?;
    Ok(StatusCode::ACCEPTED)
}
