//! An open object. Whole frames are read, authenticated and decrypted in place, a little ahead of the
//! receiver and in tasks of their own, so that disk, cipher and network overlap.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream};

use crate::BlobError;
use crate::frames::FrameKey;
use crate::layout::{FRAME, HEADER, SEALED_FRAME, frame_count, frame_span, plain_size};
use crate::name::ObjectName;
use crate::store::{Slice, Store};

use super::Gate;

/// Frames in the first piece read, so that the first byte comes soon: 256 KiB.
const FIRST: u64 = 4;
/// Frames in every further piece: 1 MiB.
const PIECE: u64 = 16;
/// Pieces read ahead of the receiver.
const AHEAD: usize = 2;
/// Up to this size decrypting is quicker than moving it to another thread.
const SMALL: usize = (FIRST * SEALED_FRAME) as usize;

/// An object whose header was read and found right.
#[derive(Clone)]
pub struct Reader {
    store: Arc<dyn Store>,
    object: ObjectName,
    key: Option<Arc<FrameKey>>,
    size: u64,
    stored_size: u64,
}

impl Reader {
    /// Opens an object by its front, which holds at least the header.
    pub(super) fn new(gate: &Gate, object: &ObjectName, front: &Slice) -> Result<Self, BlobError> {
        let key = gate.check_header(object, &front.bytes)?;
        let size = match key {
            Some(_) => plain_size(front.size),
            None => front.size.checked_sub(HEADER),
        };
        Ok(Self {
            store: Arc::clone(&gate.store),
            object: object.clone(),
            key: key.map(Arc::new),
            size: size.ok_or_else(|| BlobError::damaged(object, "it was cut off"))?,
            stored_size: front.size,
        })
    }

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

    /// Every frame there is.
    pub(super) const fn all_frames(&self) -> Range<u64> {
        0..frame_count(self.size)
    }

    /// Plain bytes of `frames`, a few frames at a time, read ahead in tasks of their own.
    pub(super) fn pieces(
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
        let slice = self.read_frames(&frames).await?;
        self.open_frames(frames, slice).await
    }

    /// `frames` as they are stored, and the plain bytes that were found in them.
    pub(super) async fn stored_piece(
        &self,
        frames: Range<u64>,
    ) -> Result<(Vec<u8>, Vec<Bytes>), BlobError> {
        let slice = self.read_frames(&frames).await?;
        let stored = slice.bytes.clone();
        Ok((stored, self.open_frames(frames, slice).await?))
    }

    async fn read_frames(&self, frames: &Range<u64>) -> Result<Slice, BlobError> {
        let span = match self.key {
            Some(_) => frame_span(frames, self.stored_size),
            None => {
                let at = |frame: u64| (HEADER + frame * FRAME).min(self.stored_size);
                at(frames.start)..at(frames.end)
            }
        };
        let wanted = span.end - span.start;
        let slice = self.store.read(&self.object.to_string(), span).await?;
        let slice = slice.ok_or_else(|| BlobError::NotFound {
            object: self.object.to_string(),
        })?;
        if slice.bytes.len() as u64 != wanted {
            return Err(BlobError::damaged(&self.object, "it ends too early"));
        }
        Ok(slice)
    }

    /// Authenticates and decrypts what was read of `frames`.
    pub(super) async fn open_frames(
        &self,
        frames: Range<u64>,
        slice: Slice,
    ) -> Result<Vec<Bytes>, BlobError> {
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
        let small = slice.bytes.len() <= SMALL;
        let open = move || key.open_all(frames.start, last, slice.bytes);
        let opened = if small {
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
