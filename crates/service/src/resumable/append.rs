//! Bytes that arrive for an upload. Read the module above first: parts, and what is kept when.

mod filling;
mod under_way;

use std::time::Duration;

use bytes::Bytes;
use domain::{Code, UploadId};
use futures::StreamExt;
use futures::stream::BoxStream;
use identity::Caller;
use tokio::time::timeout;
use tracing::Instrument;

use super::checksum::Checksum;
use super::lease::Lease;
use super::{Resumable, Role, State, not_refused};
use crate::Vault;
use crate::error::{Error, Result};
use crate::ingest::too_large;
use under_way::Appending;

/// Bytes of a refused request that are read before it is answered, and for how long: a piece as clients
/// send them.
const DRAINED: usize = 64 << 20;
const DRAINING: Duration = Duration::from_secs(5);

/// The body of a request as it arrives.
pub type Body = BoxStream<'static, Result<Bytes, Cut>>;

/// The connection broke, or stood still for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut;

/// What a request with bytes says of them.
#[derive(Debug, Clone)]
pub struct Patch {
    /// Place of the first one.
    pub offset: u64,
    /// Bytes the whole upload will have, if that was not said before.
    pub length: Option<u64>,
    /// Bytes of this request, where it says so.
    pub size: Option<u64>,
    /// What they must add up to.
    pub checksum: Option<Checksum>,
}

impl Vault {
    /// Takes bytes in. Goes on to the end by itself when the caller does not wait for it any more: then
    /// the body breaks off, and what came of it is kept.
    ///
    /// # Errors
    /// As [`Vault::resumable_outcome`]; `OffsetMismatch`, `TooLarge`, `ChecksumMismatch`, `FinalUpload`,
    /// `UploadInterrupted` when the body broke off, `QuotaExceeded`, `StorageFull`, `TypeNotAllowed`.
    pub async fn append(
        &self,
        caller: &Caller,
        id: UploadId,
        patch: Patch,
        body: Body,
    ) -> Result<Resumable> {
        let (vault, caller) = (self.clone(), caller.clone());
        let work = async move {
            let mut body = body;
            let outcome = vault.append_here(&caller, id, patch, &mut body).await;
            if outcome.is_err() {
                drain(body).await;
            }
            outcome
        };
        let work = tokio::spawn(work.in_current_span());
        work.await
            .map_err(|error| Error::Internal(Box::new(error)))?
    }

    async fn append_here(
        &self,
        caller: &Caller,
        id: UploadId,
        patch: Patch,
        body: &mut Body,
    ) -> Result<Resumable> {
        let upload = not_refused(self.resumable(caller, id).await?)?;
        patch.fits(&upload)?;
        // Sent again because the answer was lost: the outcome is the answer.
        if upload.state == State::Complete || (upload.is_full() && upload.role == Role::Whole) {
            return self.resumable_outcome(caller, id).await;
        }
        let max = self.live().max_upload_size;
        let reach = patch.offset.saturating_add(patch.size.unwrap_or(0));
        let length = upload.length.or(patch.length);
        if length.is_some_and(|length| length > max) || reach > length.unwrap_or(max) {
            return Err(too_large(length.unwrap_or(max).min(max)));
        }
        self.require_room(patch.size.unwrap_or(0)).await?;
        let lease = Lease::take(self, upload.tenant, id).await?;
        // It may have gone on while another one held it.
        let upload = self.resumable(caller, id).await;
        let fitting = upload.and_then(|upload| patch.fits(&upload).map(|()| upload));
        let upload = match fitting {
            Ok(upload) => upload,
            Err(error) => {
                lease.give_back().await;
                return Err(error);
            }
        };
        let mut appending = match Appending::new(self, caller, &lease, upload, &patch) {
            Ok(appending) => appending,
            Err(error) => {
                lease.give_back().await;
                return Err(error);
            }
        };
        let outcome = appending.run(patch, body).await;
        if outcome.is_err() {
            appending.abandon().await;
        }
        let upload = appending.upload;
        match outcome {
            Ok(())
                if upload.state == State::Open
                    && upload.role == Role::Whole
                    && upload.is_full() =>
            {
                self.complete(caller, lease, upload).await
            }
            Ok(()) => {
                lease.give_back().await;
                Ok(upload)
            }
            Err(error) => {
                self.fail_if_hopeless(&upload, &error).await;
                lease.give_back().await;
                Err(error)
            }
        }
    }
}

impl Patch {
    /// Whether it goes on where the upload stands.
    fn fits(&self, upload: &Resumable) -> Result<()> {
        if upload.role == Role::Final {
            return Err(Error::refused(Code::FinalUpload, "it is made of others"));
        }
        if upload.joined_by.is_some() {
            return Err(Error::refused(Code::WrongState, "it is joined already"));
        }
        if self.offset != upload.received {
            let detail = format!("it goes on at {}", upload.received);
            return Err(Error::refused(Code::OffsetMismatch, detail));
        }
        match (self.length, upload.length) {
            (Some(said), Some(known)) if said != known => {
                Err(Error::field("Upload-Length", format!("it is {known}")))
            }
            (Some(said), None) if said < upload.received => Err(Error::field(
                "Upload-Length",
                "there are more bytes already",
            )),
            _ => Ok(()),
        }
    }
}

/// Reads on for a while: a client that is still sending would not hear why its bytes are refused.
async fn drain(mut body: Body) {
    let reading = async {
        let mut left = DRAINED;
        while let Some(Ok(chunk)) = body.next().await {
            left = left.saturating_sub(chunk.len());
            if left == 0 {
                return;
            }
        }
    };
    // Whoever sends for longer hears it from the closed connection.
    let _ = timeout(DRAINING, reading).await;
}
