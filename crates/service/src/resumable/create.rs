//! How an upload begins.

use catalog::resumable as rows;
use domain::{Code, Permission, UploadId};
use futures::FutureExt;
use identity::Caller;

use super::lease::Lease;
use super::{Resumable, Role, State, locked, metadata};
use crate::Vault;
use crate::error::{Error, Result};
use crate::ingest::too_large;

/// Most uploads that one is joined of.
const MAX_PARTIALS: usize = 64;

/// What an upload is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// It becomes an asset by itself.
    Whole,
    /// It waits to be joined with others.
    Partial,
    /// It joins these, in this order.
    Final(Vec<UploadId>),
}

/// An upload to begin.
#[derive(Debug, Clone)]
pub struct New {
    /// What it is for.
    pub kind: Kind,
    /// Bytes it will have; `None`: that is said later. A final one has what its parts have.
    pub length: Option<u64>,
    /// What the client says of the file, as the protocol writes it.
    pub metadata: String,
}

impl Vault {
    /// Begins an upload. One that joins others is complete when this returns, and so is one without bytes.
    ///
    /// # Errors
    /// `Forbidden`, `TooLarge`, `QuotaExceeded`, `StorageFull`; a field problem; `TooManyRequests` when the
    /// caller has too many under way; why a complete one was refused.
    pub async fn begin_resumable(&self, caller: &Caller, new: New) -> Result<Resumable> {
        caller.require(Permission::AssetsWrite)?;
        metadata::read(&new.metadata)?;
        match new.kind {
            Kind::Final(partials) => self.join(caller, partials, new.metadata).await,
            Kind::Whole => {
                self.begin(caller, Role::Whole, new.length, new.metadata)
                    .await
            }
            Kind::Partial => {
                self.begin(caller, Role::Partial, new.length, new.metadata)
                    .await
            }
        }
    }

    async fn begin(
        &self,
        caller: &Caller,
        role: Role,
        length: Option<u64>,
        metadata: String,
    ) -> Result<Resumable> {
        let max = self.live().max_upload_size;
        if length.is_some_and(|length| length > max) {
            return Err(too_large(max));
        }
        self.require_room(length.unwrap_or(0)).await?;
        let upload = Resumable {
            length,
            reserved: length.unwrap_or(0),
            ..self.fresh_resumable(caller, role, metadata)
        };
        self.insert_resumable(&upload).await?;
        if role == Role::Whole && upload.is_full() {
            let lease = Lease::take(self, upload.tenant, upload.id).await?;
            return self.complete(caller, lease, upload).await;
        }
        Ok(upload)
    }

    /// Joins uploads. Asked again for the same ones, it gives what became of them: whoever lost the answer
    /// asks again.
    async fn join(
        &self,
        caller: &Caller,
        partials: Vec<UploadId>,
        metadata: String,
    ) -> Result<Resumable> {
        if partials.is_empty() || partials.len() > MAX_PARTIALS {
            let detail = format!("1 to {MAX_PARTIALS} uploads are joined");
            return Err(Error::field("Upload-Concat", detail));
        }
        let mut length = 0;
        for id in &partials {
            let partial = self.own_resumable(caller, *id).await?;
            if let Some(last) = partial.joined_by {
                return self.joined(caller, last, &partials).await;
            }
            let partial = self.present(partial)?;
            if partial.role != Role::Partial || !partial.is_full() {
                let detail = "every upload that is joined is partial and has all its bytes";
                return Err(Error::refused(Code::WrongState, detail));
            }
            length += partial.received;
        }
        let max = self.live().max_upload_size;
        if length > max {
            return Err(too_large(max));
        }
        let upload = Resumable {
            length: Some(length),
            received: length,
            partials,
            ..self.fresh_resumable(caller, Role::Final, metadata)
        };
        self.insert_resumable(&upload).await?;
        let lease = Lease::take(self, upload.tenant, upload.id).await?;
        self.complete(caller, lease, upload).await
    }

    /// What became of uploads that are joined already.
    async fn joined(
        &self,
        caller: &Caller,
        last: UploadId,
        partials: &[UploadId],
    ) -> Result<Resumable> {
        let upload = self.own_resumable(caller, last).await?;
        if upload.partials != partials {
            let detail = "one of these is part of another upload";
            return Err(Error::refused(Code::Conflict, detail));
        }
        self.resumable_outcome(caller, last).await
    }

    fn fresh_resumable(&self, caller: &Caller, role: Role, metadata: String) -> Resumable {
        Resumable {
            tenant: caller.tenant,
            id: self.ids().fresh(),
            owner: caller.user,
            role,
            state: State::Open,
            length: None,
            received: 0,
            reserved: 0,
            metadata,
            partials: Vec::new(),
            joined_by: None,
            asset: None,
            duplicate: false,
            problem: None,
            created_at: self.clock().now(),
            expires_at: self.resumable_until(),
        }
    }

    async fn insert_resumable(&self, upload: &Resumable) -> Result<()> {
        let (row, most) = (upload.clone(), self.config().max_open_uploads);
        self.catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    if !rows::reserve(tx, row.tenant, row.owner, row.reserved).await? {
                        return Err(over_quota());
                    }
                    if !rows::insert(tx, &row, most).await? {
                        return Err(Error::TooMany {
                            retry_after: 60,
                            detail: format!("{most} uploads are under way: finish or end some")
                                .into(),
                        });
                    }
                    if !rows::join(tx, &row, row.created_at).await? {
                        return Err(locked("some of these are just being joined"));
                    }
                    Ok(())
                }
                .boxed()
            })
            .await
    }
}

/// There is not so much left of the quota.
pub(super) fn over_quota() -> Error {
    let detail = "delete something, or ask for more room; uploads under way count, too";
    Error::refused(Code::QuotaExceeded, detail)
}
