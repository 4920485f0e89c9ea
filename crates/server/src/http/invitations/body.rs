//! The JSON shape of an invitation.

use domain::{InvitationId, Timestamp, UserId};
use identity::Invitation;
use serde::Serialize;
use utoipa::ToSchema;

/// An open door for one new account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
pub(crate) struct InvitationBody {
    #[schema(value_type = uuid::Uuid)]
    id: InvitationId,
    /// Whom it is for; null: whoever has the link.
    #[schema(required)]
    email: Option<String>,
    /// Roles of the account.
    roles: Vec<String>,
    /// Bytes the account may own; null: no limit.
    #[schema(required)]
    quota: Option<u64>,
    /// `open`, `accepted`, `revoked` or `expired`.
    state: &'static str,
    /// Who invited.
    #[schema(value_type = uuid::Uuid)]
    invited_by: UserId,
    /// When it was accepted.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    accepted_at: Option<Timestamp>,
    /// The account that was made.
    #[schema(value_type = Option<uuid::Uuid>, required)]
    accepted_by: Option<UserId>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl From<Invitation> for InvitationBody {
    fn from(invitation: Invitation) -> Self {
        Self {
            id: invitation.id,
            email: invitation.email,
            roles: invitation.roles,
            quota: invitation.quota,
            state: invitation.state.as_str(),
            invited_by: invitation.invited_by,
            accepted_at: invitation.accepted_at,
            accepted_by: invitation.accepted_by,
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
        }
    }
}
