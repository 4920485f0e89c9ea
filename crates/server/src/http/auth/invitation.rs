//! `GET /auth/invitations/{secret}`: what whoever follows an invitation's link is told.

use axum::Json;
use axum::extract::State;
use domain::{Code, Timestamp};
use identity::Identity;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::{Path, Remote};
use crate::problem::Problem;

/// An invitation that can be accepted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenInvitation)]
pub(crate) struct InvitedBody {
    /// The only address that can accept it; null: any.
    #[schema(required)]
    email: Option<String>,
    /// Name, or else e-mail address, of whoever invited.
    invited_by: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Look at an invitation before accepting it. One that is unknown, used, withdrawn or expired is not
/// found: which of them is not said.
#[utoipa::path(get, path = "/auth/invitations/{secret}", tag = "accounts", params(("secret" = String, Path)),
    responses((status = 200, description = "It can be accepted", body = InvitedBody)))]
pub(crate) async fn invitation(
    State(identity): State<Identity>,
    Remote(peer): Remote,
    Path(secret): Path<String>,
) -> Result<Json<InvitedBody>, Problem> {
    let invited = identity.invited(&secret, &peer).await?;
    let invited = invited.ok_or(Problem::new(Code::NotFound))?;
    Ok(Json(InvitedBody {
        email: invited.email,
        invited_by: invited.invited_by,
        expires_at: invited.expires_at,
    }))
}
