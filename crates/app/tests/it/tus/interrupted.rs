//! However it breaks off, what was acknowledged is there, and the file ends once and whole.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Instant;

use bytes::Bytes;
use domain::{Entropy as _, SeededEntropy};
use futures::stream;
use reqwest::Body;
use testkit::{Client, Database, GLANCE, PATIENCE};
use tokio::sync::mpsc;

use super::client::{Answer, begin, bytes, head, patch, patch_and_break_off, patching, send};
use crate::{on_each_database, vault};

on_each_database!(
    a_cut_connection_loses_nothing,
    a_killed_vault_goes_on_from_the_last_part,
    a_vault_killed_before_the_end_is_told_completes_the_file,
    of_two_who_send_the_later_goes_on,
    any_way_of_cutting_gives_the_same_bytes,
);

/// A body that is fed by hand.
fn fed() -> (mpsc::Sender<Bytes>, Body) {
    let (feed, fed) = mpsc::channel::<Bytes>(1);
    let stream = stream::unfold(fed, async |mut fed| {
        let next = fed.recv().await?;
        Some((Ok::<_, std::io::Error>(next), fed))
    });
    (feed, Body::wrap_stream(stream))
}

/// How far it is once it is at least that far.
async fn at_least(client: &Client, address: &str, offset: u64) -> u64 {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found = head(client, address).await.is(200).offset();
        if found >= offset {
            return found;
        }
        assert!(Instant::now() < deadline, "it stays at {found}");
        tokio::time::sleep(GLANCE).await;
    }
}

async fn a_cut_connection_loses_nothing(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let file = bytes(40, 5 << 20);
    let address = begin(client, file.len(), "a.bin").await;
    let cuts = [300_000, 300_001, 2_000_000, 2_000_000, 4_999_999];
    let mut offset = 0;
    for cut in cuts {
        patch_and_break_off(client, &address, offset, &file[offset as usize..cut]).await;
        offset = at_least(client, &address, cut as u64).await;
        assert_eq!(offset, cut as u64);
    }
    let done = patch(client, &address, offset, &file[offset as usize..])
        .await
        .is(204);
    assert_eq!(client.content(done.asset()).await, file);
}

async fn a_killed_vault_goes_on_from_the_last_part(database: Database) {
    let mut vault = vault().database(database).start().await;
    let client = vault.keyed().await;
    let file = bytes(41, 40 << 20);
    let address = begin(&client, file.len(), "a.bin").await;
    let (feed, body) = fed();
    let sending = {
        let request = patching(&client, &address, 0).body(body);
        tokio::spawn(request.send())
    };
    for chunk in file[..20 << 20].chunks(1 << 20) {
        feed.send(Bytes::copy_from_slice(chunk))
            .await
            .expect("it is read");
    }
    // A part is told as safe while the request still goes on.
    let told = at_least(&client, &address, 16 << 20).await;
    vault.kill();
    drop(feed);
    assert!(sending.await.expect("a task").is_err());
    vault.restart().await;
    let kept = head(&client, &address).await.is(200).offset();
    assert!(kept >= told, "told {told}, kept {kept}");
    // Nobody holds it for longer than a lease.
    let rest = &file[kept as usize..];
    let done = patch(&client, &address, kept, rest).await.is(204);
    assert_eq!(client.content(done.asset()).await, file);
}

async fn a_vault_killed_before_the_end_is_told_completes_the_file(database: Database) {
    let mut vault = vault().database(database).start().await;
    let client = vault.keyed().await;
    let file = bytes(42, 33 << 20);
    let address = begin(&client, file.len(), "a.bin").await;
    let sent = tokio::spawn({
        let (client, address, file) = (client.clone(), address.clone(), file.clone());
        async move {
            patching(&client, &address, 0)
                .body(file)
                .send()
                .await
                .is_ok()
        }
    });
    at_least(&client, &address, 16 << 20).await;
    vault.kill();
    let _ = sent.await;
    vault.restart().await;
    // As a client does that knows only the address.
    let kept = head(&client, &address).await.is(200).offset();
    let answer = patch(&client, &address, kept, &file[kept as usize..])
        .await
        .is(204);
    let again = head(&client, &address).await.is(200);
    assert_eq!(again.asset(), answer.asset());
    assert_eq!(client.content(answer.asset()).await, file);
    let all = client.get("/assets").await;
    assert_eq!(all["items"].as_array().map(Vec::len), Some(1));
}

