//! A file of a version as an answer.

use axum::response::Response;
use futures::{StreamExt, TryStreamExt};
use service::library::versions::{FileRole, StoredFile};

use crate::problem::Problem;
use crate::respond::{BodyStream, Cache, Conditions, Content};

/// Which of a version's files, as the parameter `role` names it.
pub(super) fn role(word: &str) -> Result<FileRole, Problem> {
    let mut known = FileRole::ALL.iter().copied();
    known
        .find(|role| role.as_str() == word)
        .ok_or_else(|| Problem::field("role", "original, raw, motion or sidecar"))
}

/// The file, whole or in part.
pub(super) async fn answer(
    stored: &StoredFile,
    conditions: Conditions,
    download: bool,
) -> Result<Response, Problem> {
    let file = &stored.file;
    let etag = file.sha256.to_string();
    let content = Content {
        size: file.size,
        etag: &etag,
        modified: stored.modified,
        media_type: file.media_type,
        file_name: &stored.file_name,
        download,
        cache: Cache::Revalidate,
        digest: Some(file.sha256),
    };
    content
        .answer(&conditions, |range| async {
            // Bytes that are gone or damaged are a problem while it can still be told.
            let mut stream = Box::pin(stored.read(range).await?.peekable());
            if let Some(error) = stream.as_mut().next_if(Result::is_err).await {
                error?;
            }
            let stream: BodyStream = Box::pin(stream.map_err(Into::into));
            Ok::<_, Problem>(stream)
        })
        .await
}
