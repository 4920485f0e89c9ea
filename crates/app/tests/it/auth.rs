//! Accounts over HTTP: cookies, tokens, keys, and what is said to whom.

use reqwest::{Method, Response};
use serde_json::{Value, json};
use testkit::{Client, Database, EMAIL, PASSWORD, Vault};

use crate::{on_each_database, vault};

on_each_database!(
    the_first_account_from_elsewhere_takes_the_code,
    a_browser_signs_in_changes_things_and_signs_out,
    another_site_cannot_use_the_cookie,
    tokens_are_exchanged_once,
    guessing_is_slowed_down,
    keys_are_shown_once_and_revoked_at_once,
    a_session_can_be_ended_from_another,
    what_is_wrong_is_named,
    sessions_outlive_a_restart,
);

/// What a proxy adds, so that the vault takes the request for one from elsewhere.
const ELSEWHERE: (&str, &str) = ("x-forwarded-for", "203.0.113.9");

/// What a browser adds to a request of one of our pages.
const OWN_PAGE: (&str, &str) = ("sec-fetch-site", "same-origin");

async fn the_first_account_from_elsewhere_takes_the_code(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_SETUP_CODE", "tulip-tulip")
        .without_account()
        .start()
        .await;
    let stranger = vault.stranger();
    let state = stranger.get("/auth/state").await;
    assert_eq!(
        (&state["setup_needed"], &state["setup_code_needed"]),
        (&true.into(), &false.into())
    );
    let state = stranger
        .request(Method::GET, "/auth/state")
        .header(ELSEWHERE.0, ELSEWHERE.1);
    let state: Value = state
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(state["setup_code_needed"], true);
    let register = |code: Option<&str>| {
        let body = json!({"email": EMAIL, "password": PASSWORD, "setup_code": code});
        let request = stranger.request(Method::POST, "/auth/register").json(&body);
        request.header(ELSEWHERE.0, ELSEWHERE.1)
    };
    for wrong in [None, Some("rose-rose")] {
        let problem = stranger.refused(register(wrong), 403).await;
        assert_eq!(problem["code"], "setup_code");
    }
    let made = register(Some("TULIP TULIP"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(made.status(), 201);
    let made: Value = made.json().await.expect("JSON");
    assert_eq!(made["user"]["roles"], json!(["admin", "operator", "user"]));
    let problem = stranger.refused(register(Some("tulip-tulip")), 403).await;
    assert_eq!(problem["code"], "registration_closed");
}

/// Signs a browser in; the cookie as the browser sends it back, and the header that set it.
async fn browser(vault: &Vault) -> (String, String) {
    let body = json!({"email": EMAIL, "password": PASSWORD, "session": "cookie"});
    let login = vault
        .stranger()
        .request(Method::POST, "/auth/login")
        .json(&body);
    let answer = login
        .header(OWN_PAGE.0, OWN_PAGE.1)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
    let set = cookie(&answer);
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(body["session"], "cookie");
    assert_eq!(body["access_token"], Value::Null);
    let sent = set.split(';').next().expect("a value").to_owned();
    (sent, set)
}

fn cookie(answer: &Response) -> String {
    let set = answer.headers().get("set-cookie").expect("a cookie");
    set.to_str().expect("ASCII").to_owned()
}

async fn a_browser_signs_in_changes_things_and_signs_out(database: Database) {
    let vault = vault().database(database).start().await;
    let (sent, set) = browser(&vault).await;
    assert!(sent.starts_with("mv_session=") && sent.len() > 80);
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(set.contains(attribute), "{set}");
    }
    assert!(!set.contains("Secure"), "the vault is reached by http");
    let stranger = vault.stranger();
    let ask = |method, path| stranger.request(method, path).header("cookie", &sent);
    let me = ask(Method::GET, "/me").send().await.expect("an answer");
    assert_eq!(me.status(), 200);
    let wish = json!({"name": "from the page"});
    let made = ask(Method::POST, "/me/keys")
        .header(OWN_PAGE.0, OWN_PAGE.1)
        .json(&wish);
    assert_eq!(made.send().await.expect("an answer").status(), 201);
    let bye = ask(Method::POST, "/auth/logout").header("origin", vault.url());
    let bye = bye.send().await.expect("an answer");
    assert_eq!(bye.status(), 204);
    assert!(cookie(&bye).contains("Max-Age=0"));
    stranger.refused(ask(Method::GET, "/me"), 401).await;
}

async fn another_site_cannot_use_the_cookie(database: Database) {
    let vault = vault().database(database).start().await;
    let (sent, _) = browser(&vault).await;
    let stranger = vault.stranger();
    let ask = |headers: &[(&str, &str)]| {
        let mut request = stranger
            .request(Method::POST, "/me/keys")
            .header("cookie", &sent);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.json(&json!({"name": "evil"}))
    };
    let evil: [&[(&str, &str)]; 5] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
    ];
    for headers in evil {
        let problem = stranger.refused(ask(headers), 403).await;
        assert_eq!(problem["code"], "cross_site", "{headers:?}");
    }
    let login = json!({"email": EMAIL, "password": PASSWORD, "session": "cookie"});
    let login = stranger.request(Method::POST, "/auth/login").json(&login);
    let problem = stranger
        .refused(login.header("sec-fetch-site", "cross-site"), 403)
        .await;
    assert_eq!(problem["code"], "cross_site");
    assert_eq!(vault.client().get("/me/keys").await["items"], json!([]));
}

