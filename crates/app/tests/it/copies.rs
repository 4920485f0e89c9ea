//! No byte is lost to a bad disk: a replica that follows, readings that find damage, repairs, and moves
//! from one store to another.

mod damage;
mod lost;
mod migrate;
mod replica;

use std::path::{Path, PathBuf};
use std::time::Instant;

use domain::{Entropy as _, SeededEntropy};
use serde_json::{Value, json};
use testkit::{Client, Database, GLANCE, PATIENCE, Vault, VaultBuilder};

/// A vault with a replica in a folder of its own.
struct Pair {
    vault: Vault,
    replica: PathBuf,
    /// Kept for its drop.
    _dir: tempfile::TempDir,
}

impl Pair {
    async fn start(database: Database) -> Self {
        Self::with(database, |builder| builder).await
    }

    async fn with(database: Database, settings: impl FnOnce(VaultBuilder) -> VaultBuilder) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let replica = dir.path().join("replica");
        let builder = crate::vault()
            .database(database)
            .env("MEDIAVAULT_REPLICA_URL", replica.to_str().expect("UTF-8"));
        Self {
            vault: settings(builder).start().await,
            replica,
            _dir: dir,
        }
    }

    fn primary(&self) -> PathBuf {
        self.vault.data_dir().join("blobs")
    }

    /// Waits until the replica has everything.
    async fn in_step(&self) {
        until(self.vault.client(), |integrity| {
            store(integrity, "replica")["behind"]["count"] == 0
                && store(integrity, "replica")["copies"] == store(integrity, "primary")["copies"]
        })
        .await;
    }

    /// Has everything read again, and gives how that ended.
    async fn checked(&self) -> Value {
        let client = self.vault.client();
        let run = client.post("/system/verify", &json!({}), 202).await;
        let done = |integrity: &Value| {
            integrity["check"]["id"] == run["id"] && integrity["check"]["state"] == "done"
        };
        until(client, done).await["check"].clone()
    }
}

fn store<'a>(integrity: &'a Value, role: &str) -> &'a Value {
    let stores = integrity["stores"].as_array().expect("stores");
    let found = stores.iter().find(|store| store["role"] == role);
    found.unwrap_or_else(|| panic!("no {role} in {integrity:#}"))
}

/// How the copies are once `done` says so; panics when that never happens.
async fn until(client: &Client, done: impl Fn(&Value) -> bool) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let integrity = client.get("/system/integrity").await;
        if done(&integrity) {
            return integrity;
        }
        assert!(Instant::now() < deadline, "never came to be: {integrity:#}");
        tokio::time::sleep(GLANCE).await;
    }
}

async fn findings(client: &Client) -> Vec<Value> {
    let page = client.get("/system/integrity/findings").await;
    page["items"].as_array().expect("items").clone()
}

/// The objects of a store that hold originals, by their path below it, sorted.
fn originals(root: &Path) -> Vec<PathBuf> {
    fn walk(root: &Path, dir: &Path, found: &mut Vec<PathBuf>) {
        let Ok(entries) = std::fs::read_dir(dir) else {
            return;
        };
        for entry in entries {
            let path = entry.expect("an entry").path();
            let below = path.strip_prefix(root).expect("below").to_owned();
            if below.starts_with("derived") || below.starts_with("staging") {
                continue;
            }
            if path.is_dir() {
                walk(root, &path, found);
            } else if path.extension().is_none_or(|ending| ending != "json") {
                found.push(below);
            }
        }
    }
    let mut found = Vec::new();
    walk(root, root, &mut found);
    found.sort();
    found
}

/// Every original in the one store, and the keys, lie in the other byte for byte.
fn assert_same(one: &Path, other: &Path) {
    assert_eq!(originals(one), originals(other));
    for object in originals(one) {
        let same = std::fs::read(one.join(&object)).expect("one")
            == std::fs::read(other.join(&object)).expect("other");
        assert!(same, "{} differs", object.display());
    }
    let ring = |root: &Path| std::fs::read(root.join("keyring.json")).expect("a key ring");
    assert_eq!(ring(one), ring(other));
}

fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).expect("read");
    let at = at % bytes.len();
    bytes[at] ^= 1;
    std::fs::write(path, bytes).expect("written");
}

/// Bytes of no particular type, which no decoder is busy with.
fn noise(chance: &SeededEntropy, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    chance.fill(&mut bytes);
    bytes
}

fn number(chance: &SeededEntropy) -> u64 {
    let mut bytes = [0; 8];
    chance.fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// A seed, told so that a failure can be repeated.
fn seed() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    let given = std::env::var("MEDIAVAULT_TEST_SEED").ok();
    let given = given.and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| RandomState::new().hash_one(std::process::id()));
    println!("repeat with MEDIAVAULT_TEST_SEED={seed}");
    seed
}
