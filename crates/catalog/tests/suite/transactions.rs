//! What a transaction promises, whatever its body does.

use std::collections::BTreeSet;

use catalog::{Error, Tx, settings};
use futures::FutureExt;
use serde_json::json;

use crate::world::{NOW, World};

on_both! {
    a_failing_body_hurts_nobody_else
    a_refusal_of_ones_own_rolls_back
    an_ignored_failure_rolls_back
    a_panic_comes_back_to_its_caller
    a_dropped_caller_leaves_nothing_open
    what_was_acknowledged_is_there_after_callers_were_dropped
    a_read_changes_nothing
    arguments_and_values_survive_the_trip
    a_closed_catalog_says_so
}

async fn put(tx: &mut Tx, name: &str) -> Result<(), Error> {
    settings::put(tx, name, &json!(true), NOW).await
}

async fn names(world: &World) -> BTreeSet<String> {
    let rows = read!(world, tx => tx.rows("SELECT name FROM setting", Vec::new()).await);
    rows.into_iter()
        .map(|row| row.of("setting").next("name").expect("a name"))
        .collect()
}

async fn a_failing_body_hurts_nobody_else(world: &World) {
    let bodies = (0..60).map(|number| {
        world.db.write(move |tx| {
            Box::pin(async move {
                put(tx, &format!("{number}")).await?;
                match number % 3 {
                    0 => Err(Error::Busy),
                    1 => tx
                        .execute("INSERT INTO no_such_table VALUES (1)", Vec::new())
                        .await
                        .map(drop),
                    _ => Ok(()),
                }
            })
        })
    });
    let outcomes = futures::future::join_all(bodies).await;
    let expected: BTreeSet<_> = (0..60)
        .filter(|number| number % 3 == 2)
        .map(|n| n.to_string())
        .collect();
    assert_eq!(names(world).await, expected);
    for (number, outcome) in outcomes.iter().enumerate() {
        match number % 3 {
            0 => assert!(matches!(outcome, Err(Error::Busy)), "{outcome:?}"),
            1 => assert!(matches!(outcome, Err(Error::Database(_))), "{outcome:?}"),
            _ => assert!(outcome.is_ok(), "{outcome:?}"),
        }
    }
}

async fn a_refusal_of_ones_own_rolls_back(world: &World) {
    #[derive(Debug)]
    enum Refusal {
        Quota,
        Catalog,
    }
    impl From<Error> for Refusal {
        fn from(_: Error) -> Self {
            Self::Catalog
        }
    }
    let refused: Result<(), Refusal> = world
        .db
        .write_as(|tx| {
            Box::pin(async move {
                put(tx, "half").await?;
                Err(Refusal::Quota)
            })
        })
        .await;
    assert!(matches!(refused, Err(Refusal::Quota)));
    let failed: Result<(), Refusal> = world
        .db
        .read_as(|tx| {
            Box::pin(async move { Ok(tx.rows("SELECT nonsense", Vec::new()).await.map(drop)?) })
        })
        .await;
    assert!(matches!(failed, Err(Refusal::Catalog)));
    assert!(names(world).await.is_empty());
}

/// On PostgreSQL a COMMIT after a failed statement is answered as if all were well.
async fn an_ignored_failure_rolls_back(world: &World) {
    let outcome = world
        .db
        .write(|tx| {
            Box::pin(async move {
                put(tx, "before").await?;
                let ignored = tx
                    .execute("INSERT INTO no_such_table VALUES (1)", Vec::new())
                    .await;
                assert!(ignored.is_err());
                assert!(
                    put(tx, "after").await.is_err(),
                    "the transaction is lost already"
                );
                Ok(())
            })
        })
        .await;
    assert!(matches!(outcome, Err(Error::Database(_))), "{outcome:?}");
    assert!(names(world).await.is_empty());
}

async fn a_panic_comes_back_to_its_caller(world: &World) {
    let panicking = std::panic::AssertUnwindSafe(world.db.write(|tx| {
        Box::pin(async move {
            put(tx, "half").await?;
            panic!("a defect");
            #[expect(unreachable_code, reason = "it gives the block its type")]
            Ok(())
        })
    }));
    let (panicked, fine) = tokio::join!(
        panicking.catch_unwind(),
        world
            .db
            .write(|tx| Box::pin(async move { put(tx, "whole").await })),
    );
    let panic = panicked.expect_err("the panic arrives");
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"a defect"));
    fine.expect("the other goes on");
    assert_eq!(names(world).await, ["whole".to_owned()].into());
}

