//! The replica follows, is never waited for, and catches up.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use domain::SeededEntropy;
use serde_json::Value;
use testkit::{Database, fixtures};

use super::{Pair, assert_same, noise, number, originals, seed, store, until};
use crate::{on_each_database, vault};

on_each_database!(
    everything_comes_to_the_replica,
    what_was_there_before_comes_too,
    a_dead_replica_holds_up_nothing_and_is_caught_up_with,
    a_kill_in_the_middle_of_copying_loses_nothing,
);

async fn everything_comes_to_the_replica(database: Database) {
    let pair = Pair::start(database).await;
    let client = pair.vault.client();
    for photo in ["photos/harbour.jpg", "photos/daisy.jpg"] {
        client.upload_fixture(&fixtures::named(photo)).await;
    }
    pair.in_step().await;
    assert_same(&pair.primary(), &pair.replica);
    assert_eq!(originals(&pair.replica).len(), 2);
    let metrics = client.request(reqwest::Method::GET, "/metrics");
    let metrics = metrics.send().await.expect("figures");
    let metrics = metrics.text().await.expect("text");
    for line in [
        "mediavault_replica_behind_blobs 0",
        "mediavault_up{part=\"replica\"} 1",
        "mediavault_findings_open 0",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
}

async fn what_was_there_before_comes_too(database: Database) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let (first, second) = (dir.path().join("first"), dir.path().join("second"));
    let mut vault = vault().database(database).start().await;
    let photo = fixtures::named("photos/daisy.jpg");
    vault.client().upload_fixture(&photo).await;
    for replica in [&first, &second] {
        assert!(vault.stop().await);
        vault.set_env("MEDIAVAULT_REPLICA_URL", replica.to_str().expect("UTF-8"));
        vault.restart().await;
        until(vault.client(), |integrity| {
            originals(replica).len() == 1 && store(integrity, "replica")["copies"] == 1
        })
        .await;
        assert_same(&vault.data_dir().join("blobs"), replica);
    }
    // A folder that is not mounted is not filled anew behind the operator's back.
    assert!(vault.stop().await);
    std::fs::remove_dir_all(&second).expect("removed");
    vault.restart().await;
    let away = until(vault.client(), |integrity| {
        store(integrity, "replica")["away"].is_string()
    })
    .await;
    let why = store(&away, "replica")["away"].as_str().expect("a reason");
    assert!(why.contains("is its disk mounted?"), "{why}");
    assert_eq!(originals(&second).len(), 0);
    assert!(vault.stop().await);
    let renewed = vault.command(&["storage", "new-replica"]).output();
    assert!(renewed.expect("it runs").status.success());
    vault.restart().await;
    until(vault.client(), |integrity| {
        originals(&second).len() == 1 && store(integrity, "replica")["copies"] == 1
    })
    .await;
    assert_same(&vault.data_dir().join("blobs"), &second);
}

async fn a_dead_replica_holds_up_nothing_and_is_caught_up_with(database: Database) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    // No folder can be made below a file.
    let place = dir.path().join("place");
    std::fs::write(&place, "in the way").expect("written");
    let replica = place.join("replica");
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_REPLICA_URL", replica.to_str().expect("UTF-8"))
        .start()
        .await;
    let client = vault.client();
    let photo = fixtures::named("photos/daisy.jpg");
    let id = client.upload_fixture(&photo).await.id().to_owned();
    assert_eq!(client.content(&id).await, photo.bytes());
    let away = until(client, |integrity| {
        store(integrity, "replica")["away"].is_string()
    })
    .await;
    assert_eq!(store(&away, "replica")["behind"]["count"], 1);
    assert_eq!(client.get("/health/ready").await["status"], "degraded");
    let health = client.get("/health/detailed").await;
    let parts = health["parts"].as_array().expect("parts");
    let part = parts.iter().find(|part| part["name"] == "replica");
    assert_eq!(part.expect("the replica")["ready"], false);

    std::fs::remove_file(&place).expect("out of the way");
    until(client, |integrity| {
        let replica = store(integrity, "replica");
        replica["away"].is_null() && replica["behind"]["count"] == 0
    })
    .await;
    assert_same(&vault.data_dir().join("blobs"), &replica);
    assert_eq!(client.get("/health/ready").await["status"], "ok");
}

