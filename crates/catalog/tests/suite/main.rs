//! What the catalog promises, run on every database it can stand on. A test body takes a [`World`];
//! `on_both!` makes two tests of it.

/// Runs each test body once on SQLite and once on PostgreSQL.
macro_rules! on_both {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(&crate::world::World::sqlite().await).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(&crate::world::World::postgres().await).await;
            })*
        }
    };
}

/// Runs one transaction: `write!(world, tx => users::count(tx, tenant).await)`.
macro_rules! write {
    ($world:expr, $tx:ident => $body:expr) => {
        $world
            .db
            .write(move |$tx| Box::pin(async move { $body }))
            .await
            .expect("the transaction commits")
    };
}

/// The same, for reading.
macro_rules! read {
    ($world:expr, $tx:ident => $body:expr) => {
        $world
            .db
            .read(move |$tx| Box::pin(async move { $body }))
            .await
            .expect("the read succeeds")
    };
}

mod assets;
mod blobs;
mod changes;
mod commits;
mod copies;
mod edits;
mod jobs;
mod opening;
mod people;
mod resumable;
mod sessions;
mod steps;
mod timeline;
mod transactions;
mod visibility;
mod world;
