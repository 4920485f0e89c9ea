//! Edits: conditional, of time and place, taken back one by one or together.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Database, fixtures};

use crate::{on_each_database, vault};

on_each_database!(
    an_edit_can_be_conditional,
    time_and_place_can_be_said_and_left_to_the_file,
    an_edit_can_be_taken_back,
    many_are_edited_as_one_and_taken_back,
    many_go_to_the_trash_and_on,
);

async fn uploaded(client: &Client, photo: &str) -> String {
    let uploaded = client.upload_fixture(&fixtures::named(photo)).await;
    client.settled(uploaded.id()).await;
    uploaded.id().to_owned()
}

async fn an_edit_can_be_conditional(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let path = format!("/assets/{}", uploaded(client, "photos/blue-sea.jpg").await);
    let got = client.request(Method::GET, &path).send().await;
    let tag = got.expect("an answer").headers()["etag"].clone();
    let edit = |tag: &[u8], title: &str| {
        client
            .request(Method::PATCH, &path)
            .header("if-match", tag)
            .json(&json!({"title": title}))
    };
    let first = edit(tag.as_bytes(), "One").send().await.expect("an answer");
    assert_eq!(first.status(), 200);
    let next = first.headers()["etag"].clone();
    let asset: Value = first.json().await.expect("an asset");
    assert_eq!(asset["revision"], 2);
    for stale in [tag.as_bytes(), b"\"1\"", b"W/\"2\"", b"nonsense"] {
        let problem = client.refused(edit(stale, "Two"), 412).await;
        assert_eq!(problem["code"], "precondition_failed");
    }
    assert_eq!(client.get(&path).await["title"], "One");
    let second = edit(next.as_bytes(), "Two").send().await;
    assert_eq!(second.expect("an answer").status(), 200);
    let third = edit(b"\"3\"", "Three").send().await;
    assert_eq!(third.expect("an answer").status(), 200);
}

async fn time_and_place_can_be_said_and_left_to_the_file(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let path = format!("/assets/{}", uploaded(client, "photos/fjord.jpg").await);
    let before = client.get(&path).await;
    let said = json!({
        "captured_at": {"local": "2001-02-03T04:05:06", "offset": "+02:00"},
        "location": {"lat": 48.2, "lon": 16.37, "altitude": 180.5},
        "metadata": {"roll": 7},
        "locked": true,
    });
    let asset = client.patch(&path, &said).await;
    assert_eq!(asset["captured_at"]["utc"], "2001-02-03T02:05:06Z");
    assert_eq!(asset["location"]["altitude"], 180.5);
    assert_eq!(
        (&asset["metadata"]["roll"], &asset["locked"]),
        (&json!(7), &json!(true))
    );
    assert_eq!(
        client.get("/assets").await["items"],
        json!([]),
        "it is locked away"
    );
    assert_eq!(
        client.get("/assets?q=is:locked+near:48.2,16.3,9km").await["items"][0]["id"],
        asset["id"]
    );
    let nowhere = client
        .patch(&path, &json!({"location": null, "locked": false}))
        .await;
    assert!(nowhere["location"].is_null());
    let back = json!({"captured_at": null, "use_file": ["location", "title"]});
    let asset = client.patch(&path, &back).await;
    assert_eq!(asset["captured_at"], before["captured_at"]);
    assert_eq!(asset["location"], before["location"]);
    for (body, field) in [
        (
            json!({"captured_at": {"local": "yesterday"}}),
            "captured_at",
        ),
        (json!({"location": {"lat": 91, "lon": 0}}), "location"),
        (json!({"use_file": ["tags"]}), "use_file[0]"),
        (json!({"metadata": [1]}), "metadata"),
    ] {
        let bad = client.request(Method::PATCH, &path).json(&body);
        assert_eq!(client.refused(bad, 400).await["field"], field, "{body}");
    }
}

async fn an_edit_can_be_taken_back(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let path = format!("/assets/{}", uploaded(client, "photos/summit.jpg").await);
    let before = client.get(&path).await;
    client
        .patch(&path, &json!({"title": "One", "favourite": true}))
        .await;
    client.patch(&path, &json!({"title": "Two"})).await;
    let revisions = client.get(&format!("{path}/revisions")).await;
    assert_eq!(revisions["items"][0]["revision"], 3);
    assert_eq!(revisions["items"][0]["before"], json!({"title": "One"}));
    assert_eq!(
        revisions["items"][1]["after"],
        json!({"title": "One", "favourite": true})
    );

    let undo =
        |number: u64| client.request(Method::POST, &format!("{path}/revisions/{number}/undo"));
    let problem = client.refused(undo(2), 409).await;
    assert_eq!(problem["code"], "wrong_state");
    client.refused(undo(99), 404).await;
    let one = client
        .post(&format!("{path}/revisions/3/undo"), &json!({}), 200)
        .await;
    assert_eq!(
        (&one["title"], &one["revision"]),
        (&json!("One"), &json!(4))
    );
    let none = client
        .post(
            &format!("{path}/revisions/2/undo?force=true"),
            &json!({}),
            200,
        )
        .await;
    assert_eq!(
        (&none["title"], &none["favourite"]),
        (&before["title"], &json!(false))
    );
    let again = client
        .post(&format!("{path}/revisions/5/undo"), &json!({}), 200)
        .await;
    assert_eq!(
        (&again["title"], &again["favourite"]),
        (&json!("One"), &json!(true))
    );
}

