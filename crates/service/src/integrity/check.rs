//! Looks at one copy of a blob, writes down what it finds, and brings it back from another copy.
//!
//! An object is never overwritten by other bytes. A repair publishes the very object that was there once:
//! its name says which bytes those are, and each is checked on the way.

use blobs::verify::{self, Expected, Finding as Wrong};
use blobs::{BlobError, Gate, ObjectName, Pace};
use catalog::blobs::{self as rows, Blob, BlobState, CopyState, StoreRole};
use catalog::findings::{self, Finding, FindingKind, FindingOutcome, FoundBy};
use domain::{BlobId, TenantId};
use futures::FutureExt;
use metrics::counter;

use crate::Vault;
use crate::content::object_name;
use crate::error::{Error, Result};

/// What a look at a copy has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// It is what it ought to be.
    Sound,
    /// It was not, and is again.
    Repaired,
    /// It is not.
    Broken,
    /// Nobody refers to it any more.
    Gone,
}

/// One copy.
#[derive(Clone, Copy)]
struct Copy {
    tenant: TenantId,
    blob: BlobId,
    store: StoreRole,
}

impl Vault {
    /// The store that plays a part, where it can be read.
    pub(crate) fn store_as(&self, role: StoreRole) -> Option<Gate> {
        match role {
            StoreRole::Primary => Some(self.gate().clone()),
            StoreRole::Replica => self.replica().and_then(|replica| replica.gate()),
            StoreRole::External | StoreRole::Next | StoreRole::Former => None,
        }
    }

    /// Reads a copy again and repairs it if that is needed and can be done.
    ///
    /// # Errors
    /// The store did not answer: nothing is known about the copy.
    pub(crate) async fn check_copy(
        &self,
        blob: &Blob,
        store: StoreRole,
        by: FoundBy,
        pace: &Pace,
    ) -> Result<Seen> {
        let copy = Copy {
            tenant: blob.tenant,
            blob: blob.id,
            store,
        };
        if store == StoreRole::External {
            let wrong = self.check_in_place(blob).await?;
            return self.conclude_in_place(copy, wrong, by).await;
        }
        let gate = self.store_as(store).ok_or_else(|| away(store))?;
        let expected = Expected {
            object: object_name(&blob.object)?,
            sha256: blob.sha256,
            size: blob.size,
        };
        let wrong = verify::check_at(&gate, &expected, pace).await;
        counter!("mediavault_scrubbed_bytes_total").increment(blob.size);
        let Some(wrong) = wrong else {
            return self.is_sound(copy).await;
        };
        // A disk that is not mounted has nothing and loses nothing; neither has one that does not answer.
        if !gate.has_ring().await? {
            return Err(away(store));
        }
        if !self.write_down(copy, &wrong, by).await? {
            return Ok(Seen::Gone);
        }
        self.repair(copy, &expected, &gate).await
    }

    async fn is_sound(&self, copy: Copy) -> Result<Seen> {
        let known = self
            .settle(copy, CopyState::Present, FindingOutcome::Sound)
            .await?;
        Ok(if known { Seen::Sound } else { Seen::Gone })
    }

    /// Notes that a copy is whole, and why. Whether there is such a copy of a live blob.
    async fn settle(&self, copy: Copy, state: CopyState, outcome: FindingOutcome) -> Result<bool> {
        let now = self.clock().now();
        Ok(self
            .catalog()
            .write(move |tx| {
                async move {
                    let Copy {
                        tenant,
                        blob,
                        store,
                    } = copy;
                    findings::conclude(tx, tenant, blob, store, outcome, now).await?;
                    rows::mark(tx, tenant, blob, store, state, now).await
                }
                .boxed()
            })
            .await?)
    }

    /// Writes down what is wrong with a copy. `false`: nobody refers to it any more.
    async fn write_down(&self, copy: Copy, wrong: &Wrong, by: FoundBy) -> Result<bool> {
        let (kind, state, reason) = in_words(wrong);
        let now = self.clock().now();
        let finding = Finding {
            tenant: copy.tenant,
            id: self.ids().fresh(),
            blob: copy.blob,
            store: copy.store,
            kind,
            reason,
            found_by: by,
            found_at: now,
            outcome: FindingOutcome::Open,
            outcome_at: now,
            problem: None,
        };
        let (live, news) = self
            .catalog()
            .write(move |tx| {
                async move {
                    let Copy {
                        tenant,
                        blob,
                        store,
                    } = copy;
                    if !rows::mark(tx, tenant, blob, store, state, now).await? {
                        return Ok((false, false));
                    }
                    Ok((true, findings::report(tx, &finding).await?))
                }
                .boxed()
            })
            .await?;
        if news {
            tracing::error!(blob = %copy.blob, store = %copy.store, ?wrong, "a copy is not what it ought to be");
            counter!("mediavault_findings_total", "store" => copy.store.as_str(), "kind" => kind.as_str())
                .increment(1);
            self.alarms().found(1);
        }
        Ok(live)
    }