async fn tokens_are_exchanged_once(database: Database) {
    let vault = vault().database(database).start().await;
    let stranger = vault.stranger();
    let login = json!({"email": "ADA@example.org ", "password": PASSWORD});
    let first = stranger.post("/auth/login", &login, 200).await;
    assert_eq!(
        (&first["token_type"], &first["expires_in"]),
        (&"Bearer".into(), &900.into())
    );
    let refresh = |token: &Value| json!({"refresh_token": token});
    let second = stranger
        .post("/auth/refresh", &refresh(&first["refresh_token"]), 200)
        .await;
    let access = second["access_token"].as_str().expect("a token");
    let verified = stranger
        .post("/auth/verify", &json!({"token": access}), 200)
        .await;
    assert_eq!(
        (&verified["active"], &verified["user"]["email"]),
        (&true.into(), &EMAIL.into())
    );
    let own = stranger
        .with_token(access)
        .post("/auth/verify", &json!({}), 200)
        .await;
    assert_eq!(own["active"], true);
    let reused = stranger
        .post("/auth/refresh", &refresh(&first["refresh_token"]), 401)
        .await;
    assert_eq!(reused["code"], "token_reused");
    let gone = stranger
        .post("/auth/refresh", &refresh(&second["refresh_token"]), 401)
        .await;
    assert_eq!(gone["code"], "unauthenticated");
    let verified = stranger
        .post("/auth/verify", &json!({"token": access}), 200)
        .await;
    assert_eq!(verified, json!({"active": false}));
}

async fn guessing_is_slowed_down(database: Database) {
    let vault = vault().database(database).start().await;
    let stranger = vault.stranger();
    let wrong = json!({"email": EMAIL, "password": "not the password"});
    for _ in 0..10 {
        let problem = stranger.post("/auth/login", &wrong, 401).await;
        assert_eq!(problem["code"], "bad_credentials");
    }
    let right = json!({"email": EMAIL, "password": PASSWORD});
    let request = stranger.request(Method::POST, "/auth/login").json(&right);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 429);
    let wait = answer.headers().get("retry-after").expect("a time to wait");
    let wait: u64 = wait.to_str().expect("ASCII").parse().expect("seconds");
    assert!((1..=900).contains(&wait));
    vault.client().get("/me").await;
}

