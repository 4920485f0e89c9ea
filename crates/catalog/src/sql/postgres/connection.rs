//! One PostgreSQL connection in one transaction.

use std::sync::{Arc, Mutex, PoisonError};

use deadpool_postgres::Object;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

use super::super::statement::Rendered;
use super::super::value::Value;
use super::super::{Arg, Row, Sql};
use crate::Error;

/// A pooled connection that is closed instead of given back unless its transaction was
/// [settled](Connection::settle).
pub(in crate::sql) struct Connection {
    client: Option<Object>,
    rendered: Arc<Mutex<Rendered>>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            drop(Object::take(client));
        }
    }
}

impl Connection {
    pub(super) fn new(client: Object, rendered: Arc<Mutex<Rendered>>) -> Self {
        Self {
            client: Some(client),
            rendered,
        }
    }

    fn client(&self) -> Result<&Object, Error> {
        self.client
            .as_ref()
            .ok_or_else(|| Error::Unavailable("the transaction has ended".to_owned()))
    }

    fn text(&self, sql: &Sql) -> Arc<str> {
        self.rendered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .text(sql)
    }

    pub(in crate::sql) async fn script(&mut self, text: &str) -> Result<(), Error> {
        self.client()?
            .batch_execute(text)
            .await
            .map_err(|error| explain(&error))
    }

    pub(in crate::sql) async fn execute(&mut self, sql: &Sql, args: &[Arg]) -> Result<u64, Error> {
        let text = self.text(sql);
        self.client()?
            .execute_typed(&text, &typed(args))
            .await
            .map_err(|error| explain(&error))
    }

    pub(in crate::sql) async fn rows(
        &mut self,
        sql: &Sql,
        args: &[Arg],
    ) -> Result<Vec<Row>, Error> {
        let text = self.text(sql);
        let rows = self
            .client()?
            .query_typed(&text, &typed(args))
            .await
            .map_err(|error| explain(&error))?;
        rows.iter().map(read).collect()
    }

    /// Ends the transaction with `COMMIT` or `ROLLBACK` and gives the connection back to the pool once
    /// the server has confirmed it.
    pub(super) async fn settle(&mut self, end: &'static str) -> Result<(), Error> {
        self.script(end).await?;
        drop(self.client.take());
        Ok(())
    }
}

/// The arguments with the types they are sent as.
fn typed(args: &[Arg]) -> Vec<(&(dyn ToSql + Sync), Type)> {
    args.iter()
        .map(|arg| -> (&(dyn ToSql + Sync), Type) {
            match arg {
                Arg::Bool(value) => (value, Type::BOOL),
                Arg::Int(value) => (value, Type::INT8),
                Arg::Real(value) => (value, Type::FLOAT8),
                Arg::Text(value) => (value, Type::TEXT),
                Arg::Bytes(value) => (value, Type::BYTEA),
                Arg::Uuid(value) => (value, Type::UUID),
            }
        })
        .collect()
}

fn read(row: &tokio_postgres::Row) -> Result<Row, Error> {
    let cell = |(index, column): (usize, &tokio_postgres::Column)| {
        let value = match *column.type_() {
            Type::BOOL => row
                .try_get::<_, Option<bool>>(index)
                .map(|cell| cell.map(Value::Bool)),
            Type::INT8 => row
                .try_get::<_, Option<i64>>(index)
                .map(|cell| cell.map(Value::Int)),
            Type::INT4 => row
                .try_get::<_, Option<i32>>(index)
                .map(|cell| cell.map(|value| Value::Int(value.into()))),
            Type::FLOAT8 => row
                .try_get::<_, Option<f64>>(index)
                .map(|cell| cell.map(Value::Real)),
            Type::BYTEA => row
                .try_get::<_, Option<Vec<u8>>>(index)
                .map(|cell| cell.map(Value::Bytes)),
            Type::UUID => row
                .try_get::<_, Option<uuid::Uuid>>(index)
                .map(|cell| cell.map(Value::Uuid)),
            _ => row
                .try_get::<_, Option<String>>(index)
                .map(|cell| cell.map(Value::Text)),
        };
        value
            .map(|cell| cell.unwrap_or(Value::Null))
            .map_err(|error| explain(&error))
    };
    let cells = row.columns().iter().enumerate().map(cell);
    Ok(Row::new(cells.collect::<Result<_, _>>()?))
}

/// The error by its name.
pub(super) fn explain(error: &tokio_postgres::Error) -> Error {
    let Some(refusal) = error.as_db_error() else {
        return if error.is_closed()
            || std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
        {
            Error::Unavailable(describe(error))
        } else {
            Error::database(describe(error))
        };
    };
    match refusal.code().code() {
        code if code.starts_with("23") => Error::Conflict {
            constraint: refusal.constraint().unwrap_or(refusal.message()).to_owned(),
        },
        "40001" | "40P01" | "55P03" => Error::Busy,
        "53100" | "53400" => Error::StorageFull,
        "25006" => Error::ReadOnly,
        code if ["08", "53", "57", "28"]
            .iter()
            .any(|class| code.starts_with(class)) =>
        {
            Error::Unavailable(refusal.to_string())
        }
        _ if *refusal.code() == SqlState::UNDEFINED_DATABASE => {
            Error::Unavailable(refusal.to_string())
        }
        _ => Error::database(refusal.to_string()),
    }
}

/// The driver's error says only "db error" or "error connecting"; its source says why.
fn describe(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
