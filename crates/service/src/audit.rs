//! The audit log: what verbs write to it, and what those who may read it see.

use catalog::audit::Entry;
use domain::AssetId;
use identity::Caller;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Vault;

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
}
