//! Whatever happens to one copy is found, mended from the other, told, and never served.

use std::path::Path;
use std::time::Instant;

use domain::SeededEntropy;
use serde_json::Value;
use testkit::{Client, Database, GLANCE, PATIENCE, fixtures};

use super::{Pair, assert_same, findings, flip, noise, number, originals, seed, store, until};
use crate::on_each_database;

on_each_database!(
    a_damaged_original_is_served_from_the_replica_and_repaired,
    damage_in_either_copy_is_found_and_mended,
    a_blob_with_one_sound_copy_is_never_lost,
    without_a_sound_copy_it_stays_open_until_the_bytes_come_again,
);

async fn a_damaged_original_is_served_from_the_replica_and_repaired(database: Database) {
    let pair = Pair::start(database).await;
    let client = pair.vault.client();
    let chance = SeededEntropy::new(3);
    let bytes = noise(&chance, 400_000);
    let id = client
        .upload("noise.bin", bytes.clone())
        .await
        .id()
        .to_owned();
    pair.in_step().await;
    let object = pair.primary().join(&originals(&pair.primary())[0]);
    // In the fourth frame: what comes before it was given out already.
    flip(&object, 250_000);
    assert!(client.content(&id).await == bytes);
    let repaired = concluded(client, 1).await.remove(0);
    assert_eq!(repaired["outcome"], "repaired", "{repaired}");
    assert_eq!(repaired["found_by"], "read");
    assert_eq!(repaired["assets"][0]["id"], id.as_str());
    assert_eq!(repaired["assets"][0]["file_name"], "noise.bin");
    assert_same(&pair.primary(), &pair.replica);
    let told = told(client).await;
    assert_eq!(told["kind"], "copies.damaged");
    let detail = &told["detail"];
    assert_eq!(
        (&detail["found"], &detail["repaired"]),
        (&1.into(), &1.into())
    );
}

/// The findings, once there are so many and none is open.
async fn concluded(client: &Client, count: usize) -> Vec<Value> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found = findings(client).await;
        if found.len() == count && found.iter().all(|one| one["outcome"] != "open") {
            return found;
        }
        assert!(Instant::now() < deadline, "never came to be: {found:#?}");
        tokio::time::sleep(GLANCE).await;
    }
}

/// The first message, once there is one.
async fn told(client: &Client) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let inbox = client.get("/notifications").await;
        if inbox["items"][0].is_object() {
            return inbox["items"][0].clone();
        }
        assert!(Instant::now() < deadline, "nobody was told");
        tokio::time::sleep(GLANCE).await;
    }
}

async fn damage_in_either_copy_is_found_and_mended(database: Database) {
    let pair = Pair::start(database).await;
    let client = pair.vault.client();
    let photos = [
        "photos/harbour.jpg",
        "photos/daisy.jpg",
        "photos/summit.jpg",
    ];
    for photo in photos {
        let uploaded = client.upload_fixture(&fixtures::named(photo)).await;
        client.settled(uploaded.id()).await;
    }
    pair.in_step().await;
    let objects = originals(&pair.primary());
    flip(&pair.primary().join(&objects[0]), 5_000);
    std::fs::remove_file(pair.primary().join(&objects[1])).expect("removed");
    flip(&pair.replica.join(&objects[1]), 0);
    std::fs::write(pair.replica.join(&objects[2]), "cut off").expect("written");
    let check = pair.checked().await;
    assert_eq!(
        (&check["checked"], &check["copies"]),
        (&6.into(), &6.into())
    );
    // The second photo has no sound copy: both stay.
    assert_eq!(
        (&check["found"], &check["repaired"]),
        (&4.into(), &2.into())
    );
    let found = findings(client).await;
    let of = |store: &str, outcome: &str| {
        let is = |one: &&Value| one["store"] == store && one["outcome"] == outcome;
        found.iter().filter(is).count()
    };
    assert_eq!((of("primary", "repaired"), of("primary", "open")), (1, 1));
    assert_eq!((of("replica", "repaired"), of("replica", "open")), (1, 1));
    let integrity = client.get("/system/integrity").await;
    assert_eq!(integrity["open_findings"], 2);
    assert_eq!(store(&integrity, "primary")["missing"], 1);
    assert_eq!(store(&integrity, "replica")["damaged"], 1);
    for object in [&objects[0], &objects[2]] {
        let read = |root: &Path| std::fs::read(root.join(object)).expect("read");
        assert!(read(&pair.primary()) == read(&pair.replica));
    }
    let checked = client
        .post("/system/integrity/repair", &serde_json::json!({}), 202)
        .await;
    assert_eq!(checked["copies"], 2);
    assert_eq!(client.get("/health/ready").await["status"], "degraded");
}

