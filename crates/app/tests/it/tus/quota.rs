//! What is under way counts before it is there.

use reqwest::Method;
use serde_json::json;
use testkit::{Client, Database, Vault};

use super::client::{begin, bytes, create, head, patch, request, send};
use crate::{on_each_database, vault};

on_each_database!(
    uploads_at_once_cannot_share_the_last_room,
    what_ends_gives_its_room_back,
    a_length_not_said_is_held_as_it_arrives,
    nobody_has_too_many_under_way,
);

/// Somebody who may own a million bytes.
async fn limited(vault: &Vault) -> Client {
    let client = vault.register("bob@example.org").await;
    let id = client.get("/me").await["id"].clone();
    let path = format!("/users/{}", id.as_str().expect("an id"));
    vault
        .client()
        .patch(&path, &json!({"quota": 1_000_000}))
        .await;
    client
}

async fn open(database: Database) -> Vault {
    let open = vault()
        .database(database)
        .env("MEDIAVAULT_REGISTRATION", "open");
    open.start().await
}

async fn uploads_at_once_cannot_share_the_last_room(database: Database) {
    let vault = open(database).await;
    let client = limited(&vault).await;
    let tries = (0..8).map(|_| create(&client, 400_000, &[]));
    let answers = futures::future::join_all(tries).await;
    let begun: Vec<_> = answers.iter().filter(|one| one.status == 201).collect();
    let refused = answers.iter().filter(|one| one.code == "quota_exceeded");
    assert_eq!((begun.len(), refused.count()), (2, 6), "{answers:?}");
    // Nor can other ways in take the room that is held.
    let answer = client.send_file("c.bin", bytes(20, 300_000)).await;
    assert_eq!(answer.expect("an answer").status(), 413);
    for (seed, one) in begun.iter().enumerate() {
        let file = bytes(30 + seed as u64, 400_000);
        patch(&client, one.header("location"), 0, &file)
            .await
            .is(204)
            .asset();
    }
    assert_eq!(client.get("/me/usage").await["used"], 800_000);
    client.upload("d.bin", bytes(21, 200_000)).await;
}

async fn what_ends_gives_its_room_back(database: Database) {
    let vault = open(database).await;
    let client = limited(&vault).await;
    let address = begin(&client, 900_000, "a.bin").await;
    patch(&client, &address, 0, &bytes(22, 500_000))
        .await
        .is(204);
    create(&client, 200_000, &[]).await.is(413);
    send(request(&client, Method::DELETE, &address))
        .await
        .is(204);
    let address = begin(&client, 900_000, "b.bin").await;
    let file = bytes(23, 900_000);
    patch(&client, &address, 0, &file).await.is(204).asset();
    // The same bytes again cost nothing in the end, but are held meanwhile.
    create(&client, 900_000, &[]).await.is(413);
    begin(&client, 100_000, "c.bin").await;
}

async fn a_length_not_said_is_held_as_it_arrives(database: Database) {
    let vault = open(database).await;
    let client = limited(&vault).await;
    let begun = request(&client, Method::POST, "/uploads/tus").header("upload-defer-length", "1");
    let begun = send(begun).await.is(201);
    let address = begun.header("location");
    patch(&client, address, 0, &bytes(24, 700_000))
        .await
        .is(204);
    let full = patch(&client, address, 700_000, &bytes(25, 400_000))
        .await
        .is(413);
    assert_eq!(full.code, "quota_exceeded");
    assert_eq!(head(&client, address).await.offset(), 700_000);
    create(&client, 300_001, &[]).await.is(413);
    create(&client, 300_000, &[]).await.is(201);
}

async fn nobody_has_too_many_under_way(database: Database) {
    let few = vault()
        .database(database)
        .env("MEDIAVAULT_MAX_OPEN_UPLOADS", "3");
    let vault = few.start().await;
    let client = vault.client();
    let tries = (0..6).map(|_| create(client, 10, &[]));
    let answers = futures::future::join_all(tries).await;
    let begun = answers.iter().filter(|one| one.status == 201).count();
    let refused = answers.iter().filter(|one| one.status == 429).count();
    assert_eq!((begun, refused), (3, 3), "{answers:?}");
    let one = answers.iter().find(|one| one.status == 201).expect("one");
    patch(client, one.header("location"), 0, b"ten bytes!")
        .await
        .is(204);
    begin(client, 10, "d.bin").await;
}
