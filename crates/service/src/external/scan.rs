//! Looking through an external folder.
//!
//! A file whose size and time of change are as they were is taken at its word; any other is read, and what
//! it is decided by its bytes. Whatever was not met afterwards is missing — unless the folder as a whole
//! cannot be read or is suddenly empty, as when a disk is not mounted: then nothing is concluded.

mod file;
mod sidecar;

use std::time::Duration;

use blobs::BlobError;
use blobs::external::{ExternalFolder, Met, Stamp};
use catalog::external::{self, Ended, Entry, EntryState, Folder, FolderState, Lease};
use domain::{Permissions, Timestamp, Visibility};
use futures::{FutureExt, StreamExt};
use identity::{Caller, Trace, Via};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use sidecar::Order;

use crate::Vault;
use crate::error::Error;
use crate::ingest::in_place::ScanOf;

/// A file changed more recently than this may still be being written.
const SETTLED: Duration = Duration::from_secs(3);

/// Files that are waited for at the end of a scan; more are left to the next.
const MAX_UNSETTLED: usize = 10_000;

/// Directories that could not be read and are remembered; with more, nothing is concluded.
const MAX_UNREADABLE: usize = 1_000;

/// Rows handled in one transaction.
const PAGE: u32 = 200;

/// What a scan has counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// Files met.
    pub met: u64,
    /// Of these, not as they were known.
    pub read: u64,
    /// Bytes of those.
    pub bytes: u64,
    /// Assets that were not there.
    pub added: u64,
    /// Assets with a new version.
    pub changed: u64,
    /// Files whose bytes the owner had: moved, copied, or uploaded before.
    pub known: u64,
    /// Sidecars that were new or changed.
    pub beside: u64,
    /// Files not taken in.
    pub refused: u64,
    /// Files that are there no more.
    pub missing: u64,
}

/// Looks through every folder whose time has come; gives how much has changed.
pub(crate) async fn due(vault: Vault) -> Result<u64, Error> {
    let mut changed = 0;
    while !vault.is_draining() {
        let lease = lease(&vault, vault.ids().fresh());
        let minutes = i64::from(vault.config().external_scan_minutes);
        let stale = (minutes > 0).then(|| lease.now.plus_millis(-minutes * 60_000));
        let folder = vault
            .catalog()
            .write(move |tx| async move { external::claim(tx, lease, stale).await }.boxed())
            .await?;
        let Some(folder) = folder else { break };
        let progress = Scan::new(vault.clone(), folder, lease).run().await?;
        changed += progress.added + progress.changed + progress.missing;
    }
    Ok(changed)
}

fn lease(vault: &Vault, token: Uuid) -> Lease {
    let now = vault.clock().now();
    let until = now.plus_millis(i64::from(vault.config().lease_seconds) * 1000);
    Lease { token, now, until }
}

/// Why a scan stopped before its end.
enum Stop {
    /// The folder is somebody else's to scan by now, or was let go.
    Lost,
    /// The vault is stopping.
    Draining,
    /// The folder cannot be read.
    Unreachable(String),
    /// Ours.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<catalog::Error> for Stop {
    fn from(error: catalog::Error) -> Self {
        Self::Failed(error.into())
    }
}

struct Scan {
    vault: Vault,
    folder: Folder,
    place: ExternalFolder,
    /// The owner, for whom files are taken in.
    caller: Caller,
    token: Uuid,
    progress: Progress,
    kept_at: Timestamp,
    unreadable: Vec<String>,
    unsettled: Vec<(String, Stamp)>,
    /// Sidecars that were met before what they lie beside.
    early: Vec<String>,
}

impl Scan {
    fn new(vault: Vault, folder: Folder, lease: Lease) -> Self {
        let caller = Caller {
            tenant: folder.tenant,
            user: folder.owner,
            permissions: Permissions::all(),
            visibility: Visibility::of_user(folder.tenant, folder.owner),
            via: Via::Service,
            trace: Trace::default(),
        };
        Self {
            vault,
            place: ExternalFolder::at(&folder.path),
            folder,
            caller,
            token: lease.token,
            progress: Progress::default(),
            kept_at: lease.now,
            unreadable: Vec::new(),
            unsettled: Vec::new(),
            early: Vec::new(),
        }
    }

