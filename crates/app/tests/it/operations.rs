//! What whoever looks after the vault does over HTTP: audit log, jobs, storage, settings, figures.

use reqwest::{Method, header};
use serde_json::{Value, json};
use testkit::{Client, Database, PASSWORD, fixtures};

use crate::{on_each_database, vault};

on_each_database!(
    every_deed_has_its_address_and_request,
    the_audit_log_is_narrowed_and_exported,
    jobs_are_paused_and_resumed,
    storage_is_summed,
    settings_are_changed_while_it_runs,
    the_configuration_wins,
    figures_are_counted_by_route,
);

fn word(value: &Value) -> &str {
    value.as_str().expect("a word")
}

fn items(page: &Value) -> &Vec<Value> {
    page["items"].as_array().expect("items")
}

async fn refused(client: &Client, method: Method, path: &str, body: Value, status: u16) -> Value {
    let request = client.request(method, path).json(&body);
    client.refused(request, status).await
}

async fn every_deed_has_its_address_and_request(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let made = ada.upload("one.bin", vec![1; 10]).await;
    let path = format!("/assets/{}", made.id());
    ada.patch(&path, &json!({"title": "One"})).await;
    ada.delete(&path).await;
    ada.delete(&format!("{path}?permanent=true")).await;
    ada.post("/me/keys", &json!({"name": "key"}), 201).await;
    ada.post("/invitations", &json!({}), 201).await;
    ada.post("/jobs/pause", &json!({"seconds": 5}), 200).await;
    ada.post("/jobs/resume", &json!({}), 204).await;
    ada.patch("/system/settings", &json!({"trash_days": 3}))
        .await;
    ada.post("/system/recovery-key-saved", &json!({}), 204)
        .await;
    let log = ada.get("/audit?limit=100").await;
    let deeds: Vec<&str> = items(&log)
        .iter()
        .map(|entry| word(&entry["action"]))
        .collect();
    assert!(deeds.len() >= 10, "{deeds:?}");
    for entry in items(&log) {
        if entry["action"] == "setup_code.made" {
            continue; // by the program itself, at its start
        }
        assert_eq!(entry["address"], "127.0.0.1", "{entry}");
        assert!(entry["request_id"].is_string(), "{entry}");
        assert_eq!(entry["actor"]["name"], "Ada", "{entry}");
    }
}

async fn the_audit_log_is_narrowed_and_exported(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    let wish = json!({"email": "=cmd@example.org", "password": PASSWORD, "roles": ["user"]});
    let bob = ada.post("/users", &wish, 201).await;
    let made = ada
        .get(&format!("/audit?subject={}", word(&bob["id"])))
        .await;
    assert_eq!(items(&made).len(), 1);
    assert_eq!(made["items"][0]["action"], "account.made");
    let none = ada.get(&format!("/audit?actor={}", word(&bob["id"]))).await;
    assert_eq!(items(&none).len(), 0);
    let accounts = ada.get("/audit?action=account.").await;
    assert_eq!(items(&accounts).len(), 2);
    let future = ada.get("/audit?after=2999-01-01T00:00:00Z").await;
    assert_eq!(items(&future).len(), 0);
    let request = ada.request(Method::GET, "/audit?after=yesterday");
    assert_eq!(ada.refused(request, 400).await["field"], "after");
    let first = ada.get("/audit?limit=1").await;
    let cursor = word(&first["next_cursor"]);
    let second = ada.get(&format!("/audit?limit=1&cursor={cursor}")).await;
    assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);

    let csv = ada
        .request(Method::GET, "/audit?action=account.made")
        .header(header::ACCEPT, "text/csv");
    let csv = csv.send().await.expect("an answer");
    assert_eq!(
        csv.headers()[header::CONTENT_TYPE],
        "text/csv; charset=utf-8"
    );
    let csv = csv.text().await.expect("text");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 2, "{csv}");
    assert!(
        lines[0].starts_with("at,action,") && lines[1].contains(",account.made,"),
        "{csv}"
    );
    assert_eq!(
        ada.get("/audit?limit=1").await["items"][0]["action"],
        "audit.exported"
    );
}

async fn jobs_are_paused_and_resumed(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    for (body, field) in [
        (json!({"seconds": 0}), "seconds"),
        (json!({"seconds": 86_401}), "seconds"),
        (json!({"seconds": 5, "kind": "nothing"}), "kind"),
    ] {
        let problem = refused(ada, Method::POST, "/jobs/pause", body, 400).await;
        assert_eq!(problem["field"], field);
    }
    let kind = word(&ada.get("/jobs").await["by_kind"][0]["kind"]).to_owned();
    let pause = json!({"kind": kind, "seconds": 3600});
    assert_eq!(
        ada.post("/jobs/pause", &pause, 200).await["kind"],
        json!(kind)
    );
    let made = ada
        .upload_fixture(&fixtures::named("photos/blue-sea.jpg"))
        .await;
    let queue = ada.get("/jobs").await;
    assert_eq!(queue["pauses"][0]["kind"], json!(kind));
    assert_eq!(
        queue["by_kind"][0]["waiting"], 1,
        "nobody takes it: {queue}"
    );
    assert_eq!(queue["items"][0]["state"], "waiting");
    ada.post("/jobs/resume", &json!({"kind": kind}), 204).await;
    let asset = ada.settled(made.id()).await;
    assert_eq!(asset["status"], "ready");
    assert_eq!(ada.get("/jobs").await["pauses"], json!([]));
    assert_eq!(ada.post("/jobs/retry", &json!({}), 200).await["count"], 0);
}

