use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::to_bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use domain::{MediaType, Sha256, Timestamp};
use futures::{StreamExt, stream};
use proptest::prelude::{any, prop_assert_eq, proptest};
use proptest::strategy::{Just, Strategy};

use super::{BodyStream, Cache, Conditions, Content};

const BYTES: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

fn content(media_type: MediaType) -> Content<'static> {
    Content {
        size: BYTES.len() as u64,
        etag: "tag",
        modified: Timestamp::from_millis(1_700_000_000_000),
        media_type,
        file_name: "a.bin",
        download: false,
        cache: Cache::Revalidate,
        digest: Some(Sha256::of(BYTES)),
    }
}

async fn ask(content: Content<'_>, method: Method, headers: &[(HeaderName, &str)]) -> Response {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(name, HeaderValue::from_str(value).expect("a header"));
    }
    let conditions = Conditions::new(method, &map);
    let answer = content
        .answer(&conditions, |range| async move {
            // In small pieces, as a store gives them.
            let part = &BYTES[range.start as usize..range.end as usize];
            let pieces: Vec<_> = part
                .chunks(3)
                .map(|piece| Ok(Bytes::from_static(piece)))
                .collect();
            let stream: BodyStream = stream::iter(pieces).boxed();
            Ok::<_, Infallible>(stream)
        })
        .await;
    answer.unwrap_or_else(|never| match never {})
}

async fn body(response: Response) -> Vec<u8> {
    to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body")
        .to_vec()
}

fn text<'a>(response: &'a Response, name: &HeaderName) -> &'a str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().expect("ASCII"))
}

#[tokio::test]
async fn the_whole_comes_with_all_that_is_known() {
    let response = ask(content(MediaType::Jpeg), Method::GET, &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(text(&response, &header::CONTENT_TYPE), "image/jpeg");
    assert_eq!(text(&response, &header::CONTENT_LENGTH), "36");
    assert_eq!(text(&response, &header::ETAG), "\"tag\"");
    assert_eq!(
        text(&response, &header::LAST_MODIFIED),
        "Tue, 14 Nov 2023 22:13:20 GMT"
    );
    assert_eq!(text(&response, &header::ACCEPT_RANGES), "bytes");
    assert_eq!(text(&response, &header::CACHE_CONTROL), "private, no-cache");
    assert_eq!(text(&response, &header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    let digest = text(&response, &HeaderName::from_static("repr-digest"));
    assert!(digest.starts_with("sha-256=:") && digest.ends_with("=:"));
    assert_eq!(body(response).await, BYTES);
}

#[tokio::test]
async fn what_could_run_is_saved_and_all_is_boxed_in() {
    for media_type in MediaType::ALL {
        let response = ask(content(*media_type), Method::GET, &[]).await;
        let disposition = text(&response, &header::CONTENT_DISPOSITION);
        let shown = disposition.starts_with("inline");
        assert_eq!(shown, media_type.is_inert(), "{media_type}");
        assert!(text(&response, &header::CONTENT_SECURITY_POLICY).starts_with("sandbox"));
    }
    for active in [
        MediaType::Svg,
        MediaType::Html,
        MediaType::Xml,
        MediaType::Pdf,
    ] {
        assert!(!active.is_inert());
    }
    let download = Content {
        download: true,
        ..content(MediaType::Jpeg)
    };
    let response = ask(download, Method::GET, &[]).await;
    assert!(text(&response, &header::CONTENT_DISPOSITION).starts_with("attachment"));
}

#[tokio::test]
async fn a_head_is_a_get_without_its_body() {
    let get = ask(content(MediaType::Mp4), Method::GET, &[]).await;
    let head = ask(
        content(MediaType::Mp4),
        Method::HEAD,
        &[(header::RANGE, "bytes=0-1")],
    )
    .await;
    assert_eq!(get.headers(), head.headers());
    assert_eq!(head.status(), StatusCode::OK);
    assert!(body(head).await.is_empty());
}

#[tokio::test]
async fn nothing_is_opened_for_who_has_it() {
    let opened = AtomicUsize::new(0);
    for (name, value, status) in [
        (header::IF_NONE_MATCH, "\"tag\"", StatusCode::NOT_MODIFIED),
        (
            header::IF_MATCH,
            "\"other\"",
            StatusCode::PRECONDITION_FAILED,
        ),
        (
            header::RANGE,
            "bytes=36-",
            StatusCode::RANGE_NOT_SATISFIABLE,
        ),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        let conditions = Conditions::new(Method::GET, &headers);
        let answer = content(MediaType::Jpeg).answer(&conditions, |_| {
            opened.fetch_add(1, Ordering::SeqCst);
            async { Ok::<_, Infallible>(stream::empty().boxed()) }
        });
        let response = answer.await.unwrap_or_else(|never| match never {});
        assert_eq!(response.status(), status);
        if status == StatusCode::RANGE_NOT_SATISFIABLE {
            assert_eq!(text(&response, &header::CONTENT_RANGE), "bytes */36");
        } else if status == StatusCode::NOT_MODIFIED {
            assert_eq!(text(&response, &header::ETAG), "\"tag\"");
        }
    }
    assert_eq!(opened.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_cannot_be_opened_is_the_callers_error() {
    let conditions = Conditions::new(Method::GET, &HeaderMap::new());
    let answer = content(MediaType::Jpeg).answer(&conditions, |_| async { Err("gone") });
    assert_eq!(answer.await.expect_err("not opened"), "gone");
}

#[tokio::test]
async fn an_empty_file_is_whole() {
    let empty = Content {
        size: 0,
        ..content(MediaType::Text)
    };
    let response = ask(empty, Method::GET, &[(header::RANGE, "bytes=0-")]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(text(&response, &header::CONTENT_LENGTH), "0");
}

fn cuts() -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::btree_set(1..BYTES.len(), 0..8).prop_map(|set| set.into_iter().collect())
}

proptest! {
    /// However a client cuts it, the parts put together are the whole.
    #[test]
    fn the_parts_make_the_whole(cuts in cuts(), open_end in any::<bool>(), kind in Just(MediaType::Mp4)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let mut whole = Vec::new();
        let ends = cuts.iter().copied().chain([BYTES.len()]);
        for end in ends {
            let first = whole.len();
            let header = if open_end && end == BYTES.len() {
                format!("bytes={first}-")
            } else {
                format!("bytes={first}-{}", end - 1)
            };
            let response = runtime.block_on(ask(content(kind), Method::GET, &[(header::RANGE, &header)]));
            prop_assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
            let expected = format!("bytes {first}-{}/36", end - 1);
            prop_assert_eq!(text(&response, &header::CONTENT_RANGE), expected);
            let length = text(&response, &header::CONTENT_LENGTH).to_owned();
            let bytes = runtime.block_on(body(response));
            prop_assert_eq!(length, bytes.len().to_string());
            whole.extend(bytes);
        }
        prop_assert_eq!(whole, BYTES);
    }
}
