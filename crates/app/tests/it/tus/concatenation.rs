//! Uploads that are joined: how clients send one file over several connections.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::json;
use testkit::{Client, Database};

use super::client::{Answer, bytes, create, head, patch, request, send};
use super::extensions::{files_below, until};
use crate::{on_each_database, vault};

on_each_database!(
    parts_that_were_sent_apart_become_one_file,
    only_whole_parts_are_joined,
);

async fn partial(client: &Client, bytes: &[u8]) -> String {
    let begun = create(client, bytes.len(), &[("upload-concat", "partial")]).await;
    let address = begun.is(201).header("location").to_owned();
    let answer = patch(client, &address, 0, bytes).await.is(204);
    assert_eq!(answer.header("upload-asset"), "", "it waits to be joined");
    address
}

async fn join(client: &Client, addresses: &[&str]) -> Answer {
    let metadata = format!("filename {}", STANDARD.encode("joined.bin"));
    let joining = request(client, Method::POST, "/uploads/tus")
        .header("upload-concat", format!("final;{}", addresses.join(" ")))
        .header("upload-metadata", metadata);
    send(joining).await
}

async fn parts_that_were_sent_apart_become_one_file(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    // The first is of two parts of ours.
    let file = bytes(10, 21 << 20);
    let (first, rest) = file.split_at(18 << 20);
    let (second, third) = rest.split_at(100);
    let mut addresses = Vec::new();
    for piece in [first, second, third] {
        addresses.push(partial(client, piece).await);
    }
    let asked = head(client, &addresses[0]).await.is(200);
    assert_eq!(asked.header("upload-concat"), "partial");
    // One client gives whole addresses.
    let absolute = format!("{}{}", vault.url(), addresses[1]);
    let addresses = [
        addresses[0].as_str(),
        absolute.as_str(),
        addresses[2].as_str(),
    ];
    let done = join(client, &addresses).await.is(201);
    assert_eq!(client.content(done.asset()).await, file);
    let asset = client.asset(done.asset()).await;
    assert_eq!(asset["file_name"], "joined.bin");

    let last = done.header("location");
    let asked = head(client, last).await.is(200);
    assert_eq!(asked.offset(), file.len() as u64);
    assert_eq!(asked.header("upload-length"), file.len().to_string());
    assert!(
        asked
            .header("upload-concat")
            .starts_with("final;/api/v1/uploads/tus/")
    );
    let forbidden = patch(client, last, asked.offset(), b"").await.is(403);
    assert_eq!(forbidden.code, "final_upload");
    // Asked again, because the answer was lost.
    let again = join(client, &addresses).await.is(201);
    assert_eq!(again.header("location"), last);
    assert_eq!(again.asset(), done.asset());
    head(client, addresses[0]).await.is(410);
    let parts = vault.data_dir().join("blobs/parts");
    until(|| files_below(&parts) == 0).await;
    let all = client.get("/assets").await;
    assert_eq!(all["items"].as_array().map(Vec::len), Some(1));
}

async fn only_whole_parts_are_joined(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let whole = partial(client, b"whole").await;
    let begun = create(client, 10, &[("upload-concat", "partial")]).await;
    let unfinished = begun.is(201).header("location").to_owned();
    let alone = create(client, 10, &[]).await.is(201);
    let alone = alone.header("location").to_owned();
    for other in [&unfinished, &alone] {
        let refused = join(client, &[&whole, other]).await.is(409);
        assert_eq!(refused.code, "wrong_state");
    }
    join(client, &[]).await.is(400);
    join(client, &["/elsewhere/1"]).await.is(400);
    let nobodys = "/api/v1/uploads/tus/01900000-0000-7000-8000-000000000000";
    join(client, &[&whole, nobodys]).await.is(404);
    let length = request(client, Method::POST, "/uploads/tus")
        .header("upload-concat", format!("final;{whole}"))
        .header("upload-length", "5");
    send(length).await.is(400);
    let done = join(client, &[&whole]).await.is(201);
    assert_eq!(client.content(done.asset()).await, b"whole");
    let other = partial(client, b"other").await;
    let taken = join(client, &[&whole, &other]).await.is(409);
    assert_eq!(taken.code, "conflict");
    assert_eq!(client.get("/me/usage").await["used"], json!(5));
}
