//! The form of an upload, with what its parser lacks: a limit on what it collects while it looks for
//! the next part, and on what it reads ahead of whoever takes the bytes.
//!
//! The parser reads for as long as bytes are there, and searches all it has for the end of a part's
//! headers each time more arrive. A part whose headers never end would fill memory, and the search
//! would take time by the square of it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use domain::Code;
use http_body::{Body as HttpBody, Frame};
use percent_encoding::percent_decode_str;

use crate::problem::Problem;

#[cfg(test)]
mod tests;

/// Longest stretch without a part in it, in bytes: a boundary and a part's headers.
const MAX_HEAD: i64 = 64 << 10;

/// Bytes given to the parser before it must look at what it has.
const TURN: usize = 256 << 10;

/// A form whose parts are taken one after another.
pub struct Form {
    parts: Multipart,
    /// What may still arrive before the next part has begun.
    allowance: Arc<AtomicI64>,
}

/// The headers of a part do not end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the headers of a part are too long")]
struct HeadTooLong;

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let allowance = Arc::new(AtomicI64::new(MAX_HEAD));
        let request = request.map(|body| {
            Body::new(Measured {
                inner: body,
                allowance: Arc::clone(&allowance),
                in_turn: 0,
            })
        });
        let parts = Multipart::from_request(request, state).await.map_err(|_| {
            Problem::new(Code::InvalidBody).detail("Send the files as multipart/form-data.")
        })?;
        Ok(Self { parts, allowance })
    }
}

impl Form {
    /// The next part. The one before must have been read to its end.
    ///
    /// # Errors
    /// Those of a form that cannot be read.
    pub async fn next(&mut self) -> Result<Option<Field<'_>>, MultipartError> {
        self.allowance.store(MAX_HEAD, Ordering::Relaxed);
        let field = self.parts.next_field().await?;
        self.allowance.store(i64::MAX, Ordering::Relaxed);
        Ok(field)
    }
}

/// The name a part's file has at the client. Clients that do not know RFC 7578 section 4.2 send
/// other than ASCII names as RFC 8187 has it.
pub fn file_name(field: &Field<'_>) -> String {
    if let Some(name) = field.file_name() {
        return name.to_owned();
    }
    let disposition = field.headers().get("content-disposition");
    disposition
        .and_then(|value| value.to_str().ok())
        .and_then(extended_name)
        .unwrap_or_default()
}

fn extended_name(disposition: &str) -> Option<String> {
    let value = disposition
        .split(';')
        .filter_map(|parameter| parameter.trim().split_once('='))
        .find_map(|(key, value)| key.eq_ignore_ascii_case("filename*").then_some(value))?;
    let mut parts = value.splitn(3, '\'');
    let (charset, _language, encoded) = (parts.next()?, parts.next()?, parts.next()?);
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let name = percent_decode_str(encoded).decode_utf8().ok()?;
    Some(name.into_owned())
}

/// A body that hands out what is allowed, and lets the parser look in between.
struct Measured {
    inner: Body,
    allowance: Arc<AtomicI64>,
    /// Bytes since the parser last looked.
    in_turn: usize,
}

impl HttpBody for Measured {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let spent = this.allowance.load(Ordering::Relaxed) <= 0;
        if this.in_turn > 0 && (spent || this.in_turn >= TURN) {
            this.in_turn = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if spent && !this.inner.is_end_stream() {
            return Poll::Ready(Some(Err(axum::Error::new(HeadTooLong))));
        }
        let frame = Pin::new(&mut this.inner).poll_frame(context);
        match &frame {
            Poll::Ready(Some(Ok(frame))) => {
                let bytes = frame.data_ref().map_or(0, Bytes::len);
                this.in_turn += bytes;
                let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
                this.allowance.fetch_sub(bytes, Ordering::Relaxed);
            }
            Poll::Pending => this.in_turn = 0,
            Poll::Ready(_) => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }
}
