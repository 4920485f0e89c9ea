//! What a new operator is asked until it is done: to save the recovery key.

use catalog::{audit, settings};
use domain::Permission;
use futures::FutureExt;
use identity::Caller;

use crate::Vault;
use crate::error::Result;

/// The setting that remembers it.
const SAVED: &str = "recovery_key_saved";

impl Vault {
    /// Whether somebody has said that the recovery key is kept in a safe place.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`.
    pub async fn recovery_key_saved(&self, caller: &Caller) -> Result<bool> {
        caller.require(Permission::SystemMaintain)?;
        self.is_recovery_key_saved().await
    }

    /// The same for the program itself, at start.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn is_recovery_key_saved(&self) -> Result<bool> {
        let found = self
            .catalog()
            .read(|tx| settings::get(tx, SAVED).boxed())
            .await?;
        Ok(found.is_some())
    }

    /// Notes that the recovery key is kept in a safe place.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`.
    pub async fn save_recovery_key(&self, caller: &Caller) -> Result<()> {
        caller.require(Permission::SystemMaintain)?;
        let now = self.clock().now();
        let by = serde_json::json!({ "by": caller.user, "at": now });
        let entry = self.entry(caller, "recovery_key.saved", None, serde_json::json!({}));
        self.catalog()
            .write(move |tx| {
                async move {
                    settings::put(tx, SAVED, &by, now).await?;
                    audit::append(tx, &entry).await
                }
                .boxed()
            })
            .await?;
        Ok(())
    }
}