    async fn run(mut self) -> Result<Progress, Error> {
        let stopped = self.look_through().await;
        let (state, message) = match stopped {
            Ok(()) => (FolderState::Idle, self.remark()),
            Err(Stop::Lost) => return Ok(self.progress),
            Err(Stop::Draining) => (FolderState::Due, None),
            Err(Stop::Unreachable(why)) => (FolderState::Unreachable, Some(why)),
            Err(Stop::Failed(error)) => {
                tracing::warn!(folder = %self.folder.id, %error, "a scan broke off");
                let why = "The scan broke off; it is tried again.".to_owned();
                (FolderState::Unreachable, Some(why))
            }
        };
        let progress = serde_json::to_value(self.progress)
            .map_err(|error| Error::Internal(Box::new(error)))?;
        let (folder, lease) = (self.folder.clone(), lease(&self.vault, self.token));
        self.vault
            .catalog()
            .write(move |tx| {
                async move {
                    let ended = Ended {
                        state,
                        progress: &progress,
                        message: message.as_deref(),
                    };
                    external::end(tx, &folder, lease, &ended).await
                }
                .boxed()
            })
            .await?;
        tracing::info!(folder = %self.folder.id, ?state, progress = ?self.progress, "looked through a folder");
        Ok(self.progress)
    }

    /// What a scan that came to its end could not do.
    fn remark(&self) -> Option<String> {
        let first = self.unreadable.first()?;
        let others = self.unreadable.len() - 1;
        Some(match others {
            0 => format!("{first} could not be read."),
            _ => format!("{first} and {others} others could not be read."),
        })
    }

    async fn look_through(&mut self) -> Result<(), Stop> {
        let mut batches = Box::pin(self.place.walk());
        while let Some(batch) = batches.next().await {
            let batch = batch.map_err(|error| Stop::Unreachable(told(&error)))?;
            self.take(batch).await?;
        }
        self.settle().await?;
        for path in std::mem::take(&mut self.early) {
            self.attach(path, Order::Last).await?;
        }
        if self.progress.met == 0 {
            let (tenant, id) = (self.folder.tenant, self.folder.id);
            let counts = self
                .vault
                .catalog()
                .read(move |tx| async move { external::counts(tx, tenant, id).await }.boxed())
                .await?;
            if counts.present > 0 {
                let why = "The folder is empty. Is its disk mounted?";
                return Err(Stop::Unreachable(why.to_owned()));
            }
        }
        self.find_missing().await
    }

