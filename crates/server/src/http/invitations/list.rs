//! `GET /invitations`.

use axum::Json;
use axum::extract::State;
use domain::InvitationId;
use identity::Identity;
use serde::Deserialize;
use utoipa::IntoParams;

use super::body::InvitationBody;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;
use crate::respond::page::{self, Page};

/// Which invitations.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// `next_cursor` of the page before.
    #[param(value_type = Option<uuid::Uuid>)]
    cursor: Option<InvitationId>,
    /// Most invitations, 1 to 200; 50 when absent.
    limit: Option<u32>,
}

/// List the invitations, the newest first, those that were used or expired included.
#[utoipa::path(get, path = "/invitations", tag = "users", params(Params),
    responses((status = 200, description = "Invitations", body = Page<InvitationBody>)))]
pub(crate) async fn list(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<Page<InvitationBody>>, Problem> {
    let limit = page::limit(params.limit)?;
    let found = identity.invitations(&caller, params.cursor, limit).await?;
    Ok(Json(Page::of(found)))
}
