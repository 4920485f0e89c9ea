//! PostgreSQL: a pool of connections, one per running transaction.
//!
//! A body runs in a task of its own, out of reach of its caller's cancellation. A connection goes
//! back to the pool only when the server confirmed COMMIT or ROLLBACK; in every other case it is
//! closed. Statements are sent unnamed with their types, in one round trip, so that a pooler in
//! transaction mode may stand between.

mod connection;

use std::str::FromStr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime};
use futures::future::BoxFuture;
use tokio_postgres::NoTls;

use super::statement::Rendered;
use super::{Dialect, Tx};
use crate::Error;
pub(super) use connection::Connection;

/// How long a transaction waits for a free connection, or for a new one to be made.
const WAIT: Duration = Duration::from_secs(10);

const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
/// A read that takes this long would take for ever, and its connection with it.
const READ: &str =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '30s'";

/// The connections to one database.
pub(super) struct Handle {
    pool: Pool,
    rendered: Arc<Mutex<Rendered>>,
}

impl Handle {
    pub(super) fn open(url: &str, connections: usize) -> Result<Self, Error> {
        let mut config = tokio_postgres::Config::from_str(url)
            .map_err(|error| Error::Unavailable(format!("the database URL: {error}")))?;
        if config.get_application_name().is_none() {
            config.application_name("mediavault");
        }
        config.connect_timeout(WAIT);
        let manager = Manager::from_config(
            config,
            NoTls,
            ManagerConfig {
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let pool = Pool::builder(manager)
            .max_size(connections.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(WAIT))
            .recycle_timeout(Some(WAIT))
            .build()
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self {
            pool,
            rendered: Arc::new(Mutex::new(Rendered::new(Dialect::Postgres))),
        })
    }

    pub(super) async fn write<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        self.run(WRITE, body).await
    }

    pub(super) async fn read<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        self.run(READ, body).await
    }

    pub(super) fn close(&self) {
        self.pool.close();
    }

    async fn run<T, E, F>(&self, begin: &'static str, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        let client = self
            .pool
            .get()
            .await
            .map_err(|error| explain_pool(&error))?;
        let task = tokio::spawn(transact(
            Connection::new(client, Arc::clone(&self.rendered)),
            begin,
            body,
        ));
        match task.await {
            Ok(result) => result,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(Error::Unavailable("the program is stopping".to_owned()).into()),
        }
    }
}

/// Begins, runs the body, commits or rolls back.
async fn transact<T, E, F>(mut connection: Connection, begin: &'static str, body: F) -> Result<T, E>
where
    E: From<Error>,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>>,
{
    connection.script(begin).await?;
    let mut tx = Tx::new(super::Connection::Postgres(connection));
    let result = body(&mut tx).await;
    let result = tx.verdict(result);
    let super::Connection::Postgres(mut connection) = tx.connection else {
        unreachable!("it was PostgreSQL a moment ago");
    };
    match result {
        Ok(value) => {
            connection.settle("COMMIT").await?;
            Ok(value)
        }
        Err(error) => {
            // The body's error matters more. Unless this is confirmed, the connection is closed.
            if let Err(failure) = connection.settle("ROLLBACK").await {
                tracing::warn!(error = %failure, "a connection was closed instead of rolled back");
            }
            Err(error)
        }
    }
}

fn explain_pool(error: &PoolError) -> Error {
    match error {
        PoolError::Backend(error) => connection::explain(error),
        PoolError::Timeout(_) => Error::Unavailable("no connection was free in time".to_owned()),
        _ => Error::Unavailable(error.to_string()),
    }
}
