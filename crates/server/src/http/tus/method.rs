//! `POST /uploads/tus/{id}` with `X-HTTP-Method-Override`: for clients and proxies that know two methods.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use domain::{Code, UploadId};

use super::{delete, patch, show};
use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Send `PATCH`, `DELETE` or `HEAD` as a `POST`.
#[utoipa::path(post, path = "/uploads/tus/{id}", tag = "uploads",
    params(
        ("id" = String, Path),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("X-HTTP-Method-Override" = String, Header, description = "`PATCH`, `DELETE` or `HEAD`"),
    ),
    request_body(content = Option<String>, content_type = "application/offset+octet-stream"),
    responses((status = 204, description = "As the method it stands for")))]
pub async fn stand_in(
    app: State<App>,
    caller: SignedIn,
    id: Path<UploadId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let meant = headers.get("x-http-method-override");
    match meant.and_then(|meant| meant.to_str().ok()) {
        Some("PATCH") => patch::patch(app, caller, id, headers, body).await,
        Some("DELETE") => Ok(delete::delete(app, caller, id).await?.into_response()),
        Some("HEAD") => show::show(app, caller, id, Method::HEAD).await,
        _ => {
            let detail = "Send X-HTTP-Method-Override: PATCH, DELETE or HEAD.";
            Err(Problem::new(Code::MethodNotAllowed).detail(detail))
        }
    }
}
