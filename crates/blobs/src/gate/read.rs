//! The way out: streams, small pieces, files, and reading again to verify.

use std::fs::File;
use std::io::Write;
use std::ops::Range;

use bytes::Bytes;
use domain::{Sha256, TenantId};
use futures::{Stream, TryStreamExt, stream};
use sha2::Digest;

use crate::layout::{HEADER, sealed_size};
use crate::name::ObjectName;
use crate::{BlobError, Pace};

use super::{Gate, Reader};

/// What a full reading found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Digest of the plain bytes as they are now.
    pub sha256: Sha256,
    /// Number of plain bytes as they are now.
    pub size: u64,
}

impl Gate {
    /// Opens an object of `tenant`; `None` when there is none of that name.
    ///
    /// # Errors
    /// Its header is damaged or belongs elsewhere, or the store failed.
    pub async fn reader(
        &self,
        tenant: TenantId,
        object: &ObjectName,
    ) -> Result<Option<Reader>, BlobError> {
        if object.tenant() != tenant {
            return Ok(None);
        }
        let key = object.to_string();
        let Some(slice) = self.store.read(&key, 0..HEADER).await? else {
            return Ok(None);
        };
        Reader::new(self, object, &slice).map(Some)
    }

    /// Plain bytes in `range`, in pieces of 64 KiB and less. An object that is not there, or is
    /// shorter than `range`, is an error of the stream.
    pub fn read(
        &self,
        tenant: TenantId,
        object: &ObjectName,
        range: Range<u64>,
    ) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + use<> {
        let (gate, object) = (self.clone(), object.clone());
        stream::once(async move { gate.present(tenant, &object).await?.stream(range) })
            .try_flatten()
    }

    /// A whole small object at once: one reading, one piece. `None` when there is none of that name.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`] when it has more than `max_size` bytes; it is damaged, or the store
    /// failed.
    pub async fn read_small(
        &self,
        tenant: TenantId,
        object: &ObjectName,
        max_size: u64,
    ) -> Result<Option<Bytes>, BlobError> {
        if object.tenant() != tenant {
            return Ok(None);
        }
        let reach = sealed_size(max_size);
        let Some(mut slice) = self.store.read(&object.to_string(), 0..reach).await? else {
            return Ok(None);
        };
        let reader = Reader::new(self, object, &slice)?;
        if reader.size() > max_size {
            return Err(BlobError::TooLarge { max: max_size });
        }
        slice.bytes.drain(..HEADER as usize);
        let frames = reader.all_frames();
        let mut pieces = reader.open_frames(frames, slice).await?;
        Ok(Some(if pieces.len() == 1 {
            pieces.remove(0)
        } else {
            pieces.concat().into()
        }))
    }

    /// Writes a whole object to a file, at the place the file stands, for somebody who may see
    /// plain files only. The number of bytes written.
    ///
    /// # Errors
    /// There is no such object, it is damaged, the store failed, or the file takes no more.
    pub async fn read_to_file(
        &self,
        tenant: TenantId,
        object: &ObjectName,
        file: &File,
    ) -> Result<u64, BlobError> {
        let reader = self.present(tenant, object).await?;
        let failed = |error| BlobError::io("copy an object to a file", error);
        let mut file = file.try_clone().map_err(failed)?;
        let mut pieces = reader.pieces(reader.all_frames());
        while let Some(piece) = pieces.try_next().await? {
            let write = move || {
                piece
                    .iter()
                    .try_for_each(|frame| file.write_all(frame))
                    .map(|()| file)
            };
            file = tokio::task::spawn_blocking(write)
                .await
                .map_err(BlobError::stopped)?
                .map_err(failed)?;
        }
        Ok(reader.size())
    }

    /// Reads a whole object again, from the medium and not from memory, and hashes it.
    ///
    /// # Errors
    /// [`BlobError::NotFound`]; [`BlobError::Damaged`] where the encryption itself sees it; the
    /// store failed.
    pub async fn verify(&self, object: &ObjectName) -> Result<Verified, BlobError> {
        self.verify_at(object, &Pace::unbounded()).await
    }

    /// [`Gate::verify`] at a pace.
    ///
    /// # Errors
    /// Those of [`Gate::verify`].
    pub async fn verify_at(&self, object: &ObjectName, pace: &Pace) -> Result<Verified, BlobError> {
        self.store.forget_cached(&object.to_string()).await?;
        let reader = self.present(object.tenant(), object).await?;
        let mut hasher = sha2::Sha256::new();
        let mut pieces = reader.pieces(reader.all_frames());
        while let Some(piece) = pieces.try_next().await? {
            pace.take(piece.iter().map(|frame| frame.len() as u64).sum())
                .await;
            let hash = move || {
                piece.iter().for_each(|frame| hasher.update(frame));
                hasher
            };
            hasher = tokio::task::spawn_blocking(hash)
                .await
                .map_err(BlobError::stopped)?;
        }
        let digest: [u8; 32] = hasher.finalize().into();
        Ok(Verified {
            sha256: Sha256::from_bytes(digest),
            size: reader.size(),
        })
    }

    async fn present(&self, tenant: TenantId, object: &ObjectName) -> Result<Reader, BlobError> {
        let reader = self.reader(tenant, object).await?;
        reader.ok_or_else(|| BlobError::NotFound {
            object: object.to_string(),
        })
    }
}
