//! `mediavault upload` with a large file.

use std::process::Stdio;
use std::time::Instant;

use serde_json::Value;
use testkit::{GLANCE, PATIENCE};

use super::client::bytes;
use crate::cli::{Desk, code, lines};

/// Files in the folder where uploads under way are noted.
fn notes(desk: &Desk) -> usize {
    let folder = desk.home.path().join(".local/state/mediavault/uploads");
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

#[tokio::test]
async fn a_killed_upload_goes_on_in_the_middle() {
    let desk = Desk::new().await;
    let file = desk.folder("films").join("film.bin");
    let content = bytes(50, 100 << 20);
    std::fs::write(&file, &content).expect("written");
    let path = file.to_str().expect("UTF-8");
    let mut first = desk
        .command(&["upload", path])
        .stdout(Stdio::null())
        .spawn()
        .expect("the program runs");
    let client = desk.vault.client();
    let deadline = Instant::now() + PATIENCE;
    let begun = loop {
        let open = client.get("/uploads/tus").await["items"][0].clone();
        if open["offset"].as_u64().is_some_and(|offset| offset > 0) {
            break open;
        }
        assert!(Instant::now() < deadline, "nothing arrives");
        tokio::time::sleep(GLANCE).await;
    };
    first.kill().expect("SIGKILL");
    first.wait().expect("the killed process");
    assert_eq!(notes(&desk), 1);

    let second = desk.run(&["upload", path, "--json"]);
    assert_eq!(code(&second), 0, "{second:?}");
    let line: &Value = &lines(&second)[0];
    assert_eq!(line["outcome"], "uploaded");
    let ended = client.get(begun["address"].as_str().expect("text")).await;
    assert_eq!(ended["state"], "complete", "the same upload: {ended}");
    assert_eq!(ended["asset_id"], line["asset_id"]);
    assert_eq!(notes(&desk), 0);
    let asset = line["asset_id"].as_str().expect("an id");
    assert!(client.content(asset).await == content);
    assert_eq!(client.asset(asset).await["file_name"], "film.bin");
}
