//! Uploads that may break off and go on (the tus protocol, version 1.0, speaks to these verbs).
//!
//! **What is acknowledged is safe, on every node.** Bytes are written as *parts*: objects behind the gate,
//! encrypted and synced like any other, of at most [`PART`] bytes. A part counts once its row is written
//! in the transaction that moves the upload on; what was told to a client is never more. So a node may be
//! killed in the middle of a request, and another one goes on from the last part. A connection that is cut
//! loses nothing at all: what came of a part is kept as a smaller one. A part smaller than [`SMALL`] is
//! taken into the next, so that many small requests do not become as many objects.
//!
//! **The end is the one of every upload.** The parts are streamed through [`crate::ingest`] (type by
//! content, quota, bytes that are there already), whose one transaction makes the asset *and* closes the
//! upload. A file that arrives in one request and fits one part skips this: its part is published as the
//! blob. The work runs apart from the request: a client that waited for too long, or hung up, finds the
//! outcome with its next request, and a keeper completes what nobody asks for any more.
//!
//! **One writer at a time** ([`lease`]): whoever comes later is let in, and whoever was there before saves
//! what it has and ends, because a connection that is dead only on one side is the usual reason for two.
//!
//! **The quota is held** from the beginning, or, where the length is not known, as bytes arrive.

mod append;
mod checksum;
mod complete;
mod create;
mod lease;
mod metadata;
pub(crate) mod tidy;

use catalog::resumable as rows;
use catalog::resumable::Ending;
use domain::{Code, Permission, TenantId, Timestamp, UploadId};
use futures::FutureExt;
use identity::Caller;

pub use append::{Body, Cut, Patch};
pub use catalog::resumable::{Resumable, Role, State};
pub use checksum::{ALGORITHMS, Checksum};
pub use create::{Kind, New};

use crate::Vault;
use crate::error::{Error, Result};
use lease::Lease;

/// Bytes of a part. What a node that is killed loses, and what a row stands for.
pub const PART: u64 = 16 << 20;

/// A part below this is written anew together with what follows it.
pub const SMALL: u64 = 1 << 20;

/// Open uploads told at once; more than an account may have by default.
const LISTED: u32 = 1000;

/// What the client calls the file.
pub fn file_name(upload: &Resumable) -> String {
    metadata::read(&upload.metadata)
        .map(|announced| announced.file_name)
        .unwrap_or_default()
}

impl Vault {
    /// Bytes one file may have.
    pub fn max_upload_size(&self) -> u64 {
        self.live().max_upload_size
    }

    /// An own upload as it stands.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`; `UploadGone` when it was ended or its time ran out.
    pub async fn resumable(&self, caller: &Caller, id: UploadId) -> Result<Resumable> {
        let upload = self.own_resumable(caller, id).await?;
        self.present(upload)
    }

    /// An own upload once it is certain how it stands: one that has all its bytes is completed first.
    ///
    /// # Errors
    /// As [`Vault::resumable`]; why it was refused; `UploadLocked` when that takes longer than anybody
    /// should wait.
    pub async fn resumable_outcome(&self, caller: &Caller, id: UploadId) -> Result<Resumable> {
        let upload = self.resumable(caller, id).await?;
        if upload.state == State::Open && upload.role != Role::Partial && upload.is_full() {
            return self.await_completion(caller, upload).await;
        }
        not_refused(upload)
    }

    /// The caller's open uploads, the latest first.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn open_resumables(&self, caller: &Caller) -> Result<Vec<Resumable>> {
        caller.require(Permission::AssetsWrite)?;
        let (tenant, owner, now) = (caller.tenant, caller.user, self.clock().now());
        let mut open = self
            .catalog()
            .read(move |tx| rows::open_of(tx, tenant, owner, LISTED).boxed())
            .await?;
        open.retain(|upload| upload.expires_at > now);
        Ok(open)
    }

    /// Gives an own upload up. What it became already stays.
    ///
    /// # Errors
    /// As [`Vault::resumable`]; `WrongState` when it is part of another one, `UploadLocked`.
    pub async fn end_resumable(&self, caller: &Caller, id: UploadId) -> Result<()> {
        let upload = self.resumable(caller, id).await?;
        if upload.state != State::Open {
            return Ok(());
        }
        if upload.joined_by.is_some() {
            let detail = "it is part of another upload: end that one";
            return Err(Error::refused(Code::WrongState, detail));
        }
        let lease = Lease::take(self, upload.tenant, id).await?;
        let closed = self.close_resumable(&upload, State::Ended, None).await;
        lease.give_back().await;
        closed?;
        self.clear_away();
        Ok(())
    }

    /// An own upload, whatever became of it.
    async fn own_resumable(&self, caller: &Caller, id: UploadId) -> Result<Resumable> {
        caller.require(Permission::AssetsWrite)?;
        let upload = self.resumable_row(caller.tenant, id).await?;
        if upload.owner != caller.user {
            return Err(Error::not_found());
        }
        Ok(upload)
    }

    async fn resumable_row(&self, tenant: TenantId, id: UploadId) -> Result<Resumable> {
        let row = self
            .catalog()
            .read(move |tx| rows::get(tx, tenant, id).boxed())
            .await?;
        row.ok_or_else(Error::not_found)
    }

    /// Refuses one that is over. The keeper that writes this down comes by now and then; the clock is
    /// exact.
    fn present(&self, upload: Resumable) -> Result<Resumable> {
        let late = upload.state == State::Open && upload.expires_at <= self.clock().now();
        if late || matches!(upload.state, State::Ended | State::Expired) {
            return Err(gone());
        }
        Ok(upload)
    }

    /// Ends an open upload. `false`: somebody else has.
    async fn close_resumable(
        &self,
        upload: &Resumable,
        state: State,
        problem: Option<&Error>,
    ) -> Result<bool> {
        let (tenant, id, now) = (upload.tenant, upload.id, self.clock().now());
        let problem = problem.map(|error| (error.code().as_str(), error.detail()));
        Ok(self
            .catalog()
            .write(move |tx| {
                async move {
                    let problem = problem.as_ref();
                    let ending = Ending {
                        state,
                        problem: problem.map(|(code, detail)| (*code, detail.as_str())),
                        now,
                    };
                    rows::close(tx, tenant, id, &ending).await
                }
                .boxed()
            })
            .await?)
    }

    /// When an upload that something arrives for now is given up.
    fn resumable_until(&self) -> Timestamp {
        let seconds = i64::from(self.config().unfinished_upload_seconds);
        self.clock().now().plus_millis(seconds * 1000)
    }
}

/// Gives why an upload was refused as the refusal it was.
fn not_refused(upload: Resumable) -> Result<Resumable> {
    let Some((word, detail)) = &upload.problem else {
        return Ok(upload);
    };
    let code = Code::ALL.iter().find(|code| code.as_str() == word);
    let code = code.copied().unwrap_or(Code::WrongState);
    Err(Error::refused(code, detail.clone()))
}

fn gone() -> Error {
    Error::refused(Code::UploadGone, "begin the upload anew")
}

fn locked(detail: &'static str) -> Error {
    Error::refused(Code::UploadLocked, detail)
}
