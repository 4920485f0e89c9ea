//! One rusqlite connection: settings, statements, errors by their names.

use std::path::Path;
use std::time::Duration;

use rusqlite::ffi::ErrorCode;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, OpenFlags, ToSql};

use super::super::statement::Rendered;
use super::super::value::Value;
use super::super::{Arg, Connection as AnyConnection, Dialect, Row, Sql, Tx};
use crate::Error;

/// Prepared statements kept by a connection. There are about 200 fixed texts and a few dozen built.
const PREPARED: usize = 256;

pub(in crate::sql) struct Connection {
    inner: rusqlite::Connection,
    rendered: Rendered,
    /// The last failure; the reason when SQLite gave up the whole transaction.
    failure: Option<Error>,
}

impl Connection {
    /// The one connection that changes the file. WAL lets readers go on; FULL makes a commit survive
    /// a power cut.
    pub(super) fn writer(path: &Path) -> Result<Self, Error> {
        let connection = Self::open(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )?;
        connection
            .inner
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                 PRAGMA cache_size = -16384;",
            )
            .map_err(|error| explain(&error))?;
        Ok(connection)
    }

    pub(super) fn reader(path: &Path) -> Result<Self, Error> {
        let connection = Self::open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection
            .inner
            .execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8192;")
            .map_err(|error| explain(&error))?;
        Ok(connection)
    }

    fn open(path: &Path, flags: OpenFlags) -> Result<Self, Error> {
        let inner =
            rusqlite::Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
                .and_then(|inner| {
                    inner.busy_timeout(Duration::from_secs(5))?;
                    inner.set_prepared_statement_cache_capacity(PREPARED);
                    inner.execute_batch(
                        "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;",
                    )?;
                    Ok(inner)
                })
                .map_err(|error| Error::Unavailable(format!("{}: {error}", path.display())))?;
        Ok(Self {
            inner,
            rendered: Rendered::new(Dialect::Sqlite),
            failure: None,
        })
    }

    pub(super) fn into_tx(self) -> Tx {
        Tx::new(AnyConnection::Sqlite(self))
    }

    pub(super) fn inner(&self) -> &rusqlite::Connection {
        &self.inner
    }

    pub(super) fn begin_write(&mut self) -> Result<(), Error> {
        self.script("BEGIN IMMEDIATE")
    }

    pub(super) fn begin_read(&mut self) -> Result<(), Error> {
        self.script("BEGIN")
    }

    pub(super) fn commit(&mut self) -> Result<(), Error> {
        self.script("COMMIT")
    }

    /// Ends the transaction if there still is one.
    pub(super) fn roll_back(&mut self) {
        if self.in_transaction()
            && let Err(error) = self.script("ROLLBACK")
        {
            tracing::error!(%error, "the database refused to roll back");
        }
    }

    pub(super) fn in_transaction(&self) -> bool {
        !self.inner.is_autocommit()
    }

    /// Why the transaction was given up.
    pub(super) fn take_loss(&mut self) -> Error {
        self.failure
            .take()
            .unwrap_or_else(|| Error::database("a transaction ended by itself"))
    }

    pub(in crate::sql) fn script(&mut self, text: &str) -> Result<(), Error> {
        let result = self
            .inner
            .execute_batch(text)
            .map_err(|error| explain(&error));
        self.note(result)
    }

    pub(in crate::sql) fn execute(&mut self, sql: &Sql, args: &[Arg]) -> Result<u64, Error> {
        let result = self.try_execute(sql, args).map_err(|error| explain(&error));
        self.note(result)
    }

    pub(in crate::sql) fn rows(&mut self, sql: &Sql, args: &[Arg]) -> Result<Vec<Row>, Error> {
        let result = self.try_rows(sql, args).map_err(|error| explain(&error));
        self.note(result)
    }

    fn note<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        result.inspect_err(|error| self.failure = Some(error.clone()))
    }

    fn try_execute(&mut self, sql: &Sql, args: &[Arg]) -> rusqlite::Result<u64> {
        let changed = self.bound(sql, args)?.raw_execute()?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn try_rows(&mut self, sql: &Sql, args: &[Arg]) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.bound(sql, args)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let cells = (0..columns).map(|column| row.get_ref(column)?.try_into());
            found.push(Row::new(cells.collect::<rusqlite::Result<_>>()?));
        }
        Ok(found)
    }

    fn bound(&mut self, sql: &Sql, args: &[Arg]) -> rusqlite::Result<CachedStatement<'_>> {
        let text = self.rendered.text(sql);
        let mut statement = self.inner.prepare_cached(&text)?;
        if statement.parameter_count() != args.len() {
            return Err(rusqlite::Error::InvalidParameterCount(
                args.len(),
                statement.parameter_count(),
            ));
        }
        for (index, arg) in args.iter().enumerate() {
            statement.raw_bind_parameter(index + 1, arg)?;
        }
        Ok(statement)
    }
}

impl ToSql for Arg {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Bool(value) => value.map(|value| ValueRef::Integer(value.into())),
            Self::Int(value) => value.map(ValueRef::Integer),
            Self::Real(value) => value.map(ValueRef::Real),
            Self::Text(value) => value.as_ref().map(|text| ValueRef::Text(text.as_bytes())),
            Self::Bytes(value) => value.as_ref().map(|bytes| ValueRef::Blob(bytes)),
            Self::Uuid(value) => value.as_ref().map(|id| ValueRef::Blob(id.as_bytes())),
        };
        Ok(ToSqlOutput::Borrowed(value.unwrap_or(ValueRef::Null)))
    }
}

impl TryFrom<ValueRef<'_>> for Value {
    type Error = rusqlite::Error;

    fn try_from(value: ValueRef<'_>) -> rusqlite::Result<Self> {
        Ok(match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(value) => Self::Int(value),
            ValueRef::Real(value) => Self::Real(value),
            ValueRef::Text(text) => Self::Text(std::str::from_utf8(text)?.to_owned()),
            ValueRef::Blob(bytes) => Self::Bytes(bytes.to_vec()),
        })
    }
}

/// The error by its name.
fn explain(error: &rusqlite::Error) -> Error {
    let rusqlite::Error::SqliteFailure(failure, message) = error else {
        return Error::database(error.to_string());
    };
    let message = message.clone().unwrap_or_else(|| failure.to_string());
    match failure.code {
        ErrorCode::ConstraintViolation => Error::Conflict {
            constraint: message
                .split_once("failed: ")
                .map_or(message.clone(), |(_, columns)| columns.to_owned()),
        },
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Busy,
        ErrorCode::DiskFull => Error::StorageFull,
        ErrorCode::ReadOnly => Error::ReadOnly,
        ErrorCode::CannotOpen | ErrorCode::SystemIoFailure => Error::Unavailable(message),
        _ => Error::database(message),
    }
}
