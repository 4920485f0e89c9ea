//! Copies: what is to be copied, what is looked at next, what was found, and which part a store plays.

use catalog::blobs::{self, BlobCopy, CopyState, StoreRole};
use catalog::check_runs::{self, CheckRun, CheckState, CheckTally};
use catalog::findings::{self, Finding, FindingKind, FindingOutcome, FoundBy};
use catalog::{assets, roles};
use domain::{BlobId, Permission, Timestamp};

use crate::world::{NOW, SIZE, TENANT, Upload, World};

on_both! {
    what_is_to_be_copied_is_copied_once
    everything_there_is_comes_to_a_new_store
    a_copy_of_what_was_deleted_meanwhile_is_nobodys
    a_blob_is_gone_when_no_store_in_use_has_it
    the_copy_looked_at_longest_ago_is_next
    a_copy_is_found_wrong_once_until_something_becomes_of_it
    findings_name_the_assets_and_no_locked_file
    of_checks_one_runs
    stores_change_their_parts
    those_who_look_after_the_vault_are_known
}

const PRIMARY: StoreRole = StoreRole::Primary;
const REPLICA: StoreRole = StoreRole::Replica;

const fn after(millis: i64) -> Timestamp {
    NOW.plus_millis(millis)
}

impl World {
    /// Uploads, as the service does with a replica.
    async fn stored(&self, upload: &Upload) {
        let (tenant, blob) = (upload.tenant, upload.blob);
        write!(self, tx => {
            blobs::put_copy(tx, tenant, blob, &BlobCopy::written(PRIMARY, NOW)).await?;
            blobs::copy_due(tx, tenant, blob, REPLICA, NOW).await
        });
    }

    async fn due(&self, now: Timestamp) -> Vec<BlobId> {
        let due = read!(self, tx => blobs::next_due(tx, REPLICA, now, 100).await);
        due.iter().map(|due| due.blob.id).collect()
    }
}

async fn what_is_to_be_copied_is_copied_once(world: &World) {
    let ada = world.user("ada@example.org").await;
    let (one, two) = (world.add(ada, "one").await, world.add(ada, "two").await);
    world.stored(&one).await;
    world.stored(&two).await;
    let behind = read!(world, tx => blobs::behind(tx, REPLICA).await);
    assert_eq!((behind.count, behind.bytes), (2, 2 * (SIZE + 100)));
    assert_eq!((behind.since, behind.failing), (Some(NOW), 0));

    let (first, second) = (one.blob, two.blob);
    write!(world, tx => {
        assert!(blobs::copied(tx, TENANT, first, REPLICA, after(1)).await?);
        blobs::put_off(tx, TENANT, second, REPLICA, after(1000), "no").await
    });
    assert_eq!(world.due(after(999)).await, []);
    assert_eq!(world.due(after(1000)).await, [second]);
    write!(world, tx => blobs::hurry(tx, REPLICA, after(2)).await);
    assert_eq!(world.due(after(2)).await, [second]);
    let behind = read!(world, tx => blobs::behind(tx, REPLICA).await);
    assert_eq!((behind.count, behind.failing), (1, 1));
    // Not for a store that has it.
    assert!(!write!(world, tx => blobs::copy_due(tx, TENANT, first, REPLICA, NOW).await));
}

async fn everything_there_is_comes_to_a_new_store(world: &World) {
    let ada = world.user("ada@example.org").await;
    let mut stored = Vec::new();
    for content in ["a", "b", "c", "d", "e"] {
        let upload = world.add(ada, content).await;
        let blob = upload.blob;
        write!(world, tx => {
            blobs::put_copy(tx, TENANT, blob, &BlobCopy::written(PRIMARY, NOW)).await
        });
        stored.push(blob);
    }
    // One is there already, one was and is lost, one has no bytes of ours.
    let lost = BlobCopy {
        state: CopyState::Missing,
        ..BlobCopy::written(REPLICA, NOW)
    };
    let gone = stored[0];
    write!(world, tx => blobs::put_copy(tx, TENANT, gone, &lost).await);
    let (there, outside) = (stored.remove(1), world.add(ada, "outside").await.blob);
    write!(world, tx => {
        blobs::put_copy(tx, TENANT, there, &BlobCopy::written(REPLICA, NOW)).await?;
        blobs::put_copy(tx, TENANT, outside, &BlobCopy::written(StoreRole::External, NOW)).await
    });
    for _ in 0..2 {
        let mut last = None;
        loop {
            last = write!(world, tx => blobs::backfill(tx, REPLICA, last, 2, NOW).await);
            if last.is_none() {
                break;
            }
        }
        let mut due = world.due(NOW).await;
        due.sort();
        assert_eq!(due, stored);
    }
}

