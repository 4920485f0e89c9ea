//! The queue: every job is done by one worker at a time, and none is lost.

use std::collections::BTreeSet;

use catalog::jobs::{self, JobState, NewJob, Pause};
use catalog::{Error, Tx};
use domain::{JobId, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::world::{NOW, TENANT, World};

on_both! {
    two_claimers_never_get_the_same_job
    urgent_before_old_before_new
    an_expired_lease_cannot_acknowledge
    nobody_waits_for_a_clock_that_ran_ahead
    a_job_that_kills_its_worker_dies
    a_failed_job_waits_or_dies
    a_key_is_in_the_queue_once
    a_drained_worker_gives_back_uncounted
    a_postponed_job_waits_uncounted
    a_cancelled_job_is_noticed
    a_pause_holds_until_it_ends
    jobs_are_counted_and_listed
}

const LEASE: Timestamp = NOW.plus_millis(30_000);
const AFTER: Timestamp = NOW.plus_millis(30_001);

fn token(number: u128) -> Uuid {
    Uuid::from_u128(0xfeed_0000 + number)
}

fn job<'a>(id: JobId, payload: &'a serde_json::Value) -> NewJob<'a> {
    NewJob {
        id,
        tenant: TENANT,
        asset: None,
        kind: "picture",
        priority: 0,
        run_at: NOW,
        max_attempts: 3,
        ukey: None,
        payload,
        created_at: NOW,
    }
}

