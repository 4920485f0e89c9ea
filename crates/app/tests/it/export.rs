//! Everything out, and in again elsewhere: the two libraries are the same.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Vault, fixtures};

use crate::cli::{Desk, code};
use crate::vault;

/// What must be the same of every asset, by its bytes.
async fn library(client: &Client) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for query in ["", "is:archived", "is:trashed"] {
        let request = client
            .request(Method::GET, "/assets")
            .query(&[("q", query)]);
        let answer = request.send().await.expect("an answer");
        let page: Value = answer.json().await.expect("JSON");
        for item in page["items"].as_array().expect("items") {
            let asset = client.settled(item["id"].as_str().expect("an id")).await;
            let mut same = json!({});
            for field in [
                "file_name",
                "title",
                "description",
                "tags",
                "rating",
                "favourite",
                "archived",
                "location",
                "metadata",
                "size",
            ] {
                same[field] = asset[field].clone();
            }
            same["trashed"] = json!(!asset["trashed_at"].is_null());
            same["local"] = asset["captured_at"]["local"].clone();
            same["offset"] = asset["captured_at"]["offset"].clone();
            found.insert(asset["sha256"].as_str().expect("a digest").to_owned(), same);
        }
    }
    found
}

/// What must be the same of every collection, by its name.
async fn albums(client: &Client) -> BTreeMap<String, Value> {
    let list = client.get("/collections").await;
    let mut found = BTreeMap::new();
    for album in list["items"].as_array().expect("items") {
        let mut same = json!({});
        for field in ["description", "query", "kind", "count"] {
            same[field] = album[field].clone();
        }
        found.insert(album["name"].as_str().expect("a name").to_owned(), same);
    }
    found
}

async fn some_library(client: &Client) {
    let mut ids = Vec::new();
    for name in ["harbour.jpg", "daisy.jpg", "summit.jpg", "blue-sea.jpg"] {
        let photo = fixtures::named(&format!("photos/{name}"));
        let uploaded = client.upload_fixture(&photo).await;
        client.settled(uploaded.id()).await;
        ids.push(uploaded.id().to_owned());
    }
    let edits = [
        json!({"title": "At \"Kiel\" & beyond", "tags": ["sea", "Über"], "rating": 5}),
        json!({"description": "Two\nlines", "favourite": true}),
        json!({"archived": true}),
    ];
    for (id, edit) in ids.iter().zip(edits) {
        client.patch(&format!("/assets/{id}"), &edit).await;
    }
    client.delete(&format!("/assets/{}", ids[3])).await;
    let album =
        json!({"name": "Summer", "description": "By the sea", "asset_ids": [ids[0], ids[2]]});
    client.post("/collections", &album, 201).await;
    let smart = json!({"name": "Best", "query": "rating:>=4"});
    client.post("/collections", &smart, 201).await;
}

async fn fresh() -> Vault {
    vault().start().await
}

#[tokio::test]
async fn an_export_makes_the_same_library_again() {
    let desk = Desk::new().await;
    some_library(desk.vault.client()).await;
    let before = library(desk.vault.client()).await;
    assert_eq!(before.len(), 4, "{before:#?}");
    let albums_before = albums(desk.vault.client()).await;
    assert_eq!(albums_before["Summer"]["count"], 2, "{albums_before:#?}");

    let file = desk.folder("out").join("export.zip");
    let file = file.to_str().expect("UTF-8");
    let saved = desk.run(&["export", file]);
    assert_eq!(code(&saved), 0, "{saved:?}");
    assert_eq!(
        code(&desk.run(&["export", file])),
        2,
        "it is not overwritten"
    );

    let other = fresh().await;
    let key = other
        .client()
        .post("/me/keys", &json!({"name": "import", "scopes": ["assets:read", "assets:write", "collections:manage"]}), 201)
        .await;
    let key = key["key"].as_str().expect("a key");
    let import = [
        "import",
        "archive",
        file,
        "--url",
        other.url(),
        "--key",
        key,
    ];
    let done = desk.run(&import);
    assert_eq!(code(&done), 0, "{done:?}");
    assert_eq!(library(other.client()).await, before);

    assert_eq!(albums(other.client()).await, albums_before);

    let again = desk.run(&[&import[..], &["--json"]].concat());
    let summary = crate::cli::lines(&again).pop().expect("a summary");
    assert_eq!(summary["summary"]["uploaded"], 0, "{summary}");
    assert_eq!(library(other.client()).await, before);
    assert_eq!(albums(other.client()).await, albums_before);

    let wrong = desk.run(&[
        "import",
        "archive",
        "/nowhere.zip",
        "--url",
        other.url(),
        "--key",
        key,
    ]);
    assert_eq!(code(&wrong), 2, "{wrong:?}");
}

#[tokio::test]
async fn a_sidecar_says_what_holds() {
    let vault = fresh().await;
    let client = vault.client();
    let photo = client
        .upload_fixture(&fixtures::named("photos/harbour.jpg"))
        .await;
    client.settled(photo.id()).await;
    client
        .patch(
            &format!("/assets/{}", photo.id()),
            &json!({"title": "Kiel <1>", "rating": 3}),
        )
        .await;
    let path = format!("/assets/{}/xmp", photo.id());
    let answer = client
        .request(Method::GET, &path)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.expect("text");
    for part in [
        "Kiel &lt;1&gt;",
        "<xmp:Rating>3</xmp:Rating>",
        "2024-05-04T20:41:07+02:00",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let nothing = client.request(
        Method::GET,
        "/assets/01900000-0000-7000-8000-000000000000/xmp",
    );
    client.refused(nothing, 404).await;
}
