//! `GET /users/search`: whom one can share with.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;

/// Whom.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// How the address or a word of the name begins; at least three letters.
    q: String,
}

/// Somebody one can share with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FoundPerson)]
pub(crate) struct FoundBody {
    #[schema(value_type = String, format = Uuid)]
    pub(crate) id: String,
    /// The name, else the e-mail address.
    pub(crate) name: String,
    pub(crate) email: String,
}

/// People.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FoundPeople)]
pub(crate) struct Answer {
    items: Vec<FoundBody>,
}

/// Look for somebody to share with.
#[utoipa::path(get, path = "/users/search", tag = "collections", params(Params),
    responses((status = 200, description = "At most ten", body = Answer)))]
pub(crate) async fn search(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<Answer>, Problem> {
    let found = app.vault.people(&caller, &params.q).await?;
    let items = found.into_iter().map(|person| FoundBody {
        id: person.id.to_string(),
        name: person.name,
        email: person.email,
    });
    Ok(Json(Answer {
        items: items.collect(),
    }))
}
