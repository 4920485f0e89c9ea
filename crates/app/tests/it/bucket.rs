//! A vault whose bytes lie in a bucket: everything works, and the bucket may go away and come back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use domain::{Entropy as _, SeededEntropy, Sha256};
use reqwest::Method;
use testkit::s3::{Line, Place};
use testkit::{Client, Database, GLANCE, PATIENCE, Vault, fixtures};

use crate::{on_each_database, vault};

on_each_database!(
    a_bucket_is_as_good_as_a_folder,
    a_bucket_that_goes_away_and_comes_back,
);

/// Bytes of several parts.
fn large() -> Vec<u8> {
    let mut bytes = vec![0; 20_000_000];
    SeededEntropy::new(7).fill(&mut bytes);
    bytes
}

async fn a_bucket_is_as_good_as_a_folder(database: Database) {
    let place = Place::fresh().await;
    let mut vault = vault().database(database).bucket(&place).start().await;
    let key = vault
        .client()
        .post("/me/keys", &serde_json::json!({"name": "bucket"}), 201)
        .await;
    let client = vault
        .client()
        .with_token(key["key"].as_str().expect("a key"));
    let photo = fixtures::named("photos/daisy.jpg");
    let small = client.upload_fixture(&photo).await;
    let bytes = large();
    let whole = client.upload("film.bin", bytes.clone()).await;
    assert!(client.upload("again.bin", bytes.clone()).await.duplicate);

    let seen = client.settled(small.id()).await;
    assert_eq!(seen["status"], "ready", "{seen:#}");
    holds(&client, small.id(), &photo.bytes(), whole.id(), &bytes).await;
    vault.restart().await;
    holds(&client, small.id(), &photo.bytes(), whole.id(), &bytes).await;

    client
        .delete(&format!("/assets/{}?permanent=true", whole.id()))
        .await;
    assert_eq!(client.content(small.id()).await, photo.bytes());

    assert!(vault.stop().await, "{}", vault.log());
    let verified = vault.command(&["verify", "--json"]).output();
    let verified = verified.expect("it runs");
    assert!(verified.status.success(), "{verified:?}");
    for text in [vault.log().as_bytes(), &verified.stderr] {
        let text = String::from_utf8_lossy(text);
        assert!(!text.contains(&place.secret), "the secret was told: {text}");
    }
}

/// Originals, a range across parts, and a picture are there.
async fn holds(client: &Client, small: &str, photo: &[u8], large: &str, bytes: &[u8]) {
    assert_eq!(client.content(small).await, photo);
    assert_eq!(Sha256::of(&client.content(large).await), Sha256::of(bytes));
    let part = client
        .request(Method::GET, &format!("/assets/{large}/content"))
        .header("range", "bytes=8388000-8389999")
        .send()
        .await
        .expect("an answer");
    assert_eq!(part.status(), 206);
    assert_eq!(
        part.bytes().await.expect("bytes"),
        bytes[8_388_000..8_390_000]
    );
    let thumb = client
        .request(Method::GET, &format!("/assets/{small}/renditions/thumb"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(thumb.status(), 200);
}

async fn a_bucket_that_goes_away_and_comes_back(database: Database) {
    let place = Place::fresh().await;
    let mut line = Line::to(&place).await;
    let vault = vault()
        .database(database)
        .bucket(&place.through(&line))
        .start()
        .await;
    let over = Arc::new(AtomicBool::new(false));
    let senders: Vec<_> = (0..3)
        .map(|seed| tokio::spawn(send_until(over.clone(), vault.client().clone(), seed)))
        .collect();
    let before = vault.client().upload("before.bin", vec![1; 100_000]).await;

    line.cut();
    refused(&vault).await;
    let asked = vault
        .client()
        .request(Method::GET, &format!("/assets/{}/content", before.id()));
    let asked = asked.send().await.expect("an answer");
    assert_eq!(asked.status(), 503);

    line.mend();
    let deadline = Instant::now() + PATIENCE;
    while ready(&vault).await != 200 {
        assert!(Instant::now() < deadline, "it never recovered");
        tokio::time::sleep(GLANCE).await;
    }
    let after = vault.client().upload("after.bin", vec![2; 100_000]).await;
    over.store(true, Ordering::SeqCst);

    let mut kept = vec![
        (before.id().to_owned(), vec![1; 100_000]),
        (after.id().to_owned(), vec![2; 100_000]),
    ];
    for sender in senders {
        kept.extend(sender.await.expect("a sender ends by itself"));
    }
    assert!(
        kept.len() > 5,
        "hardly anything was sent: this proves nothing"
    );
    for (id, bytes) in &kept {
        assert!(vault.client().content(id).await == *bytes, "{id} is lost");
    }
    let photo = vault
        .client()
        .upload_fixture(&fixtures::named("photos/harbour.jpg"))
        .await;
    let seen = vault.client().settled(photo.id()).await;
    assert_eq!(seen["status"], "ready", "{seen:#}");
}

/// Waits until an upload is refused as it should be, and readiness says why.
async fn refused(vault: &Vault) {
    let answer = vault.client().send_file("during.bin", vec![3; 100_000]);
    let answer = answer.await.expect("an answer");
    assert_eq!(answer.status(), 503, "{answer:?}");
    assert!(answer.headers().contains_key("retry-after"), "{answer:?}");
    let problem: serde_json::Value = answer.json().await.expect("JSON");
    assert_eq!(problem["code"], "unavailable");
    assert_eq!(ready(vault).await, 503);
}

async fn ready(vault: &Vault) -> u16 {
    let ready = vault.stranger().request(Method::GET, "/health/ready");
    ready.send().await.expect("an answer").status().as_u16()
}

/// Uploads files of its own until it is over; those that were acknowledged.
async fn send_until(over: Arc<AtomicBool>, client: Client, seed: u64) -> Vec<(String, Vec<u8>)> {
    let chance = SeededEntropy::new(seed);
    let mut kept = Vec::new();
    while !over.load(Ordering::SeqCst) {
        let mut bytes = vec![0; 60_000];
        chance.fill(&mut bytes);
        let answer = client.send_file("some.bin", bytes.clone()).await;
        let answer = answer.expect("the vault answers all the time");
        match answer.status().as_u16() {
            201 => {
                let body: serde_json::Value = answer.json().await.expect("JSON");
                let id = body["asset"]["id"].as_str().expect("an id").to_owned();
                kept.push((id, bytes));
            }
            503 => tokio::time::sleep(GLANCE).await,
            other => panic!("{other}: {:?}", answer.text().await),
        }
    }
    kept
}
