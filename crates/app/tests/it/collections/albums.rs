//! Making, changing, filling and removing albums.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Database, fixtures};

use crate::{on_each_database, vault};

on_each_database!(
    an_album_is_filled_changed_and_removed,
    albums_nest_without_circles,
    a_saved_search_holds_nothing,
);

async fn photo(client: &Client, name: &str) -> String {
    let fixture = fixtures::named(&format!("photos/{name}"));
    client.upload_fixture(&fixture).await.id().to_owned()
}

async fn an_album_is_filled_changed_and_removed(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let (sea, dunes) = (
        photo(ada, "blue-sea.jpg").await,
        photo(ada, "dunes.jpg").await,
    );
    let wish = json!({"name": " Summer ", "description": "By the sea", "asset_ids": [sea]});
    let album = ada.post("/collections", &wish, 201).await;
    let path = format!("/collections/{}", album["id"].as_str().expect("an id"));
    assert_eq!(album["name"], "Summer");
    assert_eq!(
        (&album["count"], &album["level"]),
        (&json!(1), &json!("owner"))
    );
    assert_eq!(album["cover"]["asset_id"], sea);
    assert_eq!(album["shared"], false);

    let add = json!({"asset_ids": [sea, dunes]});
    let placed = ada.post(&format!("{path}/assets"), &add, 200).await;
    assert_eq!(placed, json!({"added": 1, "already": 1}));
    let change = json!({"name": "Sommer", "description": null, "cover_id": dunes});
    let stale = ada
        .request(Method::PATCH, &path)
        .header("if-match", "\"7\"")
        .json(&change);
    assert_eq!(ada.refused(stale, 412).await["code"], "precondition_failed");
    let changed = ada.patch(&path, &change).await;
    assert_eq!(
        (&changed["name"], &changed["description"]),
        (&json!("Sommer"), &Value::Null)
    );
    assert_eq!(changed["cover"]["asset_id"], dunes);
    assert_eq!(changed["revision"], 2);

    let named = ada.get("/collections?q=OMM").await;
    assert_eq!(named["items"].as_array().map(Vec::len), Some(1));
    let other = ada.get("/collections?q=winter").await;
    assert_eq!(other["items"], json!([]));

    // The trash hides it here, too, and gives it back.
    ada.delete(&format!("/assets/{dunes}")).await;
    let less = ada.get(&path).await;
    assert_eq!(
        (&less["count"], &less["cover"]["asset_id"]),
        (&json!(1), &json!(sea))
    );
    ada.post(&format!("/assets/{dunes}/restore"), &json!({}), 200)
        .await;
    assert_eq!(ada.get(&path).await["count"], 2);

    let take = json!({"asset_ids": [sea]});
    let taken = ada.post(&format!("{path}/assets/remove"), &take, 200).await;
    assert_eq!(taken, json!({"removed": 1}));
    ada.delete(&path).await;
    ada.refused(ada.request(Method::GET, &path), 404).await;
    assert_eq!(
        ada.asset(&dunes).await["trashed_at"],
        Value::Null,
        "assets stay"
    );
}

async fn albums_nest_without_circles(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let mut ids: Vec<String> = Vec::new();
    for name in ["Outer", "Middle", "Inner"] {
        let wish = json!({"name": name, "parent_id": ids.last()});
        let made = ada.post("/collections", &wish, 201).await;
        ids.push(made["id"].as_str().expect("an id").to_owned());
    }
    let circle = ada
        .request(Method::PATCH, &format!("/collections/{}", ids[0]))
        .json(&json!({"parent_id": ids[2]}));
    assert_eq!(ada.refused(circle, 400).await["field"], "parent_id");
    let top = ada.get("/collections?parent=none").await;
    assert_eq!(top["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(top["items"][0]["collections"], 1);
    // What was nested moves up when the one around it goes.
    ada.delete(&format!("/collections/{}", ids[1])).await;
    let inner = ada.get(&format!("/collections/{}", ids[2])).await;
    assert_eq!(inner["parent_id"], ids[0]);
    let below = ada.get(&format!("/collections?parent={}", ids[0])).await;
    assert_eq!(below["items"][0]["id"], ids[2]);
}

async fn a_saved_search_holds_nothing(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_REGISTRATION", "open")
        .start()
        .await;
    let ada = vault.client();
    vault.register("bob@example.org").await;
    let sea = photo(ada, "blue-sea.jpg").await;
    let wish = json!({"name": "Favourites", "query": "is:favourite"});
    let smart = ada.post("/collections", &wish, 201).await;
    assert_eq!(smart["kind"], "smart");
    let path = format!("/collections/{}", smart["id"].as_str().expect("an id"));
    let put = ada
        .request(Method::POST, &format!("{path}/assets"))
        .json(&json!({"asset_ids": [sea]}));
    assert_eq!(ada.refused(put, 409).await["code"], "wrong_state");
    let open = ada
        .request(Method::POST, &format!("{path}/members"))
        .json(&json!({"email": "bob@example.org", "level": "view"}));
    assert_eq!(ada.refused(open, 409).await["code"], "wrong_state");
    let bad = ada
        .request(Method::POST, "/collections")
        .json(&json!({"name": "Bad", "query": "type:picture"}));
    assert_eq!(ada.refused(bad, 400).await["field"], "query");
    let under = ada
        .request(Method::POST, "/collections")
        .json(&json!({"name": "Under", "parent_id": smart["id"]}));
    assert_eq!(ada.refused(under, 400).await["field"], "parent_id");
}
