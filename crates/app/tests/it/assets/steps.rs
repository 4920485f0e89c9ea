//! The step list: what ran, and how it is stopped and asked for again.

use reqwest::Method;
use serde_json::json;
use testkit::{Database, fixtures};

use crate::{on_each_database, vault};

on_each_database!(steps_tell_what_ran, a_vanished_picture_is_made_again);

async fn steps_tell_what_ran(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let good = client
        .upload_fixture(&fixtures::named("photos/sunflower.jpg"))
        .await;
    client.settled(good.id()).await;
    let path = format!("/assets/{}/steps", good.id());
    let steps = client.get(&path).await;
    let step = &steps["items"][0];
    assert_eq!(
        (&step["name"], &step["state"], &step["attempts"]),
        (&json!("picture"), &json!("done"), &json!(1))
    );
    assert!(step["duration_ms"].is_i64() && step["finished_at"].is_string());
    for verb in ["retry", "cancel"] {
        let request = client.request(Method::POST, &format!("{path}/picture/{verb}"));
        assert_eq!(client.refused(request, 409).await["code"], "wrong_state");
        let request = client.request(Method::POST, &format!("{path}/nothing/{verb}"));
        client.refused(request, 404).await;
    }

    let bad = client
        .upload_fixture(&fixtures::named("hostile/bomb.png"))
        .await;
    let asset = client.settled(bad.id()).await;
    assert_eq!(asset["status"], "failed");
    let path = format!("/assets/{}/steps/picture/retry", bad.id());
    client.post(&path, &json!({}), 202).await;
    let again = client.settled(bad.id()).await;
    assert_eq!(again["problems"][0]["code"], "too_large");
    assert_eq!(client.get("/jobs").await["counts"]["dead"], 0);
}

async fn a_vanished_picture_is_made_again(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let uploaded = client
        .upload_fixture(&fixtures::named("photos/clearing.jpg"))
        .await;
    let asset = client.settled(uploaded.id()).await;
    std::fs::remove_dir_all(vault.data_dir().join("blobs/derived")).expect("derived files");
    let url = asset["renditions"]["thumb"]["url"].as_str().expect("a URL");
    let path = url.strip_prefix("/api/v1").expect("of the API");
    let answer = client
        .request(Method::GET, path)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    client
        .until(uploaded.id(), |asset| asset["status"] == "ready")
        .await;
    let steps = client
        .get(&format!("/assets/{}/steps", uploaded.id()))
        .await;
    assert_eq!(steps["items"][0]["state"], "done");
    let answer = client
        .request(Method::GET, path)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
}
