//! The audit log is sealed: whoever writes to the database behind the vault's back is found out.

use std::process::Output;

use catalog::audit::chain;
use catalog::{DataDirLock, Db};
use domain::TenantId;
use futures::FutureExt;
use futures::future::join_all;
use serde_json::{Value, json};
use testkit::{Database, Vault};

use crate::{on_each_database, vault};

on_each_database!(
    an_untouched_log_is_intact,
    what_was_altered_removed_inserted_or_reordered_is_found,
    hashing_anew_does_not_help,
    old_entries_go_with_a_signature,
    many_writers_and_a_crash_leave_one_chain,
);

fn verify(vault: &Vault) -> (Output, Value) {
    let command = vault.command(&["admin", "verify-audit", "--json"]).output();
    let output = command.expect("the program runs");
    let told = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (output, told)
}

/// A stopped vault with a dozen entries.
async fn stopped(database: Database) -> Vault {
    let mut vault = vault().database(database).start().await;
    for number in 0..12 {
        let key = json!({"name": format!("key {number}")});
        vault.client().post("/me/keys", &key, 201).await;
    }
    assert!(vault.stop().await);
    vault
}

/// The database as somebody has it who is not the vault.
async fn break_in(vault: &Vault) -> Db {
    match vault.database_url() {
        Some(url) => Db::open_postgres(url, 2).await,
        None => {
            let lock = DataDirLock::acquire(vault.data_dir()).expect("the vault has stopped");
            Db::open_sqlite(lock).await
        }
    }
    .expect("the database")
}

/// Runs statements one by one.
async fn tamper(vault: &Vault, statements: &'static [&'static str]) {
    let db = break_in(vault).await;
    let done = db.write(move |tx| {
        async move {
            for statement in statements {
                tx.execute(*statement, vec![]).await?;
            }
            Ok(())
        }
        .boxed()
    });
    done.await
        .expect("whoever has the database may write to it");
    db.close().await;
}

async fn an_untouched_log_is_intact(database: Database) {
    let mut vault = stopped(database).await;
    let (output, told) = verify(&vault);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        (&told["intact"], &told["waiting"]),
        (&json!(true), &json!(0))
    );
    assert!(told["entries"].as_u64() >= Some(13), "{told}");

    vault.restart().await;
    let answer = vault.client().get("/audit/verification").await;
    assert_eq!(answer["intact"], true, "{answer}");
    assert_eq!(answer["head"]["place"], told["head"]["place"], "{answer}");
    assert_eq!(answer["head"]["hash"], told["head"]["hash"], "{answer}");
    let log = vault.client().get("/audit?limit=200").await;
    let newest = &log["items"][0];
    assert_eq!(newest["place"], told["head"]["place"], "{newest}");
    assert_eq!(newest["hash"], told["head"]["hash"], "{newest}");
    let csv = vault.client().request(reqwest::Method::GET, "/audit");
    let csv = csv
        .header("accept", "text/csv")
        .send()
        .await
        .expect("an answer");
    let csv = csv.text().await.expect("CSV");
    let hash = told["head"]["hash"].as_str().expect("a hash");
    assert!(
        csv.contains(&format!(",{},{hash}\r\n", told["head"]["place"])),
        "{csv}"
    );
}

async fn what_was_altered_removed_inserted_or_reordered_is_found(database: Database) {
    const CASES: &[(&str, &[&str])] = &[
        (
            "altered: ",
            &["UPDATE audit SET action = 'nothing' WHERE place = 5"],
        ),
        (
            "altered: ",
            &["UPDATE audit SET address = NULL WHERE place = 5"],
        ),
        (
            "altered: ",
            &["UPDATE audit SET detail = '{ }' WHERE place = 5"],
        ),
        (
            "altered: ",
            &["UPDATE audit SET happened_at = happened_at - 1 WHERE place = 5"],
        ),
        (
            "removed: the entry at place 5",
            &["DELETE FROM audit WHERE place = 5"],
        ),
        (
            "removed: the entry at place 1",
            &["DELETE FROM audit WHERE place = 1"],
        ),
        (
            "removed: ",
            &["DELETE FROM audit WHERE place = (SELECT max(place) FROM audit)"],
        ),
        ("removed: the entry at place 1", &["DELETE FROM audit"]),
        (
            "altered: ",
            &[
                "UPDATE audit SET place = 1000 WHERE place = 5",
                "UPDATE audit SET place = 5 WHERE place = 6",
                "UPDATE audit SET place = 6 WHERE place = 1000",
            ],
        ),
        (
            "inserted: ",
            &[
                "UPDATE audit SET place = NULL, hash = NULL, happened_at = happened_at - 7200000 \
             WHERE place = (SELECT max(place) FROM audit)",
                "DELETE FROM audit_seal WHERE place > (SELECT max(place) FROM audit)",
            ],
        ),
        (
            "forged: ",
            &["UPDATE audit_seal SET sealed_at = sealed_at + 1"],
        ),
    ];
    for (expected, statements) in CASES {
        let vault = stopped(database).await;
        tamper(&vault, statements).await;
        let (output, told) = verify(&vault);
        assert_eq!(output.status.code(), Some(1), "{statements:?}: {told}");
        let fault = told["fault"].as_str().unwrap_or_default();
        assert!(fault.starts_with(expected), "{statements:?}: {told}");
    }
}

