use std::os::unix::fs::PermissionsExt as _;

use catalog::DataDirLock;

use super::{Verdict, database, directory, machine, running};
use crate::config::{Config, Secret};

fn config(dir: &std::path::Path) -> Config {
    Config {
        data_dir: dir.to_owned(),
        listen: "127.0.0.1:0".parse().expect("an address"),
        ..Config::default()
    }
}

#[test]
fn a_data_directory_is_private_and_writable_or_said_not_to_be() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mode = |mode| {
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(mode))
            .expect("changed")
    };
    mode(0o700);
    assert_eq!(directory::look(dir.path()).verdict, Verdict::Fine);
    mode(0o755);
    assert_eq!(directory::look(dir.path()).verdict, Verdict::Limited);
    assert_eq!(
        directory::look(&dir.path().join("new")).verdict,
        Verdict::Fine
    );
    std::fs::write(dir.path().join("file"), "x").expect("written");
    assert_eq!(
        directory::look(&dir.path().join("file")).verdict,
        Verdict::Broken
    );
}

#[tokio::test]
async fn a_lock_without_an_answer_is_suspicious() {
    // Every HTTP client wants a TLS provider; another test may have installed it.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let dir = tempfile::tempdir().expect("a temporary directory");
    assert_eq!(
        running::look(&config(dir.path())).await.words,
        "not running"
    );
    let lock = DataDirLock::acquire(dir.path()).expect("free");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let listen = listener.local_addr().expect("its address");
    drop(listener);
    let found = running::look(&Config {
        listen,
        ..config(dir.path())
    })
    .await;
    assert_eq!(found.verdict, Verdict::Broken);
    drop(lock);
    assert_eq!(
        running::look(&config(dir.path())).await.verdict,
        Verdict::Fine
    );
}

#[tokio::test]
async fn a_database_is_there_or_will_be() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    assert_eq!(
        database::look(&config(dir.path())).await.verdict,
        Verdict::Fine
    );
    std::fs::write(dir.path().join("catalog.db"), "this is no database").expect("written");
    assert_eq!(
        database::look(&config(dir.path())).await.verdict,
        Verdict::Broken
    );
    let nowhere = Some(Secret::new("postgres://u:hunter2@127.0.0.1:1/v"));
    let found = database::look(&Config {
        database_url: nowhere,
        ..config(dir.path())
    })
    .await;
    assert_eq!(found.verdict, Verdict::Broken);
    assert!(!found.words.contains("hunter2"), "{}", found.words);
}

#[test]
fn a_full_disk_is_broken() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut config = config(dir.path());
    config.service.min_free_space = 1;
    assert_eq!(machine::space(&config).verdict, Verdict::Fine);
    config.service.min_free_space = u64::MAX;
    assert_eq!(machine::space(&config).verdict, Verdict::Broken);
}
