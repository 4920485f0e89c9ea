//! `POST /system/integrity/repair`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use service::Vault;
use utoipa::ToSchema;

use crate::extract::SignedIn;
use crate::problem::Problem;

/// What is tried again.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RepairStarted)]
pub(crate) struct Answer {
    /// Copies that are damaged or missing.
    copies: u64,
}

/// Try again to repair what is damaged or missing, and to copy what could not be copied.
#[utoipa::path(post, path = "/system/integrity/repair", tag = "system",
    responses((status = 202, description = "It begins within seconds", body = Answer)))]
pub(crate) async fn repair(
    State(vault): State<Vault>,
    SignedIn(caller): SignedIn,
) -> Result<(StatusCode, Json<Answer>), Problem> {
    let copies = vault.repair_again(&caller).await?;
    Ok((StatusCode::ACCEPTED, Json(Answer { copies })))
}
