//! `DELETE /invitations/{id}`.

use axum::extract::State;
use axum::http::StatusCode;
use domain::{Code, InvitationId};
use identity::Identity;

use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Withdraw an open invitation, at once.
#[utoipa::path(delete, path = "/invitations/{id}", tag = "users", params(("id" = uuid::Uuid, Path)),
    responses((status = 204, description = "Withdrawn")))]
pub(crate) async fn delete(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    Path(id): Path<InvitationId>,
) -> Result<StatusCode, Problem> {
    identity
        .revoke_invitation(&caller, id)
        .await?
        .map(|()| StatusCode::NO_CONTENT)
        .ok_or(Problem::new(Code::NotFound))
}
