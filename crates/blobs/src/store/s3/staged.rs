//! An object on its way into the bucket. What fits one part goes in one request. More than that goes
//! in parts, a few of them under way at a time, each holding its share of a budget until the store
//! has it: so memory is bounded however many send at once.

use std::sync::Arc;

use bytes::Bytes;
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, GetOptions, ObjectStore, PutMode, PutOptions, PutPayload,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::BlobError;
use crate::store::{Publish, Staged, StoreFuture};

use super::fault::{Fault, Kind, present};
use super::{Bucket, LITTLE, PART};

mod upload;

use upload::Upload;

/// Most bytes of an object that gets its name at the end: such wait in memory. Derived files and key
/// rings are smaller; whoever writes more knows the name and says it first.
const MAX_UNNAMED: usize = 80 * 1024 * 1024;

/// From this part on parts are larger, so that 10,000 of them hold 350 GiB.
const LARGE_FROM: usize = 5_000;
/// How many permits a large part takes.
const LARGE: usize = 8;

/// An object being written.
pub struct StagedObject {
    bucket: Arc<Bucket>,
    /// What it will be called, where that is known.
    key: Option<String>,
    pieces: Vec<Bytes>,
    gathered: usize,
    /// Leave to keep what is gathered.
    room: Option<OwnedSemaphorePermit>,
    upload: Option<Upload>,
}

/// Bytes in the part of that number, from 0. All but the last of an object are of this size.
const fn part_size(number: usize) -> usize {
    if number < LARGE_FROM {
        PART
    } else {
        PART * LARGE
    }
}

impl StagedObject {
    pub fn unnamed(bucket: Arc<Bucket>) -> Self {
        Self {
            bucket,
            key: None,
            pieces: Vec::new(),
            gathered: 0,
            room: None,
            upload: None,
        }
    }

    pub fn named(bucket: Arc<Bucket>, key: &str) -> Self {
        Self {
            key: Some(key.to_owned()),
            ..Self::unnamed(bucket)
        }
    }

    async fn append(&mut self, bytes: Vec<u8>) -> Result<(), BlobError> {
        self.gather(bytes.into());
        if self.key.is_none() {
            return match self.gathered <= MAX_UNNAMED {
                true => Ok(()),
                false => Err(BlobError::TooLarge {
                    max: MAX_UNNAMED as u64,
                }),
            };
        }
        self.send_whole_parts().await
    }

    fn gather(&mut self, bytes: Bytes) {
        self.gathered += bytes.len();
        if !bytes.is_empty() {
            self.pieces.push(bytes);
        }
    }

    async fn send_whole_parts(&mut self) -> Result<(), BlobError> {
        loop {
            let size = part_size(self.upload.as_ref().map_or(0, Upload::parts));
            if self.room.is_none() {
                self.room = Some(room(&self.bucket.parts, size).await);
            }
            // A part that is just full stays: it may be the last, or all there is.
            if self.gathered <= size {
                return Ok(());
            }
            self.send(size)
                .await
                .map_err(|fault| fault.into_error("write an object"))?;
        }
    }

    /// Hands the first `size` bytes to a part of their own.
    async fn send(&mut self, size: usize) -> Result<(), Fault> {
        let payload = self.take(size);
        let room = self.room.take();
        let upload = match &mut self.upload {
            Some(upload) => upload,
            none => {
                let key = self.key.as_deref().unwrap_or_default();
                let begun = Upload::begin(Arc::clone(&self.bucket), key).await?;
                none.insert(begun)
            }
        };
        upload.send(payload, room).await
    }

    /// Cuts the first `size` bytes off what was gathered.
    fn take(&mut self, size: usize) -> PutPayload {
        let mut missing = size.min(self.gathered);
        self.gathered -= missing;
        let mut taken = Vec::new();
        while missing > 0 {
            let mut piece = self.pieces.remove(0);
            if piece.len() > missing {
                let rest = piece.split_off(missing);
                self.pieces.insert(0, rest);
            }
            missing -= piece.len();
            taken.push(piece);
        }
        taken.into_iter().collect()
    }

