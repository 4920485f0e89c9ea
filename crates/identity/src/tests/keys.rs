use catalog::roles;
use domain::{Permission, Permissions, Role};

use super::world::remote;
use super::{Database, World, on_each_database};
use crate::{Caller, Error, NewKey, Via};

on_each_database!(
    a_key_is_its_owner_within_its_scopes,
    a_key_never_allows_more_than_its_owner_may,
    a_revoked_key_is_refused_at_once,
    a_key_ends,
    a_key_makes_no_key,
    keys_are_listed_without_their_secret,
    what_is_wrong_is_named,
    only_the_owner_revokes,
    invented_keys_are_refused,
);

async fn a_key_is_its_owner_within_its_scopes(database: Database) {
    let world = World::owned(database).await;
    let owner = owner(&world).await;
    let scopes = set(&[Permission::AssetsRead, Permission::AssetsWrite]);
    let (info, key) = make(&world, &owner, Some(scopes), None)
        .await
        .expect("made");
    assert!(key.starts_with("mvk_") && key.len() == 47 && key.starts_with(&info.prefix));
    let caller = world.by_bearer(&key).await.expect("a good key");
    assert_eq!((caller.user, caller.permissions), (owner.user, scopes));
    assert_eq!(caller.via, Via::Key(info.id));
    caller.require(Permission::AssetsRead).expect("in scope");
    let refused = caller.require(Permission::AssetsDelete);
    assert!(matches!(
        refused,
        Err(Error::NotAllowed(Permission::AssetsDelete))
    ));
    let account = world.identity.account(&caller).await.expect("an account");
    assert_eq!(account.permissions, scopes);
}

async fn a_key_never_allows_more_than_its_owner_may(database: Database) {
    let world = World::owned(database).await;
    let owner = owner(&world).await;
    let (_, key) = make(&world, &owner, None, None).await.expect("made");
    let caller = world.by_bearer(&key).await.expect("a good key");
    caller
        .require(Permission::SystemMaintain)
        .expect("an operator's key");
    world
        .db
        .write(move |tx| {
            Box::pin(roles::unassign(
                tx,
                owner.tenant,
                owner.user,
                Role::Operator.as_str(),
            ))
        })
        .await
        .expect("unassigned");
    world.pass_seconds(2);
    let caller = world.by_bearer(&key).await.expect("a good key");
    assert!(caller.require(Permission::SystemMaintain).is_err());
    caller
        .require(Permission::AssetsRead)
        .expect("still a user's key");
}

async fn a_revoked_key_is_refused_at_once(database: Database) {
    let world = World::owned(database).await;
    let owner = owner(&world).await;
    let (info, key) = make(&world, &owner, None, None).await.expect("made");
    world.by_bearer(&key).await.expect("a good key");
    let revoked = world.identity.revoke_key(&owner, info.id, &remote(1)).await;
    assert_eq!(revoked.expect("an answer"), Some(()));
    assert!(matches!(world.by_bearer(&key).await, Err(Error::SignIn)));
    let again = world.identity.revoke_key(&owner, info.id, &remote(1)).await;
    assert_eq!(again.expect("an answer"), None);
    let deeds = world.deeds().await;
    assert!(deeds.contains(&"api_key.made".to_owned()));
    assert!(deeds.contains(&"api_key.revoked".to_owned()));
}

async fn a_key_ends(database: Database) {
    let world = World::owned(database).await;
    let owner = owner(&world).await;
    let (_, key) = make(&world, &owner, None, Some(1)).await.expect("made");
    world.pass_seconds(24 * 3600 - 1);
    world.by_bearer(&key).await.expect("a second to go");
    world.pass_seconds(1);
    assert!(matches!(world.by_bearer(&key).await, Err(Error::SignIn)));
}

