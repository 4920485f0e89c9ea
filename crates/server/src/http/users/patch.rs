//! `PATCH /users/{id}`.

use axum::Json;
use axum::extract::State;
use domain::{Code, UserId, given};
use identity::{Authority, Identity, PersonEdit};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{AccountState, PersonBody};
use crate::extract::{Json as JsonIn, Path, SignedIn};
use crate::problem::Problem;

/// What to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ManagedUserEdit)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// Display name; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    name: Option<Option<String>>,
    /// Replaces all roles.
    roles: Option<Vec<String>>,
    /// Bytes it may own; null: no limit. Less than it owns only keeps more from coming.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u64>)]
    quota: Option<Option<u64>>,
    /// `disabled` ends all sessions at once; media stay.
    state: Option<AccountState>,
}

/// Change an account.
///
/// An account that may do more than oneself cannot be changed, and the last one that may manage users,
/// roles or the installation keeps that.
#[utoipa::path(patch, path = "/users/{id}", tag = "users", params(("id" = uuid::Uuid, Path)),
    request_body = Body, responses((status = 200, description = "As it is now", body = PersonBody)))]
pub(crate) async fn patch(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    Path(id): Path<UserId>,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<PersonBody>, Problem> {
    let edit = PersonEdit {
        name: body.name,
        roles: body.roles,
        quota: body.quota,
        is_active: body.state.map(|state| state == AccountState::Active),
    };
    let changed = identity
        .change_person(Authority::Of(&caller), id, edit)
        .await?;
    let person = changed.ok_or(Problem::new(Code::NotFound))?;
    Ok(Json(person.into()))
}
