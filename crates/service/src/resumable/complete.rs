//! How an upload that has all its bytes becomes an asset.
//!
//! Copying gigabytes takes longer than clients and proxies wait, so the work is a task of its own that
//! nobody's hanging up ends. A request waits for it for a while and then says that the upload is busy, which
//! clients take for what it is and ask again; whoever asks waits for the same work. If the node is killed
//! meanwhile, the lease runs out, and the next request or the keeper begins it anew.

use std::time::Duration;

use blobs::{BlobError, ObjectName};
use catalog::resumable::parts::{self, Part};
use domain::{Code, Permission, TenantId, UploadId};
use futures::{FutureExt, TryStreamExt};
use identity::Caller;
use tokio::time::{sleep, timeout};
use tracing::Instrument;

use super::lease::Lease;
use super::{Resumable, State, locked, metadata, not_refused};
use crate::Vault;
use crate::content::object_name;
use crate::error::{Error, Result};
use crate::ingest::{Announced, Receiving};
use crate::links::Signatory;

/// How long a request waits: proxies give up after 30 seconds and later.
const PATIENCE: Duration = Duration::from_secs(25);

/// Pause between two looks at what somebody else is doing.
const GLANCE: Duration = Duration::from_millis(250);

/// Rows of parts read at a time.
const PAGE: u32 = 500;

impl Vault {
    /// Makes an upload that has all its bytes an asset, and waits for it.
    pub(super) async fn complete(
        &self,
        caller: &Caller,
        lease: Lease,
        upload: Resumable,
    ) -> Result<Resumable> {
        let (tenant, id) = (upload.tenant, upload.id);
        let work = put_together(self.clone(), caller.clone(), lease, upload);
        let work = tokio::spawn(work.in_current_span());
        match timeout(PATIENCE, work).await {
            Ok(done) => done.map_err(|error| Error::Internal(Box::new(error)))??,
            Err(_) => return Err(busy()),
        }
        not_refused(self.resumable_row(tenant, id).await?)
    }

    /// Waits for what becomes of an upload that has all its bytes, and sees to it if nobody does.
    pub(super) async fn await_completion(
        &self,
        caller: &Caller,
        upload: Resumable,
    ) -> Result<Resumable> {
        let (tenant, id) = (upload.tenant, upload.id);
        let waiting = timeout(PATIENCE, async {
            loop {
                let upload = self.resumable_row(tenant, id).await?;
                if upload.state != State::Open {
                    return self.present(upload).and_then(not_refused);
                }
                if let Some(lease) = Lease::take_free(self, tenant, id).await? {
                    return self.complete(caller, lease, upload).await;
                }
                sleep(GLANCE).await;
            }
        });
        waiting.await.unwrap_or_else(|_| Err(busy()))
    }

    /// Completes an upload that nobody asks for, for its owner.
    pub(super) async fn complete_alone(&self, upload: Resumable) -> Result<()> {
        let (tenant, user) = (upload.tenant, upload.owner);
        let by = Signatory { tenant, user };
        let caller = self.on_behalf(by, Permission::AssetsWrite).await?;
        match Lease::take_free(self, tenant, upload.id).await? {
            Some(lease) => put_together(self.clone(), caller, lease, upload).await,
            None => Ok(()),
        }
    }

    /// Ends an upload whose bytes can never be taken. Everything else may be better the next time.
    pub(super) async fn fail_if_hopeless(&self, upload: &Resumable, error: &Error) {
        let hopeless = matches!(
            error.code(),
            Code::DigestMismatch
                | Code::SizeMismatch
                | Code::TypeNotAllowed
                | Code::TypeMismatch
                | Code::InvalidField
                | Code::UploadGone
        );
        if !hopeless {
            return;
        }
        let closed = self
            .close_resumable(upload, State::Failed, Some(error))
            .await;
        match closed {
            Ok(_) => self.clear_away(),
            Err(error) => {
                tracing::warn!(id = %upload.id, %error, "the end of an upload was not noted; it will expire");
            }
        }
    }
}

/// Streams the parts through the way in of every file.
async fn put_together(vault: Vault, caller: Caller, lease: Lease, upload: Resumable) -> Result<()> {
    let beating = lease.beat();
    let outcome = stream_in(&vault, &caller, &upload).await;
    drop(beating);
    if let Err(error) = &outcome {
        vault.fail_if_hopeless(&upload, error).await;
    }
    lease.give_back().await;
    vault.clear_away();
    outcome
}

async fn stream_in(vault: &Vault, caller: &Caller, upload: &Resumable) -> Result<()> {
    let announced = Announced {
        size: upload.length,
        resumable: Some(upload.id),
        ..metadata::read(&upload.metadata)?
    };
    let mut receiving = vault.receive(caller, announced).await?;
    let own = [upload.id];
    let sources = match upload.partials.is_empty() {
        true => &own[..],
        false => &upload.partials,
    };
    for source in sources {
        read_into(vault, upload.tenant, *source, &mut receiving).await?;
    }
    receiving.finish().await.map(drop)
}

/// Gives all bytes of one upload to `receiving`.
async fn read_into(
    vault: &Vault,
    tenant: TenantId,
    source: UploadId,
    receiving: &mut Receiving,
) -> Result<()> {
    let mut place = 0;
    loop {
        let page = vault
            .catalog()
            .read(move |tx| parts::from(tx, tenant, source, place, PAGE).boxed())
            .await?;
        if page.is_empty() {
            return Ok(());
        }
        for part in page {
            place = copy(vault, &part, place, receiving).await?;
        }
    }
}

/// Gives the bytes of one part, which begins where the one before it ended; where the next one does.
async fn copy(vault: &Vault, part: &Part, place: u64, receiving: &mut Receiving) -> Result<u64> {
    if part.start != place {
        let what = format!("upload {} has a hole at {place}", part.upload);
        return Err(Error::internal(what));
    }
    let object: ObjectName = object_name(&part.object)?;
    let bytes = vault.gate().read(part.tenant, &object, 0..part.size);
    let mut bytes = std::pin::pin!(bytes);
    while let Some(bytes) = bytes.try_next().await.map_err(unreadable)? {
        receiving.write(bytes).await?;
    }
    Ok(place + part.size)
}

/// A part that is damaged will not be whole again: its sender has the bytes.
fn unreadable(error: BlobError) -> Error {
    if !matches!(
        error,
        BlobError::Damaged { .. } | BlobError::NotFound { .. }
    ) {
        return error.into();
    }
    tracing::error!(%error, "a part of an upload cannot be read");
    let detail = "what had arrived cannot be read any more: begin anew";
    Error::refused(Code::UploadGone, detail)
}

fn busy() -> Error {
    locked("all bytes are here, and are being put together: ask again")
}
