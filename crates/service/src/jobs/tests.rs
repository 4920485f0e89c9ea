use domain::{Ids, JobId, ManualClock, SeededEntropy, Timestamp};

use super::{MAX_BACKOFF_MILLIS, backoff_millis};

#[test]
fn waits_grow_to_a_cap_and_spread() {
    let clock = ManualClock::at(Timestamp::from_millis(0));
    let entropy = SeededEntropy::new(1);
    let ids = Ids::new(&clock, &entropy);
    let jobs: Vec<JobId> = (0..16).map(|_| ids.fresh()).collect();
    for job in &jobs {
        let waits: Vec<_> = (1..=40)
            .map(|attempt| backoff_millis(*job, attempt))
            .collect();
        assert!(waits.is_sorted(), "{waits:?}");
        assert!(waits[0] >= 2000);
        assert!(waits[39] <= MAX_BACKOFF_MILLIS * 5 / 4);
    }
    let first: std::collections::HashSet<_> =
        jobs.iter().map(|job| backoff_millis(*job, 3)).collect();
    assert!(first.len() > 8, "jobs that fail together come back apart");
}