    async fn repair(&self, copy: Copy, expected: &Expected, broken: &Gate) -> Result<Seen> {
        let (object, digest) = (&expected.object, Some(expected.sha256));
        let other = match copy.store {
            StoreRole::Primary => StoreRole::Replica,
            _ => StoreRole::Primary,
        };
        let problem = match self.store_as(other) {
            None if self.replica().is_none() => {
                "there is no replica to bring it back from".to_owned()
            }
            None => "the replica does not answer".to_owned(),
            Some(sound) => match sound
                .repair(object, digest, broken, &Pace::unbounded())
                .await
            {
                Ok(_) => return self.is_repaired(copy, object, broken).await,
                Err(error) => {
                    if matches!(
                        error,
                        BlobError::NotFound { .. } | BlobError::Damaged { .. }
                    ) {
                        self.suspect_copy(copy.tenant, copy.blob, other).await?;
                    }
                    format!("from {}: {error}", sound.store_name())
                }
            },
        };
        tracing::error!(blob = %copy.blob, store = %copy.store, problem, "a copy could not be repaired");
        counter!("mediavault_repairs_total", "outcome" => "failed").increment(1);
        self.catalog()
            .write(move |tx| {
                async move {
                    let Copy {
                        tenant,
                        blob,
                        store,
                    } = copy;
                    findings::not_repaired(tx, tenant, blob, store, &problem).await
                }
                .boxed()
            })
            .await?;
        Ok(Seen::Broken)
    }

    async fn is_repaired(&self, copy: Copy, object: &ObjectName, gate: &Gate) -> Result<Seen> {
        let live = self
            .settle(copy, CopyState::Present, FindingOutcome::Repaired)
            .await?;
        if !live {
            self.forget_if_gone(copy, object, gate).await?;
            return Ok(Seen::Gone);
        }
        tracing::warn!(blob = %copy.blob, store = %copy.store, "a copy was repaired");
        counter!("mediavault_repairs_total", "outcome" => "repaired").increment(1);
        self.alarms().repaired(1);
        Ok(Seen::Repaired)
    }

    /// Deletes an object that was repaired after its blob was condemned: whoever deletes may have been
    /// there before the repair.
    async fn forget_if_gone(&self, copy: Copy, object: &ObjectName, gate: &Gate) -> Result<()> {
        let blob = self
            .catalog()
            .read(move |tx| rows::by_id(tx, copy.tenant, copy.blob).boxed())
            .await?;
        if blob.is_none_or(|blob| blob.state != BlobState::Live) {
            gate.delete(object).await?;
        }
        Ok(())
    }

    /// What lies in a folder that is not ours is told when its bytes are not what they were, and left
    /// alone. A file or a folder that is not there is no damage: the folder's own page tells.
    async fn conclude_in_place(
        &self,
        copy: Copy,
        wrong: Option<Wrong>,
        by: FoundBy,
    ) -> Result<Seen> {
        let live = match wrong {
            None => return self.is_sound(copy).await,
            Some(Wrong::Missing { .. } | Wrong::Unreadable { .. }) => {
                self.was_looked_at(copy).await?;
                return Ok(Seen::Sound);
            }
            Some(wrong) => self.write_down(copy, &wrong, by).await?,
        };
        Ok(if live { Seen::Broken } else { Seen::Gone })
    }

    async fn was_looked_at(&self, copy: Copy) -> Result<()> {
        let now = self.clock().now();
        self.catalog()
            .write(move |tx| {
                async move { rows::looked_at(tx, copy.tenant, copy.blob, copy.store, now).await }
                    .boxed()
            })
            .await?;
        Ok(())
    }

    /// Has the primary's copy of an object looked at before all others: somebody failed to read it.
    pub(crate) async fn suspect(&self, object: &ObjectName) {
        let ObjectName::Blob { tenant, blob, .. } = object else {
            return;
        };
        tracing::warn!(%object, "an object could not be read; it is looked at soon");
        if let Err(error) = self.suspect_copy(*tenant, *blob, StoreRole::Primary).await {
            tracing::warn!(%object, %error, "that could not be written down; a scrub will find it");
        }
    }

    async fn suspect_copy(&self, tenant: TenantId, blob: BlobId, store: StoreRole) -> Result<()> {
        self.catalog()
            .write(move |tx| async move { rows::suspect(tx, tenant, blob, store).await }.boxed())
            .await?;
        Ok(())
    }
}

fn away(store: StoreRole) -> Error {
    Error::Unavailable {
        retry_after: 60,
        source: format!("the {store} store is not there: is its disk mounted?").into(),
    }
}

fn in_words(wrong: &Wrong) -> (FindingKind, CopyState, String) {
    match wrong {
        Wrong::Flipped { reason, .. } => (FindingKind::Damaged, CopyState::Damaged, reason.clone()),
        Wrong::WrongSize {
            expected, found, ..
        } => {
            let reason = format!("it has {found} bytes and ought to have {expected}");
            (FindingKind::Damaged, CopyState::Damaged, reason)
        }
        Wrong::Unreadable { reason, .. } => {
            (FindingKind::Unreadable, CopyState::Damaged, reason.clone())
        }
        Wrong::Missing { .. } | Wrong::Orphan { .. } => {
            let reason = "it is not there".to_owned();
            (FindingKind::Missing, CopyState::Missing, reason)
        }
    }
}
