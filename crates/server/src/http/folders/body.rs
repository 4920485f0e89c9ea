//! The JSON shape of an external folder.

use serde::Serialize;
use service::external::{Attached, EntryCounts, Progress};
use utoipa::ToSchema;

use crate::http::collections::PersonBody;

/// A folder whose files are shown where they lie.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Folder)]
pub(crate) struct FolderBody {
    #[schema(value_type = String, format = Uuid)]
    id: String,
    /// Where it lies on the machine, links resolved.
    path: String,
    /// In whose library its files appear.
    owner: PersonBody,
    /// `due`, `scanning`, `idle`, `unreachable` or `leaving`.
    state: &'static str,
    /// Why it is unreachable, or what the last scan could not do.
    message: Option<String>,
    files: FilesBody,
    scan: ScanBody,
    /// End of the last scan that saw everything.
    scanned_at: Option<String>,
    created_at: String,
}

/// Files of a folder by what is known of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FolderFileCounts)]
pub(crate) struct FilesBody {
    /// There.
    present: u64,
    /// There no more; what was said about them is kept.
    missing: u64,
    /// Sidecars: what they say holds of the files they lie beside.
    beside: u64,
    /// Not taken in.
    refused: u64,
    /// Deleted for good by their owner: they stay in the folder and do not come back.
    dismissed: u64,
}

/// What the scan that runs, or ran last, has counted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FolderScan)]
pub(crate) struct ScanBody {
    /// Files met.
    met: u64,
    /// Of these, new or changed, and so read.
    read: u64,
    /// Bytes of those.
    bytes: u64,
    /// Assets that were not there.
    added: u64,
    /// Assets with a new version.
    changed: u64,
    /// Files that were moved, copied, or uploaded before.
    known: u64,
    /// Sidecars that were new or changed.
    beside: u64,
    /// Files not taken in.
    refused: u64,
    /// Files that are there no more.
    missing: u64,
}

/// All folders.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Folders)]
pub(crate) struct FoldersBody {
    pub(crate) items: Vec<FolderBody>,
}

impl From<Attached> for FolderBody {
    fn from(attached: Attached) -> Self {
        let folder = attached.folder;
        Self {
            id: folder.id.to_string(),
            path: folder.path,
            owner: PersonBody {
                id: folder.owner.to_string(),
                name: folder.owner_name,
            },
            state: folder.state.as_str(),
            message: folder.message,
            files: attached.counts.into(),
            scan: attached.progress.into(),
            scanned_at: folder.scanned_at.map(|time| time.to_string()),
            created_at: folder.created_at.to_string(),
        }
    }
}

impl From<EntryCounts> for FilesBody {
    fn from(counts: EntryCounts) -> Self {
        Self {
            present: counts.present,
            missing: counts.missing,
            beside: counts.beside,
            refused: counts.refused,
            dismissed: counts.dismissed,
        }
    }
}

impl From<Progress> for ScanBody {
    fn from(progress: Progress) -> Self {
        Self {
            met: progress.met,
            read: progress.read,
            bytes: progress.bytes,
            added: progress.added,
            changed: progress.changed,
            known: progress.known,
            beside: progress.beside,
            refused: progress.refused,
            missing: progress.missing,
        }
    }
}
