use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use catalog::{DataDirLock, Db};
use domain::{Code, ManualClock, SeededEntropy, Timestamp};
use futures::StreamExt;
use identity::Identity;
use serde_json::Value;
use tower::ServiceExt;

use super::body::{Patience, Watched};
use super::rate::Limits;
use super::{Frame, cross_site};
use crate::config::Config;
use crate::extract::Json;
use crate::problem::Problem;

/// A frame around a handful of routes.
pub(super) struct World {
    router: Router,
    pub(super) clock: Arc<ManualClock>,
    _dir: tempfile::TempDir,
}

pub(super) async fn world(change: impl FnOnce(&mut Config)) -> World {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let lock = DataDirLock::acquire(dir.path()).expect("nobody else has it");
    let db = Db::open_sqlite(lock).await.expect("a fresh catalog");
    let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_700_000_000_000)));
    let entropy = Arc::new(SeededEntropy::new(1));
    let settings = identity::Config {
        password_memory_kib: 8,
        ..identity::Config::default()
    };
    let identity = Identity::new(
        db,
        Arc::clone(&clock) as _,
        Arc::clone(&entropy) as _,
        settings,
        [1; 32],
    );
    let mut config = Config::default();
    change(&mut config);
    let frame = Frame {
        identity: identity.expect("valid settings"),
        limits: Arc::new(Limits::new(&config)),
        config: Arc::new(config),
        clock: Arc::clone(&clock) as _,
        entropy,
    };
    let routes = Router::new()
        .route("/ok", get(|| async { "fine" }))
        .route("/long", get(|| async { axum::Json("x".repeat(10_000)) }))
        .route(
            "/media",
            get(|| async { ([("content-type", "image/jpeg")], "x".repeat(10_000)) }),
        )
        .route(
            "/panic",
            get(|| async { panic!("a secret detail") as &str }),
        )
        .route(
            "/refuse",
            get(|| async { Problem::field("name", "Too short.") }),
        )
        .route(
            "/bare",
            get(|| async { (StatusCode::BAD_GATEWAY, "stack trace") }),
        )
        .route(
            "/read",
            post(|Json(value): Json<Value>| async move { value.to_string() }),
        )
        .route("/api/private", get(|| async { "mine" }))
        .route("/health/live", get(|| async { "alive" }))
        .route("/api/v1/call", get(|| async { "called" }))
        .route(
            "/api/v1/assets/{id}/content",
            get(|| async { "x".repeat(10_000) }),
        );
    World {
        router: frame.wrap(routes),
        clock,
        _dir: dir,
    }
}

impl World {
    pub(super) async fn send(&self, request: Request<Body>) -> Response {
        let answer = self.router.clone().oneshot(request).await;
        answer.unwrap_or_else(|never| match never {})
    }

    async fn get(&self, path: &str) -> Response {
        self.send(Request::get(path).body(Body::empty()).expect("a request"))
            .await
    }
}

async fn problem(response: Response) -> (u16, Value) {
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json"
    );
    let id = response.headers()["x-request-id"].clone();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    let problem: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(problem["status"], status);
    assert_eq!(problem["request_id"], id.to_str().expect("ASCII"));
    assert_eq!(problem["type"], "about:blank");
    (status, problem)
}

#[tokio::test]
async fn every_answer_has_an_id() {
    let world = world(|_| {}).await;
    let response = world.get("/ok").await;
    assert_eq!(response.headers()["x-request-id"].len(), 36);
    for (sent, kept) in [
        ("my-request.42", true),
        ("short", false),
        ("with space", false),
        ("<script>alert</script>", false),
    ] {
        let request = Request::get("/ok")
            .header("x-request-id", sent)
            .body(Body::empty());
        let response = world.send(request.expect("a request")).await;
        assert_eq!(response.headers()["x-request-id"] == sent, kept, "{sent}");
    }
    let long = "x".repeat(65);
    let request = Request::get("/ok")
        .header("x-request-id", &long)
        .body(Body::empty());
    let response = world.send(request.expect("a request")).await;
    assert_ne!(response.headers()["x-request-id"], long.as_str());
}

