use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Database, World, on_each_database};
use crate::{Error, Identity};

on_each_database!(
    a_token_ends,
    a_token_says_what_it_should,
    a_token_dies_with_its_session,
    forgeries_are_refused,
    verify_tells_whose_a_token_is,
);

async fn a_token_ends(database: Database) {
    let world = World::owned(database).await;
    let (access, _) = world.tokens().await;
    world.pass_seconds(899);
    world.by_bearer(&access).await.expect("a second to go");
    world.pass_seconds(1);
    assert!(matches!(world.by_bearer(&access).await, Err(Error::SignIn)));
}

async fn a_token_says_what_it_should(database: Database) {
    let world = World::owned(database).await;
    let (access, _) = world.tokens().await;
    let caller = world.by_bearer(&access).await.expect("a good token");
    let [header, claims] = [0, 1].map(|part| decoded(&access, part));
    assert_eq!(header["alg"], "HS256");
    assert_eq!(claims["sub"], json!(caller.user));
    assert_eq!(claims["tenant"], json!(caller.tenant));
    assert_eq!(claims["sid"], json!(caller.session()));
    assert_eq!(claims["role"], "admin");
    assert_eq!(claims["scopes"], json!(caller.permissions));
    assert_eq!(
        claims["exp"].as_i64(),
        claims["iat"].as_i64().map(|iat| iat + 900)
    );
}

async fn a_token_dies_with_its_session(database: Database) {
    let world = World::owned(database).await;
    let (access, refresh) = world.tokens().await;
    let caller = world.by_bearer(&access).await.expect("a good token");
    let peer = super::world::remote(1);
    world
        .identity
        .logout(&caller, &peer)
        .await
        .expect("signed out");
    assert!(matches!(world.by_bearer(&access).await, Err(Error::SignIn)));
    let refused = world.identity.refresh(&refresh, &peer).await;
    assert!(matches!(refused, Err(Error::SignIn)));
}

async fn forgeries_are_refused(database: Database) {
    let world = World::owned(database).await;
    let (access, _) = world.tokens().await;
    let parts: Vec<&str> = access.split('.').collect();
    let (header, claims, signature) = (parts[0], parts[1], parts[2]);
    let none = encoded(&json!({ "alg": "none", "typ": "JWT" }));
    let other = encoded(&json!({ "alg": "HS512", "typ": "JWT" }));
    let mut grown = decoded(&access, 1);
    grown["exp"] = json!(9_999_999_999_i64);
    let grown = encoded(&grown);
    let elsewhere = foreign(&world).await;
    for forged in [
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{other}.{claims}.{signature}"),
        format!("{header}.{grown}.{signature}"),
        format!("{header}.{claims}."),
        format!("{header}.{claims}"),
        format!("{header}.{claims}.{signature}.{signature}"),
        format!("{access}A"),
        elsewhere,
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "x".repeat(100_000),
    ] {
        assert!(
            matches!(world.by_bearer(&forged).await, Err(Error::SignIn)),
            "{forged:.60}"
        );
    }
    world.by_bearer(&access).await.expect("the genuine one");
}

/// A token for the same account and session, signed by a vault with another key.
async fn foreign(world: &World) -> String {
    let config = crate::Config {
        password_memory_kib: 8,
        ..crate::Config::default()
    };
    let entropy = std::sync::Arc::new(domain::SeededEntropy::new(99));
    let clock = std::sync::Arc::clone(&world.clock);
    let other = Identity::new(world.db.clone(), clock, entropy, config, [8; 32]).expect("valid");
    let sign_in = other
        .login(
            super::EMAIL,
            super::PASSWORD.to_owned(),
            crate::Carrier::Token,
            &super::world::remote(1),
        )
        .await
        .expect("the same accounts");
    super::world::tokens(sign_in).0
}

async fn verify_tells_whose_a_token_is(database: Database) {
    let world = World::owned(database).await;
    let (access, refresh) = world.tokens().await;
    let caller = world.by_bearer(&access).await.expect("a good token");
    let found = world
        .identity
        .verify(&access)
        .await
        .expect("an answer")
        .expect("good");
    assert_eq!(found.account.id, caller.user);
    assert_eq!(found.scopes, caller.permissions);
    let end = found.expires_at.expect("an end");
    assert_eq!(
        end.seconds(),
        domain::Clock::now(&*world.clock).seconds() + 900
    );
    for bad in [refresh.as_str(), "mvk_x", "", "a.b.c"] {
        assert_eq!(world.identity.verify(bad).await.expect("an answer"), None);
    }
    world.pass_seconds(900);
    assert_eq!(
        world.identity.verify(&access).await.expect("an answer"),
        None
    );
}

fn decoded(token: &str, part: usize) -> Value {
    let text = token.split('.').nth(part).expect("three parts");
    let bytes = URL_SAFE_NO_PAD.decode(text).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}
