//! `PATCH /uploads/tus/{id}`: the next bytes.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{Code, UploadId};
use service::resumable::Patch;

use super::{body, headers};
use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Send the next bytes of a resumable upload.
///
/// If the connection breaks, what arrived is kept: `HEAD` says how much. After the last bytes the answer
/// has the header `Upload-Asset`; sent again, it is the same.
#[utoipa::path(patch, path = "/uploads/tus/{id}", tag = "uploads",
    params(
        ("id" = String, Path),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Offset" = u64, Header, description = "Where these bytes go; 409 when that is not where it goes on"),
        ("Upload-Length" = Option<u64>, Header, description = "Bytes of the file, if that was not said before"),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha256` or `sha1` and the checksum of these bytes in base64; 460 when it does not match"),
    ),
    request_body(content = String, content_type = "application/offset+octet-stream"),
    responses((status = 204, description = "Safe up to `Upload-Offset`")))]
pub async fn patch(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<UploadId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    if !headers::has_bytes(&headers) {
        let detail = format!("Send Content-Type: {}.", headers::OFFSET_STREAM);
        return Err(Problem::new(Code::ContentType).detail(detail));
    }
    let patch = Patch {
        offset: headers::offset(&headers)?,
        length: headers::length(&headers)?,
        size: headers::content_length(&headers)?,
        checksum: headers::checksum(&headers)?,
    };
    let bytes = body::bytes(body);
    let upload = app.vault.append(&caller, id, patch, bytes).await?;
    Ok((StatusCode::NO_CONTENT, headers::standing(&upload)).into_response())
}
