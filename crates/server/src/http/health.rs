//! Probes: `/health`, `/health/live`, `/health/ready` for everybody, `/health/detailed` for
//! operators. Outside of `/api`, where load balancers and container runtimes look for them.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use domain::{Code, Permission};
use serde::Serialize;
use service::Vault;
use service::readiness::Part;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::extract::{MaybeSignedIn, Remote};
use crate::problem::Problem;

/// Seconds after which a probe may find the vault ready.
const RETRY_AFTER: u64 = 5;

/// A part that does not say within this time how it is, is not well.
const PATIENCE: Duration = Duration::from_secs(5);

/// The parts without which requests are still served: uploads are kept, and wait for them.
const CAN_WAIT: &[&str] = &["decoders", "replica", "copies"];

/// How the vault is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`, or `degraded` when something works less well than it should.
    status: &'static str,
}

/// How every part of the vault is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DetailedHealth {
    /// `ok`, `degraded` or `down`.
    status: &'static str,
    /// Version of the program.
    version: &'static str,
    /// The vault was told to stop.
    draining: bool,
    parts: Vec<PartBody>,
}

/// One part of the vault.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HealthPart)]
pub(crate) struct PartBody {
    /// `database`, `store`, `decoders`, `replica` (where there is one), `copies`.
    name: &'static str,
    /// Whether it works.
    ready: bool,
    detail: String,
}

/// The process runs.
#[utoipa::path(get, path = "/health/live", tag = "health",
    responses((status = 200, description = "Runs", body = Health)))]
pub(crate) async fn live() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// The vault can take requests.
#[utoipa::path(get, path = "/health/ready", tag = "health",
    responses((status = 200, description = "Ready", body = Health)))]
pub(crate) async fn ready(State(vault): State<Vault>) -> Result<Json<Health>, Problem> {
    if vault.is_draining() {
        return Err(Problem::new(Code::Unavailable)
            .detail("The vault is stopping.")
            .retry_after(RETRY_AFTER));
    }
    let parts = look(&vault).await?;
    let down: Vec<_> = parts
        .iter()
        .filter(|part| is_down(part))
        .map(|part| part.name)
        .collect();
    if down.is_empty() {
        let status = worst(&parts);
        return Ok(Json(Health { status }));
    }
    Err(Problem::new(Code::Unavailable)
        .detail(format!("Not working: {}.", down.join(", ")))
        .retry_after(RETRY_AFTER))
}

/// The vault can take requests: the same as `/health/ready`, under the name people try first.
#[utoipa::path(get, path = "/health", tag = "health",
    responses((status = 200, description = "Ready", body = Health)))]
pub(crate) async fn summary(vault: State<Vault>) -> Result<Json<Health>, Problem> {
    ready(vault).await
}

/// How every part is. For connections from the machine itself and for `system:maintain`.
#[utoipa::path(get, path = "/health/detailed", tag = "health",
    responses((status = 200, description = "Every part", body = DetailedHealth)))]
pub(crate) async fn detailed(
    State(vault): State<Vault>,
    Remote(peer): Remote,
    MaybeSignedIn(caller): MaybeSignedIn,
) -> Result<Json<DetailedHealth>, Problem> {
    if !peer.on_loopback {
        caller
            .ok_or(Problem::new(Code::Unauthenticated))?
            .require(Permission::SystemMaintain)?;
    }
    let parts = look(&vault).await?;
    Ok(Json(DetailedHealth {
        status: worst(&parts),
        version: env!("CARGO_PKG_VERSION"),
        draining: vault.is_draining(),
        parts: parts.into_iter().map(PartBody::from).collect(),
    }))
}

impl From<Part> for PartBody {
    fn from(part: Part) -> Self {
        Self {
            name: part.name,
            ready: part.ready,
            detail: part.detail,
        }
    }
}

async fn look(vault: &Vault) -> Result<Vec<Part>, Problem> {
    timeout(PATIENCE, vault.parts()).await.map_err(|_| {
        Problem::new(Code::Unavailable)
            .detail("A part of the vault does not answer.")
            .retry_after(RETRY_AFTER)
    })
}

fn is_down(part: &Part) -> bool {
    !part.ready && !CAN_WAIT.contains(&part.name)
}

fn worst(parts: &[Part]) -> &'static str {
    if parts.iter().any(is_down) {
        "down"
    } else if parts.iter().any(|part| !part.ready) {
        "degraded"
    } else {
        "ok"
    }
}
