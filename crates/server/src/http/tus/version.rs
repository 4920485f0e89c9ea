//! The version of the protocol, which every request of it names and every answer says.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Code;

use crate::problem::Problem;

/// The one that is spoken.
pub(super) const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");

const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(super) const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");

/// Refuses requests of other versions. A plain `GET` is not of the protocol.
pub async fn speak(request: Request, next: Next) -> Response {
    let is_plain = request.method() == Method::GET;
    let said = request.headers().get(TUS_RESUMABLE);
    let mut response = if is_plain || said == Some(&VERSION) {
        next.run(request).await
    } else {
        let detail = "Send Tus-Resumable: 1.0.0.";
        let mut response = Problem::new(Code::TusVersion)
            .detail(detail)
            .into_response();
        response.headers_mut().insert(TUS_VERSION, VERSION);
        response
    };
    response.headers_mut().insert(TUS_RESUMABLE, VERSION);
    response
}
