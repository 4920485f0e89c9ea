//! What the whole installation stores: sums for whoever looks after the disk.

use domain::UserId;

use crate::blobs::BlobState;
use crate::sql::args;
use crate::{Error, Tx};

/// Blobs in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InState {
    /// The state.
    pub state: BlobState,
    /// How many.
    pub count: u64,
    /// Bytes as they were sent.
    pub bytes: u64,
    /// Bytes as they lie in the store.
    pub stored_bytes: u64,
}

/// Somebody who owns much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The account.
    pub id: UserId,
    /// Its e-mail address.
    pub email: String,
    /// Its display name.
    pub name: Option<String>,
    /// Bytes it owns.
    pub bytes: u64,
    /// Assets it owns.
    pub count: u64,
    /// Bytes it may own; `None`: no limit.
    pub quota: Option<u64>,
}

/// A number of blobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Portion {
    /// How many.
    pub count: u64,
    /// Bytes as they were sent.
    pub bytes: u64,
}

/// Single sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    /// Bytes of everything derived.
    pub derived_bytes: u64,
    /// Live blobs that nothing refers to: the keepers remove them after a while.
    pub unreferenced: Portion,
    /// Copies that could not be read back whole, or are not where they should be.
    pub damaged: Portion,
    /// Bytes of the database.
    pub database_bytes: u64,
}

/// Blobs by state; those that are gone take no room and are left out.
///
/// # Errors
/// Those of the database.
pub async fn by_state(tx: &mut Tx) -> Result<Vec<InState>, Error> {
    let rows = tx
        .rows(
            "SELECT state, count(*), CAST(sum(size) AS {int}), CAST(sum(stored_size) AS {int}) FROM blob \
             WHERE state <> 'gone' GROUP BY state ORDER BY state",
            args![],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("blob");
            Ok(InState {
                state: row.next("state")?,
                count: row.next("count")?,
                bytes: row.next("size")?,
                stored_bytes: row.next("stored_size")?,
            })
        })
        .collect()
}

/// Who owns most, over all tenants, those who own most first.
///
/// # Errors
/// Those of the database.
pub async fn owners(tx: &mut Tx, limit: u32) -> Result<Vec<Owner>, Error> {
    let rows = tx
        .rows(
            "SELECT u.id, u.email, u.name, u.used, u.quota, \
             (SELECT count(*) FROM asset a WHERE a.tenant = u.tenant AND a.owner = u.id) \
             FROM app_user u ORDER BY u.used DESC, u.id LIMIT $1",
            args![limit],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("app_user");
            Ok(Owner {
                id: row.next("id")?,
                email: row.next("email")?,
                name: row.next("name")?,
                bytes: row.next("used")?,
                quota: row.next("quota")?,
                count: row.next("count")?,
            })
        })
        .collect()
}

/// The other sums.
///
/// # Errors
/// Those of the database.
pub async fn sums(tx: &mut Tx) -> Result<Sums, Error> {
    let row = tx
        .row(
            "SELECT (SELECT CAST(COALESCE(sum(size), 0) AS {int}) FROM rendition), \
             {database_bytes}, \
             (SELECT count(*) FROM blob WHERE state = 'live' AND refs = 0), \
             (SELECT CAST(COALESCE(sum(size), 0) AS {int}) FROM blob WHERE state = 'live' AND refs = 0), \
             (SELECT count(*) FROM blob_copy WHERE state <> 'present'), \
             (SELECT CAST(COALESCE(sum(b.size), 0) AS {int}) FROM blob_copy c \
              JOIN blob b ON b.tenant = c.tenant AND b.id = c.blob WHERE c.state <> 'present')",
            args![],
        )
        .await?;
    let mut row = row
        .ok_or_else(|| Error::database("a statement without a table gave no row"))?
        .of("sums");
    Ok(Sums {
        derived_bytes: row.next("derived_bytes")?,
        database_bytes: row.next("database_bytes")?,
        unreferenced: Portion {
            count: row.next("unreferenced")?,
            bytes: row.next("unreferenced")?,
        },
        damaged: Portion {
            count: row.next("damaged")?,
            bytes: row.next("damaged")?,
        },
    })
}