async fn a_copy_of_what_was_deleted_meanwhile_is_nobodys(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "short-lived").await;
    world.stored(&upload).await;
    let (visibility, asset, blob) = (upload.visibility(), upload.asset, upload.blob);
    write!(world, tx => assets::delete(tx, &visibility, asset, after(1)).await);
    write!(world, tx => blobs::condemn_unreferenced(tx, after(2), 10, after(2)).await);
    assert!(!write!(world, tx => blobs::copied(tx, TENANT, blob, REPLICA, after(3)).await));
    assert_eq!(world.due(after(3)).await, []);
    let copies = read!(world, tx => blobs::copies(tx, TENANT, blob).await);
    assert_eq!(copies, [BlobCopy::written(PRIMARY, NOW)]);
    let state = CopyState::Present;
    assert!(
        !write!(world, tx => blobs::mark(tx, TENANT, blob, PRIMARY, state, after(3)).await),
        "a repair after the end is nobody's"
    );
}

async fn a_blob_is_gone_when_no_store_in_use_has_it(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "deleted").await;
    let (visibility, asset, blob) = (upload.visibility(), upload.asset, upload.blob);
    write!(world, tx => {
        for store in [PRIMARY, REPLICA, StoreRole::Former] {
            blobs::put_copy(tx, TENANT, blob, &BlobCopy::written(store, NOW)).await?;
        }
        assets::delete(tx, &visibility, asset, after(1)).await?;
        assert!(!blobs::drop_copy(tx, TENANT, blob, PRIMARY).await?, "it lives");
        blobs::condemn_unreferenced(tx, after(2), 10, after(2)).await
    });
    let condemned = read!(world, tx => blobs::condemned_in(tx, PRIMARY, 10).await);
    assert_eq!(condemned.len(), 1);
    assert!(write!(world, tx => blobs::drop_copy(tx, TENANT, blob, PRIMARY).await));
    let waiting = read!(world, tx => blobs::condemned_in(tx, REPLICA, 10).await);
    assert_eq!(waiting.len(), 1);
    assert_eq!(read!(world, tx => blobs::forsaken(tx, true, 10).await), []);
    // A replica that is not configured any more is not waited for, nor is what was moved from.
    let forsaken = read!(world, tx => blobs::forsaken(tx, false, 10).await);
    assert_eq!(forsaken.len(), 1);
    assert!(write!(world, tx => blobs::mark_gone(tx, TENANT, blob, after(3)).await));
    assert_eq!(
        read!(world, tx => blobs::copies(tx, TENANT, blob).await),
        []
    );
    // Should an object of it turn up again, it is swept.
    assert!(read!(world, tx => blobs::known(tx, &[blob]).await).is_empty());
}

