//! What was acknowledged survives SIGKILL, whenever it comes.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use domain::{Entropy as _, SeededEntropy, Sha256};
use serde_json::json;
use testkit::{Client, Vault, fixtures};

use crate::vault;

/// How often the vault is killed.
const KILLS: usize = 20;

/// Clients that upload at the same time.
const CLIENTS: u64 = 4;

/// Latest moment of a kill, counted from the first upload of a round.
const LATEST: u64 = 700;

/// An upload that was answered with success.
struct Kept {
    id: String,
    sha256: Sha256,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost() {
    let given = std::env::var("MEDIAVAULT_TEST_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed: u64 = given.unwrap_or_else(|| RandomState::new().hash_one(std::process::id()));
    println!("repeat with MEDIAVAULT_TEST_SEED={seed}");
    let chance = SeededEntropy::new(seed);

    let mut vault = vault().start().await;
    let made = vault
        .client()
        .post("/me/keys", &json!({"name": "crash"}), 201)
        .await;
    let client = vault
        .client()
        .with_token(made["key"].as_str().expect("a key"));
    let mut kept: Vec<Kept> = Vec::new();
    for round in 0..KILLS {
        let fresh = uploads_until_killed(&mut vault, &client, &chance).await;
        vault.restart().await;
        for one in &fresh {
            assert_eq!(
                digest(&client, one).await,
                one.sha256,
                "lost in round {round} (seed {seed})"
            );
        }
        kept.extend(fresh);
    }
    println!("{} uploads acknowledged over {KILLS} kills", kept.len());
    assert!(
        kept.len() >= KILLS,
        "hardly anything was uploaded: this proves nothing"
    );
    for one in &kept {
        assert_eq!(
            digest(&client, one).await,
            one.sha256,
            "lost later (seed {seed})"
        );
    }
    assert!(vault.stop().await, "{}", vault.log());
    let verified = vault
        .command(&["verify", "--json"])
        .output()
        .expect("it runs");
    assert!(verified.status.success(), "seed {seed}: {verified:?}");
}

/// One round: clients upload until the vault is killed under them; gives what was acknowledged.
async fn uploads_until_killed(
    vault: &mut Vault,
    client: &Client,
    chance: &SeededEntropy,
) -> Vec<Kept> {
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            tokio::spawn(upload_until_refused(
                client.clone(),
                SeededEntropy::new(number(chance)),
            ))
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(number(chance) % LATEST)).await;
    vault.kill();
    let mut kept = Vec::new();
    for client in clients {
        kept.extend(client.await.expect("a client ends by itself"));
    }
    kept
}

/// Uploads files of its own, one after the other, until nobody answers any more.
async fn upload_until_refused(client: Client, chance: SeededEntropy) -> Vec<Kept> {
    let photo = fixtures::named("photos/daisy.jpg").bytes();
    let mut kept = Vec::new();
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
        let Ok(answer) = client.send_file("file.jpg", bytes).await else {
            return kept;
        };
        assert_eq!(answer.status(), 201);
        // Acknowledged is what was answered in full.
        let Ok(body) = answer.json::<serde_json::Value>().await else {
            return kept;
        };
        let id = body["asset"]["id"].as_str().expect("an id").to_owned();
        kept.push(Kept { id, sha256 });
    }
}

async fn digest(client: &Client, one: &Kept) -> Sha256 {
    Sha256::of(&client.content(&one.id).await)
}

fn number(chance: &SeededEntropy) -> u64 {
    let mut bytes = [0; 8];
    chance.fill(&mut bytes);
    u64::from_le_bytes(bytes)
}
