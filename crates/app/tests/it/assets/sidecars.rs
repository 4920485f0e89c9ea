//! XMP beside a file: what it says holds, unless a person says otherwise.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use testkit::{Client, Database, fixtures};

use crate::{on_each_database, vault};

on_each_database!(
    a_sidecar_fills_what_nobody_said,
    a_changed_sidecar_leaves_what_a_person_said,
    a_broken_sidecar_says_why_and_changes_nothing,
    what_is_exported_as_xmp_comes_in_the_same,
);

fn sidecar(name: &str) -> String {
    let path = fixtures::root().join("decode").join(name);
    std::fs::read_to_string(path).expect("a sidecar")
}

/// Uploads a photograph with what lies beside it; its id.
async fn upload(client: &Client, name: &str, beside: &str) -> String {
    let photo = fixtures::named(&format!("photos/{name}"));
    let form = Form::new()
        .part(
            "file",
            Part::bytes(photo.bytes()).file_name(name.to_owned()),
        )
        .part(
            "sidecar",
            Part::text(beside.to_owned()).file_name(format!("{name}.xmp")),
        );
    let request = client.request(Method::POST, "/assets").multipart(form);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 201);
    let body: Value = answer.json().await.expect("JSON");
    body["asset"]["id"].as_str().expect("an id").to_owned()
}

/// Sends a sidecar after its photograph; the asset once it was read.
async fn attach(client: &Client, id: &str, beside: &str) -> Value {
    let path = format!("/assets/{id}/files?role=sidecar");
    let request = client.request(Method::POST, &path).body(beside.to_owned());
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 204);
    client.settled(id).await
}

async fn step(client: &Client, id: &str) -> Value {
    let steps = client.get(&format!("/assets/{id}/steps")).await;
    let items = steps["items"].as_array().expect("a list").clone();
    let found = items.into_iter().find(|step| step["name"] == "sidecar");
    found.expect("a step")
}

async fn a_sidecar_fills_what_nobody_said(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let id = upload(client, "harbour.jpg", &sidecar("lightroom.xmp")).await;
    let asset = client.settled(&id).await;
    assert_eq!(asset["status"], "ready", "{asset:#}");
    assert_eq!(asset["title"], "Evening at the quay");
    assert_eq!(asset["description"], "Two boats & a gull");
    assert_eq!(asset["rating"], 4);
    // In place of the file's own keywords, whichever of the two was read first.
    assert_eq!(asset["tags"], json!(["evening light", "harbour", "Kiel"]));
    assert_eq!(asset["captured_at"]["local"], "2024-05-04T21:41:07.25");
    assert_eq!(asset["favourite"], false);
    assert_eq!(step(client, &id).await["state"], "done");
    let found = client.get("/assets?q=rating:4%20tag:kiel%20quay").await;
    assert_eq!(found["items"][0]["id"], json!(id), "it is searched by");

    // One that comes later, to a photograph that is there.
    let later = client
        .upload_fixture(&fixtures::named("photos/daisy.jpg"))
        .await;
    client.settled(later.id()).await;
    let asset = attach(client, later.id(), &sidecar("digikam.xmp")).await;
    assert_eq!(
        (&asset["rating"], &asset["description"]),
        (&json!(5), &json!("Seen from the ferry"))
    );
    assert_eq!(asset["tags"], json!(["Kiel", "sea"]));
}

