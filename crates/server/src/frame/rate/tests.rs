use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::response::Response;

use super::TRANSFERS;
use crate::frame::tests::{World, world};
use crate::limits::Rule;
use crate::routes::{PREFIX, table};

const CALL: &str = "/api/v1/call";
const CONTENT: &str = "/api/v1/assets/1/content";

/// Asks as if from an address behind a proxy.
async fn from(world: &World, address: &str, path: &str) -> Response {
    let request = Request::get(path).header("x-forwarded-for", address);
    world
        .send(request.body(Body::empty()).expect("a request"))
        .await
}

async fn limited(count: u32) -> World {
    world(|config| {
        config.rate_limit = Some(Rule::new(count, 60));
        config.trusted_proxies = vec!["0.0.0.0/32".parse().expect("a network")];
        config.max_transfers_per_address = 2;
    })
    .await
}

#[tokio::test]
async fn calls_over_the_rate_are_refused_and_told_when_to_come_back() {
    let world = limited(3).await;
    for left in [2, 1, 0] {
        let answer = from(&world, "198.51.100.7", CALL).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(
            answer.headers()["ratelimit-policy"],
            "\"anonymous\";q=3;w=60"
        );
        let stands = answer.headers()["ratelimit"].to_str().expect("ASCII");
        assert!(
            stands.starts_with(&format!("\"anonymous\";r={left};t=")),
            "{stands}"
        );
    }
    let refused = from(&world, "198.51.100.7", CALL).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["retry-after"], "20");
    assert_eq!(refused.headers()["ratelimit"], "\"anonymous\";r=0;t=60");
    assert_eq!(
        refused.headers()["content-type"],
        "application/problem+json"
    );
    let body = to_bytes(refused.into_body(), 4096).await.expect("a body");
    assert!(String::from_utf8_lossy(&body).contains("too_many_requests"));
    assert_eq!(from(&world, "198.51.100.8", CALL).await.status(), 200);
    world.clock.advance_millis(20_000);
    assert_eq!(from(&world, "198.51.100.7", CALL).await.status(), 200);
    assert_eq!(from(&world, "198.51.100.7", CALL).await.status(), 429);
}

#[tokio::test]
async fn a_customer_of_ipv6_is_one_address() {
    let world = limited(1).await;
    assert_eq!(from(&world, "2001:db8:1:2::1", CALL).await.status(), 200);
    assert_eq!(
        from(&world, "2001:db8:1:2:ffff::9", CALL).await.status(),
        429
    );
    assert_eq!(from(&world, "2001:db8:1:3::1", CALL).await.status(), 200);
}

#[tokio::test]
async fn a_credential_that_is_no_good_is_no_way_around() {
    let world = limited(1).await;
    for status in [200, 429] {
        let request = Request::get(CALL).header("authorization", "Bearer mvk_nonsense");
        let request = request.header("x-forwarded-for", "198.51.100.7");
        let answer = world
            .send(request.body(Body::empty()).expect("a request"))
            .await;
        assert_eq!(answer.status(), status);
    }
}

#[tokio::test]
async fn probes_and_media_and_pages_are_not_counted() {
    let world = limited(1).await;
    for path in ["/health/live", "/ok", CONTENT] {
        for _ in 0..5 {
            let answer = from(&world, "198.51.100.7", path).await;
            assert_eq!(answer.status(), 200, "{path}");
            assert!(!answer.headers().contains_key("ratelimit"));
        }
    }
    // What leads nowhere is asked for by whoever looks for holes.
    assert_eq!(
        from(&world, "198.51.100.7", "/api/v1/none").await.status(),
        404
    );
    assert_eq!(
        from(&world, "198.51.100.7", "/api/v1/none").await.status(),
        429
    );
}

#[tokio::test]
async fn transfers_are_bounded_until_they_end() {
    let world = limited(1).await;
    let first = from(&world, "198.51.100.7", CONTENT).await;
    let second = from(&world, "198.51.100.7", CONTENT).await;
    assert_eq!(
        (first.status(), second.status()),
        (StatusCode::OK, StatusCode::OK)
    );
    let third = from(&world, "198.51.100.7", CONTENT).await;
    assert_eq!(third.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(third.headers()["retry-after"], "1");
    assert_eq!(from(&world, "198.51.100.8", CONTENT).await.status(), 200);
    drop(first);
    assert_eq!(from(&world, "198.51.100.7", CONTENT).await.status(), 200);
    to_bytes(second.into_body(), 1 << 20).await.expect("a body");
    assert_eq!(from(&world, "198.51.100.7", CONTENT).await.status(), 200);
}

#[tokio::test]
async fn limits_that_are_off_are_off() {
    let world = world(|config| config.rate_limit = None).await;
    for _ in 0..200 {
        assert_eq!(from(&world, "198.51.100.7", CALL).await.status(), 200);
    }
}

#[test]
fn every_transfer_is_a_route() {
    let routes = table();
    for (method, pattern) in TRANSFERS {
        let path = format!("{PREFIX}{pattern}");
        let known = routes
            .iter()
            .any(|route| route.method == method.as_str() && route.path == path);
        assert!(known, "{method} {path}");
    }
}
