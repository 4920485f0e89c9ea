//! `POST /uploads/tus`: begin an upload, perhaps with its first bytes.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use service::resumable::{Kind, New, Patch};

use super::{body, headers};
use crate::app::App;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// Begin a resumable upload.
///
/// tus 1.0 with creation, creation-with-upload, creation-defer-length and concatenation. `Upload-Metadata`
/// may say `filename`, `filetype`, `sha256` (hex), `title`, `description`, `captured_at`, and `metadata`
/// with the JSON that `POST /assets` takes. The answer to the last bytes has the header `Upload-Asset`.
#[utoipa::path(post, path = "/uploads/tus", tag = "uploads",
    params(
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Length" = Option<u64>, Header, description = "Bytes of the file"),
        ("Upload-Defer-Length" = Option<u8>, Header, description = "1: the length is said later"),
        ("Upload-Metadata" = Option<String>, Header, description = "Words with values in base64, separated by commas"),
        ("Upload-Concat" = Option<String>, Header, description = "`partial`, or `final;` and the addresses of partial uploads"),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha256` or `sha1` and the checksum of this request's bytes in base64"),
    ),
    request_body(content = Option<String>, content_type = "application/offset+octet-stream"),
    responses((status = 201, description = "Begun; `Location` says where the bytes go, `Upload-Offset` how many are safe")))]
pub async fn create(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let kind = headers::kind(&headers)?;
    let length = match &kind {
        Kind::Final(_) if headers::length(&headers)?.is_some() => {
            let detail = "It follows from the uploads that are joined.";
            return Err(Problem::field("Upload-Length", detail));
        }
        Kind::Final(_) => None,
        _ => headers::new_length(&headers)?,
    };
    let takes_bytes = headers::has_bytes(&headers) && !matches!(kind, Kind::Final(_));
    let new = New {
        kind,
        length,
        metadata: headers::metadata(&headers)?,
    };
    let patch = Patch {
        offset: 0,
        length: None,
        size: headers::content_length(&headers)?,
        checksum: headers::checksum(&headers)?,
    };
    let mut upload = app.vault.begin_resumable(&caller, new).await?;
    let is_to_come = patch.size.is_none_or(|size| size > 0) && length != Some(0);
    if takes_bytes && is_to_come {
        let bytes = body::bytes(body);
        upload = app.vault.append(&caller, upload.id, patch, bytes).await?;
    }
    let mut answer = (StatusCode::CREATED, headers::standing(&upload)).into_response();
    if let Ok(location) = HeaderValue::from_str(&headers::address(upload.id)) {
        answer.headers_mut().insert(header::LOCATION, location);
    }
    Ok(answer)
}
