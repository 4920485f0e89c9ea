use domain::Permissions;

use super::world::remote;
use super::{Database, World, on_each_database};
use crate::{Carrier, Error, NewKey};

on_each_database!(
    sessions_are_listed_with_the_current_one_marked,
    ending_one_leaves_the_others,
    nobody_ends_another_persons_session,
    a_key_ends_nothing,
    use_is_noted_once_a_minute,
);

async fn sessions_are_listed_with_the_current_one_marked(database: Database) {
    let world = World::owned(database).await;
    world.pass_seconds(1);
    let cookie = world.cookie().await;
    let caller = world.by_cookie(&cookie).await.expect("signed in");
    let list = world.identity.sessions(&caller).await.expect("a list");
    // The one of the registration and this one, which is newer.
    let carriers: Vec<_> = list.iter().map(|s| (s.carrier, s.is_current)).collect();
    assert_eq!(carriers, [(Carrier::Cookie, true), (Carrier::Token, false)]);
    assert_eq!(list[0].address.as_deref(), Some("203.0.113.1"));
    assert_eq!(list[0].agent.as_deref(), Some("test"));
}

async fn ending_one_leaves_the_others(database: Database) {
    let world = World::owned(database).await;
    let (here, there) = (world.cookie().await, world.cookie().await);
    let caller = world.by_cookie(&here).await.expect("signed in");
    let other = world.by_cookie(&there).await.expect("signed in");
    let id = other.session().expect("a session");
    let ended = world.identity.end_session(&caller, id, &remote(1)).await;
    assert_eq!(ended.expect("an answer"), Some(()));
    assert!(matches!(world.by_cookie(&there).await, Err(Error::SignIn)));
    world.by_cookie(&here).await.expect("still signed in");
    let again = world.identity.end_session(&caller, id, &remote(1)).await;
    assert_eq!(again.expect("an answer"), None);
}

async fn nobody_ends_another_persons_session(database: Database) {
    let world = World::owned(database).await;
    let cookie = world.cookie().await;
    let owner = world.by_cookie(&cookie).await.expect("signed in");
    let password = world.person("bob@example.org", &["user"]).await;
    let sign_in = world
        .identity
        .login("bob@example.org", password, Carrier::Token, &remote(2))
        .await
        .expect("signed in");
    let (access, _) = super::world::tokens(sign_in);
    let bob = world.by_bearer(&access).await.expect("signed in");
    let id = owner.session().expect("a session");
    let ended = world.identity.end_session(&bob, id, &remote(2)).await;
    assert_eq!(ended.expect("an answer"), None);
    world.by_cookie(&cookie).await.expect("still signed in");
}

async fn a_key_ends_nothing(database: Database) {
    let world = World::owned(database).await;
    let cookie = world.cookie().await;
    let caller = world.by_cookie(&cookie).await.expect("signed in");
    let wish = NewKey {
        name: "cli".to_owned(),
        scopes: None,
        expires_in_days: None,
    };
    let (_, key) = world
        .identity
        .make_key(&caller, wish, &remote(1))
        .await
        .expect("made");
    let by_key = world.by_bearer(&key).await.expect("a good key");
    assert_ne!(by_key.permissions, Permissions::NONE);
    let id = caller.session().expect("a session");
    let refused = world.identity.end_session(&by_key, id, &remote(1)).await;
    assert!(matches!(refused, Err(Error::InPerson)));
    // Signing out by key is nothing to complain about, but ends nothing either.
    world
        .identity
        .logout(&by_key, &remote(1))
        .await
        .expect("nothing to do");
    world.by_bearer(&key).await.expect("still good");
    world.by_cookie(&cookie).await.expect("still good");
}

async fn use_is_noted_once_a_minute(database: Database) {
    let world = World::owned(database).await;
    let cookie = world.cookie().await;
    let begun = domain::Clock::now(&*world.clock);
    let mut seen = Vec::new();
    for _ in 0..4 {
        world.pass_seconds(25);
        let caller = world.by_cookie(&cookie).await.expect("signed in");
        let list = world.identity.sessions(&caller).await.expect("a list");
        let current = list
            .iter()
            .find(|session| session.is_current)
            .expect("listed");
        seen.push((current.used_at.millis() - begun.millis()) / 1000);
    }
    assert_eq!(seen, [0, 0, 75, 75]);
}