async fn hashing_anew_does_not_help(database: Database) {
    let vault = stopped(database).await;
    let db = break_in(&vault).await;
    let done = db.write(|tx| {
        async move {
            let tenant = TenantId::DEFAULT;
            tx.execute(
                "UPDATE audit SET action = 'nothing' WHERE place = 5",
                vec![],
            )
            .await?;
            let links = chain::links(tx, tenant, 0, 1000).await?;
            tx.execute("UPDATE audit SET place = NULL, hash = NULL", vec![])
                .await?;
            let mut hash = Vec::new();
            for link in links {
                let (place, _) = link.sealed.as_ref().expect("a place");
                let next = link.hash(tenant, *place, &hash);
                chain::place(tx, tenant, link.id, *place, &next).await?;
                hash = next.as_bytes().to_vec();
            }
            Ok(())
        }
        .boxed()
    });
    done.await.expect("the database");
    db.close().await;
    let (output, told) = verify(&vault);
    assert_eq!(output.status.code(), Some(1), "{told}");
    let fault = told["fault"].as_str().unwrap_or_default();
    assert!(fault.starts_with("altered and hashed anew: "), "{told}");
}

async fn old_entries_go_with_a_signature(database: Database) {
    let mut vault = vault()
        .database(database)
        .env("MEDIAVAULT_AUDIT_DAYS", "1")
        .start()
        .await;
    let key = json!({"name": "long ago"});
    vault.client().post("/me/keys", &key, 201).await;
    assert!(vault.stop().await);
    // As if all of it were two days old.
    tamper(
        &vault,
        &["UPDATE audit_seal SET sealed_at = sealed_at - 172800000"],
    )
    .await;
    assert_eq!(
        verify(&vault).0.status.code(),
        Some(1),
        "the seals do not say so"
    );
    vault.restart().await;
    assert!(vault.stop().await);
    let (output, told) = verify(&vault);
    assert!(output.status.success(), "{told}");
    assert!(told["first_place"].as_i64() > Some(1), "{told}");
    assert!(
        told["entries"].as_u64() >= Some(1),
        "that it was done is an entry: {told}"
    );
    // Neither a checkpoint of one's own nor none at all explains what is missing.
    tamper(
        &vault,
        &["UPDATE audit_seal SET place = place - 1 WHERE kind = 'checkpoint'"],
    )
    .await;
    assert_eq!(verify(&vault).0.status.code(), Some(1));
    tamper(
        &vault,
        &["DELETE FROM audit_seal WHERE kind = 'checkpoint'"],
    )
    .await;
    let (_, told) = verify(&vault);
    assert_eq!(told["fault"], "removed: the entry at place 1");
}

async fn many_writers_and_a_crash_leave_one_chain(database: Database) {
    const WRITERS: usize = 8;
    const DEEDS: usize = 20;
    let mut vault = vault().database(database).start().await;
    let deeds = (0..WRITERS).map(|writer| {
        let client = vault.client().clone();
        async move {
            for deed in 0..DEEDS {
                let album = json!({"name": format!("{writer} {deed}")});
                client.post("/collections", &album, 201).await;
            }
        }
    });
    join_all(deeds).await;
    vault.kill();
    vault.restart().await;
    let key = json!({"name": "after"});
    vault.client().post("/me/keys", &key, 201).await;
    assert!(vault.stop().await);
    let (output, told) = verify(&vault);
    assert!(output.status.success(), "{told}");
    let entries = told["entries"].as_u64().expect("a count");
    assert!(entries > (WRITERS * DEEDS) as u64, "{told}");
    assert_eq!(
        told["head"]["place"].as_u64(),
        Some(entries),
        "no place is empty"
    );
    assert_eq!(told["waiting"], 0);
}
