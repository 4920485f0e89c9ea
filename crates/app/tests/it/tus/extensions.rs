//! The extensions: what is announced, and that it holds.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Sha256;
use reqwest::Method;
use serde_json::json;
use testkit::{Client, Database, GLANCE, PATIENCE};

use super::client::{BYTES, begin, bytes, create, head, patch, patching, request, send};
use crate::{on_each_database, vault};

on_each_database!(
    what_is_spoken_is_told_to_anybody,
    the_first_bytes_may_come_with_the_creation,
    the_length_may_be_said_later,
    a_checksum_decides_whether_bytes_are_kept,
    an_upload_can_be_given_up,
    what_nothing_arrives_for_expires,
    the_other_methods_can_stand_behind_post,
    what_is_said_of_the_file_is_kept,
    a_wrong_digest_ends_the_upload,
    a_file_of_another_type_is_refused_by_its_first_bytes,
);

async fn what_is_spoken_is_told_to_anybody(database: Database) {
    let vault = vault().database(database).start().await;
    let asked = vault.stranger().request(Method::OPTIONS, "/uploads/tus");
    let answer = send(asked).await.is(204);
    assert_eq!(answer.header("tus-version"), "1.0.0");
    assert_eq!(answer.header("tus-max-size"), (64_u64 << 30).to_string());
    assert_eq!(answer.header("tus-checksum-algorithm"), "sha256,sha1");
    for extension in [
        "creation",
        "creation-with-upload",
        "creation-defer-length",
        "termination",
        "checksum",
        "expiration",
        "concatenation",
    ] {
        let said = answer.header("tus-extension");
        assert!(said.split(',').any(|one| one == extension), "{said}");
    }
}

async fn the_first_bytes_may_come_with_the_creation(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let file = bytes(2, 50_000);
    let with = |bytes: &[u8]| {
        request(client, Method::POST, "/uploads/tus")
            .header("upload-length", file.len().to_string())
            .header("content-type", BYTES)
            .body(bytes.to_vec())
    };
    let answer = send(with(&file[..20_000])).await.is(201);
    assert_eq!(answer.offset(), 20_000);
    let address = answer.header("location");
    let done = patch(client, address, 20_000, &file[20_000..])
        .await
        .is(204);
    assert_eq!(client.content(done.asset()).await, file);
    let whole = send(with(&file)).await.is(201);
    assert_eq!(whole.asset(), done.asset());
    // Nothing at all is a file, too.
    let empty = create(client, 0, &[]).await.is(201);
    assert_eq!(client.asset(empty.asset()).await["size"], 0);
}

async fn the_length_may_be_said_later(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let file = bytes(3, 30_000);
    let begun = request(client, Method::POST, "/uploads/tus").header("upload-defer-length", "1");
    let begun = send(begun).await.is(201);
    let address = begun.header("location");
    patch(client, address, 0, &file[..10_000]).await.is(204);
    let asked = head(client, address).await.is(200);
    assert_eq!(asked.header("upload-defer-length"), "1");
    assert_eq!(asked.header("upload-length"), "");
    let short = patching(client, address, 10_000).header("upload-length", "9999");
    send(short.body("")).await.is(400);
    let said = patching(client, address, 10_000).header("upload-length", "30000");
    send(said.body("")).await.is(204);
    assert_eq!(head(client, address).await.header("upload-length"), "30000");
    let other = patching(client, address, 10_000).header("upload-length", "30001");
    send(other.body("")).await.is(400);
    let done = patch(client, address, 10_000, &file[10_000..])
        .await
        .is(204);
    assert_eq!(client.content(done.asset()).await, file);
}

async fn a_checksum_decides_whether_bytes_are_kept(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    // More than a part, so that parts wait for the checksum.
    let file = bytes(4, 20 << 20);
    let address = begin(client, file.len(), "a.bin").await;
    let sum = |bytes: &[u8]| format!("sha256 {}", STANDARD.encode(Sha256::of(bytes).as_bytes()));
    let with = |offset: u64, bytes: &[u8], checksum: &str| {
        patching(client, &address, offset)
            .header("upload-checksum", checksum)
            .body(bytes.to_vec())
    };
    let (first, rest) = file.split_at(18 << 20);
    let wrong = send(with(0, first, &sum(rest))).await.is(460);
    assert_eq!(wrong.code, "checksum_mismatch");
    assert_eq!(head(client, &address).await.offset(), 0);
    send(with(0, b"abc", "md5 AAAA")).await.is(400);
    let right = send(with(0, first, &sum(first))).await.is(204);
    assert_eq!(right.offset(), first.len() as u64);
    let done = send(with(right.offset(), rest, &sum(rest))).await.is(204);
    assert_eq!(client.content(done.asset()).await, file);
}

async fn an_upload_can_be_given_up(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let address = begin(client, 10, "a.bin").await;
    patch(client, &address, 0, b"four").await.is(204);
    send(request(client, Method::DELETE, &address))
        .await
        .is(204);
    assert_eq!(head(client, &address).await.is(410).code, "");
    assert_eq!(
        patch(client, &address, 4, b"more").await.is(410).code,
        "upload_gone"
    );
    let parts = vault.data_dir().join("blobs/parts");
    until(|| files_below(&parts) == 0).await;

    // What became of a whole one stays.
    let address = begin(client, 4, "b.bin").await;
    let done = patch(client, &address, 0, b"four").await.is(204);
    send(request(client, Method::DELETE, &address))
        .await
        .is(204);
    assert_eq!(client.content(done.asset()).await, b"four");
}

