//! Blobs: adopted once, counted, condemned only when nothing refers to them.

use catalog::blobs::{self, Adopted, BlobCopy, BlobState, CopyState, StoreRole};
use catalog::{Error, assets};
use domain::Timestamp;

use crate::world::{NOW, TENANT, World};

on_both! {
    of_many_adopters_one_wins
    old_objects_are_not_adopted
    condemning_spares_what_is_referred_to
    condemning_and_adopting_do_not_miss_each_other
    a_condemned_blob_is_never_revived
    a_wrong_count_is_corrected
    copies_are_noted
    the_sweep_asks_what_is_known
    a_scrub_walks_all_live_blobs
    lost_bytes_that_come_again_take_the_place_of_the_lost
}

const LATER: Timestamp = NOW.plus_millis(1000);

async fn of_many_adopters_one_wins(world: &World) {
    let ada = world.user("ada@example.org").await;
    let uploads: Vec<_> = (0..12).map(|_| world.upload(ada, "same")).collect();
    let adoptions = uploads.iter().cloned().map(|upload| {
        world
            .db
            .write(move |tx| Box::pin(async move { upload.adopt(tx).await }))
    });
    let adopted = futures::future::try_join_all(adoptions)
        .await
        .expect("all commit");
    let ours: Vec<_> = adopted
        .iter()
        .filter_map(|adopted| match adopted {
            Adopted::Ours(blob) => Some(blob.id),
            _ => None,
        })
        .collect();
    assert_eq!(ours.len(), 1);
    for adopted in &adopted {
        assert!(
            matches!(adopted, Adopted::Ours(blob) | Adopted::Existing(blob) if blob.id == ours[0])
        );
    }
}

async fn old_objects_are_not_adopted(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.upload(ada, "late");
    let adopted = write!(world, tx => {
        let object = upload.object();
        let finished = blobs::Finished {
            tenant: TENANT,
            id: upload.blob,
            sha256: upload.sha256,
            size: 1,
            stored_size: 1,
            object: &object,
            finished_at: NOW.plus_millis(-blobs::ADOPTABLE_MILLIS - 1),
        };
        blobs::adopt(tx, &finished, NOW).await
    });
    assert_eq!(adopted, Adopted::TooOld);
}

async fn condemning_spares_what_is_referred_to(world: &World) {
    let ada = world.user("ada@example.org").await;
    let kept = world.add(ada, "kept").await;
    let lone = world.upload(ada, "lone");
    let adopted = lone.clone();
    write!(world, tx => adopted.adopt(tx).await);
    assert_eq!(
        write!(world, tx => blobs::condemn_unreferenced(tx, NOW, 10, LATER).await),
        0,
        "too young"
    );
    assert_eq!(
        write!(world, tx => blobs::condemn_unreferenced(tx, LATER, 10, LATER).await),
        1
    );
    let condemned = read!(world, tx => blobs::forsaken(tx, true, 10).await);
    assert_eq!(
        condemned.iter().map(|blob| blob.id).collect::<Vec<_>>(),
        [lone.blob]
    );

    let deleted = {
        let kept = kept.clone();
        write!(world, tx => assets::delete(tx, &kept.visibility(), kept.asset, LATER).await)
            .expect("it was there")
    };
    assert_eq!(deleted.blobs, [kept.blob]);
    assert_eq!(
        write!(world, tx => blobs::condemn_unreferenced(tx, LATER.plus_millis(1), 10, LATER).await),
        1
    );
    assert!(write!(world, tx => blobs::mark_gone(tx, TENANT, kept.blob, LATER).await));
    assert!(!write!(world, tx => blobs::mark_gone(tx, TENANT, kept.blob, LATER).await));
    let gone =
        read!(world, tx => blobs::by_id(tx, TENANT, kept.blob).await).expect("its row stays");
    assert_eq!((gone.state, gone.refs), (BlobState::Gone, 0));
}

/// Uploads of bytes that are stored but unreferenced race with the keeper. Whoever wins, no asset may
/// end up with a blob that is not live.
async fn condemning_and_adopting_do_not_miss_each_other(world: &World) {
    let ada = world.user("ada@example.org").await;
    for round in 0..12 {
        let content = format!("round {round}");
        let before = world.upload(ada, &content);
        write!(world, tx => before.adopt(tx).await);
        let after = world.upload(ada, &content);
        let upload = after.clone();
        let commit = world
            .db
            .write(move |tx| Box::pin(async move { upload.commit(tx).await }));
        let condemn = world.db.write(|tx| {
            Box::pin(async move { blobs::condemn_unreferenced(tx, LATER, 10, LATER).await })
        });
        let (committed, condemned) = tokio::join!(commit, condemn);
        committed.expect("the upload is stored");
        condemned.expect("the keeper goes on");
        let files = {
            let after = after.clone();
            read!(world, tx => catalog::versions::files(tx, TENANT, after.version).await)
        };
        let blob = files[0].blob;
        let blob = read!(world, tx => blobs::by_id(tx, TENANT, blob).await).expect("it is there");
        assert_eq!((blob.state, blob.refs), (BlobState::Live, 1));
    }
}

