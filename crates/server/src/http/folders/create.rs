//! `POST /folders`.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::UserId;
use serde::Deserialize;
use service::external::Wish;
use utoipa::ToSchema;

use super::body::FolderBody;
use crate::app::App;
use crate::extract::{Json as JsonIn, SignedIn};
use crate::problem::Problem;

/// A folder to attach.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewFolder)]
pub(crate) struct Body {
    /// Where it lies on the machine: the whole path, below one of the setting `external_roots`.
    path: String,
    /// In whose library its files appear; the caller's when absent.
    #[schema(value_type = Option<String>)]
    owner_id: Option<UserId>,
}

/// Attach a folder. It is only read, never written; its files appear while it is looked through.
#[utoipa::path(post, path = "/folders", tag = "external", request_body = Body,
    responses((status = 201, description = "The folder", body = FolderBody)))]
pub(crate) async fn create(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<Response, Problem> {
    let wish = Wish {
        path: body.path,
        owner: body.owner_id,
    };
    let attached = app.vault.attach_folder(&caller, wish).await?;
    let location = format!("/api/v1/folders/{}", attached.folder.id);
    let body = Json(FolderBody::from(attached));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], body).into_response())
}
