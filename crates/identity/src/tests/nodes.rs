use super::world::remote;
use super::{Database, World, on_each_database};
use crate::{Credential, Error};

on_each_database!(
    revocation_reaches_other_nodes_within_two_seconds,
    a_token_of_one_node_is_good_on_another,
);

async fn revocation_reaches_other_nodes_within_two_seconds(database: Database) {
    let world = World::owned(database).await;
    let other = world.another_node();
    let cookie = world.cookie().await;
    let caller = world.by_cookie(&cookie).await.expect("signed in");
    other
        .authenticate(Credential::Cookie(&cookie))
        .await
        .expect("signed in there too");
    world
        .identity
        .logout(&caller, &remote(1))
        .await
        .expect("signed out");
    assert!(matches!(world.by_cookie(&cookie).await, Err(Error::SignIn)));
    world.clock.advance_millis(2000);
    let there = other.authenticate(Credential::Cookie(&cookie)).await;
    assert!(matches!(there, Err(Error::SignIn)));
}

async fn a_token_of_one_node_is_good_on_another(database: Database) {
    let world = World::owned(database).await;
    let (access, refresh) = world.tokens().await;
    let other = world.another_node();
    other
        .authenticate(Credential::Bearer(&access))
        .await
        .expect("the same key");
    other
        .refresh(&refresh, &remote(1))
        .await
        .expect("the same catalog");
    let spent = world.identity.refresh(&refresh, &remote(1)).await;
    assert!(matches!(spent, Err(Error::TokenReused)));
}