async fn a_condemned_blob_is_never_revived(world: &World) {
    let ada = world.user("ada@example.org").await;
    let first = world.upload(ada, "same");
    let adopted = first.clone();
    write!(world, tx => adopted.adopt(tx).await);
    write!(world, tx => blobs::condemn_unreferenced(tx, LATER, 10, LATER).await);
    let second = world.add(ada, "same").await;
    let live = read!(world, tx => blobs::live(tx, TENANT, second.sha256).await)
        .expect("there is a live one");
    assert_eq!(live.id, second.blob);
    let version = catalog::versions::NewVersion {
        tenant: TENANT,
        id: world.id(),
        asset: second.asset,
        number: 2,
        file_name: "again.jpg",
        created_by: ada,
        created_at: NOW,
        files: &[],
        charged: true,
    };
    let files = [(
        catalog::versions::FileRole::Original,
        first.sha256,
        first.blob,
    )];
    let refused = world
        .db
        .write(move |tx| {
            Box::pin(async move {
                let version = catalog::versions::NewVersion {
                    files: &files,
                    ..version
                };
                catalog::versions::insert(tx, &version).await
            })
        })
        .await;
    assert!(
        matches!(refused, Err(Error::Conflict { .. })),
        "{refused:?}"
    );
}

async fn a_wrong_count_is_corrected(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "counted").await;
    assert!(write!(world, tx => blobs::recount(tx, NOW).await).is_empty());
    write!(world, tx => tx.execute("UPDATE blob SET refs = 0", Vec::new()).await);
    // The references themselves prove more than the count.
    assert_eq!(
        write!(world, tx => blobs::condemn_unreferenced(tx, LATER, 10, LATER).await),
        0
    );
    let corrected = write!(world, tx => blobs::recount(tx, NOW).await);
    assert_eq!(
        corrected,
        [blobs::Recounted {
            tenant: TENANT,
            id: upload.blob,
            refs: 1
        }]
    );
}

async fn copies_are_noted(world: &World) {
    let ada = world.user("ada@example.org").await;
    let blob = world.add(ada, "copied").await.blob;
    let copy = |store, state| BlobCopy {
        state,
        ..BlobCopy::written(store, NOW)
    };
    let written = [
        copy(StoreRole::Replica, CopyState::Missing),
        copy(StoreRole::Primary, CopyState::Present),
    ];
    write!(world, tx => {
        for copy in &written {
            blobs::put_copy(tx, TENANT, blob, copy).await?;
        }
        let (damaged, present) = (CopyState::Damaged, CopyState::Present);
        assert!(blobs::mark(tx, TENANT, blob, StoreRole::Primary, damaged, LATER).await?);
        assert!(blobs::mark(tx, TENANT, blob, StoreRole::Replica, present, LATER).await?);
        assert!(!blobs::mark(tx, TENANT, blob, StoreRole::Former, damaged, LATER).await?);
        Ok(())
    });
    let copies = read!(world, tx => blobs::copies(tx, TENANT, blob).await);
    let primary = copy(StoreRole::Primary, CopyState::Damaged);
    assert_eq!(
        copies,
        [primary, BlobCopy::written(StoreRole::Replica, LATER)]
    );
}

async fn the_sweep_asks_what_is_known(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "known").await;
    let (known, ids) = (upload.object(), [upload.blob, world.id()]);
    let asked = vec![known.clone(), "stray".to_owned(), "other".to_owned()];
    let found = read!(world, tx => blobs::live_by_objects(tx, &asked).await);
    assert_eq!(found, [(known, BlobState::Live)]);
    let found = read!(world, tx => blobs::known(tx, &ids).await);
    assert_eq!(found, [upload.blob].into());
    let asset = upload.asset;
    let owner = read!(world, tx => assets::owner(tx, TENANT, asset).await);
    assert_eq!(owner, Some(ada));
}

async fn a_scrub_walks_all_live_blobs(world: &World) {
    let ada = world.user("ada@example.org").await;
    let mut added = Vec::new();
    for content in ["a", "b", "c", "d", "e"] {
        added.push(world.add(ada, content).await.blob);
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = read!(world, tx => blobs::all(tx, after, 2).await);
        let Some(last) = page.last() else { break };
        after = Some((last.tenant, last.id));
        seen.extend(page.iter().map(|blob| blob.id));
    }
    assert_eq!(seen, added);
}

async fn lost_bytes_that_come_again_take_the_place_of_the_lost(world: &World) {
    let (ada, ben) = (
        world.user("ada@example.org").await,
        world.user("ben@example.org").await,
    );
    let (hers, his) = (world.add(ada, "same").await, world.add(ben, "same").await);
    let healed = |state: Option<CopyState>, again: crate::world::Upload| async move {
        write!(world, tx => {
            if let Some(state) = state {
                let copy = BlobCopy {
                    state,
                    ..BlobCopy::written(StoreRole::Primary, NOW)
                };
                let live = blobs::live(tx, TENANT, again.sha256).await?.expect("it is there");
                blobs::put_copy(tx, TENANT, live.id, &copy).await?;
            }
            let object = again.object();
            let finished = blobs::Finished {
                tenant: TENANT,
                id: again.blob,
                sha256: again.sha256,
                size: crate::world::SIZE,
                stored_size: crate::world::SIZE + 100,
                object: &object,
                finished_at: NOW,
            };
            blobs::heal(tx, &finished, LATER).await
        })
    };
    let again = world.upload(ada, "same");
    assert!(
        !healed(None, again.clone()).await,
        "nothing says that it is lost"
    );
    assert!(!healed(Some(CopyState::Present), again.clone()).await);
    assert!(healed(Some(CopyState::Missing), again.clone()).await);
    let live = read!(world, tx => blobs::live(tx, TENANT, hers.sha256).await).expect("it is there");
    assert_eq!((live.id, live.refs), (again.blob, 2));
    let lost = read!(world, tx => blobs::by_id(tx, TENANT, hers.blob).await).expect("it is kept");
    assert_eq!((lost.state, lost.refs), (BlobState::Condemned, 0));
    let files =
        read!(world, tx => catalog::versions::files_of(tx, &his.visibility(), his.asset).await);
    assert_eq!(files[0].blob, again.blob);
    assert!(
        !healed(None, world.upload(ben, "other")).await,
        "there is nothing to heal"
    );
}
