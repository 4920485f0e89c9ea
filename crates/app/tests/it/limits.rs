//! Every client has its share, and hears when it is used up.

use std::time::Instant;

use reqwest::{Method, Response};
use serde_json::json;
use testkit::{Client, Database, GLANCE, PATIENCE, fixtures};

use crate::{on_each_database, vault};

on_each_database!(accounts_and_keys_and_addresses_have_shares_of_their_own);

async fn ask(client: &Client, path: &str) -> Response {
    let answer = client.request(Method::GET, path).send().await;
    answer.expect("an answer")
}

async fn accounts_and_keys_and_addresses_have_shares_of_their_own(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_RATE_LIMIT", "30/min")
        .env("MEDIAVAULT_USER_RATE_LIMIT", "40/min")
        .env("MEDIAVAULT_KEY_RATE_LIMIT", "5/min")
        .start()
        .await;
    let ada = vault.client();
    let made = ada.post("/me/keys", &json!({"name": "narrow"}), 201).await;
    let key = ada.with_token(made["key"].as_str().expect("a key"));
    for _ in 0..5 {
        assert_eq!(ask(&key, "/me").await.status(), 200);
    }
    let refused = ask(&key, "/me").await;
    assert_eq!(refused.status(), 429);
    let headers = refused.headers().clone();
    let wait: u64 = headers["retry-after"]
        .to_str()
        .ok()
        .and_then(|seconds| seconds.parse().ok())
        .expect("seconds");
    assert!((1..=12).contains(&wait), "{wait}");
    assert_eq!(headers["ratelimit-policy"], "\"key\";q=5;w=60");
    let problem: serde_json::Value = refused.json().await.expect("a problem");
    assert_eq!(problem["code"], "too_many_requests");

    let answer = ask(ada, "/me").await;
    assert_eq!(answer.status(), 200, "its owner is not held up");
    assert_eq!(answer.headers()["ratelimit-policy"], "\"user\";q=40;w=60");
    let stranger = vault.stranger();
    let mut statuses = Vec::new();
    for _ in 0..80 {
        statuses.push(ask(&stranger, "/auth/state").await.status().as_u16());
    }
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    assert_eq!(
        ask(ada, "/me").await.status(),
        200,
        "accounts are not their address"
    );
    assert_eq!(ask(&stranger, "/health/ready").await.status(), 200);
    let page = vault.stranger().http().get(vault.url()).send().await;
    assert_eq!(page.expect("the page").status(), 200);
    let figures = ask(&stranger, "/metrics")
        .await
        .text()
        .await
        .expect("figures");
    for limit in ["key", "anonymous"] {
        let line = format!("mediavault_http_limited_total{{limit=\"{limit}\"}}");
        assert!(figures.contains(&line), "{limit}");
    }
}

#[tokio::test]
async fn media_is_bounded_by_number_and_not_by_rate() {
    let vault = vault()
        .env("MEDIAVAULT_RATE_LIMIT", "50/min")
        .env("MEDIAVAULT_USER_RATE_LIMIT", "50/min")
        .env("MEDIAVAULT_MAX_TRANSFERS_PER_USER", "3")
        .start()
        .await;
    let client = vault.client();
    let photo = fixtures::named("photos/blue-sea.jpg");
    let id = client.upload_fixture(&photo).await.id().to_owned();
    let content = format!("/assets/{id}/content");
    for _ in 0..60 {
        assert_eq!(ask(client, &content).await.status(), 200);
    }
    let large = client.upload("large.bin", vec![7; 24 << 20]).await;
    let content = format!("/assets/{}/content", large.id());
    // Answers that nobody reads are under way.
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(ask(client, &content).await);
    }
    let refused = ask(client, &content).await;
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "1");
    let first = held.pop().expect("one of three");
    assert_eq!(first.bytes().await.expect("all of it").len(), 24 << 20);
    // The server learns in its own time that the last byte has arrived.
    let deadline = Instant::now() + PATIENCE;
    while ask(client, &content).await.status() != 200 {
        assert!(Instant::now() < deadline, "there is room again");
        tokio::time::sleep(GLANCE).await;
    }
}
