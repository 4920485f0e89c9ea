//! What SQLite's planner is told about the tables.
//!
//! Without statistics it takes any indexed column to be selective, the tenant too, and would read a
//! whole library to find one asset's versions, because most vaults have one tenant. Statistics of an
//! empty database are no better. So instead of measuring, we state what a large vault looks like:
//! a million rows a table, one tenant, few different words, and otherwise values that hardly repeat
//! (`sqlite_stat1`, <https://sqlite.org/fileformat2.html#the_sqlite_stat1_table>).

use rusqlite::Result;

use super::Connection;
use crate::Error;

const ROWS: u64 = 1_000_000;

/// How many different values a column is expected to hold.
fn different(column: &str) -> u64 {
    match column {
        "tenant" | "xid" => 1,
        "state" | "kind" | "role" | "name" | "priority" => 4,
        "owner" => 10,
        "app_user" => 1000,
        _ => 100_000,
    }
}

impl Connection {
    /// Replaces the planner's statistics.
    pub(in crate::sql) fn expect_growth(&mut self) -> std::result::Result<(), Error> {
        state(self.inner()).map_err(|error| Error::database(error.to_string()))
    }
}

fn state(connection: &rusqlite::Connection) -> Result<()> {
    connection.execute_batch("ANALYZE sqlite_schema; DELETE FROM sqlite_stat1")?;
    let indexes = connection
        .prepare(
            "SELECT t.name, i.name, i.\"unique\" FROM sqlite_schema t, pragma_index_list(t.name) i \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<Vec<(String, String, bool)>>>()?;
    for (table, index, unique) in indexes {
        let columns = connection
            // What an index computes has no name.
            .prepare("SELECT COALESCE(name, '') FROM pragma_index_info(?1) ORDER BY seqno")?
            .query_map([&index], |row| row.get(0))?
            .collect::<Result<Vec<String>>>()?;
        connection.execute(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)",
            [&table, &index, &expected(&columns, unique)],
        )?;
    }
    // Loads them into this connection; others see that the schema has changed and load them, too.
    connection.execute_batch("ANALYZE sqlite_schema")
}

/// Rows in all, then rows that agree in the first column, in the first two, …
fn expected(columns: &[String], unique: bool) -> String {
    let mut rows = ROWS;
    let mut numbers = vec![ROWS.to_string()];
    for (position, column) in columns.iter().enumerate() {
        rows = (rows / different(column)).max(1);
        if unique && position + 1 == columns.len() {
            rows = 1;
        }
        numbers.push(rows.to_string());
    }
    numbers.join(" ")
}
