//! The JSON shape of a role.

use domain::Permissions;
use identity::RoleInfo;
use serde::Serialize;
use utoipa::ToSchema;

/// A named set of permissions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Role)]
pub(crate) struct RoleBody {
    name: String,
    #[schema(value_type = Vec<String>)]
    permissions: Permissions,
    /// The program came with it: it can be changed but not removed.
    built_in: bool,
    /// How many accounts hold it.
    user_count: u64,
}

impl From<RoleInfo> for RoleBody {
    fn from(role: RoleInfo) -> Self {
        Self {
            name: role.name,
            permissions: role.permissions,
            built_in: role.built_in,
            user_count: role.holders,
        }
    }
}
