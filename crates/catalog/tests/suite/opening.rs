//! Opening a catalog: once at a time, and only one's own schema.

use catalog::{DataDirLock, Db, Error, settings};
use serde_json::json;

use crate::world::{NOW, World};

on_both! {
    opening_again_finds_what_was_stored
}

async fn opening_again_finds_what_was_stored(world: &World) {
    write!(world, tx => settings::put(tx, "kept", &json!(1), NOW).await);
    let db = world.reopen().await;
    let found = db
        .read(|tx| Box::pin(async move { settings::get(tx, "kept").await }))
        .await
        .expect("it can be read");
    assert_eq!(found, Some(json!(1)));
    db.write(|tx| {
        Box::pin(async move {
            tx.execute(
                "UPDATE migration SET checksum = 'edited' WHERE number = 1",
                Vec::new(),
            )
            .await
        })
    })
    .await
    .expect("it can be changed");
    db.close().await;
    let refused = world.try_reopen().await;
    assert!(matches!(refused, Err(Error::Schema(_))), "{refused:?}");
}

#[tokio::test]
async fn a_second_process_is_told_that_the_directory_is_in_use() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let lock = DataDirLock::acquire(dir.path()).expect("nobody has it");
    assert!(
        matches!(DataDirLock::acquire(dir.path()), Err(Error::InUse(path)) if path == dir.path())
    );
    let db = Db::open_sqlite(lock.clone())
        .await
        .expect("a fresh catalog");
    drop(lock);
    assert!(
        matches!(DataDirLock::acquire(dir.path()), Err(Error::InUse(_))),
        "the catalog holds it"
    );
    db.close().await;
    DataDirLock::acquire(dir.path()).expect("it was given back");
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_unavailable() {
    let refused = Db::open_postgres("postgres://postgres@127.0.0.1:1/none", 1).await;
    assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    let dir = tempfile::tempdir().expect("a temporary directory");
    let lock = DataDirLock::acquire(dir.path()).expect("nobody has it");
    std::fs::create_dir(dir.path().join("catalog.db")).expect("a directory in its place");
    let refused = Db::open_sqlite(lock).await;
    assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
}
