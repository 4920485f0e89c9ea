//! `POST /system/verify` and `DELETE /system/verify`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use service::Vault;

use super::body::CheckBody;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// Read every copy again, now, and repair what is damaged. A check that runs goes on; how far it is
/// stands in `GET /system/integrity`.
#[utoipa::path(post, path = "/system/verify", tag = "system",
    responses((status = 202, description = "The check that runs", body = CheckBody)))]
pub(crate) async fn start(
    State(vault): State<Vault>,
    SignedIn(caller): SignedIn,
) -> Result<(StatusCode, Json<CheckBody>), Problem> {
    let run = vault.start_check(&caller).await?;
    Ok((StatusCode::ACCEPTED, Json(run.into())))
}

/// End the check that runs. What it found and repaired stays so.
#[utoipa::path(delete, path = "/system/verify", tag = "system",
    responses((status = 204, description = "None runs any more")))]
pub(crate) async fn cancel(
    State(vault): State<Vault>,
    SignedIn(caller): SignedIn,
) -> Result<StatusCode, Problem> {
    vault.cancel_check(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
