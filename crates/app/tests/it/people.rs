//! Accounts, roles and invitations over HTTP, and what must not be possible with them.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Client, Database, EMAIL, PASSWORD, Vault};

use crate::{on_each_database, vault};

on_each_database!(
    people_change_their_own_account,
    an_invitation_makes_one_account,
    an_invitation_ends_with_the_standing_of_its_maker,
    accounts_are_managed,
    nobody_gives_what_he_does_not_hold,
    the_last_who_can_manage_stays,
    two_who_disable_each_other_do_not_both_succeed,
    roles_are_defined,
    a_library_is_weighed,
);

const BOB: &str = "bob@example.org";

fn word(value: &Value) -> &str {
    value.as_str().expect("a word")
}

async fn login(vault: &Vault, email: &str, password: &str) -> Client {
    let body = json!({"email": email, "password": password, "session": "token"});
    let made = vault.stranger().post("/auth/login", &body, 200).await;
    vault.stranger().with_token(word(&made["access_token"]))
}

/// Makes an account with these roles; its id and a client that is signed in as it.
async fn person(vault: &Vault, email: &str, roles: &[&str]) -> (String, Client) {
    let wish = json!({"email": email, "password": PASSWORD, "roles": roles});
    let made = vault.client().post("/users", &wish, 201).await;
    assert_eq!(made["password"], Value::Null);
    let client = login(vault, email, PASSWORD).await;
    (word(&made["id"]).to_owned(), client)
}

async fn refused(client: &Client, method: Method, path: &str, body: Value, status: u16) -> Value {
    let request = client.request(method, path).json(&body);
    client.refused(request, status).await
}

async fn people_change_their_own_account(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let me = ada.patch("/me", &json!({"name": "Ada"})).await;
    assert_eq!(me["name"], "Ada");
    let me = ada.patch("/me", &json!({"name": null})).await;
    assert_eq!(me["name"], Value::Null);

    let wish = json!({"email": "countess@example.org", "current_password": "wrong password"});
    let problem = refused(ada, Method::PATCH, "/me", wish, 400).await;
    assert_eq!(problem["field"], "current_password");
    let wish = json!({"email": "countess@example.org", "current_password": PASSWORD});
    let me = ada.patch("/me", &wish).await;
    assert_eq!(me["email"], "countess@example.org");

    let other = login(&vault, "countess@example.org", PASSWORD).await;
    let wish = json!({"current": "wrong password", "new": "another long one"});
    let problem = refused(ada, Method::POST, "/me/password", wish, 400).await;
    assert_eq!(problem["field"], "current");
    let wish = json!({"current": PASSWORD, "new": "short"});
    let problem = refused(ada, Method::POST, "/me/password", wish, 400).await;
    assert_eq!(problem["field"], "new");
    let wish = json!({"current": PASSWORD, "new": "another long one"});
    ada.post("/me/password", &wish, 204).await;
    other.refused(other.request(Method::GET, "/me"), 401).await;
    ada.get("/me").await;
    login(&vault, "countess@example.org", "another long one").await;

    let wish = json!({"name": "key", "scopes": ["assets:read"]});
    let key = ada.post("/me/keys", &wish, 201).await;
    let key = ada.with_token(word(&key["key"]));
    let wish = json!({"current": "another long one", "new": "stolen password"});
    refused(&key, Method::POST, "/me/password", wish, 403).await;
    refused(&key, Method::PATCH, "/me", json!({"name": "Eve"}), 403).await;
}

