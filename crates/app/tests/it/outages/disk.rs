//! The disk is full, or has become read-only. What lies on it is a small file system in memory that only the vault
//! sees, in a user namespace of its own, so that the test needs no rights.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::json;
use testkit::{Database, Vault};

use super::load::{self, Load};
use super::vault;
use crate::on_each_database;

on_each_database!(
    a_full_disk_refuses_and_recovers,
    a_read_only_disk_refuses_and_recovers
);

/// Mounts a file system at `$DISK` and becomes the vault.
const SMALL_DISK: &str =
    "mkdir -p \"$DISK\" && mount -t tmpfs -o size=48m tmpfs \"$DISK\" && exec \"$0\" \"$@\"";

/// A vault with this part of its data directory on a small disk: all of it, or `blobs`.
async fn on_a_small_disk(database: Database, part: &str) -> Vault {
    let script = SMALL_DISK.replace("$DISK", &format!("$MEDIAVAULT_DATA_DIR/{part}"));
    let wrapper = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        &script,
    ];
    vault()
        .database(database)
        .within(&wrapper)
        .env("MEDIAVAULT_MIN_FREE_SPACE", "4MiB")
        .start()
        .await
}

/// The small disk as this process can reach it.
fn disk(vault: &Vault) -> PathBuf {
    let pid = vault.pid().expect("it runs");
    let dir = vault.data_dir().to_str().expect("UTF-8");
    PathBuf::from(format!("/proc/{pid}/root{dir}"))
}

async fn a_full_disk_refuses_and_recovers(database: Database) {
    let vault = on_a_small_disk(database, "").await;
    let client = vault.client();
    let load = Load::begin(client, 2, &[503, 507]);
    load::some_uploads(client, 3).await;
    let ballast = disk(&vault).join("ballast");
    fill(&ballast);
    load::ready(&vault, 503).await;

    let first = client.get("/assets?limit=1").await;
    let id = first["items"][0]["id"]
        .as_str()
        .expect("an asset")
        .to_owned();
    client.content(&id).await;
    let refused = client
        .send_file("more.bin", vec![7; 1 << 20])
        .await
        .expect("an answer");
    assert_eq!(refused.status(), 507, "{:?}", refused.text().await);

    load.is_refused().await;
    fs::remove_file(&ballast).expect("room again");
    load::ready(&vault, 200).await;
    load::some_uploads(client, 3).await;
    client
        .patch(&format!("/assets/{id}"), &json!({"title": "There is room"}))
        .await;
    let told = load.end().await;
    load::all_there(client, &told).await;
}

/// Writes until nothing goes any more.
fn fill(path: &std::path::Path) {
    use std::io::Write as _;
    let mut file = fs::File::create(path).expect("a file");
    for size in [1 << 20, 1 << 12] {
        let piece = vec![0; size];
        while file.write_all(&piece).is_ok() {}
    }
}

/// Such as a share of a server that has lost its own disk: objects cannot be written, rows can.
async fn a_read_only_disk_refuses_and_recovers(database: Database) {
    let vault = on_a_small_disk(database, "blobs").await;
    let client = vault.client();
    let before = Load::begin(client, 2, &[]);
    load::some_uploads(client, 3).await;
    let before = before.end().await;
    load::all_there(client, &before).await;
    remount(&vault, "ro");
    let refused = client
        .send_file("more.bin", vec![7; 1 << 20])
        .await
        .expect("an answer");
    assert_eq!(refused.status(), 503, "{:?}", refused.text().await);
    assert!(refused.headers().contains_key("retry-after"));
    load::ready(&vault, 503).await;
    load::all_there(client, &before).await;
    remount(&vault, "rw");
    load::ready(&vault, 200).await;
    let after = Load::begin(client, 2, &[]);
    load::some_uploads(client, 3).await;
    load::all_there(client, &after.end().await).await;
}

fn remount(vault: &Vault, how: &str) {
    let pid = vault.pid().expect("it runs").to_string();
    let done = Command::new("nsenter")
        .args(["-t", &pid, "-U", "--preserve-credentials", "-m", "--"])
        .args(["mount", "-o", &format!("remount,{how},size=48m")])
        .arg(vault.data_dir().join("blobs"))
        .output()
        .expect("nsenter runs");
    assert!(done.status.success(), "{done:?}");
}
