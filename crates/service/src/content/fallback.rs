//! Reads from the primary store and, where that fails, goes on in the replica, at the byte it came to.
//! What was given out until then was authenticated, and is the same in both. Whatever failed is looked
//! at and repaired soon after.

use std::ops::Range;

use blobs::{BlobError, Gate, ObjectName};
use bytes::Bytes;
use domain::TenantId;
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt};
use metrics::counter;

use crate::Vault;

/// A reading under way.
struct Reading {
    vault: Vault,
    tenant: TenantId,
    object: ObjectName,
    /// What is still wanted.
    rest: Range<u64>,
    from: Source,
}

enum Source {
    Primary(BoxStream<'static, Result<Bytes, BlobError>>),
    Replica(BoxStream<'static, Result<Bytes, BlobError>>),
    /// It was all given, or an error was.
    Ended,
}

/// Plain bytes of an object in `range`.
pub(super) fn read(
    vault: &Vault,
    tenant: TenantId,
    object: ObjectName,
    range: Range<u64>,
) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + use<> {
    let primary = vault.gate().read(tenant, &object, range.clone()).boxed();
    let reading = Reading {
        vault: vault.clone(),
        tenant,
        object,
        rest: range,
        from: Source::Primary(primary),
    };
    stream::unfold(reading, Reading::next)
}

impl Reading {
    async fn next(mut self) -> Option<(Result<Bytes, BlobError>, Self)> {
        let piece = match &mut self.from {
            Source::Primary(bytes) | Source::Replica(bytes) => bytes.next().await?,
            Source::Ended => return None,
        };
        let error = match piece {
            Ok(bytes) => {
                self.rest.start += bytes.len() as u64;
                return Some((Ok(bytes), self));
            }
            Err(error) => error,
        };
        if !matches!(self.from, Source::Primary(_)) {
            self.from = Source::Ended;
            return Some((Err(error), self));
        }
        self.vault.suspect(&self.object).await;
        match replica(&self.vault).await {
            Some(replica) => self.go_on(&replica, error).await,
            None => {
                self.from = Source::Ended;
                Some((Err(error), self))
            }
        }
    }

    /// The next piece from the replica, or what was wrong with the primary where that fails, too.
    async fn go_on(
        mut self,
        replica: &Gate,
        error: BlobError,
    ) -> Option<(Result<Bytes, BlobError>, Self)> {
        let mut bytes = replica
            .read(self.tenant, &self.object, self.rest.clone())
            .boxed();
        match bytes.next().await {
            Some(Ok(piece)) => {
                counter!("mediavault_reads_from_replica_total").increment(1);
                tracing::warn!(object = %self.object, %error, "the replica stands in for the primary");
                self.rest.start += piece.len() as u64;
                self.from = Source::Replica(bytes);
                Some((Ok(piece), self))
            }
            None => None,
            Some(Err(other)) => {
                tracing::warn!(object = %self.object, error = %other, "the replica cannot stand in");
                self.from = Source::Ended;
                Some((Err(error), self))
            }
        }
    }
}

/// The replica, where there is one that can be read.
async fn replica(vault: &Vault) -> Option<Gate> {
    let attached = vault.replica()?.attach(vault).await;
    attached
        .inspect_err(|error| tracing::warn!(%error, "the replica cannot stand in"))
        .ok()
}
