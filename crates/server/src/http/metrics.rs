//! `GET /metrics`: figures for Prometheus. Outside of `/api`, where it looks for them.

use axum::extract::State;
use axum::http::{HeaderName, header};
use domain::{Code, Permission};
use service::Vault;

use crate::app::Scrape;
use crate::extract::{MaybeSignedIn, Remote};
use crate::problem::Problem;

/// The text format of Prometheus.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Figures in Prometheus' text format. For connections from the machine itself and for
/// `system:maintain`.
#[utoipa::path(get, path = "/metrics", tag = "health",
    responses((status = 200, description = "Figures", content_type = "text/plain", body = String)))]
pub(crate) async fn metrics(
    State(vault): State<Vault>,
    State(Scrape(scrape)): State<Scrape>,
    Remote(peer): Remote,
    MaybeSignedIn(caller): MaybeSignedIn,
) -> Result<([(HeaderName, &'static str); 1], String), Problem> {
    if !peer.on_loopback {
        caller
            .ok_or(Problem::new(Code::Unauthenticated))?
            .require(Permission::SystemMaintain)?;
    }
    vault.observe().await;
    Ok(([(header::CONTENT_TYPE, FORMAT)], scrape()))
}
