//! The primary's disk is dead: a fresh one in its place, and everything is there again.

use testkit::{Database, fixtures};

use super::{Pair, assert_same, until};
use crate::on_each_database;

on_each_database!(a_dead_disk_is_begun_anew_from_the_replica);

async fn a_dead_disk_is_begun_anew_from_the_replica(database: Database) {
    let mut pair = Pair::start(database).await;
    let photos = ["photos/harbour.jpg", "photos/daisy.jpg"].map(fixtures::named);
    let mut ids = Vec::new();
    for photo in &photos {
        let uploaded = pair.vault.client().upload_fixture(photo).await;
        pair.vault.client().settled(uploaded.id()).await;
        ids.push(uploaded.id().to_owned());
    }
    pair.in_step().await;
    assert!(pair.vault.stop().await);
    std::fs::remove_dir_all(pair.primary()).expect("the disk dies");

    // An empty disk is never taken for the vault's.
    let refused = pair.vault.command(&["storage", "status"]).output();
    let refused = refused.expect("it runs");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success(), "{said}");
    assert!(said.contains("mediavault storage restore"), "{said}");

    let restored = pair.vault.command(&["storage", "restore"]).output();
    let restored = restored.expect("it runs");
    let said = String::from_utf8_lossy(&restored.stdout);
    assert!(
        restored.status.success() && said.contains("2 files"),
        "{restored:?}"
    );
    pair.vault.restart().await;
    let client = pair.vault.client();
    for (id, photo) in ids.iter().zip(&photos) {
        assert_eq!(client.content(id).await, photo.bytes());
    }
    until(client, |integrity| {
        super::store(integrity, "primary")["missing"] == 0 && integrity["open_findings"] == 0
    })
    .await;
    assert_same(&pair.primary(), &pair.replica);
    // The keys are the old ones: what comes now is read later.
    let late = fixtures::named("photos/summit.jpg");
    let id = client.upload_fixture(&late).await.id().to_owned();
    pair.in_step().await;
    pair.vault.restart().await;
    assert_eq!(pair.vault.client().content(&id).await, late.bytes());
}
