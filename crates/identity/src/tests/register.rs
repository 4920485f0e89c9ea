use domain::Permissions;

use super::world::{account, loopback, remote};
use super::{Database, EMAIL, PASSWORD, World, on_each_database};
use crate::{Carrier, Error, NewAccount, Registration};

on_each_database!(
    the_first_at_the_machine_owns_the_vault,
    the_first_from_elsewhere_needs_the_code,
    a_wrong_code_does_not_spend_the_right_one,
    a_code_works_once,
    a_new_code_replaces_the_old,
    of_two_first_accounts_one_wins,
    later_accounts_follow_the_policy,
    an_address_is_taken_whatever_its_case,
    what_is_wrong_is_named,
    guessing_the_code_is_slowed_down,
    a_new_account_gets_the_default_quota,
);

async fn the_first_at_the_machine_owns_the_vault(database: Database) {
    let world = World::empty(database).await;
    let state = world.identity.state(&loopback()).await.expect("a state");
    assert!(state.setup_needed && !state.setup_code_needed);
    let sign_in = world.register(EMAIL, &loopback()).await.expect("made");
    assert_eq!(sign_in.account.roles, ["admin", "operator", "user"]);
    assert!(
        sign_in
            .account
            .permissions
            .has(domain::Permission::SystemMaintain)
    );
    assert_eq!(world.deeds().await, ["account.registered"]);
    let state = world.identity.state(&remote(1)).await.expect("a state");
    assert!(!state.setup_needed && !state.setup_code_needed);
    assert_eq!(state.registration, Registration::Invite);
}

async fn the_first_from_elsewhere_needs_the_code(database: Database) {
    let world = World::empty(database).await;
    let state = world.identity.state(&remote(1)).await.expect("a state");
    assert!(state.setup_needed && state.setup_code_needed);
    let refused = world.register(EMAIL, &remote(1)).await;
    assert!(matches!(refused, Err(Error::SetupCode)));
    let code = code(&world).await;
    let typed = code.to_lowercase().replace('-', " ");
    let sign_in = with_code(&world, EMAIL, &typed)
        .await
        .expect("the right code");
    assert_ne!(sign_in.account.permissions, Permissions::NONE);
}

async fn a_wrong_code_does_not_spend_the_right_one(database: Database) {
    let world = World::empty(database).await;
    let code = code(&world).await;
    let refused = with_code(&world, EMAIL, "0000-0000-0000").await;
    assert!(matches!(refused, Err(Error::SetupCode)));
    assert!(
        world
            .identity
            .list_users()
            .await
            .expect("a list")
            .is_empty()
    );
    with_code(&world, EMAIL, &code)
        .await
        .expect("the right code");
}

async fn a_code_works_once(database: Database) {
    let world = World::with(database, |c| c.registration = Registration::Closed).await;
    let code = code(&world).await;
    with_code(&world, EMAIL, &code)
        .await
        .expect("the right code");
    let refused = with_code(&world, "eve@example.org", &code).await;
    assert!(matches!(refused, Err(Error::RegistrationClosed)));
    let none = world.identity.setup_code(None).await.expect("an answer");
    assert_eq!(none, None);
}

async fn a_new_code_replaces_the_old(database: Database) {
    let world = World::empty(database).await;
    let old = code(&world).await;
    let chosen = world.identity.setup_code(Some("tulip-tulip")).await;
    assert_eq!(chosen.expect("long enough").as_deref(), Some("tulip-tulip"));
    let refused = with_code(&world, EMAIL, &old).await;
    assert!(matches!(refused, Err(Error::SetupCode)));
    with_code(&world, EMAIL, "TulipTulip")
        .await
        .expect("the new one");
    let world = World::empty(database).await;
    let short = world.identity.setup_code(Some("tulip")).await;
    assert!(matches!(
        short,
        Err(Error::Field {
            field: "setup_code",
            ..
        })
    ));
}

