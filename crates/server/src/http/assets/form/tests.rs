use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use futures::{StreamExt, stream};

use super::{Form, extended_name};

fn request(chunks: impl Iterator<Item = Bytes> + Send + 'static) -> Request {
    let body = stream::iter(chunks.map(Ok::<_, std::io::Error>));
    Request::builder()
        .method("POST")
        .header("content-type", "multipart/form-data; boundary=B")
        .body(Body::from_stream(body.boxed()))
        .expect("a request")
}

async fn form(chunks: impl Iterator<Item = Bytes> + Send + 'static) -> Form {
    let form = Form::from_request(request(chunks), &()).await;
    form.unwrap_or_else(|problem| panic!("{problem:?}"))
}

#[tokio::test]
async fn headers_that_never_end_are_given_up() {
    let lead = Bytes::from_static(b"--B\r\nX-Long: ");
    let rest = std::iter::repeat_n(Bytes::from(vec![b'a'; 8 << 10]), 1 << 20);
    let mut form = form(std::iter::once(lead).chain(rest)).await;
    assert!(form.next().await.is_err());
}

#[tokio::test]
async fn a_boundary_that_never_comes_is_given_up() {
    let rest = std::iter::repeat_n(Bytes::from(vec![b'a'; 8 << 10]), 1 << 20);
    let mut form = form(rest).await;
    assert!(form.next().await.is_err());
}

#[tokio::test]
async fn large_parts_arrive_whole_in_chunks_of_any_size() {
    let mut text = Vec::new();
    for name in ["one", "two"] {
        let head = format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        text.extend_from_slice(head.as_bytes());
        text.extend_from_slice(&vec![b'x'; 900_000]);
        text.extend_from_slice(b"\r\n");
    }
    text.extend_from_slice(b"--B--\r\n");
    for size in [1000, 70_000, 5_000_000] {
        let chunks: Vec<_> = text.chunks(size).map(Bytes::copy_from_slice).collect();
        let mut form = form(chunks.into_iter()).await;
        for name in ["one", "two"] {
            let mut field = form.next().await.expect("a form").expect("a part");
            assert_eq!(field.name(), Some(name));
            let mut bytes = 0;
            while let Some(chunk) = field.chunk().await.expect("a chunk") {
                bytes += chunk.len();
            }
            assert_eq!(bytes, 900_000);
        }
        assert!(form.next().await.expect("an end").is_none());
    }
}

#[test]
fn names_of_other_clients_are_read() {
    let name = |text| extended_name(text);
    assert_eq!(
        name("form-data; name=\"file\"; filename*=utf-8''%E2%82%AC%20a.jpg"),
        Some("€ a.jpg".to_owned())
    );
    assert_eq!(name("form-data; filename*=latin1''%E4"), None);
    assert_eq!(name("form-data; filename*=utf-8''%ff"), None);
    assert_eq!(name("form-data; filename*=x"), None);
}
