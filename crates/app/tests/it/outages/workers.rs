//! The children that decode are killed in the middle of their work.

use std::fs;
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};
use testkit::{Database, PATIENCE, Vault};

use super::load::{self, Load};
use super::vault;
use crate::on_each_database;

on_each_database!(a_killed_worker_costs_nobody_anything);

/// How many are killed while they decode.
const KILLS: usize = 8;

async fn a_killed_worker_costs_nobody_anything(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let load = Load::begin(client, 2, &[503]);
    let deadline = Instant::now() + PATIENCE;
    let mut kills = 0;
    while kills < KILLS {
        assert!(
            Instant::now() < deadline,
            "hardly anybody works: {kills} killed"
        );
        let at_work = forks(&vault).into_iter().flat_map(children);
        kills += usize::from(at_work.last().is_some_and(kill));
        tokio::time::sleep(testkit::GLANCE).await;
    }
    // And the one that forks them.
    while !forks(&vault).into_iter().any(kill) {
        assert!(Instant::now() < deadline, "nobody forks decoders");
        tokio::time::sleep(testkit::GLANCE).await;
    }
    load::some_uploads(client, 3).await;
    let told = load.end().await;
    load::all_there(client, &told).await;
    let jobs = client.get("/jobs").await;
    assert_eq!(jobs["counts"]["dead"], 0, "{jobs:#}");
}

/// The processes that fork decoders.
fn forks(vault: &Vault) -> Vec<u32> {
    children(vault.pid().expect("it runs"))
}

/// Whether there still was such a process to kill.
fn kill(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    kill_process(pid.expect("a process id"), Signal::KILL).is_ok()
}

/// What any thread of a process has spawned and not yet buried.
fn children(pid: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{pid}/task"));
    let lists = threads.into_iter().flatten().filter_map(|thread| {
        let path = thread.ok()?.path().join("children");
        fs::read_to_string(path).ok()
    });
    let mut found = Vec::new();
    for list in lists {
        found.extend(
            list.split_whitespace()
                .filter_map(|pid| pid.parse::<u32>().ok()),
        );
    }
    found
}
