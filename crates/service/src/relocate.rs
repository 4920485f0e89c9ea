//! Moves everything from one primary store to another, while the vault does not serve.
//!
//! Copies are rows: the store moved to plays the part `next` until it has everything, then the two change
//! parts in one transaction, and the old one is `former` until it is emptied. So a move that was stopped
//! goes on where it was, and one that was a mistake is taken back by the same steps the other way.
//! Where the primary is now, if not where the configuration says, is a setting of the catalog.

use std::sync::Arc;

use blobs::{Area, BlobError, Copied, Gate, ObjectName, Pace, RingStanding, Store};
use catalog::blobs::{self as rows, Behind, BlobState, CopySums, Due, StoreRole};
use catalog::{Db, Tx, audit, settings};
use domain::Sha256;
use futures::{FutureExt, Stream, StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Vault;
use crate::content::object_name;
use crate::error::{Error, Result};

/// The setting that tells where the primary is.
const PRIMARY: &str = "store/primary";
/// The setting that tells where it was.
const FORMER: &str = "store/former";
/// The setting that tells which store is moved to.
const NEXT: &str = "store/next";

/// Blobs asked for at a time.
const BATCH: u32 = 64;

/// Objects copied at the same time.
const AT_ONCE: usize = 4;

/// Objects listed at a time.
const LISTED: usize = 500;

/// How long a blob rests that could not be copied: past the end of the run.
const PUT_OFF_MILLIS: i64 = 60 * 60 * 1000;

/// Where the primary is, and for which configuration that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Moved {
    /// What the configuration said when it was moved.
    configured: String,
    /// Where it is.
    url: String,
}

/// A store that is, or was, moved to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Bound {
    url: String,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To a new store.
    There,
    /// Back to the one that was moved from.
    Back,
}

impl Direction {
    const fn role(self) -> StoreRole {
        match self {
            Self::There => StoreRole::Next,
            Self::Back => StoreRole::Former,
        }
    }

    const fn setting(self) -> &'static str {
        match self {
            Self::There => NEXT,
            Self::Back => FORMER,
        }
    }
}

/// A move under way.
pub struct Relocation {
    vault: Vault,
    to: Gate,
    url: String,
    direction: Direction,
    /// Where blobs are taken from that the primary has lost.
    spare: Option<Gate>,
}

/// What a move would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Blobs to copy.
    pub count: u64,
    /// Bytes of them, as they were sent.
    pub bytes: u64,
    /// Blobs the store has, from a move that was stopped.
    pub there: u64,
    /// Bytes of what can be made again.
    pub derived_bytes: u64,
}

/// One store and what lies in it.
#[derive(Debug)]
pub struct Standing {
    /// The part it plays.
    pub role: StoreRole,
    /// What people call it.
    pub name: String,
    /// Sums over its copies.
    pub sums: CopySums,
    /// What it is still to get.
    pub behind: Behind,
}

/// What became of one object.
#[derive(Debug)]
pub enum Step {
    /// It was copied, so many bytes as stored.
    Copied(u64),
    /// The store has it already.
    There,
    /// It could not be copied.
    Failed {
        /// Its name.
        object: String,
        /// Why.
        reason: String,
    },
}

/// Where the primary store is, given what the configuration says.
///
/// # Errors
/// Those of the database.
pub async fn primary_url(catalog: &Db, configured: &str) -> Result<String> {
    let moved = catalog
        .read(|tx| async move { read::<Moved>(tx, PRIMARY).await }.boxed())
        .await?;
    Ok(match moved {
        Some(moved) if moved.configured == configured => moved.url,
        _ => configured.to_owned(),
    })
}

/// Whether the catalog knows of bytes in the primary store: one without a key ring has lost them.
///
/// # Errors
/// Those of the database.
pub async fn expects_bytes(catalog: &Db) -> Result<bool> {
    Ok(catalog.read(|tx| rows::any_stored(tx).boxed()).await?)
}

