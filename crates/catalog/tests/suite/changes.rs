//! The change log: complete and in order for every follower.

use std::collections::BTreeSet;
use std::time::Duration;

use catalog::changes::{self, Change, ChangeCursor, ChangeKind, NewChange, Since};
use domain::{Status, UserId};
use uuid::Uuid;

use crate::world::{NOW, TENANT, World};

on_both! {
    nothing_is_skipped_under_concurrent_writers
    a_follower_who_missed_something_is_told
    a_place_survives_being_written
}

fn change(number: u128) -> NewChange {
    NewChange {
        tenant: TENANT,
        kind: ChangeKind::Updated,
        subject: Uuid::from_u128(number),
        collections: Vec::new(),
        owner: UserId::from_uuid(Uuid::from_u128(9)),
        status: Some(Status::Ready),
        at: NOW.plus_millis(i64::try_from(number).expect("small")),
    }
}

async fn since(world: &World, after: ChangeCursor, limit: u32) -> Vec<Change> {
    match read!(world, tx => changes::since(tx, after, limit).await) {
        Since::Changes(changes) => changes,
        Since::TooOld => panic!("nothing was pruned"),
    }
}

/// Follows until `count` changes were seen. On PostgreSQL a change may be held back for a while by a
/// transaction elsewhere in the cluster.
async fn follow(world: &World, mut after: ChangeCursor, count: usize) -> Vec<Change> {
    let mut seen = Vec::new();
    let following = async {
        while seen.len() < count {
            let page = since(world, after, 7).await;
            after = page.last().map_or(after, |change| change.cursor);
            seen.extend(page);
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), following)
        .await
        .expect("every change is seen in the end");
    seen
}

async fn nothing_is_skipped_under_concurrent_writers(world: &World) {
    const WRITERS: u128 = 6;
    const EACH: u128 = 20;
    let start = read!(world, tx => changes::head(tx).await);
    let writers = futures::future::join_all((0..WRITERS).map(|writer| async move {
        for number in 0..EACH {
            let first = (writer * EACH + number) * 2;
            write!(world, tx => {
                changes::append(tx, &change(first)).await?;
                changes::append(tx, &change(first + 1)).await
            });
        }
    }));
    let count = usize::try_from(WRITERS * EACH * 2).expect("few");
    let (_, seen) = tokio::join!(writers, follow(world, start, count));
    let expected: BTreeSet<_> = (0..WRITERS * EACH * 2)
        .map(|number| change(number).subject)
        .collect();
    assert_eq!(
        seen.iter()
            .map(|seen| seen.change.subject)
            .collect::<BTreeSet<_>>(),
        expected
    );
    assert_eq!(seen.len(), count, "none twice");
    assert!(seen.is_sorted_by_key(|seen| seen.cursor));
    assert_eq!(seen[0].change.kind, ChangeKind::Updated);
    let end = seen.last().expect("some").cursor;
    assert_eq!(read!(world, tx => changes::head(tx).await), end);
    assert!(since(world, end, 7).await.is_empty());
}

async fn a_follower_who_missed_something_is_told(world: &World) {
    let start = read!(world, tx => changes::head(tx).await);
    for number in 0..6 {
        write!(world, tx => changes::append(tx, &change(number)).await);
    }
    let seen = follow(world, start, 6).await;
    assert_eq!(write!(world, tx => changes::prune(tx, NOW, 10).await), 0);
    assert_eq!(
        write!(world, tx => changes::prune(tx, NOW.plus_millis(4), 2).await),
        2
    );
    assert_eq!(
        write!(world, tx => changes::prune(tx, NOW.plus_millis(4), 9).await),
        2
    );
    assert_eq!(
        read!(world, tx => changes::since(tx, start, 9).await),
        Since::TooOld
    );
    let stale = seen[2].cursor;
    assert_eq!(
        read!(world, tx => changes::since(tx, stale, 9).await),
        Since::TooOld
    );
    assert_eq!(since(world, seen[3].cursor, 9).await, &seen[4..]);
    assert_eq!(
        write!(world, tx => changes::prune(tx, NOW.plus_millis(99), 9).await),
        2
    );
    assert_eq!(read!(world, tx => changes::head(tx).await), seen[5].cursor);
}

async fn a_place_survives_being_written(_: &World) {
    let place = ChangeCursor { xid: 7, seq: 12 };
    assert_eq!(place.to_string().parse(), Ok(place));
    assert!("7".parse::<ChangeCursor>().is_err());
}
