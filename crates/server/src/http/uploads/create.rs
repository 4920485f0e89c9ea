//! `POST /uploads`: announce a file, get a URL for one PUT.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::Sha256;
use serde::{Deserialize, Serialize};
use service::uploads::NewUpload;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Json as JsonIn, SignedIn};
use crate::problem::Problem;

/// The file to come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UploadRequest)]
pub struct Body {
    file_name: String,
    /// Exact number of bytes.
    size: u64,
    /// When given, the PUT must say the same.
    mime_type: Option<String>,
    /// When given, the bytes must have it.
    #[schema(value_type = Option<String>)]
    sha256: Option<Sha256>,
    /// Seconds the URL works, at most a day; an hour when absent.
    expires_in: Option<u32>,
}

/// Where and how to send it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UploadAnnouncement)]
pub struct Answer {
    id: String,
    /// Takes one PUT, without any other credential.
    url: String,
    method: &'static str,
    /// To be sent with the PUT.
    headers: BTreeMap<&'static str, String>,
    expires_at: String,
}

/// Announce an upload.
#[utoipa::path(post, path = "/uploads", tag = "uploads", request_body = Body,
    responses((status = 201, description = "Announced", body = Answer)))]
pub async fn create(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<(StatusCode, Json<Answer>), Problem> {
    let new = NewUpload {
        file_name: body.file_name,
        size: body.size,
        mime_type: body.mime_type,
        sha256: body.sha256,
        expires_in: body.expires_in,
    };
    let made = app.vault.announce(&caller, new).await?;
    let base = app
        .config
        .public_url
        .as_deref()
        .unwrap_or_default()
        .trim_end_matches('/');
    let url = format!(
        "{base}/api/v1/uploads/{}/content?by={}&expires={}&signature={}",
        made.upload.id,
        made.link.by,
        made.link.expires_at.millis(),
        made.link.signature
    );
    let mut headers = BTreeMap::from([("Content-Length", made.upload.size.to_string())]);
    if let Some(bound) = made.upload.media_type {
        headers.insert("Content-Type", bound.mime().to_owned());
    }
    let answer = Answer {
        id: made.upload.id.to_string(),
        url,
        method: "PUT",
        headers,
        expires_at: made.upload.expires_at.to_string(),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}
