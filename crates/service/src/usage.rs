//! What somebody's library weighs, for the person who pays for the disk.

use std::collections::BTreeMap;

use catalog::usage::{self, Large, Slice};
use catalog::users;
use domain::MediaKind;
use futures::FutureExt;
use identity::Caller;

use crate::Vault;
use crate::error::{Error, Result};

/// How many of the largest assets are named.
const LARGEST: u32 = 10;

/// A number of assets and the bytes of their originals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weight {
    /// How many.
    pub count: u64,
    /// Bytes.
    pub bytes: u64,
}

impl Weight {
    fn add(&mut self, slice: &Slice) {
        self.count += slice.count;
        self.bytes += slice.bytes;
    }
}

/// What a library weighs.
#[derive(Debug)]
pub struct Usage {
    /// Bytes that count against the quota.
    pub used: u64,
    /// Bytes the account may own; `None`: no limit.
    pub quota: Option<u64>,
    /// Everything outside of the trash.
    pub kept: Weight,
    /// The same by kind.
    pub by_kind: BTreeMap<MediaKind, Weight>,
    /// The same by the month (`2024-05`, UTC) in which it arrived.
    pub by_month: BTreeMap<String, Weight>,
    /// The largest assets, the largest first, those in the trash included.
    pub largest: Vec<Large>,
    /// What the trash holds.
    pub trash: Weight,
    /// Earlier versions of assets.
    pub versions: Weight,
}

impl Vault {
    /// What the caller's own library weighs.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn usage(&self, caller: &Caller) -> Result<Usage> {
        let (tenant, user) = (caller.tenant, caller.user);
        let (account, slices, largest, (count, bytes)) = self
            .catalog()
            .read(move |tx| {
                async move {
                    Ok((
                        users::by_id(tx, tenant, user).await?,
                        usage::slices(tx, tenant, user).await?,
                        usage::largest(tx, tenant, user, LARGEST).await?,
                        usage::earlier_versions(tx, tenant, user).await?,
                    ))
                }
                .boxed()
            })
            .await?;
        let account = account.ok_or_else(Error::not_found)?;
        let mut sums = Usage {
            used: account.used,
            quota: account.quota,
            kept: Weight::default(),
            by_kind: BTreeMap::new(),
            by_month: BTreeMap::new(),
            largest,
            trash: Weight::default(),
            versions: Weight { count, bytes },
        };
        for slice in &slices {
            sums.add(slice);
        }
        Ok(sums)
    }
}

impl Usage {
    fn add(&mut self, slice: &Slice) {
        if slice.trashed {
            self.trash.add(slice);
            return;
        }
        self.kept.add(slice);
        self.by_kind.entry(slice.kind).or_default().add(slice);
        // RFC 3339 begins with the year and the month.
        let month: String = slice.day.to_string().chars().take(7).collect();
        self.by_month.entry(month).or_default().add(slice);
    }
}
