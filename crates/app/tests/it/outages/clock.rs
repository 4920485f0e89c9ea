//! The wall clock jumps, as when a machine comes back from sleep or meets its time server late.

use std::fs;
use std::path::Path;

use testkit::{Client, Database, Vault, fixtures};

use super::load::{self, Load};
use super::vault;
use crate::faketime;
use crate::on_each_database;

on_each_database!(work_goes_on_when_the_clock_jumps);

async fn work_goes_on_when_the_clock_jumps(database: Database) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let clock = dir.path().join("clock");
    set(&clock, "+0");
    let mut builder = vault().database(database);
    for (name, value) in faketime::told_by(&clock) {
        builder = builder.env(&name, value);
    }
    let vault = builder.start().await;
    // A key does not end with the hour, as a session does.
    let client = vault.keyed().await;
    let load = Load::begin(&client, 2, &[503]);
    for jump in ["+2d", "-3h", "+0"] {
        set(&clock, jump);
        load::some_uploads(&client, 5).await;
        looked_at(&vault, &client, jump).await;
    }
    let told = load.end().await;
    load::all_there(&client, &told).await;
}

/// A photograph sent now is looked at now.
async fn looked_at(vault: &Vault, client: &Client, jump: &str) {
    let mut bytes = fixtures::named("photos/daisy.jpg").bytes();
    bytes.extend(jump.as_bytes());
    let uploaded = client.upload("clock.jpg", bytes).await;
    let asset = client.settled(uploaded.id()).await;
    assert_eq!(
        asset["status"],
        "ready",
        "after {jump}: {asset:#}\n{}",
        vault.log()
    );
}

/// Written beside and renamed: nobody reads half of it.
fn set(clock: &Path, shift: &str) {
    let draft = clock.with_extension("draft");
    fs::write(&draft, shift).expect("a file");
    fs::rename(&draft, clock).expect("in its place");
}
