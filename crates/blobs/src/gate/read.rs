//! The way out: whole frames are read, authenticated and decrypted in place, a little ahead of the
//! receiver.

use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use domain::{Sha256, TenantId};
use futures::{Stream, StreamExt, TryStreamExt, stream};
use sha2::Digest;

use crate::BlobError;
use crate::frames::FrameKey;
use crate::layout::{FRAME, HEADER, frame_count, frame_span, plain_size};
use crate::name::ObjectName;
use crate::store::{Slice, Store};

use super::Gate;

/// Frames in the first piece read, so that the first byte comes soon: 256 KiB.
const FIRST: u64 = 4;
/// Frames in every further piece: 1 MiB.
const PIECE: u64 = 16;
/// Pieces read ahead of the receiver.
const AHEAD: usize = 2;
/// Below this size decrypting is quicker than moving it to another thread.
const SMALL: usize = 4 * FRAME as usize;

/// What a full reading found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Digest of the plain bytes as they are now.
    pub sha256: Sha256,
    /// Number of plain bytes as they are now.
    pub size: u64,
}

/// An object whose header was read and found right.
#[derive(Clone)]
pub struct Reader {
    store: Arc<dyn Store>,
    object: ObjectName,
    key: Option<Arc<FrameKey>>,
    size: u64,
    stored_size: u64,
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
        self.reader_of(object, &slice).map(Some)
    }

    /// Plain bytes in `range`, in pieces of 64 KiB and less. An object that is not there, or is
    /// shorter than `range`, is an error of the stream.
    pub fn read(
        &self,
        tenant: TenantId,
        object: &ObjectName,
        range: Range<u64>,
    ) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + 'static {
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
        let reach = crate::layout::sealed_size(max_size);
        let Some(mut slice) = self.store.read(&object.to_string(), 0..reach).await? else {
            return Ok(None);
        };
        let reader = self.reader_of(object, &slice)?;
        if reader.size > max_size {
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
        Ok(reader.size)
    }

    /// Reads a whole object again and hashes it.
    ///
    /// # Errors
    /// [`BlobError::NotFound`]; [`BlobError::Damaged`] where the encryption itself sees it; the
    /// store failed.
    pub async fn verify(&self, object: &ObjectName) -> Result<Verified, BlobError> {
        let reader = self.present(object.tenant(), object).await?;
        let mut hasher = sha2::Sha256::new();
        let mut pieces = reader.pieces(reader.all_frames());
        while let Some(piece) = pieces.try_next().await? {
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
            size: reader.size,
        })
    }

    async fn present(&self, tenant: TenantId, object: &ObjectName) -> Result<Reader, BlobError> {
        let reader = self.reader(tenant, object).await?;
        reader.ok_or_else(|| BlobError::NotFound {
            object: object.to_string(),
        })
    }

    /// Makes a reader from the front of an object.
    fn reader_of(&self, object: &ObjectName, front: &Slice) -> Result<Reader, BlobError> {
        let key = self.check_header(object, &front.bytes)?;
        let size = match key {
            Some(_) => plain_size(front.size),
            None => front.size.checked_sub(HEADER),
        };
        Ok(Reader {
            store: Arc::clone(&self.store),
            object: object.clone(),
            key: key.map(Arc::new),
            size: size.ok_or_else(|| BlobError::damaged(object, "it was cut off"))?,
            stored_size: front.size,
        })
    }
}

impl Reader {
    /// Number of plain bytes.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Plain bytes in `range`, in pieces of 64 KiB and less.
    ///
    /// # Errors
    /// The object is shorter than `range`.
    pub fn stream(
        &self,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes, BlobError>> + Send + use<>, BlobError> {
        if range.end > self.size {
            return Err(BlobError::damaged(
                &self.object,
                format!("it has {} bytes, wanted are {range:?}", self.size),
            ));
        }
        let first = range.start / FRAME;
        // Even of nothing the one frame is read, so that it is authenticated.
        let frames = if range.is_empty() && self.size > 0 {
            0..0
        } else {
            first..range.end.div_ceil(FRAME).max(first + 1)
        };
        let mut at = first * FRAME;
        Ok(self
            .pieces(frames)
            .map_ok(|piece| stream::iter(piece.into_iter().map(Ok)))
            .try_flatten()
            .map_ok(move |frame| {
                let cut = |offset: u64| (offset.max(at) - at).min(frame.len() as u64) as usize;
                let wanted = frame.slice(cut(range.start)..cut(range.end));
                at += frame.len() as u64;
                wanted
            })
            .try_filter(|bytes| std::future::ready(!bytes.is_empty())))
    }

    const fn all_frames(&self) -> Range<u64> {
        0..frame_count(self.size)
    }

    /// Plain bytes of `frames`, a few frames at a time, read ahead in tasks of their own.
    fn pieces(
        &self,
        frames: Range<u64>,
    ) -> impl Stream<Item = Result<Vec<Bytes>, BlobError>> + Send + Unpin + use<> {
        let reader = self.clone();
        let mut next = frames.start;
        let first_piece = frames.start;
        let ranges = std::iter::from_fn(move || {
            let count = if next == first_piece { FIRST } else { PIECE };
            let piece = next..frames.end.min(next + count);
            next = piece.end;
            (!piece.is_empty()).then_some(piece)
        });
        stream::iter(ranges)
            .map(move |piece| {
                let task = tokio::spawn(reader.clone().piece(piece));
                async { task.await.map_err(BlobError::stopped)? }
            })
            .buffered(AHEAD)
    }

    async fn piece(self, frames: Range<u64>) -> Result<Vec<Bytes>, BlobError> {
        let span = match self.key {
            Some(_) => frame_span(&frames, self.stored_size),
            None => {
                let at = |frame: u64| (HEADER + frame * FRAME).min(self.stored_size);
                at(frames.start)..at(frames.end)
            }
        };
        let slice = self.store.read(&self.object.to_string(), span).await?;
        let slice = slice.ok_or_else(|| BlobError::NotFound {
            object: self.object.to_string(),
        })?;
        self.open_frames(frames, slice).await
    }

    /// Authenticates and decrypts what was read of `frames`.
    async fn open_frames(&self, frames: Range<u64>, slice: Slice) -> Result<Vec<Bytes>, BlobError> {
        if slice.size != self.stored_size {
            return Err(BlobError::damaged(&self.object, "its size changed"));
        }
        let Some(key) = self.key.clone() else {
            let mut bytes = Bytes::from(slice.bytes);
            let mut pieces = Vec::with_capacity(bytes.len().div_ceil(FRAME as usize));
            while !bytes.is_empty() {
                pieces.push(bytes.split_to(bytes.len().min(FRAME as usize)));
            }
            return Ok(pieces);
        };
        let last = frame_count(self.size) - 1;
        let open = move || key.open_all(frames.start, last, slice.bytes);
        let opened = if slice_is_small(&frames) {
            open()
        } else {
            tokio::task::spawn_blocking(open)
                .await
                .map_err(BlobError::stopped)?
        };
        opened.map_err(|frame| {
            BlobError::damaged(
                &self.object,
                format!("frame {frame} is not what was written"),
            )
        })
    }
}

fn slice_is_small(frames: &Range<u64>) -> bool {
    (frames.end - frames.start) * FRAME <= SMALL as u64
}
