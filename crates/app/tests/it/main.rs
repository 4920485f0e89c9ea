//! The one integration-test binary: the real program in a process of its own, spoken to over HTTP
//! and by its command line. Modules mirror the routes and commands.

mod access;
mod admin;
mod assets;
mod attacks;
mod audit;
mod auth;
mod book;
mod bucket;
mod cli;
mod collections;
mod config;
mod copies;
mod crash;
mod export;
mod faketime;
mod folders;
mod hostile_http;
mod imports;
mod limits;
mod openapi;
mod operations;
mod outages;
mod people;
mod shares;
mod takeout;
mod tus;
mod verify;

use testkit::{Vault, VaultBuilder};

/// A vault of the binary under test.
fn vault() -> VaultBuilder {
    Vault::builder(env!("CARGO_BIN_EXE_mediavault"))
}

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