    async fn finish(mut self, last: Vec<u8>, key: String, how: Publish) -> Result<(), BlobError> {
        let told = self.key.get_or_insert_with(|| key.clone());
        if *told != key {
            let words = format!("it was begun as {told}");
            return Err(Fault::strange(words).into_error(format!("publish {key}")));
        }
        self.gather(last.into());
        if self.upload.is_some() || self.gathered > PART {
            self.send_whole_parts().await?;
        }
        let published = match self.upload.is_some() {
            true => self.finish_parts(how).await,
            false => {
                let payload = self.take(usize::MAX);
                self.bucket.put(&key, payload, how).await
            }
        };
        published.map_err(|fault| match fault.kind {
            Kind::Taken => BlobError::Exists { object: key },
            _ => fault.into_error("publish an object"),
        })
    }

    async fn finish_parts(&mut self, how: Publish) -> Result<(), Fault> {
        if self.gathered > 0 {
            self.send(usize::MAX).await?;
        }
        match self.upload.take() {
            Some(upload) => upload.complete(how).await,
            None => Ok(()),
        }
    }
}

impl Staged for StagedObject {
    fn write(&mut self, bytes: Vec<u8>) -> StoreFuture<'_, ()> {
        Box::pin(self.append(bytes))
    }

    fn publish(
        self: Box<Self>,
        last: Vec<u8>,
        key: &str,
        how: Publish,
    ) -> StoreFuture<'static, ()> {
        Box::pin(self.finish(last, key.to_owned(), how))
    }
}

/// Waits for leave to keep a part of that size. The budget is never closed.
async fn room(parts: &Arc<Semaphore>, size: usize) -> OwnedSemaphorePermit {
    // No more than the whole budget, or it would never be given.
    let units = u32::try_from(size / PART).unwrap_or(1);
    let acquired = Arc::clone(parts).acquire_many_owned(units).await;
    acquired.expect("nobody closes the budget")
}

impl Bucket {
    /// Writes a whole object in one request.
    async fn put(&self, key: &str, payload: PutPayload, how: Publish) -> Result<(), Fault> {
        let path = self.path(key)?;
        let new = how == Publish::New;
        let conditional = new && self.is_conditional();
        if new && !conditional && self.stat(key).await?.is_some() {
            return Err(Fault::answered(412, ""));
        }
        let mark = self.mark();
        let options = PutOptions {
            mode: match conditional {
                true => PutMode::Create,
                false => PutMode::Overwrite,
            },
            attributes: marked(&mark),
            ..PutOptions::default()
        };
        let mut tries = 0;
        let size = payload.content_length() as u64;
        let put = self
            .calls
            .run(size, |number| {
                tries = number;
                let put = self.s3.put_opts(&path, payload.clone(), options.clone());
                async { Ok(put.await.map(drop)?) }
            })
            .await;
        match put {
            // An earlier try may have come through, and only its answer been lost.
            Err(fault) if fault.kind == Kind::Taken && tries > 0 => {
                match self.is_marked(&path, &mark).await? {
                    true => Ok(()),
                    false => Err(fault),
                }
            }
            put => put,
        }
    }

    /// Whether an object is the one this very writing made.
    async fn is_marked(&self, path: &Path, mark: &str) -> Result<bool, Fault> {
        let options = GetOptions {
            head: true,
            ..GetOptions::default()
        };
        let head = |_| async { Ok(self.s3.get_opts(path, options.clone()).await?.attributes) };
        let found = present(self.calls.run(LITTLE, head).await)?;
        Ok(found.is_some_and(|found| {
            found
                .get(&Attribute::Metadata(MARK.into()))
                .is_some_and(|found| found.as_ref() == mark)
        }))
    }
}

/// Name of the mark among an object's metadata.
const MARK: &str = "mediavault-write";

fn marked(mark: &str) -> Attributes {
    let mark = (Attribute::Metadata(MARK.into()), mark.to_owned());
    Attributes::from_iter([mark])
}

#[cfg(test)]
mod tests;
