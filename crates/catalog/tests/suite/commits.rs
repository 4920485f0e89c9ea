//! What is special about SQLite's one writer.

use catalog::{Error, settings};
use serde_json::json;

use crate::world::{NOW, World};

#[tokio::test]
async fn waiting_for_anything_else_is_refused() {
    let world = World::sqlite().await;
    let outcome: Result<(), Error> = world
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

/// Every statement on a busy path finds its rows by an index that narrows further than the tenant.
#[tokio::test]
async fn busy_statements_do_not_read_a_whole_tenant() {
    let world = World::sqlite().await;
    let statements = [
        "SELECT id FROM version WHERE tenant = $1 AND asset = $1",
        "SELECT f.blob FROM version v JOIN version_file f ON f.tenant = v.tenant AND f.version = v.id \
         WHERE v.tenant = $1 AND v.asset = $1 ORDER BY f.blob",
        "SELECT id FROM session WHERE tenant = $1 AND app_user = $1 ORDER BY id DESC LIMIT 200",
        "UPDATE job SET lease_until = 1 WHERE state = 'running' AND lease_token = $1",
        "SELECT a.title FROM asset a JOIN content c ON c.tenant = a.tenant AND c.sha256 = a.sha256 \
         WHERE a.tenant = $1 AND a.owner = $1 AND a.trashed_at IS NULL AND (a.taken_sort, a.id) < ($1, $1) \
         ORDER BY a.taken_sort DESC, a.id DESC LIMIT 100",
        "SELECT kind FROM change WHERE {after_place} AND {settled} AND $1 = $1 ORDER BY {place_order} LIMIT 100",
    ];
    for statement in statements {
        let explained: &'static str =
            Box::leak(format!("EXPLAIN QUERY PLAN {statement}").into_boxed_str());
        let arguments = vec![
            1_i64.into();
            if statement.contains("{after_place}") {
                2
            } else {
                1
            }
        ];
        for on_a_reader in [false, true] {
            let arguments = arguments.clone();
            let plan = if on_a_reader {
                read!(world, tx => tx.rows(explained, arguments).await)
            } else {
                write!(world, tx => tx.rows(explained, arguments).await)
            };
            for row in plan {
                let mut row = row.of("plan");
                for column in ["id", "parent", "notused"] {
                    row.next::<i64>(column).expect("a number");
                }
                let line: String = row.next("detail").expect("text");
                let narrow = line.matches("=?").count() > 1
                    || line.contains("rowid>?")
                    || line.contains("lease_token=?");
                assert!(
                    !line.starts_with("SCAN") && (narrow || !line.starts_with("SEARCH")),
                    "{statement}\n{line}"
                );
            }
        }
    }
}