async fn a_changed_sidecar_leaves_what_a_person_said(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let first = sidecar("lightroom.xmp");
    let id = upload(client, "harbour.jpg", &first).await;
    client.settled(&id).await;
    let edit = json!({"title": "Mine", "tags": ["mine", "Kiel", "harbour"]});
    client.patch(&format!("/assets/{id}"), &edit).await;

    let second = first
        .replace("Evening at the quay", "Another title")
        .replace("Two boats &amp; a gull", "Three boats")
        .replace("xmp:Rating=\"4\"", "xmp:Rating=\"2\"")
        .replace("<rdf:li>harbour</rdf:li>", "<rdf:li>port</rdf:li>");
    let asset = attach(client, &id, &second).await;
    assert_eq!(asset["title"], "Mine");
    assert_eq!(asset["description"], "Three boats");
    assert_eq!(asset["rating"], 2);
    assert_eq!(
        asset["tags"],
        json!(["Kiel", "mine", "port"]),
        "what the sidecar took away is gone; what a person took away does not come back"
    );
    let files = client.get(&format!("/assets/{id}/files")).await;
    assert_eq!(files["items"].as_array().map(Vec::len), Some(2), "{files}");

    // The first again: it is not there any more, so it is read again.
    let asset = attach(client, &id, &first).await;
    assert_eq!(
        (&asset["title"], &asset["rating"]),
        (&json!("Mine"), &json!(4))
    );
    let edit = json!({"use_file": ["title"]});
    let asset = client.patch(&format!("/assets/{id}"), &edit).await;
    assert_eq!(asset["title"], "Evening at the quay");
}

async fn a_broken_sidecar_says_why_and_changes_nothing(database: Database) {
    let vault = vault().database(database).start().await;
    let client = vault.client();
    let whole = sidecar("darktable.xmp");
    let id = upload(client, "summit.jpg", &whole).await;
    let before = client.settled(&id).await;
    assert_eq!(before["rating"], 3);

    let asset = attach(client, &id, &whole[..whole.len() / 2]).await;
    assert_eq!(asset["status"], "partial");
    assert_eq!(
        (&asset["rating"], &asset["title"]),
        (&json!(3), &json!("Gipfel"))
    );
    let failed = step(client, &id).await;
    assert_eq!(
        (&failed["state"], &failed["code"]),
        (&json!("failed"), &json!("damaged"))
    );
    let message = failed["message"].as_str().expect("a sentence");
    assert!(message.contains("nothing of it was taken"), "{message}");
    let retry = format!("/assets/{id}/steps/sidecar/retry");
    client.post(&retry, &json!({}), 202).await;
    let again = client.settled(&id).await;
    assert_eq!(again["problems"][0]["step"], "sidecar", "{again:#}");

    let asset = attach(client, &id, &whole).await;
    assert_eq!(asset["status"], "ready", "{asset:#}");
    assert_eq!(asset["problems"], json!([]));
    let asset = attach(client, &id, "no XMP at all").await;
    assert_eq!(asset["problems"][0]["code"], "unsupported", "{asset:#}");
    assert_eq!(asset["rating"], 3);
}

async fn what_is_exported_as_xmp_comes_in_the_same(database: Database) {
    let (here, elsewhere) = (vault().database(database), vault().database(database));
    let (vault, elsewhere) = (here.start().await, elsewhere.start().await);
    let client = vault.client();
    let photo = fixtures::named("photos/harbour.jpg");
    let here = client.upload_fixture(&photo).await;
    client.settled(here.id()).await;
    let edit = json!({
        "title": "Kiel <1> & \"2\"", "description": "Two\nlines", "tags": ["Über", "sea"], "rating": 3,
        "favourite": true, "captured_at": {"local": "2001-02-03T04:05:06", "offset": "-03:30"},
        "location": {"lat": -54.321, "lon": 10.5, "altitude": -2.5},
    });
    let told = client.patch(&format!("/assets/{}", here.id()), &edit).await;
    let path = format!("/assets/{}/xmp", here.id());
    let answer = client
        .request(Method::GET, &path)
        .send()
        .await
        .expect("an answer");
    let text = answer.text().await.expect("text");

    let other = elsewhere.client();
    let id = upload(other, "harbour.jpg", &text).await;
    let asset = other.settled(&id).await;
    for field in ["title", "description", "tags", "rating", "favourite"] {
        assert_eq!(asset[field], told[field], "{field}");
    }
    for (field, part) in [
        ("captured_at", "local"),
        ("captured_at", "offset"),
        ("location", "lat"),
        ("location", "lon"),
        ("location", "altitude"),
    ] {
        assert_eq!(asset[field][part], told[field][part], "{field} {part}");
    }
}
