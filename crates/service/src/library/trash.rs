//! Emptying the trash.

use domain::{Filter, Permission, Timestamp};
use futures::FutureExt;
use identity::Caller;

use super::bulk::{Deed, Which};
use crate::Vault;
use crate::error::Result;

/// Milliseconds of a day.
const DAY: i64 = 24 * 3_600_000;

/// Assets deleted by one request at most; whoever has more asks again.
const MAX_DELETED: u32 = 5_000;

/// What emptying the trash did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emptied {
    /// Assets deleted for good.
    pub deleted: u64,
    /// Something still lies in it: ask again.
    pub more: bool,
}

impl Vault {
    /// Days until the trash lets go of what went there at this time, begun ones counted; 0 when it may
    /// go at any moment.
    pub fn days_left(&self, trashed: Timestamp) -> i64 {
        let days = i64::from(self.live().trash_days);
        let end = trashed.plus_millis(days * DAY);
        let left = end.millis() - self.clock().now().millis();
        (left.max(0) + DAY - 1) / DAY
    }

    /// Deletes for good what the trash shows of the caller's own.
    ///
    /// # Errors
    /// Those of the database, when nothing could be deleted.
    pub async fn empty_trash(&self, caller: &Caller) -> Result<Emptied> {
        caller.require(Permission::AssetsDelete)?;
        let mut deleted = 0;
        while deleted < u64::from(MAX_DELETED) {
            let visibility = caller.visibility().own();
            let ids = self
                .catalog()
                .read(move |tx| {
                    async move {
                        let trashed = Filter {
                            trashed: true,
                            ..Filter::default()
                        };
                        catalog::assets::ids(tx, &visibility, &trashed, 1000).await
                    }
                    .boxed()
                })
                .await?;
            if ids.is_empty() {
                return Ok(Emptied {
                    deleted,
                    more: false,
                });
            }
            let outcome = self.bulk(caller, Which::Named(ids), Deed::Delete).await?;
            if outcome.done == 0 {
                break;
            }
            deleted += outcome.done;
        }
        Ok(Emptied {
            deleted,
            more: true,
        })
    }
}
