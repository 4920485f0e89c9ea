//! `PATCH /system/settings`.

use axum::Json;
use axum::extract::State;
use identity::Registration;
use serde::Deserialize;
use service::Vault;
use service::settings::SettingsEdit;
use utoipa::ToSchema;

use super::body::SettingsBody;
use crate::extract::{Json as JsonIn, SignedIn};
use crate::problem::Problem;
use domain::given;

/// What to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SettingsEdit)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// Who may register: `open`, `invite` or `closed`.
    #[schema(value_type = Option<String>)]
    registration: Option<Registration>,
    /// Bytes a new account may own; null: no limit.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u64>)]
    default_quota: Option<Option<u64>>,
    /// Days before trashed files are deleted for good.
    trash_days: Option<u32>,
    /// Accepted types, such as `image/*`; empty accepts all.
    allowed_types: Option<Vec<String>>,
    /// Bytes one file may have.
    max_upload_size: Option<u64>,
}

/// Change settings, at once here and within seconds on other nodes.
#[utoipa::path(patch, path = "/system/settings", tag = "system", request_body = Body,
    responses(
        (status = 200, description = "In force", body = SettingsBody),
        (status = 409, description = "The configuration gives it"),
    ))]
pub(crate) async fn patch(
    State(vault): State<Vault>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<SettingsBody>, Problem> {
    let edit = SettingsEdit {
        registration: body.registration,
        default_quota: body.default_quota,
        trash_days: body.trash_days,
        allowed_types: body.allowed_types,
        max_upload_size: body.max_upload_size,
    };
    Ok(Json(vault.change_settings(&caller, edit).await?.into()))
}