async fn an_invitation_makes_one_account(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let wish = json!({"email": BOB, "quota": 1000});
    let made = ada.post("/invitations", &wish, 201).await;
    let secret = word(&made["url"]).rsplit('/').next().expect("a secret");
    assert!(word(&made["url"]).starts_with(&format!("{}/join/", vault.url())));
    let listed = ada.get("/invitations").await;
    assert_eq!(listed["items"][0]["state"], "open");
    assert!(!listed.to_string().contains(secret));

    let stranger = vault.stranger();
    let path = format!("/auth/invitations/{secret}");
    let told = stranger.get(&path).await;
    assert_eq!(
        (&told["email"], &told["invited_by"]),
        (&json!(BOB), &json!("Ada"))
    );
    let join = |email: &str, secret: &str| json!({"email": email, "password": PASSWORD, "invitation": secret, "session": "token"});
    let problem = refused(
        &stranger,
        Method::POST,
        "/auth/register",
        join("eve@example.org", secret),
        400,
    )
    .await;
    assert_eq!(problem["field"], "email");
    let invented = "A".repeat(43);
    let problem = refused(
        &stranger,
        Method::POST,
        "/auth/register",
        join(BOB, &invented),
        403,
    )
    .await;
    assert_eq!(problem["code"], "registration_closed");

    let joined = stranger
        .post("/auth/register", &join("Bob@Example.org", secret), 201)
        .await;
    assert_eq!(joined["user"]["roles"], json!(["user"]));
    assert_eq!(joined["user"]["quota"], 1000);
    refused(
        &stranger,
        Method::POST,
        "/auth/register",
        join("bob2@example.org", secret),
        403,
    )
    .await;
    stranger
        .refused(stranger.request(Method::GET, &path), 404)
        .await;
    assert_eq!(
        ada.get("/invitations").await["items"][0]["state"],
        "accepted"
    );
    let problem = refused(
        ada,
        Method::POST,
        "/invitations",
        json!({"email": BOB}),
        409,
    )
    .await;
    assert_eq!(problem["field"], "email");

    let open = ada.post("/invitations", &json!({}), 201).await;
    ada.delete(&format!("/invitations/{}", word(&open["id"])))
        .await;
    let secret = word(&open["url"]).rsplit('/').next().expect("a secret");
    let path = format!("/auth/invitations/{secret}");
    stranger
        .refused(stranger.request(Method::GET, &path), 404)
        .await;
    assert!(!vault.log().contains(secret), "a secret stands in no log");
}

async fn an_invitation_ends_with_the_standing_of_its_maker(database: Database) {
    let vault = vault().database(database).start().await;
    let (id, bob) = person(&vault, BOB, &["user", "admin"]).await;
    let made = bob
        .post("/invitations", &json!({"roles": ["admin"]}), 201)
        .await;
    let secret = word(&made["url"])
        .rsplit('/')
        .next()
        .expect("a secret")
        .to_owned();
    let path = format!("/auth/invitations/{secret}");
    vault.stranger().get(&path).await;
    vault
        .client()
        .patch(&format!("/users/{id}"), &json!({"state": "disabled"}))
        .await;
    let stranger = vault.stranger();
    stranger
        .refused(stranger.request(Method::GET, &path), 404)
        .await;
    let join = json!({"email": "eve@example.org", "password": PASSWORD, "invitation": secret});
    refused(&stranger, Method::POST, "/auth/register", join, 403).await;
}

async fn accounts_are_managed(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let (id, bob) = person(&vault, BOB, &["user"]).await;
    let path = format!("/users/{id}");
    bob.upload("one.bin", vec![7; 100]).await;
    let seen = ada.get(&path).await;
    assert_eq!(
        (&seen["used"], &seen["asset_count"]),
        (&json!(100), &json!(1))
    );
    assert!(seen["last_seen_at"].is_string());
    let found = ada.get("/users?q=BOB").await;
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    let first = ada.get("/users?limit=1").await;
    assert_eq!(first["items"][0]["email"], EMAIL);
    let next = ada
        .get(&format!(
            "/users?limit=1&cursor={}",
            word(&first["next_cursor"])
        ))
        .await;
    assert_eq!(
        (&next["items"][0]["email"], &next["next_cursor"]),
        (&json!(BOB), &Value::Null)
    );

    let changed = ada.patch(&path, &json!({"name": "Bob", "quota": 50})).await;
    assert_eq!(
        (&changed["name"], &changed["quota"]),
        (&json!("Bob"), &json!(50))
    );
    let more = bob
        .send_file("two.bin", vec![8; 10])
        .await
        .expect("an answer");
    assert_eq!(
        more.status(),
        StatusCode::PAYLOAD_TOO_LARGE,
        "below what is used, nothing more comes"
    );
    assert_eq!(
        ada.patch(&path, &json!({"quota": null})).await["quota"],
        Value::Null
    );

    let wish = json!({"name": "key", "scopes": ["assets:read"]});
    let key = bob.post("/me/keys", &wish, 201).await;
    let key = bob.with_token(word(&key["key"]));
    ada.patch(&path, &json!({"state": "disabled"})).await;
    for gone in [&bob, &key] {
        gone.refused(gone.request(Method::GET, "/me"), 401).await;
    }
    let body = json!({"email": BOB, "password": PASSWORD});
    refused(&vault.stranger(), Method::POST, "/auth/login", body, 401).await;
    ada.patch(&path, &json!({"state": "active"})).await;
    let reset = ada
        .post(&format!("{path}/reset-password"), &json!({}), 200)
        .await;
    let bob = login(&vault, BOB, word(&reset["password"])).await;

    let problem = ada.refused(ada.request(Method::DELETE, &path), 409).await;
    assert_eq!(problem["code"], "wrong_state");
    let asset = bob.get("/assets").await["items"][0]["id"].clone();
    bob.delete(&format!("/assets/{}", word(&asset))).await;
    bob.delete(&format!("/assets/{}?permanent=true", word(&asset)))
        .await;
    ada.delete(&path).await;
    ada.refused(ada.request(Method::GET, &path), 404).await;
    bob.refused(bob.request(Method::GET, "/me"), 401).await;
}

