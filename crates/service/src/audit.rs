//! The audit log: what verbs write to it, what those who may read it see, and how it is known that it
//! says what it said.

pub(crate) mod notary;
mod seal;
mod verify;

use catalog::audit::{self, Entry};
use domain::{AssetId, Page, Permission, TenantId};
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt};
use identity::Caller;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Vault;
use crate::error::Result;

pub use catalog::audit::chain::Seal;
pub use catalog::audit::{Filter, Logged};
pub use verify::{Fault, Verdict};

/// Entries read at a time while all are handed out.
const PAGE: u32 = 1_000;

impl Vault {
    /// An entry for something the caller does to an asset.
    pub(crate) fn audited(&self, caller: &Caller, action: &str, asset: AssetId) -> Entry {
        self.entry(caller, action, Some(asset.uuid()), json!({}))
    }

    /// An entry for something the caller does, to be written in the transaction of the deed.
    pub(crate) fn entry(
        &self,
        caller: &Caller,
        action: &str,
        subject: Option<Uuid>,
        detail: Value,
    ) -> Entry {
        Entry {
            tenant: caller.tenant,
            id: self.ids().fresh(),
            at: self.clock().now(),
            actor: Some(caller.user),
            action: action.to_owned(),
            subject,
            detail,
            address: caller.trace.address.map(|address| address.to_string()),
            request: caller.trace.request,
        }
    }

    /// An entry for something done at the machine itself.
    pub(crate) fn console_entry(&self, action: &str, detail: Value) -> Entry {
        Entry {
            tenant: TenantId::DEFAULT,
            id: self.ids().fresh(),
            at: self.clock().now(),
            actor: None,
            action: action.to_owned(),
            subject: None,
            detail,
            address: None,
            request: None,
        }
    }

    /// What happened in the caller's tenant, newest first, before the entry `before`.
    ///
    /// # Errors
    /// `Forbidden` without `audit:read`; those of the database.
    pub async fn audit_log(
        &self,
        caller: &Caller,
        filter: Filter,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Page<Logged, Uuid>> {
        caller.require(Permission::AuditRead)?;
        let tenant = caller.tenant;
        Ok(self
            .catalog()
            .read(move |tx| {
                async move { audit::list(tx, tenant, &filter, before, limit).await }.boxed()
            })
            .await?)
    }

    /// Everything the filter lets through, a page at a time, newest first. That it was taken out is
    /// itself an entry.
    ///
    /// # Errors
    /// `Forbidden` without `audit:read`; those of the database.
    pub async fn export_audit_log(
        &self,
        caller: &Caller,
        filter: Filter,
    ) -> Result<BoxStream<'static, Result<Vec<Logged>>>> {
        caller.require(Permission::AuditRead)?;
        let entry = self.entry(caller, "audit.exported", None, json!({}));
        self.catalog()
            .write(move |tx| async move { audit::append(tx, &entry).await }.boxed())
            .await?;
        let start = Some((self.clone(), caller.clone(), filter, None));
        let pages = stream::try_unfold(start, |state| async move {
            let Some((vault, caller, filter, before)) = state else {
                return Ok(None);
            };
            let page = vault
                .audit_log(&caller, filter.clone(), before, PAGE)
                .await?;
            let next = page.next.map(|last| (vault, caller, filter, Some(last)));
            Ok(Some((page.items, next)))
        });
        Ok(pages.boxed())
    }
}

/// Bytes of a hash as people compare them.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
