//! `GET /system/settings`.

use axum::Json;
use axum::extract::State;
use service::Vault;

use super::body::SettingsBody;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// Look at the settings that may change while the vault runs.
#[utoipa::path(get, path = "/system/settings", tag = "system",
    responses((status = 200, description = "In force", body = SettingsBody)))]
pub(crate) async fn show(
    State(vault): State<Vault>,
    SignedIn(caller): SignedIn,
) -> Result<Json<SettingsBody>, Problem> {
    Ok(Json(vault.settings(&caller)?.into()))
}
