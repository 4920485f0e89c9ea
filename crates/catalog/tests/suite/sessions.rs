//! Sessions, keys and announced uploads: what is good once, and for how long.

use catalog::api_keys::{self, ApiKey};
use catalog::sessions::{self, Rotation, Session, SessionKind};
use catalog::uploads::{self, Upload, UploadState};
use catalog::users::{self, UserState};
use catalog::{audit, roles};
use domain::{ApiKeyId, Page, Permission, Permissions, SessionId, Timestamp, UploadId, UserId};
use serde_json::json;
use uuid::Uuid;

use crate::world::{NOW, TENANT, World};

on_both! {
    a_secret_is_rotated_once_and_its_reuse_noticed
    an_ended_session_cannot_be_rotated
    sessions_are_listed_and_ended
    a_key_is_found_with_its_owner
    an_upload_is_received_once
    uploads_expire
    the_audit_log_is_read_backwards
    the_audit_log_is_narrowed
}

const LATER: Timestamp = NOW.plus_millis(3_600_000);

fn session(world: &World, user: UserId) -> Session {
    Session {
        tenant: TENANT,
        id: world.id(),
        user,
        kind: SessionKind::Token,
        secret: vec![1; 32],
        user_agent: Some("test".to_owned()),
        address: None,
        created_at: NOW,
        used_at: NOW,
        expires_at: LATER,
        revoked_at: None,
    }
}

async fn add(world: &World, user: UserId) -> SessionId {
    let session = session(world, user);
    let id = session.id;
    write!(world, tx => sessions::insert(tx, &session).await);
    id
}

async fn a_secret_is_rotated_once_and_its_reuse_noticed(world: &World) {
    let ada = world.user("ada@example.org").await;
    let id = add(world, ada).await;
    let tries = (2..10_u8).map(|new| {
        world.db.write(move |tx| {
            Box::pin(async move {
                sessions::rotate(tx, id, &[1; 32], &[new; 32], NOW, LATER.plus_millis(1)).await
            })
        })
    });
    let outcomes = futures::future::try_join_all(tries)
        .await
        .expect("all commit");
    let rotated: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Rotation::Rotated(session) => Some(session.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(rotated.len(), 1, "{outcomes:?}");
    assert!(
        outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Rotation::Reused(_)))
            .count()
            == 7
    );
    let found = read!(world, tx => sessions::by_id(tx, id).await).expect("it is there");
    assert_eq!(found, rotated[0]);
    let forged =
        write!(world, tx => sessions::rotate(tx, id, &[99; 32], &[3; 32], NOW, LATER).await);
    assert_eq!(forged, Rotation::Gone);
}

async fn an_ended_session_cannot_be_rotated(world: &World) {
    let ada = world.user("ada@example.org").await;
    let id = add(world, ada).await;
    let late =
        write!(world, tx => sessions::rotate(tx, id, &[1; 32], &[2; 32], LATER, LATER).await);
    assert_eq!(late, Rotation::Gone);
    assert!(write!(world, tx => sessions::revoke(tx, TENANT, id, NOW).await));
    assert!(!write!(world, tx => sessions::revoke(tx, TENANT, id, NOW).await));
    let ended = write!(world, tx => sessions::rotate(tx, id, &[1; 32], &[2; 32], NOW, LATER).await);
    assert_eq!(ended, Rotation::Gone);
    let found = read!(world, tx => sessions::by_id(tx, id).await).expect("it is there");
    assert!(!found.is_live(NOW));
}

async fn sessions_are_listed_and_ended(world: &World) {
    let ada = world.user("ada@example.org").await;
    let ben = world.user("ben@example.org").await;
    let ids = [
        add(world, ada).await,
        add(world, ada).await,
        add(world, ada).await,
    ];
    add(world, ben).await;
    let listed = read!(world, tx => sessions::list(tx, TENANT, ada, NOW).await);
    assert_eq!(
        listed.iter().map(|s| s.id).collect::<Vec<_>>(),
        [ids[2], ids[1], ids[0]]
    );
    write!(world, tx => sessions::touch(tx, TENANT, ids[0], NOW.plus_millis(5), LATER.plus_millis(5)).await);
    write!(world, tx => sessions::touch(tx, TENANT, ids[0], NOW, LATER).await);
    let touched = read!(world, tx => sessions::by_id(tx, ids[0]).await).expect("it is there");
    assert_eq!(
        (touched.used_at, touched.expires_at),
        (NOW.plus_millis(5), LATER.plus_millis(5))
    );
    assert_eq!(
        write!(world, tx => sessions::revoke_all(tx, TENANT, ada, Some(ids[1]), NOW).await),
        2
    );
    let left = read!(world, tx => sessions::list(tx, TENANT, ada, NOW).await);
    assert_eq!(left.len(), 1);
    assert_eq!(
        read!(world, tx => sessions::list(tx, TENANT, ben, NOW).await).len(),
        1
    );
    assert_eq!(
        write!(world, tx => sessions::prune(tx, NOW.plus_millis(1)).await),
        2
    );
}

