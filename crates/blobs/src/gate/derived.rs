//! Derived files: small, whole, made again when lost.

use bytes::Bytes;
use domain::{Sha256, TenantId};

use crate::BlobError;
use crate::frames::Sealer;
use crate::header::Header;
use crate::name::ObjectName;
use crate::store::Publish;

use super::Gate;

/// The largest derived file that is read in one piece: 64 MiB.
const MAX_DERIVED: u64 = 64 * 1024 * 1024;
/// Files of one content that are removed at a time.
const PAGE: usize = 100;

impl Gate {
    /// Puts away a derived file, in place of an older one of that name and version. It is not
    /// synced: after a power cut it may be gone, but never half there unnoticed.
    ///
    /// # Errors
    /// The name has characters that are not allowed, the file is too large, or the store failed.
    pub async fn put_derived(
        &self,
        tenant: TenantId,
        content: Sha256,
        name: &str,
        step_version: u32,
        bytes: Bytes,
    ) -> Result<ObjectName, BlobError> {
        let object = ObjectName::derived(tenant, content, name, step_version)?;
        if bytes.len() as u64 > MAX_DERIVED {
            return Err(BlobError::TooLarge { max: MAX_DERIVED });
        }
        let mut header = Header::of(&object);
        let key = self.lock(&mut header).await?;
        let sealer = Sealer::new(&header, key);
        let sealed = tokio::task::spawn_blocking(move || sealer.finish(&[bytes]))
            .await
            .map_err(BlobError::stopped)?;
        self.store
            .stage()
            .publish(sealed, &object.to_string(), Publish::Derived)
            .await?;
        Ok(object)
    }

    /// A derived file; `None` when it is not there and must be made (again). A damaged one is an
    /// error whose remedy is the same.
    ///
    /// # Errors
    /// The name has characters that are not allowed, the file is damaged, or the store failed.
    pub async fn read_derived(
        &self,
        tenant: TenantId,
        content: Sha256,
        name: &str,
        step_version: u32,
    ) -> Result<Option<Bytes>, BlobError> {
        let object = ObjectName::derived(tenant, content, name, step_version)?;
        self.read_small(tenant, &object, MAX_DERIVED).await
    }

    /// Removes every derived file of one content; how many there were.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn delete_derived(
        &self,
        tenant: TenantId,
        content: Sha256,
    ) -> Result<u64, BlobError> {
        let folder = ObjectName::derived_prefix(tenant, content);
        let mut removed = 0;
        loop {
            let page = self.store.list(&folder, None, PAGE).await?;
            if page.is_empty() {
                return Ok(removed);
            }
            for entry in page {
                removed += u64::from(self.store.delete(&entry.key).await?);
            }
        }
    }
}
