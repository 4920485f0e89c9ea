//! `POST /auth/verify`.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use domain::{Permissions, Timestamp};
use identity::Identity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::UserBody;
use crate::extract::Json as JsonIn;
use crate::frame::bearer;
use crate::problem::Problem;

/// The token to look at; without one, that of the `Authorization` header.
#[derive(Deserialize, ToSchema)]
#[schema(as = Verify)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    token: Option<String>,
}

/// What is known of a token.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Verified)]
pub(crate) struct VerifiedBody {
    /// Whether it is good just now.
    active: bool,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserBody>,
    /// What it allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<Permissions>,
    /// When it ends; absent: when it is revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// Say whether an access token or API key is good and whose it is.
#[utoipa::path(post, path = "/auth/verify", tag = "accounts", request_body = Body,
    responses((status = 200, description = "What is known of it", body = VerifiedBody)))]
pub(crate) async fn verify(
    State(identity): State<Identity>,
    headers: HeaderMap,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<VerifiedBody>, Problem> {
    let token = match &body.token {
        Some(token) => token,
        None => bearer(&headers)?.ok_or_else(|| Problem::field("token", "Send a token."))?,
    };
    let verified = identity.verify(token).await?;
    Ok(Json(verified.map_or_else(VerifiedBody::default, |found| {
        VerifiedBody {
            active: true,
            user: Some(found.account.into()),
            scopes: Some(found.scopes),
            expires_at: found.expires_at,
        }
    })))
}
