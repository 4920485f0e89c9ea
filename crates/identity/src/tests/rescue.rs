use super::world::remote;
use super::{Database, EMAIL, PASSWORD, World, on_each_database};
use crate::{Authority, Carrier, Error, NewPerson};

on_each_database!(
    a_reset_password_ends_all_sessions,
    nobody_is_reset_by_mistake,
    accounts_are_made_and_listed,
);

async fn a_reset_password_ends_all_sessions(database: Database) {
    let world = World::owned(database).await;
    let cookie = world.cookie().await;
    world.by_cookie(&cookie).await.expect("signed in");
    let password = world
        .identity
        .reset_password("ADA@example.org")
        .await
        .expect("an answer")
        .expect("there is such an account");
    assert_eq!(password.len(), 19);
    assert!(matches!(world.by_cookie(&cookie).await, Err(Error::SignIn)));
    assert!(matches!(
        world.login(PASSWORD).await,
        Err(Error::BadCredentials)
    ));
    world.login(&password).await.expect("the new password");
}

async fn nobody_is_reset_by_mistake(database: Database) {
    let world = World::owned(database).await;
    let none = world.identity.reset_password("eve@example.org").await;
    assert_eq!(none.expect("an answer"), None);
    world.login(PASSWORD).await.expect("nothing changed");
}

async fn accounts_are_made_and_listed(database: Database) {
    let world = World::owned(database).await;
    let (person, password) = world
        .identity
        .make_person(Authority::Console, wish("Bob@Example.ORG"))
        .await
        .expect("made");
    assert_eq!(person.account.email, "Bob@example.org");
    assert_eq!(person.account.name.as_deref(), Some("Bob"));
    let password = password.expect("a made-up one");
    world
        .identity
        .login("bob@example.org", password, Carrier::Cookie, &remote(1))
        .await
        .expect("the made-up password");
    let again = world
        .identity
        .make_person(Authority::Console, wish("bob@example.org"))
        .await;
    assert!(matches!(again, Err(Error::Taken { field: "email" })));
    let list = world.identity.list_users().await.expect("a list");
    let emails: Vec<_> = list
        .iter()
        .map(|person| person.account.email.as_str())
        .collect();
    assert_eq!(emails, [EMAIL, "Bob@example.org"]);
}

fn wish(email: &str) -> NewPerson {
    NewPerson {
        email: email.to_owned(),
        name: Some(" Bob ".to_owned()),
        roles: vec!["user".to_owned()],
        ..NewPerson::default()
    }
}
