//! `/assets/{id}/versions`: the states of an asset, adding one, going back to one.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use domain::AssetId;
use serde::{Deserialize, Serialize};
use service::ingest::Announced;
use service::library::versions::{FileRole, Version, VersionFile};
use utoipa::{IntoParams, ToSchema};

use super::body::AssetBody;
use super::create::{announced_digest, stream_in, unreadable};
use super::form::{Form, file_name};
use super::get::tagged;
use super::stored;
use crate::app::App;
use crate::extract::{Path, Query, SignedIn};
use crate::problem::Problem;
use crate::respond::Conditions;

/// The states of an asset, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Versions)]
pub struct VersionsBody {
    items: Vec<VersionBody>,
}

/// One state of an asset; it never changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Version)]
pub struct VersionBody {
    #[schema(format = Uuid)]
    id: String,
    /// From 1.
    number: u32,
    file_name: String,
    /// Of the original.
    mime_type: String,
    /// Bytes of the original.
    size: u64,
    /// Of the original, 64 hex digits.
    sha256: String,
    #[schema(format = Uuid)]
    created_by: String,
    created_at: String,
    /// What the asset shows now.
    current: bool,
    /// All that it is made of.
    files: Vec<FileBody>,
}

/// A file of a version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VersionFile)]
pub struct FileBody {
    /// `original`, `raw`, `motion` or `sidecar`.
    role: String,
    sha256: String,
    size: u64,
    mime_type: String,
}

impl VersionBody {
    fn of(version: Version, files: &[VersionFile], current: bool) -> Option<Self> {
        let mut originals = files.iter().filter(|file| file.role == FileRole::Original);
        let original = originals.next()?;
        Some(Self {
            id: version.id.to_string(),
            number: version.number,
            file_name: version.file_name,
            mime_type: original.media_type.to_string(),
            size: original.size,
            sha256: original.sha256.to_string(),
            created_by: version.created_by.to_string(),
            created_at: version.created_at.to_string(),
            current,
            files: files.iter().map(FileBody::of).collect(),
        })
    }
}

impl FileBody {
    fn of(file: &VersionFile) -> Self {
        Self {
            role: file.role.to_string(),
            sha256: file.sha256.to_string(),
            size: file.size,
            mime_type: file.media_type.to_string(),
        }
    }
}

/// List the versions of an own asset.
#[utoipa::path(get, path = "/assets/{id}/versions", tag = "assets", params(("id" = String, Path)),
    responses((status = 200, description = "Newest first", body = VersionsBody)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
) -> Result<Json<VersionsBody>, Problem> {
    let (current, found) = app.vault.versions(&caller, id).await?;
    let items = found.into_iter().filter_map(|(version, files)| {
        let current = version.id == current;
        VersionBody::of(version, &files, current)
    });
    Ok(Json(VersionsBody {
        items: items.collect(),
    }))
}

/// The form of a new version.
#[derive(Debug, ToSchema)]
#[allow(dead_code, reason = "describes the multipart body in the API document")]
struct VersionForm {
    /// The bytes.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Upload a new version of an own asset. What was said of it stays.
#[utoipa::path(post, path = "/assets/{id}/versions", tag = "assets",
    request_body(content = VersionForm, content_type = "multipart/form-data"),
    params(
        ("id" = String, Path),
        ("X-Content-SHA256" = Option<String>, Header, description = "Hex digest the file must have"),
    ),
    responses(
        (status = 201, description = "The asset with its new version", body = AssetBody),
        (status = 409, description = "The caller has these bytes already"),
    ))]
pub async fn create(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
    headers: HeaderMap,
    form: Result<Form, Problem>,
) -> Result<Response, Problem> {
    // Whose it is is told before what is wrong with the form.
    app.vault.versions(&caller, id).await?;
    let sha256 = announced_digest(&headers)?;
    let mut form = form?;
    let Some(mut field) = form.next().await.map_err(unreadable)? else {
        return Err(Problem::field("file", "Send one file."));
    };
    if field.name() != Some("file") {
        return Err(Problem::field("file", "The first part is the file."));
    }
    let announced = Announced {
        file_name: file_name(&field),
        mime_type: field.content_type().map(str::to_owned),
        sha256,
        replaces: Some(id),
        ..Announced::default()
    };
    let received = stream_in(&app, &caller, announced, &mut field).await?;
    tagged(StatusCode::CREATED, received.asset, &caller, &app)
}

/// Go back to an older version: makes a new one of its bytes.
#[utoipa::path(post, path = "/assets/{id}/versions/{number}/rollback", tag = "assets",
    params(("id" = String, Path), ("number" = u32, Path)),
    responses(
        (status = 201, description = "The asset with its new version", body = AssetBody),
        (status = 409, description = "These are its bytes now"),
    ))]
pub async fn rollback(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path((id, number)): Path<(AssetId, u32)>,
) -> Result<Response, Problem> {
    let asset = app.vault.roll_back(&caller, id, number).await?;
    tagged(StatusCode::CREATED, asset, &caller, &app)
}

/// Which file, and how to send it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// `original` (so when absent), `raw`, `motion` or `sidecar`.
    role: Option<String>,
    /// Of several files in this role the one with this digest, 64 hex digits.
    sha256: Option<String>,
    /// `1`: save rather than show.
    download: Option<u8>,
}

/// Read a file of a version of an own asset.
#[utoipa::path(get, path = "/assets/{id}/versions/{number}/content", tag = "assets",
    params(("id" = String, Path), ("number" = u32, Path), Params),
    responses(
        (status = 200, description = "All of it", content_type = "application/octet-stream"),
        (status = 206, description = "A part of it"),
        (status = 304, description = "Unchanged"),
    ))]
pub async fn content(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path((id, number)): Path<(AssetId, u32)>,
    Query(params): Query<Params>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let role = stored::role(params.role.as_deref().unwrap_or("original"))?;
    let sha256 = params.sha256.as_deref().map(str::parse).transpose();
    let sha256 = sha256
        .map_err(|error: domain::ParseHashError| Problem::field("sha256", error.to_string()))?;
    let file = app
        .vault
        .stored_file(&caller, id, Some(number), role, sha256)
        .await?;
    let download = params.download.unwrap_or(0) != 0;
    stored::answer(&file, Conditions::new(method, &headers), download).await
}
