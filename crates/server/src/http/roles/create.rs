//! `POST /roles`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::Permissions;
use identity::Identity;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::RoleBody;
use crate::extract::{Json as JsonIn, SignedIn};
use crate::problem::Problem;

/// What the role should be.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewRole)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// Up to 40 lower-case letters, digits and dashes.
    name: String,
    #[schema(value_type = Vec<String>)]
    permissions: Permissions,
}

/// Define a role. It can allow only what one may oneself.
#[utoipa::path(post, path = "/roles", tag = "roles", request_body = Body,
    responses((status = 201, description = "Defined", body = RoleBody)))]
pub(crate) async fn create(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<(StatusCode, Json<RoleBody>), Problem> {
    let role = identity
        .define_role(&caller, &body.name, body.permissions)
        .await?;
    Ok((StatusCode::CREATED, Json(role.into())))
}
