//! What goes on on one connection, and how long it may go on like that.
//!
//! Time runs against a client only while it is the client's turn: it has sent nothing of a request,
//! or a part of the head, or takes nothing of an answer although its own flow control alone holds it
//! up (HTTP/2). Whether the network takes what was written is the kernel's business (see `settle`).

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};

/// A reader on a thin line takes a while to drain what the kernel already holds, and says so only
/// then; so this much longer than another silence.
const FLOW_CONTROL: u32 = 5;

/// How long each silence may last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Silence {
    /// From the beginning of a head to its end, and from the connection to its first request.
    pub(super) head: Duration,
    /// Between two requests.
    pub(super) idle: Duration,
}

/// Shared by the connection, its requests and their answers.
#[derive(Debug, Clone)]
pub(super) struct Activity(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    begun: Instant,
    /// There was a request.
    spoke: bool,
    /// Requests come in streams of their own.
    is_h2: bool,
    /// Requests whose answer is not out yet.
    running: usize,
    /// Of these, the ones that wait for the client to take more.
    held_up: usize,
    /// Since when `running` and `held_up` are as they are.
    since: Instant,
    /// When the first byte of the next head came.
    head_since: Option<Instant>,
    /// The socket takes nothing at the moment.
    is_full: bool,
}

impl Activity {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self(Arc::new(Mutex::new(State {
            begun: now,
            spoke: false,
            is_h2: false,
            running: 0,
            held_up: 0,
            since: now,
            head_since: None,
            is_full: false,
        })))
    }

    /// A request has begun; it runs until the body around its answer is dropped.
    pub(super) fn begin(&self, is_h2: bool) -> Running {
        let mut state = self.lock();
        state.spoke = true;
        state.is_h2 |= is_h2;
        state.running += 1;
        state.since = Instant::now();
        state.head_since = None;
        Running {
            activity: self.clone(),
            is_held_up: false,
        }
    }

    /// Bytes came in.
    pub(super) fn read(&self) {
        let mut state = self.lock();
        if state.running == 0 && state.head_since.is_none() {
            state.head_since = Some(Instant::now());
        }
    }

    /// Whether the socket took what was given to it.
    pub(super) fn wrote(&self, is_full: bool) {
        let mut state = self.lock();
        if state.is_full && !is_full {
            state.since = Instant::now();
        }
        state.is_full = is_full;
    }

    /// When the client's time is up, should nothing change until then.
    pub(super) fn deadline(&self, silence: Silence) -> Option<Instant> {
        let state = self.lock();
        if !state.spoke {
            return Some(state.begun + silence.head);
        }
        if state.is_full {
            return None;
        }
        if state.running > 0 {
            let all = state.held_up == state.running;
            return all.then(|| state.since + silence.idle * FLOW_CONTROL);
        }
        match state.head_since {
            Some(began) if !state.is_h2 => Some(began + silence.head),
            _ => Some(state.since + silence.idle),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request under way.
#[derive(Debug)]
pub(super) struct Running {
    activity: Activity,
    is_held_up: bool,
}

impl Running {
    fn hold_up(&mut self, is_held_up: bool) {
        if self.is_held_up == is_held_up {
            return;
        }
        self.is_held_up = is_held_up;
        let mut state = self.activity.lock();
        match is_held_up {
            true => state.held_up += 1,
            false => state.held_up -= 1,
        }
        state.since = Instant::now();
    }

    /// The answer's body, which keeps the request running.
    pub(super) fn answer(self, inner: Body) -> Body {
        Body::new(Answer {
            inner,
            running: self,
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.hold_up(false);
        let mut state = self.activity.lock();
        state.running -= 1;
        state.since = Instant::now();
    }
}

/// Between a frame that was given out and the next that is asked for, it is the client's turn.
struct Answer {
    inner: Body,
    running: Running,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.running.hold_up(false);
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        if matches!(polled, Poll::Ready(Some(Ok(_)))) {
            self.running.hold_up(true);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
