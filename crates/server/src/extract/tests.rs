use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Request as HttpRequest};
use domain::{AssetId, Code};
use identity::Peer;
use proptest::prelude::{any, proptest};
use serde::Deserialize;
use serde_json::Value;

use super::{Json, Query, peer};
use crate::config::Config;
use crate::problem::Problem;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    name: String,
    #[serde(default)]
    inner: Option<Inner>,
    #[serde(default)]
    ids: Vec<AssetId>,
}

#[derive(Debug, Deserialize)]
struct Inner {
    count: u32,
}

async fn json(content_type: Option<&str>, body: &str) -> Result<Form, Problem> {
    let mut request = HttpRequest::post("/");
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    let request: Request = request
        .body(Body::from(body.to_owned()))
        .expect("a request");
    Json::from_request(request, &())
        .await
        .map(|Json(form)| form)
}

fn written(problem: &Problem) -> Value {
    serde_json::from_slice(&problem.to_json()).expect("JSON")
}

#[tokio::test]
async fn the_field_that_does_not_fit_is_named() {
    for (body, field) in [
        ("", "name"),
        ("{}", "name"),
        (r#"{"name": 1}"#, "name"),
        (r#"{"name": "x", "nam": 1}"#, "nam"),
        (r#"{"name": "x", "name": "y"}"#, "name"),
        (r#"{"name": "x", "inner": {"count": -1}}"#, "inner.count"),
        (r#"{"name": "x", "inner": {}}"#, "inner.count"),
        (r#"{"name": "x", "ids": ["nonsense"]}"#, "ids[0]"),
    ] {
        let problem = json(Some("application/json"), body).await.expect_err(body);
        assert_eq!(problem.code(), Code::InvalidField, "{body}");
        assert_eq!(written(&problem)["field"], field, "{body}");
    }
}

#[tokio::test]
async fn what_is_no_json_is_an_invalid_body() {
    for (content_type, body) in [
        (Some("application/json"), "{"),
        (Some("application/json"), r#"{"name": "x"} {}"#),
        (Some("application/json"), "\u{feff}{}"),
        (Some("application/json"), "[]"),
        (Some("text/plain"), r#"{"name": "x"}"#),
        (Some("application/x-www-form-urlencoded"), "name=x"),
        (None, r#"{"name": "x"}"#),
    ] {
        let problem = json(content_type, body).await.expect_err(body);
        assert_eq!(problem.code(), Code::InvalidBody, "{content_type:?} {body}");
    }
}

#[tokio::test]
async fn what_fits_is_read() {
    for content_type in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/x+json",
    ] {
        let form = json(
            Some(content_type),
            r#"{"name": "x", "inner": {"count": 2}}"#,
        )
        .await;
        let form = form.expect("it fits");
        assert_eq!(
            (form.name.as_str(), form.inner.map(|inner| inner.count)),
            ("x", Some(2))
        );
        assert!(form.ids.is_empty());
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Params {
    limit: Option<u32>,
}

async fn query(query: &str) -> Result<Option<u32>, Problem> {
    let request = HttpRequest::get(format!("/?{query}"))
        .body(())
        .expect("a request");
    let (mut parts, ()) = request.into_parts();
    let read = Query::<Params>::from_request_parts(&mut parts, &()).await;
    read.map(|Query(params)| params.limit)
}

#[tokio::test]
async fn the_parameter_that_does_not_fit_is_named() {
    assert_eq!(query("").await, Ok(None));
    assert_eq!(query("limit=7").await, Ok(Some(7)));
    for (text, field) in [
        ("limit=x", "limit"),
        ("limit=-1", "limit"),
        ("limt=1", "limt"),
        ("limit=%ff", "limit"),
    ] {
        let problem = query(text).await.expect_err(text);
        assert_eq!(problem.code(), Code::InvalidField, "{text}");
        assert_eq!(written(&problem)["field"], field, "{text}");
    }
}

fn from(socket: &str, headers: &[(&str, &str)], proxies: &[&str]) -> Peer {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
        map.append(name, HeaderValue::from_str(value).expect("a value"));
    }
    let mut extensions = Extensions::new();
    let socket: SocketAddr = socket.parse().expect("an address");
    extensions.insert(ConnectInfo(socket));
    let config = Config {
        trusted_proxies: proxies
            .iter()
            .map(|net| net.parse().expect("a network"))
            .collect(),
        ..Config::default()
    };
    peer::of(&map, &extensions, &config)
}

#[test]
fn a_client_is_who_the_trusted_proxies_say() {
    let forwarded = [("x-forwarded-for", "6.6.6.6, 198.51.100.7, 10.0.0.2")];
    let peer = from("10.0.0.1:5", &forwarded, &["10.0.0.0/8"]);
    assert_eq!(peer.address.to_string(), "198.51.100.7");
    // Nobody is trusted: the header is a claim of the client's.
    let peer = from("10.0.0.1:5", &forwarded, &[]);
    assert_eq!(peer.address.to_string(), "10.0.0.1");
    let peer = from("192.0.2.9:5", &forwarded, &["10.0.0.0/8"]);
    assert_eq!(peer.address.to_string(), "192.0.2.9");
    let split = [
        ("x-forwarded-for", "6.6.6.6"),
        ("x-forwarded-for", "198.51.100.7"),
    ];
    let peer = from("10.0.0.1:5", &split, &["10.0.0.0/8"]);
    assert_eq!(peer.address.to_string(), "198.51.100.7");
    let garbage = [("x-forwarded-for", "198.51.100.7, unknown")];
    let peer = from("10.0.0.1:5", &garbage, &["10.0.0.0/8"]);
    assert_eq!(peer.address.to_string(), "10.0.0.1");
}

#[test]
fn loopback_is_only_who_came_without_a_proxy() {
    assert!(from("127.0.0.1:5", &[], &[]).on_loopback);
    assert!(from("[::1]:5", &[], &[]).on_loopback);
    assert!(from("[::ffff:127.0.0.1]:5", &[], &[]).on_loopback);
    assert!(!from("192.0.2.1:5", &[], &[]).on_loopback);
    for name in [
        "x-forwarded-for",
        "forwarded",
        "x-real-ip",
        "x-forwarded-host",
    ] {
        assert!(
            !from("127.0.0.1:5", &[(name, "127.0.0.1")], &["127.0.0.0/8"]).on_loopback,
            "{name}"
        );
    }
    for (host, here) in [
        ("localhost:8080", true),
        ("127.0.0.1:8080", true),
        ("[::1]:8080", true),
        ("LOCALHOST", true),
        ("rebound.example:8080", false),
        ("localhost.rebound.example", false),
        ("203.0.113.1", false),
        ("", false),
        ("127.0.0.1@rebound.example", false),
    ] {
        let peer = from("127.0.0.1:5", &[("host", host)], &[]);
        assert_eq!(peer.on_loopback, here, "{host:?}");
    }
}

proptest! {
    #[test]
    fn any_body_is_read_or_refused(body in any::<String>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        if let Err(problem) = runtime.block_on(json(Some("application/json"), &body)) {
            assert!(problem.status().is_client_error());
        }
    }
}
