//! What the vault stores and how much room is left, for whoever looks after the disk.

use catalog::storage::{self, Sums};
use domain::Permission;
use futures::FutureExt;
use identity::Caller;

use crate::Vault;
use crate::error::Result;

pub use catalog::storage::{InState, Owner, Portion};

/// How many of those who own most are named.
const OWNERS: u32 = 50;

/// What is stored.
#[derive(Debug)]
pub struct Storage {
    /// What people call the store.
    pub store: String,
    /// Bytes that can still be written; `None`: unknown.
    pub free_bytes: Option<u64>,
    /// Blobs by state.
    pub by_state: Vec<InState>,
    /// Who owns most.
    pub by_user: Vec<Owner>,
    /// The other sums.
    pub sums: Sums,
}

impl Vault {
    /// What the whole installation stores.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`; those of the database and the store.
    pub async fn storage(&self, caller: &Caller) -> Result<Storage> {
        caller.require(Permission::SystemMaintain)?;
        let free_bytes = self.gate().free_space().await?;
        let (by_state, by_user, sums) = self
            .catalog()
            .read(|tx| {
                async move {
                    Ok((
                        storage::by_state(tx).await?,
                        storage::owners(tx, OWNERS).await?,
                        storage::sums(tx).await?,
                    ))
                }
                .boxed()
            })
            .await?;
        Ok(Storage {
            store: self.gate().store_name().to_owned(),
            free_bytes,
            by_state,
            by_user,
            sums,
        })
    }
}
