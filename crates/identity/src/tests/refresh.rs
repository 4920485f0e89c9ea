use super::world::{remote, tokens};
use super::{Database, World, on_each_database};
use crate::Error;

on_each_database!(
    each_token_works_once,
    a_spent_token_ends_the_session,
    so_does_one_spent_long_ago,
    of_two_refreshes_at_once_one_wins,
    what_was_never_ours_ends_nothing,
    a_cookie_is_no_refresh_token_nor_the_reverse,
    a_session_ends_when_unused,
    a_session_ends_after_a_year_however_used,
);

async fn each_token_works_once(database: Database) {
    let world = World::owned(database).await;
    let (first_access, first) = world.tokens().await;
    let (access, second) = tokens(refresh(&world, &first).await.expect("fresh"));
    assert_ne!(first, second);
    world
        .by_bearer(&access)
        .await
        .expect("the new access token");
    world
        .by_bearer(&first_access)
        .await
        .expect("the old one, until it ends");
    refresh(&world, &second).await.expect("fresh as well");
}

async fn a_spent_token_ends_the_session(database: Database) {
    let world = World::owned(database).await;
    let (_, first) = world.tokens().await;
    let (access, second) = tokens(refresh(&world, &first).await.expect("fresh"));
    assert!(matches!(
        refresh(&world, &first).await,
        Err(Error::TokenReused)
    ));
    assert!(matches!(world.by_bearer(&access).await, Err(Error::SignIn)));
    assert!(matches!(refresh(&world, &second).await, Err(Error::SignIn)));
    assert!(
        world
            .deeds()
            .await
            .contains(&"session.token_reused".to_owned())
    );
}

async fn so_does_one_spent_long_ago(database: Database) {
    let world = World::owned(database).await;
    let (_, first) = world.tokens().await;
    let mut token = first.clone();
    for _ in 0..4 {
        token = tokens(refresh(&world, &token).await.expect("fresh")).1;
    }
    assert!(matches!(
        refresh(&world, &first).await,
        Err(Error::TokenReused)
    ));
    assert!(matches!(refresh(&world, &token).await, Err(Error::SignIn)));
}

async fn of_two_refreshes_at_once_one_wins(database: Database) {
    let world = World::owned(database).await;
    let (_, token) = world.tokens().await;
    let (one, other) = tokio::join!(refresh(&world, &token), refresh(&world, &token));
    assert!(one.is_ok() != other.is_ok());
    let loser = one.err().or(other.err()).expect("one lost");
    assert!(matches!(loser, Error::TokenReused));
}

async fn what_was_never_ours_ends_nothing(database: Database) {
    let world = World::owned(database).await;
    let (_, token) = world.tokens().await;
    for at in [0, 30, 60, 85] {
        let mut forged = token.clone().into_bytes();
        forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).expect("ASCII");
        assert!(matches!(refresh(&world, &forged).await, Err(Error::SignIn)));
    }
    for text in ["", "x", "mvk_x", &"A".repeat(86), &"A".repeat(100_000)] {
        assert!(matches!(refresh(&world, text).await, Err(Error::SignIn)));
    }
    refresh(&world, &token).await.expect("still good");
}

async fn a_cookie_is_no_refresh_token_nor_the_reverse(database: Database) {
    let world = World::owned(database).await;
    let cookie = world.cookie().await;
    assert!(matches!(refresh(&world, &cookie).await, Err(Error::SignIn)));
    world.by_cookie(&cookie).await.expect("still good");
    let (_, token) = world.tokens().await;
    assert!(matches!(world.by_cookie(&token).await, Err(Error::SignIn)));
}

async fn a_session_ends_when_unused(database: Database) {
    let world = World::owned(database).await;
    let (cookie, (_, token)) = (world.cookie().await, world.tokens().await);
    world.pass_days(29);
    world.by_cookie(&cookie).await.expect("used in time");
    let (_, token) = tokens(refresh(&world, &token).await.expect("used in time"));
    world.pass_days(29);
    world.by_cookie(&cookie).await.expect("used in time again");
    world.pass_days(1);
    assert!(matches!(refresh(&world, &token).await, Err(Error::SignIn)));
    world.pass_days(29);
    assert!(matches!(world.by_cookie(&cookie).await, Err(Error::SignIn)));
}

async fn a_session_ends_after_a_year_however_used(database: Database) {
    let world = World::owned(database).await;
    let (cookie, (_, mut token)) = (world.cookie().await, world.tokens().await);
    for _ in 0..18 {
        world.pass_days(20);
        world.by_cookie(&cookie).await.expect("in use");
        token = tokens(refresh(&world, &token).await.expect("in use")).1;
    }
    world.pass_days(5);
    assert!(matches!(world.by_cookie(&cookie).await, Err(Error::SignIn)));
    assert!(matches!(refresh(&world, &token).await, Err(Error::SignIn)));
}

async fn refresh(world: &World, token: &str) -> Result<crate::SignIn, Error> {
    world.identity.refresh(token, &remote(1)).await
}