async fn many_are_edited_as_one_and_taken_back(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let sea = uploaded(client, "photos/blue-sea.jpg").await;
    let dunes = uploaded(client, "photos/dunes.jpg").await;
    client
        .patch(&format!("/assets/{sea}"), &json!({"tags": ["Old", "Sea"]}))
        .await;
    let nothing = "01900000-0000-7000-8000-000000000000";
    let wish = json!({
        "ids": [sea, dunes, nothing, sea],
        "do": {"edit": {"add_tags": ["Trip"], "remove_tags": ["OLD"], "rating": 4}},
    });
    let answer = client.post("/assets/bulk", &wish, 200).await;
    assert_eq!(answer["done"], 2);
    assert_eq!(answer["failed"][0]["id"], nothing);
    assert_eq!(answer["failed"][0]["code"], "not_found");
    assert_eq!(client.asset(&sea).await["tags"], json!(["Sea", "Trip"]));
    assert_eq!(client.asset(&dunes).await["rating"], 4);
    let batch = answer["batch"].as_str().expect("a batch").to_owned();
    client
        .patch(&format!("/assets/{dunes}"), &json!({"rating": 2}))
        .await;
    let undone = client
        .post(&format!("/assets/bulk/{batch}/undo"), &json!({}), 200)
        .await;
    assert_eq!(undone["done"], 1);
    assert_eq!(undone["failed"][0]["id"], dunes.as_str());
    assert_eq!(undone["failed"][0]["code"], "wrong_state");
    assert_eq!(client.asset(&sea).await["tags"], json!(["Old", "Sea"]));
    let path = format!("/assets/bulk/{nothing}/undo");
    client
        .refused(client.request(Method::POST, &path), 404)
        .await;

    let taken = |local: &str| json!({"captured_at": {"local": local}});
    client
        .patch(&format!("/assets/{sea}"), &taken("2024-05-17T23:30:00"))
        .await;
    let late = json!({"q": "name:sea", "do": {"shift_captured": {"seconds": 3600}}});
    assert_eq!(client.post("/assets/bulk", &late, 200).await["done"], 1);
    let moved = client.asset(&sea).await;
    assert_eq!(moved["captured_at"]["local"], "2024-05-18T00:30:00");

    for (body, field) in [
        (json!({"ids": [], "q": "", "do": {"trash": true}}), "ids"),
        (json!({"ids": [], "do": {}}), "do"),
        (
            json!({"ids": [], "do": {"trash": true, "restore": true}}),
            "do",
        ),
        (json!({"q": "is:nonsense", "do": {"trash": true}}), "q"),
        (json!({"q": "is:shared", "do": {"trash": true}}), "q"),
        (json!({"ids": [], "do": {"edit": {"rating": 9}}}), "rating"),
        (
            json!({"ids": [], "do": {"shift_captured": {"seconds": 99_999_999_999_i64}}}),
            "seconds",
        ),
    ] {
        let bad = client.request(Method::POST, "/assets/bulk").json(&body);
        assert_eq!(client.refused(bad, 400).await["field"], field, "{body}");
    }
}

async fn many_go_to_the_trash_and_on(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let sea = uploaded(client, "photos/blue-sea.jpg").await;
    let dunes = uploaded(client, "photos/dunes.jpg").await;
    let both = |deed: &str| json!({"ids": [sea, dunes], "do": {deed: true}});
    let refused = client.post("/assets/bulk", &both("delete"), 200).await;
    assert_eq!(
        (&refused["done"], &refused["batch"]),
        (&json!(0), &Value::Null)
    );
    assert_eq!(refused["failed"][0]["code"], "wrong_state");
    assert_eq!(
        client.post("/assets/bulk", &both("trash"), 200).await["done"],
        2
    );
    let trash = client.get("/assets?trashed=true&sort=trashed").await;
    assert_eq!(trash["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(trash["items"][0]["days_left"], 30);
    assert_eq!(
        client.post("/assets/bulk", &both("restore"), 200).await["done"],
        2
    );
    assert_eq!(client.get("/timeline").await["total"], 2);

    client
        .post(
            "/assets/bulk",
            &json!({"ids": [sea], "do": {"trash": true}}),
            200,
        )
        .await;
    let empty = client.request(Method::DELETE, "/trash").send().await;
    let emptied: Value = empty.expect("an answer").json().await.expect("JSON");
    assert_eq!(emptied, json!({"deleted": 1, "more": false}));
    client
        .refused(client.request(Method::GET, &format!("/assets/{sea}")), 404)
        .await;
    assert_eq!(client.asset(&dunes).await["trashed_at"], Value::Null);
}
