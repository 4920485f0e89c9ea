//! A handler that panics costs its own request: the client reads `internal`, the log says why.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use domain::Code;
use tower_http::catch_panic::CatchPanicLayer;

use crate::problem::Problem;

type Respond = fn(Box<dyn Any + Send + 'static>) -> Response;

pub(super) fn layer() -> CatchPanicLayer<Respond> {
    CatchPanicLayer::custom(respond as Respond)
}

fn respond(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(panic = message, "a handler panicked");
    Problem::new(Code::Internal).into_response()
}
