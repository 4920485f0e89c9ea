//! `DELETE /me/keys/{id}`.

use axum::extract::State;
use axum::http::StatusCode;
use domain::{ApiKeyId, Code};
use identity::Identity;

use crate::extract::{Path, Remote, SignedIn};
use crate::problem::Problem;

/// Revoke an API key, at once.
#[utoipa::path(delete, path = "/me/keys/{id}", tag = "me", params(("id" = uuid::Uuid, Path)),
    responses((status = 204, description = "Revoked")))]
pub(crate) async fn delete(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    Remote(peer): Remote,
    Path(id): Path<ApiKeyId>,
) -> Result<StatusCode, Problem> {
    identity
        .revoke_key(&caller, id, &peer)
        .await?
        .map(|()| StatusCode::NO_CONTENT)
        .ok_or(Problem::new(Code::NotFound))
}
