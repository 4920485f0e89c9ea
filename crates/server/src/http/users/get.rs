//! `GET /users/{id}`.

use axum::Json;
use axum::extract::State;
use domain::{Code, UserId};
use identity::Identity;

use super::body::PersonBody;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Look at an account.
#[utoipa::path(get, path = "/users/{id}", tag = "users", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The account", body = PersonBody)))]
pub(crate) async fn get(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    Path(id): Path<UserId>,
) -> Result<Json<PersonBody>, Problem> {
    let person = identity.person(&caller, id).await?;
    let person = person.ok_or(Problem::new(Code::NotFound))?;
    Ok(Json(person.into()))
}
