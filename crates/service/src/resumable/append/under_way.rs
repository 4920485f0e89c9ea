//! One request with bytes under way: parts are filled, made safe beside what arrives next, and counted.

use bytes::Bytes;
use catalog::resumable as rows;
use catalog::resumable::lease::Heard;
use catalog::resumable::parts::{self, Advance, Part};
use domain::{Code, MediaType};
use futures::{FutureExt, StreamExt};
use identity::Caller;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::filling::{Filling, Placed};
use super::{Body, Cut, Patch};
use crate::Vault;
use crate::content::object_name;
use crate::error::{Error, Result};
use crate::ingest::commit::Arrived;
use crate::ingest::{Announced, HEAD, too_large};
use crate::resumable::checksum::Running;
use crate::resumable::create::over_quota;
use crate::resumable::lease::{BEAT, Lease};
use crate::resumable::{Resumable, Role, SMALL, locked, metadata};

/// Why no more bytes are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    /// They are all there.
    End,
    /// The connection broke.
    Cut,
    /// Somebody else wants to write.
    Wanted,
}

/// One request under way.
pub(super) struct Appending<'a> {
    vault: &'a Vault,
    caller: &'a Caller,
    lease: &'a Lease,
    pub(super) upload: Resumable,
    announced: Announced,
    /// Length of the upload, and the longest it may be.
    length: Option<u64>,
    max: u64,
    checksum: Option<Running>,
    /// Nothing counts before the checksum of all is known.
    is_checked: bool,
    /// The part that takes bytes now.
    filling: Option<Filling>,
    /// The part before it, being made safe.
    placing: Option<JoinHandle<Result<Placed>>>,
    /// Parts that are safe and do not count yet, because the checksum of all is not known.
    held: Vec<Placed>,
    /// Where the next byte goes.
    place: u64,
    /// What the file begins with, until its type is known.
    head: Vec<u8>,
    media_type: Option<MediaType>,
    wanted: bool,
}

impl<'a> Appending<'a> {
    pub(super) fn new(
        vault: &'a Vault,
        caller: &'a Caller,
        lease: &'a Lease,
        upload: Resumable,
        patch: &Patch,
    ) -> Result<Self> {
        Ok(Self {
            announced: metadata::read(&upload.metadata)?,
            length: upload.length.or(patch.length),
            max: vault.live().max_upload_size,
            checksum: patch.checksum.as_ref().map(Running::new),
            is_checked: patch.checksum.is_some(),
            place: upload.received,
            vault,
            caller,
            lease,
            upload,
            filling: None,
            placing: None,
            held: Vec::new(),
            head: Vec::new(),
            media_type: None,
            wanted: false,
        })
    }

    pub(super) async fn run(&mut self, patch: Patch, body: &mut Body) -> Result<()> {
        if self.upload.length.is_none() && patch.length.is_some() {
            self.advance(Vec::new()).await?;
        }
        let over = self.take_all(body).await?;
        if over != Over::End && self.checksum.is_some() {
            // Nobody can say whether these are the bytes that were meant.
            return Err(over.error());
        }
        if let Some(checksum) = self.checksum.take() {
            checksum.verify()?;
        }
        if self
            .filling
            .as_ref()
            .is_some_and(|part| self.is_whole(part))
        {
            return self.keep_whole().await;
        }
        self.place_part().await?;
        self.settle().await?;
        let held = std::mem::take(&mut self.held);
        if !held.is_empty() {
            self.advance(held).await?;
        }
        match over {
            Over::End => Ok(()),
            Over::Cut | Over::Wanted => Err(over.error()),
        }
    }

