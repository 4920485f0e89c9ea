//! Everything out, and in again elsewhere: the two libraries are the same.

use std::collections::BTreeMap;
use std::path::Path;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use testkit::{Client, Database, Vault, fixtures};

use crate::cli::{Desk, code};
use crate::{on_each_database, vault};

on_each_database!(
    an_export_makes_the_same_library_again,
    a_sidecar_says_what_holds,
    an_export_of_an_import_of_an_export_is_the_same,
);

/// What must be the same of every asset, by its bytes.
async fn library(client: &Client) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for query in ["", "is:archived", "is:trashed"] {
        let request = client
            .request(Method::GET, "/assets")
            .query(&[("q", query)]);
        let answer = request.send().await.expect("an answer");
        let page: Value = answer.json().await.expect("JSON");
        for item in page["items"].as_array().expect("items") {
            let asset = client.settled(item["id"].as_str().expect("an id")).await;
            let mut same = json!({});
            for field in [
                "file_name",
                "title",
                "description",
                "tags",
                "rating",
                "favourite",
                "archived",
                "location",
                "metadata",
                "size",
            ] {
                same[field] = asset[field].clone();
            }
            same["trashed"] = json!(!asset["trashed_at"].is_null());
            same["local"] = asset["captured_at"]["local"].clone();
            same["offset"] = asset["captured_at"]["offset"].clone();
            found.insert(asset["sha256"].as_str().expect("a digest").to_owned(), same);
        }
    }
    found
}

/// What must be the same of every collection, by its name.
async fn albums(client: &Client) -> BTreeMap<String, Value> {
    let list = client.get("/collections").await;
    let mut found = BTreeMap::new();
    for album in list["items"].as_array().expect("items") {
        let mut same = json!({});
        for field in ["description", "query", "kind", "count"] {
            same[field] = album[field].clone();
        }
        found.insert(album["name"].as_str().expect("a name").to_owned(), same);
    }
    found
}

async fn some_library(client: &Client) {
    let mut ids = Vec::new();
    for name in ["harbour.jpg", "daisy.jpg", "summit.jpg", "blue-sea.jpg"] {
        let photo = fixtures::named(&format!("photos/{name}"));
        let uploaded = client.upload_fixture(&photo).await;
        client.settled(uploaded.id()).await;
        ids.push(uploaded.id().to_owned());
    }
    let edits = [
        json!({"title": "At \"Kiel\" & beyond", "tags": ["sea", "Über"], "rating": 5}),
        json!({"description": "Two\nlines", "favourite": true, "location": null}),
        json!({"archived": true}),
    ];
    for (id, edit) in ids.iter().zip(edits) {
        client.patch(&format!("/assets/{id}"), &edit).await;
    }
    client.delete(&format!("/assets/{}", ids[3])).await;
    let album =
        json!({"name": "Summer", "description": "By the sea", "asset_ids": [ids[0], ids[2]]});
    client.post("/collections", &album, 201).await;
    let smart = json!({"name": "Best", "query": "rating:>=4"});
    client.post("/collections", &smart, 201).await;
}

async fn fresh(database: Database) -> Vault {
    vault().database(database).start().await
}

async fn an_export_makes_the_same_library_again(database: Database) {
    let desk = Desk::on(database).await;
    some_library(desk.vault.client()).await;
    let before = library(desk.vault.client()).await;
    assert_eq!(before.len(), 4, "{before:#?}");
    let albums_before = albums(desk.vault.client()).await;
    assert_eq!(albums_before["Summer"]["count"], 2, "{albums_before:#?}");

    let file = desk.folder("out").join("export.zip");
    let file = file.to_str().expect("UTF-8");
    let saved = desk.run(&["export", file]);
    assert_eq!(code(&saved), 0, "{saved:?}");
    assert_eq!(
        code(&desk.run(&["export", file])),
        2,
        "it is not overwritten"
    );

    let other = fresh(database).await;
    let key = other
        .client()
        .post("/me/keys", &json!({"name": "import", "scopes": ["assets:read", "assets:write", "collections:manage"]}), 201)
        .await;
    let key = key["key"].as_str().expect("a key");
    let import = [
        "import",
        "archive",
        file,
        "--url",
        other.url(),
        "--key",
        key,
    ];
    let done = desk.run(&import);
    assert_eq!(code(&done), 0, "{done:?}");
    assert_eq!(library(other.client()).await, before);

    assert_eq!(albums(other.client()).await, albums_before);

    let again = desk.run(&[&import[..], &["--json"]].concat());
    let summary = crate::cli::lines(&again).pop().expect("a summary");
    assert_eq!(summary["summary"]["uploaded"], 0, "{summary}");
    assert_eq!(library(other.client()).await, before);
    assert_eq!(albums(other.client()).await, albums_before);

    let wrong = desk.run(&[
        "import",
        "archive",
        "/nowhere.zip",
        "--url",
        other.url(),
        "--key",
        key,
    ]);
    assert_eq!(code(&wrong), 2, "{wrong:?}");
}

