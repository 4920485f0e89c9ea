use std::sync::Arc;

use domain::SeededEntropy;

use super::{Hasher, Match, check, is_possible};
use crate::{Config, Error};

fn hasher(change: impl FnOnce(&mut Config)) -> Hasher {
    let mut config = Config {
        password_memory_kib: 8,
        password_passes: 1,
        ..Config::default()
    };
    change(&mut config);
    Hasher::new(&config, Arc::new(SeededEntropy::new(1))).expect("valid parameters")
}

#[test]
fn length_counts_in_characters_below_and_in_bytes_above() {
    assert!(check("password", "123456789").is_err());
    assert!(check("password", "1234567890").is_ok());
    assert!(check("password", "ääääääääää").is_ok());
    assert!(check("password", &"x".repeat(1024)).is_ok());
    assert!(check("password", &"x".repeat(1025)).is_err());
    assert!(check("password", "0123456789\0").is_err());
    assert!(is_possible("short ones may be stored from older rules"));
}

#[tokio::test]
async fn a_hash_matches_its_password_alone() {
    let hasher = hasher(|_| {});
    let hash = hasher
        .hash("the password".to_owned())
        .await
        .expect("hashed");
    assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    let verify = |password: &str| hasher.verify(password.to_owned(), Some(hash.clone()));
    assert_eq!(verify("the password").await.expect("checked"), Match::Yes);
    assert_eq!(verify("the passwore").await.expect("checked"), Match::No);
    let again = hasher
        .hash("the password".to_owned())
        .await
        .expect("hashed");
    assert_ne!(hash, again, "each has its own salt");
}

#[tokio::test]
async fn without_an_account_nothing_matches() {
    let hasher = hasher(|_| {});
    for password in ["nobody has this password", "anything else"] {
        let verdict = hasher.verify(password.to_owned(), None).await;
        assert_eq!(verdict.expect("checked"), Match::No);
    }
}

#[tokio::test]
async fn other_parameters_make_a_hash_outdated() {
    let old = hasher(|_| {})
        .hash("the password".to_owned())
        .await
        .expect("hashed");
    for changed in [
        hasher(|config| config.password_memory_kib = 16),
        hasher(|config| config.password_passes = 2),
    ] {
        let verdict = changed
            .verify("the password".to_owned(), Some(old.clone()))
            .await;
        assert_eq!(verdict.expect("checked"), Match::Outdated);
    }
}

#[tokio::test]
async fn too_many_at_once_are_refused() {
    let hasher = hasher(|config| config.password_parallel = 1);
    let attempts = (0..40).map(|_| hasher.verify("a password".to_owned(), None));
    let results = futures::future::join_all(attempts).await;
    let busy = results
        .iter()
        .filter(|result| matches!(result, Err(Error::Busy)))
        .count();
    assert_eq!(busy, 40 - 17);
    hasher
        .verify("a password".to_owned(), None)
        .await
        .expect("there is room again");
}

#[tokio::test]
async fn a_damaged_hash_is_a_defect_and_no_match() {
    let hasher = hasher(|_| {});
    let damaged = Some("$argon2id$nonsense".to_owned());
    let verdict = hasher.verify("x".to_owned(), damaged).await;
    assert!(matches!(verdict, Err(Error::Defect(_))));
}
