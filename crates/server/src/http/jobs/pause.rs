//! `POST /jobs/pause`.

use axum::Json;
use axum::extract::State;
use domain::{Timestamp, UserId};
use serde::{Deserialize, Serialize};
use service::queue::Pause;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Json as JsonIn, SignedIn};
use crate::problem::Problem;

/// What to pause.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewJobPause)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// A kind of job; without, all.
    kind: Option<String>,
    /// How long, 1 to 86400.
    seconds: u32,
}

/// A pause that holds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobPause)]
pub struct PauseBody {
    /// The kind of job; null: all.
    #[schema(required)]
    kind: Option<String>,
    /// When it ends by itself.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Who paused; null: somebody at the machine.
    #[schema(value_type = Option<uuid::Uuid>, required)]
    by: Option<UserId>,
}

impl From<Pause> for PauseBody {
    fn from(pause: Pause) -> Self {
        Self {
            kind: pause.kind,
            until: pause.until,
            by: pause.by,
        }
    }
}

/// Keep jobs from beginning, on all nodes, for a while. What runs comes to its end.
#[utoipa::path(post, path = "/jobs/pause", tag = "jobs", request_body = Body,
    responses((status = 200, description = "Paused", body = PauseBody)))]
pub async fn pause(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<PauseBody>, Problem> {
    let kind = body.kind.as_deref();
    let pause = app.vault.pause_jobs(&caller, kind, body.seconds).await?;
    Ok(Json(pause.into()))
}