async fn a_sidecar_says_what_holds(database: Database) {
    let vault = fresh(database).await;
    let client = vault.client();
    let photo = client
        .upload_fixture(&fixtures::named("photos/harbour.jpg"))
        .await;
    client.settled(photo.id()).await;
    client
        .patch(
            &format!("/assets/{}", photo.id()),
            &json!({"title": "Kiel <1>", "rating": 3}),
        )
        .await;
    let path = format!("/assets/{}/xmp", photo.id());
    let answer = client
        .request(Method::GET, &path)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.expect("text");
    for part in [
        "Kiel &lt;1&gt;",
        "<xmp:Rating>3</xmp:Rating>",
        "2024-05-04T20:41:07+02:00",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let nothing = client.request(
        Method::GET,
        "/assets/01900000-0000-7000-8000-000000000000/xmp",
    );
    client.refused(nothing, 404).await;
}

/// Everything an export can hold: a moving part, a sidecar, versions and a way back, nesting, a locked one.
async fn whole_library(client: &Client) {
    some_library(client).await;
    let bytes = |name: &str| fixtures::named(&format!("photos/{name}")).bytes();
    let first = client.upload("avenue.jpg", bytes("avenue.jpg")).await;
    client.settled(first.id()).await;
    let path = format!("/assets/{}", first.id());
    let version = async |name: &str| {
        let part = Part::bytes(bytes(name)).file_name(name.to_owned());
        let form = Form::new().part("file", part);
        let request = client.request(Method::POST, &format!("{path}/versions"));
        let answer = request.multipart(form).send().await.expect("an answer");
        assert_eq!(answer.status(), 201);
        client.settled(first.id()).await;
    };
    version("balloons.jpg").await;
    client
        .post(&format!("{path}/versions/1/rollback"), &json!({}), 201)
        .await;
    version("clearing.jpg").await;
    client.patch(&path, &json!({"title": "Four states"})).await;
    for (role, body) in [
        ("motion", b"\0\0\0\x14ftypqt  \0\0\0\0qt  moving".to_vec()),
        ("sidecar", sidecar()),
    ] {
        let path = format!("{path}/files?role={role}");
        let request = client.request(Method::POST, &path).body(body);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 204, "{role}");
    }
    client.settled(first.id()).await;
    let locked = client.upload("sunflower.jpg", bytes("sunflower.jpg")).await;
    client.settled(locked.id()).await;
    let lock = json!({"locked": true});
    client
        .patch(&format!("/assets/{}", locked.id()), &lock)
        .await;

    let outer = client
        .post("/collections", &json!({"name": "Travel"}), 201)
        .await;
    for (name, asset) in [("2024", first.id()), ("2025", first.id())] {
        let year = json!({"name": name, "parent_id": outer["id"]});
        let year = client.post("/collections", &year, 201).await;
        let sea = json!({"name": "Sea", "parent_id": year["id"], "asset_ids": [asset]});
        client.post("/collections", &sea, 201).await;
    }
}

fn sidecar() -> Vec<u8> {
    std::fs::read(fixtures::root().join("decode/digikam.xmp")).expect("a sidecar")
}

