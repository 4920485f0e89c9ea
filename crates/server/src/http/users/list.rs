//! `GET /users`.

use axum::Json;
use axum::extract::State;
use domain::UserId;
use identity::{Authority, Identity};
use serde::Deserialize;
use utoipa::IntoParams;

use super::body::PersonBody;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;
use crate::respond::page::{self, Page};

/// Longest text that is looked for, in bytes.
const MAX_WORDS: usize = 200;

/// Which accounts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Only those whose name or e-mail address contains this.
    q: Option<String>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<uuid::Uuid>)]
    cursor: Option<UserId>,
    /// Most accounts, 1 to 200; 50 when absent.
    limit: Option<u32>,
}

/// List the accounts, the oldest first.
#[utoipa::path(get, path = "/users", tag = "users", params(Params),
    responses((status = 200, description = "Accounts", body = Page<PersonBody>)))]
pub(crate) async fn list(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<Page<PersonBody>>, Problem> {
    let limit = page::limit(params.limit)?;
    let words = params.q.filter(|words| !words.trim().is_empty());
    if words.as_ref().is_some_and(|words| words.len() > MAX_WORDS) {
        return Err(Problem::field("q", "At most 200 bytes."));
    }
    let found = identity
        .people(Authority::Of(&caller), words, params.cursor, limit)
        .await?;
    Ok(Json(Page::of(found)))
}
