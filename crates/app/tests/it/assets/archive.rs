//! `POST /archives`: read by an independent unpacker.

use std::io::Write as _;
use std::process::Command;
use std::time::Instant;

use reqwest::Method;
use serde_json::json;
use testkit::{Database, GLANCE, PATIENCE, fixtures};

use crate::{on_each_database, vault};

on_each_database!(
    a_selection_unpacks_byte_for_byte,
    only_so_many_archives_are_written_at_once,
);

async fn a_selection_unpacks_byte_for_byte(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let (sea, dunes) = (
        fixtures::named("photos/blue-sea.jpg"),
        fixtures::named("photos/dunes.jpg"),
    );
    let first = client
        .upload("photo.jpg", sea.bytes())
        .await
        .id()
        .to_owned();
    let second = client
        .upload("photo.jpg", dunes.bytes())
        .await
        .id()
        .to_owned();
    let empty = client.upload("empty.txt", Vec::new()).await.id().to_owned();

    let body = format!("asset_ids={first},{second},{empty}");
    let request = client
        .request(Method::POST, "/archives")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/zip");
    let bytes = answer.bytes().await.expect("the whole archive");
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(&bytes).expect("written");
    let read = |name: &str| {
        let program = "import sys,zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))";
        let output = Command::new("python3")
            .args(["-c", program])
            .arg(file.path())
            .arg(name)
            .output()
            .expect("python3, which Debian always has");
        assert!(output.status.success(), "{output:?}");
        output.stdout
    };
    assert_eq!(read("photo.jpg"), sea.bytes());
    assert_eq!(read("photo (2).jpg"), dunes.bytes());
    assert_eq!(read("empty.txt"), b"");

    let unknown = json!({"asset_ids": [first, "01900000-0000-7000-8000-000000000000"]});
    client
        .refused(
            client.request(Method::POST, "/archives").json(&unknown),
            404,
        )
        .await;
    client
        .refused(
            client
                .request(Method::POST, "/archives")
                .json(&json!({"asset_ids": []})),
            400,
        )
        .await;
}

/// More than lies between the vault and a reader who does not read.
const MUCH: usize = 48 << 20;

async fn only_so_many_archives_are_written_at_once(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_REGISTRATION", "open")
        .start()
        .await;
    let client = vault.client();
    let large = client.upload("large.bin", vec![7; MUCH]).await;
    let body = json!({"asset_ids": [large.id()]});
    let archive = || client.request(Method::POST, "/archives").json(&body);
    let mut unread = Vec::new();
    for _ in 0..2 {
        unread.push(archive().send().await.expect("an answer"));
    }
    let export = client.request(Method::GET, "/export").send();
    unread.push(export.await.expect("an answer"));
    assert!(unread.iter().all(|answer| answer.status() == 200));
    for request in [archive(), client.request(Method::GET, "/export")] {
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 429);
        assert_eq!(answer.headers()["retry-after"], "30");
    }
    let other = vault.register("bob@example.org").await;
    let export = other.request(Method::GET, "/export").send();
    assert_eq!(export.await.expect("an answer").status(), 200);
    // Who stops reading makes room.
    drop(unread);
    let deadline = Instant::now() + PATIENCE;
    while archive().send().await.expect("an answer").status() != 200 {
        assert!(Instant::now() < deadline, "they are never over");
        tokio::time::sleep(GLANCE).await;
    }
}
