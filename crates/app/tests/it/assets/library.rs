//! Listing, changing, trash, deletion for good, events.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Database, fixtures};

use crate::{on_each_database, vault};

on_each_database!(
    pages_follow_capture_time,
    what_a_person_says_holds,
    trash_can_be_undone_and_deletion_not,
    events_tell_only_their_owner,
);

async fn pages_follow_capture_time(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let photos = fixtures::below("photos");
    for photo in &photos {
        client.upload_fixture(photo).await;
    }
    for item in client.get("/assets?limit=200").await["items"]
        .as_array()
        .expect("items")
    {
        client.settled(item["id"].as_str().expect("an id")).await;
    }
    let mut seen: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client
            .get(&format!("/assets?limit=5&cursor={cursor}"))
            .await;
        seen.extend(page["items"].as_array().expect("items").iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len(), photos.len());
    let taken: Vec<_> = seen
        .iter()
        .filter_map(|asset| asset["captured_at"]["local"].as_str())
        .collect();
    assert!(
        taken.len() > photos.len() / 2 && taken.is_sorted_by(|a, b| a >= b),
        "{taken:?}"
    );

    let found = client.get("/assets?q=sea").await;
    assert!(names(&found).contains(&"blue-sea.jpg".to_owned()));
    assert!(!names(&found).contains(&"dunes.jpg".to_owned()));
    let none = client.get("/assets?kind=video").await;
    assert!(names(&none).is_empty());
    let bad = client.request(Method::GET, "/assets?q=type:picture");
    assert_eq!(client.refused(bad, 400).await["field"], "q");
    let bad = client.request(Method::GET, "/assets?limit=0");
    assert_eq!(client.refused(bad, 400).await["field"], "limit");
    let bad = client.request(Method::GET, "/assets?cursor=nonsense");
    assert_eq!(client.refused(bad, 400).await["field"], "cursor");
}

fn names(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items
        .iter()
        .map(|item| item["file_name"].as_str().expect("a name").to_owned())
        .collect()
}

async fn what_a_person_says_holds(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let uploaded = client
        .upload_fixture(&fixtures::named("photos/fjord.jpg"))
        .await;
    client.settled(uploaded.id()).await;
    let path = format!("/assets/{}", uploaded.id());
    let edit = json!({"title": " Geiranger ", "rating": 4, "favourite": true, "tags": ["Norway", "norway", "Sea"]});
    let asset = client.patch(&path, &edit).await;
    assert_eq!(
        (&asset["title"], &asset["rating"]),
        (&json!("Geiranger"), &json!(4))
    );
    assert_eq!(
        asset["tags"].as_array().map(Vec::len),
        Some(2),
        "tags differ by more than case"
    );
    assert_eq!(
        names(&client.get("/assets?q=is:favourite+tag:norway").await),
        ["fjord.jpg"]
    );
    assert_eq!(
        names(&client.get("/assets?q=geiranger").await),
        ["fjord.jpg"]
    );
    let gone = client
        .patch(&path, &json!({"title": "", "rating": 0}))
        .await;
    assert!(gone["title"].is_null() && gone["rating"].is_null());
    let bad = client
        .request(Method::PATCH, &path)
        .json(&json!({"rating": 6}));
    assert_eq!(client.refused(bad, 400).await["field"], "rating");
    let bad = client
        .request(Method::PATCH, &path)
        .json(&json!({"titel": "x"}));
    assert_eq!(client.refused(bad, 400).await["field"], "titel");
}

async fn trash_can_be_undone_and_deletion_not(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let uploaded = client
        .upload_fixture(&fixtures::named("photos/summit.jpg"))
        .await;
    let path = format!("/assets/{}", uploaded.id());
    client.settled(uploaded.id()).await;
    client.delete(&path).await;
    client.delete(&path).await;
    assert!(names(&client.get("/assets").await).is_empty());
    assert_eq!(
        names(&client.get("/assets?trashed=true").await),
        ["summit.jpg"]
    );
    client
        .post(&format!("{path}/restore"), &json!({}), 200)
        .await;
    assert_eq!(names(&client.get("/assets").await), ["summit.jpg"]);

    client.delete(&format!("{path}?permanent=true")).await;
    client
        .refused(client.request(Method::GET, &path), 404)
        .await;
    client
        .refused(client.request(Method::GET, &format!("{path}/content")), 404)
        .await;
    assert_eq!(client.get("/me").await["used"], 0);
    let again = client
        .upload_fixture(&fixtures::named("photos/summit.jpg"))
        .await;
    assert!(!again.duplicate);
    assert_eq!(client.settled(again.id()).await["status"], "ready");
}

async fn events_tell_only_their_owner(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_REGISTRATION", "open")
        .start()
        .await;
    let (client, other) = (vault.client(), vault.register("bob@example.org").await);
    let mut mine = client.events(None).await;
    let mut theirs = other.events(None).await;
    let uploaded = client
        .upload_fixture(&fixtures::named("photos/daisy.jpg"))
        .await;
    let created = mine.next_of("asset.created", uploaded.id()).await;
    mine.next_of("asset.updated", uploaded.id()).await;
    let asset = client.settled(uploaded.id()).await;
    assert_eq!(asset["status"], "ready");

    // What Bob hears first is his own: nothing of hers came before.
    let own = other
        .upload_fixture(&fixtures::named("photos/dunes.jpg"))
        .await;
    let heard = theirs.next().await;
    assert_eq!(heard.data["asset_id"], own.id());

    resumes_after(client, &created.id, uploaded.id()).await;
    let bad = client
        .request(Method::GET, "/events")
        .header("last-event-id", "nonsense");
    client.refused(bad, 400).await;
}

async fn resumes_after(client: &Client, last: &str, asset: &str) {
    let mut resumed = client.events(Some(last)).await;
    let next = resumed.next().await;
    assert_eq!(
        (next.name.as_str(), next.data["asset_id"].as_str()),
        ("asset.updated", Some(asset))
    );
}
