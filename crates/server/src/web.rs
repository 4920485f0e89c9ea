//! The web app: built into the binary for release, read from `web/dist` by a debug build, and a
//! placeholder page where it was never built.
//!
//! Every path that is no file is one of the app's own pages, so it gets `index.html`; a missing
//! file stays missing. Below `/api/` there is one page, the reference, which is no part of the app
//! and reads the document this binary makes. Files the build named by their content are kept by browsers for good.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use domain::Code;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::Problem;
use crate::respond::{Conditions, Verdict};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

const PLACEHOLDER: &str = include_str!("web/placeholder.html");
const INDEX: &str = "index.html";

/// The API reference, and where it stands.
const REFERENCE: &str = "docs.html";
const REFERENCE_PATH: &str = "/api/docs";

/// Folder of the files whose names hold a hash of their content.
const HASHED: &str = "assets/";

/// Encodings the build may have prepared, best first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Answers every path no route has.
pub(crate) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let reference = uri.path() == REFERENCE_PATH;
    if uri.path().starts_with("/api/") && !reference {
        return Problem::new(Code::NotFound).into_response();
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        let mut response = Problem::new(Code::MethodNotAllowed).into_response();
        let allowed = HeaderValue::from_static("GET, HEAD");
        response.headers_mut().insert(header::ALLOW, allowed);
        return response;
    }
    if reference {
        return page(REFERENCE, &method, &headers);
    }
    let path = uri.path().strip_prefix('/').unwrap_or_default();
    if let Some(file) = file(path) {
        return send(path, file, &method, &headers);
    }
    if !is_page(path, &headers) {
        return Problem::new(Code::NotFound).into_response();
    }
    page(INDEX, &method, &headers)
}

fn page(name: &str, method: &Method, headers: &HeaderMap) -> Response {
    match Dist::get(name) {
        Some(file) => send(name, file, method, headers),
        None => html(PLACEHOLDER),
    }
}

/// The file under exactly this name. The names are a fixed list (a debug build resolves them below
/// one folder), so a path with dots, escapes or NUL names nothing.
fn file(path: &str) -> Option<EmbeddedFile> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    let tame = !path.is_empty() && path.bytes().all(plain) && !path.contains("..");
    tame.then(|| Dist::get(path)).flatten()
}

/// Whether somebody navigates there, rather than asking for a file. Paths that no link of ours has
/// (escaped, doubled or climbing) are nobody's pages.
fn is_page(path: &str, headers: &HeaderMap) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~/".contains(&byte);
    let tame = path.bytes().all(plain) && !path.starts_with('/') && !path.contains("//");
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("*/*");
    let takes_html = accept.contains("text/html") || accept.contains("*/*");
    tame && takes_html && path != "api"
}

fn send(path: &str, file: EmbeddedFile, method: &Method, headers: &HeaderMap) -> Response {
    let etag = domain::Sha256::from_bytes(file.metadata.sha256_hash()).to_string();
    let cache = if path.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let (data, encoding) = encoded(path, file.data, headers);
    // Each encoding is a representation of its own and needs a tag of its own.
    let etag = match encoding {
        Some(encoding) => format!("{etag}-{encoding}"),
        None => etag,
    };
    let mut response = match Conditions::new(method.clone(), headers).weigh(&etag, None) {
        Verdict::NotModified => StatusCode::NOT_MODIFIED.into_response(),
        Verdict::Failed => return Problem::new(Code::PreconditionFailed).into_response(),
        Verdict::Proceed => Body::from(bytes(data)).into_response(),
    };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime(path)));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{etag}\"")) {
        out.insert(header::ETAG, etag);
    }
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The file as the build compressed it, if it did and the client takes that.
fn encoded(
    path: &str,
    plain: Cow<'static, [u8]>,
    headers: &HeaderMap,
) -> (Cow<'static, [u8]>, Option<&'static str>) {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let takes = |encoding: &str| {
        accepted.split(',').any(|item| {
            let (name, weight) = item.split_once(';').unwrap_or((item, ""));
            name.trim() == encoding && !matches!(weight.trim(), "q=0" | "q=0.0")
        })
    };
    ENCODINGS
        .iter()
        .filter(|(encoding, _)| takes(encoding))
        .find_map(|(encoding, suffix)| {
            let file = Dist::get(&format!("{path}{suffix}"))?;
            Some((file.data, Some(*encoding)))
        })
        .unwrap_or((plain, None))
}

fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

fn html(page: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, page).into_response()
}

/// Types of the files a web build makes.
fn mime(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