async fn keys_are_shown_once_and_revoked_at_once(database: Database) {
    let vault = vault().database(database).start().await;
    let owner = vault.client();
    let wish = json!({"name": "cli", "scopes": ["assets:read"], "expires_in_days": 30});
    let made = owner.post("/me/keys", &wish, 201).await;
    let key = made["key"].as_str().expect("a key");
    assert!(key.starts_with("mvk_") && key.len() == 47);
    let by_header = vault
        .stranger()
        .request(Method::GET, "/me")
        .header("x-api-key", key);
    let me: Value = by_header
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(
        (&me["email"], &me["permissions"]),
        (&EMAIL.into(), &json!(["assets:read"]))
    );
    let list = owner.get("/me/keys").await;
    let listed = &list["items"][0];
    assert_eq!(
        (&listed["name"], &listed["prefix"]),
        (&"cli".into(), &key[..10].into())
    );
    assert!(listed["last_used_at"].is_string() && listed["key"].is_null());
    let client = owner.with_token(key);
    client.get("/assets").await;
    owner
        .delete(&format!("/me/keys/{}", made["id"].as_str().expect("an id")))
        .await;
    client
        .refused(client.request(Method::GET, "/assets"), 401)
        .await;
}

async fn a_session_can_be_ended_from_another(database: Database) {
    let vault = vault().database(database).start().await;
    let (sent, _) = browser(&vault).await;
    let sessions = vault.client().get("/me/sessions").await;
    let items = sessions["items"].as_array().expect("a list");
    let browser = items
        .iter()
        .find(|one| one["session"] == "cookie")
        .expect("the browser");
    assert_eq!(browser["current"], false);
    vault
        .client()
        .delete(&format!(
            "/me/sessions/{}",
            browser["id"].as_str().expect("an id")
        ))
        .await;
    let stranger = vault.stranger();
    let me = stranger.request(Method::GET, "/me").header("cookie", &sent);
    let problem = stranger.refused(me, 401).await;
    assert_eq!(problem["code"], "unauthenticated");
}

async fn what_is_wrong_is_named(database: Database) {
    let vault = vault().database(database).start().await;
    let refused = async |client: &Client, path: &str, body: Value, field: &str| {
        let problem = client.post(path, &body, 400).await;
        assert_eq!(
            (&problem["code"], &problem["field"]),
            (&"invalid_field".into(), &field.into())
        );
    };
    let owner = vault.client();
    refused(owner, "/auth/login", json!({"password": "x"}), "email").await;
    refused(
        owner,
        "/auth/login",
        json!({"email": "x", "password": 1}),
        "password",
    )
    .await;
    refused(
        owner,
        "/auth/register",
        json!({"email": "x", "password": PASSWORD}),
        "email",
    )
    .await;
    refused(owner, "/auth/refresh", json!({}), "refresh_token").await;
    refused(owner, "/me/keys", json!({"name": ""}), "name").await;
    refused(
        owner,
        "/me/keys",
        json!({"name": "x", "scopes": ["everything"]}),
        "scopes[0]",
    )
    .await;
    refused(
        owner,
        "/me/keys",
        json!({"name": "x", "expires_in_days": 0}),
        "expires_in_days",
    )
    .await;
}

async fn sessions_outlive_a_restart(database: Database) {
    let mut vault = vault().database(database).start().await;
    let (sent, _) = browser(&vault).await;
    vault.restart().await;
    let stranger = vault.stranger();
    let me = stranger.request(Method::GET, "/me").header("cookie", &sent);
    assert_eq!(me.send().await.expect("an answer").status(), 200);
    vault.client().get("/me").await;
}

#[tokio::test]
async fn over_tls_the_cookie_is_secure() {
    let vault = vault()
        .env("MEDIAVAULT_PUBLIC_URL", "https://photos.example")
        .start()
        .await;
    let (_, set) = browser(&vault).await;
    assert!(set.contains("Secure"), "{set}");
}

#[tokio::test]
async fn the_log_keeps_no_secret() {
    let vault = vault().start().await;
    let (sent, _) = browser(&vault).await;
    let made = vault
        .client()
        .post("/me/keys", &json!({"name": "x"}), 201)
        .await;
    let key = made["key"].as_str().expect("a key");
    let client = vault.client().with_token(key);
    client.get("/assets?cursor=&q=topsecretquery").await;
    let wrong = json!({"email": EMAIL, "password": "a wrong secret"});
    vault.stranger().post("/auth/login", &wrong, 401).await;
    let log = vault.log();
    assert!(log.contains("/api/v1/assets"), "requests are logged");
    let cookie = sent.trim_start_matches("mv_session=");
    for secret in [key, cookie, PASSWORD, "a wrong secret", "topsecretquery"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}