async fn a_key_is_found_with_its_owner(world: &World) {
    let ada = world.user("ada@example.org").await;
    let key = ApiKey {
        tenant: TENANT,
        id: world.id(),
        user: ada,
        name: "laptop".to_owned(),
        prefix: "mvk_abcd".to_owned(),
        scopes: [Permission::AssetsRead].into_iter().collect(),
        created_at: NOW,
        expires_at: Some(LATER),
        used_at: None,
    };
    let id: ApiKeyId = key.id;
    let stored = key.clone();
    write!(world, tx => {
        roles::assign(tx, TENANT, ada, "user").await?;
        api_keys::insert(tx, &stored, &[7; 32]).await?;
        users::set_state(tx, TENANT, ada, UserState::Disabled, NOW).await
    });
    assert!(read!(world, tx => api_keys::by_hash(tx, &[8; 32]).await).is_none());
    let found = read!(world, tx => api_keys::by_hash(tx, &[7; 32]).await).expect("it is there");
    assert_eq!((&found.key, found.user_state), (&key, UserState::Disabled));
    assert_eq!(found.roles, ["user"]);
    assert_eq!(found.permissions.intersect(key.scopes), key.scopes);
    assert_ne!(found.permissions, Permissions::NONE);
    write!(world, tx => api_keys::touch(tx, TENANT, id, LATER).await);
    let listed = read!(world, tx => api_keys::list(tx, TENANT, ada).await);
    assert_eq!(listed[0].used_at, Some(LATER));
    assert!(write!(world, tx => api_keys::revoke(tx, TENANT, ada, id, NOW).await));
    assert!(read!(world, tx => api_keys::by_hash(tx, &[7; 32]).await).is_none());
    assert!(read!(world, tx => api_keys::list(tx, TENANT, ada).await).is_empty());
}

fn upload(world: &World, owner: UserId) -> Upload {
    Upload {
        tenant: TENANT,
        id: world.id(),
        owner,
        file_name: "a.jpg".to_owned(),
        size: 5,
        media_type: None,
        sha256: None,
        state: UploadState::Open,
        asset: None,
        problem: None,
        created_at: NOW,
        expires_at: LATER,
    }
}

async fn announce(world: &World, owner: UserId) -> UploadId {
    let upload = upload(world, owner);
    let id = upload.id;
    write!(world, tx => uploads::insert(tx, &upload).await);
    id
}

async fn an_upload_is_received_once(world: &World) {
    let ada = world.user("ada@example.org").await;
    let id = announce(world, ada).await;
    let tries = (0..8).map(|_| {
        world
            .db
            .write(move |tx| Box::pin(async move { uploads::begin(tx, TENANT, id, NOW).await }))
    });
    let begun = futures::future::try_join_all(tries)
        .await
        .expect("all commit");
    assert_eq!(begun.iter().filter(|begun| **begun).count(), 1);
    assert!(write!(world, tx => uploads::reopen(tx, TENANT, id, NOW).await));
    assert!(
        !write!(world, tx => uploads::finish(tx, TENANT, id, domain::AssetId::from_uuid(Uuid::nil()), NOW).await)
    );
    assert!(write!(world, tx => uploads::begin(tx, TENANT, id, NOW).await));
    assert!(
        write!(world, tx => uploads::fail(tx, TENANT, id, "too_large", "It is too large.", NOW).await)
    );
    let found = read!(world, tx => uploads::get(tx, TENANT, id).await).expect("it is there");
    assert_eq!(found.state, UploadState::Failed);
    assert_eq!(
        found.problem,
        Some(("too_large".to_owned(), "It is too large.".to_owned()))
    );
}

