//! `/collections/{id}/members`: to whom it is open, and how far.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{CollectionId, Level, UserId};
use serde::Deserialize;
use service::members::Who;
use utoipa::ToSchema;

use super::body::{MemberBody, MembersBody};
use crate::app::App;
use crate::extract::{Json as JsonIn, Path, SignedIn};
use crate::problem::Problem;

/// Whom to open it to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMember)]
pub(crate) struct NewBody {
    /// Of an account of this vault.
    email: String,
    /// `view`, `download`, `comment`, `contribute` or `edit`.
    #[schema(value_type = String)]
    level: Level,
}

/// How far it is open.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MemberLevel)]
pub(crate) struct LevelBody {
    /// `view`, `download`, `comment`, `contribute` or `edit`.
    #[schema(value_type = String)]
    level: Level,
}

/// See to whom a collection is open.
#[utoipa::path(get, path = "/collections/{id}/members", tag = "collections", params(("id" = String, Path)),
    responses((status = 200, description = "Everybody beside its owner", body = MembersBody)))]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<CollectionId>,
) -> Result<Json<MembersBody>, Problem> {
    let members = app.vault.members(&caller, id).await?;
    Ok(Json(MembersBody {
        items: members.into_iter().map(Into::into).collect(),
    }))
}

/// Open a collection to somebody.
#[utoipa::path(post, path = "/collections/{id}/members", tag = "collections", params(("id" = String, Path)),
    request_body = NewBody, responses((status = 200, description = "The member", body = MemberBody)))]
pub(crate) async fn add(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<CollectionId>,
    JsonIn(body): JsonIn<NewBody>,
) -> Result<Json<MemberBody>, Problem> {
    let who = Who::Email(body.email);
    let member = app.vault.open_to(&caller, id, who, body.level).await?;
    Ok(Json(member.into()))
}

/// Open a collection to somebody, or change how far it is open to them.
#[utoipa::path(put, path = "/collections/{id}/members/{user_id}", tag = "collections",
    params(("id" = String, Path), ("user_id" = String, Path)), request_body = LevelBody,
    responses((status = 200, description = "The member", body = MemberBody)))]
pub(crate) async fn set(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path((id, user)): Path<(CollectionId, UserId)>,
    JsonIn(body): JsonIn<LevelBody>,
) -> Result<Json<MemberBody>, Problem> {
    let who = Who::User(user);
    let member = app.vault.open_to(&caller, id, who, body.level).await?;
    Ok(Json(member.into()))
}

/// Close a collection to somebody, or leave it. What they had put into it leaves with them.
#[utoipa::path(delete, path = "/collections/{id}/members/{user_id}", tag = "collections",
    params(("id" = String, Path), ("user_id" = String, Path)),
    responses((status = 204, description = "No member any more")))]
pub(crate) async fn remove(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path((id, user)): Path<(CollectionId, UserId)>,
) -> Result<StatusCode, Problem> {
    app.vault.close_to(&caller, id, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
