//! `GET /assets/{id}/content` over a socket: ranges, conditions, safe headers.

use reqwest::{Method, Response};
use testkit::{Client, Database, fixtures};

use crate::{on_each_database, vault};

on_each_database!(parts_and_conditions_hold, active_content_never_runs);

async fn parts_and_conditions_hold(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    // More than two frames, so that a range crosses their borders.
    let bytes: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    let id = client
        .upload("numbers.bin", bytes.clone())
        .await
        .id()
        .to_owned();
    let path = format!("/assets/{id}/content");
    let ask = async |headers: &[(&str, &str)]| -> Response {
        let mut request = client.request(Method::GET, &path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.expect("an answer")
    };

    let whole = ask(&[]).await;
    let etag = whole.headers()["etag"].to_str().expect("text").to_owned();
    assert_eq!(whole.headers()["accept-ranges"], "bytes");
    assert!(whole.headers().contains_key("repr-digest"));
    assert_eq!(whole.bytes().await.expect("bytes"), bytes);

    for (range, expected) in [
        ("bytes=0-0", &bytes[..1]),
        ("bytes=65530-65545", &bytes[65_530..65_546]),
        ("bytes=131071-", &bytes[131_071..]),
        ("bytes=-7", &bytes[bytes.len() - 7..]),
        ("bytes=10-99999999", &bytes[10..]),
    ] {
        let part = ask(&[("range", range)]).await;
        assert_eq!(part.status(), 206, "{range}");
        assert_eq!(part.bytes().await.expect("bytes"), expected, "{range}");
    }
    assert_eq!(ask(&[("range", "bytes=99999999-")]).await.status(), 416);
    assert_eq!(ask(&[("if-none-match", &etag)]).await.status(), 304);
    assert_eq!(
        ask(&[("range", "bytes=0-0"), ("if-range", &etag)])
            .await
            .status(),
        206
    );
    assert_eq!(
        ask(&[("range", "bytes=0-0"), ("if-range", "\"other\"")])
            .await
            .status(),
        200
    );
    assert_eq!(ask(&[("if-match", "\"other\"")]).await.status(), 412);
    let head = client
        .request(Method::HEAD, &path)
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        head.headers()["content-length"],
        bytes.len().to_string().as_str()
    );
}

async fn active_content_never_runs(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    for name in ["hostile/script.svg", "hostile/page-named.jpg"] {
        let id = client
            .upload_fixture(&fixtures::named(name))
            .await
            .id()
            .to_owned();
        let answer = original(client, &id).await;
        let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
        assert!(
            header("content-disposition").starts_with("attachment"),
            "{name}"
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-security-policy").contains("sandbox"));
    }
    let hostile = "x\"; filename=\"evil.html";
    let id = client
        .upload(hostile, b"text".to_vec())
        .await
        .id()
        .to_owned();
    let answer = original(client, &id).await;
    let disposition = answer.headers()["content-disposition"]
        .to_str()
        .expect("text");
    assert!(!disposition.contains("; filename=\"evil"), "{disposition}");
}

async fn original(client: &Client, id: &str) -> Response {
    let path = format!("/assets/{id}/content");
    client
        .request(Method::GET, &path)
        .send()
        .await
        .expect("an answer")
}
