//! The schema and its steps, forward only.
//!
//! Each migration is one text for both databases, run once in a transaction and recorded with a
//! checksum of its text. A database with unknown or altered migrations is refused: it belongs to a
//! newer program, or somebody edited history. To change the schema, add a file to `migrations/` and
//! a line to [`ALL`]; never touch one that was released.

use domain::Sha256;

use crate::Error;
use crate::sql::{Db, Tx, args};

/// Number, name, text; numbers count from 1 without gaps.
const ALL: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("migrations/0001_first.sql")),
    (2, "together", include_str!("migrations/0002_together.sql")),
    (3, "external", include_str!("migrations/0003_external.sql")),
    (4, "sealed", include_str!("migrations/0004_sealed.sql")),
    (5, "copies", include_str!("migrations/0005_copies.sql")),
    (
        6,
        "resumable",
        include_str!("migrations/0006_resumable.sql"),
    ),
];

/// Brings the schema up to date, or says why that cannot be.
pub(crate) async fn run(db: &Db) -> Result<(), Error> {
    db.write(|tx| {
        Box::pin(async move {
            tx.rows("SELECT {migration_lock}", args![]).await?;
            tx.script("CREATE TABLE IF NOT EXISTS migration (number {int} PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) {typed}")
                .await?;
            let done = recorded(tx).await?;
            check(&done, ALL)?;
            for (number, name, text) in ALL.iter().skip(done.len()) {
                tx.script(text).await?;
                tx.execute(
                    "INSERT INTO migration (number, name, checksum) VALUES ($1, $2, $3)",
                    args![*number, *name, checksum(text)],
                )
                .await?;
                tracing::info!(number, name, "schema migrated");
            }
            if done.len() < ALL.len() {
                tx.expect_growth()?;
            }
            Ok(())
        })
    })
    .await
}

fn checksum(text: &str) -> String {
    Sha256::of(text.as_bytes()).to_string()
}

async fn recorded(tx: &mut Tx) -> Result<Vec<(i64, String)>, Error> {
    let rows = tx
        .rows(
            "SELECT number, checksum FROM migration ORDER BY number",
            args![],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("migration");
            Ok((row.next("number")?, row.next("checksum")?))
        })
        .collect()
}

/// Compares what a database went through with what this program knows.
fn check(done: &[(i64, String)], known: &[(i64, &str, &str)]) -> Result<(), Error> {
    for (index, (number, recorded)) in done.iter().enumerate() {
        let Some((expected, name, text)) = known.get(index) else {
            return Err(Error::Schema(format!(
                "this database was used by a newer mediavault (migration {number}; this program knows {}). \
                 Run that version, or restore a backup made before the upgrade",
                known.len()
            )));
        };
        if number != expected || *recorded != checksum(text) {
            return Err(Error::Schema(format!(
                "migration {number} of this database is not this program's {expected} ({name}). \
                 It was made by a different build; restore a backup or use that build"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