async fn the_copy_looked_at_longest_ago_is_next(world: &World) {
    let ada = world.user("ada@example.org").await;
    let mut added = Vec::new();
    for (age, content) in [(3, "three"), (1, "one"), (2, "two")] {
        let blob = world.add(ada, content).await.blob;
        write!(world, tx => {
            blobs::put_copy(tx, TENANT, blob, &BlobCopy::written(PRIMARY, after(age))).await
        });
        added.push(blob);
    }
    let next = |before| async move {
        let found = read!(world, tx => blobs::unchecked(tx, PRIMARY, before, 10).await);
        found.iter().map(|blob| blob.id).collect::<Vec<_>>()
    };
    assert_eq!(next(after(3)).await, [added[1], added[2]]);
    let (suspect, looked_at) = (added[0], added[1]);
    write!(world, tx => {
        blobs::mark(tx, TENANT, looked_at, PRIMARY, CopyState::Damaged, after(9)).await?;
        blobs::suspect(tx, TENANT, suspect, PRIMARY).await
    });
    assert_eq!(next(after(9)).await, [added[0], added[2]]);
    assert_eq!(
        read!(world, tx => blobs::count_unchecked(tx, PRIMARY, after(9)).await),
        (2, 2 * SIZE)
    );
    let unsound = read!(world, tx => blobs::unsound(tx, PRIMARY, after(10), 10).await);
    assert_eq!(unsound.len(), 1);
    assert_eq!(
        read!(world, tx => blobs::unsound(tx, PRIMARY, after(9), 10).await),
        []
    );
    let sums = read!(world, tx => blobs::copy_sums(tx, PRIMARY).await);
    assert_eq!((sums.copies, sums.damaged, sums.missing), (3, 1, 0));
    assert_eq!(
        write!(world, tx => blobs::suspect_unsound(tx, PRIMARY).await),
        1
    );
    assert_eq!(
        write!(world, tx => blobs::all_missing(tx, PRIMARY).await),
        3
    );
    let sums = read!(world, tx => blobs::copy_sums(tx, PRIMARY).await);
    assert_eq!((sums.missing, sums.bytes), (3, 3 * SIZE));
}

fn finding(world: &World, blob: BlobId, at: Timestamp) -> Finding {
    Finding {
        tenant: TENANT,
        id: world.id(),
        blob,
        store: PRIMARY,
        kind: FindingKind::Damaged,
        reason: "frame 3 is not what was written".to_owned(),
        found_by: FoundBy::Scrub,
        found_at: at,
        outcome: FindingOutcome::Open,
        outcome_at: at,
        problem: None,
    }
}

async fn a_copy_is_found_wrong_once_until_something_becomes_of_it(world: &World) {
    let ada = world.user("ada@example.org").await;
    let blob = world.add(ada, "flipped").await.blob;
    let (first, again, later) = (
        finding(world, blob, NOW),
        finding(world, blob, after(1)),
        finding(world, blob, after(5)),
    );
    let (id, last) = (first.id, later.id);
    write!(world, tx => {
        assert!(findings::report(tx, &first).await?);
        assert!(!findings::report(tx, &again).await?);
        findings::not_repaired(tx, TENANT, blob, PRIMARY, "no replica").await
    });
    let open = read!(world, tx => findings::list(tx, true, None, 10).await).items;
    assert_eq!((open.len(), open[0].id), (1, id));
    assert_eq!(open[0].problem.as_deref(), Some("no replica"));
    write!(world, tx => {
        let repaired = FindingOutcome::Repaired;
        assert!(findings::conclude(tx, TENANT, blob, PRIMARY, repaired, after(3)).await?);
        assert!(!findings::conclude(tx, TENANT, blob, PRIMARY, repaired, after(4)).await?);
        assert_eq!(findings::open(tx).await?, 0);
        assert!(findings::report(tx, &later).await?);
        Ok(())
    });
    let page = read!(world, tx => findings::list(tx, false, None, 1).await);
    assert_eq!((page.items[0].id, page.next), (last, Some(last)));
    let page = read!(world, tx => findings::list(tx, false, page.next, 1).await);
    assert_eq!((page.items[0].id, page.next), (id, None));
    assert_eq!(page.items[0].outcome, FindingOutcome::Repaired);
    assert_eq!(page.items[0].outcome_at, after(3));
}

