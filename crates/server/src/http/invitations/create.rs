//! `POST /invitations`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use identity::{Authority, Identity, NewInvitation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::InvitationBody;
use crate::config::Config;
use crate::extract::{Json as JsonIn, SignedIn};
use crate::problem::Problem;
use domain::given;

/// What the invitation should be.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewInvitation)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// Whom it is for: only this address can accept it. Without, whoever has the link.
    email: Option<String>,
    /// Names of roles; without, `user`.
    roles: Option<Vec<String>>,
    /// Bytes the account may own; null: no limit; without, as every new account.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u64>)]
    quota: Option<Option<u64>>,
    /// Days until it expires, 1 to 90; 7 when absent.
    expires_in_days: Option<u32>,
}

/// A new invitation, with its link.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MadeInvitation)]
pub(crate) struct MadeBody {
    #[serde(flatten)]
    about: InvitationBody,
    /// The page that accepts it. Nobody can show it again: send it now.
    url: String,
}

/// Invite somebody. One gives only roles that allow what one may oneself.
#[utoipa::path(post, path = "/invitations", tag = "users", request_body = Body,
    responses((status = 201, description = "The invitation, its link shown this once", body = MadeBody)))]
pub(crate) async fn create(
    State(identity): State<Identity>,
    State(config): State<Arc<Config>>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<(StatusCode, [(HeaderName, &'static str); 1], Json<MadeBody>), Problem> {
    let wish = NewInvitation {
        email: body.email,
        roles: body.roles,
        quota: body.quota,
        expires_in_days: body.expires_in_days,
    };
    let authority = Authority::Of(&caller);
    let (about, secret) = identity.invite(authority, caller.user, wish).await?;
    let place = config.public_url.as_deref().unwrap_or_default();
    let made = MadeBody {
        about: about.into(),
        url: format!("{place}/join/{secret}"),
    };
    Ok((
        StatusCode::CREATED,
        [(header::CACHE_CONTROL, "no-store")],
        Json(made),
    ))
}
