//! Presigned uploads: one PUT, of that size and type, until that time.

use domain::Sha256;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Database, Vault, fixtures};

use super::links::of_api;
use crate::{on_each_database, vault};

on_each_database!(
    a_presigned_put_needs_nothing_else,
    it_is_bound_to_what_was_announced
);

async fn a_presigned_put_needs_nothing_else(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let fixture = fixtures::named("photos/harbour.jpg");
    let bytes = fixture.bytes();
    let announced = json!({
        "file_name": "harbour.jpg",
        "size": bytes.len(),
        "mime_type": "image/jpeg",
        "sha256": Sha256::of(&bytes).to_string(),
    });
    let made = client.post("/uploads", &announced, 201).await;
    let id = made["id"].as_str().expect("an id");
    assert_eq!(client.get(&format!("/uploads/{id}")).await["state"], "open");
    let path = of_api(&vault, made["url"].as_str().expect("a URL"));
    let (status, answer) = put(&vault, &path, "image/jpeg", bytes.clone()).await;
    assert_eq!(status, 201, "{answer}");
    let asset = answer["asset"]["id"].as_str().expect("an id");
    let state = client.get(&format!("/uploads/{id}")).await;
    assert_eq!(
        (&state["state"], &state["asset_id"]),
        (&json!("complete"), &json!(asset))
    );
    assert_eq!(client.content(asset).await, bytes);
    let (status, answer) = put(&vault, &path, "image/jpeg", bytes).await;
    assert_eq!((status, &answer["code"]), (409, &json!("wrong_state")));
}

async fn it_is_bound_to_what_was_announced(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let announced = json!({"file_name": "a.txt", "size": 5, "mime_type": "text/plain"});
    let made = client.post("/uploads", &announced, 201).await;
    let path = of_api(&vault, made["url"].as_str().expect("a URL"));
    let code = async |path: &str, kind: &str, bytes: &[u8]| {
        put(&vault, path, kind, bytes.to_vec()).await.1["code"].clone()
    };
    assert_eq!(code(&path, "text/plain", b"longer").await, "size_mismatch");
    assert_eq!(code(&path, "image/jpeg", b"right").await, "type_mismatch");
    assert_eq!(
        code(
            &path.replace("expires=", "expires=9"),
            "text/plain",
            b"right"
        )
        .await,
        "bad_signature"
    );
    assert_eq!(
        put(&vault, &path, "text/plain", b"right".to_vec()).await.0,
        201
    );
    for (field, wrong) in [
        ("file_name", json!({"file_name": "", "size": 1})),
        (
            "mime_type",
            json!({"file_name": "a", "size": 1, "mime_type": "no/such"}),
        ),
        (
            "expires_in",
            json!({"file_name": "a", "size": 1, "expires_in": 0}),
        ),
        ("size", json!({"file_name": "a", "size": -1})),
    ] {
        let request = client.request(Method::POST, "/uploads").json(&wrong);
        assert_eq!(client.refused(request, 400).await["field"], field);
    }
}

async fn put(vault: &Vault, path: &str, kind: &str, bytes: Vec<u8>) -> (u16, Value) {
    let stranger = vault.stranger();
    let request = stranger
        .request(Method::PUT, path)
        .header("content-type", kind)
        .body(bytes);
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}
