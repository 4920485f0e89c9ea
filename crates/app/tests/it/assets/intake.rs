//! `POST /assets` and `/assets/check`.

use domain::Sha256;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use testkit::{Database, fixtures};

use crate::{on_each_database, vault};

on_each_database!(
    a_photo_goes_in_is_understood_and_comes_back,
    the_same_bytes_are_the_same_asset,
    several_files_get_a_verdict_each,
    what_was_announced_must_arrive,
    limits_are_held_with_a_reason,
);

async fn a_photo_goes_in_is_understood_and_comes_back(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let fixture = fixtures::named("photos/blue-sea.jpg");

    let uploaded = client.upload_fixture(&fixture).await;
    assert!(!uploaded.duplicate);
    assert_eq!(
        uploaded.asset["sha256"],
        Sha256::of(&fixture.bytes()).to_string()
    );
    let asset = client.settled(uploaded.id()).await;
    assert_eq!(asset["status"], "ready", "{asset:#}");
    assert_eq!(asset["width"], fixture.width.expect("a width"));
    assert_eq!(asset["height"], fixture.height.expect("a height"));
    assert!(asset["thumbhash"].is_string() && asset["colors"][0].is_string());
    assert_eq!(client.content(uploaded.id()).await, fixture.bytes());

    for name in ["thumb", "preview"] {
        let url = asset["renditions"][name]["url"].as_str().expect("a URL");
        let path = url.strip_prefix("/api/v1").expect("of the API");
        let answer = client
            .request(Method::GET, path)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 200);
        let cache = answer.headers()["cache-control"].to_str().expect("text");
        assert!(
            cache.contains("immutable") && cache.contains("private"),
            "{cache}"
        );
        let bytes = answer.bytes().await.expect("bytes");
        assert_eq!(&bytes[8..12], b"WEBP");
    }
}

async fn the_same_bytes_are_the_same_asset(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_REGISTRATION", "open")
        .start()
        .await;
    let client = vault.client();
    let fixture = fixtures::named("photos/dunes.jpg");
    let hash = Sha256::of(&fixture.bytes()).to_string();
    let check = json!({ "hashes": [hash, "0".repeat(64)] });

    let known = client.post("/assets/check", &check, 200).await;
    assert!(known["results"][0]["asset_id"].is_null());
    let first = client.upload_fixture(&fixture).await;
    let again = client.upload("another name.jpg", fixture.bytes()).await;
    assert!(again.duplicate);
    assert_eq!(again.id(), first.id());
    let known = client.post("/assets/check", &check, 200).await;
    assert_eq!(known["results"][0]["asset_id"], first.id());
    assert!(known["results"][1]["asset_id"].is_null());

    // Somebody else learns nothing of it, has it as an asset of their own, and pays for it.
    let other = vault.register("bob@example.org").await;
    let known = other.post("/assets/check", &check, 200).await;
    assert!(known["results"][0]["asset_id"].is_null());
    let theirs = other.upload_fixture(&fixture).await;
    assert!(!theirs.duplicate);
    assert_ne!(theirs.id(), first.id());
    assert_eq!(other.get("/me").await["used"], fixture.bytes().len());
    assert_eq!(client.get("/me").await["used"], fixture.bytes().len());

    // From the trash it comes back by being sent again.
    client.delete(&format!("/assets/{}", first.id())).await;
    let back = client.upload_fixture(&fixture).await;
    assert!(back.duplicate && back.asset["trashed_at"].is_null());
}

async fn several_files_get_a_verdict_each(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_ALLOWED_TYPES", "image/*")
        .start()
        .await;
    let part = |name: &str| {
        let fixture = fixtures::named(name);
        Part::bytes(fixture.bytes()).file_name(fixture.file_name().to_owned())
    };
    let form = Form::new()
        .text(
            "metadata",
            json!({"title": "Lake", "tags": ["Trip"], "favourite": true}).to_string(),
        )
        .part("file", part("photos/mirror-lake.jpg"))
        .part("file", part("formats/note.txt"))
        .part("file", part("photos/fjord.jpg"));
    let answer = vault
        .client()
        .request(Method::POST, "/assets")
        .multipart(form)
        .send()
        .await;
    let answer: Value = answer.expect("an answer").json().await.expect("JSON");
    let results = answer["results"].as_array().expect("results");
    assert_eq!(results[0]["asset"]["title"], "Lake");
    assert_eq!(results[0]["asset"]["tags"], json!(["Trip"]));
    assert_eq!(results[0]["asset"]["favourite"], true);
    assert_eq!(results[1]["problem"]["code"], "type_not_allowed");
    assert!(
        results[2]["asset"]["title"].is_null(),
        "details are of the file behind them"
    );
}

async fn what_was_announced_must_arrive(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let send = |header: &'static str, value: String| {
        let part = Part::bytes(b"some bytes".to_vec()).file_name("a.txt");
        let form = Form::new().part("file", part);
        client
            .request(Method::POST, "/assets")
            .header(header, value)
            .multipart(form)
    };
    let problem = client
        .refused(send("x-content-sha256", "0".repeat(64)), 400)
        .await;
    assert_eq!(problem["code"], "digest_mismatch");
    let problem = client
        .refused(send("x-content-sha256", "not a hash".to_owned()), 400)
        .await;
    assert_eq!(problem["field"], "X-Content-SHA256");
    let problem = client
        .refused(send("content-digest", "sha-256=:AAAA:".to_owned()), 400)
        .await;
    assert_eq!(problem["field"], "Content-Digest");
    let right = Sha256::of(b"some bytes").to_string();
    let answer = send("x-content-sha256", right)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 201);
    assert_eq!(
        client.get("/assets").await["items"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

async fn limits_are_held_with_a_reason(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_MAX_UPLOAD_SIZE", "2048")
        .env("MEDIAVAULT_DEFAULT_QUOTA", "3000")
        .start()
        .await;
    let client = vault.client();
    let too_large = client
        .send_file("big.bin", vec![7; 2049])
        .await
        .expect("an answer");
    assert_eq!(too_large.status(), 413);
    let problem: Value = too_large.json().await.expect("JSON");
    assert_eq!(problem["code"], "too_large");
    client.upload("a.bin", vec![1; 2000]).await;
    let over = client
        .send_file("b.bin", vec![2; 1500])
        .await
        .expect("an answer");
    assert_eq!(over.status(), 413);
    let problem: Value = over.json().await.expect("JSON");
    assert_eq!(problem["code"], "quota_exceeded");
    let nameless = client
        .send_file("..", b"x".to_vec())
        .await
        .expect("an answer");
    let problem: Value = nameless.json().await.expect("JSON");
    assert_eq!(
        (problem["status"].as_u64(), problem["field"].as_str()),
        (Some(400), Some("file_name"))
    );
    let form = client
        .request(Method::POST, "/assets")
        .body("no form")
        .header("content-type", "text/plain");
    assert_eq!(client.refused(form, 400).await["code"], "invalid_body");
}