/// What was uploaded, and what may be known of its copies.
struct Kept {
    id: String,
    bytes: Vec<u8>,
    /// Once no sound copy was left, nothing brings it back.
    lost: bool,
}

/// Any sequence of damage to the two stores with checks in between: whatever has a sound copy when a
/// check begins reads byte for byte after it, and nothing is ever served wrong.
async fn a_blob_with_one_sound_copy_is_never_lost(database: Database) {
    let chance = SeededEntropy::new(seed());
    let pair = Pair::start(database).await;
    let client = pair.vault.client();
    let mut kept = Vec::new();
    for size in [0_usize, 1, 65_536, 65_537, 131_072, 300_000, 40_000, 7] {
        let mut bytes = b"seed of this file ".to_vec();
        bytes.extend(noise(&chance, 8 + size));
        let uploaded = client.upload("noise.bin", bytes.clone()).await;
        kept.push(Kept {
            id: uploaded.id().to_owned(),
            bytes,
            lost: false,
        });
    }
    pair.in_step().await;
    let objects = by_upload(&pair.primary(), &kept);
    for round in 0..6 {
        for (one, object) in kept.iter_mut().zip(&objects) {
            let hit = number(&chance) % 8;
            // Bits: the primary, the replica; rarely both.
            let (primary, replica) = (hit & 1 == 1, hit & 2 == 2 && hit & 4 == 4);
            for (root, is_hit) in [(pair.primary(), primary), (pair.replica.clone(), replica)] {
                if is_hit {
                    hurt(&root.join(object), &chance);
                }
            }
            one.lost |= primary && replica;
        }
        // Before any repair: right or refused, never wrong.
        for one in &kept {
            assert_right_or_refused(client, one).await;
        }
        pair.checked().await;
        for one in &kept {
            let served = assert_right_or_refused(client, one).await;
            assert!(served || one.lost, "round {round}: {} is lost", one.id);
        }
    }
}

/// Does to a stored file what disks do.
fn hurt(path: &Path, chance: &SeededEntropy) {
    let Ok(bytes) = std::fs::read(path) else {
        return;
    };
    let at = usize::try_from(number(chance) % 1_000_000).expect("small");
    match number(chance) % 4 {
        0 => std::fs::remove_file(path).expect("removed"),
        1 => {
            let len = bytes.len();
            std::fs::write(path, &bytes[..at % len.max(1)]).expect("written");
        }
        2 if !bytes.is_empty() => flip(path, at),
        _ => std::fs::write(path, noise(chance, bytes.len())).expect("written"),
    }
}

fn by_upload(root: &Path, kept: &[Kept]) -> Vec<std::path::PathBuf> {
    let objects = originals(root);
    let of = |one: &Kept| {
        let digest = domain::Sha256::of(&one.bytes).to_string();
        let is = |path: &&std::path::PathBuf| path.to_string_lossy().contains(&digest);
        objects.iter().find(is).expect("its object").clone()
    };
    kept.iter().map(of).collect()
}

/// Whether it was served; panics when it was served wrong.
async fn assert_right_or_refused(client: &Client, one: &Kept) -> bool {
    let path = format!("/assets/{}/content", one.id);
    let answer = client.request(reqwest::Method::GET, &path).send().await;
    let answer = answer.expect("an answer");
    if !answer.status().is_success() {
        return false;
    }
    match answer.bytes().await {
        Ok(bytes) => {
            assert!(bytes == one.bytes, "{} was served wrong", one.id);
            true
        }
        // Cut off: whoever asked sees that it is not whole.
        Err(_) => false,
    }
}

async fn without_a_sound_copy_it_stays_open_until_the_bytes_come_again(database: Database) {
    let pair = Pair::start(database).await;
    let client = pair.vault.client();
    let photo = fixtures::named("photos/daisy.jpg");
    let id = client.upload_fixture(&photo).await.id().to_owned();
    pair.in_step().await;
    let object = originals(&pair.primary()).remove(0);
    flip(&pair.primary().join(&object), 900);
    flip(&pair.replica.join(&object), 900);
    let check = pair.checked().await;
    assert_eq!(
        (&check["found"], &check["repaired"]),
        (&2.into(), &0.into())
    );
    let found = findings(client).await;
    let problem = found[0]["problem"].as_str().expect("why");
    assert!(problem.contains("damaged"), "{problem}");

    let again = client.upload_fixture(&photo).await;
    assert!(again.duplicate && again.id() == id);
    assert_eq!(client.content(&id).await, photo.bytes());
    until(client, |integrity| {
        integrity["open_findings"] == 0 && store(integrity, "replica")["copies"] == 1
    })
    .await;
    let found = findings(client).await;
    assert!(
        found.iter().all(|one| one["outcome"] == "replaced"),
        "{found:#?}"
    );
}
