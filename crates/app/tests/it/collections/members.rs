//! Opening an album to somebody, how far, and closing it again.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Database, fixtures};

use crate::{on_each_database, vault};

on_each_database!(
    a_member_sees_as_far_as_it_is_open,
    what_a_member_lends_leaves_with_them,
    a_grant_opens_what_is_nested,
    a_member_hears_at_once_of_being_let_in_and_out,
    a_member_who_edits_leaves_alone_what_is_the_owners,
);

struct Two {
    vault: testkit::Vault,
    bob: Client,
    bob_id: String,
    sea: String,
    path: String,
}

/// Ada with an album of one photograph, and Bob.
async fn two(database: Database) -> Two {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_REGISTRATION", "open")
        .start()
        .await;
    let bob = vault.register("bob@example.org").await;
    let bob_id = bob.get("/me").await["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let ada = vault.client();
    let sea = fixtures::named("photos/blue-sea.jpg");
    let sea = ada.upload_fixture(&sea).await.id().to_owned();
    ada.settled(&sea).await;
    let wish = json!({"name": "Summer", "asset_ids": [sea]});
    let album = ada.post("/collections", &wish, 201).await;
    let path = format!("/collections/{}", album["id"].as_str().expect("an id"));
    Two {
        vault,
        bob,
        bob_id,
        sea,
        path,
    }
}

impl Two {
    fn ada(&self) -> &Client {
        self.vault.client()
    }

    async fn open(&self, level: &str) -> Value {
        let body = json!({"email": "bob@example.org", "level": level});
        self.ada()
            .post(&format!("{}/members", self.path), &body, 200)
            .await
    }

    async fn status(&self, method: Method, path: &str, body: Value) -> u16 {
        let request = self.bob.request(method, path).json(&body);
        request.send().await.expect("an answer").status().as_u16()
    }
}

async fn a_member_sees_as_far_as_it_is_open(database: Database) {
    let two = two(database).await;
    let (bob, path) = (&two.bob, &two.path);
    let (asset, content) = (
        format!("/assets/{}", two.sea),
        format!("/assets/{}/content", two.sea),
    );
    bob.refused(bob.request(Method::GET, path), 404).await;
    bob.refused(bob.request(Method::GET, &asset), 404).await;
    let found = two.ada().get("/users/search?q=BOB").await;
    assert_eq!(found["items"][0]["email"], "bob@example.org");
    let few = two.ada().request(Method::GET, "/users/search?q=bo");
    assert_eq!(two.ada().refused(few, 400).await["field"], "q");

    two.open("view").await;
    let seen = bob.get(path).await;
    assert_eq!(
        (&seen["level"], &seen["count"]),
        (&json!("view"), &json!(1))
    );
    assert_eq!(seen["cover"]["asset_id"], two.sea);
    assert_eq!(bob.get(&asset).await["permissions"], json!(["view"]));
    let patch = || json!({"title": "Bob was here"});
    assert_eq!(two.status(Method::GET, &content, json!({})).await, 403);
    assert_eq!(two.status(Method::PATCH, &asset, patch()).await, 403);
    assert_eq!(
        two.status(Method::PATCH, path, json!({"name": "B"})).await,
        403
    );

    two.open("edit").await;
    assert_eq!(two.status(Method::GET, &content, json!({})).await, 200);
    assert_eq!(two.status(Method::PATCH, &asset, patch()).await, 200);
    assert_eq!(
        bob.patch(path, &json!({"name": "Ours"})).await["name"],
        "Ours"
    );
    // What is its owner's stays its owner's.
    assert_eq!(two.status(Method::DELETE, &asset, json!({})).await, 403);
    assert_eq!(two.status(Method::DELETE, path, json!({})).await, 403);
    assert_eq!(
        two.status(Method::PATCH, path, json!({"parent_id": null}))
            .await,
        403
    );
    let more = json!({"email": "ada@example.org", "level": "view"});
    assert_eq!(
        two.status(Method::POST, &format!("{path}/members"), more)
            .await,
        403
    );

    let inbox = bob.get("/notifications").await;
    assert_eq!(
        (&inbox["unread"], &inbox["items"][0]["kind"]),
        (&json!(1), &json!("collection.shared"))
    );
    assert_eq!(inbox["items"][0]["detail"]["collection"], "Summer");
    bob.post("/notifications/read", &json!({"all": true}), 204)
        .await;
    assert_eq!(bob.get("/notifications").await["unread"], 0);
    assert_eq!(two.ada().get("/notifications").await["items"], json!([]));

    // In the trash it is its owner's alone.
    two.ada().delete(&asset).await;
    bob.refused(bob.request(Method::GET, &asset), 404).await;
    assert_eq!(bob.get(path).await["count"], 0);
}

async fn what_a_member_lends_leaves_with_them(database: Database) {
    let two = two(database).await;
    let dunes = fixtures::named("photos/dunes.jpg");
    let dunes = two.bob.upload_fixture(&dunes).await.id().to_owned();
    let put = format!("{}/assets", two.path);
    let body = || json!({"asset_ids": [dunes]});
    two.open("download").await;
    assert_eq!(two.status(Method::POST, &put, body()).await, 403);
    two.open("contribute").await;
    let others = json!({"asset_ids": [two.sea]});
    assert_eq!(
        two.status(Method::POST, &put, others.clone()).await,
        404,
        "not Bob's own"
    );
    two.bob.post(&put, &body(), 200).await;
    assert_eq!(two.ada().asset(&dunes).await["owner_id"], two.bob_id);
    let message = &two.ada().get("/notifications").await["items"][0];
    assert_eq!(message["kind"], "collection.contributed");
    // Bob takes out nothing of Ada's.
    let taken = two.bob.post(&format!("{put}/remove"), &others, 200).await;
    assert_eq!(taken["removed"], 0);
    assert_eq!(two.ada().get(&two.path).await["count"], 2);

    two.bob
        .delete(&format!("{}/members/{}", two.path, two.bob_id))
        .await;
    assert_eq!(two.ada().get(&two.path).await["count"], 1);
    let gone = two.ada().request(Method::GET, &format!("/assets/{dunes}"));
    two.ada().refused(gone, 404).await;
    two.bob
        .refused(two.bob.request(Method::GET, &two.path), 404)
        .await;
    assert_eq!(two.bob.asset(&dunes).await["trashed_at"], Value::Null);
}

async fn a_grant_opens_what_is_nested(database: Database) {
    let two = two(database).await;
    let (ada, bob) = (two.ada(), &two.bob);
    let outer = ada
        .post("/collections", &json!({"name": "Outer"}), 201)
        .await;
    let outer = outer["id"].as_str().expect("an id").to_owned();
    let body = json!({"level": "view"});
    let member = format!("/collections/{outer}/members/{}", two.bob_id);
    ada.request(Method::PUT, &member)
        .json(&body)
        .send()
        .await
        .expect("an answer");
    bob.refused(bob.request(Method::GET, &two.path), 404).await;
    ada.patch(&two.path, &json!({"parent_id": outer})).await;
    assert_eq!(bob.get(&two.path).await["parent_id"], outer);
    assert_eq!(bob.asset(&two.sea).await["id"], two.sea);
    let members = ada.get(&format!("{}/members", two.path)).await;
    assert_eq!(members["items"][0]["collection_id"], outer);
    ada.patch(&two.path, &json!({"parent_id": null})).await;
    bob.refused(bob.request(Method::GET, &two.path), 404).await;
    bob.refused(
        bob.request(Method::GET, &format!("/assets/{}", two.sea)),
        404,
    )
    .await;
    bob.get(&format!("/collections/{outer}")).await;
}

async fn a_member_hears_at_once_of_being_let_in_and_out(database: Database) {
    let two = two(database).await;
    let asset = format!("/assets/{}", two.sea);
    let mut heard = two.bob.events(None).await;
    two.ada()
        .patch(&asset, &json!({"title": "not for Bob"}))
        .await;
    two.open("view").await;
    assert_eq!(
        heard.next().await.name,
        "access.changed",
        "nothing of Ada's before"
    );
    heard.next_named("reset").await;
    two.ada().patch(&asset, &json!({"title": "for Bob"})).await;
    heard.next_of("asset.updated", &two.sea).await;

    two.ada()
        .delete(&format!("{}/members/{}", two.path, two.bob_id))
        .await;
    heard.next_named("access.changed").await;
    heard.next_named("reset").await;
    two.ada()
        .patch(&asset, &json!({"title": "private again"}))
        .await;
    let own = fixtures::named("photos/daisy.jpg");
    let own = two.bob.upload_fixture(&own).await;
    assert_eq!(heard.next().await.data["asset_id"], own.id());
}

async fn a_member_who_edits_leaves_alone_what_is_the_owners(database: Database) {
    let two = two(database).await;
    let asset = format!("/assets/{}", two.sea);
    let title = json!({"title": "Our sea"});
    for level in ["view", "download", "comment", "contribute"] {
        two.open(level).await;
        let status = two.status(Method::PATCH, &asset, title.clone()).await;
        assert_eq!(status, 403, "to {level}");
    }
    two.open("edit").await;
    let said = json!({
        "title": "Our sea", "description": "At noon", "tags": ["sea", "summer"],
        "captured_at": {"local": "2024-06-01T12:00:00"}, "location": {"lat": 54.1, "lon": 12.1},
    });
    let edited = two.bob.patch(&asset, &said).await;
    assert_eq!(edited["title"], "Our sea");
    let seen = two.ada().asset(&two.sea).await;
    assert_eq!(
        (&seen["title"], &seen["tags"], &seen["captured_at"]["local"]),
        (&said["title"], &said["tags"], &json!("2024-06-01T12:00:00"))
    );

    // What is between the owner and the picture.
    for (field, value) in [
        ("favourite", json!(true)),
        ("archived", json!(true)),
        ("locked", json!(true)),
        ("rating", json!(5)),
        ("metadata", json!({"mine": true})),
    ] {
        let mut patch = json!({"title": "Not even this"});
        patch[field] = value;
        let request = two.bob.request(Method::PATCH, &asset).json(&patch);
        let problem = two.bob.refused(request, 403).await;
        assert_eq!(problem["field"], field, "{problem}");
    }
    for (method, path) in [
        (Method::DELETE, String::new()),
        (Method::POST, "/restore".to_owned()),
        (Method::GET, "/revisions".to_owned()),
        (Method::POST, "/revisions/1/undo".to_owned()),
        (Method::GET, "/versions".to_owned()),
        (Method::POST, "/versions/1/rollback".to_owned()),
        (Method::POST, "/steps/picture/retry".to_owned()),
    ] {
        let path = format!("{asset}{path}");
        let status = two.status(method.clone(), &path, json!({})).await;
        assert_eq!(status, 403, "{method} {path}");
    }
    let kept = two.ada().asset(&two.sea).await;
    assert_eq!(
        (&kept["title"], &kept["favourite"], &kept["trashed_at"]),
        (&json!("Our sea"), &json!(false), &Value::Null),
        "a refused edit changes nothing"
    );
}