    async fn take_all(&mut self, body: &mut Body) -> Result<Over> {
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first tick comes at once, and the lease is fresh.
        beat.tick().await;
        loop {
            let (placing, lease) = (&mut self.placing, self.lease);
            tokio::select! {
                biased;
                placed = joined(placing) => {
                    self.placing = None;
                    self.count(placed?).await?;
                }
                _ = beat.tick() => match lease.keep().await? {
                    Heard::Held => {}
                    Heard::Wanted => return Ok(Over::Wanted),
                    Heard::Lost => return Err(lost()),
                },
                chunk = body.next() => match chunk {
                    Some(Ok(chunk)) => self.take(chunk).await?,
                    Some(Err(Cut)) => return Ok(Over::Cut),
                    None => return Ok(Over::End),
                },
            }
            if self.wanted {
                return Ok(Over::Wanted);
            }
        }
    }

    /// Takes the next bytes, part by part.
    async fn take(&mut self, mut chunk: Bytes) -> Result<()> {
        let most = self.length.unwrap_or(self.max);
        if self.place + chunk.len() as u64 > most {
            return Err(too_large(most));
        }
        if let Some(checksum) = &mut self.checksum {
            checksum.update(&chunk);
        }
        while !chunk.is_empty() {
            let mut part = match self.filling.take() {
                Some(part) => part,
                None => self.begin_part().await?,
            };
            let piece = chunk.split_to(part.room().min(chunk.len()));
            if part.start == 0 {
                self.look_at(&piece)?;
            }
            self.place += piece.len() as u64;
            part.write(piece).await?;
            let full = part.room() == 0 && !self.is_whole(&part);
            self.filling = Some(part);
            if full {
                self.place_part().await?;
            }
        }
        Ok(())
    }

    /// Begins a part; a small one before it is taken into it.
    async fn begin_part(&mut self) -> Result<Filling> {
        let (tenant, id) = (self.upload.tenant, self.upload.id);
        let is_first = self.place == self.upload.received;
        let last = match is_first && self.place > 0 {
            true => {
                let catalog = self.vault.catalog();
                catalog
                    .read(move |tx| parts::last(tx, tenant, id).boxed())
                    .await?
            }
            false => None,
        };
        let Some(last) = last.filter(|last| last.size < SMALL) else {
            return Filling::begin(self.vault, tenant, self.place, &self.announced).await;
        };
        let object = object_name(&last.object)?;
        let bytes = self.vault.gate().read_small(tenant, &object, SMALL).await?;
        let bytes = bytes.ok_or_else(|| Error::internal(format!("{object} is gone")))?;
        let mut part = Filling::begin(self.vault, tenant, last.start, &self.announced).await?;
        if part.start == 0 {
            self.look_at(&bytes)?;
        }
        part.write(bytes).await?;
        part.replaces = Some(last.object);
        Ok(part)
    }

    /// Refuses a file by its beginning, before the rest of it is sent.
    fn look_at(&mut self, piece: &[u8]) -> Result<()> {
        if self.upload.role != Role::Whole || self.media_type.is_some() {
            return Ok(());
        }
        let wanted = HEAD - self.head.len();
        self.head
            .extend_from_slice(&piece[..piece.len().min(wanted)]);
        if self.head.len() == HEAD {
            self.media_type = Some(self.vault.judge(&self.announced, &self.head)?);
            self.head = Vec::new();
        }
        Ok(())
    }

    /// Whether the part is the whole file.
    fn is_whole(&self, part: &Filling) -> bool {
        part.start == 0 && self.upload.role == Role::Whole && self.length == Some(part.size)
    }

    /// The part is the whole file: it becomes the blob itself.
    async fn keep_whole(&mut self) -> Result<()> {
        let Some(part) = self.filling.take() else {
            return Ok(());
        };
        let media_type = match self.media_type {
            Some(media_type) => media_type,
            None => self.vault.judge(&self.announced, &self.head)?,
        };
        let _beating = self.lease.beat();
        let finished_at = self.vault.clock().now();
        let stored = part.finish().await?;
        let arrived = Arrived {
            announced: Announced {
                resumable: Some(self.upload.id),
                ..self.announced.clone()
            },
            media_type,
            stored,
            finished_at,
        };
        crate::ingest::commit::commit(self.vault, self.caller, arrived).await?;
        self.vault.clear_away();
        let (tenant, id) = (self.upload.tenant, self.upload.id);
        self.upload = self.vault.resumable_row(tenant, id).await?;
        Ok(())
    }

