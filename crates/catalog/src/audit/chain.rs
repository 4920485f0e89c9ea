//! The audit log as a chain of hashes. What goes into a hash is written down in the decision record;
//! who signs, and with which key, is the caller's business.

use domain::{Sha256, TenantId, Timestamp};
use uuid::Uuid;

use crate::sql::{Row, args};
use crate::words::words;
use crate::{Error, Tx};

words! {
    /// What a signature stands for.
    SealKind {
        /// Everything up to here is as it was.
        Seal = "seal",
        /// Everything up to here was removed because it was old enough.
        Checkpoint = "checkpoint",
    }
}

/// An entry as it lies in the database: what is hashed is what is there, not what we make of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: Uuid,
    /// When it happened.
    pub at: Timestamp,
    /// Its place in the chain and the hash up to it; `None`: not sealed yet.
    pub sealed: Option<(i64, Vec<u8>)>,
    actor: Option<Uuid>,
    action: String,
    subject: Option<Uuid>,
    detail: String,
    address: Option<String>,
    request: Option<Uuid>,
}

impl Link {
    /// The hash of the chain with this entry at `place`, after `before`.
    pub fn hash(&self, tenant: TenantId, place: i64, before: &[u8]) -> Sha256 {
        let mut text = Vec::with_capacity(256 + self.detail.len());
        let mut add = |field: Option<&[u8]>| match field {
            None => text.push(0),
            Some(bytes) => {
                text.push(1);
                text.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
                text.extend_from_slice(bytes);
            }
        };
        add(Some(b"mediavault audit entry 1"));
        add(Some(before));
        add(Some(&place.to_be_bytes()));
        add(Some(tenant.uuid().as_bytes()));
        add(Some(self.id.as_bytes()));
        add(Some(&self.at.millis().to_be_bytes()));
        add(self.actor.as_ref().map(|id| &id.as_bytes()[..]));
        add(Some(self.action.as_bytes()));
        add(self.subject.as_ref().map(|id| &id.as_bytes()[..]));
        add(Some(self.detail.as_bytes()));
        add(self.address.as_deref().map(str::as_bytes));
        add(self.request.as_ref().map(|id| &id.as_bytes()[..]));
        Sha256::of(&text)
    }
}

/// A signed place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// In which tenant.
    pub tenant: TenantId,
    /// What it stands for.
    pub kind: SealKind,
    /// The last entry it covers; places count from 1.
    pub place: i64,
    /// The hash of the chain up to there.
    pub hash: Vec<u8>,
    /// When it was made.
    pub at: Timestamp,
    /// Over all of this.
    pub signature: Vec<u8>,
}

fn link(row: Row) -> Result<Link, Error> {
    let mut row = row.of("audit");
    let (id, at) = (row.next("id")?, row.next("happened_at")?);
    let place: Option<i64> = row.next("place")?;
    let hash: Option<Vec<u8>> = row.next("hash")?;
    Ok(Link {
        id,
        at,
        sealed: place.map(|place| (place, hash.unwrap_or_default())),
        actor: row.next("actor")?,
        action: row.next("action")?,
        subject: row.next("subject")?,
        detail: row.next("detail")?,
        address: row.next("address")?,
        request: row.next("request")?,
    })
}

/// Keeps other nodes from sealing this tenant's entries until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn lock(tx: &mut Tx, tenant: TenantId) -> Result<(), Error> {
    tx.row(
        "SELECT id FROM tenant WHERE id = $1 {for_change}",
        args![tenant],
    )
    .await
    .map(drop)
}

/// Entries that have no place yet, at most `limit`, the oldest first. On PostgreSQL an entry may
/// become visible after younger ones were sealed; it then comes in the next round, so the order of
/// places is the order of sealing, and none is passed over.
///
/// # Errors
/// Those of the database.
pub async fn unsealed(tx: &mut Tx, tenant: TenantId, limit: u32) -> Result<Vec<Link>, Error> {
    let rows = tx
        .rows(
            "SELECT id, happened_at, place, hash, actor, action, subject, detail, address, request \
             FROM audit WHERE tenant = $1 AND place IS NULL ORDER BY id LIMIT $2",
            args![tenant, limit],
        )
        .await?;
    rows.into_iter().map(link).collect()
}

/// How many entries have no place yet.
///
/// # Errors
/// Those of the database.
pub async fn waiting(tx: &mut Tx, tenant: TenantId) -> Result<i64, Error> {
    let row = tx
        .row(
            "SELECT count(*) FROM audit WHERE tenant = $1 AND place IS NULL",
            args![tenant],
        )
        .await?;
    row.map_or(Ok(0), |row| row.of("audit").next("count"))
}