/// What an export in a folder says, but for ids, and when things came.
fn told(folder: &Path) -> (Vec<Value>, Vec<Value>) {
    let read = |part: &str| -> Vec<Value> {
        let text = std::fs::read_to_string(folder.join(format!("{part}/000001.jsonl")));
        let text = text.expect("a page");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    };
    let (mut assets, collections) = (read("assets"), read("collections"));
    let path_of = |id: &Value| {
        let mut names = Vec::new();
        let mut at = id.clone();
        while let Some(found) = collections.iter().find(|one| one["id"] == at) {
            names.push(found["name"].as_str().expect("a name").to_owned());
            at = found["parent"].clone();
        }
        names.reverse();
        json!(names.join("/"))
    };
    let mut named: Vec<Value> = collections
        .iter()
        .map(|one| {
            json!({"path": path_of(&one["id"]), "description": one["description"], "query": one["query"]})
        })
        .collect();
    named.sort_by_key(Value::to_string);
    for asset in &mut assets {
        let id = asset["id"].as_str().expect("an id").to_owned();
        let text = asset.to_string().replace(&id, "ID");
        *asset = serde_json::from_str(&text).expect("JSON");
        // Edits are told, and not made again.
        for field in ["created_at", "revisions"] {
            asset.as_object_mut().expect("an object").remove(field);
        }
        let held = asset["collections"].as_array().expect("a list");
        let mut held: Vec<Value> = held.iter().map(path_of).collect();
        held.sort_by_key(Value::to_string);
        asset["collections"] = json!(held);
        for version in asset["versions"].as_array_mut().into_iter().flatten() {
            version
                .as_object_mut()
                .expect("an object")
                .remove("created_at");
        }
    }
    assets.sort_by_key(|asset| asset["sha256"].to_string());
    (assets, named)
}

async fn an_export_of_an_import_of_an_export_is_the_same(database: Database) {
    let desk = Desk::on(database).await;
    whole_library(desk.vault.client()).await;
    let folder = desk.folder("home").join("out");
    let to = folder.to_str().expect("UTF-8");
    let guarded = desk.run(&["export", "--to", to, "--json"]);
    assert_eq!(code(&guarded), 0, "{guarded:?}");
    let summary = crate::cli::lines(&guarded).pop().expect("a summary");
    assert_eq!(
        summary["summary"]["assets"], 5,
        "the locked one stays: {summary}"
    );

    // Goes on: brings the locked one, and what was lost; nothing else.
    let lost = folder.join("originals/2024/05/harbour.jpg");
    std::fs::write(&lost, "half of it").expect("written");
    let more = desk.run(&["export", "--to", to, "--locked", "--json"]);
    assert_eq!(code(&more), 0, "{more:?}");
    let summary = crate::cli::lines(&more).pop().expect("a summary");
    assert_eq!(summary["summary"]["saved"], 2, "{summary}");
    assert_eq!(summary["summary"]["there"], 8, "{summary}");
    let harbour = fixtures::named("photos/harbour.jpg").bytes();
    assert_eq!(std::fs::read(&lost).expect("there"), harbour);
    let (assets, collections) = told(&folder);
    assert_eq!(
        (assets.len(), collections.len()),
        (6, 7),
        "{collections:#?}"
    );

    let other = fresh(database).await;
    let key = other
        .client()
        .post("/me/keys", &json!({"name": "import", "scopes": ["assets:read", "assets:write", "collections:manage"]}), 201)
        .await;
    let key = key["key"].as_str().expect("a key");
    let there = ["--url", other.url(), "--key", key];
    for uploaded in [6, 0] {
        let done = desk.run(&[&["import", "archive", to, "--json"][..], &there].concat());
        assert_eq!(code(&done), 0, "{done:?}");
        let summary = crate::cli::lines(&done).pop().expect("a summary");
        assert_eq!(summary["summary"]["uploaded"], uploaded, "{summary}");
    }
    let listed = other.client().get("/export/assets?locked=1").await;
    for asset in listed["items"].as_array().expect("items") {
        other
            .client()
            .settled(asset["id"].as_str().expect("an id"))
            .await;
    }
    let again = desk.folder("again").join("out");
    let to = again.to_str().expect("UTF-8");
    let done = desk.run(&[&["export", "--to", to, "--locked"][..], &there].concat());
    assert_eq!(code(&done), 0, "{done:?}");
    let (assets_again, collections_again) = told(&again);
    assert_eq!(collections_again, collections);
    for (one, other) in assets.iter().zip(&assets_again) {
        assert_eq!(other, one);
    }
    assert_eq!(assets_again.len(), assets.len());

    // A folder of something else is left alone.
    let foreign = desk.folder("photos");
    std::fs::write(foreign.join("mine.txt"), "mine").expect("written");
    let foreign = foreign.to_str().expect("UTF-8");
    assert_eq!(code(&desk.run(&["export", "--to", foreign])), 2);
}