async fn a_key_makes_no_key(database: Database) {
    let world = World::owned(database).await;
    let owner = owner(&world).await;
    let (info, key) = make(&world, &owner, None, None).await.expect("made");
    let by_key = world.by_bearer(&key).await.expect("a good key");
    let made = make(&world, &by_key, None, None).await;
    assert!(matches!(made, Err(Error::InPerson)));
    let revoked = world
        .identity
        .revoke_key(&by_key, info.id, &remote(1))
        .await;
    assert!(matches!(revoked, Err(Error::InPerson)));
}

async fn keys_are_listed_without_their_secret(database: Database) {
    let world = World::owned(database).await;
    let owner = owner(&world).await;
    let (info, key) = make(&world, &owner, None, Some(30)).await.expect("made");
    assert_eq!(info.used_at, None);
    world.by_bearer(&key).await.expect("a good key");
    let list = world.identity.keys(&owner).await.expect("a list");
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].used_at, Some(domain::Clock::now(&*world.clock)));
    assert_eq!((list[0].id, list[0].prefix.len()), (info.id, 10));
    assert!(!format!("{list:?}").contains(&key));
}

async fn what_is_wrong_is_named(database: Database) {
    let world = World::owned(database).await;
    let (_, key) = make(&world, &owner(&world).await, None, None)
        .await
        .expect("made");
    let mut user = owner(&world).await;
    user.permissions = set(&[Permission::AssetsRead]);
    assert!(key.len() > 4);
    let too_much = make(&world, &user, Some(set(&[Permission::UsersManage])), None).await;
    assert!(matches!(
        too_much,
        Err(Error::Field {
            field: "scopes",
            ..
        })
    ));
    let nothing = make(&world, &user, Some(Permissions::NONE), None).await;
    assert!(matches!(
        nothing,
        Err(Error::Field {
            field: "scopes",
            ..
        })
    ));
    for days in [0, 3651, u32::MAX] {
        let never = make(&world, &user, None, Some(days)).await;
        assert!(matches!(
            never,
            Err(Error::Field {
                field: "expires_in_days",
                ..
            })
        ));
    }
    let wish = NewKey {
        name: "  ".to_owned(),
        scopes: None,
        expires_in_days: None,
    };
    let nameless = world.identity.make_key(&user, wish, &remote(1)).await;
    assert!(matches!(nameless, Err(Error::Field { field: "name", .. })));
}

async fn only_the_owner_revokes(database: Database) {
    let world = World::owned(database).await;
    let owner = owner(&world).await;
    let (info, key) = make(&world, &owner, None, None).await.expect("made");
    let stranger = Caller {
        user: world.identity.ids().fresh(),
        ..owner
    };
    let revoked = world
        .identity
        .revoke_key(&stranger, info.id, &remote(1))
        .await;
    assert_eq!(revoked.expect("an answer"), None);
    world.by_bearer(&key).await.expect("still good");
}

async fn invented_keys_are_refused(database: Database) {
    let world = World::owned(database).await;
    let (_, key) = make(&world, &owner(&world).await, None, None)
        .await
        .expect("made");
    let mut other = key.clone();
    other.replace_range(20..21, if &key[20..21] == "A" { "B" } else { "A" });
    for invented in ["mvk_", "mvk_short", &key[..46], &format!("{key}A"), &other] {
        assert!(
            matches!(world.by_bearer(invented).await, Err(Error::SignIn)),
            "{invented}"
        );
    }
}

async fn owner(world: &World) -> Caller {
    let cookie = world.cookie().await;
    world.by_cookie(&cookie).await.expect("signed in")
}

async fn make(
    world: &World,
    caller: &Caller,
    scopes: Option<Permissions>,
    expires_in_days: Option<u32>,
) -> Result<(crate::KeyInfo, String), Error> {
    let wish = NewKey {
        name: "cli".to_owned(),
        scopes,
        expires_in_days,
    };
    world.identity.make_key(caller, wish, &remote(1)).await
}

fn set(permissions: &[Permission]) -> Permissions {
    permissions.iter().copied().collect()
}
