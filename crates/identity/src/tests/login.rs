use catalog::users::{self, UserState};
use domain::TenantId;

use super::world::remote;
use super::{Database, EMAIL, PASSWORD, World, on_each_database};
use crate::{Carrier, Error, Grant, Via};

on_each_database!(
    the_right_password_signs_in,
    what_is_wrong_does_not_show,
    a_disabled_account_stays_out,
    an_account_waits_after_ten_failures,
    an_address_waits_after_thirty_failures,
    success_forgives_the_account_but_not_the_address,
    attempts_at_once_do_not_get_past_the_limit,
    a_weaker_hash_is_replaced,
    deeds_are_remembered,
);

async fn the_right_password_signs_in(database: Database) {
    let world = World::owned(database).await;
    let sign_in = world.login(PASSWORD).await.expect("the right password");
    assert_eq!(sign_in.account.email, EMAIL);
    let Grant::Token {
        access, expires_in, ..
    } = sign_in.grant
    else {
        panic!("tokens were asked for");
    };
    assert_eq!(expires_in, 900);
    let caller = world.by_bearer(&access).await.expect("a good token");
    assert_eq!(caller.user, sign_in.account.id);
    assert_eq!(caller.permissions, sign_in.account.permissions);
    assert!(matches!(caller.via, Via::Token(_)));
    let caller = world
        .by_cookie(&world.cookie().await)
        .await
        .expect("a good cookie");
    assert!(matches!(caller.via, Via::Session(_)));
}

async fn what_is_wrong_does_not_show(database: Database) {
    let world = World::owned(database).await;
    let long = "x".repeat(5000);
    for (email, password) in [
        (EMAIL, "wrong password"),
        ("nobody@example.org", PASSWORD),
        ("not an address", PASSWORD),
        (EMAIL, ""),
        (EMAIL, long.as_str()),
        (EMAIL, "correct horse battery\0"),
    ] {
        let refused = world
            .identity
            .login(email, password.to_owned(), Carrier::Token, &remote(1))
            .await;
        assert!(matches!(refused, Err(Error::BadCredentials)), "{email}");
    }
}

async fn a_disabled_account_stays_out(database: Database) {
    let world = World::owned(database).await;
    let cookie = world.cookie().await;
    let caller = world.by_cookie(&cookie).await.expect("still active");
    let now = domain::Clock::now(&*world.clock);
    world
        .db
        .write(move |tx| {
            Box::pin(users::set_state(
                tx,
                caller.tenant,
                caller.user,
                UserState::Disabled,
                now,
            ))
        })
        .await
        .expect("disabled");
    assert!(matches!(
        world.login(PASSWORD).await,
        Err(Error::BadCredentials)
    ));
    world.pass_seconds(2);
    assert!(matches!(world.by_cookie(&cookie).await, Err(Error::SignIn)));
}

async fn an_account_waits_after_ten_failures(database: Database) {
    let world = World::owned(database).await;
    for last in 0..10 {
        let refused = wrong(&world, EMAIL, last).await;
        assert!(matches!(refused, Error::BadCredentials));
        world.pass_seconds(1);
    }
    // From anywhere, and with the right password too; the first failure was ten seconds ago.
    let refused = world.login(PASSWORD).await;
    assert!(matches!(refused, Err(Error::Wait { seconds: 890 })));
    world.pass_seconds(889);
    assert!(matches!(
        world.login(PASSWORD).await,
        Err(Error::Wait { seconds: 1 })
    ));
    world.pass_seconds(1);
    world
        .login(PASSWORD)
        .await
        .expect("the first failure has left the window");
}

async fn an_address_waits_after_thirty_failures(database: Database) {
    let world = World::owned(database).await;
    for n in 0..30 {
        let email = format!("nobody{n}@example.org");
        assert!(matches!(
            wrong(&world, &email, 1).await,
            Error::BadCredentials
        ));
    }
    assert!(matches!(
        world.login(PASSWORD).await,
        Err(Error::Wait { .. })
    ));
    let elsewhere = world
        .identity
        .login(EMAIL, PASSWORD.to_owned(), Carrier::Token, &remote(2))
        .await;
    elsewhere.expect("another address need not wait");
}

async fn success_forgives_the_account_but_not_the_address(database: Database) {
    let world = World::owned(database).await;
    for _ in 0..3 {
        for _ in 0..9 {
            assert!(matches!(
                wrong(&world, EMAIL, 1).await,
                Error::BadCredentials
            ));
        }
        world
            .login(PASSWORD)
            .await
            .expect("nine failures are not ten");
    }
    for _ in 0..3 {
        assert!(matches!(
            wrong(&world, EMAIL, 1).await,
            Error::BadCredentials
        ));
    }
    assert!(matches!(
        world.login(PASSWORD).await,
        Err(Error::Wait { .. })
    ));
}

async fn attempts_at_once_do_not_get_past_the_limit(database: Database) {
    let world = World::owned(database).await;
    let attempts = (0..25).map(|last| wrong(&world, EMAIL, last));
    let mut checked = 0;
    for refused in futures::future::join_all(attempts).await {
        match refused {
            Error::BadCredentials => checked += 1,
            Error::Wait { .. } => {}
            other => panic!("{other}"),
        }
    }
    assert_eq!(checked, 10);
}

async fn a_weaker_hash_is_replaced(database: Database) {
    let world = World::owned(database).await;
    let before = stored(&world).await;
    world.login(PASSWORD).await.expect("signed in");
    assert_eq!(stored(&world).await, before);
    let stronger = world.restarted(|config| config.password_passes = 2);
    stronger
        .login(EMAIL, PASSWORD.to_owned(), Carrier::Token, &remote(1))
        .await
        .expect("the old hash still counts");
    let after = stored(&world).await;
    assert!(after.contains("t=2") && after != before);
    world
        .login(PASSWORD)
        .await
        .expect("the password is the same");
}

async fn deeds_are_remembered(database: Database) {
    let world = World::owned(database).await;
    world.pass_seconds(1);
    wrong(&world, EMAIL, 1).await;
    world.pass_seconds(1);
    let (access, _) = world.tokens().await;
    world.pass_seconds(1);
    let caller = world.by_bearer(&access).await.expect("a good token");
    world
        .identity
        .logout(&caller, &remote(1))
        .await
        .expect("signed out");
    let expected = [
        "account.registered",
        "session.refused",
        "session.started",
        "session.ended",
    ];
    assert_eq!(world.deeds().await, expected);
}

async fn wrong(world: &World, email: &str, last: u8) -> Error {
    world
        .identity
        .login(
            email,
            "not the password".to_owned(),
            Carrier::Token,
            &remote(last),
        )
        .await
        .expect_err("the wrong password")
}

async fn stored(world: &World) -> String {
    world
        .db
        .read(|tx| Box::pin(users::by_email(tx, TenantId::DEFAULT, EMAIL)))
        .await
        .expect("a read")
        .and_then(|user| user.password)
        .expect("a hash")
}
