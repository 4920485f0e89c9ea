//! Links: making them, following them, and what ends them.

use reqwest::header::{COOKIE, RETRY_AFTER, SET_COOKIE};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use testkit::{Client, Database, Vault, fixtures};

use crate::{on_each_database, vault};

on_each_database!(
    a_link_shows_what_it_opens_and_nothing_else,
    a_password_is_asked_for_and_its_change_bites,
    a_link_ends_by_use_time_and_revocation,
    a_link_hides_what_it_shall_hide,
    a_link_follows_what_its_owner_may_show,
);

/// Somebody with a link and no account.
struct Visitor {
    client: Client,
    base: String,
    cookie: Option<String>,
}

impl Visitor {
    fn of(vault: &Vault, share: &Value) -> Self {
        let url = share["url"].as_str().expect("an address");
        let token = url.rsplit('/').next().expect("its secret part");
        Self {
            client: vault.stranger(),
            base: format!("/shared/{token}"),
            cookie: None,
        }
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, &format!("{}{path}", self.base));
        match &self.cookie {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        }
    }

    async fn open(&mut self, body: Value) -> StatusCode {
        let request = self.ask(Method::POST, "/open").json(&body);
        let answer = request.send().await.expect("an answer");
        if let Some(set) = answer.headers().get(SET_COOKIE) {
            let set = set.to_str().expect("text");
            assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"));
            self.cookie = set.split(';').next().map(str::to_owned);
        }
        answer.status()
    }

    async fn status(&self, path: &str) -> u16 {
        let answer = self.ask(Method::GET, path).send().await.expect("an answer");
        assert!(answer.headers().contains_key("x-robots-tag"));
        answer.status().as_u16()
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("JSON")
    }
}

async fn photo(client: &Client, name: &str) -> String {
    let fixture = fixtures::named(&format!("photos/{name}"));
    let id = client.upload_fixture(&fixture).await.id().to_owned();
    client.settled(&id).await;
    id
}

async fn album(client: &Client, asset: &str) -> Value {
    let wish = json!({"name": "Summer", "asset_ids": [asset]});
    client.post("/collections", &wish, 201).await
}