/// Gives an entry its place. `false`: it has one already, or is gone.
///
/// # Errors
/// Those of the database.
pub async fn place(
    tx: &mut Tx,
    tenant: TenantId,
    entry: Uuid,
    place: i64,
    hash: &Sha256,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE audit SET place = $3, hash = $4 WHERE tenant = $1 AND id = $2 AND place IS NULL",
        args![tenant, entry, place, *hash],
    )
    .await
}

/// Adds a signed place.
///
/// # Errors
/// Those of the database; [`Error::Conflict`] when that place is signed already.
pub async fn sign(tx: &mut Tx, seal: &Seal) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO audit_seal (tenant, kind, place, hash, sealed_at, signature) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![
            seal.tenant,
            seal.kind,
            seal.place,
            seal.hash.as_slice(),
            seal.at,
            seal.signature.as_slice()
        ],
    )
    .await
    .map(drop)
}

fn seal(row: Row) -> Result<Seal, Error> {
    let mut row = row.of("audit_seal");
    Ok(Seal {
        tenant: row.next("tenant")?,
        kind: row.next("kind")?,
        place: row.next("place")?,
        hash: row.next("hash")?,
        at: row.next("sealed_at")?,
        signature: row.next("signature")?,
    })
}

/// The last seal or checkpoint: where the chain goes on.
///
/// # Errors
/// Those of the database.
pub async fn tip(tx: &mut Tx, tenant: TenantId) -> Result<Option<Seal>, Error> {
    let row = tx
        .row(
            "SELECT tenant, kind, place, hash, sealed_at, signature FROM audit_seal WHERE tenant = $1 \
             ORDER BY place DESC, kind DESC LIMIT 1",
            args![tenant],
        )
        .await?;
    row.map(seal).transpose()
}

/// The checkpoint that the chain begins after.
///
/// # Errors
/// Those of the database.
pub async fn checkpoint(tx: &mut Tx, tenant: TenantId) -> Result<Option<Seal>, Error> {
    let row = tx
        .row(
            "SELECT tenant, kind, place, hash, sealed_at, signature FROM audit_seal \
             WHERE tenant = $1 AND kind = 'checkpoint' ORDER BY place DESC LIMIT 1",
            args![tenant],
        )
        .await?;
    row.map(seal).transpose()
}

/// Seals after a place, at most `limit`, in order.
///
/// # Errors
/// Those of the database.
pub async fn seals(
    tx: &mut Tx,
    tenant: TenantId,
    after: i64,
    limit: u32,
) -> Result<Vec<Seal>, Error> {
    let rows = tx
        .rows(
            "SELECT tenant, kind, place, hash, sealed_at, signature FROM audit_seal \
             WHERE tenant = $1 AND kind = 'seal' AND place > $2 ORDER BY place LIMIT $3",
            args![tenant, after, limit],
        )
        .await?;
    rows.into_iter().map(seal).collect()
}

/// Sealed entries after a place, at most `limit`, in order.
///
/// # Errors
/// Those of the database.
pub async fn links(
    tx: &mut Tx,
    tenant: TenantId,
    after: i64,
    limit: u32,
) -> Result<Vec<Link>, Error> {
    let rows = tx
        .rows(
            "SELECT id, happened_at, place, hash, actor, action, subject, detail, address, request \
             FROM audit WHERE tenant = $1 AND place > $2 ORDER BY place LIMIT $3",
            args![tenant, after, limit],
        )
        .await?;
    rows.into_iter().map(link).collect()
}

/// The last seal made before `before`, at `most` or an earlier place: everything up to it may go when
/// only what is younger is kept.
///
/// # Errors
/// Those of the database.
pub async fn outlived(
    tx: &mut Tx,
    tenant: TenantId,
    before: Timestamp,
    most: i64,
) -> Result<Option<Seal>, Error> {
    let row = tx
        .row(
            "SELECT tenant, kind, place, hash, sealed_at, signature FROM audit_seal \
             WHERE tenant = $1 AND kind = 'seal' AND sealed_at < $2 AND place <= $3 \
             ORDER BY place DESC LIMIT 1",
            args![tenant, before, most],
        )
        .await?;
    row.map(seal).transpose()
}

/// Removes the entries up to a checkpoint, and the signatures before it.
///
/// # Errors
/// Those of the database.
pub async fn forget(tx: &mut Tx, checkpoint: &Seal) -> Result<u64, Error> {
    tx.execute(
        "DELETE FROM audit_seal WHERE tenant = $1 AND (place < $2 OR (place = $2 AND kind = 'seal'))",
        args![checkpoint.tenant, checkpoint.place],
    )
    .await?;
    tx.execute(
        "DELETE FROM audit WHERE tenant = $1 AND place <= $2",
        args![checkpoint.tenant, checkpoint.place],
    )
    .await
}
