//! The writer's loop: bodies that wait together are committed together.

use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use super::super::Tx;
use super::work::Work;
use super::{Command, GROUP};
use crate::Error;

/// A group is committed when its bodies have taken this long, so the first does not wait for all.
const PATIENCE: Duration = Duration::from_millis(20);

/// Serves the queue until told to stop, or until nobody can ask any more.
pub(super) fn run(
    commands: &mut mpsc::Receiver<Command>,
    tx: &mut Tx,
) -> Option<oneshot::Sender<()>> {
    loop {
        match commands.blocking_recv()? {
            Command::Stop(done) => return Some(done),
            Command::Run(first) => {
                if let Some(done) = commit_group(first, commands, tx) {
                    return Some(done);
                }
            }
        }
    }
}

/// Runs `first` and what waits behind it in one transaction, commits, answers.
fn commit_group(
    first: Box<dyn Work>,
    commands: &mut mpsc::Receiver<Command>,
    tx: &mut Tx,
) -> Option<oneshot::Sender<()>> {
    if let Err(error) = tx.sqlite().begin_write() {
        first.answer(Err(error));
        return None;
    }
    let began = Instant::now();
    let mut group: Vec<Box<dyn Work>> = Vec::with_capacity(GROUP);
    let mut next = Some(first);
    let mut stop = None;
    let mut lost = None;
    while let Some(mut work) = next.take() {
        let ran = run_in_savepoint(work.as_mut(), tx);
        group.push(work);
        if let Err(error) = ran {
            lost = Some(error);
            break;
        }
        if group.len() == GROUP || began.elapsed() > PATIENCE {
            break;
        }
        match commands.try_recv() {
            Ok(Command::Run(work)) => next = Some(work),
            Ok(Command::Stop(done)) => stop = Some(done),
            Err(_) => {}
        }
    }
    let outcome = match lost {
        None => tx.sqlite().commit(),
        Some(error) => Err(error),
    };
    if outcome.is_err() {
        tx.sqlite().roll_back();
    }
    for work in group {
        work.answer(outcome.clone());
    }
    stop
}

/// Runs one body so that its failure undoes only itself.
///
/// # Errors
/// When the whole transaction is lost: SQLite rolls everything back by itself when, say, the disk
/// is full.
fn run_in_savepoint(work: &mut dyn Work, tx: &mut Tx) -> Result<(), Error> {
    tx.sqlite().script("SAVEPOINT body")?;
    let keep = work.run(tx);
    let connection = tx.sqlite();
    if !connection.in_transaction() {
        return Err(connection.take_loss());
    }
    if keep {
        connection.script("RELEASE body")
    } else {
        connection.script("ROLLBACK TO body; RELEASE body")
    }
}
