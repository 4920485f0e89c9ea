//! What was acknowledged survives SIGKILL, whenever it comes; nothing else is left behind, and no work is
//! lost or shows twice.
//!
//! `MEDIAVAULT_TEST_KILLS` and `MEDIAVAULT_TEST_CLIENTS` make it longer; the last line it prints is a row of
//! figures for whoever collects them.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::time::Duration;

use domain::{Entropy as _, SeededEntropy, Sha256};
use serde_json::Value;
use testkit::{Client, Database, Vault, fixtures};
use tokio::sync::Notify;

use crate::faketime::{self, LATER};
use crate::{on_each_database, vault};

on_each_database!(nothing_acknowledged_is_lost);

/// Latest moment of a kill in milliseconds, counted from the beginning of a round, or from what was first
/// acknowledged in it.
const LATEST: u64 = 700;

/// An upload that was answered with success.
struct Kept {
    id: String,
    sha256: Sha256,
}

/// What clients know when the vault is gone.
#[derive(Default)]
struct Told {
    kept: Vec<Kept>,
    /// Sent, and not answered in full: either outcome is right.
    in_flight: Vec<Sha256>,
}

async fn nothing_acknowledged_is_lost(database: Database) {
    let kills = given("MEDIAVAULT_TEST_KILLS").unwrap_or(12);
    let clients = given("MEDIAVAULT_TEST_CLIENTS").unwrap_or(4);
    let seed = given("MEDIAVAULT_TEST_SEED")
        .unwrap_or_else(|| RandomState::new().hash_one(std::process::id()));
    println!("repeat with MEDIAVAULT_TEST_SEED={seed}");
    let chance = SeededEntropy::new(seed);

    let mut vault = vault().database(database).start().await;
    let client = vault.keyed().await;
    let mut told = Told::default();
    for round in 0..kills {
        let begun = round % 2 == 0;
        let fresh = uploads_until_killed(&mut vault, &client, clients, begun, &chance).await;
        vault.restart().await;
        for one in &fresh.kept {
            let found = digest(&client, one).await;
            assert_eq!(found, one.sha256, "lost in round {round} (seed {seed})");
        }
        told.kept.extend(fresh.kept);
        told.in_flight.extend(fresh.in_flight);
    }
    let acknowledged = told.kept.len();
    assert!(
        u64::try_from(acknowledged).expect("few") >= kills / 2,
        "hardly anything was uploaded: this proves nothing"
    );
    for one in &told.kept {
        let found = digest(&client, one).await;
        assert_eq!(found, one.sha256, "lost later (seed {seed})");
    }
    let unanswered = only_what_was_sent(&client, &told).await;
    every_job_ended_once(&client, &told).await;
    let orphans = swept(&mut vault).await;
    println!(
        "figures: {database:?}: {kills} kills, {acknowledged} uploads acknowledged, {unanswered} kept unanswered, \
         0 lost, {orphans} orphans after the sweep, 0 doubles"
    );
    assert_eq!(orphans, 0, "seed {seed}");
}

/// A number in the environment.
fn given(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().expect(name))
}

/// One round: clients upload until the vault is killed under them, with `begun` not before one was answered.
async fn uploads_until_killed(
    vault: &mut Vault,
    client: &Client,
    clients: u64,
    begun: bool,
    chance: &SeededEntropy,
) -> Told {
    let first = Arc::new(Notify::new());
    let clients: Vec<_> = (0..clients)
        .map(|_| {
            tokio::spawn(upload_until_refused(
                client.clone(),
                Arc::clone(&first),
                SeededEntropy::new(number(chance)),
            ))
        })
        .collect();
    if begun {
        first.notified().await;
    }
    tokio::time::sleep(Duration::from_millis(number(chance) % LATEST)).await;
    vault.kill();
    let mut told = Told::default();
    for client in clients {
        let one = client.await.expect("a client ends by itself");
        told.kept.extend(one.kept);
        told.in_flight.extend(one.in_flight);
    }
    told
}

