//! `GET /system/integrity`.

use axum::Json;
use axum::extract::State;
use service::Vault;

use super::body::IntegrityBody;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// Say how the copies of everything are: where they lie, how far the replica is behind, what is damaged.
#[utoipa::path(get, path = "/system/integrity", tag = "system",
    responses((status = 200, description = "How it is now", body = IntegrityBody)))]
pub(crate) async fn show(
    State(vault): State<Vault>,
    SignedIn(caller): SignedIn,
) -> Result<Json<IntegrityBody>, Problem> {
    Ok(Json(vault.integrity(&caller).await?.into()))
}
