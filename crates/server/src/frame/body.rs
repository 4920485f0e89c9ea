//! Gives up on a request body that stalls or trickles, so that a slow or vanished client holds
//! nothing.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// How slow a body may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Patience {
    /// Longest silence.
    pub(crate) idle: Duration,
    /// Bytes a second that must arrive on average, looked at once for every `idle` of waiting.
    pub(crate) rate: u32,
}

/// The client sent nothing for too long, or too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Slow {
    #[error("no data for {0:?}")]
    Stalled(Duration),
    #[error("less than {0} bytes a second")]
    Trickling(u32),
}

pub(super) async fn watch(
    State(patience): State<Patience>,
    request: Request,
    next: Next,
) -> Response {
    let request = request.map(|body| {
        if body.is_end_stream() {
            body
        } else {
            Body::new(Watched::new(body, patience))
        }
    });
    next.run(request).await
}

/// A body that fails when it is slower than it may be. Time counts only while somebody is reading:
/// a server that is busy elsewhere is not the client's fault.
pub(super) struct Watched {
    inner: Body,
    patience: Patience,
    /// Since when we wait for the next frame, and the alarm.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
    /// Waited so far in this stretch.
    waited: Duration,
    /// Arrived in this stretch.
    arrived: u64,
}

impl Watched {
    pub(super) fn new(inner: Body, patience: Patience) -> Self {
        Self {
            inner,
            patience,
            waiting: None,
            waited: Duration::ZERO,
            arrived: 0,
        }
    }

    /// Notes what arrived; fails when a whole stretch of waiting has brought too little.
    fn note(&mut self, bytes: usize) -> Result<(), Slow> {
        if let Some((since, _)) = self.waiting.take() {
            self.waited += since.elapsed();
        }
        self.arrived = self.arrived.saturating_add(bytes as u64);
        if self.waited < self.patience.idle {
            return Ok(());
        }
        let least = self
            .waited
            .as_secs()
            .saturating_mul(self.patience.rate.into());
        if self.arrived < least {
            return Err(Slow::Trickling(self.patience.rate));
        }
        (self.waited, self.arrived) = (Duration::ZERO, 0);
        Ok(())
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(context) {
            let data = frame
                .as_ref()
                .and_then(|frame| frame.as_ref().ok()?.data_ref());
            if let Some(bytes) = data.map(Bytes::len)
                && let Err(slow) = this.note(bytes)
            {
                return Poll::Ready(Some(Err(slow.into())));
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let idle = this.patience.idle;
        let (_, alarm) = this
            .waiting
            .get_or_insert_with(|| (Instant::now(), Box::pin(sleep(idle))));
        alarm
            .as_mut()
            .poll(context)
            .map(|()| Some(Err(Slow::Stalled(idle).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