async fn storage_is_summed(database: Database) {
    let vault = vault().database(database).start().await;
    let ada = vault.client();
    ada.upload("one.bin", vec![1; 1000]).await;
    let storage = ada.get("/system/storage").await;
    assert_eq!(
        (&storage["blobs"]["count"], &storage["blobs"]["bytes"]),
        (&json!(1), &json!(1000))
    );
    assert!(
        storage["blobs"]["stored_bytes"].as_u64() > Some(1000),
        "it is encrypted: {storage}"
    );
    assert_eq!(storage["by_state"][0]["state"], "live");
    assert_eq!(storage["by_user"][0]["bytes"], 1000);
    assert_eq!(storage["damaged"], json!({"count": 0, "bytes": 0}));
    assert!(storage["database_bytes"].as_u64() > Some(0) && storage["free_bytes"].is_u64());
}

async fn settings_are_changed_while_it_runs(database: Database) {
    let mut vault = vault().database(database).start().await;
    let ada = vault.client().clone();
    let before = ada.get("/system/settings").await;
    let expected = json!({"value": "invite", "source": "default", "fixed": false});
    assert_eq!(before["registration"], expected);
    for (body, field) in [
        (json!({"trash_days": 100_000}), "trash_days"),
        (json!({"allowed_types": ["image/nothing"]}), "allowed_types"),
        (json!({"max_upload_size": 0}), "max_upload_size"),
        (json!({"registration": "sometimes"}), "registration"),
        (json!({"listen": "0.0.0.0:80"}), "listen"),
    ] {
        let problem = refused(&ada, Method::PATCH, "/system/settings", body, 400).await;
        assert_eq!(problem["field"], field);
    }
    let wish = json!({"registration": "open", "default_quota": 500, "max_upload_size": 100, "allowed_types": ["image/*"]});
    ada.patch("/system/settings", &wish).await;
    let large = ada
        .send_file("large.bin", vec![1; 101])
        .await
        .expect("an answer");
    assert_eq!(large.status(), 413);
    let other = ada
        .send_file("other.bin", vec![1; 50])
        .await
        .expect("an answer");
    assert_eq!(other.status(), 415);
    let bob = vault.register("bob@example.org").await;
    assert_eq!(bob.get("/me").await["quota"], 500);
    vault.restart().await;
    let after = ada.get("/system/settings").await;
    assert_eq!(
        after["default_quota"],
        json!({"value": 500, "source": "vault", "fixed": false})
    );
    let none = ada
        .patch("/system/settings", &json!({"default_quota": null}))
        .await;
    assert_eq!(none["default_quota"]["value"], Value::Null);
}

async fn the_configuration_wins(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_REGISTRATION", "closed")
        .start()
        .await;
    let ada = vault.client();
    let settings = ada.get("/system/settings").await;
    let expected = json!({"value": "closed", "source": "configuration", "fixed": true});
    assert_eq!(settings["registration"], expected);
    let wish = json!({"registration": "open"});
    let problem = refused(ada, Method::PATCH, "/system/settings", wish, 409).await;
    assert_eq!(problem["field"], "registration");
    refused(ada, Method::POST, "/invitations", json!({}), 403).await;
}

async fn figures_are_counted_by_route(database: Database) {
    let vault = vault()
        .database(database)
        .env("MEDIAVAULT_LOG_FORMAT", "json")
        .start()
        .await;
    let ada = vault.client();
    let made = ada.upload("one.bin", vec![1; 10]).await;
    ada.asset(made.id()).await;
    let body = json!({"email": "nobody@example.org", "password": PASSWORD});
    refused(&vault.stranger(), Method::POST, "/auth/login", body, 401).await;
    let stranger = vault.stranger();
    let scrape = stranger.request(Method::GET, "/metrics");
    let text = scrape
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("text");
    for line in [
        r#"mediavault_http_requests_total{method="GET",route="/api/v1/assets/{id}",status="200"} 1"#,
        r#"mediavault_uploads_total{outcome="stored"} 1"#,
        "mediavault_upload_bytes_total 10",
        r#"mediavault_sign_ins_total{outcome="refused"} 1"#,
        "mediavault_event_listeners 0",
        r#"mediavault_up{part="database"} 1"#,
        r#"mediavault_db_transaction_seconds_bucket{access="read""#,
        r#"mediavault_jobs{kind="picture",state="dead"} 0"#,
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains(made.id()), "no path becomes a label");
    let from_elsewhere = stranger
        .request(Method::GET, "/metrics")
        .header("x-forwarded-for", "203.0.113.9");
    stranger.refused(from_elsewhere, 401).await;

    let log = vault.log();
    let lines: Vec<Value> = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let answered: Vec<&Value> = lines
        .iter()
        .filter(|line| {
            line["target"].as_str().is_some_and(|target| {
                target.starts_with("server::") || target.starts_with("identity::")
            })
        })
        .filter(|line| line["message"] == "answered" || line["message"] == "a sign-in was refused")
        .collect();
    assert!(answered.len() >= 4, "{log}");
    for line in answered {
        assert!(line["span"]["request_id"].is_string(), "{line}");
    }
}
