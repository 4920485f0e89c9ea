//! Settings, users, roles, quota.

use catalog::invitations::{self, Invitation};
use catalog::users::{self, UserState, overview};
use catalog::{roles, settings};
use domain::{Permission, Permissions, Role, UserId};
use serde_json::json;

use crate::world::{NOW, TENANT, World, add_user};

on_both! {
    a_setting_is_taken_once
    of_many_who_claim_a_setting_one_gets_it
    an_email_address_is_unique_without_case
    users_are_changed_and_listed
    an_address_moves_only_where_none_is
    who_owns_something_is_not_removed
    only_those_who_may_sign_in_hold_permissions
    roles_in_use_or_built_in_stay
    of_many_who_accept_an_invitation_one_does
    roles_add_up
    the_quota_holds_in_a_race
    refunds_never_go_below_nothing
}

async fn a_setting_is_taken_once(world: &World) {
    write!(world, tx => settings::put(tx, "code", &json!("old"), NOW).await);
    write!(world, tx => settings::put(tx, "code", &json!({"text": "new\u{0}"}), NOW).await);
    let found = read!(world, tx => settings::get(tx, "code").await);
    assert_eq!(found, Some(json!({"text": "new\u{0}"})));
    assert_eq!(write!(world, tx => settings::take(tx, "code").await), found);
    assert_eq!(write!(world, tx => settings::take(tx, "code").await), None);
}

async fn of_many_who_claim_a_setting_one_gets_it(world: &World) {
    let claims = (0..16).map(|number| {
        world.db.write(move |tx| {
            Box::pin(async move { settings::put_if_absent(tx, "first", &json!(number), NOW).await })
        })
    });
    let won = futures::future::try_join_all(claims)
        .await
        .expect("all commit");
    assert_eq!(won.iter().filter(|won| **won).count(), 1);
}

async fn an_email_address_is_unique_without_case(world: &World) {
    let (first, second): (UserId, UserId) = (world.id(), world.id());
    assert!(write!(world, tx => add_user(tx, TENANT, first, " Äda@Example.org", None).await));
    assert!(!write!(world, tx => add_user(tx, TENANT, second, "äDA@example.ORG ", None).await));
    let user = read!(world, tx => users::by_email(tx, TENANT, "ÄDA@EXAMPLE.ORG").await)
        .expect("she is there");
    assert_eq!((user.id, user.email.as_str()), (first, "Äda@Example.org"));
    assert_eq!(read!(world, tx => users::count(tx, TENANT).await), 1);
}

async fn users_are_changed_and_listed(world: &World) {
    let ada = world.user("ada@example.org").await;
    let ben = world.user("ben@example.org").await;
    write!(world, tx => {
        assert!(users::set_password(tx, TENANT, ada, "other", NOW).await?);
        assert!(users::set_state(tx, TENANT, ada, UserState::Disabled, NOW).await?);
        assert!(!users::set_state(tx, TENANT, UserId::from_uuid(uuid::Uuid::nil()), UserState::Active, NOW).await?);
        Ok(())
    });
    let listed = read!(world, tx => overview::list(tx, TENANT, None, None, 10).await).items;
    assert_eq!(
        listed.iter().map(|found| found.user.id).collect::<Vec<_>>(),
        [ada, ben]
    );
    assert_eq!(listed[0].user.state, UserState::Disabled);
    assert_eq!(listed[0].user.password.as_deref(), Some("other"));
    assert_eq!((listed[0].assets, listed[0].seen_at), (0, None));
    let rest = read!(world, tx => overview::list(tx, TENANT, None, Some(ada), 10).await).items;
    assert_eq!(rest.len(), 1);
    let found = read!(world, tx => overview::list(tx, TENANT, Some("BEN@"), None, 10).await).items;
    assert_eq!(found.len(), 1);
    let wild = read!(world, tx => overview::list(tx, TENANT, Some("%"), None, 10).await).items;
    assert_eq!(wild, [], "a wildcard is taken literally");
}

async fn an_address_moves_only_where_none_is(world: &World) {
    let ada = world.user("ada@example.org").await;
    world.user("ben@example.org").await;
    assert!(!write!(world, tx => users::set_email(tx, TENANT, ada, "BEN@example.org", NOW).await));
    assert!(write!(world, tx => users::set_email(tx, TENANT, ada, "Ada@Example.org", NOW).await));
    let user = read!(world, tx => users::by_id(tx, TENANT, ada).await).expect("she is there");
    assert_eq!(user.email, "Ada@Example.org");
}

async fn who_owns_something_is_not_removed(world: &World) {
    let ada = world.user("ada@example.org").await;
    let ben = world.user("ben@example.org").await;
    world.add(ada, "one").await;
    assert!(!write!(world, tx => users::remove(tx, TENANT, ada).await));
    assert!(write!(world, tx => users::remove(tx, TENANT, ben).await));
    assert!(!write!(world, tx => users::remove(tx, TENANT, ben).await));
}

