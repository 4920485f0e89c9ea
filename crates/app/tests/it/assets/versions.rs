//! Versions: added, read, gone back to; and bytes that were lost and came again.

use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use testkit::{Client, Database, fixtures};

use crate::{on_each_database, vault};

on_each_database!(versions_follow_one_another, a_version_is_its_owners);

fn adding(client: &Client, id: &str, name: &'static str, bytes: Vec<u8>) -> RequestBuilder {
    let part = Part::bytes(bytes).file_name(name);
    client
        .request(Method::POST, &format!("/assets/{id}/versions"))
        .multipart(Form::new().part("file", part))
}

async fn bytes(client: &Client, path: &str) -> Vec<u8> {
    let answer = client
        .request(Method::GET, path)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    answer.bytes().await.expect("a body").to_vec()
}

async fn versions_follow_one_another(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let (sea, dunes) = (
        fixtures::named("photos/blue-sea.jpg").bytes(),
        fixtures::named("photos/dunes.jpg").bytes(),
    );
    let first = client.upload("sea.jpg", sea.clone()).await;
    let id = first.id().to_owned();
    client.settled(&id).await;
    client
        .patch(&format!("/assets/{id}"), &json!({"title": "Mine"}))
        .await;
    let used = client.get("/me").await["used"].as_u64().expect("a number");

    let answer = adding(client, &id, "dunes.jpg", dunes.clone()).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 201);
    let asset: Value = answer.json().await.expect("an asset");
    assert_eq!((&asset["id"], &asset["version"]), (&json!(id), &json!(2)));
    assert_eq!(
        (&asset["title"], &asset["file_name"]),
        (&json!("Mine"), &json!("dunes.jpg"))
    );
    assert_eq!(client.settled(&id).await["status"], "ready");
    assert_eq!(client.content(&id).await, dunes);
    assert_eq!(
        bytes(client, &format!("/assets/{id}/versions/1/content")).await,
        sea
    );
    let both = used + dunes.len() as u64;
    assert_eq!(client.get("/me").await["used"], both);

    let versions = client.get(&format!("/assets/{id}/versions")).await;
    let numbers: Vec<_> = versions["items"]
        .as_array()
        .expect("versions")
        .iter()
        .map(|version| (version["number"].as_u64(), version["current"].as_bool()))
        .collect();
    assert_eq!(numbers, [(Some(2), Some(true)), (Some(1), Some(false))]);
    assert_eq!(versions["items"][1]["files"][0]["role"], "original");

    let back = client
        .post(
            &format!("/assets/{id}/versions/1/rollback"),
            &json!({}),
            201,
        )
        .await;
    assert_eq!(
        (&back["version"], &back["file_name"]),
        (&json!(3), &json!("sea.jpg"))
    );
    assert_eq!(client.settled(&id).await["status"], "ready");
    assert_eq!(client.content(&id).await, sea);
    let path = format!("/assets/{id}/versions/1/rollback");
    client
        .refused(client.request(Method::POST, &path), 409)
        .await;
    let path = format!("/assets/{id}/versions/9/content");
    client
        .refused(client.request(Method::GET, &path), 404)
        .await;
    let path = format!("/assets/{id}/content?role=motion");
    client
        .refused(client.request(Method::GET, &path), 404)
        .await;
}

async fn a_version_is_its_owners(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_REGISTRATION", "open")
        .start()
        .await;
    let client = vault.client();
    let sea = fixtures::named("photos/blue-sea.jpg").bytes();
    let dunes = fixtures::named("photos/dunes.jpg").bytes();
    let first = client.upload("sea.jpg", sea.clone()).await;
    let second = client.upload("dunes.jpg", dunes.clone()).await;
    for bytes in [sea, dunes.clone()] {
        let problem = client
            .refused(adding(client, first.id(), "x.jpg", bytes), 409)
            .await;
        assert_eq!(problem["code"], "conflict");
    }
    let other = vault.register("bob@example.org").await;
    let foreign = adding(&other, first.id(), "x.jpg", b"something".to_vec());
    other.refused(foreign, 404).await;
    assert_eq!(client.asset(first.id()).await["version"], 1);
    assert_eq!(client.content(second.id()).await, dunes);
}
