//! Moving everything to another store, and back.

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use domain::SeededEntropy;
use serde_json::Value;
use testkit::{Database, Vault, fixtures};

use super::{assert_same, flip, noise, number, originals, seed};
use crate::{on_each_database, vault};

on_each_database!(everything_moves_there_and_back, a_killed_move_goes_on);

fn run(vault: &Vault, args: &[&str]) -> Output {
    vault.command(args).output().expect("it runs")
}

fn done(vault: &Vault, args: &[&str]) -> String {
    let output = run(vault, args);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{args:?}: {said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said
}

fn roles(vault: &Vault) -> Vec<(String, u64)> {
    let status: Value =
        serde_json::from_str(&done(vault, &["storage", "status", "--json"])).expect("JSON");
    let stores = status["stores"].as_array().expect("stores");
    let of = |store: &Value| {
        let role = store["role"].as_str().expect("a role").to_owned();
        (role, store["copies"].as_u64().expect("a number"))
    };
    stores.iter().map(of).collect()
}

async fn everything_moves_there_and_back(database: Database) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let new = dir.path().join("new");
    let to = new.to_str().expect("UTF-8");
    let mut vault = vault().database(database).start().await;
    let old = vault.data_dir().join("blobs");
    let photo = fixtures::named("photos/daisy.jpg");
    let id = vault.client().upload_fixture(&photo).await.id().to_owned();
    vault.client().settled(&id).await;
    let running = run(&vault, &["storage", "migrate", "--to", to]);
    assert_eq!(
        running.status.code(),
        Some(3),
        "a running vault is not moved"
    );
    assert!(vault.stop().await);

    let said = done(&vault, &["storage", "migrate", "--to", to, "--dry-run"]);
    assert!(said.contains("1 files"), "{said}");
    assert!(!new.exists(), "a dry run writes nothing");
    let said = done(&vault, &["storage", "migrate", "--to", to]);
    assert!(said.contains("store_url"), "{said}");
    assert_same(&old, &new);
    assert!(new.join("derived").exists());
    assert_eq!(
        roles(&vault),
        [("primary".to_owned(), 1), ("former".to_owned(), 1)]
    );

    // The vault works from the new store, whatever the old one still holds.
    for object in originals(&old) {
        flip(&old.join(object), 77);
    }
    vault.restart().await;
    let client = vault.client();
    assert_eq!(client.content(&id).await, photo.bytes());
    let late = fixtures::named("photos/summit.jpg");
    let later = client.upload_fixture(&late).await.id().to_owned();
    assert_eq!(originals(&new).len(), 2);
    assert_eq!(originals(&old).len(), 1);
    assert!(vault.stop().await);

    // Back, with what came in since. What the old store has was sound when it was left.
    for object in originals(&old) {
        flip(&old.join(object), 77);
    }
    done(&vault, &["storage", "rollback"]);
    assert_same(&old, &new);
    assert_eq!(
        roles(&vault),
        [("primary".to_owned(), 2), ("former".to_owned(), 2)]
    );
    vault.restart().await;
    assert_eq!(vault.client().content(&id).await, photo.bytes());
    assert_eq!(vault.client().content(&later).await, late.bytes());
    assert!(vault.stop().await);
    done(&vault, &["storage", "prune"]);
    assert_eq!(originals(&new), [""; 0].map(Path::new));
    assert!(!new.join("keyring.json").exists());
    assert_eq!(run(&vault, &["storage", "prune"]).status.code(), Some(2));
    assert_eq!(run(&vault, &["verify"]).status.code(), Some(0));
}

async fn a_killed_move_goes_on(database: Database) {
    let chance = SeededEntropy::new(seed());
    let dir = tempfile::tempdir().expect("a temporary directory");
    let new = dir.path().join("new");
    let to = new.to_str().expect("UTF-8");
    let mut vault = vault().database(database).start().await;
    let old = vault.data_dir().join("blobs");
    let mut kept = Vec::new();
    for _ in 0..12 {
        let bytes = noise(&chance, 1_500_000);
        let uploaded = vault.client().upload("noise.bin", bytes.clone()).await;
        kept.push((uploaded.id().to_owned(), bytes));
    }
    assert!(vault.stop().await);
    for _ in 0..5 {
        let mut moving = vault
            .command(&["storage", "migrate", "--to", to])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        tokio::time::sleep(Duration::from_millis(100 + number(&chance) % 900)).await;
        moving.kill().expect("SIGKILL");
        moving.wait().expect("the killed process");
        for object in originals(&new) {
            let same = std::fs::read(old.join(&object)).expect("the original")
                == std::fs::read(new.join(&object)).expect("the copy");
            assert!(same, "half a copy: {}", object.display());
        }
    }
    // It may have come through before a kill: then there is nothing to move any more.
    let last = run(&vault, &["storage", "migrate", "--to", to]);
    assert!(matches!(last.status.code(), Some(0 | 2)), "{last:?}");
    assert_same(&old, &new);
    vault.restart().await;
    std::fs::remove_dir_all(&old).expect("nothing is read from there");
    for (id, bytes) in kept {
        assert!(vault.client().content(&id).await == bytes, "{id}");
    }
}

#[tokio::test]
async fn what_is_damaged_is_not_moved_and_nothing_is_switched() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let new = dir.path().join("new");
    let to = new.to_str().expect("UTF-8");
    let mut vault = vault().start().await;
    let old = vault.data_dir().join("blobs");
    for photo in ["photos/daisy.jpg", "photos/summit.jpg"] {
        let photo = fixtures::named(photo);
        vault.client().upload_fixture(&photo).await;
    }
    assert!(vault.stop().await);
    let hurt = old.join(&originals(&old)[0]);
    flip(&hurt, 1000);
    let moved = run(&vault, &["storage", "migrate", "--to", to]);
    assert_eq!(moved.status.code(), Some(1), "{moved:?}");
    let said = String::from_utf8_lossy(&moved.stdout);
    assert!(
        said.contains("1 failed") && said.contains("Nothing was switched"),
        "{said}"
    );
    assert_eq!(originals(&new).len(), 1);
    assert_eq!(
        roles(&vault),
        [("primary".to_owned(), 2), ("next".to_owned(), 1)]
    );
    flip(&hurt, 1000);
    done(&vault, &["storage", "migrate", "--to", to]);
    assert_same(&old, &new);
}
