//! SQLite: one writer thread that commits in groups, a few reader threads.
//!
//! Every body runs in a savepoint of its own; up to [`GROUP`] of them share one
//! `BEGIN IMMEDIATE … COMMIT`, so one fsync makes all of them durable. Nobody is answered before.

mod connection;
mod group;
mod planner;
mod work;

use std::sync::{Arc, Mutex, PoisonError};

use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

use super::Tx;
use crate::{DataDirLock, Error};
pub(super) use connection::Connection;
use work::{Outcome, Work, work};

/// Bodies in one commit.
const GROUP: usize = 64;
/// Bodies that wait for the writer, or for a reader; more callers wait outside.
const QUEUE: usize = 256;
/// Reader threads.
const READERS: usize = 4;

/// What a thread is asked to do.
enum Command {
    Run(Box<dyn Work>),
    /// Close the connection, then say so.
    Stop(oneshot::Sender<()>),
}

/// The threads of one open file; they end when this is dropped.
pub(super) struct Handle {
    writer: mpsc::Sender<Command>,
    readers: mpsc::Sender<Command>,
}

impl Handle {
    pub(super) async fn open(lock: DataDirLock) -> Result<Self, Error> {
        tokio::task::spawn_blocking(move || Self::start(lock))
            .await
            .map_err(|error| Error::Unavailable(error.to_string()))?
    }

    fn start(lock: DataDirLock) -> Result<Self, Error> {
        let path = lock.dir().join("catalog.db");
        let mut tx = Connection::writer(&path)?.into_tx();
        let (writer, mut commands) = mpsc::channel(QUEUE);
        spawn("catalog-writer", move || {
            let stopped = group::run(&mut commands, &mut tx);
            drop(tx);
            drop(lock);
            answer(stopped);
        })?;

        let (readers, commands) = mpsc::channel(QUEUE);
        let commands = Arc::new(Mutex::new(commands));
        for _ in 0..READERS {
            let mut tx = Connection::reader(&path)?.into_tx();
            let commands = Arc::clone(&commands);
            spawn("catalog-reader", move || {
                let stopped = serve_reads(&commands, &mut tx);
                drop(tx);
                answer(stopped);
            })?;
        }
        Ok(Self { writer, readers })
    }

    pub(super) async fn write<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        ask(&self.writer, body).await
    }

    pub(super) async fn read<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        ask(&self.readers, body).await
    }

    /// Readers first: the last connection to close folds the write-ahead log into the file.
    pub(super) async fn close(&self) {
        let queues = std::iter::repeat_n(&self.readers, READERS).chain([&self.writer]);
        for queue in queues {
            let (done, stopped) = oneshot::channel();
            // An error on either side means that the thread has ended already.
            if queue.send(Command::Stop(done)).await.is_ok() {
                let _ended = stopped.await;
            }
        }
    }
}

async fn ask<T, E, F>(queue: &mpsc::Sender<Command>, body: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
{
    let closed = || E::from(Error::Unavailable("the catalog is closed".to_owned()));
    let (work, outcome) = work(body);
    queue.send(Command::Run(work)).await.map_err(|_| closed())?;
    match outcome.await.map_err(|_| closed())? {
        Outcome::Ended(result) => result,
        Outcome::Panicked(panic) => std::panic::resume_unwind(panic),
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .map(drop)
        .map_err(|error| Error::Unavailable(format!("no thread for the database: {error}")))
}

fn answer(stopped: Option<oneshot::Sender<()>>) {
    if let Some(done) = stopped {
        // Whoever asked may have stopped waiting.
        let _gone = done.send(());
    }
}

/// Runs reads until told to stop, or until nobody can ask any more.
fn serve_reads(
    commands: &Mutex<mpsc::Receiver<Command>>,
    tx: &mut Tx,
) -> Option<oneshot::Sender<()>> {
    loop {
        let command = commands
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .blocking_recv()?;
        match command {
            Command::Stop(done) => return Some(done),
            Command::Run(mut work) => {
                let outcome = tx.sqlite().begin_read();
                if outcome.is_ok() {
                    work.run(tx);
                    tx.sqlite().roll_back();
                }
                work.answer(outcome);
            }
        }
    }
}

impl Tx {
    /// The connection, on a thread that serves only SQLite.
    fn sqlite(&mut self) -> &mut Connection {
        match &mut self.connection {
            super::Connection::Sqlite(connection) => connection,
            super::Connection::Postgres(_) => {
                unreachable!("the threads of this module hold SQLite connections")
            }
        }
    }
}
