//! The verbs, each on both databases, with a clock that the test moves.

mod keys;
mod login;
mod nodes;
mod refresh;
mod register;
mod rescue;
mod sessions;
mod tokens;
mod world;

use world::{Database, EMAIL, PASSWORD, World};

/// Makes a test of each `async fn name(database: Database)` for each database.
macro_rules! on_each_database {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(testkit::Database::Sqlite).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                super::$name(testkit::Database::Postgres).await;
            })+
        }
    };
}
use on_each_database;
