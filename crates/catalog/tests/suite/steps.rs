//! Steps and the status that follows from them.

use catalog::assets;
use catalog::steps::{self, Failure, Planned, StepKey, StepState};
use domain::Status;

use crate::world::{NOW, TENANT, Upload, World};

on_both! {
    steps_go_their_way
    the_status_follows_the_steps
    steps_that_end_at_once_leave_the_right_status
    a_newer_program_plans_again
    a_step_may_end_with_less_than_there_is
}

const FAILURE: Failure<'static> = Failure {
    code: "damaged",
    message: "The file is damaged.",
    retryable: false,
};

fn key<'a>(upload: &Upload, name: &'a str) -> StepKey<'a> {
    StepKey {
        tenant: TENANT,
        asset: upload.asset,
        version: upload.version,
        name,
    }
}

async fn planned(world: &World) -> Upload {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "photo").await;
    plan(world, &upload, 1).await;
    upload
}

async fn plan(world: &World, upload: &Upload, step_version: u32) -> u64 {
    let upload = upload.clone();
    let step = move |name, picture| Planned {
        name,
        step_version,
        picture,
    };
    write!(world, tx => {
        let steps = [step("picture", true), step("colours", false)];
        steps::plan(tx, TENANT, upload.asset, upload.version, &steps).await
    })
}

async fn status(world: &World, upload: &Upload) -> Status {
    let asset = upload.asset;
    write!(world, tx => assets::recompute_status(tx, TENANT, asset, NOW).await)
        .expect("it is there")
}

async fn steps_go_their_way(world: &World) {
    let upload = planned(world).await;
    let done = upload.clone();
    write!(world, tx => {
        let picture = key(&done, "picture");
        assert!(!steps::finish(tx, picture, NOW).await?, "not begun");
        assert!(!steps::retry(tx, picture).await?, "not ended");
        assert!(steps::begin(tx, picture, NOW).await?);
        assert!(steps::postpone(tx, picture, FAILURE, NOW).await?);
        assert!(steps::begin(tx, picture, NOW).await?);
        assert!(steps::fail(tx, picture, FAILURE, NOW.plus_millis(5)).await?);
        assert!(!steps::begin(tx, picture, NOW).await?, "it has failed");
        let colours = key(&done, "colours");
        assert!(steps::cancel(tx, colours, NOW).await?);
        assert!(!steps::cancel(tx, colours, NOW).await?);
        assert!(!steps::begin(tx, colours, NOW).await?, "it was cancelled");
        assert!(!steps::begin(tx, key(&done, "other"), NOW).await?);
        Ok(())
    });
    let (visibility, asset) = (upload.visibility(), upload.asset);
    let listed = read!(world, tx => steps::list(tx, &visibility, asset).await);
    let names: Vec<_> = listed.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["picture", "colours"]);
    let picture = &listed[0];
    assert_eq!((picture.state, picture.attempts), (StepState::Failed, 2));
    assert_eq!(picture.finished_at, Some(NOW.plus_millis(5)));
    assert_eq!(picture.code.as_deref(), Some("damaged"));
    assert_eq!(listed[1].state, StepState::Cancelled);
    let visibility = upload.visibility();
    let problems = read!(world, tx => assets::get(tx, &visibility, asset).await)
        .expect("it is there")
        .problems;
    assert_eq!(problems.len(), 1);
    assert_eq!(
        (problems[0].step.as_str(), problems[0].message.as_str()),
        ("picture", FAILURE.message)
    );
    let again = upload.clone();
    assert!(write!(world, tx => steps::retry(tx, key(&again, "picture")).await));
}

async fn the_status_follows_the_steps(world: &World) {
    let upload = planned(world).await;
    assert_eq!(status(world, &upload).await, Status::Pending);
    let begun = upload.clone();
    write!(world, tx => steps::begin(tx, key(&begun, "picture"), NOW).await);
    assert_eq!(status(world, &upload).await, Status::Processing);
    let done = upload.clone();
    write!(world, tx => {
        steps::finish(tx, key(&done, "picture"), NOW).await?;
        steps::fail(tx, key(&done, "colours"), FAILURE, NOW).await
    });
    assert_eq!(status(world, &upload).await, Status::Partial);
    let retried = upload.clone();
    write!(world, tx => {
        steps::retry(tx, key(&retried, "colours")).await?;
        steps::begin(tx, key(&retried, "colours"), NOW).await?;
        steps::finish(tx, key(&retried, "colours"), NOW).await
    });
    assert_eq!(status(world, &upload).await, Status::Ready);
    plan(world, &upload, 2).await;
    let failed = upload.clone();
    write!(world, tx => {
        steps::fail(tx, key(&failed, "picture"), FAILURE, NOW).await?;
        steps::cancel(tx, key(&failed, "colours"), NOW).await
    });
    assert_eq!(status(world, &upload).await, Status::Failed);
    let nothing = world.id();
    assert_eq!(
        write!(world, tx => assets::recompute_status(tx, TENANT, nothing, NOW).await),
        None
    );
}

async fn steps_that_end_at_once_leave_the_right_status(world: &World) {
    let upload = planned(world).await;
    for round in 2..10 {
        plan(world, &upload, round).await;
        let begun = upload.clone();
        write!(world, tx => {
            steps::begin(tx, key(&begun, "picture"), NOW).await?;
            steps::begin(tx, key(&begun, "colours"), NOW).await
        });
        let ends = ["picture", "colours"].map(|name| {
            let upload = upload.clone();
            world.db.write(move |tx| {
                Box::pin(async move {
                    steps::finish(tx, key(&upload, name), NOW).await?;
                    assets::recompute_status(tx, TENANT, upload.asset, NOW).await
                })
            })
        });
        futures::future::try_join_all(ends)
            .await
            .expect("both commit");
        let (visibility, asset) = (upload.visibility(), upload.asset);
        let found =
            read!(world, tx => assets::get(tx, &visibility, asset).await).expect("it is there");
        assert_eq!(found.status, Status::Ready);
    }
}

async fn a_newer_program_plans_again(world: &World) {
    let upload = planned(world).await;
    assert_eq!(plan(world, &upload, 1).await, 0);
    assert_eq!(plan(world, &upload, 2).await, 2);
    let (visibility, asset) = (upload.visibility(), upload.asset);
    let listed = read!(world, tx => steps::list(tx, &visibility, asset).await);
    assert!(
        listed
            .iter()
            .all(|step| step.step_version == 2 && step.state == StepState::Waiting)
    );
}

async fn a_step_may_end_with_less_than_there_is(world: &World) {
    let upload = planned(world).await;
    let done = upload.clone();
    write!(world, tx => {
        for name in ["picture", "colours"] {
            assert!(steps::begin(tx, key(&done, name), NOW).await?);
        }
        assert!(steps::finish(tx, key(&done, "colours"), NOW).await?);
        steps::finish_in_part(tx, key(&done, "picture"), FAILURE, NOW).await
    });
    assert_eq!(status(world, &upload).await, Status::Partial);
    let (visibility, asset) = (upload.visibility(), upload.asset);
    let problems = read!(world, tx => assets::get(tx, &visibility, asset).await)
        .expect("it is there")
        .problems;
    assert_eq!(problems[0].code, FAILURE.code);
    let again = upload.clone();
    write!(world, tx => {
        assert!(steps::redo(tx, key(&again, "picture")).await?);
        assert!(!steps::redo(tx, key(&again, "picture")).await?, "it is open already");
        Ok(())
    });
    assert_eq!(status(world, &upload).await, Status::Processing);
}