async fn only_those_who_may_sign_in_hold_permissions(world: &World) {
    let ada = world.user("ada@example.org").await;
    write!(world, tx => roles::assign(tx, TENANT, ada, "operator").await);
    let held = read!(world, tx => roles::in_use(tx, TENANT).await);
    assert_eq!(held, Role::Operator.permissions());
    write!(world, tx => users::set_state(tx, TENANT, ada, UserState::Disabled, NOW).await);
    let held = read!(world, tx => roles::in_use(tx, TENANT).await);
    assert_eq!(held, Permissions::NONE);
}

async fn roles_in_use_or_built_in_stay(world: &World) {
    let ada = world.user("ada@example.org").await;
    let reading: Permissions = [Permission::AuditRead].into_iter().collect();
    assert!(write!(world, tx => roles::define(tx, TENANT, "auditor", reading).await));
    assert!(!write!(world, tx => roles::define(tx, TENANT, "auditor", reading).await));
    write!(world, tx => roles::assign(tx, TENANT, ada, "auditor").await);
    assert!(!write!(world, tx => roles::remove(tx, TENANT, "auditor").await));
    assert!(!write!(world, tx => roles::remove(tx, TENANT, "partner").await));
    write!(world, tx => roles::unassign(tx, TENANT, ada, "auditor").await);
    assert!(write!(world, tx => roles::remove(tx, TENANT, "auditor").await));
}

async fn of_many_who_accept_an_invitation_one_does(world: &World) {
    let ada = world.user("ada@example.org").await;
    let invitation = Invitation {
        tenant: TENANT,
        id: world.id(),
        email: None,
        roles: vec!["user".to_owned(), "partner".to_owned()],
        quota: Some(7),
        invited_by: ada,
        created_at: NOW,
        expires_at: NOW.plus_millis(1000),
        accepted_at: None,
        accepted_by: None,
        revoked_at: None,
    };
    let (kept, secret) = (invitation.clone(), [7; 32]);
    write!(world, tx => invitations::insert(tx, &kept, &secret).await);
    let open = read!(world, tx => invitations::open(tx, &secret, NOW).await);
    assert_eq!(open, Some(invitation.clone()));
    let late = NOW.plus_millis(1000);
    assert_eq!(
        read!(world, tx => invitations::open(tx, &secret, late).await),
        None
    );
    assert_eq!(
        write!(world, tx => invitations::accept(tx, &secret, ada, late).await),
        None
    );
    let attempts = (0..8).map(|_| {
        let user: UserId = world.id();
        world.db.write(move |tx| {
            Box::pin(async move { invitations::accept(tx, &secret, user, NOW).await })
        })
    });
    let accepted = futures::future::try_join_all(attempts)
        .await
        .expect("all commit");
    assert_eq!(accepted.iter().flatten().count(), 1);
    assert!(!write!(world, tx => invitations::revoke(tx, TENANT, invitation.id, NOW).await));
}

async fn roles_add_up(world: &World) {
    let ada = world.user("ada@example.org").await;
    let permissions = read!(world, tx => roles::permissions_of(tx, TENANT, ada).await);
    assert_eq!(permissions, (Vec::new(), Permissions::NONE));
    let (names, permissions) = write!(world, tx => {
        for role in [Role::User, Role::Operator, Role::User] {
            roles::assign(tx, TENANT, ada, role.as_str()).await?;
        }
        roles::permissions_of(tx, TENANT, ada).await
    });
    assert_eq!(names, ["operator", "user"]);
    assert!(permissions.has(Permission::AssetsRead) && permissions.has(Permission::JobsManage));
    assert!(write!(world, tx => roles::unassign(tx, TENANT, ada, "operator").await));
    let (_, permissions) = read!(world, tx => roles::permissions_of(tx, TENANT, ada).await);
    assert!(!permissions.has(Permission::JobsManage));
}

async fn the_quota_holds_in_a_race(world: &World) {
    let id = world.id();
    write!(world, tx => add_user(tx, TENANT, id, "ada@example.org", Some(1000)).await);
    let charges = (0..20).map(|_| {
        world
            .db
            .write(move |tx| Box::pin(async move { users::charge(tx, TENANT, id, 150).await }))
    });
    let charged = futures::future::try_join_all(charges)
        .await
        .expect("all commit");
    assert_eq!(charged.iter().filter(|charged| **charged).count(), 6);
    let user = read!(world, tx => users::by_id(tx, TENANT, id).await).expect("she is there");
    assert_eq!((user.used, user.quota), (900, Some(1000)));
    assert!(write!(world, tx => users::charge(tx, TENANT, id, 100).await));
    assert!(!write!(world, tx => users::charge(tx, TENANT, id, 1).await));
}

async fn refunds_never_go_below_nothing(world: &World) {
    let ada = world.user("ada@example.org").await;
    write!(world, tx => {
        assert!(users::charge(tx, TENANT, ada, 10).await?);
        users::refund(tx, TENANT, ada, 4).await?;
        users::refund(tx, TENANT, ada, 400).await
    });
    let user = read!(world, tx => users::by_id(tx, TENANT, ada).await).expect("she is there");
    assert_eq!(user.used, 0);
}
