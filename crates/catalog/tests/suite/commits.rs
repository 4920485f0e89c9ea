//! What is special about SQLite's one writer.

use catalog::{Error, settings};
use serde_json::json;

use crate::world::{NOW, World};

#[tokio::test]
async fn waiting_for_anything_else_is_refused() {
    let world = World::sqlite().await;
    let outcome = world
        .db
        .write(|tx| {
            Box::pin(async move {
                settings::put(tx, "half", &json!(1), NOW).await?;
                std::future::pending().await
            })
        })
        .await;
    assert!(matches!(outcome, Err(Error::Database(_))), "{outcome:?}");
    assert_eq!(read!(world, tx => settings::get(tx, "half").await), None);
}

/// SQLite gives up the whole group when the disk is full: everybody in it must hear of it, and
/// nobody be told that theirs was stored.
#[tokio::test]
async fn a_full_disk_fails_the_group_and_nothing_else() {
    let world = World::sqlite().await;
    write!(world, tx => settings::put(tx, "before", &json!(1), NOW).await);
    let pages = write!(world, tx => tx.row("PRAGMA page_count", Vec::new()).await);
    let pages: i64 = pages
        .expect("a row")
        .of("pragma")
        .next("page_count")
        .expect("a number");
    assert!(pages < 200, "{pages}");
    write!(world, tx => tx.rows("PRAGMA max_page_count = 200", Vec::new()).await);
    let large = "x".repeat(100_000);
    let writes = (0..40).map(|number| {
        let large = large.clone();
        world.db.write(move |tx| {
            Box::pin(async move {
                settings::put(tx, &format!("large {number}"), &json!(large), NOW).await
            })
        })
    });
    let outcomes = futures::future::join_all(writes).await;
    assert!(
        outcomes
            .iter()
            .any(|outcome| matches!(outcome, Err(Error::StorageFull)))
    );
    for (number, outcome) in outcomes.iter().enumerate() {
        assert!(
            matches!(outcome, Ok(()) | Err(Error::StorageFull)),
            "{outcome:?}"
        );
        let stored =
            read!(world, tx => settings::get(tx, &format!("large {number}")).await).is_some();
        assert_eq!(stored, outcome.is_ok(), "{number}");
    }
    assert!(read!(world, tx => settings::get(tx, "before").await).is_some());
    write!(world, tx => tx.rows("PRAGMA max_page_count = 100000", Vec::new()).await);
    write!(world, tx => settings::put(tx, "after", &json!(1), NOW).await);
}
