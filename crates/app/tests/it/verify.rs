//! `mediavault verify` finds what happened to stored bytes behind the vault's back.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use testkit::{Database, Vault, fixtures};

use crate::{on_each_database, vault};

on_each_database!(lost_bytes_that_come_again_are_looked_at_again);

/// Every file of the store that holds a blob.
fn objects(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(objects(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn object_of(vault: &Vault, photo: &str) -> PathBuf {
    let digest = fixtures::named(photo).sha256.to_string();
    let named = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(&digest))
    };
    objects(&vault.data_dir().join("blobs"))
        .into_iter()
        .find(named)
        .expect("the object")
}

fn verify(vault: &Vault) -> (Option<i32>, Vec<Value>) {
    let output = vault
        .command(&["verify", "--json"])
        .output()
        .expect("the program runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    (output.status.code(), lines)
}

#[tokio::test]
async fn a_flipped_bit_a_missing_and_a_stray_object_are_found() {
    let photos = [
        "photos/harbour.jpg",
        "photos/daisy.jpg",
        "photos/summit.jpg",
    ];
    let mut vault = vault().start().await;
    let mut ids = Vec::new();
    for photo in photos {
        let uploaded = vault.client().upload_fixture(&fixtures::named(photo)).await;
        vault.client().settled(uploaded.id()).await;
        ids.push(uploaded.id().to_owned());
    }
    assert!(vault.stop().await);
    let (code, lines) = verify(&vault);
    assert_eq!(code, Some(0), "{lines:?}");
    assert_eq!(lines[0]["summary"]["sound"], 3);

    let flipped = object_of(&vault, photos[0]);
    let mut bytes = std::fs::read(&flipped).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&flipped, bytes).expect("written");
    let missing = object_of(&vault, photos[1]);
    let stray = missing.with_file_name("stray");
    std::fs::rename(&missing, &stray).expect("moved");

    let (code, lines) = verify(&vault);
    assert_eq!(code, Some(1));
    let found = |what: &str| lines.iter().filter(|line| line["finding"] == what).count();
    assert_eq!(
        (found("flipped"), found("missing"), found("orphan")),
        (1, 1, 1),
        "{lines:#?}"
    );

    // What is damaged is never served as if it were whole; what is sound still is.
    vault.restart().await;
    let harbour = vault
        .client()
        .request(reqwest::Method::GET, &format!("/assets/{}/content", ids[0]));
    let answer = harbour.send().await.expect("an answer");
    assert!(
        !answer.status().is_success() || answer.bytes().await.is_err(),
        "damaged bytes were served"
    );
    assert_eq!(
        vault.client().content(&ids[2]).await,
        fixtures::named(photos[2]).bytes()
    );
}

async fn lost_bytes_that_come_again_are_looked_at_again(database: Database) {
    const PHOTO: &str = "photos/daisy.jpg";
    let fixture = fixtures::named(PHOTO);
    let builder = vault().database(database);
    let mut vault = builder.env("MEDIAVAULT_MAX_ATTEMPTS", "1").start().await;
    let id = vault
        .client()
        .upload_fixture(&fixture)
        .await
        .id()
        .to_owned();
    let asset = vault.client().settled(&id).await;
    assert!(vault.stop().await);
    std::fs::remove_file(object_of(&vault, PHOTO)).expect("the original is lost");
    std::fs::remove_dir_all(vault.data_dir().join("blobs/derived")).expect("derived files");
    let (code, lines) = verify(&vault);
    assert_eq!(code, Some(1), "{lines:?}");

    // Its picture is asked for, and cannot be made.
    vault.restart().await;
    let client = vault.client();
    let thumb = asset["renditions"]["thumb"]["url"].as_str().expect("a URL");
    let answer = client.request(reqwest::Method::GET, thumb).send().await;
    assert_eq!(answer.expect("an answer").status(), 503);
    let failed = |asset: &Value| asset["problems"][0]["code"] == "unavailable";
    let failing = |asset: &Value| failed(asset) && asset["status"] != "processing";
    client.until(&id, failing).await;

    let again = client.upload_fixture(&fixture).await;
    assert!(again.duplicate && again.id() == id);
    let whole = |asset: &Value| asset["status"] == "ready" && asset["problems"] == json!([]);
    let healed = client.until(&id, whole).await;
    let thumb = healed["renditions"]["thumb"]["url"]
        .as_str()
        .expect("a URL");
    let answer = client.request(reqwest::Method::GET, thumb).send().await;
    assert_eq!(answer.expect("an answer").status(), 200);
    assert_eq!(client.content(&id).await, fixture.bytes());
    assert!(vault.stop().await);
    let (code, lines) = verify(&vault);
    assert_eq!(code, Some(0), "{lines:?}");
}

#[tokio::test]
async fn a_doctor_sees_a_running_vault_and_its_store() {
    let vault = vault().start().await;
    let output = vault
        .command(&["doctor", "--json"])
        .output()
        .expect("the program runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let of = |subject: &str| {
        lines
            .iter()
            .find(|line| line["subject"] == subject)
            .expect("a finding")
            .clone()
    };
    assert_eq!(of("vault")["found"], "running and ready");
    assert_eq!(of("database")["verdict"], "fine");
    assert_eq!(of("disk")["verdict"], "fine");
}