async fn uploads_expire(world: &World) {
    let ada = world.user("ada@example.org").await;
    let open = announce(world, ada).await;
    let receiving = announce(world, ada).await;
    assert!(write!(world, tx => uploads::begin(tx, TENANT, receiving, NOW).await));
    assert!(!write!(world, tx => uploads::begin(tx, TENANT, open, LATER).await));
    assert_eq!(
        write!(world, tx => uploads::expire(tx, LATER, NOW).await),
        1
    );
    let found = read!(world, tx => uploads::get(tx, TENANT, open).await).expect("it is there");
    assert_eq!(found.state, UploadState::Expired);
    assert_eq!(
        write!(world, tx => uploads::expire(tx, LATER, LATER).await),
        1
    );
}

async fn the_audit_log_is_read_backwards(world: &World) {
    let ada = world.user("ada@example.org").await;
    let entries: Vec<_> = (0..3)
        .map(|number| audit::Entry {
            tenant: TENANT,
            id: world.id(),
            at: NOW.plus_millis(number),
            actor: (number > 0).then_some(ada),
            action: "asset.deleted".to_owned(),
            subject: Some(Uuid::from_u128(7)),
            detail: json!({"number": number}),
            address: Some("127.0.0.1".to_owned()),
            request: None,
        })
        .collect();
    let written = entries.clone();
    write!(world, tx => {
        for entry in &written {
            audit::append(tx, entry).await?;
        }
        Ok(())
    });
    let all = audit::Filter::default();
    let newest = entries_of(read!(world, tx => audit::list(tx, TENANT, &all, None, 2).await));
    assert_eq!(newest, [entries[2].clone(), entries[1].clone()]);
    let last = newest[1].id;
    let all = audit::Filter::default();
    let older = entries_of(read!(world, tx => audit::list(tx, TENANT, &all, Some(last), 2).await));
    assert_eq!(older, [entries[0].clone()]);
}

fn entries_of(logged: Page<audit::Logged, Uuid>) -> Vec<audit::Entry> {
    logged
        .items
        .into_iter()
        .map(|logged| logged.entry)
        .collect()
}

async fn the_audit_log_is_narrowed(world: &World) {
    let ada = world.user("ada@example.org").await;
    let entry = |number: i64, action: &str| audit::Entry {
        tenant: TENANT,
        id: world.id(),
        at: NOW.plus_millis(number),
        actor: (number != 1).then_some(ada),
        action: action.to_owned(),
        subject: Some(Uuid::from_u128(number.unsigned_abs().into())),
        detail: json!({}),
        address: None,
        request: None,
    };
    let entries = [
        entry(0, "asset.upload"),
        entry(1, "asset_x"),
        entry(2, "account.made"),
    ];
    write!(world, tx => {
        for entry in &entries {
            audit::append(tx, entry).await?;
        }
        Ok(())
    });
    let filters = [
        (
            audit::Filter {
                actor: Some(ada),
                ..audit::Filter::default()
            },
            vec![2, 0],
        ),
        (
            audit::Filter {
                action: Some("asset.".to_owned()),
                ..audit::Filter::default()
            },
            vec![0],
        ),
        (
            audit::Filter {
                action: Some("asset_x".to_owned()),
                ..audit::Filter::default()
            },
            vec![1],
        ),
        (
            audit::Filter {
                subject: Some(Uuid::from_u128(2)),
                ..audit::Filter::default()
            },
            vec![2],
        ),
        (
            audit::Filter {
                after: Some(NOW.plus_millis(1)),
                ..audit::Filter::default()
            },
            vec![2, 1],
        ),
        (
            audit::Filter {
                before: Some(NOW.plus_millis(1)),
                ..audit::Filter::default()
            },
            vec![0],
        ),
    ];
    for (filter, expected) in filters {
        let asked = filter.clone();
        let found = read!(world, tx => audit::list(tx, TENANT, &asked, None, 10).await);
        let found: Vec<i64> = found
            .items
            .iter()
            .map(|logged| logged.entry.at.millis() - NOW.millis())
            .collect();
        assert_eq!(found, expected, "{filter:?}");
    }
    let other = domain::TenantId::from_uuid(Uuid::from_u128(99));
    let all = audit::Filter::default();
    assert_eq!(
        read!(world, tx => audit::list(tx, other, &all, None, 10).await).items,
        []
    );
}
