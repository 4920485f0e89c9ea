//! `POST /assets`: files in, streamed. Nothing of a file is collected in memory.

use axum::extract::State;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{AssetId, Code, Sha256};
use identity::Caller;
use serde::Serialize;
use service::companions::Role;
use service::ingest::{Announced, Details, Received};
use utoipa::ToSchema;

use super::attach::role;
use super::body::{AssetBody, ReceivedBody};
use super::form::{Form, file_name};
use crate::app::App;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// Largest `metadata` part, in bytes.
const MAX_METADATA: usize = 64 << 10;

/// Most files in one form: their verdicts are kept until the end.
const MAX_FILES: usize = 10_000;

/// One file among several: what became of it, or why it was refused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReceivedItem)]
pub struct ItemBody {
    /// As the client named it.
    file_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    asset: Option<AssetBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicate: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::openapi::ProblemBody>)]
    problem: Option<Problem>,
}

/// Several files, each with its own transaction and its own verdict.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReceivedItems)]
pub struct ItemsBody {
    results: Vec<ItemBody>,
}

/// The form of an upload.
#[derive(Debug, ToSchema)]
#[allow(dead_code, reason = "describes the multipart body in the API document")]
struct UploadForm {
    /// JSON: `{title?, description?, tags?, favourite?, archived?, locked?, trashed?, rating?,
    /// captured_at?, location?, metadata?}`; belongs to the file behind it. `location` may be null: nowhere, whatever the file says. `captured_at` is `{local, offset}`; the offset `Z`
    /// says that only the moment is known, and gives way to the file's own wall time of that moment.
    metadata: Option<String>,
    /// The bytes; may be repeated.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// The moving part of a Live photo; belongs to the file before it.
    #[schema(value_type = Option<String>, format = Binary)]
    motion: Option<Vec<u8>>,
    /// An XMP sidecar; belongs to the file before it.
    #[schema(value_type = Option<String>, format = Binary)]
    sidecar: Option<Vec<u8>>,
}

/// Upload one or more files.
///
/// One new file is answered 201; bytes the caller has already, 200 with the asset that is there;
/// several files, 200 with a verdict each.
#[utoipa::path(
    post,
    path = "/assets",
    tag = "assets",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    params(
        ("X-Content-SHA256" = Option<String>, Header, description = "Hex digest the file must have"),
        ("Content-Digest" = Option<String>, Header, description = "RFC 9530, `sha-256=:…:`"),
    ),
    responses(
        (status = 201, description = "Stored", body = ReceivedBody),
        (status = 200, description = "Already there, or several files", body = ItemsBody),
    ),
)]
pub async fn create(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Problem> {
    let digest = announced_digest(&headers)?;
    let mut details = Ok(Details::default());
    let mut received = Vec::new();
    while let Some(field) = form.next().await.map_err(unreadable)? {
        match field.name() {
            Some("metadata") => details = read_details(field).await,
            Some("file") if received.len() == MAX_FILES => {
                let most = format!("A form has at most {MAX_FILES} files.");
                return Err(Problem::new(Code::TooLarge).detail(most));
            }
            Some("file") => {
                let name = file_name(&field);
                let details = std::mem::replace(&mut details, Ok(Details::default()));
                received.push(receive(&app, &caller, name, details, digest, field).await);
            }
            Some(part @ ("motion" | "sidecar")) => {
                let Some((role, before)) = role(part).zip(received.last_mut()) else {
                    return Err(Problem::field(part, "It belongs behind its file."));
                };
                attach(&app, &caller, role, before, field).await;
            }
            Some(other) => {
                let name = other.to_owned();
                return Err(Problem::field(
                    name,
                    "There are the parts metadata, file, motion and sidecar.",
                ));
            }
            None => return Err(Problem::new(Code::InvalidBody).detail("A part has no name.")),
        }
    }
    // What is wrong with metadata that no file follows is still wrong.
    details?;
    answer(&caller, received)
}

/// What became of one part.
struct Verdict {
    file_name: String,
    outcome: Result<Received, Problem>,
}

/// Takes one file in. What is wrong with it, or with the metadata before it, is the verdict on this
/// file alone: those before it are stored.
async fn receive(
    app: &App,
    caller: &Caller,
    file_name: String,
    details: Result<Details, Problem>,
    sha256: Option<Sha256>,
    mut field: Field<'_>,
) -> Verdict {
    let announced = details.map(|details| Announced {
        file_name: file_name.clone(),
        mime_type: field.content_type().map(str::to_owned),
        sha256,
        details,
        ..Announced::default()
    });
    let outcome = match announced {
        Ok(announced) => stream_in(app, caller, announced, &mut field).await,
        Err(problem) => Err(problem),
    };
    if outcome.is_err() {
        // The next part begins where this one ends. A form that cannot be read on says so there.
        while let Ok(Some(_)) = field.chunk().await {}
    }
    Verdict { file_name, outcome }
}

/// Takes in what belongs to the file before it. What is wrong with it becomes the verdict on that
/// file: sent again, both are there.
async fn attach(
    app: &App,
    caller: &Caller,
    role: Role,
    before: &mut Verdict,
    mut field: Field<'_>,
) {
    let attached = match &before.outcome {
        Ok(received) => stream_beside(app, caller, received.asset.id, role, &mut field).await,
        Err(_) => Ok(()),
    };
    // The next part begins where this one ends. A form that cannot be read on says so there.
    while let Ok(Some(_)) = field.chunk().await {}
    if let Err(problem) = attached {
        before.outcome = Err(problem);
    }
}

async fn stream_beside(
    app: &App,
    caller: &Caller,
    asset: AssetId,
    role: Role,
    field: &mut Field<'_>,
) -> Result<(), Problem> {
    let mut companion = app.vault.receive_companion(caller, asset, role).await?;
    while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
        companion.write(chunk).await?;
    }
    Ok(companion.finish().await?)
}