async fn add(tx: &mut Tx, id: JobId, change: impl FnOnce(&mut NewJob<'_>)) -> Result<bool, Error> {
    let payload = json!({});
    let mut job = job(id, &payload);
    change(&mut job);
    jobs::enqueue(tx, &job).await
}

async fn enqueue(world: &World, change: impl FnOnce(&mut NewJob<'_>) + Send + 'static) -> JobId {
    let id = world.id();
    assert!(write!(world, tx => add(tx, id, change).await));
    id
}

async fn claim(world: &World, number: u128, limit: u32, now: Timestamp) -> Vec<JobId> {
    let claim = write!(world, tx => {
        jobs::claim(tx, &["picture", "other"], limit, token(number), now, now.plus_millis(30_000)).await
    });
    claim.jobs.iter().map(|job| job.id).collect()
}

async fn two_claimers_never_get_the_same_job(world: &World) {
    let ids: Vec<JobId> = (0..300).map(|_| world.id()).collect();
    let queued = ids.clone();
    write!(world, tx => {
        for id in queued {
            add(tx, id, |_| ()).await?;
        }
        Ok(())
    });
    let workers = (0..6_u128).map(|worker| async move {
        let mut done = Vec::new();
        for round in 0.. {
            let token = worker * 1000 + round;
            let claimed = claim(world, token, 7, NOW).await;
            if claimed.is_empty() {
                break;
            }
            let acknowledged = claimed.clone();
            let count = write!(world, tx => jobs::ack(tx, &acknowledged, self::token(token)).await);
            assert_eq!(usize::try_from(count).expect("few"), claimed.len());
            done.extend(claimed);
        }
        done
    });
    let done: Vec<JobId> = futures::future::join_all(workers).await.concat();
    assert_eq!(done.len(), ids.len(), "none twice");
    assert_eq!(
        done.into_iter().collect::<BTreeSet<_>>(),
        ids.into_iter().collect()
    );
    assert_eq!(
        read!(world, tx => jobs::counts(tx, TENANT).await),
        jobs::Counts::default()
    );
}

async fn urgent_before_old_before_new(world: &World) {
    let new = enqueue(world, |job| job.run_at = NOW).await;
    let old = enqueue(world, |job| job.run_at = NOW.plus_millis(-5)).await;
    let urgent = enqueue(world, |job| job.priority = 5).await;
    enqueue(world, |job| job.run_at = AFTER).await;
    enqueue(world, |job| job.kind = "unknown to these workers").await;
    assert_eq!(claim(world, 1, 2, NOW).await, [urgent, old]);
    assert_eq!(claim(world, 2, 9, NOW).await, [new]);
}

async fn an_expired_lease_cannot_acknowledge(world: &World) {
    let id = enqueue(world, |_| ()).await;
    assert_eq!(claim(world, 1, 5, NOW).await, [id]);
    assert!(claim(world, 2, 5, LEASE).await.is_empty(), "still leased");
    assert_eq!(claim(world, 2, 5, AFTER).await, [id]);
    assert_eq!(write!(world, tx => jobs::ack(tx, &[id], token(1)).await), 0);
    assert!(write!(world, tx => jobs::heartbeat(tx, token(1), AFTER).await).is_empty());
    assert_eq!(
        write!(world, tx => jobs::fail(tx, id, token(1), None, "late").await),
        None
    );
    let held = write!(world, tx => jobs::heartbeat(tx, token(2), AFTER.plus_millis(99)).await);
    assert_eq!(held, [id]);
    assert!(
        claim(world, 3, 5, AFTER.plus_millis(99)).await.is_empty(),
        "the lease was extended"
    );
    assert_eq!(write!(world, tx => jobs::ack(tx, &[id], token(2)).await), 1);
}

async fn nobody_waits_for_a_clock_that_ran_ahead(world: &World) {
    let ahead = NOW.plus_millis(2 * 24 * 60 * 60 * 1000);
    let waiting = enqueue(world, move |job| job.run_at = ahead).await;
    let put_off = enqueue(world, |job| job.run_at = NOW.plus_millis(60 * 60 * 1000)).await;
    assert_eq!(claim(world, 1, 5, NOW).await, [waiting]);
    assert_eq!(
        write!(world, tx => jobs::ack(tx, &[waiting], token(1)).await),
        1
    );
    let leased = enqueue(world, move |job| job.run_at = ahead).await;
    assert_eq!(claim(world, 2, 1, ahead).await.len(), 1);
    assert_eq!(
        claim(world, 3, 5, ahead).await.len(),
        1,
        "both are due by then"
    );
    assert_eq!(
        claim(world, 4, 5, NOW).await,
        [leased],
        "its lease is over now"
    );
    assert_eq!(
        write!(world, tx => jobs::ack(tx, &[leased], token(4)).await),
        1
    );
    let then = NOW.plus_millis(60 * 60 * 1000);
    assert_eq!(
        claim(world, 5, 5, then).await,
        [put_off],
        "and so is this one's"
    );
}

async fn a_job_that_kills_its_worker_dies(world: &World) {
    let id = enqueue(world, |job| job.max_attempts = 2).await;
    assert_eq!(claim(world, 1, 5, NOW).await, [id]);
    assert_eq!(claim(world, 2, 5, AFTER).await, [id]);
    let last = write!(world, tx => {
        let now = AFTER.plus_millis(40_000);
        jobs::claim(tx, &["picture"], 5, token(3), now, now.plus_millis(1)).await
    });
    assert!(last.jobs.is_empty());
    assert_eq!(
        (last.died.len(), last.died[0].id, last.died[0].state),
        (1, id, JobState::Dead)
    );
    assert_eq!(read!(world, tx => jobs::counts(tx, TENANT).await).dead, 1);
    let revived =
        write!(world, tx => jobs::retry(tx, TENANT, id, AFTER).await).expect("it was dead");
    assert_eq!((revived.state, revived.attempts), (JobState::Waiting, 0));
    assert_eq!(
        write!(world, tx => jobs::retry(tx, TENANT, id, AFTER).await),
        None
    );
}

async fn a_failed_job_waits_or_dies(world: &World) {
    let id = enqueue(world, |job| job.max_attempts = 2).await;
    claim(world, 1, 5, NOW).await;
    let failed = write!(world, tx => jobs::fail(tx, id, token(1), Some(AFTER), "no luck").await);
    assert_eq!(failed, Some(JobState::Waiting));
    assert!(claim(world, 2, 5, NOW).await.is_empty(), "not yet");
    assert_eq!(claim(world, 2, 5, AFTER).await, [id]);
    let failed =
        write!(world, tx => jobs::fail(tx, id, token(2), Some(AFTER), "still no luck").await);
    assert_eq!(failed, Some(JobState::Dead));
    let hopeless = enqueue(world, |_| ()).await;
    claim(world, 3, 5, NOW).await;
    let failed = write!(world, tx => jobs::fail(tx, hopeless, token(3), None, "never").await);
    assert_eq!(failed, Some(JobState::Dead));
    let listed = read!(world, tx => jobs::list(tx, TENANT, Some(JobState::Dead), None, 10).await);
    assert_eq!(listed.items[0].last_error.as_deref(), Some("never"));
}

async fn a_key_is_in_the_queue_once(world: &World) {
    let first = enqueue(world, |job| job.ukey = Some("asset 1")).await;
    let (second, third, other) = (world.id(), world.id(), world.id());
    assert!(!write!(world, tx => add(tx, second, |job| job.ukey = Some("asset 1")).await));
    assert!(
        write!(world, tx => add(tx, other, |job| { job.ukey = Some("asset 1"); job.kind = "other" }).await)
    );
    claim(world, 1, 5, NOW).await;
    assert!(
        !write!(world, tx => add(tx, second, |job| job.ukey = Some("asset 1")).await),
        "it is running"
    );
    write!(world, tx => jobs::fail(tx, first, token(1), None, "dead").await);
    assert!(write!(world, tx => add(tx, third, |job| job.ukey = Some("asset 1")).await));
    assert_eq!(
        write!(world, tx => jobs::retry(tx, TENANT, first, NOW).await),
        None,
        "another waits"
    );
}

async fn a_drained_worker_gives_back_uncounted(world: &World) {
    let id = enqueue(world, |job| job.max_attempts = 1).await;
    claim(world, 1, 5, NOW).await;
    assert_eq!(write!(world, tx => jobs::release(tx, token(1)).await), 1);
    assert_eq!(claim(world, 2, 5, NOW).await, [id]);
}

async fn a_postponed_job_waits_uncounted(world: &World) {
    let id = enqueue(world, |job| job.max_attempts = 1).await;
    claim(world, 1, 5, NOW).await;
    let later = NOW.plus_millis(5_000);
    let foreign =
        write!(world, tx => jobs::postpone(tx, id, token(2), later, "the store is down").await);
    assert!(!foreign, "it is not held under that token");
    assert!(
        write!(world, tx => jobs::postpone(tx, id, token(1), later, "the store is down").await)
    );
    assert!(claim(world, 3, 5, NOW).await.is_empty());
    assert_eq!(
        claim(world, 4, 5, later).await,
        [id],
        "the attempt was not counted"
    );
}

async fn a_cancelled_job_is_noticed(world: &World) {
    let asset = world.id();
    let ids = [
        enqueue(world, move |job| job.asset = Some(asset)).await,
        enqueue(world, move |job| job.asset = Some(asset)).await,
        enqueue(world, |_| ()).await,
    ];
    claim(world, 1, 5, NOW).await;
    assert!(write!(world, tx => jobs::cancel(tx, TENANT, ids[0]).await).is_some());
    let held = write!(world, tx => jobs::heartbeat(tx, token(1), AFTER).await);
    assert_eq!(
        held.into_iter().collect::<BTreeSet<_>>(),
        [ids[1], ids[2]].into()
    );
    assert_eq!(
        write!(world, tx => jobs::ack(tx, &ids[..1], token(1)).await),
        0
    );
    assert_eq!(
        read!(world, tx => jobs::of_asset(tx, TENANT, asset).await).len(),
        1
    );
    assert_eq!(
        write!(world, tx => jobs::cancel_of_asset(tx, TENANT, asset).await),
        1
    );
}

async fn jobs_are_counted_and_listed(world: &World) {
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(enqueue(world, |_| ()).await);
    }
    claim(world, 1, 1, NOW).await;
    let counts = read!(world, tx => jobs::counts(tx, TENANT).await);
    assert_eq!((counts.waiting, counts.running, counts.dead), (3, 1, 0));
    let newest = read!(world, tx => jobs::list(tx, TENANT, None, None, 2).await);
    assert_eq!(
        newest.items.iter().map(|job| job.id).collect::<Vec<_>>(),
        [ids[3], ids[2]]
    );
    let before = ids[2];
    let older = read!(world, tx => jobs::list(tx, TENANT, None, Some(before), 9).await);
    assert_eq!(
        older.items.iter().map(|job| job.id).collect::<Vec<_>>(),
        [ids[1], ids[0]]
    );
}

async fn a_pause_holds_until_it_ends(world: &World) {
    let picture = enqueue(world, |_| {}).await;
    let other = enqueue(world, |job| job.kind = "other").await;
    let pause = |kind: Option<&str>, millis| Pause {
        kind: kind.map(str::to_owned),
        until: NOW.plus_millis(millis),
        by: None,
    };
    let all = pause(None, 10);
    write!(world, tx => jobs::pause(tx, &all, NOW).await);
    let one = pause(Some("picture"), 20);
    write!(world, tx => jobs::pause(tx, &one, NOW).await);
    let held = read!(world, tx => jobs::pauses(tx, &["picture", "other"], NOW).await);
    assert_eq!(held, [pause(None, 10), pause(Some("picture"), 20)]);
    assert_eq!(claim(world, 1, 10, NOW).await, []);
    assert_eq!(claim(world, 2, 10, NOW.plus_millis(10)).await, [other]);
    assert!(write!(world, tx => jobs::resume(tx, Some("picture")).await));
    assert!(!write!(world, tx => jobs::resume(tx, Some("picture")).await));
    assert_eq!(claim(world, 3, 10, NOW.plus_millis(10)).await, [picture]);
}