/// Takes everything in the primary store for lost, until it is found or brought back: its disk is a new
/// one. How many copies that are.
///
/// # Errors
/// Those of the database.
pub async fn take_primary_for_lost(catalog: &Db) -> Result<u64> {
    Ok(catalog
        .write(|tx| rows::all_missing(tx, StoreRole::Primary).boxed())
        .await?)
}

async fn read<T: serde::de::DeserializeOwned>(
    tx: &mut Tx,
    name: &str,
) -> Result<Option<T>, catalog::Error> {
    let value = settings::get(tx, name).await?;
    // A value of a later program is none of ours.
    Ok(value.and_then(|value| serde_json::from_value(value).ok()))
}

impl Vault {
    /// The store that was moved from and is still there.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn former_store(&self) -> Result<Option<String>> {
        let bound = self
            .catalog()
            .read(|tx| async move { read::<Bound>(tx, FORMER).await }.boxed())
            .await?;
        Ok(bound.map(|bound| bound.url))
    }

    /// The store that a move that was not finished goes to.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn next_store(&self) -> Result<Option<String>> {
        let bound = self
            .catalog()
            .read(|tx| async move { read::<Bound>(tx, NEXT).await }.boxed())
            .await?;
        Ok(bound.map(|bound| bound.url))
    }

    /// What people call the primary store.
    pub fn store_name(&self) -> &str {
        self.gate().store_name()
    }

    /// Where the primary store is, given what the configuration says.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn primary_url(&self, configured: &str) -> Result<String> {
        primary_url(self.catalog(), configured).await
    }

    /// Every store that plays a part, with what lies in it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn standings(&self) -> Result<Vec<Standing>> {
        let primary = Some(self.store_name().to_owned());
        let replica = self.replica().map(|replica| replica.name().to_owned());
        let parts = [
            (StoreRole::Primary, primary),
            (StoreRole::Replica, replica),
            (StoreRole::Next, self.next_store().await?),
            (StoreRole::Former, self.former_store().await?),
        ];
        let mut standings = Vec::new();
        for (role, name) in parts {
            let Some(name) = name else { continue };
            let (sums, behind) = self.sums_of(role).await?;
            standings.push(Standing {
                role,
                name,
                sums,
                behind,
            });
        }
        Ok(standings)
    }

    /// What a move to a store would do.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn plan_relocation(&self, to: &str) -> Result<Plan> {
        let (all, _) = self.sums_of(StoreRole::Primary).await?;
        let there = if self.next_store().await?.as_deref() == Some(to) {
            self.sums_of(StoreRole::Next).await?.0
        } else {
            CopySums::default()
        };
        let sums = self
            .catalog()
            .read(|tx| catalog::storage::sums(tx).boxed())
            .await?;
        Ok(Plan {
            count: all.copies.saturating_sub(there.copies),
            bytes: all.bytes.saturating_sub(there.bytes),
            there: there.copies,
            derived_bytes: sums.derived_bytes,
        })
    }

    /// Begins a move to a store, or goes on with one.
    ///
    /// # Errors
    /// The store belongs to another vault, has lost what it had, or does not answer.
    pub async fn relocate(
        &self,
        store: Arc<dyn Store>,
        url: &str,
        direction: Direction,
    ) -> Result<Relocation> {
        let to = self.gate().beside(store);
        let bound = self
            .catalog()
            .read(move |tx| async move { read::<Bound>(tx, direction.setting()).await }.boxed())
            .await?;
        let again = bound.is_some_and(|bound| bound.url == url);
        match to.ring_standing().await? {
            RingStanding::Absent if again => {
                let why = format!(
                    "{} has no key ring any more: is its disk mounted?",
                    to.store_name()
                );
                return Err(BlobError::Keys(why).into());
            }
            RingStanding::Foreign(why) => {
                let why = format!("{} belongs to another vault: {why}", to.store_name());
                return Err(BlobError::Keys(why).into());
            }
            RingStanding::Absent | RingStanding::Older => to.put_ring().await?,
            RingStanding::Same => {}
        }
        if !again {
            self.bind(url, direction).await?;
        }
        self.backfill(direction.role()).await?;
        self.hurry(direction.role()).await?;
        let spare = match self.replica() {
            // Only what the primary has lost is taken from there: without it, that is told.
            Some(replica) => replica.attach(self).await.ok(),
            None => None,
        };
        Ok(Relocation {
            vault: self.clone(),
            to,
            url: url.to_owned(),
            direction,
            spare,
        })
    }

    async fn bind(&self, url: &str, direction: Direction) -> Result<()> {
        let (now, value) = (
            self.clock().now(),
            json!(Bound {
                url: url.to_owned()
            }),
        );
        self.catalog()
            .write(move |tx| {
                async move {
                    rows::forget_store(tx, direction.role()).await?;
                    settings::put(tx, direction.setting(), &value, now).await
                }
                .boxed()
            })
            .await?;
        Ok(())
    }

    async fn hurry(&self, role: StoreRole) -> Result<()> {
        let now = self.clock().now();
        self.catalog()
            .write(move |tx| async move { rows::hurry(tx, role, now).await }.boxed())
            .await?;
        Ok(())
    }

    /// Deletes everything of ours in the store that was moved from, and forgets it. How many objects there
    /// were.
    ///
    /// # Errors
    /// The store or the database did not answer; what was deleted until then stays deleted.
    pub async fn empty_former(&self, store: Arc<dyn Store>) -> Result<u64> {
        let former = self.gate().beside(store);
        let mut count = 0;
        for area in [Area::Blobs, Area::Derived, Area::Staging] {
            let mut after = None;
            loop {
                let page = former.list(area, after.as_deref(), LISTED).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.key.clone());
                for listed in page {
                    count += u64::from(match &listed.object {
                        Some(object) => former.delete(object).await?,
                        None if area == Area::Staging => former.delete_staging(&listed.key).await?,
                        None => false,
                    });
                }
            }
        }
        former.delete_ring().await?;
        let entry = self.console_entry("storage.pruned", json!({"objects": count}));
        self.catalog()
            .write(move |tx| {
                async move {
                    rows::forget_store(tx, StoreRole::Former).await?;
                    settings::take(tx, FORMER).await?;
                    audit::append(tx, &entry).await
                }
                .boxed()
            })
            .await?;
        Ok(count)
    }
}

