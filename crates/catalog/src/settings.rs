//! Facts of the whole installation: a name and a JSON value.

use std::collections::BTreeMap;

use domain::Timestamp;
use serde_json::Value;

use crate::sql::{Builder, Row, args};
use crate::{Error, Tx};

fn value(row: Option<Row>) -> Result<Option<Value>, Error> {
    row.map(|row| row.of("setting").next("value")).transpose()
}

/// The value under `name`.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, name: &str) -> Result<Option<Value>, Error> {
    value(
        tx.row("SELECT value FROM setting WHERE name = $1", args![name])
            .await?,
    )
}

/// The values under `names`, of those that are there.
///
/// # Errors
/// Those of the database.
pub async fn get_all(tx: &mut Tx, names: &[String]) -> Result<BTreeMap<String, Value>, Error> {
    let mut sql = Builder::new("SELECT name, value FROM setting WHERE name");
    sql.is_one_of(names.iter().map(String::as_str));
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("setting");
            Ok((row.next("name")?, row.next("value")?))
        })
        .collect()
}

/// Sets or replaces the value under `name`.
///
/// # Errors
/// Those of the database.
pub async fn put(tx: &mut Tx, name: &str, value: &Value, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO setting (name, value, updated_at) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
        args![name, value, now],
    )
    .await
    .map(drop)
}

/// Sets the value if there is none; of several who try at once one succeeds. Whether it was this one.
///
/// # Errors
/// Those of the database.
pub async fn put_if_absent(
    tx: &mut Tx,
    name: &str,
    value: &Value,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "INSERT INTO setting (name, value, updated_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING",
        args![name, value, now],
    )
    .await
}

/// Takes the value away; of several who try at once one gets it. For one-time codes.
///
/// # Errors
/// Those of the database.
pub async fn take(tx: &mut Tx, name: &str) -> Result<Option<Value>, Error> {
    value(
        tx.row(
            "DELETE FROM setting WHERE name = $1 RETURNING value",
            args![name],
        )
        .await?,
    )
}
