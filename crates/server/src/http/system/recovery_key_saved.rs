//! `POST /system/recovery-key-saved`.

use axum::extract::State;
use axum::http::StatusCode;
use service::Vault;

use crate::extract::SignedIn;
use crate::problem::Problem;

/// Say that the recovery key is kept in a safe place.
#[utoipa::path(post, path = "/system/recovery-key-saved", tag = "system",
    responses((status = 204, description = "Noted")))]
pub(crate) async fn recovery_key_saved(
    State(vault): State<Vault>,
    SignedIn(caller): SignedIn,
) -> Result<StatusCode, Problem> {
    vault.save_recovery_key(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
