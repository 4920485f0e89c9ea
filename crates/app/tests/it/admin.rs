//! Rescue at the machine itself, with the vault stopped.

use std::process::Output;

use serde_json::json;
use testkit::{Database, EMAIL, PASSWORD, Vault};

use crate::{on_each_database, vault};

on_each_database!(
    a_locked_out_person_gets_back_in,
    the_first_account_can_be_made_from_elsewhere,
    built_in_roles_are_put_back,
);

fn run(vault: &Vault, args: &[&str]) -> Output {
    vault.command(args).output().expect("the program runs")
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone())
        .expect("UTF-8")
        .trim()
        .to_owned()
}

async fn a_locked_out_person_gets_back_in(database: Database) {
    let mut vault = vault().database(database).start().await;
    let session = vault.client().token().expect("a token").to_owned();
    assert_eq!(
        run(&vault, &["admin", "list-users"]).status.code(),
        Some(3),
        "the running vault holds the lock"
    );
    let key = text(&run(&vault, &["admin", "recovery-key"]));
    assert!(key.starts_with("mvrk-"), "{key}");

    assert!(vault.stop().await);
    assert!(text(&run(&vault, &["admin", "list-users"])).contains(EMAIL));
    let ada = text(&run(&vault, &["admin", "reset-password", EMAIL]));
    let bob = text(&run(
        &vault,
        &["admin", "create-user", "bob@example.org", "--name", "Bob"],
    ));
    assert_eq!(
        run(&vault, &["admin", "reset-password", "nobody@example.org"])
            .status
            .code(),
        Some(2)
    );
    assert_eq!(
        run(&vault, &["admin", "setup-code"]).status.code(),
        Some(2),
        "there are accounts"
    );

    let listed = text(&run(&vault, &["admin", "list-users", "--json"]));
    let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
    assert_eq!(listed[1]["email"], "bob@example.org");
    let last = run(&vault, &["admin", "disable-user", EMAIL]);
    assert_eq!(last.status.code(), Some(1), "the last operator stays");
    let set = ["admin", "set-quota", "bob@example.org", "5 MB", "--json"];
    assert!(text(&run(&vault, &set)).contains("5000000"));
    let set = [
        "admin",
        "set-role",
        "bob@example.org",
        "user",
        "admin",
        "--json",
    ];
    assert!(text(&run(&vault, &set)).contains("admin"));
    run(&vault, &["admin", "set-role", "bob@example.org", "user"]);
    run(&vault, &["admin", "disable-user", "bob@example.org"]);
    let enabled = text(&run(
        &vault,
        &["admin", "enable-user", "bob@example.org", "--json"],
    ));
    assert!(enabled.contains("active"), "{enabled}");
    let invite = [
        "admin",
        "create-invitation",
        "--by",
        EMAIL,
        "--email",
        "eve@example.org",
    ];
    let link = text(&run(&vault, &invite));
    assert!(
        link.starts_with(&format!("{}/join/", vault.url())),
        "{link}"
    );
    let pause = text(&run(
        &vault,
        &["admin", "pause-jobs", "--seconds", "60", "--json"],
    ));
    assert!(pause.contains("until"), "{pause}");
    assert!(run(&vault, &["admin", "resume-jobs"]).status.success());

    vault.restart().await;
    let stranger = vault.stranger();
    let secret = link.rsplit('/').next().expect("a secret");
    let told = stranger.get(&format!("/auth/invitations/{secret}")).await;
    assert_eq!(told["email"], "eve@example.org");
    let login = |email: &str, password: &str| json!({"email": email, "password": password, "session": "token"});
    stranger
        .post("/auth/login", &login(EMAIL, PASSWORD), 401)
        .await;
    stranger.post("/auth/login", &login(EMAIL, &ada), 200).await;
    let session = stranger.with_token(&session);
    session
        .refused(session.request(reqwest::Method::GET, "/me"), 401)
        .await;
    let made = stranger
        .post("/auth/login", &login("bob@example.org", &bob), 200)
        .await;
    assert_eq!(made["user"]["roles"], json!(["user"]));
}

async fn the_first_account_can_be_made_from_elsewhere(database: Database) {
    let mut vault = vault()
        .database(database)
        .env("MEDIAVAULT_SETUP_CODE", "tulip-tulip")
        .without_account()
        .start()
        .await;
    let state = vault.stranger().get("/auth/state").await;
    assert_eq!(
        (&state["setup_needed"], &state["setup_code_needed"]),
        (&json!(true), &json!(false))
    );
    assert!(vault.log().contains("tulip-tulip"), "{}", vault.log());
    assert!(vault.stop().await);
    let fresh = text(&run(&vault, &["admin", "setup-code"]));
    assert!(fresh.len() >= 8, "{fresh}");
}

async fn built_in_roles_are_put_back(database: Database) {
    let mut vault = vault().database(database).start().await;
    let ada = vault.client();
    let own = json!({"name": "analyst", "permissions": ["audit:read"]});
    ada.post("/roles", &own, 201).await;
    let edited = json!({"permissions": ["assets:read", "audit:read"]});
    ada.patch("/roles/user", &edited).await;
    assert!(vault.stop().await);

    let restored = text(&run(&vault, &["admin", "restore-roles", "--json"]));
    let restored: serde_json::Value = serde_json::from_str(&restored).expect("JSON");
    let [user] = restored["changed"].as_array().expect("a list").as_slice() else {
        panic!("one role was changed: {restored}");
    };
    assert_eq!(
        (&user["role"], &user["removed"]),
        (&json!("user"), &json!(["audit:read"]))
    );
    let added = user["added"].as_array().expect("a list");
    assert!(added.contains(&json!("assets:write")) && !added.contains(&json!("assets:read")));
    let again = text(&run(&vault, &["admin", "restore-roles"]));
    assert_eq!(again, "The built-in roles are what they came with.");

    vault.restart().await;
    let roles = vault.client().get("/roles").await;
    let role = |name: &str| {
        let roles = roles["items"].as_array().expect("a list");
        let found = roles.iter().find(|role| role["name"] == name);
        found.expect("the role")["permissions"].clone()
    };
    assert_eq!(role("analyst"), json!(["audit:read"]), "own ones stay");
    assert!(!role("user").to_string().contains("audit:read"));
    let log = vault.client().get("/audit?action=roles.restored").await;
    assert_eq!(log["items"].as_array().map(Vec::len), Some(1));
}