async fn findings_name_the_assets_and_no_locked_file(world: &World) {
    let (ada, ben) = (
        world.user("ada@example.org").await,
        world.user("ben@example.org").await,
    );
    let (hers, his) = (world.add(ada, "same").await, world.add(ben, "same").await);
    let (visibility, asset) = (his.visibility(), his.asset);
    let locked = assets::Patch {
        locked: Some(true),
        ..assets::Patch::default()
    };
    write!(world, tx => {
        assets::patch(tx, &visibility, asset, &locked, ben, None, NOW).await
    });
    let blob = hers.blob;
    let affected = read!(world, tx => findings::affected(tx, &[blob], 5).await);
    let names: Vec<_> = affected[&blob]
        .iter()
        .map(|one| (one.asset, one.file_name.as_deref(), one.owner_name.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            (hers.asset, Some("same.jpg"), "ada@example.org"),
            (his.asset, None, "ben@example.org")
        ]
    );
    let affected = read!(world, tx => findings::affected(tx, &[blob], 1).await);
    assert_eq!(affected[&blob].len(), 1);
}

async fn of_checks_one_runs(world: &World) {
    let run = |at| CheckRun {
        id: world.id(),
        state: CheckState::Running,
        started_by: "Ada".to_owned(),
        started_at: at,
        ended_at: None,
        tally: CheckTally {
            copies: 7,
            ..CheckTally::default()
        },
        message: None,
    };
    let (first, second) = (run(NOW), run(after(10)));
    let (id, late) = (first.id, second.clone());
    write!(world, tx => {
        assert!(check_runs::begin(tx, &first).await?);
        assert!(!check_runs::begin(tx, &late).await?);
        let more = CheckTally { checked: 3, found: 1, ..CheckTally::default() };
        assert!(check_runs::hold_up(tx, id, "the store is away").await?);
        assert!(check_runs::advance(tx, id, more).await?);
        check_runs::advance(tx, id, more).await
    });
    let running = read!(world, tx => check_runs::running(tx).await).expect("it runs");
    assert_eq!((running.tally.copies, running.tally.checked), (7, 6));
    assert_eq!((running.tally.found, running.message), (2, None));
    write!(world, tx => {
        assert!(check_runs::end(tx, None, CheckState::Cancelled, after(5)).await?);
        assert!(!check_runs::end(tx, Some(id), CheckState::Done, after(6)).await?);
        assert!(!check_runs::advance(tx, id, CheckTally::default()).await?, "it is over");
        assert!(check_runs::begin(tx, &second).await?);
        Ok(())
    });
    let latest = read!(world, tx => check_runs::latest(tx).await).expect("there is one");
    assert_eq!(latest.started_at, after(10));
    assert_eq!(
        write!(world, tx => check_runs::prune(tx, after(100)).await),
        1
    );
}

async fn stores_change_their_parts(world: &World) {
    let ada = world.user("ada@example.org").await;
    let blob = world.add(ada, "moved").await.blob;
    write!(world, tx => {
        assert!(!blobs::any_stored(tx).await?);
        blobs::put_copy(tx, TENANT, blob, &BlobCopy::written(PRIMARY, NOW)).await?;
        blobs::put_copy(tx, TENANT, blob, &BlobCopy::written(StoreRole::Next, after(1))).await?;
        blobs::recast(tx, PRIMARY, StoreRole::Former).await?;
        blobs::recast(tx, StoreRole::Next, PRIMARY).await?;
        assert!(blobs::any_stored(tx).await?);
        Ok(())
    });
    let copies = read!(world, tx => blobs::copies(tx, TENANT, blob).await);
    let moved = [
        BlobCopy::written(PRIMARY, after(1)),
        BlobCopy::written(StoreRole::Former, NOW),
    ];
    assert_eq!(copies, moved);
    assert_eq!(
        write!(world, tx => blobs::forget_store(tx, StoreRole::Former).await),
        1
    );
}

async fn those_who_look_after_the_vault_are_known(world: &World) {
    let (ada, ben) = (
        world.user("ada@example.org").await,
        world.user("ben@example.org").await,
    );
    write!(world, tx => {
        roles::assign(tx, TENANT, ada, "operator").await?;
        roles::assign(tx, TENANT, ada, "user").await?;
        roles::assign(tx, TENANT, ben, "user").await
    });
    let holders = read!(world, tx => roles::holders(tx, Permission::SystemMaintain).await);
    assert_eq!(holders, [(TENANT, ada)]);
}
