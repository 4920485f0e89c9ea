//! The JSON shapes of accounts and sign-ins.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Permissions, Timestamp, UserId};
use identity::{Account, Carrier, Grant, SignIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cookie;
use crate::config::Config;

/// An account, as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserBody {
    #[schema(value_type = uuid::Uuid)]
    id: UserId,
    email: String,
    /// Display name.
    #[schema(required)]
    name: Option<String>,
    /// Names of the account's roles.
    roles: Vec<String>,
    /// What the credential of this request may do.
    #[schema(value_type = Vec<String>)]
    permissions: Permissions,
    /// Bytes the account may own; null: no limit.
    #[schema(required)]
    quota: Option<u64>,
    /// Bytes it owns.
    used: u64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Account> for UserBody {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            email: account.email,
            name: account.name,
            roles: account.roles,
            permissions: account.permissions,
            quota: account.quota,
            used: account.used,
            created_at: account.created_at,
        }
    }
}

/// What a client wants to hold after signing in.
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SessionKind {
    /// A cookie that scripts cannot read: for browsers.
    Cookie,
    /// An access and a refresh token: for everything else.
    #[default]
    Token,
}

impl From<SessionKind> for Carrier {
    fn from(kind: SessionKind) -> Self {
        match kind {
            SessionKind::Cookie => Self::Cookie,
            SessionKind::Token => Self::Token,
        }
    }
}

/// Somebody who has just signed in. The tokens are there when `session` is `token`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionBody {
    user: UserBody,
    session: SessionKind,
    #[serde(flatten)]
    tokens: Option<TokensBody>,
}

/// A pair of tokens.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tokens)]
pub(crate) struct TokensBody {
    /// Send as `Authorization: Bearer`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Life of the access token in seconds.
    expires_in: i64,
    /// Exchange it once for the next pair.
    refresh_token: String,
}

/// Answers a sign-in with tokens or with a cookie.
pub(super) fn signed_in(status: StatusCode, sign_in: SignIn, config: &Config) -> Response {
    let user = UserBody::from(sign_in.account);
    match sign_in.grant {
        Grant::Cookie { secret, max_age } => {
            let body = SessionBody {
                user,
                session: SessionKind::Cookie,
                tokens: None,
            };
            let cookie = cookie::set(secret, max_age, config);
            (status, [(header::SET_COOKIE, cookie)], Json(body)).into_response()
        }
        Grant::Token {
            access,
            expires_in,
            refresh,
        } => {
            let tokens = TokensBody {
                access_token: access,
                token_type: "Bearer",
                expires_in,
                refresh_token: refresh,
            };
            let body = SessionBody {
                user,
                session: SessionKind::Token,
                tokens: Some(tokens),
            };
            (status, Json(body)).into_response()
        }
    }
}
