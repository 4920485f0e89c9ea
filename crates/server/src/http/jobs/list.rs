//! `GET /jobs`: what waits, runs, and was put aside.

use axum::Json;
use axum::extract::State;
use domain::{AssetId, JobId, Timestamp};
use serde::{Deserialize, Serialize};
use service::queue::{Counts, Job, Shown};
use utoipa::{IntoParams, ToSchema};

use super::pause::PauseBody;
use crate::app::App;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;
use crate::respond::page::{self, Page};

/// Which jobs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// `waiting`, `running` or `dead`.
    state: Option<String>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<uuid::Uuid>)]
    cursor: Option<JobId>,
    /// Most jobs, 1 to 200; 50 when absent.
    limit: Option<u32>,
}

/// The queue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Jobs)]
pub struct JobsBody {
    counts: CountsBody,
    /// The same by kind.
    by_kind: Vec<KindBody>,
    /// The pauses that hold, on all nodes.
    pauses: Vec<PauseBody>,
    #[serde(flatten)]
    page: Page<JobBody>,
}

/// How many.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobCounts)]
pub struct CountsBody {
    waiting: u64,
    running: u64,
    dead: u64,
}

impl From<Counts> for CountsBody {
    fn from(counts: Counts) -> Self {
        Self {
            waiting: counts.waiting,
            running: counts.running,
            dead: counts.dead,
        }
    }
}

/// How many of one kind.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobsOfKind)]
pub struct KindBody {
    kind: String,
    #[serde(flatten)]
    counts: CountsBody,
}

/// One job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Job)]
pub struct JobBody {
    #[schema(value_type = uuid::Uuid)]
    id: JobId,
    kind: String,
    #[schema(value_type = Option<uuid::Uuid>, required)]
    asset_id: Option<AssetId>,
    /// `waiting`, `running` or `dead`.
    state: String,
    /// Times it was begun.
    attempts: u32,
    /// Times it is begun at most.
    max_attempts: u32,
    /// Not before.
    #[schema(value_type = String, format = DateTime)]
    run_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Why the last attempt failed.
    #[schema(required)]
    last_error: Option<String>,
}

impl From<Job> for JobBody {
    fn from(job: Job) -> Self {
        Self {
            id: job.id,
            kind: job.kind,
            asset_id: job.asset,
            state: job.state.to_string(),
            attempts: job.attempts,
            max_attempts: job.max_attempts,
            run_at: job.run_at,
            created_at: job.created_at,
            last_error: job.last_error,
        }
    }
}

/// Look at the queue.
#[utoipa::path(get, path = "/jobs", tag = "jobs", params(Params),
    responses((status = 200, description = "Newest first", body = JobsBody)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<JobsBody>, Problem> {
    let limit = page::limit(params.limit)?;
    let shown = Shown {
        state: params.state.as_deref(),
        before: params.cursor,
        limit,
    };
    let queue = app.vault.queue(&caller, shown).await?;
    let kinds = queue.kinds.into_iter().map(|(kind, counts)| KindBody {
        kind,
        counts: counts.into(),
    });
    Ok(Json(JobsBody {
        counts: queue.counts.into(),
        by_kind: kinds.collect(),
        pauses: queue.pauses.into_iter().map(PauseBody::from).collect(),
        page: Page::of(queue.jobs),
    }))
}
