//! The core protocol: create, ask, send, and what is refused.

use reqwest::Method;
use serde_json::json;
use testkit::{Database, fixtures};

use super::client::{begin, bytes, create, head, patch, patching, request, send, upload};
use crate::{on_each_database, vault};

on_each_database!(
    a_file_comes_in_pieces_and_is_one_asset,
    a_lost_answer_is_given_again,
    what_is_not_in_order_is_refused,
    others_know_nothing_of_it,
);

async fn a_file_comes_in_pieces_and_is_one_asset(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let photo = fixtures::named("photos/harbour.jpg").bytes();
    let address = begin(client, photo.len(), "harbour.jpg").await;
    let begun = head(client, &address).await.is(200);
    assert_eq!(begun.offset(), 0);
    assert_eq!(begun.header("upload-length"), photo.len().to_string());
    assert_eq!(begun.header("cache-control"), "no-store");
    assert!(begun.header("upload-expires").ends_with("GMT"), "{begun:?}");
    assert!(begun.header("upload-metadata").starts_with("filename "));

    let (first, rest) = photo.split_at(photo.len() / 3);
    let answer = patch(client, &address, 0, first).await.is(204);
    assert_eq!(answer.offset(), first.len() as u64);
    assert_eq!(head(client, &address).await.offset(), first.len() as u64);
    assert_eq!(client.get("/assets").await["items"], json!([]));
    let under_way = client.get("/uploads/tus").await;
    assert_eq!(under_way["items"][0]["file_name"], "harbour.jpg");
    assert_eq!(under_way["items"][0]["offset"], first.len());

    let answer = patch(client, &address, first.len() as u64, rest)
        .await
        .is(204);
    assert_eq!(answer.offset(), photo.len() as u64);
    assert_eq!(answer.header("upload-duplicate"), "false");
    let asset = client.asset(answer.asset()).await;
    assert_eq!(asset["file_name"], "harbour.jpg");
    assert_eq!(asset["mime_type"], "image/jpeg");
    assert_eq!(client.content(answer.asset()).await, photo);
    let state = client.get(&address).await;
    assert_eq!(state["state"], "complete");
    assert_eq!(state["asset_id"], answer.asset());
    assert_eq!(client.get("/uploads/tus").await["items"], json!([]));

    // The same bytes once more: the asset that is there.
    let again = upload(client, "again.jpg", &photo).await;
    assert_eq!(again.asset(), answer.asset());
    assert_eq!(again.header("upload-duplicate"), "true");
}

async fn a_lost_answer_is_given_again(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let file = bytes(1, 100_000);
    let address = begin(client, file.len(), "a.bin").await;
    let done = patch(client, &address, 0, &file).await.is(204);
    let asked = head(client, &address).await.is(200);
    let repeated = patch(client, &address, file.len() as u64, b"")
        .await
        .is(204);
    for answer in [&asked, &repeated] {
        assert_eq!(answer.asset(), done.asset());
        assert_eq!(answer.offset(), file.len() as u64);
    }
    let late = patch(client, &address, 0, &file).await.is(409);
    assert_eq!(late.code, "offset_mismatch");
    let all = client.get("/assets").await;
    assert_eq!(all["items"].as_array().map(Vec::len), Some(1));
}

async fn what_is_not_in_order_is_refused(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_MAX_UPLOAD_SIZE", "1MB")
        .start()
        .await;
    let client = vault.client();
    let address = begin(client, 10, "a.bin").await;

    let without = client.request(Method::HEAD, &address);
    let answer = send(without).await.is(412);
    assert_eq!(answer.header("tus-version"), "1.0.0");
    let older = client.request(Method::POST, "/uploads/tus");
    let older = older
        .header("tus-resumable", "0.2.2")
        .header("upload-length", "1");
    assert_eq!(send(older).await.is(412).code, "tus_version");

    let large = create(client, 1_000_001, &[]).await.is(413);
    assert_eq!(large.code, "too_large");
    let plain = request(client, Method::PATCH, &address)
        .header("upload-offset", "0")
        .header("content-type", "text/plain")
        .body("abc");
    assert_eq!(send(plain).await.is(415).code, "content_type");
    let nowhere = request(client, Method::PATCH, &address)
        .header("content-type", super::client::BYTES)
        .body("abc");
    send(nowhere).await.is(400);
    let ahead = patch(client, &address, 3, b"abc").await.is(409);
    assert_eq!(ahead.code, "offset_mismatch");
    patch(client, &address, 0, b"more than ten bytes")
        .await
        .is(413);
    assert_eq!(head(client, &address).await.offset(), 0);

    let lengths = request(client, Method::POST, "/uploads/tus");
    send(lengths).await.is(400);
    for wrong in ["-1", "ten", "1e3", ""] {
        let request = request(client, Method::POST, "/uploads/tus").header("upload-length", wrong);
        send(request).await.is(400);
    }
    for wrong in ["filename ???", "captured_at eWVzdGVyZGF5"] {
        create(client, 1, &[("upload-metadata", wrong)])
            .await
            .is(400);
    }
    let nothing = "/uploads/tus/01900000-0000-7000-8000-000000000000";
    head(client, nothing).await.is(404);
    patch(client, nothing, 0, b"").await.is(404);
    let no_id = request(client, Method::HEAD, "/uploads/tus/nothing");
    send(no_id).await.is(404);
    // In order after all of that.
    patch(client, &address, 0, b"ten bytes!")
        .await
        .is(204)
        .asset();
}

async fn others_know_nothing_of_it(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_REGISTRATION", "open")
        .start()
        .await;
    let client = vault.client();
    let address = begin(client, 10, "a.bin").await;
    let eve = vault.register("eve@example.org").await;
    head(&eve, &address).await.is(404);
    patch(&eve, &address, 0, b"ten bytes!").await.is(404);
    send(request(&eve, Method::DELETE, &address)).await.is(404);
    let joined = request(&eve, Method::POST, "/uploads/tus")
        .header("upload-concat", format!("final;{address}"));
    send(joined).await.is(404);
    head(&vault.stranger(), &address).await.is(401);

    let reader = json!({"name": "reader", "scopes": ["assets:read"]});
    let reader = client.post("/me/keys", &reader, 201).await;
    let reader = client.with_token(reader["key"].as_str().expect("a key"));
    head(&reader, &address).await.is(403);
    let writer = json!({"name": "writer", "scopes": ["assets:write"]});
    let writer = client.post("/me/keys", &writer, 201).await;
    let writer = client.with_token(writer["key"].as_str().expect("a key"));
    let whole = patching(&writer, &address, 0).body("ten bytes!");
    send(whole).await.is(204).asset();
}
