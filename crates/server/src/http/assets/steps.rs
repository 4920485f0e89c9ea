//! `/assets/{id}/steps`: what was done with an asset, when, how long it took, and why it failed.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::AssetId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// The steps of an asset's current version, in order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Steps)]
pub struct StepsBody {
    items: Vec<StepBody>,
}

/// One step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Step)]
pub struct StepBody {
    name: String,
    version: u32,
    /// `waiting`, `running`, `done`, `failed` or `cancelled`.
    state: String,
    attempts: u32,
    started_at: Option<String>,
    finished_at: Option<String>,
    duration_ms: Option<i64>,
    /// Stable word for what went wrong.
    code: Option<String>,
    /// One sentence for a person.
    message: Option<String>,
    /// Whether asking for it again can help.
    retryable: bool,
}

/// List the steps of an asset.
#[utoipa::path(get, path = "/assets/{id}/steps", tag = "assets", params(("id" = String, Path)),
    responses((status = 200, description = "In order", body = StepsBody)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
) -> Result<Json<StepsBody>, Problem> {
    let steps = app.vault.steps(&caller, id).await?;
    let items = steps.into_iter().map(|step| StepBody {
        name: step.name,
        version: step.step_version,
        state: step.state.as_str().to_owned(),
        attempts: step.attempts,
        started_at: step.started_at.map(|time| time.to_string()),
        finished_at: step.finished_at.map(|time| time.to_string()),
        duration_ms: step
            .started_at
            .zip(step.finished_at)
            .map(|(start, end)| (end.millis() - start.millis()).max(0)),
        code: step.code,
        message: step.message,
        retryable: step.retryable,
    });
    Ok(Json(StepsBody {
        items: items.collect(),
    }))
}

/// Run a step again that failed or was cancelled.
#[utoipa::path(post, path = "/assets/{id}/steps/{name}/retry", tag = "assets",
    params(("id" = String, Path), ("name" = String, Path)),
    responses((status = 202, description = "It will run"), (status = 409, description = "It runs already, or cannot end otherwise")))]
pub async fn retry(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path((id, name)): Path<(AssetId, String)>,
) -> Result<StatusCode, Problem> {
    app.vault.retry_step(&caller, id, &name).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Stop a step that waits or runs.
#[utoipa::path(post, path = "/assets/{id}/steps/{name}/cancel", tag = "assets",
    params(("id" = String, Path), ("name" = String, Path)),
    responses((status = 202, description = "It will stop"), (status = 409, description = "It has ended already")))]
pub async fn cancel(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path((id, name)): Path<(AssetId, String)>,
) -> Result<StatusCode, Problem> {
    app.vault.cancel_step(&caller, id, &name).await?;
    Ok(StatusCode::ACCEPTED)
}