/// Uploads files of its own, one after the other, until nobody answers any more.
async fn upload_until_refused(
    client: Client,
    answered: Arc<Notify>,
    chance: SeededEntropy,
) -> Told {
    let photo = fixtures::named("photos/daisy.jpg").bytes();
    let mut told = Told::default();
    loop {
        // Half of them are photographs with something behind the end, so that workers are busy too.
        let mut bytes = if number(&chance).is_multiple_of(2) {
            photo.clone()
        } else {
            Vec::new()
        };
        let mut tail = vec![0; 16 + usize::try_from(number(&chance) % 400_000).expect("small")];
        chance.fill(&mut tail);
        bytes.extend(tail);
        let sha256 = Sha256::of(&bytes);
        let Some(id) = acknowledged(&client, bytes).await else {
            told.in_flight.push(sha256);
            return told;
        };
        told.kept.push(Kept { id, sha256 });
        answered.notify_one();
    }
}

/// The id of the new asset. Acknowledged is what was answered in full.
async fn acknowledged(client: &Client, bytes: Vec<u8>) -> Option<String> {
    let answer = client.send_file("file.jpg", bytes).await.ok()?;
    assert_eq!(answer.status(), 201);
    let body: Value = answer.json().await.ok()?;
    Some(body["asset"]["id"].as_str().expect("an id").to_owned())
}

/// The library holds what was acknowledged, each once, and beside it only what was under way; how much of that.
async fn only_what_was_sent(client: &Client, told: &Told) -> usize {
    let mut there: BTreeMap<String, String> = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("/assets?limit=200{cursor}")).await;
        for asset in page["items"].as_array().expect("items") {
            let text = |field: &str| asset[field].as_str().expect("a text").to_owned();
            let before = there.insert(text("sha256"), text("id"));
            assert_eq!(before, None, "the same bytes are there twice");
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    for one in &told.kept {
        assert_eq!(
            there.remove(&one.sha256.to_string()).as_deref(),
            Some(one.id.as_str())
        );
    }
    let in_flight: BTreeSet<String> = told.in_flight.iter().map(Sha256::to_string).collect();
    for sha256 in there.keys() {
        assert!(in_flight.contains(sha256), "nobody sent {sha256}");
    }
    there.len()
}

/// Nothing waits or was put aside, every asset has come to an end, with one version and each step once.
async fn every_job_ended_once(client: &Client, told: &Told) {
    for one in &told.kept {
        client.settled(&one.id).await;
        let versions = client.get(&format!("/assets/{}/versions", one.id)).await;
        assert_eq!(versions["items"].as_array().map(Vec::len), Some(1));
        let steps = client.get(&format!("/assets/{}/steps", one.id)).await;
        let steps = steps["items"].as_array().expect("steps");
        let names: BTreeSet<&str> = steps
            .iter()
            .filter_map(|step| step["name"].as_str())
            .collect();
        assert_eq!(names.len(), steps.len(), "{steps:#?}");
    }
    let jobs = client.get("/jobs").await;
    for state in ["waiting", "running", "dead"] {
        assert_eq!(jobs["counts"][state], 0, "{jobs:#}");
    }
}

/// Starts once more when every grace is over, and counts what lies there that nobody knows.
async fn swept(vault: &mut Vault) -> usize {
    assert!(vault.stop().await, "{}", vault.log());
    for (name, value) in faketime::shifted(LATER) {
        vault.set_env(&name, value);
    }
    vault.restart().await;
    assert!(vault.stop().await, "{}", vault.log());
    let verified = vault
        .command(&["verify", "--json"])
        .output()
        .expect("it runs");
    let lines = crate::cli::lines(&verified);
    let summary = &lines.last().expect("a summary")["summary"];
    assert!(verified.status.success(), "{lines:#?}");
    usize::try_from(summary["orphans"].as_u64().expect("a count")).expect("few")
}

async fn digest(client: &Client, one: &Kept) -> Sha256 {
    Sha256::of(&client.content(&one.id).await)
}

fn number(chance: &SeededEntropy) -> u64 {
    let mut bytes = [0; 8];
    chance.fill(&mut bytes);
    u64::from_le_bytes(bytes)
}
