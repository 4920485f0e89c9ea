//! Clock and randomness are passed in (`domain::Clock`, `domain::Entropy`), so that tests move a
//! clock instead of sleeping. Only `app` makes the real ones.
//!
//! `Instant` is another matter: it cannot be stored or shown, it measures how long something takes.
//! It is allowed where work is timed or given a deadline: child processes, requests, workers, the
//! group commit, clients, background readings, benches. Elsewhere it is mostly a clock in disguise.

use super::Finding;
use super::tree::Tree;

const CLOCKS: &[&str] = &[
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
    "UNIX_EPOCH.elapsed",
    "Uuid::now_v7",
    "Uuid::new_v4",
    "rand::rng()",
    "rand::random",
    "thread_rng",
    "OsRng",
    "SysRng",
    "SystemRandom",
    "getrandom::",
    "aws_lc_rs::rand::fill",
];

/// May make the real clock and the real randomness.
const MAKERS: &[&str] = &["crates/app/src/"];

/// May measure durations. Tests may too: a bounded wait needs a deadline.
const MEASURERS: &[&str] = &[
    "crates/app/",
    "crates/blobs/src/pace.rs",
    "crates/blobs/src/store/s3/calls.rs",
    "crates/catalog/src/sql/",
    "crates/media/",
    "crates/outside/",
    "crates/server/",
    "crates/service/src/integrity/scrub.rs",
    "crates/service/src/jobs",
    "crates/testkit/",
    "xtask/",
    "bench/",
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        let within = |places: &[&str]| places.iter().any(|place| file.path.starts_with(place));
        for (number, line) in file.code() {
            if let Some(word) = CLOCKS.iter().find(|word| line.contains(*word))
                && !within(MAKERS)
            {
                let message = format!("{word}: pass in domain::Clock, Entropy or Ids instead");
                findings.push(Finding::at(&file.path, number, message));
            }
            if line.contains("Instant::now")
                && !within(MEASURERS)
                && !file.is_test()
                && !file.path.contains("/examples/")
            {
                let message = "Instant::now: pass in domain::Clock, or measure where the outside world is met";
                findings.push(Finding::at(&file.path, number, message));
            }
        }
    }
    findings
}
