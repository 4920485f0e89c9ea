//! The seam to the databases: one SQL text, one shape of transaction, SQLite or PostgreSQL.
//!
//! This file and the ones beside it in `sql/` are the only ones that name a driver. A transaction is
//! a closure handed to [`Db::write`] or [`Db::read`]; it gets a [`Tx`] and returns `Ok` to commit or
//! `Err` to roll back. Four things hold on both databases:
//!
//! - Once the closure was started it runs to its end, also when the caller's future is dropped. A
//!   client that hangs up can neither leave a transaction open nor have it half done.
//! - `Ok` comes back only after the commit was confirmed.
//! - A statement that failed fails the transaction, even if the closure ignores its error.
//! - A panic in the closure rolls back and goes on in the caller; nobody else notices.
//!
//! A closure must await nothing but its `Tx`: on SQLite it holds the one writer.

mod postgres;
mod sqlite;
mod statement;
mod timed;
mod value;

use std::sync::Arc;

use futures::future::BoxFuture;

pub use statement::{Builder, Built, Dialect, Sql};
pub(crate) use value::args;
pub use value::{Arg, Cell, Column, Row};

use timed::Timed;

use crate::{DataDirLock, Error, migrations};

/// A catalog: an open database with the schema this program knows. Clones share it.
#[derive(Clone)]
pub struct Db {
    backend: Arc<Backend>,
}

enum Backend {
    Sqlite(sqlite::Handle),
    Postgres(postgres::Handle),
}

impl Db {
    /// Opens (or makes) `<dir>/catalog.db` in the locked directory and brings its schema up to date.
    ///
    /// # Errors
    /// [`Error::Schema`] when the file belongs to a newer or altered program, [`Error::Unavailable`]
    /// when it cannot be opened.
    pub async fn open_sqlite(lock: DataDirLock) -> Result<Self, Error> {
        Self::open(Backend::Sqlite(sqlite::Handle::open(lock).await?)).await
    }

    /// Connects to `url` (`postgres://user:password@host/database`) with at most `connections`
    /// connections and brings the schema up to date. Works behind transaction pooling; speaks
    /// plain TCP or a Unix socket, so a remote server needs a TLS tunnel or proxy for now.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when nobody answers, [`Error::Schema`] as above.
    pub async fn open_postgres(url: &str, connections: usize) -> Result<Self, Error> {
        Self::open(Backend::Postgres(postgres::Handle::open(url, connections)?)).await
    }

    async fn open(backend: Backend) -> Result<Self, Error> {
        let db = Self {
            backend: Arc::new(backend),
        };
        if let Err(error) = migrations::run(&db).await {
            db.close().await;
            return Err(error);
        }
        Ok(db)
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match &*self.backend {
            Backend::Sqlite(_) => Dialect::Sqlite,
            Backend::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs `body` as one transaction that may change things (READ COMMITTED on PostgreSQL: guard
    /// changes by conditions in the statement, not by reading first).
    ///
    /// # Errors
    /// What `body` returned, or why it could not be run or committed.
    pub async fn write<T, F>(&self, body: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, Error>> + Send + 'static,
    {
        self.write_as(body).await
    }

    /// [`Db::write`] for a body with an error type of its own, so that a refusal rolls back.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_as<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        let timed = Timed::begin("write");
        let done = match &*self.backend {
            Backend::Sqlite(handle) => handle.write(body).await,
            Backend::Postgres(handle) => handle.write(body).await,
        };
        timed.end();
        done
    }

    /// Runs `body` on one consistent snapshot that it cannot change.
    ///
    /// # Errors
    /// As [`Db::write`]; [`Error::ReadOnly`] when it tries to change something.
    pub async fn read<T, F>(&self, body: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, Error>> + Send + 'static,
    {
        self.read_as(body).await
    }

    /// [`Db::read`] for a body with an error type of its own.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn read_as<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        let timed = Timed::begin("read");
        let done = match &*self.backend {
            Backend::Sqlite(handle) => handle.read(body).await,
            Backend::Postgres(handle) => handle.read(body).await,
        };
        timed.end();
        done
    }

    /// Finishes what was begun, closes the database and gives back the data directory's lock held by
    /// it. Later calls answer [`Error::Unavailable`].
    pub async fn close(&self) {
        match &*self.backend {
            Backend::Sqlite(handle) => handle.close().await,
            Backend::Postgres(handle) => handle.close(),
        }
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Db({:?})", self.dialect())
    }
}

/// An open transaction.
pub struct Tx {
    connection: Connection,
    /// The first statement that failed: this transaction cannot be committed any more.
    broken: Option<Error>,
}

enum Connection {
    Sqlite(sqlite::Connection),
    Postgres(postgres::Connection),
}

impl Tx {
    fn new(connection: Connection) -> Self {
        Self {
            connection,
            broken: None,
        }
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match &self.connection {
            Connection::Sqlite(_) => Dialect::Sqlite,
            Connection::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a statement and tells how many rows it changed.
    ///
    /// # Errors
    /// Why the database refused; the transaction is lost then.
    pub async fn execute(&mut self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<u64, Error> {
        self.whole()?;
        let result = match &mut self.connection {
            Connection::Sqlite(connection) => connection.execute(&sql.into(), &args),
            Connection::Postgres(connection) => connection.execute(&sql.into(), &args).await,
        };
        self.note(result)
    }

    /// Runs a statement and gives all its rows; a statement whose answer can be long has a LIMIT.
    ///
    /// # Errors
    /// Why the database refused; the transaction is lost then.
    pub async fn rows(&mut self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<Vec<Row>, Error> {
        self.whole()?;
        let result = match &mut self.connection {
            Connection::Sqlite(connection) => connection.rows(&sql.into(), &args),
            Connection::Postgres(connection) => connection.rows(&sql.into(), &args).await,
        };
        self.note(result)
    }

    /// [`Tx::rows`] of a statement that answers at most one row.
    ///
    /// # Errors
    /// Why the database refused; the transaction is lost then.
    pub async fn row(&mut self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<Option<Row>, Error> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    /// Whether a statement changed exactly the row it was meant for.
    pub(crate) async fn changed(
        &mut self,
        sql: impl Into<Sql>,
        args: Vec<Arg>,
    ) -> Result<bool, Error> {
        Ok(self.execute(sql, args).await? > 0)
    }

    /// Runs the statements of a migration.
    pub(crate) async fn script(&mut self, text: &str) -> Result<(), Error> {
        self.whole()?;
        let text = statement::render(self.dialect(), text);
        let result = match &mut self.connection {
            Connection::Sqlite(connection) => connection.script(&text),
            Connection::Postgres(connection) => connection.script(&text).await,
        };
        self.note(result)
    }

    /// Tells the planner what to expect of the tables, after the schema has changed.
    pub(crate) fn expect_growth(&mut self) -> Result<(), Error> {
        self.whole()?;
        let result = match &mut self.connection {
            Connection::Sqlite(connection) => connection.expect_growth(),
            // It looks for itself (autovacuum's ANALYZE).
            Connection::Postgres(_) => Ok(()),
        };
        self.note(result)
    }

    fn whole(&self) -> Result<(), Error> {
        self.broken.clone().map_or(Ok(()), Err)
    }

    fn note<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        result.inspect_err(|error| self.broken = Some(error.clone()))
    }

    /// The body's verdict, corrected when it ignored the failure of a statement.
    fn verdict<T, E: From<Error>>(&mut self, result: Result<T, E>) -> Result<T, E> {
        let broken = self.broken.take();
        result.and_then(|value| broken.map_or(Ok(value), |error| Err(error.into())))
    }
}