#[tokio::test]
async fn every_error_is_a_problem() {
    let world = world(|_| {}).await;
    let (status, body) = problem(world.get("/nowhere").await).await;
    assert_eq!((status, &body["code"]), (404, &Value::from("not_found")));
    let (status, body) = problem(world.get("/read").await).await;
    assert_eq!(
        (status, &body["code"]),
        (405, &Value::from("method_not_allowed"))
    );
    let (status, body) = problem(world.get("/refuse").await).await;
    assert_eq!(
        (status, &body["field"], &body["detail"]),
        (400, &"name".into(), &"Too short.".into())
    );
    for path in ["/panic", "/bare"] {
        let (status, body) = problem(world.get(path).await).await;
        assert_eq!((status, &body["code"]), (500, &Value::from("internal")));
        assert!(!body.to_string().contains("secret") && !body.to_string().contains("trace"));
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_too_large() {
    let world = world(|config| config.max_json_bytes = 1024).await;
    let send = |bytes: usize| {
        let body = format!("\"{}\"", "x".repeat(bytes - 2));
        let request = Request::post("/read").header("content-type", "application/json");
        world.send(request.body(Body::from(body)).expect("a request"))
    };
    assert_eq!(send(1024).await.status(), StatusCode::OK);
    let (status, body) = problem(send(1025).await).await;
    assert_eq!((status, &body["code"]), (413, &Value::from("too_large")));
}

#[tokio::test]
async fn a_body_that_stalls_is_given_up() {
    let begin = futures::stream::once(async { Ok::<_, Infallible>(Bytes::from_static(b"{")) });
    let body = Body::from_stream(begin.chain(futures::stream::pending()));
    let patience = Patience {
        idle: Duration::from_millis(10),
        rate: 0,
    };
    let watched = Body::new(Watched::new(body, patience));
    let error = to_bytes(watched, 100).await.expect_err("it never ends");
    let cause = error.into_inner();
    assert!(cause.to_string().contains("no data"), "{cause:?}");
}

#[tokio::test]
async fn a_slow_body_is_not_a_stalled_one() {
    let pieces = futures::stream::iter([&b"a"[..], b"b", b"c"]).then(|piece| async move {
        tokio::task::yield_now().await;
        Ok::<_, Infallible>(Bytes::from_static(piece))
    });
    let patience = Patience {
        idle: Duration::from_secs(60),
        rate: 128,
    };
    let watched = Body::new(Watched::new(Body::from_stream(pieces), patience));
    assert_eq!(to_bytes(watched, 100).await.expect("it ends"), "abc");
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up() {
    let pieces = futures::stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        Some((Ok::<_, Infallible>(Bytes::from_static(b"x")), ()))
    });
    let patience = Patience {
        idle: Duration::from_secs(1),
        rate: 128,
    };
    let watched = Body::new(Watched::new(Body::from_stream(pieces), patience));
    let error = to_bytes(watched, 100).await.expect_err("too slow");
    assert!(error.into_inner().to_string().contains("128 bytes"));
}

#[tokio::test]
async fn a_body_cut_short_was_interrupted() {
    let world = world(|_| {}).await;
    let cut = futures::stream::iter([Ok(Bytes::from_static(b"{")), Err("connection reset")]);
    let request = Request::post("/read").header("content-type", "application/json");
    let request = request.body(Body::from_stream(cut)).expect("a request");
    let (status, body) = problem(world.send(request).await).await;
    assert_eq!(
        (status, &body["code"]),
        (400, &Value::from("upload_interrupted"))
    );
}

#[tokio::test]
async fn browsers_are_told_to_be_careful() {
    let world = world(|_| {}).await;
    for path in ["/ok", "/nowhere", "/panic"] {
        let response = world.get(path).await;
        let headers = response.headers();
        assert!(
            headers["content-security-policy"]
                .to_str()
                .expect("ASCII")
                .contains("frame-ancestors 'none'")
        );
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["x-frame-options"], "DENY");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert!(headers.contains_key("permissions-policy"));
        assert!(!headers.contains_key("strict-transport-security"));
    }
    assert_eq!(
        world.get("/api/private").await.headers()["cache-control"],
        "no-store"
    );
    let world =
        self::world(|config| config.public_url = Some("https://vault.example".to_owned())).await;
    assert!(
        world
            .get("/ok")
            .await
            .headers()
            .contains_key("strict-transport-security")
    );
}

#[tokio::test]
async fn text_is_compressed_and_media_is_not() {
    let world = world(|_| {}).await;
    for (path, compressed) in [("/long", true), ("/media", false), ("/ok", false)] {
        let request = Request::get(path)
            .header("accept-encoding", "gzip")
            .body(Body::empty());
        let response = world.send(request.expect("a request")).await;
        assert_eq!(
            response.headers().contains_key("content-encoding"),
            compressed,
            "{path}"
        );
    }
}

fn verdict(
    method: Method,
    headers: &[(&'static str, &'static str)],
    public_url: Option<&str>,
) -> bool {
    let mut request = Request::builder().method(method).uri("/x");
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, value.parse().expect("a header"));
    }
    *request.headers_mut().expect("a request") = map;
    let (parts, ()) = request.body(()).expect("a request").into_parts();
    let config = Config {
        public_url: public_url.map(str::to_owned),
        ..Config::default()
    };
    match cross_site::require_own_site(&parts, &config) {
        Ok(()) => true,
        Err(problem) => {
            assert_eq!(problem.code(), Code::CrossSite);
            false
        }
    }
}

#[test]
fn a_change_by_cookie_must_come_from_our_pages() {
    let host = ("host", "vault.example:8080");
    for (headers, ours) in [
        (vec![host], false),
        (vec![host, ("sec-fetch-site", "same-origin")], true),
        (vec![host, ("sec-fetch-site", "none")], true),
        (vec![host, ("sec-fetch-site", "same-site")], false),
        (vec![host, ("sec-fetch-site", "cross-site")], false),
        (vec![host, ("origin", "http://vault.example:8080")], true),
        (vec![host, ("origin", "http://VAULT.example:8080")], true),
        (vec![host, ("origin", "http://vault.example")], false),
        (
            vec![host, ("origin", "http://vault.example:8080.evil.example")],
            false,
        ),
        (vec![host, ("origin", "null")], false),
        (vec![("origin", "http://vault.example")], false),
        // The newer header decides: a page cannot forge it.
        (
            vec![
                host,
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://vault.example:8080"),
            ],
            false,
        ),
    ] {
        assert_eq!(verdict(Method::POST, &headers, None), ours, "{headers:?}");
        assert_eq!(verdict(Method::DELETE, &headers, None), ours, "{headers:?}");
        assert!(verdict(Method::GET, &headers, None), "{headers:?}");
    }
    // Behind a proxy the page's address is not the one we are asked at.
    let proxied = [
        ("host", "10.0.0.5:8080"),
        ("origin", "https://photos.example"),
    ];
    assert!(verdict(
        Method::POST,
        &proxied,
        Some("https://photos.example/")
    ));
    assert!(!verdict(
        Method::POST,
        &proxied,
        Some("https://other.example")
    ));
    assert!(!verdict(Method::POST, &proxied, None));
}
