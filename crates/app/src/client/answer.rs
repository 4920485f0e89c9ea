//! What the API answers, as far as the command line reads it.

use std::collections::BTreeMap;
use std::fmt;

use domain::Sha256;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One page of a listing.
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    /// The things.
    pub items: Vec<T>,
    /// Where the next page begins; none after the last.
    pub next_cursor: Option<String>,
}

/// One asset.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Asset {
    /// Its id.
    pub id: String,
    /// `image`, `video`, …
    pub kind: String,
    /// `ready`, `processing`, …
    pub status: String,
    /// Name of the file it came as.
    pub file_name: String,
    /// Bytes of the original.
    pub size: u64,
    /// Digest of the original.
    pub sha256: Sha256,
    /// When it was taken.
    pub captured_at: Option<Captured>,
    /// When it came in, RFC 3339.
    pub created_at: String,
    /// All of it, for `--json`.
    #[serde(flatten)]
    pub rest: BTreeMap<String, Value>,
}

impl Asset {
    /// When it was taken, else when it came in: `YYYY-MM-DD HH:MM`.
    pub fn when(&self) -> String {
        let time = self
            .captured_at
            .as_ref()
            .map_or(self.created_at.as_str(), |captured| &captured.local);
        time.chars().take(16).collect::<String>().replace('T', " ")
    }
}

/// A file of an asset's current version.
#[derive(Debug, Deserialize)]
pub struct AssetFile {
    /// `original`, `motion`, `sidecar` or `raw`.
    pub role: String,
    /// Digest of its bytes.
    pub sha256: Sha256,
}

/// When something was taken.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Captured {
    /// Wall time.
    pub local: String,
    /// Offset, instant and source.
    #[serde(flatten)]
    pub rest: BTreeMap<String, Value>,
}

/// Answer to an upload of one file.
#[derive(Debug, Deserialize)]
pub struct Uploaded {
    /// The asset, new or not.
    pub asset: Asset,
    /// The caller had the same bytes already.
    pub duplicate: bool,
}

/// Answer to the question which bytes are there.
#[derive(Debug, Deserialize)]
pub struct Checked {
    /// One for each digest that was asked about.
    pub results: Vec<CheckedOne>,
}

/// One of them.
#[derive(Debug, Deserialize)]
pub struct CheckedOne {
    /// The digest.
    pub sha256: Sha256,
    /// The caller's asset with these bytes.
    pub asset_id: Option<String>,
    /// It lies in the trash.
    #[serde(default)]
    pub trashed: bool,
}

/// A session, begun by password.
#[derive(Debug, Deserialize)]
pub struct Session {
    /// Whose.
    pub user: User,
    /// Proves it for some minutes.
    pub access_token: String,
}

/// An account.
#[derive(Debug, Deserialize)]
pub struct User {
    /// Its address.
    pub email: String,
}

/// A fresh key.
#[derive(Debug, Deserialize)]
pub struct KeyMade {
    /// The key itself, shown this once.
    pub key: String,
}

/// Why a request was refused (RFC 9457).
#[derive(Debug, Clone, Deserialize)]
pub struct Problem {
    /// The same for every occurrence.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Stable word.
    #[serde(default)]
    pub code: String,
    /// What was found.
    #[serde(default)]
    pub detail: Option<String>,
    /// Finds it in the server's log.
    #[serde(default)]
    pub request_id: Option<String>,
}

impl Problem {
    /// For an answer that is none of ours.
    pub fn bare(status: u16, title: &str) -> Self {
        Self {
            title: title.to_owned(),
            status,
            code: String::new(),
            detail: None,
            request_id: None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail.as_deref().filter(|detail| !detail.is_empty()) {
            Some(detail) => write!(f, "{}: {detail}", self.title)?,
            None => f.write_str(&self.title)?,
        }
        match &self.request_id {
            Some(id) if self.status >= 500 => write!(f, " (status {}, request {id})", self.status),
            _ => write!(f, " (status {})", self.status),
        }
    }
}