    /// Has the part made safe beside what arrives next.
    async fn place_part(&mut self) -> Result<()> {
        self.settle().await?;
        if let Some(part) = self.filling.take() {
            let upload = self.upload.id;
            self.placing = Some(tokio::spawn(part.finish_as_part(upload)));
        }
        Ok(())
    }

    /// Waits until the part that is being made safe is, and has it count.
    async fn settle(&mut self) -> Result<()> {
        if self.placing.is_none() {
            return Ok(());
        }
        let placed = joined(&mut self.placing).await;
        self.placing = None;
        self.count(placed?).await
    }

    /// Has a part count that is safe, unless it waits for the checksum.
    async fn count(&mut self, placed: Placed) -> Result<()> {
        self.held.push(placed);
        if self.is_checked {
            return Ok(());
        }
        let held = std::mem::take(&mut self.held);
        self.advance(held).await
    }

    /// Has parts count: from here on they are told to clients.
    async fn advance(&mut self, placed: Vec<Placed>) -> Result<()> {
        let (key, upload) = (self.lease.key, &self.upload);
        let to = placed.last().map_or(upload.received, Placed::end);
        let reserved = upload.reserved.max(self.length.unwrap_or(to));
        let step = Advance {
            from: upload.received,
            to,
            reserved,
            length: self.length,
            lease_until: self.lease.until(),
            expires_at: self.vault.resumable_until(),
            now: self.vault.clock().now(),
        };
        let (owner, more) = (upload.owner, reserved - upload.reserved);
        let new: Vec<Part> = placed.iter().map(|one| one.row(upload)).collect();
        let written = self
            .vault
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    if more > 0 && !rows::reserve(tx, key.tenant, owner, more).await? {
                        return Err(over_quota());
                    }
                    let heard = parts::advance(tx, key, &step).await?;
                    if heard == Heard::Lost {
                        return Err(lost());
                    }
                    for part in &new {
                        parts::put(tx, part).await?;
                    }
                    Ok(heard)
                }
                .boxed()
            })
            .await;
        match written {
            Ok(heard) => {
                self.wanted |= heard == Heard::Wanted;
                self.upload.received = to;
                self.upload.reserved = reserved;
                self.upload.length = self.length;
                self.upload.expires_at = step.expires_at;
                let replaced = placed.into_iter().filter_map(|one| one.replaces);
                self.vault
                    .delete_objects(&replaced.collect::<Vec<_>>())
                    .await;
                Ok(())
            }
            Err(error) => {
                // An outcome that is not known keeps them: the sweep asks the rows.
                if !matches!(error, Error::Unavailable { .. }) {
                    self.held.extend(placed);
                }
                Err(error)
            }
        }
    }

    /// Takes back what does not count.
    pub(super) async fn abandon(&mut self) {
        self.filling = None;
        if let Some(placing) = self.placing.take() {
            match placing.await {
                Ok(Ok(placed)) => self.held.push(placed),
                Ok(Err(error)) => tracing::debug!(%error, "a part was not written"),
                Err(error) => tracing::warn!(%error, "a part was not written"),
            }
        }
        let held = std::mem::take(&mut self.held);
        let objects: Vec<_> = held.iter().map(Placed::object).collect();
        self.vault.delete_objects(&objects).await;
    }
}

impl Over {
    fn error(self) -> Error {
        match self {
            Self::Wanted => locked("another request for this upload came later"),
            Self::Cut | Self::End => Error::refused(Code::UploadInterrupted, "go on with it"),
        }
    }
}

/// Waits for the part that is being made safe; for ever when there is none.
async fn joined(placing: &mut Option<JoinHandle<Result<Placed>>>) -> Result<Placed> {
    match placing {
        Some(placing) => placing
            .await
            .map_err(|error| Error::Internal(Box::new(error)))?,
        None => std::future::pending().await,
    }
}

fn lost() -> Error {
    locked("another request has gone on with this upload")
}
