//! `POST /me/keys`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::Permissions;
use identity::{Identity, NewKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::KeyBody;
use crate::extract::{Json as JsonIn, Remote, SignedIn};
use crate::problem::Problem;

/// What the key should be.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewApiKey)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// What to call it.
    name: String,
    /// What it allows at most; without, all that the caller may.
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<Permissions>,
    /// Days until it ends; without, never.
    expires_in_days: Option<u32>,
}

/// A new key, with its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MadeApiKey)]
pub(crate) struct MadeBody {
    #[serde(flatten)]
    about: KeyBody,
    /// The key itself. Nobody can show it again.
    key: String,
}

/// Make an API key.
#[utoipa::path(post, path = "/me/keys", tag = "me", request_body = Body,
    responses((status = 201, description = "The key, shown this once", body = MadeBody)))]
pub(crate) async fn create(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    Remote(peer): Remote,
    JsonIn(body): JsonIn<Body>,
) -> Result<(StatusCode, Json<MadeBody>), Problem> {
    let wish = NewKey {
        name: body.name,
        scopes: body.scopes,
        expires_in_days: body.expires_in_days,
    };
    let (about, key) = identity.make_key(&caller, wish, &peer).await?;
    let made = MadeBody {
        about: about.into(),
        key,
    };
    Ok((StatusCode::CREATED, Json(made)))
}