async fn nobody_gives_what_he_does_not_hold(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let (ben_id, ben) = person(&vault, "ben@example.org", &["user", "admin"]).await;
    let (_, user) = person(&vault, BOB, &["user"]).await;
    let me = ada.get("/me").await;
    let first = format!("/users/{}", word(&me["id"]));
    let own = format!("/users/{ben_id}");
    let operator = json!({"roles": ["user", "admin", "operator"]});
    for (method, path, body) in [
        (Method::PATCH, own.as_str(), operator.clone()),
        (Method::PATCH, &first, json!({"state": "disabled"})),
        (Method::PATCH, &first, json!({"roles": ["user"]})),
        (Method::POST, &format!("{first}/reset-password"), json!({})),
        (Method::DELETE, &first, json!({})),
        (
            Method::POST,
            "/users",
            json!({"email": "eve@example.org", "roles": ["operator"]}),
        ),
        (Method::POST, "/invitations", json!({"roles": ["operator"]})),
        (
            Method::POST,
            "/roles",
            json!({"name": "mine", "permissions": ["system:maintain"]}),
        ),
        (
            Method::PATCH,
            "/roles/user",
            json!({"permissions": ["jobs:manage"]}),
        ),
        (Method::PATCH, "/roles/operator", json!({"permissions": []})),
    ] {
        let problem = refused(&ben, method.clone(), path, body.clone(), 403).await;
        assert_eq!(problem["code"], "forbidden", "{method} {path} {body}");
    }
    for (method, path, body) in [
        (Method::PATCH, own.as_str(), json!({"state": "disabled"})),
        (Method::POST, "/invitations", json!({})),
        (Method::PATCH, "/roles/user", json!({"permissions": []})),
    ] {
        refused(&user, method, path, body, 403).await;
    }
    let wish = json!({"name": "key", "scopes": ["users:manage", "roles:manage"]});
    let key = ada.post("/me/keys", &wish, 201).await;
    let key = ada.with_token(word(&key["key"]));
    key.get("/users").await;
    refused(&key, Method::PATCH, &own, operator, 403).await;
    let problem = refused(ada, Method::PATCH, &own, json!({"roles": ["none"]}), 400).await;
    assert_eq!(problem["field"], "roles");
    let path = format!("{first}/reset-password");
    let problem = refused(ada, Method::POST, &path, json!({}), 400).await;
    assert_eq!(
        problem["field"], "id",
        "one's own takes the password before"
    );
    assert_eq!(ada.get(&own).await["roles"], json!(["admin", "user"]));
}

async fn the_last_who_can_manage_stays(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let me = ada.get("/me").await;
    let own = format!("/users/{}", word(&me["id"]));
    for body in [
        json!({"state": "disabled"}),
        json!({"roles": ["user"]}),
        json!({"roles": ["user", "admin"]}),
        json!({"roles": ["user", "operator"]}),
    ] {
        let problem = refused(ada, Method::PATCH, &own, body.clone(), 409).await;
        assert_eq!(problem["code"], "wrong_state", "{body}");
    }
    ada.refused(ada.request(Method::DELETE, &own), 409).await;
    let body = json!({"permissions": ["audit:read"]});
    refused(ada, Method::PATCH, "/roles/admin", body, 409).await;
    assert_eq!(
        ada.get(&own).await["roles"],
        json!(["admin", "operator", "user"])
    );
    let (_, ben) = person(&vault, "ben@example.org", &["user", "admin", "operator"]).await;
    ada.patch(&own, &json!({"roles": ["user"]})).await;
    ada.refused(ada.request(Method::GET, "/users"), 403).await;
    ben.get("/users").await;
}

