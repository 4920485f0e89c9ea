use axum::body::to_bytes;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;

use super::{Dist, ENCODINGS, INDEX, PLACEHOLDER, REFERENCE, REFERENCE_PATH, mime, serve};

async fn ask(method: Method, path: &str, accept: &'static str) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
    let uri: Uri = path.parse().expect("a path");
    serve(method, uri, headers).await
}

const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

#[tokio::test]
async fn pages_of_the_app_are_its_index() {
    for path in [
        "/",
        "/settings",
        "/asset/0190c0c0-0000-7000-8000-000000000000",
        "/a/b/c",
    ] {
        let response = ask(Method::GET, path, HTML).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "text/html; charset=utf-8"
        );
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
        let body = to_bytes(response.into_body(), 1 << 20)
            .await
            .expect("a body");
        let expected =
            Dist::get(INDEX).map_or(PLACEHOLDER.as_bytes().to_vec(), |f| f.data.to_vec());
        assert_eq!(body, expected, "{path}");
    }
}

#[tokio::test]
async fn the_reference_is_a_page_of_its_own() {
    let response = ask(Method::GET, REFERENCE_PATH, HTML).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
    let body = to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    let built = Dist::get(REFERENCE).map(|file| file.data.to_vec());
    assert_eq!(body, built.unwrap_or(PLACEHOLDER.into()));
    let changed = ask(Method::POST, REFERENCE_PATH, HTML).await;
    assert_eq!(changed.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn what_is_no_page_is_not_found() {
    for path in [
        "/api/v1/nothing",
        "/api/docs/nothing",
        "/api",
        "/missing.js",
        "/assets/gone.css",
        "/.env",
        "/../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//",
        "//evil.example/",
        "/a//b",
        "/%00",
        "/a%2fb",
        "/..%5c..%5cx",
    ] {
        let response = ask(Method::GET, path, HTML).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let picture = ask(Method::GET, "/settings", "image/*").await;
    assert_eq!(picture.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_reading_is_allowed() {
    for method in [
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
        Method::OPTIONS,
    ] {
        let response = ask(method, "/", HTML).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()[header::ALLOW], "GET, HEAD");
    }
}

#[tokio::test]
async fn files_named_by_their_content_are_kept_for_good() {
    for path in Dist::iter().filter(|path| path.starts_with("assets/")) {
        let response = ask(Method::GET, &format!("/{path}"), "*/*").await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let cache = &response.headers()[header::CACHE_CONTROL];
        assert_eq!(cache, "public, max-age=31536000, immutable");
        let etag = response.headers()[header::ETAG].clone();
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, etag);
        let uri: Uri = format!("/{path}").parse().expect("a path");
        let again = serve(Method::GET, uri, headers).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
    }
}

#[test]
fn every_file_of_a_build_has_a_type() {
    let compressed = |path: &str| ENCODINGS.iter().any(|(_, suffix)| path.ends_with(suffix));
    for path in Dist::iter().filter(|path| !compressed(path)) {
        assert_ne!(mime(&path), "application/octet-stream", "{path}");
    }
    assert_eq!(mime("a.b.js"), "text/javascript; charset=utf-8");
}