pub(super) async fn stream_in(
    app: &App,
    caller: &Caller,
    announced: Announced,
    field: &mut Field<'_>,
) -> Result<Received, Problem> {
    let mut receiving = app.vault.receive(caller, announced).await?;
    while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
        receiving.write(chunk).await?;
    }
    Ok(receiving.finish().await?)
}

/// A single file is answered as such; a refusal of it is the answer of the whole request.
fn answer(caller: &Caller, mut received: Vec<Verdict>) -> Result<Response, Problem> {
    if received.is_empty() {
        return Err(Problem::field("file", "Send at least one file."));
    }
    if received.len() == 1 {
        let received = received.remove(0).outcome?;
        return Ok(single(caller, received));
    }
    let results = received
        .into_iter()
        .map(|verdict| item(caller, verdict))
        .collect();
    Ok(axum::Json(ItemsBody { results }).into_response())
}

fn item(caller: &Caller, verdict: Verdict) -> ItemBody {
    let file_name = verdict.file_name;
    match verdict.outcome {
        Ok(received) => ItemBody {
            file_name,
            asset: Some(AssetBody::of(received.asset, caller)),
            duplicate: Some(received.duplicate),
            problem: None,
        },
        Err(problem) => ItemBody {
            file_name,
            asset: None,
            duplicate: None,
            problem: Some(problem),
        },
    }
}

/// 201 with its address for something new, 200 for what was there.
pub(in crate::http) fn single(caller: &Caller, received: Received) -> Response {
    let duplicate = received.duplicate;
    let asset = AssetBody::of(received.asset, caller);
    let location = format!("/api/v1/assets/{}", asset.id);
    let body = axum::Json(ReceivedBody { asset, duplicate });
    if duplicate {
        body.into_response()
    } else {
        (StatusCode::CREATED, [(header::LOCATION, location)], body).into_response()
    }
}

async fn read_details(mut field: Field<'_>) -> Result<Details, Problem> {
    let mut json = Vec::new();
    let mut too_large = false;
    while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
        too_large |= json.len() + chunk.len() > MAX_METADATA;
        if !too_large {
            json.extend_from_slice(&chunk);
        }
    }
    if too_large {
        return Err(Problem::new(Code::TooLarge).in_field("metadata"));
    }
    serde_json::from_slice(&json).map_err(|error| Problem::field("metadata", error.to_string()))
}

/// The digest the client promises, from either header.
pub(in crate::http) fn announced_digest(headers: &HeaderMap) -> Result<Option<Sha256>, Problem> {
    if let Some(value) = headers.get("x-content-sha256") {
        let text = value.to_str().unwrap_or_default();
        return text
            .parse()
            .map(Some)
            .map_err(|error: domain::ParseHashError| {
                Problem::field("X-Content-SHA256", error.to_string())
            });
    }
    let Some(value) = headers.get("content-digest") else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    let Some(encoded) = text
        .split(',')
        .find_map(|member| member.trim().strip_prefix("sha-256=:"))
    else {
        // RFC 9530: digests of other algorithms may be ignored.
        return Ok(None);
    };
    let bytes = encoded
        .strip_suffix(':')
        .and_then(|encoded| STANDARD.decode(encoded).ok());
    bytes
        .and_then(|bytes| Sha256::try_from(bytes.as_slice()).ok())
        .map(Some)
        .ok_or_else(|| Problem::field("Content-Digest", "A SHA-256 is 32 bytes in base64."))
}

pub(super) fn unreadable(error: MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(Code::TooLarge);
    }
    let text = error.body_text();
    // The parser does not tell a broken connection from a broken form by type.
    if text.contains("headers of a part") {
        return Problem::new(Code::InvalidBody).detail("The headers of a part are too long.");
    }
    let cut = ["incomplete", "stream", "error reading"]
        .iter()
        .any(|word| text.contains(word));
    let code = if cut {
        Code::UploadInterrupted
    } else {
        Code::InvalidBody
    };
    Problem::new(code).detail(text)
}