    /// Handles what was met.
    async fn take(&mut self, batch: Vec<Met>) -> Result<(), Stop> {
        let mut files = Vec::with_capacity(batch.len());
        for met in batch {
            match met {
                Met::File { path, stamp } => files.push((path, stamp)),
                Met::Unreadable { path, reason } => {
                    tracing::warn!(folder = %self.folder.id, %path, %reason, "a directory could not be read");
                    if self.unreadable.len() < MAX_UNREADABLE {
                        self.unreadable.push(path);
                    } else {
                        let why = "Too many directories cannot be read.".to_owned();
                        return Err(Stop::Unreachable(why));
                    }
                }
                Met::Misnamed { path } => {
                    self.progress.met += 1;
                    self.refuse(&path, Stamp::UNKNOWN, "Its name is not UTF-8.")
                        .await?;
                }
            }
        }
        self.progress.met += files.len() as u64;
        let (tenant, id) = (self.folder.tenant, self.folder.id);
        let paths: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
        let known = self
            .vault
            .catalog()
            .read(move |tx| async move { external::known(tx, tenant, id, &paths).await }.boxed())
            .await?;
        let (same, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, stamp)| {
            known.get(path).is_some_and(|entry| {
                entry.sha256.is_some()
                    && (entry.size, entry.modified) == (stamp.size, stamp.modified)
            })
        });
        self.seen(same.into_iter().map(|(path, _)| path).collect())
            .await?;
        self.keep().await?;
        for (path, stamp) in others {
            if self.is_settled(stamp) {
                self.look_at(path).await?;
            } else if self.unsettled.len() < MAX_UNSETTLED {
                self.unsettled.push((path, stamp));
            } else {
                self.seen(vec![path]).await?;
            }
        }
        Ok(())
    }

    /// Whether a file has been left alone for a while. One from the future has its own clock.
    fn is_settled(&self, stamp: Stamp) -> bool {
        let age = self.vault.clock().now().millis() - stamp.modified / 1_000_000;
        let settled = i64::try_from(SETTLED.as_millis()).unwrap_or(i64::MAX);
        !(-settled..settled).contains(&age)
    }

    /// Comes back to the files that had just been written.
    async fn settle(&mut self) -> Result<(), Stop> {
        if self.unsettled.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(SETTLED).await;
        for (path, then) in std::mem::take(&mut self.unsettled) {
            match self.place.open(&path).await {
                Ok(Some(file)) if file.stamp() == then => self.look_at(path).await?,
                // Still being written: it is the next scan's. What was known of it holds until then.
                Ok(Some(_)) => self.seen(vec![path]).await?,
                Ok(None) => {}
                Err(error) => self.unreadable(path, then, &error).await?,
            }
        }
        Ok(())
    }

    /// These were met as they are known.
    async fn seen(&self, paths: Vec<String>) -> Result<(), Stop> {
        let scan = self.number();
        let held = self
            .vault
            .catalog()
            .write(move |tx| {
                async move {
                    let held = external::hold(tx, scan.tenant, scan.folder, scan.token).await?;
                    if held {
                        external::mark_seen(tx, scan.tenant, scan.folder, &paths, scan.number)
                            .await?;
                    }
                    Ok(held)
                }
                .boxed()
            })
            .await?;
        if held { Ok(()) } else { Err(Stop::Lost) }
    }

    const fn number(&self) -> ScanOf {
        ScanOf {
            tenant: self.folder.tenant,
            folder: self.folder.id,
            owner: self.folder.owner,
            token: self.token,
            number: self.folder.scan,
        }
    }

    /// Writes down why a file is not taken in.
    async fn refuse(&mut self, path: &str, stamp: Stamp, why: &str) -> Result<(), Stop> {
        self.progress.refused += 1;
        let entry = Entry {
            folder: self.folder.id,
            path: path.to_owned(),
            state: EntryState::Refused,
            size: stamp.size,
            modified: stamp.modified,
            sha256: None,
            asset: None,
            problem: Some(why.to_owned()),
            state_at: self.vault.clock().now(),
        };
        self.put(entry).await
    }

    /// Writes a file down that shows no asset.
    async fn put(&self, entry: Entry) -> Result<(), Stop> {
        let scan = self.number();
        let held = self
            .vault
            .catalog()
            .write(move |tx| {
                async move {
                    let held = external::hold(tx, scan.tenant, scan.folder, scan.token).await?;
                    if held {
                        external::put(tx, scan.tenant, &entry, scan.number).await?;
                    }
                    Ok(held)
                }
                .boxed()
            })
            .await?;
        if held { Ok(()) } else { Err(Stop::Lost) }
    }

    /// Notes how far the scan has come, now and then.
    async fn keep(&mut self) -> Result<(), Stop> {
        if self.vault.is_draining() {
            return Err(Stop::Draining);
        }
        let lease = lease(&self.vault, self.token);
        if lease.now.millis() - self.kept_at.millis() < 1_000 {
            return Ok(());
        }
        self.kept_at = lease.now;
        let progress = serde_json::to_value(self.progress)
            .map_err(|error| Error::Internal(Box::new(error)))?;
        let folder = self.folder.clone();
        let held = self
            .vault
            .catalog()
            .write(move |tx| {
                async move { external::keep(tx, &folder, lease, &progress).await }.boxed()
            })
            .await?;
        if held { Ok(()) } else { Err(Stop::Lost) }
    }

    /// What was there before and was not met is there no more.
    async fn find_missing(&mut self) -> Result<(), Stop> {
        let mut after = String::new();
        loop {
            self.keep().await?;
            let (scan, from, now) = (self.number(), after.clone(), self.vault.clock().now());
            let unreadable = self.unreadable.clone();
            let page = self
                .vault
                .catalog()
                .write(move |tx| {
                    async move {
                        // Whoever has the folder by now counts anew: nothing is missing by our count.
                        if !external::hold(tx, scan.tenant, scan.folder, scan.token).await? {
                            return Ok(None);
                        }
                        let unmet =
                            external::unmet(tx, scan.tenant, scan.folder, scan.number, &from, PAGE)
                                .await?;
                        let mut missing = 0;
                        for entry in &unmet {
                            if !lies_in(&entry.path, &unreadable) {
                                let gone =
                                    external::mark_missing(tx, scan.tenant, entry, now).await?;
                                missing += u64::from(gone);
                            }
                        }
                        let last = unmet.last().map(|entry| entry.path.clone());
                        Ok(Some((
                            last.filter(|_| unmet.len() >= PAGE as usize),
                            missing,
                        )))
                    }
                    .boxed()
                })
                .await?;
            let (last, missing) = page.ok_or(Stop::Lost)?;
            self.progress.missing += missing;
            match last {
                Some(last) => after = last,
                None => return Ok(()),
            }
        }
    }
}

/// Whether a path lies in one of these directories.
fn lies_in(path: &str, directories: &[String]) -> bool {
    directories.iter().any(|directory| {
        path.strip_prefix(directory.as_str())
            .is_some_and(|rest| rest.starts_with('/'))
    })
}

/// An error for whoever looks after the folder.
fn told(error: &BlobError) -> String {
    match error {
        BlobError::Unavailable { source, .. } => format!("It cannot be read: {source}."),
        other => format!("It cannot be read: {other}."),
    }
}
