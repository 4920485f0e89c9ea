//! `GET /roles`.

use axum::Json;
use axum::extract::State;
use domain::Permissions;
use identity::Identity;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::RoleBody;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// All roles.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Roles)]
pub(crate) struct RolesBody {
    items: Vec<RoleBody>,
    /// Every permission a role can be made of.
    #[schema(value_type = Vec<String>)]
    all_permissions: Permissions,
}

/// List the roles by name.
#[utoipa::path(get, path = "/roles", tag = "roles",
    responses((status = 200, description = "The roles", body = RolesBody)))]
pub(crate) async fn list(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
) -> Result<Json<RolesBody>, Problem> {
    let roles = identity.roles(&caller).await?;
    Ok(Json(RolesBody {
        items: roles.into_iter().map(RoleBody::from).collect(),
        all_permissions: Permissions::all(),
    }))
}