impl Relocation {
    /// What people call the store that is moved to.
    pub fn to(&self) -> &str {
        self.to.store_name()
    }

    /// What is still to be copied, derived files apart.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn behind(&self) -> Result<Behind> {
        let role = self.direction.role();
        Ok(self
            .vault
            .catalog()
            .read(move |tx| async move { rows::behind(tx, role).await }.boxed())
            .await?)
    }

    /// Copies every blob that the store has not, each noted when it is there and sound.
    pub fn blobs(&self) -> impl Stream<Item = Result<Step>> + Send + '_ {
        let role = self.direction.role();
        stream::try_unfold((), move |()| async move {
            let now = self.vault.clock().now();
            let due = self
                .vault
                .catalog()
                .read(move |tx| async move { rows::next_due(tx, role, now, BATCH).await }.boxed())
                .await?;
            Ok::<_, Error>((!due.is_empty()).then_some((due, ())))
        })
        .map_ok(move |due| {
            stream::iter(due)
                .map(|due| self.copy_one(due))
                .buffer_unordered(AT_ONCE)
        })
        .try_flatten()
    }

    async fn copy_one(&self, due: Due) -> Result<Step> {
        let blob = &due.blob;
        let object = object_name(&blob.object)?;
        let (tenant, id, role) = (blob.tenant, blob.id, self.direction.role());
        let now = self.vault.clock().now();
        let copied = if blob.state == BlobState::Live {
            self.fetch(&object, Some(blob.sha256)).await
        } else {
            Ok(Copied::There)
        };
        let error = match copied {
            Ok(copied) => {
                self.vault
                    .catalog()
                    .write(move |tx| {
                        async move { rows::copied(tx, tenant, id, role, now).await }.boxed()
                    })
                    .await?;
                return Ok(match copied {
                    Copied::Written(bytes) => Step::Copied(bytes),
                    Copied::There => Step::There,
                });
            }
            // Nothing more will fit, and nothing more will be answered.
            Err(error @ BlobError::StorageFull) => return Err(error.into()),
            Err(error) => error,
        };
        let reason = error.to_string();
        let (run_at, problem) = (now.plus_millis(PUT_OFF_MILLIS), reason.clone());
        self.vault
            .catalog()
            .write(move |tx| {
                async move { rows::put_off(tx, tenant, id, role, run_at, &problem).await }.boxed()
            })
            .await?;
        Ok(Step::Failed {
            object: object.to_string(),
            reason,
        })
    }

    async fn fetch(
        &self,
        object: &ObjectName,
        digest: Option<Sha256>,
    ) -> Result<Copied, BlobError> {
        let pace = Pace::unbounded();
        let copied = self
            .vault
            .gate()
            .copy(object, digest, &self.to, &pace)
            .await;
        match (copied, &self.spare) {
            (Err(BlobError::NotFound { .. } | BlobError::Damaged { .. }), Some(spare)) => {
                spare.copy(object, digest, &self.to, &pace).await
            }
            (copied, _) => copied,
        }
    }

    /// Copies pictures and the like. They can be made again, so one that cannot be copied is left out.
    pub fn derived(&self) -> impl Stream<Item = Result<Step>> + Send + '_ {
        stream::try_unfold(None::<String>, move |after| async move {
            let gate = self.vault.gate();
            let page = gate.list(Area::Derived, after.as_deref(), LISTED).await?;
            let next = page.last().map(|last| last.key.clone());
            Ok::<_, Error>(next.map(|next| (page, Some(next))))
        })
        .map_ok(move |page| {
            let objects = page.into_iter().filter_map(|listed| {
                let size = listed.stat.size;
                listed.object.map(|object| self.copy_derived(object, size))
            });
            stream::iter(objects).buffer_unordered(AT_ONCE)
        })
        .try_flatten()
    }

    async fn copy_derived(&self, object: ObjectName, size: u64) -> Result<Step> {
        let there = self.to.stat(&object).await?;
        if there.is_some_and(|there| there.size == size) {
            return Ok(Step::There);
        }
        match self.fetch(&object, None).await {
            Ok(Copied::Written(bytes)) => Ok(Step::Copied(bytes)),
            Ok(Copied::There) => Ok(Step::There),
            Err(error @ BlobError::StorageFull) => Err(error.into()),
            Err(error) => Ok(Step::Failed {
                object: object.to_string(),
                reason: error.to_string(),
            }),
        }
    }

    /// Has the two stores change their parts, from the next start on. `configured` is what the
    /// configuration says of the primary, `from` where it is.
    ///
    /// # Errors
    /// Something is still to be copied; those of the database.
    pub async fn switch(self, configured: &str, from: &str) -> Result<()> {
        let behind = self.behind().await?;
        if behind.count > 0 {
            let why = format!("{} blobs are not in {} yet", behind.count, self.to());
            return Err(Error::refused(domain::Code::WrongState, why));
        }
        let role = self.direction.role();
        let now = self.vault.clock().now();
        let told = json!({"from": from, "to": self.url});
        let entry = self.vault.console_entry("storage.moved", told);
        let moved = Moved {
            configured: configured.to_owned(),
            url: self.url,
        };
        let former = json!(Bound {
            url: from.to_owned()
        });
        self.vault
            .catalog()
            .write(move |tx| {
                async move {
                    if role == StoreRole::Next {
                        rows::forget_store(tx, StoreRole::Former).await?;
                    } else {
                        // The place is free: a move to another store is forgotten.
                        rows::forget_store(tx, StoreRole::Next).await?;
                        rows::recast(tx, StoreRole::Former, StoreRole::Next).await?;
                    }
                    rows::recast(tx, StoreRole::Primary, StoreRole::Former).await?;
                    rows::recast(tx, StoreRole::Next, StoreRole::Primary).await?;
                    settings::take(tx, NEXT).await?;
                    settings::put(tx, FORMER, &former, now).await?;
                    settings::put(tx, PRIMARY, &json!(moved), now).await?;
                    audit::append(tx, &entry).await
                }
                .boxed()
            })
            .await?;
        Ok(())
    }
}
