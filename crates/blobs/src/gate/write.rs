//! The way in: hash, check, encrypt, write and publish in one pass and constant memory.
//!
//! Pieces are gathered into batches of about a MiB. A full batch goes two ways at once, to the
//! hasher and to the sealer with the staged object, each a lane of its own, while the next batch is
//! received: network, SHA-256 and disk overlap, and no thread is held while a slow sender pauses.

use bytes::Bytes;
use domain::{BlobId, Sha256, TenantId, UploadId};
use sha2::Digest;
use tokio::task::JoinHandle;

use crate::BlobError;
use crate::frames::Sealer;
use crate::header::Header;
use crate::layout::{HEADER, sealed_size};
use crate::name::ObjectName;
use crate::store::{Publish, Staged};

use super::Gate;

/// Plain bytes gathered before they are worked on.
const BATCH: usize = 1024 * 1024;

/// What the sender announced, and what is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expect {
    /// Digest of the bytes, when announced.
    pub sha256: Option<Sha256>,
    /// Number of bytes, when announced.
    pub size: Option<u64>,
    /// The largest number of bytes allowed.
    pub max_size: u64,
}

impl Expect {
    /// Nothing was announced.
    pub const fn at_most(max_size: u64) -> Self {
        Self {
            sha256: None,
            size: None,
            max_size,
        }
    }
}

/// A blob that was taken in, safe from a power cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The id it was given.
    pub blob: BlobId,
    /// Where it lies.
    pub object: ObjectName,
    /// Digest of the plain bytes.
    pub sha256: Sha256,
    /// Number of plain bytes.
    pub size: u64,
    /// Number of bytes in the store.
    pub stored_size: u64,
}

/// A blob on its way in. Dropped before [`Writer::finish`] has answered it leaves nothing but,
/// after a crash, a staging file for the sweep. A writer that gave an error, or whose call was
/// cancelled, can only be dropped.
pub struct Writer {
    tenant: TenantId,
    blob: BlobId,
    expect: Expect,
    /// What it is called, where that had to be said before.
    named: Option<ObjectName>,
    encrypted: bool,
    size: u64,
    batch: Vec<Bytes>,
    batched: usize,
    hasher: Lane<sha2::Sha256>,
    sink: Lane<Sink>,
}

/// The staged object and what makes its bytes.
struct Sink {
    sealer: Sealer,
    staged: Box<dyn Staged>,
}

impl Gate {
    /// Begins to take in a blob under an id never used before.
    ///
    /// # Errors
    /// What was announced is too large or finds no room, or the key ring could not be written.
    pub async fn writer(
        &self,
        tenant: TenantId,
        blob: BlobId,
        expect: Expect,
    ) -> Result<Writer, BlobError> {
        if let Some(size) = expect.size {
            expect.check_size(size)?;
            let room = self.store.free_space().await?;
            if room.is_some_and(|room| room < sealed_size(size)) {
                return Err(BlobError::StorageFull);
            }
        }
        let mut header = Header::of_blob(tenant, blob);
        let key = self.lock(&mut header).await?;
        let early = ObjectName::early(tenant, blob);
        let (staged, named) = match self.store.stage_named(&early.to_string()) {
            Some(staged) => (staged, Some(early)),
            None => (self.store.stage(), None),
        };
        Ok(Writer {
            tenant,
            blob,
            expect,
            named,
            encrypted: key.is_some(),
            size: 0,
            batch: Vec::new(),
            batched: 0,
            hasher: Lane::Free(sha2::Sha256::new()),
            sink: Lane::Free(Sink {
                sealer: Sealer::new(&header, key),
                staged,
            }),
        })
    }
}

impl Expect {
    fn check_size(&self, size: u64) -> Result<(), BlobError> {
        if size > self.max_size {
            return Err(BlobError::TooLarge { max: self.max_size });
        }
        Ok(())
    }
}

