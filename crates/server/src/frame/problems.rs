//! Writes problems out, with the request id, and makes one of every plain error answer.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::Code;

use super::request::RequestTag;
use crate::problem::{MEDIA_TYPE, Problem};

pub(super) async fn write_out(request: Request, next: Next) -> Response {
    let tag = request.extensions().get::<RequestTag>().cloned();
    let mut response = next.run(request).await;
    let Some(problem) = problem_of(&mut response) else {
        return response;
    };
    let problem = match &tag {
        Some(tag) => problem.with_request_id(tag.as_str()),
        None => problem,
    };
    let bytes = problem.to_json();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    *response.body_mut() = Body::from(bytes);
    response
}

/// The problem a handler returned, or one that says what the framework's own error meant.
fn problem_of(response: &mut Response) -> Option<Problem> {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Some(problem);
    }
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    let code = match status {
        StatusCode::UNAUTHORIZED => Code::Unauthenticated,
        StatusCode::FORBIDDEN => Code::Forbidden,
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::PRECONDITION_FAILED => Code::PreconditionFailed,
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        StatusCode::RANGE_NOT_SATISFIABLE => Code::RangeNotSatisfiable,
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        status if status.is_client_error() => Code::InvalidBody,
        _ => Code::Internal,
    };
    let problem = Problem::new(code);
    // The answer says the same twice, in the status line and in the body.
    *response.status_mut() = problem.status();
    Some(problem)
}