/// Polls a write a few times and drops it, as a client does that hangs up.
async fn abandon(world: &World, name: String, polls: usize) {
    let mut write = Box::pin(
        world
            .db
            .write(move |tx| Box::pin(async move { put(tx, &name).await })),
    );
    for _ in 0..polls {
        if futures::poll!(write.as_mut()).is_ready() {
            return;
        }
        tokio::task::yield_now().await;
    }
}

async fn a_dropped_caller_leaves_nothing_open(world: &World) {
    for number in 0..40 {
        abandon(world, format!("dropped {number}"), number % 5 + 1).await;
    }
    // More than there are connections: each must be usable and outside of a transaction.
    for number in 0..20 {
        write!(world, tx => put(tx, &format!("kept {number}")).await);
    }
    if let Some(other) = world.another().await {
        let idle = other
            .read(|tx| {
                Box::pin(async move {
                    tx.rows(
                        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() \
                         AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid() \
                         AND clock_timestamp() - state_change > interval '5 seconds'",
                        Vec::new(),
                    )
                    .await
                })
            })
            .await
            .expect("it can be asked");
        assert!(idle.is_empty());
        other.close().await;
    }
}

/// The defect that ruled out another driver: acknowledged writes landed in a transaction that an
/// abandoned caller had left open, and went away with it.
async fn what_was_acknowledged_is_there_after_callers_were_dropped(world: &World) {
    let mut expected = BTreeSet::new();
    for number in 0..60 {
        abandon(world, format!("dropped {number}"), number % 4 + 1).await;
        write!(world, tx => put(tx, &format!("kept {number}")).await);
        expected.insert(format!("kept {number}"));
    }
    let found = match world.another().await {
        None => names(world).await,
        Some(other) => {
            // Another pool sees only what is committed.
            let rows = other
                .read(|tx| {
                    Box::pin(async move { tx.rows("SELECT name FROM setting", Vec::new()).await })
                })
                .await
                .expect("it can be read");
            other.close().await;
            rows.into_iter()
                .map(|row| row.of("setting").next("name").expect("a name"))
                .collect()
        }
    };
    assert!(
        found.is_superset(&expected),
        "lost: {:?}",
        expected.difference(&found)
    );
}

async fn a_read_changes_nothing(world: &World) {
    let refused = world
        .db
        .read(|tx| Box::pin(async move { put(tx, "no").await }))
        .await;
    assert!(matches!(refused, Err(Error::ReadOnly)), "{refused:?}");
    write!(world, tx => put(tx, "first").await);
    assert_eq!(names(world).await, ["first".to_owned()].into());
}

async fn arguments_and_values_survive_the_trip(world: &World) {
    // In reverse, because binding by first appearance would swap them.
    let found = write!(world, tx => {
        tx.execute(
            "INSERT INTO setting (updated_at, value, name) VALUES ($3, $2, $1)",
            vec!["nul \0 is replaced".into(), "{\"quote\": \"' $1 ?1 --\"}".into(), i64::MIN.into()],
        )
        .await?;
        tx.row("SELECT name, value, updated_at FROM setting WHERE name <> '$1 {none}'", Vec::new()).await
    });
    let mut row = found.expect("a row").of("setting");
    assert_eq!(
        row.next::<String>("name").expect("text"),
        "nul \u{fffd} is replaced"
    );
    let value: serde_json::Value = row.next("value").expect("JSON");
    assert_eq!(value, json!({"quote": "' $1 ?1 --"}));
    let wrong = row.next::<String>("updated_at");
    let Err(Error::Inconsistent { table, column, row }) = wrong else {
        panic!("a number is no text: {wrong:?}");
    };
    assert_eq!(
        (table, column, row.as_str()),
        ("setting", "updated_at", "nul \u{fffd} is replaced")
    );
}

async fn a_closed_catalog_says_so(world: &World) {
    write!(world, tx => put(tx, "kept").await);
    world.db.close().await;
    let refused = world
        .db
        .write(|tx| Box::pin(async move { put(tx, "late").await }))
        .await;
    assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    let refused = world
        .db
        .read(|tx| Box::pin(async move { settings::get(tx, "kept").await }))
        .await;
    assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    world.db.close().await;
}