async fn what_nothing_arrives_for_expires(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_UNFINISHED_UPLOAD_SECONDS", "6")
        .start()
        .await;
    let client = vault.client();
    let address = begin(client, 2 << 20, "a.bin").await;
    patch(client, &address, 0, &bytes(5, 1 << 20)).await.is(204);
    let parts = vault.data_dir().join("blobs/parts");
    assert_eq!(files_below(&parts), 1);
    let gone = async || head(client, &address).await.status == 410;
    let deadline = std::time::Instant::now() + PATIENCE;
    while !gone().await {
        assert!(std::time::Instant::now() < deadline, "it never expires");
        tokio::time::sleep(GLANCE).await;
    }
    patch(client, &address, 1 << 20, b"more").await.is(410);
    // The keeper takes the bytes away.
    until(|| files_below(&parts) == 0).await;
}

async fn the_other_methods_can_stand_behind_post(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let address = begin(client, 10, "a.bin").await;
    let behind = |method: &str| {
        request(client, Method::POST, &address).header("x-http-method-override", method)
    };
    let patched = behind("PATCH")
        .header("content-type", BYTES)
        .header("upload-offset", "0")
        .body("four");
    assert_eq!(send(patched).await.is(204).offset(), 4);
    assert_eq!(send(behind("HEAD")).await.is(200).offset(), 4);
    send(behind("DELETE")).await.is(204);
    head(client, &address).await.is(410);
    send(behind("TRACE")).await.is(405);
}

async fn what_is_said_of_the_file_is_kept(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let details = json!({"tags": ["sea"], "favourite": true}).to_string();
    let said = [
        ("metadata", details.as_str()),
        ("filename", "note.txt"),
        ("filetype", "text/plain"),
        ("title", "A note"),
        ("captured_at", "2024-05-17T10:00:00+02:00"),
        ("relativePath", "a/b/note.txt"),
    ];
    let pairs = said.map(|(word, value)| format!("{word} {}", STANDARD.encode(value)));
    let metadata = pairs.join(",");
    let begun = create(client, 5, &[("upload-metadata", &metadata)]).await;
    let address = begun.is(201).header("location").to_owned();
    assert_eq!(
        head(client, &address).await.header("upload-metadata"),
        metadata
    );
    let done = patch(client, &address, 0, b"words").await.is(204);
    let asset = client.asset(done.asset()).await;
    assert_eq!(asset["file_name"], "note.txt");
    assert_eq!(asset["title"], "A note");
    assert_eq!(asset["tags"], json!(["sea"]));
    assert_eq!(asset["favourite"], true);
    assert_eq!(asset["captured_at"]["local"], "2024-05-17T10:00:00");

    // tuspy sends the header without anything in it.
    let begun = create(client, 4, &[("upload-metadata", "")]).await.is(201);
    let done = patch(client, begun.header("location"), 0, b"four").await;
    let asset = client.asset(done.is(204).asset()).await;
    assert_eq!(asset["file_name"], "unnamed");
}

async fn a_wrong_digest_ends_the_upload(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let begin_with = async |client: &Client, length: usize, digest: Sha256| {
        let metadata = format!("sha256 {}", STANDARD.encode(digest.to_string()));
        let begun = create(client, length, &[("upload-metadata", &metadata)]).await;
        begun.is(201).header("location").to_owned()
    };
    for pieces in [1, 2] {
        let file = bytes(6, 3 << 20);
        let address = begin_with(client, file.len(), Sha256::of(b"others")).await;
        let mut offset = 0;
        let mut last = None;
        for piece in file.chunks(file.len() / pieces) {
            last = Some(patch(client, &address, offset, piece).await);
            offset += piece.len() as u64;
        }
        let refused = last.expect("an answer").is(400);
        assert_eq!(refused.code, "digest_mismatch");
        head(client, &address).await.is(400);
        assert_eq!(client.get(&address).await["state"], "failed");
        let right = begin_with(client, file.len(), Sha256::of(&file)).await;
        patch(client, &right, 0, &file).await.is(204).asset();
    }
}

async fn a_file_of_another_type_is_refused_by_its_first_bytes(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_ALLOWED_TYPES", "image/*")
        .start()
        .await;
    let client = vault.client();
    let address = begin(client, 40 << 20, "a.jpg").await;
    let refused = patch(client, &address, 0, &bytes(7, 1 << 20)).await.is(415);
    assert_eq!(refused.code, "type_not_allowed");
    assert_eq!(client.get(&address).await["state"], "failed");
    patch(client, &address, 0, b"").await.is(415);
}

/// Files in a folder and those below it.
pub fn files_below(folder: &std::path::Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let count = |path: std::path::PathBuf| match path.is_dir() {
        true => files_below(&path),
        false => 1,
    };
    entries
        .map(|entry| count(entry.expect("an entry").path()))
        .sum()
}

/// Waits until something holds.
pub async fn until(holds: impl Fn() -> bool) {
    let deadline = std::time::Instant::now() + PATIENCE;
    while !holds() {
        assert!(std::time::Instant::now() < deadline, "it never came to be");
        tokio::time::sleep(GLANCE).await;
    }
}