async fn of_two_who_send_the_later_goes_on(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let file = bytes(43, 20 << 20);
    let address = begin(client, file.len(), "a.bin").await;
    // The first one's connection is dead without the vault knowing: it stays silent.
    let (feed, body) = fed();
    let first = tokio::spawn(patching(client, &address, 0).body(body).send());
    for chunk in file[..17 << 20].chunks(1 << 20) {
        feed.send(Bytes::copy_from_slice(chunk))
            .await
            .expect("it is read");
    }
    let told = at_least(client, &address, 16 << 20).await;
    let later = patch(client, &address, told, &file[told as usize..]).await;
    // What the first one had is saved, so the later one is told where it goes on.
    assert_eq!(later.is(409).code, "offset_mismatch");
    drop(feed);
    let first = Answer::of(first.await.expect("a task").expect("an answer")).await;
    assert_eq!(first.is(423).code, "upload_locked");
    let offset = head(client, &address).await.is(200).offset();
    assert_eq!(offset, 17 << 20);
    // Both at once from the same place: whoever is not in time is told so.
    let rest = &file[offset as usize..];
    let (one, two) = futures::join!(
        patch(client, &address, offset, rest),
        patch(client, &address, offset, rest)
    );
    for answer in [&one, &two] {
        assert!([204, 409, 423].contains(&answer.status), "{one:?} {two:?}");
    }
    let offset = head(client, &address).await.is(200).offset();
    let done = patch(client, &address, offset, &file[offset as usize..])
        .await
        .is(204);
    assert_eq!(client.content(done.asset()).await, file);
    let all = client.get("/assets").await;
    assert_eq!(all["items"].as_array().map(Vec::len), Some(1));
}

/// Files that are sent in a way of their own each.
const WAYS: u64 = 12;

async fn any_way_of_cutting_gives_the_same_bytes(database: Database) {
    let given = std::env::var("MEDIAVAULT_TEST_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed: u64 = given.unwrap_or_else(|| RandomState::new().hash_one(std::process::id()));
    println!("repeat with MEDIAVAULT_TEST_SEED={seed}");
    let vault = vault().database(database).start().await;
    let client = vault.client();
    for way in 0..WAYS {
        let chance = SeededEntropy::new(seed.wrapping_add(way));
        // Some within one small part, some over several whole ones.
        let most = [2_000, 2_000_000, 40_000_000][usize::try_from(way % 3).expect("small")];
        let file = bytes(seed ^ way, number(&chance, most).max(1));
        let address = begin(client, file.len(), &format!("{way}.bin")).await;
        let mut offset = 0;
        let done = loop {
            let rest = &file[offset..];
            let piece = &rest[..number(&chance, rest.len()).max(1).min(rest.len())];
            match number(&chance, 3) {
                0 => patch_and_break_off(client, &address, offset as u64, piece).await,
                1 => {
                    let wrong = patching(client, &address, offset as u64)
                        .header("upload-checksum", "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
                        .body(piece.to_vec());
                    let answer = send(wrong).await;
                    assert!([460, 409, 423].contains(&answer.status), "{answer:?}");
                }
                _ => {
                    let answer = patch(client, &address, offset as u64, piece).await;
                    assert!([204, 409, 423].contains(&answer.status), "{answer:?}");
                }
            }
            // A broken request may still be saving what came of it, or not have begun to.
            let asked = head(client, &address).await.is(200);
            offset = usize::try_from(asked.offset()).expect("a size");
            if offset == file.len() {
                break head(client, &address).await.is(200);
            }
        };
        let content = client.content(done.asset()).await;
        assert!(
            content == file,
            "way {way} of seed {seed} gives other bytes"
        );
    }
}

/// A number up to that one.
fn number(chance: &SeededEntropy, most: usize) -> usize {
    let mut bytes = [0; 8];
    chance.fill(&mut bytes);
    let number = u64::from_le_bytes(bytes) % (most as u64 + 1);
    usize::try_from(number).expect("a size")
}