async fn a_kill_in_the_middle_of_copying_loses_nothing(database: Database) {
    let chance = SeededEntropy::new(seed());
    let mut pair = Pair::with(database, |builder| {
        // Slow enough to be met in the middle.
        builder.env("MEDIAVAULT_REPLICA_RATE", "4 MiB")
    })
    .await;
    let mut kept: Vec<(String, Vec<u8>)> = Vec::new();
    for round in 0..4 {
        for _ in 0..3 {
            let len = 200_000 + usize::try_from(number(&chance) % 3_000_000).expect("small");
            let bytes = noise(&chance, len);
            let uploaded = pair.vault.client().upload("noise.bin", bytes.clone()).await;
            kept.push((uploaded.id().to_owned(), bytes));
        }
        let moment = Duration::from_millis(number(&chance) % 1500);
        tokio::time::sleep(moment).await;
        pair.vault.kill();
        assert_whole_or_absent(&pair.primary(), &pair.replica, round);
        pair.vault.restart().await;
    }
    pair.in_step().await;
    assert_same(&pair.primary(), &pair.replica);
    let check = pair.checked().await;
    assert_eq!(
        (&check["found"], &check["checked"]),
        (&0.into(), &24.into())
    );
    for (id, bytes) in kept {
        assert!(pair.vault.client().content(&id).await == bytes, "{id}");
    }
}

/// What lies in the replica under its name is whole, whenever the vault was killed.
fn assert_whole_or_absent(primary: &Path, replica: &Path, round: usize) {
    for object in originals(replica) {
        let same = std::fs::read(primary.join(&object)).expect("the original")
            == std::fs::read(replica.join(&object)).expect("the copy");
        assert!(same, "half a copy in round {round}: {}", object.display());
    }
}

#[tokio::test]
async fn the_replica_of_another_vault_is_left_alone() {
    let pair = Pair::start(Database::Sqlite).await;
    let photo = fixtures::named("photos/daisy.jpg");
    pair.vault.client().upload_fixture(&photo).await;
    pair.in_step().await;
    let theirs = originals(&pair.replica);
    let other = vault()
        .env(
            "MEDIAVAULT_REPLICA_URL",
            pair.replica.to_str().expect("UTF-8"),
        )
        .start()
        .await;
    let photo = fixtures::named("photos/summit.jpg");
    other.client().upload_fixture(&photo).await;
    let away = until(other.client(), |integrity: &Value| {
        store(integrity, "replica")["away"].is_string()
    })
    .await;
    let why = store(&away, "replica")["away"].as_str().expect("a reason");
    assert!(why.contains("belongs to another vault"), "{why}");
    assert_eq!(originals(&pair.replica), theirs);
}

/// A file system of 2 MiB at a path, for as long as the value lives; `None` where mounting is not
/// permitted, as it is to root only.
struct TinyDisk<'a>(&'a Path);

impl<'a> TinyDisk<'a> {
    fn mount(path: &'a Path) -> Option<Self> {
        std::fs::create_dir_all(path).expect("a mount point");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
            .arg(path)
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then_some(Self(path))
    }
}

impl Drop for TinyDisk<'_> {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(self.0).status();
        assert!(unmounted.is_ok_and(|status| status.success()));
    }
}

#[tokio::test]
async fn a_full_replica_is_told_and_goes_on_when_there_is_room() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let replica = dir.path().join("replica");
    let Some(_disk) = TinyDisk::mount(&replica) else {
        eprintln!("mounting is not permitted here: the full disk was not tried");
        return;
    };
    let ballast = replica.join("ballast");
    std::fs::write(&ballast, vec![7; 1_500_000]).expect("written");
    let vault = vault()
        .env("MEDIAVAULT_REPLICA_URL", replica.to_str().expect("UTF-8"))
        .start()
        .await;
    let chance = SeededEntropy::new(1);
    let client = vault.client();
    let bytes = noise(&chance, 1_000_000);
    let id = client
        .upload("noise.bin", bytes.clone())
        .await
        .id()
        .to_owned();
    let full = until(client, |integrity| {
        store(integrity, "replica")["away"].is_string()
    })
    .await;
    let why = store(&full, "replica")["away"].as_str().expect("a reason");
    assert!(why.contains("full"), "{why}");
    assert_eq!(originals(&replica), [Path::new("ballast")]);
    assert!(client.content(&id).await == bytes);
    std::fs::remove_file(&ballast).expect("room");
    until(client, |integrity| {
        store(integrity, "replica")["copies"] == 1
    })
    .await;
    assert_same(&vault.data_dir().join("blobs"), &replica);
}
