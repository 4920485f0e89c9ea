//! From one store to another: an object as it lies, ciphertext and all. Nothing is published that was
//! not found to be what was written: each frame is authenticated and the whole is hashed on the way.

use std::sync::Arc;

use domain::Sha256;
use sha2::Digest;

use crate::keys::{RingStanding, has_key_ring};
use crate::layout::{HEADER, sealed_size};
use crate::name::{KEY_RING, ObjectName};
use crate::store::{Publish, Store, stage_as};
use crate::{BlobError, Pace};

use super::{Gate, Reader};

/// Frames read at a time: 1 MiB.
const PIECE: u64 = 16;

/// Bytes gathered before they are written.
const BATCH: usize = 1024 * 1024;

/// What became of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// It was written; so many bytes as stored.
    Written(u64),
    /// A sound one was there.
    There,
}

impl Gate {
    /// Another store under the same keys, for copies of the same objects.
    pub fn beside(&self, store: Arc<dyn Store>) -> Self {
        Self {
            store,
            keys: Arc::clone(&self.keys),
        }
    }

    /// What the key ring that lies in this store is to the keys in use.
    ///
    /// # Errors
    /// The store did not answer, or the ring there cannot be read.
    pub async fn ring_standing(&self) -> Result<RingStanding, BlobError> {
        self.keys.standing_in(&*self.store).await
    }

    /// Whether the store has a key ring: one that lost it is not what it was, such as a disk that is not
    /// mounted.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn has_ring(&self) -> Result<bool, BlobError> {
        has_key_ring(&*self.store).await
    }

    /// Puts the keys in use, wrapped, into this store.
    ///
    /// # Errors
    /// The store did not take them.
    pub async fn put_ring(&self) -> Result<(), BlobError> {
        self.keys.put_into(&*self.store).await
    }

    /// Takes the key ring out of a store that is given up. What lies there opens nothing any more.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn delete_ring(&self) -> Result<bool, BlobError> {
        self.store.delete(KEY_RING).await
    }

    /// Copies an object, whose plain bytes have this digest where that is known, to a store with the same
    /// keys. One that is there and sound is left alone, one that is there and damaged is replaced.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] and [`BlobError::Damaged`] speak of the object here; either store failed.
    pub async fn copy(
        &self,
        object: &ObjectName,
        digest: Option<Sha256>,
        to: &Self,
        pace: &Pace,
    ) -> Result<Copied, BlobError> {
        if to.stat(object).await?.is_none() {
            return self.transfer(object, digest, to, Publish::New, pace).await;
        }
        match to.is_sound(object, digest, pace).await {
            Ok(true) => Ok(Copied::There),
            Ok(false) => {
                self.transfer(object, digest, to, Publish::Replace, pace)
                    .await
            }
            // It went meanwhile.
            Err(BlobError::NotFound { .. }) => {
                self.transfer(object, digest, to, Publish::New, pace).await
            }
            Err(error) => Err(error),
        }
    }

    /// Puts an object into the place of what has become of it in another store. It is the same object
    /// again: its digest says which bytes it has, and no others are published under its name.
    ///
    /// # Errors
    /// Those of [`Gate::copy`].
    pub async fn repair(
        &self,
        object: &ObjectName,
        digest: Option<Sha256>,
        broken: &Self,
        pace: &Pace,
    ) -> Result<Copied, BlobError> {
        self.transfer(object, digest, broken, Publish::Replace, pace)
            .await
    }

    /// Whether an object reads whole and has its digest.
    async fn is_sound(
        &self,
        object: &ObjectName,
        digest: Option<Sha256>,
        pace: &Pace,
    ) -> Result<bool, BlobError> {
        match self.verify_at(object, pace).await {
            Ok(verified) => Ok(digest.is_none_or(|digest| digest == verified.sha256)),
            Err(BlobError::Damaged { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn transfer(
        &self,
        object: &ObjectName,
        digest: Option<Sha256>,
        to: &Self,
        how: Publish,
        pace: &Pace,
    ) -> Result<Copied, BlobError> {
        let key = object.to_string();
        let front = self.store.read(&key, 0..HEADER).await?;
        let front = front.ok_or_else(|| BlobError::NotFound {
            object: key.clone(),
        })?;
        let reader = Reader::new(self, object, &front)?;
        let room = to.free_space().await?;
        if room.is_some_and(|room| room < sealed_size(reader.size())) {
            return Err(BlobError::StorageFull);
        }
        let size = front.size;
        let mut staged = stage_as(&*to.store, &key);
        let mut held = front.bytes;
        let mut hasher = sha2::Sha256::new();
        let frames = reader.all_frames();
        let mut at = frames.start;
        while at < frames.end {
            let piece = at..frames.end.min(at + PIECE);
            at = piece.end;
            let (stored, plain) = reader.stored_piece(piece).await?;
            pace.take(stored.len() as u64).await;
            hasher = tokio::task::spawn_blocking(move || {
                plain.iter().for_each(|frame| hasher.update(frame));
                hasher
            })
            .await
            .map_err(BlobError::stopped)?;
            if held.len() + stored.len() > BATCH && !held.is_empty() {
                staged.write(std::mem::take(&mut held)).await?;
            }
            held.extend(stored);
        }
        let found: [u8; 32] = hasher.finalize().into();
        let found = Sha256::from_bytes(found);
        if let Some(expected) = digest.filter(|expected| *expected != found) {
            let reason = format!("its SHA-256 is {found} and not {expected}");
            return Err(BlobError::damaged(object, reason));
        }
        let how = match object {
            ObjectName::Derived { .. } => Publish::Derived,
            ObjectName::Blob { .. } | ObjectName::Part { .. } => how,
        };
        match staged.publish(held, &key, how).await {
            // Somebody else copied it at the same time, and checked it as we did.
            Err(BlobError::Exists { .. }) => Ok(Copied::There),
            published => published.map(|()| Copied::Written(size)),
        }
    }
}
