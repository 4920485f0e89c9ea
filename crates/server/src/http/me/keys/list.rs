//! `GET /me/keys`.

use axum::Json;
use axum::extract::State;
use identity::Identity;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::KeyBody;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// One's keys.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeys)]
pub(crate) struct KeysBody {
    items: Vec<KeyBody>,
}

/// List one's API keys, newest first.
#[utoipa::path(get, path = "/me/keys", tag = "me",
    responses((status = 200, description = "The keys", body = KeysBody)))]
pub(crate) async fn list(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
) -> Result<Json<KeysBody>, Problem> {
    let keys = identity.keys(&caller).await?;
    let items = keys.into_iter().map(KeyBody::from).collect();
    Ok(Json(KeysBody { items }))
}
