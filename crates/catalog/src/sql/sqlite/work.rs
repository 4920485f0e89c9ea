//! One transaction body on its way to a database thread, and its outcome on the way back.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use futures::future::BoxFuture;
use tokio::sync::oneshot;

use super::super::Tx;
use crate::Error;

/// A body of any type.
pub(super) trait Work: Send {
    /// Runs it to its end. Whether what it did is to be kept.
    fn run(&mut self, tx: &mut Tx) -> bool;

    /// Tells the caller. `outcome` is what became of the surrounding transaction.
    fn answer(self: Box<Self>, outcome: Result<(), Error>);
}

/// How a body ended.
pub(super) enum Outcome<T, E> {
    Ended(Result<T, E>),
    Panicked(Box<dyn Any + Send>),
}

struct Pending<T, E, F> {
    body: Option<F>,
    outcome: Option<Outcome<T, E>>,
    reply: oneshot::Sender<Outcome<T, E>>,
}

/// Packs a body; its outcome comes through the receiver.
pub(super) fn work<T, E, F>(body: F) -> (Box<dyn Work>, oneshot::Receiver<Outcome<T, E>>)
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
{
    let (reply, outcome) = oneshot::channel();
    let pending = Pending {
        body: Some(body),
        outcome: None,
        reply,
    };
    (Box::new(pending), outcome)
}

impl<T, E, F> Work for Pending<T, E, F>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
{
    fn run(&mut self, tx: &mut Tx) -> bool {
        let Some(body) = self.body.take() else {
            return false;
        };
        // Unwind safety: after a panic the savepoint is rolled back and the body's state dropped.
        let outcome = match catch_unwind(AssertUnwindSafe(|| poll_once(body(tx)))) {
            Ok(result) => Outcome::Ended(tx.verdict(result)),
            Err(panic) => {
                tx.broken = None;
                Outcome::Panicked(panic)
            }
        };
        let keep = matches!(outcome, Outcome::Ended(Ok(_)));
        self.outcome = Some(outcome);
        keep
    }

    fn answer(self: Box<Self>, outcome: Result<(), Error>) {
        let answer = match (self.outcome, outcome) {
            (Some(Outcome::Ended(Ok(_))) | None, Err(error)) => Outcome::Ended(Err(error.into())),
            (Some(own), _) => own,
            (None, Ok(())) => Outcome::Ended(Err(Error::Busy.into())),
        };
        // The caller may have gone; what it asked for is done all the same.
        let _gone = self.reply.send(answer);
    }
}

/// SQLite answers at once, so a body that has to wait waits for something else and would hold up
/// everybody: that is a defect of the body.
fn poll_once<T, E: From<Error>>(body: BoxFuture<'_, Result<T, E>>) -> Result<T, E> {
    match pin!(body).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => {
            Err(Error::database("a transaction awaited something else than the database").into())
        }
    }
}