impl Writer {
    /// Takes in the next bytes; waits while the store is slower than the sender.
    ///
    /// # Errors
    /// More bytes than allowed or announced, or the store failed.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), BlobError> {
        self.size += bytes.len() as u64;
        self.expect.check_size(self.size)?;
        if let Some(expected) = self.expect.size.filter(|expected| self.size > *expected) {
            let found = self.size;
            return Err(BlobError::SizeMismatch { expected, found });
        }
        self.batched += bytes.len();
        self.batch.push(bytes);
        if self.batched >= BATCH {
            self.work_off().await?;
        }
        Ok(())
    }

    /// Number of bytes taken in so far.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Ends the blob: it is there, whole and safe, or not at all.
    ///
    /// # Errors
    /// The bytes are not those announced, or the store failed.
    pub async fn finish(self) -> Result<Stored, BlobError> {
        let size = self.size;
        if let Some(expected) = self.expect.size.filter(|expected| size != *expected) {
            return Err(BlobError::SizeMismatch {
                expected,
                found: size,
            });
        }
        let expected = self.expect.sha256;
        let (tenant, blob) = (self.tenant, self.blob);
        self.publish(expected, |found| ObjectName::blob(tenant, found, blob))
            .await
    }

    /// Ends it with what is there so far, as a part of that upload. What was announced is of the whole,
    /// and does not count. A store that wanted the name before the bytes keeps it as a blob's.
    ///
    /// # Errors
    /// The store failed.
    pub async fn finish_as_part(self, upload: UploadId) -> Result<Stored, BlobError> {
        let (tenant, blob) = (self.tenant, self.blob);
        let name = |_| ObjectName::Part {
            tenant,
            upload,
            blob,
        };
        self.publish(None, name).await
    }

    /// Makes it safe, and visible under that name, unless it has one already.
    async fn publish(
        mut self,
        expected: Option<Sha256>,
        name: impl FnOnce(Sha256) -> ObjectName + Send,
    ) -> Result<Stored, BlobError> {
        let size = self.size;
        let last = std::mem::take(&mut self.batch);
        self.hash(last.clone()).await?;
        let Sink { sealer, staged } = self.sink.free().await?;
        let sealed = tokio::task::spawn_blocking(move || sealer.finish(&last));
        let digest: [u8; 32] = self.hasher.free().await?.finalize().into();
        let found = Sha256::from_bytes(digest);
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            return Err(BlobError::DigestMismatch { expected, found });
        }
        let sealed = sealed.await.map_err(BlobError::stopped)?;
        let object = self.named.unwrap_or_else(|| name(found));
        staged
            .publish(sealed, &object.to_string(), Publish::New)
            .await?;
        Ok(Stored {
            blob: self.blob,
            object,
            sha256: found,
            size,
            stored_size: if self.encrypted {
                sealed_size(size)
            } else {
                HEADER + size
            },
        })
    }

    async fn work_off(&mut self) -> Result<(), BlobError> {
        let batch = std::mem::take(&mut self.batch);
        self.batched = 0;
        self.hash(batch.clone()).await?;
        let mut sink = self.sink.free().await?;
        self.sink = Lane::Busy(tokio::spawn(async move {
            let sealing = tokio::task::spawn_blocking(move || {
                let sealed = sink.sealer.push(&batch);
                (sink, sealed)
            });
            let (mut sink, sealed) = sealing.await.map_err(BlobError::stopped)?;
            sink.staged.write(sealed).await?;
            Ok(sink)
        }));
        Ok(())
    }

    async fn hash(&mut self, batch: Vec<Bytes>) -> Result<(), BlobError> {
        let mut hasher = self.hasher.free().await?;
        self.hasher = Lane::Busy(tokio::task::spawn_blocking(move || {
            for piece in &batch {
                hasher.update(piece);
            }
            Ok(hasher)
        }));
        Ok(())
    }
}

/// Work that goes on beside the caller, one batch at a time.
enum Lane<T> {
    Free(T),
    Busy(JoinHandle<Result<T, BlobError>>),
    /// A batch failed, or nobody waited for it.
    Lost,
}

impl<T> Lane<T> {
    /// Waits until the last batch is done.
    async fn free(&mut self) -> Result<T, BlobError> {
        match std::mem::replace(self, Self::Lost) {
            Self::Free(idle) => Ok(idle),
            Self::Busy(task) => task.await.map_err(BlobError::stopped)?,
            Self::Lost => Err(BlobError::io(
                "go on writing",
                std::io::Error::other("an earlier part of this object failed"),
            )),
        }
    }
}
