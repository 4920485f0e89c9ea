//! The timeline: counted, drawn, narrowed, and true the moment something was changed.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Database, fixtures};

use crate::{on_each_database, vault};

on_each_database!(
    a_timeline_follows_what_is_said,
    a_timeline_is_narrowed,
    a_library_tells_what_it_can_be_narrowed_to,
);

/// Uploads some photographs and says when they were taken.
async fn some(client: &Client, taken: &[(&str, &str)]) -> Vec<String> {
    let mut ids = Vec::new();
    for (photo, local) in taken {
        let uploaded = client.upload_fixture(&fixtures::named(photo)).await;
        client.settled(uploaded.id()).await;
        let said = json!({"captured_at": {"local": local}});
        client
            .patch(&format!("/assets/{}", uploaded.id()), &said)
            .await;
        ids.push(uploaded.id().to_owned());
    }
    ids
}

fn buckets(timeline: &Value) -> Vec<(String, u64)> {
    let buckets = timeline["buckets"].as_array().expect("buckets");
    buckets
        .iter()
        .map(|bucket| {
            let key = bucket["key"].as_str().expect("a key").to_owned();
            (key, bucket["count"].as_u64().expect("a count"))
        })
        .collect()
}

fn drawn(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().expect("items");
    items
        .iter()
        .map(|item| item["id"].as_str().expect("an id"))
        .collect()
}

async fn a_timeline_follows_what_is_said(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    assert_eq!(
        client.get("/timeline").await,
        json!({"total": 0, "buckets": []})
    );
    let ids = some(
        client,
        &[
            ("photos/blue-sea.jpg", "2024-05-17T10:00:00"),
            ("photos/dunes.jpg", "2024-05-31T23:59:59"),
            ("photos/fjord.jpg", "1999-12-31T00:00:00"),
        ],
    )
    .await;
    let timeline = client.get("/timeline").await;
    let expected = [("2024-05".to_owned(), 2), ("1999-12".to_owned(), 1)];
    assert_eq!(buckets(&timeline), expected);
    assert_eq!(timeline["buckets"][0]["from"], "2024-05-01");
    assert_eq!(timeline["buckets"][0]["to"], "2024-06-01");

    let page = client
        .get("/timeline/assets?from=2024-05-01&to=2024-06-01&limit=1")
        .await;
    assert_eq!(drawn(&page), [ids[1].as_str()]);
    let next = page["next_cursor"].as_str().expect("a second page");
    let rest = client
        .get(&format!(
            "/timeline/assets?from=2024-05-01&to=2024-06-01&limit=1&cursor={next}"
        ))
        .await;
    assert_eq!(drawn(&rest), [ids[0].as_str()]);
    assert!(rest["next_cursor"].is_null());
    let tile = &rest["items"][0];
    assert_eq!(tile["local"], "2024-05-17T10:00:00");
    assert!(tile["thumbhash"].is_string() && tile["width"].is_u64());
    let thumb = tile["thumb"].as_str().expect("a picture");
    let picture = client.request(Method::GET, thumb).send().await;
    assert_eq!(picture.expect("an answer").status(), 200);

    // Whoever changed something sees it at once, in memory or not.
    client.delete(&format!("/assets/{}", ids[2])).await;
    assert_eq!(client.get("/timeline").await["total"], 2);
    client
        .post(&format!("/assets/{}/restore", ids[2]), &json!({}), 200)
        .await;
    assert_eq!(client.get("/timeline").await["total"], 3);
    let aside = json!({"archived": true});
    client.patch(&format!("/assets/{}", ids[0]), &aside).await;
    assert_eq!(client.get("/timeline").await["total"], 2);
    assert_eq!(client.get("/timeline?q=is:archived").await["total"], 1);
}

async fn a_timeline_is_narrowed(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_REGISTRATION", "open")
        .start()
        .await;
    let client = vault.client();
    some(client, &[("photos/blue-sea.jpg", "2024-05-17T10:00:00")]).await;
    assert_eq!(client.get("/timeline?q=name:sea").await["total"], 1);
    assert_eq!(client.get("/timeline?q=-name:sea").await["total"], 0);
    let other = vault.register("bob@example.org").await;
    assert_eq!(other.get("/timeline").await["total"], 0);
    assert_eq!(other.get("/timeline/assets").await["items"], json!([]));
    let nothing = "collection=01900000-0000-7000-8000-000000000000";
    for path in ["/timeline", "/timeline/assets", "/assets"] {
        let foreign = client.request(Method::GET, &format!("{path}?{nothing}"));
        client.refused(foreign, 404).await;
    }
    for (path, field) in [
        ("/timeline?q=rating:9", "q"),
        ("/timeline/assets?from=2024-13", "from"),
        ("/timeline/assets?from=2024&to=2023", "to"),
        ("/timeline/assets?limit=2001", "limit"),
        ("/timeline/assets?cursor=x", "cursor"),
        ("/assets?sort=colour", "sort"),
        ("/assets?sort=trashed", "sort"),
        ("/assets?order=up", "order"),
        (
            "/assets?sort=name&cursor=5_01900000000070008000000000000000",
            "cursor",
        ),
    ] {
        let bad = client.request(Method::GET, path);
        assert_eq!(client.refused(bad, 400).await["field"], field, "{path}");
    }
}

async fn a_library_tells_what_it_can_be_narrowed_to(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let ids = some(
        client,
        &[
            ("photos/blue-sea.jpg", "2024-05-17T10:00:00"),
            ("photos/dunes.jpg", "2023-05-17T10:00:00"),
        ],
    )
    .await;
    let wet = json!({"tags": ["Wet", "Blue"], "rating": 5});
    client.patch(&format!("/assets/{}", ids[0]), &wet).await;
    let dry = json!({"tags": ["blue"], "rating": 5});
    client.patch(&format!("/assets/{}", ids[1]), &dry).await;
    let tags = client.get("/tags").await;
    let told: Vec<_> = tags["items"].as_array().expect("tags").iter().collect();
    assert_eq!(
        (&told[0]["tag"], &told[0]["count"]),
        (&json!("blue"), &json!(2))
    );
    assert_eq!(told[1], &json!({"tag": "wet", "label": "Wet", "count": 1}));
    let facets = client.get("/facets").await;
    let years = json!([{"value": "2024", "count": 1}, {"value": "2023", "count": 1}]);
    assert_eq!(facets["years"], years);
    assert_eq!(facets["kinds"], json!([{"value": "image", "count": 2}]));
    assert_eq!(facets["ratings"], json!([{"value": "5", "count": 2}]));
    let one = client.get("/facets?q=tag:wet").await;
    assert_eq!(one["kinds"][0]["count"], 1);
}