async fn of_two_first_accounts_one_wins(database: Database) {
    let world = World::empty(database).await;
    let code = code(&world).await;
    let (here, there) = (world.identity.clone(), world.another_node());
    let (at_machine, elsewhere) = (loopback(), remote(1));
    let (one, other) = tokio::join!(
        here.register(account("one@example.org"), Carrier::Token, &at_machine),
        there.register(
            NewAccount {
                setup_code: Some(code),
                ..account("other@example.org")
            },
            Carrier::Token,
            &elsewhere
        ),
    );
    assert_ne!(one.is_ok(), other.is_ok());
    let loser = one.err().or(other.err()).expect("one lost");
    assert!(matches!(
        loser,
        Error::SetupCode | Error::RegistrationClosed
    ));
    assert_eq!(world.identity.list_users().await.expect("a list").len(), 1);
}

async fn later_accounts_follow_the_policy(database: Database) {
    let world = World::owned(database).await;
    let invited = world.register("bob@example.org", &loopback()).await;
    assert!(matches!(invited, Err(Error::RegistrationClosed)));
    let open = world.restarted(|config| config.registration = Registration::Open);
    let sign_in = open
        .register(account("bob@example.org"), Carrier::Cookie, &remote(1))
        .await
        .expect("open to all");
    assert_eq!(sign_in.account.roles, ["user"]);
    assert!(
        !sign_in
            .account
            .permissions
            .has(domain::Permission::UsersManage)
    );
}

async fn an_address_is_taken_whatever_its_case(database: Database) {
    let world = World::owned(database).await;
    let open = world.restarted(|config| config.registration = Registration::Open);
    let taken = open
        .register(account(" Ada@EXAMPLE.org "), Carrier::Token, &remote(1))
        .await;
    assert!(matches!(taken, Err(Error::Taken { field: "email" })));
}

async fn what_is_wrong_is_named(database: Database) {
    let world = World::empty(database).await;
    let good = || account(EMAIL);
    let long = "x".repeat(101);
    let cases = [
        (
            "email",
            NewAccount {
                email: "nobody".to_owned(),
                ..good()
            },
        ),
        (
            "password",
            NewAccount {
                password: "123456789".to_owned(),
                ..good()
            },
        ),
        (
            "password",
            NewAccount {
                password: "x".repeat(1025),
                ..good()
            },
        ),
        (
            "password",
            NewAccount {
                password: "long enough\0".to_owned(),
                ..good()
            },
        ),
        (
            "name",
            NewAccount {
                name: Some(long),
                ..good()
            },
        ),
        (
            "name",
            NewAccount {
                name: Some("a\nb".to_owned()),
                ..good()
            },
        ),
    ];
    for (expected, wish) in cases {
        let refused = world
            .identity
            .register(wish, Carrier::Token, &loopback())
            .await;
        match refused {
            Err(Error::Field { field, .. }) => assert_eq!(field, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
    // Ten characters are enough, however many bytes they take.
    let wish = NewAccount {
        password: "🗝".repeat(10),
        ..good()
    };
    world
        .identity
        .register(wish, Carrier::Token, &loopback())
        .await
        .expect("long enough");
}

async fn guessing_the_code_is_slowed_down(database: Database) {
    let world = World::with(database, |c| c.address_failures = 3).await;
    let code = code(&world).await;
    for _ in 0..3 {
        let refused = with_code(&world, EMAIL, "wrong").await;
        assert!(matches!(refused, Err(Error::SetupCode)));
    }
    let refused = with_code(&world, EMAIL, &code).await;
    assert!(matches!(refused, Err(Error::Wait { seconds: 900 })));
    world.pass_seconds(900);
    with_code(&world, EMAIL, &code)
        .await
        .expect("after the wait");
}

async fn a_new_account_gets_the_default_quota(database: Database) {
    let world = World::with(database, |c| c.default_quota = 1 << 30).await;
    let sign_in = world.register(EMAIL, &loopback()).await.expect("made");
    assert_eq!(sign_in.account.quota, Some(1 << 30));
}

async fn code(world: &World) -> String {
    world
        .identity
        .setup_code(None)
        .await
        .expect("an answer")
        .expect("a code while there is no account")
}

async fn with_code(world: &World, email: &str, code: &str) -> Result<crate::SignIn, Error> {
    let wish = NewAccount {
        password: PASSWORD.to_owned(),
        setup_code: Some(code.to_owned()),
        ..account(email)
    };
    world
        .identity
        .register(wish, Carrier::Token, &remote(1))
        .await
}
