//! What clients send beside bodies of JSON, as no client would.

use std::net::SocketAddr;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method};
use domain::{Timestamp, parse_query};
use futures::stream;
use testkit::fuzz;

use crate::config::Config;
use crate::extract::{IfMatch, peer};
use crate::frame::bearer;
use crate::http::assets::form::{Form, file_name};
use crate::respond::{Conditions, Disposition, content_disposition};

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}

#[test]
fn query_is_read_or_refused() {
    fuzz("query", &[], |input| {
        let text = String::from_utf8_lossy(input);
        if let Err(error) = parse_query(&text) {
            assert!(!error.to_string().is_empty());
        }
    });
}

/// `Name: value` lines as headers; what is none is left out.
fn headers(input: &[u8]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for line in input.split(|byte| *byte == b'\n').take(100) {
        let mut halves = line.splitn(2, |byte| *byte == b':');
        let (Some(name), Some(value)) = (halves.next(), halves.next()) else {
            continue;
        };
        let name = HeaderName::from_bytes(name);
        let value = HeaderValue::from_bytes(value.trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            map.append(name, value);
        }
    }
    map
}

#[test]
fn headers_are_understood_or_passed_over() {
    let config = Config {
        trusted_proxies: vec!["0.0.0.0/0".parse().expect("a network")],
        ..Config::default()
    };
    fuzz("headers", &[], |input| {
        let map = headers(input);
        for size in [0, 1, 1000, u64::MAX] {
            let conditions = Conditions::new(Method::GET, &map);
            conditions.weigh("abc", Some(Timestamp::from_millis(1_700_000_000_500)));
            if let Ok(Some(part)) =
                conditions.part("abc", Timestamp::from_millis(1_700_000_000_500), size)
            {
                assert!(part.start < part.end && part.end <= size);
            }
        }
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 5))));
        peer::of(&map, &extensions, &config);
        drop(bearer(&map));
        let mut request = Request::new(Body::empty());
        *request.headers_mut() = map;
        let (mut parts, _) = request.into_parts();
        drop(wait(IfMatch::from_request_parts(&mut parts, &())));
        let name = String::from_utf8_lossy(input);
        let written = content_disposition(Disposition::Attachment, &name);
        assert!(
            written
                .to_str()
                .is_ok_and(|text| text.starts_with("attachment"))
        );
    });
}

#[test]
fn form_is_read_or_refused() {
    fuzz("form", &[], |input| {
        let chunks: Vec<_> = input
            .chunks(7)
            .map(|chunk| Ok::<_, std::io::Error>(Bytes::copy_from_slice(chunk)))
            .collect();
        let request = Request::builder()
            .method("POST")
            .header("content-type", "multipart/form-data; boundary=B")
            .body(Body::from_stream(stream::iter(chunks)))
            .expect("a request");
        wait(async {
            let Ok(mut form) = Form::from_request(request, &()).await else {
                return;
            };
            while let Ok(Some(mut field)) = form.next().await {
                file_name(&field);
                while let Ok(Some(_)) = field.chunk().await {}
            }
        });
    });
}