async fn two_who_disable_each_other_do_not_both_succeed(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let (ben_id, ben) = person(&vault, "ben@example.org", &["user", "admin", "operator"]).await;
    let ada_id = word(&ada.get("/me").await["id"]).to_owned();
    let disable = |client: &Client, id: &str| {
        let request = client.request(Method::PATCH, &format!("/users/{id}"));
        request.json(&json!({"state": "disabled"})).send()
    };
    let (one, two) = tokio::join!(disable(ada, &ben_id), disable(&ben, &ada_id));
    let done = [one, two]
        .into_iter()
        .filter(|answer| answer.as_ref().expect("an answer").status() == 200)
        .count();
    assert_eq!(done, 1);
}

async fn roles_are_defined(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let wish = json!({"name": "auditor", "permissions": ["audit:read"]});
    let made = ada.post("/roles", &wish, 201).await;
    assert_eq!(
        (&made["built_in"], &made["user_count"]),
        (&json!(false), &json!(0))
    );
    refused(ada, Method::POST, "/roles", wish, 409).await;
    for name in ["", "Two Words", "ünder"] {
        let wish = json!({"name": name, "permissions": []});
        let problem = refused(ada, Method::POST, "/roles", wish, 400).await;
        assert_eq!(problem["field"], "name", "{name:?}");
    }
    let (id, bob) = person(&vault, BOB, &["user", "auditor"]).await;
    bob.refused(bob.request(Method::GET, "/users"), 403).await;
    let wish = json!({"permissions": ["audit:read", "users:manage"]});
    ada.patch("/roles/auditor", &wish).await;
    let bob = login(&vault, BOB, PASSWORD).await;
    bob.get("/users").await;
    let problem = ada
        .refused(ada.request(Method::DELETE, "/roles/auditor"), 409)
        .await;
    assert_eq!(problem["code"], "wrong_state");
    ada.patch(&format!("/users/{id}"), &json!({"roles": ["user"]}))
        .await;
    bob.refused(bob.request(Method::GET, "/users"), 403).await;
    ada.delete("/roles/auditor").await;
    ada.refused(ada.request(Method::DELETE, "/roles/auditor"), 404)
        .await;
    ada.refused(ada.request(Method::DELETE, "/roles/user"), 409)
        .await;
    let roles = ada.get("/roles").await;
    let names: Vec<_> = roles["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|role| word(&role["name"]))
        .collect();
    assert_eq!(names, ["admin", "operator", "partner", "user"]);
}

async fn a_library_is_weighed(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let empty = ada.get("/me/usage").await;
    assert_eq!(
        (&empty["used"], &empty["count"], &empty["largest"]),
        (&json!(0), &json!(0), &json!([]))
    );
    ada.upload("small.bin", vec![1; 10]).await;
    let large = ada.upload("large.bin", vec![2; 30]).await;
    let thrown = ada.upload("thrown.bin", vec![3; 5]).await;
    ada.delete(&format!("/assets/{}", thrown.id())).await;
    let (_, bob) = person(&vault, BOB, &["user"]).await;
    bob.upload("not-adas.bin", vec![4; 1000]).await;
    let usage = ada.get("/me/usage").await;
    assert_eq!((&usage["used"], &usage["count"]), (&json!(45), &json!(2)));
    assert_eq!(
        usage["by_kind"],
        json!([{"kind": "other", "count": 2, "bytes": 40}])
    );
    assert_eq!(usage["by_month"][0]["bytes"], 40);
    assert_eq!(usage["trash"], json!({"count": 1, "bytes": 5}));
    assert_eq!(usage["versions"], json!({"count": 0, "bytes": 0}));
    assert_eq!(usage["largest"][0]["id"], large.id());
    assert_eq!(usage["largest"].as_array().map(Vec::len), Some(3));
}
