//! The JSON shape of a presigned upload.

use serde::Serialize;
use service::uploads::Upload;
use utoipa::ToSchema;

/// How an announced upload stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Upload)]
pub struct UploadBody {
    id: String,
    /// `open`, `receiving`, `complete`, `failed` or `expired`.
    state: String,
    /// What it became.
    asset_id: Option<String>,
    file_name: String,
    size: u64,
    expires_at: String,
    /// Why it failed; null when it did not.
    problem: Option<UploadProblem>,
}

/// Why an upload failed.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadProblem {
    code: String,
    message: String,
}

impl From<Upload> for UploadBody {
    fn from(upload: Upload) -> Self {
        Self {
            id: upload.id.to_string(),
            state: upload.state.to_string(),
            asset_id: upload.asset.map(|asset| asset.to_string()),
            file_name: upload.file_name,
            size: upload.size,
            expires_at: upload.expires_at.to_string(),
            problem: upload
                .problem
                .map(|(code, message)| UploadProblem { code, message }),
        }
    }
}