async fn a_link_shows_what_it_opens_and_nothing_else(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let (sea, dunes) = (
        photo(ada, "blue-sea.jpg").await,
        photo(ada, "dunes.jpg").await,
    );
    let wish = json!({"asset_ids": [sea], "name": "For Eve", "level": "view"});
    let share = ada.post("/shares", &wish, 201).await;
    assert_eq!(
        (&share["asset_count"], &share["has_password"]),
        (&json!(1), &json!(false))
    );
    let mut eve = Visitor::of(&vault, &share);
    let about = eve.get("").await;
    assert_eq!(
        (&about["name"], &about["count"]),
        (&json!("For Eve"), &json!(1))
    );
    assert_eq!(eve.status("/assets").await, 401, "not let in yet");
    assert_eq!(eve.open(json!({})).await, 200);
    let page = eve.get("/assets").await;
    assert_eq!(page["items"][0]["id"], sea);
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
    assert!(page["items"][0].get("location").is_none());
    let thumb = page["items"][0]["renditions"]["thumb"]["url"]
        .as_str()
        .expect("a picture");
    let picture = eve.client.request(Method::GET, thumb);
    let picture = picture.header(COOKIE, eve.cookie.as_deref().expect("a pass"));
    let picture = picture.send().await.expect("an answer");
    assert_eq!(picture.status(), 200);
    assert_eq!(picture.headers()["cache-control"], "private, no-cache");
    assert_eq!(eve.status(&format!("/assets/{dunes}")).await, 404);
    assert_eq!(
        eve.status(&format!("/assets/{dunes}/renditions/thumb"))
            .await,
        404
    );
    assert_eq!(eve.status(&format!("/assets/{sea}/content")).await, 403);
    let archive = eve
        .ask(Method::POST, "/archive")
        .send()
        .await
        .expect("an answer");
    assert_eq!(archive.status(), 403);

    let path = format!("/shares/{}", share["id"].as_str().expect("an id"));
    ada.patch(&path, &json!({"level": "download"})).await;
    assert_eq!(eve.status(&format!("/assets/{sea}/content")).await, 200);
    let archive = eve
        .ask(Method::POST, "/archive")
        .send()
        .await
        .expect("an answer");
    assert_eq!(archive.status(), 200);
    let visits = ada.get(&format!("{path}/visits")).await;
    let done: Vec<_> = visits["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|visit| visit["action"].clone())
        .collect();
    assert_eq!(
        done,
        [json!("downloaded"), json!("downloaded"), json!("opened")]
    );

    // What is no link of ours, in whichever way, is answered the same.
    let forged = Visitor {
        base: "/shared/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        ..eve
    };
    for path in ["", "/assets"] {
        assert_eq!(forged.status(path).await, 404);
    }
    let secret = share["url"]
        .as_str()
        .and_then(|url| url.rsplit('/').next())
        .expect("a secret");
    // Nor where somebody misspelt what stands around it.
    for path in [
        format!("/shared/{secret}/nothing/here"),
        format!("/shared//{secret}"),
        format!("/share/{secret}?of={secret}"),
        format!("/assets?q={secret}"),
        format!("{}/s/{secret}/more", vault.url()),
        format!("{}/x/{secret}", vault.url()),
    ] {
        let request = vault.stranger().request(Method::GET, &path);
        request.send().await.expect("an answer");
    }
    assert!(vault.log().contains("/share/"), "the requests are logged");
    assert!(!vault.log().contains(secret), "no log is a way in");
}

async fn a_password_is_asked_for_and_its_change_bites(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let sea = photo(ada, "blue-sea.jpg").await;
    let wish = json!({"asset_ids": [sea], "level": "view", "password": "open sesame"});
    let share = ada.post("/shares", &wish, 201).await;
    let mut eve = Visitor::of(&vault, &share);
    assert_eq!(eve.get("").await["needs_password"], true);
    assert_eq!(eve.open(json!({})).await, 401);
    assert_eq!(eve.open(json!({"password": "open barley"})).await, 401);
    assert_eq!(eve.open(json!({"password": "open sesame"})).await, 200);
    eve.get("/assets").await;
    let path = format!("/shares/{}", share["id"].as_str().expect("an id"));
    let short = ada
        .request(Method::PATCH, &path)
        .json(&json!({"password": "abc"}));
    assert_eq!(ada.refused(short, 400).await["field"], "password");
    ada.patch(&path, &json!({"password": "another one"})).await;
    assert_eq!(eve.status("/assets").await, 401);
    let visits = ada.get(&format!("{path}/visits")).await;
    assert_eq!(visits["items"][1]["action"], "refused");
    // Guessing is slowed down, and whoever guesses is told for how long.
    for _ in 0..12 {
        eve.open(json!({"password": "a guess"})).await;
    }
    let guess = eve.ask(Method::POST, "/open");
    let guess = guess.json(&json!({"password": "a guess"}));
    let answer = guess.send().await.expect("an answer");
    assert_eq!(answer.status(), 429);
    let wait = answer.headers()[RETRY_AFTER].to_str().expect("text");
    assert!(wait.parse::<u64>().expect("seconds") > 0);
    let problem: Value = answer.json().await.expect("JSON");
    assert_eq!(problem["code"], "too_many_requests");
}

async fn a_link_ends_by_use_time_and_revocation(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let sea = photo(ada, "blue-sea.jpg").await;
    let wish = json!({"asset_ids": [sea], "level": "view", "max_views": 1});
    let share = ada.post("/shares", &wish, 201).await;
    let (mut eve, mut mallory) = (Visitor::of(&vault, &share), Visitor::of(&vault, &share));
    assert_eq!(eve.open(json!({})).await, 200);
    assert_eq!(eve.open(json!({})).await, 200, "the same visit");
    let refused = mallory.ask(Method::POST, "/open").json(&json!({}));
    assert_eq!(
        mallory.client.refused(refused, 403).await["code"],
        "link_expired"
    );
    assert_eq!(mallory.open(json!({})).await, 403);
    eve.get("/assets").await;
    let path = format!("/shares/{}", share["id"].as_str().expect("an id"));
    assert_eq!(ada.get(&path).await["views"], 1);

    let past = ada
        .request(Method::PATCH, &path)
        .json(&json!({"expires_at": "2020-01-01T00:00:00Z"}));
    assert_eq!(ada.refused(past, 400).await["field"], "expires_at");
    ada.delete(&path).await;
    ada.delete(&path).await;
    assert_eq!(eve.status("/assets").await, 404);
    assert_eq!(eve.status("").await, 404);
    assert!(ada.get(&path).await["revoked_at"].is_string());
    let again = ada
        .request(Method::PATCH, &path)
        .json(&json!({"name": "x"}));
    ada.refused(again, 409).await;
}

async fn a_link_hides_what_it_shall_hide(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let sea = photo(ada, "blue-sea.jpg").await;
    let wish = json!({"asset_ids": [sea], "level": "download", "hide_metadata": true});
    let share = ada.post("/shares", &wish, 201).await;
    let mut eve = Visitor::of(&vault, &share);
    eve.open(json!({})).await;
    let asset = eve.get(&format!("/assets/{sea}")).await;
    assert_eq!(
        (&asset["file_name"], &asset["captured_at"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(eve.status(&format!("/assets/{sea}/content")).await, 403);
}

async fn a_link_follows_what_its_owner_may_show(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_REGISTRATION", "open")
        .start()
        .await;
    let (ada, bob) = (vault.client(), vault.register("bob@example.org").await);
    let (sea, dunes) = (
        photo(ada, "blue-sea.jpg").await,
        photo(ada, "dunes.jpg").await,
    );
    let summer = album(ada, &sea).await;
    let wish = json!({"collection_id": summer["id"], "level": "view"});
    let theirs = bob.request(Method::POST, "/shares").json(&wish);
    bob.refused(theirs, 404).await;
    let stolen = json!({"asset_ids": [sea], "level": "view"});
    bob.refused(bob.request(Method::POST, "/shares").json(&stolen), 404)
        .await;
    let share = ada.post("/shares", &wish, 201).await;
    let id = share["id"].as_str().expect("an id");
    bob.refused(bob.request(Method::GET, &format!("/shares/{id}")), 404)
        .await;
    bob.refused(bob.request(Method::DELETE, &format!("/shares/{id}")), 404)
        .await;

    let mut eve = Visitor::of(&vault, &share);
    eve.open(json!({})).await;
    assert_eq!(eve.get("").await["name"], "Summer");
    assert_eq!(eve.status(&format!("/assets/{dunes}")).await, 404);
    let put = format!(
        "/collections/{}/assets",
        summer["id"].as_str().expect("an id")
    );
    ada.post(&put, &json!({"asset_ids": [dunes]}), 200).await;
    assert_eq!(
        eve.status(&format!("/assets/{dunes}/renditions/thumb"))
            .await,
        200
    );
    ada.delete(&format!("/assets/{dunes}")).await;
    assert_eq!(eve.status(&format!("/assets/{dunes}")).await, 404);
    assert_eq!(
        eve.get("/assets").await["items"].as_array().map(Vec::len),
        Some(1)
    );
    ada.delete(&format!(
        "/collections/{}",
        summer["id"].as_str().expect("an id")
    ))
    .await;
    assert_eq!(eve.status("/assets").await, 404);
}
