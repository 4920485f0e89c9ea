//! A part while it is written, and when it is safe.

use blobs::{Expect, Stored, Writer};
use bytes::Bytes;
use catalog::resumable::parts::Part;
use domain::{TenantId, UploadId};

use crate::Vault;
use crate::error::Result;
use crate::ingest::Announced;
use crate::resumable::{PART, Resumable};

/// A part that takes bytes.
pub(super) struct Filling {
    writer: Writer,
    /// Place of its first byte in the upload.
    pub(super) start: u64,
    /// Bytes so far.
    pub(super) size: u64,
    /// The object whose bytes it begins with, and which it takes the place of.
    pub(super) replaces: Option<String>,
}

/// A part that is safe.
#[derive(Debug)]
pub(super) struct Placed {
    stored: Stored,
    start: u64,
    /// The object that it takes the place of.
    pub(super) replaces: Option<String>,
}

impl Filling {
    /// Begins one at that place of an upload.
    pub(super) async fn begin(
        vault: &Vault,
        tenant: TenantId,
        start: u64,
        announced: &Announced,
    ) -> Result<Self> {
        // What is announced is of the whole file, which a part at the beginning may turn out to be.
        let expect = Expect {
            sha256: announced.sha256.filter(|_| start == 0),
            ..Expect::at_most(PART)
        };
        let blob = vault.ids().fresh();
        Ok(Self {
            writer: vault.gate().writer(tenant, blob, expect).await?,
            start,
            size: 0,
            replaces: None,
        })
    }

    /// Bytes it still takes.
    pub(super) fn room(&self) -> usize {
        usize::try_from(PART.saturating_sub(self.size)).unwrap_or(usize::MAX)
    }

    /// Takes the next bytes.
    pub(super) async fn write(&mut self, bytes: Bytes) -> Result<()> {
        self.size += bytes.len() as u64;
        Ok(self.writer.write(bytes).await?)
    }

    /// Ends it as the whole file.
    pub(super) async fn finish(self) -> Result<Stored> {
        Ok(self.writer.finish().await?)
    }

    /// Ends it as a part.
    pub(super) async fn finish_as_part(self, upload: UploadId) -> Result<Placed> {
        Ok(Placed {
            stored: self.writer.finish_as_part(upload).await?,
            start: self.start,
            replaces: self.replaces,
        })
    }
}

impl Placed {
    /// Where the next part begins.
    pub(super) const fn end(&self) -> u64 {
        self.start + self.stored.size
    }

    /// The name of its object.
    pub(super) fn object(&self) -> String {
        self.stored.object.to_string()
    }

    /// Its row.
    pub(super) fn row(&self, upload: &Resumable) -> Part {
        Part {
            tenant: upload.tenant,
            upload: upload.id,
            start: self.start,
            size: self.stored.size,
            blob: self.stored.blob,
            object: self.object(),
        }
    }
}
