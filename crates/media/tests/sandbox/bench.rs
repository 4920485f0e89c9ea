//! What a job costs beside the work itself.

use std::time::{Duration, Instant};

use crate::villain::{Villain, small};

#[tokio::test]
async fn a_thousand_jobs_one_after_another() {
    let villain = Villain::new(small()).await;
    let began = Instant::now();
    for _ in 0..1000 {
        villain.draw("be honest").await.unwrap();
    }
    let each = began.elapsed() / 1000;
    println!("a job in a child of its own costs {each:?}");
    // Far above what it takes (see docs/adr/0003-sandbox.md), for machines that do much else.
    assert!(each < Duration::from_millis(50), "{each:?}");
}
