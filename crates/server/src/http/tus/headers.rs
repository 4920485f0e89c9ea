//! The protocol's headers, read and written.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use domain::UploadId;
use service::resumable::{Checksum, Kind, Resumable, Role, State};

use crate::problem::Problem;
use crate::respond::http_date;
use crate::routes::PREFIX;

/// The media type of bytes of an upload.
pub(super) const OFFSET_STREAM: &str = "application/offset+octet-stream";

pub(super) const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_DEFER_LENGTH: HeaderName = HeaderName::from_static("upload-defer-length");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const UPLOAD_CONCAT: HeaderName = HeaderName::from_static("upload-concat");
const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
/// Ours: the id of the asset that came of it.
const UPLOAD_ASSET: HeaderName = HeaderName::from_static("upload-asset");
/// Ours: whether that asset was there before.
const UPLOAD_DUPLICATE: HeaderName = HeaderName::from_static("upload-duplicate");

/// A header's text; `None` when it was not sent.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let Some(value) = headers.get(name) else {
        return Ok(None);
    };
    let text = value.to_str();
    text.map(Some)
        .map_err(|_| Problem::field(name.as_str(), "It has characters that no header has."))
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>, Problem> {
    let Some(text) = text(headers, name)? else {
        return Ok(None);
    };
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let value = text
        .parse()
        .ok()
        .filter(|value| digits && *value <= i64::MAX as u64);
    value
        .map(Some)
        .ok_or_else(|| Problem::field(name.as_str(), "It is a number of bytes."))
}

/// `Upload-Offset`, which must be there.
pub(super) fn offset(headers: &HeaderMap) -> Result<u64, Problem> {
    number(headers, &UPLOAD_OFFSET)?
        .ok_or_else(|| Problem::field(UPLOAD_OFFSET.as_str(), "Say where these bytes go."))
}

/// `Upload-Length`.
pub(super) fn length(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    number(headers, &UPLOAD_LENGTH)
}

/// `Content-Length`.
pub(super) fn content_length(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    number(headers, &header::CONTENT_LENGTH)
}

/// The length of a new upload, or that it is said later: exactly one of both.
pub(super) fn new_length(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let length = length(headers)?;
    let wrong = |what: &str| Problem::field(UPLOAD_LENGTH.as_str(), what);
    match (length, text(headers, &UPLOAD_DEFER_LENGTH)?) {
        (Some(length), None) => Ok(Some(length)),
        (None, Some("1")) => Ok(None),
        (None, Some(_)) => Err(Problem::field(
            UPLOAD_DEFER_LENGTH.as_str(),
            "It is 1, or not sent.",
        )),
        (Some(_), Some(_)) => Err(wrong("Say it now or later, not both.")),
        (None, None) => Err(wrong("Say it, or send Upload-Defer-Length: 1.")),
    }
}

/// `Upload-Metadata`; an empty one is none.
pub(super) fn metadata(headers: &HeaderMap) -> Result<String, Problem> {
    Ok(text(headers, &UPLOAD_METADATA)?
        .unwrap_or_default()
        .to_owned())
}

/// `Upload-Checksum`.
pub(super) fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, Problem> {
    let text = text(headers, &UPLOAD_CHECKSUM)?;
    Ok(text.map(Checksum::parse).transpose()?)
}

/// What `Upload-Concat` says an upload is for.
pub(super) fn kind(headers: &HeaderMap) -> Result<Kind, Problem> {
    let wrong = || {
        let detail = "It is `partial`, or `final;` and the addresses of partial uploads.";
        Problem::field(UPLOAD_CONCAT.as_str(), detail)
    };
    match text(headers, &UPLOAD_CONCAT)? {
        None => Ok(Kind::Whole),
        Some("partial") => Ok(Kind::Partial),
        Some(text) => {
            let addresses = text.strip_prefix("final;").ok_or_else(wrong)?;
            let ids = addresses.split_whitespace().map(id_in);
            let ids: Option<Vec<_>> = ids.collect();
            ids.map(Kind::Final).ok_or_else(wrong)
        }
    }
}

/// The upload that an address names, with or without the host before its path.
fn id_in(address: &str) -> Option<UploadId> {
    let (before, id) = address.rsplit_once('/')?;
    let ours = before.ends_with(&format!("{PREFIX}/uploads/tus"));
    id.parse().ok().filter(|_| ours)
}

/// Where an upload is. Without the host: only the client knows by which name it came here.
pub(super) fn address(id: UploadId) -> String {
    format!("{PREFIX}/uploads/tus/{id}")
}

/// Whether the body is bytes of an upload.
pub(super) fn has_bytes(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE) == Some(&HeaderValue::from_static(OFFSET_STREAM))
}

/// How far an upload is, until when it is kept, and what came of it.
pub(super) fn standing(upload: &Resumable) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(UPLOAD_OFFSET, upload.received.into());
    if upload.state == State::Open {
        insert(&mut headers, UPLOAD_EXPIRES, &http_date(upload.expires_at));
    }
    if let Some(asset) = upload.asset {
        insert(&mut headers, UPLOAD_ASSET, &asset.to_string());
        let duplicate = if upload.duplicate { "true" } else { "false" };
        insert(&mut headers, UPLOAD_DUPLICATE, duplicate);
    }
    headers
}

/// All that is known of an upload.
pub(super) fn description(upload: &Resumable) -> HeaderMap {
    let mut headers = standing(upload);
    match upload.length {
        Some(length) => {
            headers.insert(UPLOAD_LENGTH, length.into());
        }
        None => insert(&mut headers, UPLOAD_DEFER_LENGTH, "1"),
    }
    if !upload.metadata.trim().is_empty() {
        insert(&mut headers, UPLOAD_METADATA, &upload.metadata);
    }
    match upload.role {
        Role::Whole => {}
        Role::Partial => insert(&mut headers, UPLOAD_CONCAT, "partial"),
        Role::Final => {
            let partials: Vec<_> = upload.partials.iter().map(|id| address(*id)).collect();
            let text = format!("final;{}", partials.join(" "));
            insert(&mut headers, UPLOAD_CONCAT, &text);
        }
    }
    headers
}

fn insert(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    // What we write, and what came in such a header, are such texts.
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}
