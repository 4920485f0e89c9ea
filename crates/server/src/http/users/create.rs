//! `POST /users`.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use domain::{Role, given};
use identity::{Authority, Identity, NewPerson};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::PersonBody;
use crate::extract::{Json as JsonIn, SignedIn};
use crate::problem::Problem;
use crate::routes::PREFIX;

/// What the account should be.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewManagedUser)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    email: String,
    /// Display name.
    name: Option<String>,
    /// At least ten characters; without, one is made up and shown this once.
    password: Option<String>,
    /// Names of roles; without, `user`.
    roles: Option<Vec<String>>,
    /// Bytes it may own; null: no limit; without, as every new account.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u64>)]
    quota: Option<Option<u64>>,
}

/// A new account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MadeUser)]
pub(crate) struct MadeBody {
    #[serde(flatten)]
    about: PersonBody,
    /// The password that was made up, shown this once; null when one was chosen.
    #[schema(required)]
    password: Option<String>,
}

/// Make an account for somebody. One gives only roles that allow what one may oneself.
#[utoipa::path(post, path = "/users", tag = "users", request_body = Body,
    responses((status = 201, description = "Made", body = MadeBody)))]
pub(crate) async fn create(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<MadeBody>), Problem> {
    let wish = NewPerson {
        email: body.email,
        name: body.name,
        password: body.password,
        roles: body.roles.unwrap_or_else(|| vec![Role::User.to_string()]),
        quota: body.quota,
    };
    let (person, password) = identity.make_person(Authority::Of(&caller), wish).await?;
    let location = format!("{PREFIX}/users/{}", person.account.id);
    let made = MadeBody {
        about: person.into(),
        password,
    };
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(made),
    ))
}
