//! The JSON shape of a resumable upload, and its bytes as they come in.

use axum::body::Body;
use futures::{StreamExt, TryStreamExt};
use serde::Serialize;
use service::resumable::{self, Cut, Resumable};
use utoipa::ToSchema;

use super::headers;

/// How a resumable upload stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResumableUpload)]
pub struct UploadBody {
    id: String,
    /// Where its bytes are sent.
    address: String,
    /// `open`, `complete` or `failed`.
    state: String,
    /// `whole`; `partial` and `final` where several are joined.
    role: String,
    /// Bytes that are safe.
    offset: u64,
    /// Bytes it will have; null when that is not known yet.
    length: Option<u64>,
    /// The file's name, as it was sent.
    file_name: String,
    /// What it became.
    asset_id: Option<String>,
    /// That asset was there before.
    duplicate: bool,
    created_at: String,
    /// When it is given up, unless something arrives.
    expires_at: String,
    /// Why it was refused; null when it was not.
    problem: Option<UploadProblem>,
}

/// Why a resumable upload was refused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResumableUploadProblem)]
pub struct UploadProblem {
    code: String,
    message: String,
}

impl From<Resumable> for UploadBody {
    fn from(upload: Resumable) -> Self {
        Self {
            id: upload.id.to_string(),
            address: headers::address(upload.id),
            state: upload.state.to_string(),
            role: upload.role.to_string(),
            offset: upload.received,
            length: upload.length,
            file_name: resumable::file_name(&upload),
            asset_id: upload.asset.map(|asset| asset.to_string()),
            duplicate: upload.duplicate,
            created_at: upload.created_at.to_string(),
            expires_at: upload.expires_at.to_string(),
            problem: upload
                .problem
                .map(|(code, message)| UploadProblem { code, message }),
        }
    }
}

/// A request's bytes. Why they break off makes no difference: they do not go on.
pub(super) fn bytes(body: Body) -> resumable::Body {
    body.into_data_stream().map_err(|_| Cut).boxed()
}
