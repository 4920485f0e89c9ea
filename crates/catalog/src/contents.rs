//! Content: what the machine knows of the bytes under one SHA-256, whoever owns them in a tenant.

use domain::{Facts, MediaType, Sha256, TenantId, Timestamp};

use crate::sql::args;
use crate::users::signed;
use crate::{Error, Tx};

/// Content with its machine facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// Digest of the bytes.
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    /// Type by content.
    pub media_type: MediaType,
    /// What the machine read; empty before the first step.
    pub facts: Facts,
    /// Version of the step that read them; 0: none yet.
    pub facts_version: u32,
}

/// Facts as they are stored.
fn json(facts: &Facts) -> Result<String, Error> {
    serde_json::to_string(facts).map_err(|error| Error::database(error.to_string()))
}

/// Adds content, if the tenant does not have it. What is there stays as it is, and stays until this
/// transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn upsert(
    tx: &mut Tx,
    tenant: TenantId,
    sha256: Sha256,
    size: u64,
    media_type: MediaType,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO content (tenant, sha256, size, media_type, facts, created_at) VALUES ($1, $2, $3, $4, '{}', $5) \
         ON CONFLICT (tenant, sha256) DO UPDATE SET size = content.size",
        args![tenant, sha256, signed(size), media_type, now],
    )
    .await
    .map(drop)
}

/// The content with that digest, with its facts.
///
/// # Errors
/// Those of the database.
pub async fn facts_of(
    tx: &mut Tx,
    tenant: TenantId,
    sha256: Sha256,
) -> Result<Option<Content>, Error> {
    let row = tx
        .row(
            "SELECT sha256, size, media_type, facts, facts_version FROM content WHERE tenant = $1 AND sha256 = $2",
            args![tenant, sha256],
        )
        .await?;
    row.map(|row| {
        let mut row = row.of("content");
        Ok(Content {
            sha256: row.next("sha256")?,
            size: row.next("size")?,
            media_type: row.next("media_type")?,
            facts: row.next("facts")?,
            facts_version: row.next("facts_version")?,
        })
    })
    .transpose()
}

/// Stores what a step of `version` read, unless a newer one has. Whether it was stored.
///
/// # Errors
/// Those of the database.
pub async fn put_facts(
    tx: &mut Tx,
    tenant: TenantId,
    sha256: Sha256,
    facts: &Facts,
    version: u32,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE content SET facts = $3, facts_version = $4 WHERE tenant = $1 AND sha256 = $2 AND facts_version <= $4",
        args![tenant, sha256, json(facts)?, version],
    )
    .await
}
