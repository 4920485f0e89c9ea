//! `GET /jobs`: what waits, runs, and was put aside.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;

/// Which jobs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// `waiting`, `running` or `dead`.
    state: Option<String>,
    /// Most jobs, 1 to 200; 100 when absent.
    limit: Option<u32>,
}

/// The queue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Jobs)]
pub struct JobsBody {
    counts: CountsBody,
    items: Vec<JobBody>,
}

/// How many.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobCounts)]
pub struct CountsBody {
    waiting: u64,
    running: u64,
    dead: u64,
}

/// One job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Job)]
pub struct JobBody {
    id: String,
    kind: String,
    asset_id: Option<String>,
    state: String,
    attempts: u32,
    run_at: String,
    last_error: Option<String>,
}

/// Look at the queue.
#[utoipa::path(get, path = "/jobs", tag = "jobs", params(Params),
    responses((status = 200, description = "Newest first", body = JobsBody)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<JobsBody>, Problem> {
    let queue = app
        .vault
        .queue(&caller, params.state.as_deref(), params.limit)
        .await?;
    let items = queue.jobs.into_iter().map(|job| JobBody {
        id: job.id.to_string(),
        kind: job.kind,
        asset_id: job.asset.map(|asset| asset.to_string()),
        state: job.state.to_string(),
        attempts: job.attempts,
        run_at: job.run_at.to_string(),
        last_error: job.last_error,
    });
    Ok(Json(JobsBody {
        items: items.collect(),
        counts: CountsBody {
            waiting: queue.counts.waiting,
            running: queue.counts.running,
            dead: queue.counts.dead,
        },
    }))
}
