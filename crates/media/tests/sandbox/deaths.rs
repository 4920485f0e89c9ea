//! Who dies with whom.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use media::{Config, ProblemCode};
use rustix::process::Signal;

use crate::villain::{Villain, children_of, is_alive, signal, small, start, until};

#[tokio::test]
async fn a_cancelled_job_loses_its_child_and_gives_back_its_place() {
    let villain = Villain::new(small()).await;
    let zygote = villain.zygote();
    tokio::select! {
        _ = villain.run("sleep") => panic!("a sleeper woke"),
        () = until("a child sleeps", || !children_of(zygote).is_empty()) => {}
    }
    until("the child is gone", || children_of(zygote).is_empty()).await;
    until("its place is free", || {
        let state = villain.workshop.state();
        state.running == 0 && state.memory_taken == 0
    })
    .await;
    villain.draw("be honest").await.unwrap();
    assert_eq!(villain.zygote(), zygote);
}

#[tokio::test]
async fn a_job_that_waits_for_a_place_can_be_cancelled() {
    let config = Config {
        max_children: Some(1),
        ..small()
    };
    let villain = Villain::new(config).await;
    let zygote = villain.zygote();
    tokio::select! {
        _ = villain.run("sleep") => panic!("a sleeper woke"),
        _ = async {
            until("a child sleeps", || !children_of(zygote).is_empty()).await;
            villain.run("be honest").await
        } => panic!("two children at a time"),
        () = until("both are there", || villain.workshop.state().memory_taken >= 200 << 20) => {}
    }
    until("all is given back", || {
        villain.workshop.state().memory_taken == 0
    })
    .await;
    villain.draw("be honest").await.unwrap();
}

#[tokio::test]
async fn a_dead_zygote_is_replaced_before_the_next_job() {
    let villain = Villain::new(small()).await;
    villain.draw("be honest").await.unwrap();
    for restarts in 1..=3 {
        signal(villain.zygote(), Signal::KILL);
        until("its death is noticed", || !villain.workshop.state().ready).await;
        villain.draw("be honest").await.unwrap();
        assert_eq!(villain.workshop.state().restarts, restarts);
    }
    assert!(villain.workshop.state().ready);
}

#[tokio::test]
async fn a_zygote_that_dies_takes_its_children_along() {
    let villain = Villain::new(small()).await;
    let zygote = villain.zygote();
    let mut child = None;
    let killed = async {
        until("a child sleeps", || {
            child = children_of(zygote).first().copied();
            child.is_some()
        })
        .await;
        signal(zygote, Signal::KILL);
    };
    let (result, ()) = tokio::join!(villain.run("sleep"), killed);
    let problem = result.unwrap_err();
    assert_eq!(problem.code, ProblemCode::Unavailable);
    assert!(problem.code.is_transient());
    let child = child.unwrap();
    until("the child died with it", || !is_alive(child)).await;
    villain.draw("be honest").await.unwrap();
}

#[tokio::test]
async fn a_stuck_zygote_is_replaced() {
    let config = Config {
        max_wall_seconds: 1,
        ..small()
    };
    let villain = Villain::new(config).await;
    signal(villain.zygote(), Signal::STOP);
    let problem = villain.run("be honest").await.unwrap_err();
    assert_eq!(problem.code, ProblemCode::TimedOut);
    villain.draw("be honest").await.unwrap();
    assert_eq!(villain.workshop.state().restarts, 1);
}

#[tokio::test]
async fn a_zygote_that_does_not_come_up_is_an_error() {
    start(small(), &["sickly"]).await.unwrap_err();
}

#[tokio::test]
async fn the_zygote_ends_with_the_workshop() {
    let villain = Villain::new(small()).await;
    let zygote = villain.zygote();
    drop(villain);
    until("the zygote is gone", || !is_alive(zygote)).await;
    until("and buried", || {
        !Path::new(&format!("/proc/{zygote}")).exists()
    })
    .await;
}

#[tokio::test]
async fn everybody_dies_with_the_server() {
    let mut server = Command::new(env!("CARGO_BIN_EXE_hostile-sandbox"))
        .arg("server")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let zygote: u32 = line.trim().parse().unwrap();
    let mut child = None;
    until("a child sleeps", || {
        child = children_of(zygote).first().copied();
        child.is_some()
    })
    .await;
    server.kill().unwrap();
    server.wait().unwrap();
    until("the zygote is gone", || !is_alive(zygote)).await;
    let child = child.unwrap();
    until("the child is gone", || !is_alive(child)).await;
}

/// In a process of its own, whose descriptors nobody else opens and closes.
#[test]
fn two_hundred_jobs_leave_nothing_behind() {
    let census = Command::new(env!("CARGO_BIN_EXE_hostile-sandbox"))
        .arg("census")
        .output()
        .unwrap();
    let said = String::from_utf8(census.stdout).unwrap();
    let counts: Vec<_> = said.lines().collect();
    assert_eq!(
        counts.len(),
        2,
        "{}",
        String::from_utf8_lossy(&census.stderr)
    );
    assert_eq!(counts[0], counts[1]);
}
