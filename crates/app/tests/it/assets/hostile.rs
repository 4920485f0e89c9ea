//! Hostile files: each costs its own job, is kept, comes back, and says why. Runs on the project's
//! own fixtures, and on a larger collection where `MEDIAVAULT_CORPUS` names one.

use std::path::PathBuf;

use testkit::{Database, Vault, fixtures};

use crate::{on_each_database, vault};

on_each_database!(nothing_hostile_hurts_anything_else);

async fn nothing_hostile_hurts_anything_else(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let mut ids = Vec::new();
    for path in hostile_files() {
        let bytes = std::fs::read(&path).expect("a readable file");
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name");
        let uploaded = client.upload(name, bytes.clone()).await;
        ids.push((name.to_owned(), uploaded.id().to_owned(), bytes));
    }
    for (name, id, bytes) in &ids {
        let asset = client.settled(id).await;
        let told = !asset["problems"].as_array().expect("problems").is_empty();
        let shown = asset["renditions"]
            .as_object()
            .is_some_and(|made| !made.is_empty());
        assert!(
            shown || told,
            "{name} shows nothing and says nothing: {asset:#}"
        );
        assert_eq!(client.content(id).await, *bytes, "{name}");
    }
    still_works(&vault).await;
}

fn hostile_files() -> Vec<PathBuf> {
    let mut files: Vec<_> = fixtures::below("hostile")
        .iter()
        .map(fixtures::Fixture::path)
        .collect();
    if let Some(corpus) = std::env::var_os("MEDIAVAULT_CORPUS") {
        let folder = PathBuf::from(corpus).join("hostile");
        let entries = std::fs::read_dir(&folder).expect("the corpus has a folder hostile");
        files.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    files
}

async fn still_works(vault: &Vault) {
    let client = vault.client();
    let uploaded = client
        .upload_fixture(&fixtures::named("photos/far-range.jpg"))
        .await;
    assert_eq!(client.settled(uploaded.id()).await["status"], "ready");
    let counts = &client.get("/jobs").await["counts"];
    assert_eq!(
        (counts["waiting"].as_u64(), counts["dead"].as_u64()),
        (Some(0), Some(0))
    );
}
