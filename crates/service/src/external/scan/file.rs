//! One file of an external folder: what it is, and whether it is taken in.

use blobs::BlobError;
use blobs::external::{ExternalFile, Hasher, Stamp};
use bytes::Bytes;
use catalog::external;
use domain::{MediaKind, MediaType, Sha256};
use futures::{FutureExt, StreamExt, TryStreamExt};

use super::sidecar::{self, Order};
use super::{Scan, Stop, told};
use crate::error::Error;
use crate::ingest::in_place::{self, Outcome, Placed};

/// What sniffing looks at.
const HEAD: u64 = 64 << 10;

impl Scan {
    /// A file that is not as it was known.
    pub(super) async fn look_at(&mut self, path: String) -> Result<(), Stop> {
        if sidecar::of(&path).is_some() {
            self.attach(path, Order::AsMet).await
        } else {
            self.index(path).await
        }
    }

    /// Reads a file and takes it in as what it is.
    async fn index(&mut self, path: String) -> Result<(), Stop> {
        self.keep().await?;
        let file = match self.place.open(&path).await {
            Ok(Some(file)) => file,
            // Gone again.
            Ok(None) => return Ok(()),
            Err(error) => return self.unreadable(path, Stamp::UNKNOWN, &error).await,
        };
        let stamp = file.stamp();
        let head: Result<Vec<Bytes>, _> = file.stream(0..HEAD.min(stamp.size)).try_collect().await;
        let head = match head {
            Ok(head) => head.concat(),
            Err(error) => return self.unreadable(path, stamp, &error).await,
        };
        let media_type = match self.accepted(&head) {
            Ok(media_type) => media_type,
            Err(why) => return self.refuse(&path, stamp, &why).await,
        };
        let sha256 = match self.hash(&file).await? {
            Ok(sha256) => sha256,
            // It was changed while it was read: the next scan has it.
            Err(BlobError::Damaged { .. }) => return self.seen(vec![path]).await,
            Err(error) => return self.unreadable(path, stamp, &error).await,
        };
        self.progress.read += 1;
        self.progress.bytes += stamp.size;
        let placed = Placed {
            scan: self.number(),
            path,
            stamp,
            sha256,
            media_type,
        };
        match in_place::index(&self.vault, &self.caller, placed).await? {
            Outcome::New => self.progress.added += 1,
            Outcome::Changed => self.progress.changed += 1,
            Outcome::Known => self.progress.known += 1,
            Outcome::Dismissed => {}
            Outcome::Lost => return Err(Stop::Lost),
        }
        Ok(())
    }

    /// A file that cannot be read. One that is known may be readable again tomorrow: what it shows is not
    /// forgotten over it.
    pub(super) async fn unreadable(
        &mut self,
        path: String,
        stamp: Stamp,
        error: &BlobError,
    ) -> Result<(), Stop> {
        let (tenant, id, paths) = (self.folder.tenant, self.folder.id, [path.clone()]);
        let known = self
            .vault
            .catalog()
            .read(move |tx| async move { external::known(tx, tenant, id, &paths).await }.boxed())
            .await?;
        if known.values().any(|entry| entry.sha256.is_some()) {
            tracing::warn!(folder = %id, %path, %error, "a file that is known could not be read");
            return self.seen(vec![path]).await;
        }
        self.refuse(&path, stamp, &told(error)).await
    }

    /// The digest of a file, which may take long.
    async fn hash(&mut self, file: &ExternalFile) -> Result<Result<Sha256, BlobError>, Stop> {
        let mut hasher = Hasher::default();
        let mut pieces = file.stream(0..file.stamp().size).boxed();
        while let Some(piece) = pieces.next().await {
            match piece {
                Ok(piece) => hasher.update(piece).await.map_err(Error::from)?,
                Err(error) => return Ok(Err(error)),
            }
            self.keep().await?;
        }
        Ok(Ok(hasher.finish()))
    }

    /// The type of a file that is a library's.
    fn accepted(&self, head: &[u8]) -> Result<MediaType, String> {
        let found = media::sniff(head);
        let kept = matches!(
            found.kind(),
            MediaKind::Image | MediaKind::Video | MediaKind::Audio | MediaKind::Document
        );
        if head.is_empty() {
            return Err("The file is empty.".to_owned());
        }
        if !kept {
            return Err("It is no photo, video, recording or document.".to_owned());
        }
        if !self.vault.live().allows(found) {
            return Err(format!("{found} is not on the list of accepted types."));
        }
        Ok(found)
    }
}
