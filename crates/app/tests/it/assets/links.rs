//! Signed URLs: they work without a credential, for exactly one thing, until their time.

use reqwest::Method;
use serde_json::json;
use testkit::{Client, Database, Vault, fixtures};

use crate::{on_each_database, vault};

on_each_database!(a_link_opens_one_thing_and_nothing_else);

async fn a_link_opens_one_thing_and_nothing_else(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let fixture = fixtures::named("photos/rooftops.jpg");
    let id = client.upload_fixture(&fixture).await.id().to_owned();
    client.settled(&id).await;
    let path = format!("/assets/{id}/url");
    let made = client
        .post(&path, &json!({"target": "content", "expires_in": 60}), 200)
        .await;
    assert_eq!(made["direct"], false);
    let link = of_api(&vault, made["url"].as_str().expect("a URL"));
    let stranger = vault.stranger();
    assert_eq!(body(&stranger, &link).await, fixture.bytes());

    let status = async |path: &str| {
        stranger
            .request(Method::GET, path)
            .send()
            .await
            .expect("an answer")
            .status()
            .as_u16()
    };
    assert_eq!(
        status(&format!("{link}&download=1")).await,
        403,
        "what it allows is signed"
    );
    assert_eq!(
        status(&link.replace("signature=", "signature=A")).await,
        403
    );
    assert_eq!(
        status(&link.replace("/content", "/renditions/thumb")).await,
        403
    );
    assert_eq!(status(&format!("/assets/{id}/content")).await, 401);
    assert_eq!(status(&format!("/assets/{id}")).await, 401);
    let put = stranger
        .request(Method::DELETE, &link.replace("/content", ""))
        .send()
        .await;
    assert!(put.expect("an answer").status().is_client_error());

    let thumb = client
        .post(&path, &json!({"target": "thumb", "expires_in": 60}), 200)
        .await;
    let thumb = of_api(&vault, thumb["url"].as_str().expect("a URL"));
    assert_eq!(&body(&stranger, &thumb).await[8..12], b"WEBP");
    for wrong in [
        json!({"target": "nothing", "expires_in": 60}),
        json!({"expires_in": 0}),
    ] {
        client
            .refused(client.request(Method::POST, &path).json(&wrong), 400)
            .await;
    }
}

async fn body(client: &Client, path: &str) -> Vec<u8> {
    let answer = client
        .request(Method::GET, path)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.bytes().await.expect("bytes").to_vec()
}

/// The path of a complete URL below the API.
pub fn of_api(vault: &Vault, url: &str) -> String {
    let (_, path) = url
        .split_once("/api/v1")
        .unwrap_or_else(|| panic!("{url} of {}", vault.url()));
    path.to_owned()
}
