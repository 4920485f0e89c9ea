//! What another service exported: told apart by the vault, and taken in with what was known of it.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use testkit::{Database, fixtures};

use crate::{on_each_database, vault};

on_each_database!(an_export_is_told_apart, what_was_known_comes_with_the_file);

async fn an_export_is_told_apart(database: Database) {
    let vault = vault().database(database).start().await;
    let known = r#"{"title": "IMG_1.HEIC", "photoTakenTime": {"timestamp": "1714848090"},
        "geoData": {"latitude": 54.3, "longitude": 10.1}, "favorited": true}"#;
    let root = "Takeout/Google Photos";
    let body = json!({
        "source": "takeout",
        "files": [
            {"path": format!("{root}/Kiel/IMG_1.HEIC"), "size": 10},
            {"path": format!("{root}/Kiel/IMG_1.MP4"), "size": 10},
            {"path": format!("{root}/Kiel/IMG_1.HEIC.supplemental-metadata.json")},
            {"path": format!("{root}/Kiel/metadata.json")},
            {"path": "Takeout/archive_browser.html"},
        ],
        "sidecars": [
            {"path": format!("{root}/Kiel/IMG_1.HEIC.supplemental-metadata.json"), "text": known},
            {"path": format!("{root}/Kiel/metadata.json"), "text": r#"{"title": "Kiel", "description": "Sailing"}"#},
        ],
    });
    let plan = vault.client().post("/imports/plan", &body, 200).await;
    let item = &plan["items"][0];
    assert_eq!(item["album"], "Kiel");
    assert_eq!(item["motion"], format!("{root}/Kiel/IMG_1.MP4"));
    let metadata = json!({
        "captured_at": {"local": "2024-05-04T18:41:30", "offset": "Z"},
        "location": {"lat": 54.3, "lon": 10.1},
        "favourite": true,
    });
    assert_eq!(item["metadata"], metadata);
    assert_eq!(
        plan["albums"],
        json!([{"name": "Kiel", "description": "Sailing", "paths": [format!("{root}/Kiel/IMG_1.HEIC")]}])
    );
    let reasons: Vec<&str> = plan["ignored"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|file| file["reason"].as_str())
        .collect();
    assert_eq!(reasons, ["applied", "folder", "other_product"]);

    let wrong = json!({"source": "elsewhere", "files": []});
    let request = vault.client().request(Method::POST, "/imports/plan");
    let problem = vault.client().refused(request.json(&wrong), 400).await;
    assert_eq!(problem["field"], "source", "{problem}");
}

async fn what_was_known_comes_with_the_file(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let send = async |name: &str, metadata: Value| {
        let photo = fixtures::named(&format!("photos/{name}"));
        let form = Form::new().text("metadata", metadata.to_string()).part(
            "file",
            Part::bytes(photo.bytes()).file_name(name.to_owned()),
        );
        let request = client.request(Method::POST, "/assets").multipart(form);
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.expect("JSON"))
    };

    let photo = fixtures::named("photos/harbour.jpg");
    let own = client.upload_fixture(&photo).await;
    let own = client.settled(own.id()).await;
    client
        .delete(&format!("/assets/{}", own["id"].as_str().expect("id")))
        .await;
    client
        .delete(&format!(
            "/assets/{}?permanent=true",
            own["id"].as_str().expect("id")
        ))
        .await;
    let local = own["captured_at"]["local"]
        .as_str()
        .expect("taken")
        .to_owned();
    // The photograph was taken at 20:41 in summer; another service kept only the moment.
    let moment = local.replace("T20:", "T18:");
    assert_ne!(moment, local);
    let known = json!({"captured_at": {"local": moment, "offset": "Z"},
        "location": {"lat": -1.5, "lon": 2.5}, "rating": 4, "archived": true, "favourite": true});
    let (status, body) = send("harbour.jpg", known).await;
    assert_eq!(status, 201, "{body}");
    let asset = client
        .settled(body["asset"]["id"].as_str().expect("id"))
        .await;
    assert_eq!(asset["captured_at"]["local"], local, "{asset:#}");
    assert_eq!(
        (&asset["rating"], &asset["archived"]),
        (&json!(4), &json!(true))
    );
    assert_eq!(asset["location"]["lat"], -1.5, "{asset:#}");

    // What a person says holds.
    let said = json!({"captured_at": {"local": "1999-01-02T03:04:05", "offset": null}});
    let (_, body) = send("daisy.jpg", said).await;
    let asset = client
        .settled(body["asset"]["id"].as_str().expect("id"))
        .await;
    assert_eq!(asset["captured_at"]["local"], "1999-01-02T03:04:05");

    let (status, problem) = send("summit.jpg", json!({"captured_at": {"local": "soon"}})).await;
    assert_eq!(
        (status, &problem["field"]),
        (400, &json!("captured_at")),
        "{problem}"
    );
}
