//! Holds the stores against the catalog: every copy read again, every object accounted for.
//!
//! [`check`] looks at one copy and repairs it, [`scrub`] decides which one is next, [`report`] shows how
//! all of them are, [`tell`] calls for people. What stands here reads the primary store of a vault that
//! is not running.

pub(crate) mod check;
pub mod report;
pub(crate) mod scrub;
pub(crate) mod tell;

use blobs::verify::{self, Expected, Finding};
use catalog::blobs::{self as rows, CopyState, StoreRole};
use domain::{BlobId, TenantId};
use futures::{FutureExt, Stream, StreamExt, TryStreamExt, stream};

use crate::Vault;
use crate::content::object_name;
use crate::error::{Error, Result};
use crate::keepers::sweep::known_blobs;

/// Rows read at a time.
const PAGE: u32 = 500;

/// Blobs read at the same time: hashing takes a core each.
const AT_ONCE: usize = 2;

/// What a verification tells as it goes.
#[derive(Debug)]
pub enum Progress {
    /// One more blob was read and is what it should be, of so many bytes.
    Sound {
        /// Plain bytes.
        bytes: u64,
    },
    /// Something is not as it should be.
    Found(Finding),
}

impl Vault {
    /// Reads every live blob again and then looks for objects that no row knows. Findings of blobs
    /// are written down in their copies' rows.
    pub fn verify(&self) -> impl Stream<Item = Result<Progress>> + Send + '_ {
        self.verify_blobs().chain(self.find_orphans())
    }

    fn verify_blobs(&self) -> impl Stream<Item = Result<Progress>> + Send + '_ {
        stream::try_unfold(None, move |after: Option<(TenantId, BlobId)>| async move {
            let page = self
                .catalog()
                .read(move |tx| rows::all(tx, after, PAGE).boxed())
                .await?;
            let next = page.last().map(|blob| (blob.tenant, blob.id));
            Ok::<_, Error>(next.map(|next| (page, Some(next))))
        })
        .map_ok(|page| stream::iter(page.into_iter().map(Ok::<_, Error>)))
        .try_flatten()
        .map(move |blob| async move { self.verify_blob(blob?).await })
        .buffer_unordered(AT_ONCE)
    }

    async fn verify_blob(&self, blob: rows::Blob) -> Result<Progress> {
        let (store, finding) = if rows::is_external(&blob.object) {
            (StoreRole::External, self.check_in_place(&blob).await?)
        } else {
            let expected = Expected {
                object: object_name(&blob.object)?,
                sha256: blob.sha256,
                size: blob.size,
            };
            let finding = verify::check(self.gate(), &expected).await;
            (StoreRole::Primary, finding)
        };
        self.note(&blob, store, finding.as_ref()).await?;
        Ok(match finding {
            None => Progress::Sound { bytes: blob.size },
            Some(finding) => Progress::Found(finding),
        })
    }

    /// Writes down what a reading has shown. What is wrong is looked at again, and repaired, by the
    /// vault once it runs.
    async fn note(
        &self,
        blob: &rows::Blob,
        store: StoreRole,
        finding: Option<&Finding>,
    ) -> Result<()> {
        let (tenant, id, now) = (blob.tenant, blob.id, self.clock().now());
        let state = match finding {
            None => CopyState::Present,
            Some(Finding::Missing { .. }) => CopyState::Missing,
            // A store that did not answer says nothing about the blob.
            Some(Finding::Unreadable { .. }) => return Ok(()),
            Some(_) => CopyState::Damaged,
        };
        self.catalog()
            .write(move |tx| {
                async move { rows::mark(tx, tenant, id, store, state, now).await }.boxed()
            })
            .await?;
        Ok(())
    }

    fn find_orphans(&self) -> impl Stream<Item = Result<Progress>> + Send + '_ {
        let catalog = self.catalog().clone();
        verify::orphans(self.gate(), move |blobs| {
            let catalog = catalog.clone();
            async move { known_blobs(&catalog, blobs).await }
        })
        .map_ok(Progress::Found)
    }
}
