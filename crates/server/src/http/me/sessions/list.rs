//! `GET /me/sessions`.

use axum::Json;
use axum::extract::State;
use domain::{SessionId, Timestamp};
use identity::{Carrier, Identity, SessionInfo};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::SignedIn;
use crate::problem::Problem;

/// A signed-in browser or client.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SessionInfo)]
pub(crate) struct InfoBody {
    #[schema(value_type = uuid::Uuid)]
    id: SessionId,
    /// `cookie` or `token`.
    session: &'static str,
    /// What the client called itself at sign-in.
    #[schema(required)]
    user_agent: Option<String>,
    /// The client's address at sign-in.
    #[schema(required)]
    address: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// To the minute or so.
    #[schema(value_type = String, format = DateTime)]
    last_used_at: Timestamp,
    /// Unless used before.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Whether this very request came by it.
    current: bool,
}

impl From<SessionInfo> for InfoBody {
    fn from(info: SessionInfo) -> Self {
        Self {
            id: info.id,
            session: match info.carrier {
                Carrier::Cookie => "cookie",
                Carrier::Token => "token",
            },
            user_agent: info.agent,
            address: info.address,
            created_at: info.created_at,
            last_used_at: info.used_at,
            expires_at: info.expires_at,
            current: info.is_current,
        }
    }
}

/// One's sessions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Sessions)]
pub(crate) struct SessionsBody {
    items: Vec<InfoBody>,
}

/// List one's live sessions, newest first.
#[utoipa::path(get, path = "/me/sessions", tag = "me",
    responses((status = 200, description = "The sessions", body = SessionsBody)))]
pub(crate) async fn list(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
) -> Result<Json<SessionsBody>, Problem> {
    let sessions = identity.sessions(&caller).await?;
    let items = sessions.into_iter().map(InfoBody::from).collect();
    Ok(Json(SessionsBody { items }))
}
