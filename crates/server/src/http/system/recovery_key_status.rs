//! `GET /system/recovery-key-status`.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use service::Vault;
use utoipa::ToSchema;

use crate::extract::SignedIn;
use crate::problem::Problem;

/// Whether the recovery key is safe.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecoveryKeyStatus)]
pub(crate) struct StatusBody {
    /// Somebody has said that it is kept in a safe place.
    saved: bool,
}

/// Say whether the recovery key was saved. Until it was, the page keeps asking.
#[utoipa::path(get, path = "/system/recovery-key-status", tag = "system",
    responses((status = 200, description = "Whether it was saved", body = StatusBody)))]
pub(crate) async fn recovery_key_status(
    State(vault): State<Vault>,
    SignedIn(caller): SignedIn,
) -> Result<Json<StatusBody>, Problem> {
    let saved = vault.recovery_key_saved(&caller).await?;
    Ok(Json(StatusBody { saved }))
}
