//! `PATCH /roles/{name}`.

use axum::Json;
use axum::extract::State;
use domain::{Code, Permissions};
use identity::Identity;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::RoleBody;
use crate::extract::{Json as JsonIn, Path, SignedIn};
use crate::problem::Problem;

/// What the role should allow.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RoleEdit)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// Replaces all.
    #[schema(value_type = Vec<String>)]
    permissions: Permissions,
}

/// Change what a role allows, at once for all who hold it.
#[utoipa::path(patch, path = "/roles/{name}", tag = "roles", params(("name" = String, Path)),
    request_body = Body, responses((status = 200, description = "As it is now", body = RoleBody)))]
pub(crate) async fn patch(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    Path(name): Path<String>,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<RoleBody>, Problem> {
    let changed = identity
        .redefine_role(&caller, &name, body.permissions)
        .await?;
    let role = changed.ok_or(Problem::new(Code::NotFound))?;
    Ok(Json(role.into()))
}
