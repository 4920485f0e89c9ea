//! What a clumsy or hostile client, or a failing disk, does to a running vault: it answers plainly,
//! stays up, and gives nothing away.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use testkit::{Client, Database};

use crate::{on_each_database, vault};

on_each_database!(
    a_search_of_thousands_of_words_is_refused,
    a_link_to_what_was_thrown_away_leads_nowhere,
    bad_metadata_costs_its_own_file_only,
    an_event_stream_ends_with_its_session,
);

async fn a_search_of_thousands_of_words_is_refused(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    for term in ["a ", "tag:x ", "-camera "] {
        let search = client
            .request(Method::GET, "/assets")
            .query(&[("q", term.repeat(3000))]);
        let problem = client.refused(search, 400).await;
        assert_eq!(problem["field"], "q", "{problem}");
    }
}

async fn a_link_to_what_was_thrown_away_leads_nowhere(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let uploaded = client
        .upload("note.txt", b"shared by mistake".to_vec())
        .await;
    let asset = format!("/assets/{}", uploaded.id());
    let wish = json!({"target": "content", "expires_in": 600});
    let made = client.post(&format!("{asset}/url"), &wish, 200).await;
    let link = made["url"].as_str().expect("a URL");
    let (_, link) = link.split_once("/api/v1").expect("one of the API");
    let stranger = vault.stranger();
    assert_eq!(status(&stranger, link).await, 200);

    client.delete(&asset).await;
    assert_eq!(status(&stranger, link).await, 404);
    assert_eq!(status(client, &format!("{asset}/content")).await, 200);

    client
        .post(&format!("{asset}/restore"), &json!({}), 200)
        .await;
    assert_eq!(status(&stranger, link).await, 200);
}

async fn bad_metadata_costs_its_own_file_only(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let file = |name: &str| Part::text(format!("bytes of {name}")).file_name(name.to_owned());
    let form = Form::new()
        .part("file", file("first.txt"))
        .text("metadata", "{\"title\":")
        .part("file", file("second.txt"))
        .part("file", file("third.txt"));
    let answer = client
        .request(Method::POST, "/assets")
        .multipart(form)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
    let answer: Value = answer.json().await.expect("JSON");
    let results = answer["results"].as_array().expect("results");
    let stored: Vec<_> = results
        .iter()
        .map(|item| item["asset"].is_object())
        .collect();
    assert_eq!(stored, [true, false, true], "{answer:#}");
    assert_eq!(results[1]["problem"]["field"], "metadata");

    let alone = Form::new()
        .text("metadata", "[")
        .part("file", file("fourth.txt"));
    let request = client.request(Method::POST, "/assets").multipart(alone);
    assert_eq!(client.refused(request, 400).await["field"], "metadata");
}

async fn an_event_stream_ends_with_its_session(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let key = client
        .post("/me/keys", &json!({"name": "stays"}), 201)
        .await;
    let other = client.with_token(key["key"].as_str().expect("a key"));
    let stream = client.request(Method::GET, "/events").send().await;
    let mut stream = stream.expect("an answer");
    assert_eq!(stream.status(), 200);

    client.post("/auth/logout", &json!({}), 204).await;
    other
        .upload("note.txt", b"not for those who left".to_vec())
        .await;
    let mut heard = String::new();
    while let Some(chunk) = stream.chunk().await.expect("the stream") {
        heard.push_str(&String::from_utf8_lossy(&chunk));
    }
    assert!(!heard.contains("asset.created"), "{heard}");
}

#[tokio::test]
async fn bytes_that_are_gone_are_a_problem_and_not_a_broken_connection() {
    let vault = vault().start().await;
    let client = vault.client();
    let uploaded = client.upload("note.txt", b"soon gone".to_vec()).await;
    let digest = uploaded.asset["sha256"].as_str().expect("a digest");
    let object = object(&vault.data_dir().join("blobs"), digest).expect("its object");
    std::fs::remove_file(object).expect("removed");

    let content = format!("/assets/{}/content", uploaded.id());
    let problem = client
        .refused(client.request(Method::GET, &content), 500)
        .await;
    assert_eq!(problem["code"], "internal");
    assert_eq!(status(client, "/me").await, 200);
}

#[tokio::test]
async fn an_array_is_not_taken_for_an_object() {
    let vault = vault().start().await;
    let client = vault.client();
    let uploaded = client.upload("note.txt", b"untitled".to_vec()).await;
    let asset = format!("/assets/{}", uploaded.id());
    let list = json!(["title", null, null, null, null, null]);
    let request = client.request(Method::PATCH, &asset).json(&list);
    assert_eq!(client.refused(request, 400).await["code"], "invalid_body");
    assert_eq!(client.asset(uploaded.id()).await["title"], Value::Null);
}

#[tokio::test]
async fn a_fresh_data_directory_is_its_owners_alone() {
    let room = tempfile::tempdir().expect("a directory");
    let dir = room.path().join("vault");
    drop(catalog::DataDirLock::acquire(&dir).expect("the lock"));
    let mode = std::fs::metadata(&dir)
        .expect("the directory")
        .permissions();
    assert_eq!(mode.mode() & 0o777, 0o700);
}

async fn status(client: &Client, path: &str) -> u16 {
    let answer = client.request(Method::GET, path).send().await;
    answer.expect("an answer").status().as_u16()
}

/// The stored object of the bytes with `digest`.
fn object(dir: &Path, digest: &str) -> Option<PathBuf> {
    std::fs::read_dir(dir).ok()?.find_map(|entry| {
        let path = entry.ok()?.path();
        if path.is_dir() {
            return object(&path, digest);
        }
        let name = path.file_name()?.to_string_lossy();
        name.starts_with(digest).then_some(path.clone())
    })
}
