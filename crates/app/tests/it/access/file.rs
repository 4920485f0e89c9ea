//! What every route answers to everybody, as a file to read: `access/matrix.tsv`. The rules say what
//! must be; this says what is, so that a change of it is seen in review. After a change that is meant,
//! `MEDIAVAULT_WRITE_MATRIX=1` writes it anew.

use std::fmt::Write as _;
use std::path::PathBuf;

use catalog::{DataDirLock, Db, tenants};
use domain::{Level, TenantId, Timestamp};
use futures::FutureExt;
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use testkit::{Client, Database, PASSWORD};

use super::matrix::MATRIX;
use super::{House, NOTHING, Row, key, status, word};
use crate::on_each_database;

on_each_database!(the_answers_are_those_on_file);

/// Roles of accounts that have nothing to do with the house.
const ROLES: [&str; 4] = ["user", "partner", "admin", "operator"];

/// A column: who asks, and whose things these are for them.
struct Column {
    name: String,
    answers: Vec<u16>,
}

/// As if from elsewhere: some things are allowed at the machine itself.
fn from_elsewhere(request: RequestBuilder) -> RequestBuilder {
    request.header("x-forwarded-for", "203.0.113.9")
}

async fn column(
    name: impl Into<String>,
    house: &House,
    ask: impl Fn(&Row) -> RequestBuilder,
) -> Column {
    let mut answers = Vec::new();
    for row in MATRIX {
        answers.push(status(from_elsewhere(ask(row))).await.as_u16());
    }
    house.vault.stranger().get("/health/live").await;
    Column {
        name: name.into(),
        answers,
    }
}

async fn the_answers_are_those_on_file(database: Database) {
    let mut columns = strangers(database).await;
    columns.extend(guests(database).await);
    columns.extend(owners(database).await);
    let text = table(&columns);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/access/matrix.tsv");
    if std::env::var_os("MEDIAVAULT_WRITE_MATRIX").is_some() {
        std::fs::write(&path, &text).expect("the file can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let differ = differences(&kept, &text);
    assert!(
        differ.is_empty(),
        "answers that are not those of {} (MEDIAVAULT_WRITE_MATRIX=1 writes it anew):\n{}",
        path.display(),
        differ.join("\n")
    );
}

/// Whoever has nothing to do with the owner.
async fn strangers(database: Database) -> Vec<Column> {
    let mut house = House::on(database).await;
    let nobody = house.vault.stranger();
    let mut columns = vec![
        column("nobody", &house, |row| house.ask(&nobody, row, NOTHING)).await,
        visitor(&house).await,
    ];
    let administrator = house.vault.client().clone();
    let nothing = json!({"name": "nothing", "permissions": []});
    administrator.post("/roles", &nothing, 201).await;
    let mut people = Vec::new();
    for role in std::iter::once("nothing").chain(ROLES) {
        let (_, own) = house.neighbour(role).await;
        people.push((role, own));
    }
    assert!(house.vault.stop().await);
    for (role, _) in &people {
        give(&house, role, &[role]);
    }
    house.vault.restart().await;
    for (role, own) in people {
        let client = sign_in(&house, role).await;
        let name = format!("{role}, foreign");
        columns.push(column(name, &house, |row| house.ask(&client, row, &own)).await);
    }
    columns.push(other_tenant(&mut house).await);
    columns
}

/// Gives somebody roles at the machine, where nobody asks who gives them.
fn give(house: &House, name: &str, roles: &[&str]) {
    let email = format!("{name}@example.org");
    let mut words = vec!["admin", "set-role", email.as_str()];
    words.extend(roles);
    let given = house.vault.command(&words).output();
    let given = given.expect("the program runs");
    assert!(given.status.success(), "{given:?}");
}

/// Signs in anew: what a token allows is what its account had when it was made.
async fn sign_in(house: &House, name: &str) -> Client {
    let email = format!("{name}@example.org");
    let body = json!({"email": email, "password": PASSWORD, "session": "token"});
    let stranger = house.vault.stranger();
    let session = stranger.post("/auth/login", &body, 200).await;
    stranger.with_token(&word(&session["access_token"]))
}

async fn visitor(house: &House) -> Column {
    let visitor = house.vault.stranger();
    let open = format!("/shared/{}/open", house.token);
    let opened = visitor.request(Method::POST, &open).json(&json!({}));
    let opened = opened.send().await.expect("an answer");
    let pass = opened.headers()[SET_COOKIE].to_str().expect("text");
    let pass = pass.split(';').next().expect("a cookie").to_owned();
    column("visitor of a link", house, |row| {
        house.ask(&visitor, row, NOTHING).header(COOKIE, &pass)
    })
    .await
}

/// An account with every role in another tenant. There is no way over HTTP to make one.
async fn other_tenant(house: &mut House) -> Column {
    let (_, own) = house.neighbour("mallory").await;
    assert!(house.vault.stop().await);
    give(house, "mallory", &ROLES);
    house.vault.restart().await;
    let mallory = sign_in(house, "mallory").await;
    let made = mallory.post("/me/keys", &json!({"name": "all"}), 201).await;
    let mallory = mallory.with_token(&word(&made["key"]));
    assert!(house.vault.stop().await);
    let db = match house.vault.database_url() {
        Some(url) => Db::open_postgres(url, 2).await,
        None => {
            let lock = DataDirLock::acquire(house.vault.data_dir()).expect("the vault has stopped");
            Db::open_sqlite(lock).await
        }
    }
    .expect("the database");
    db.write(|tx| move_out(tx).boxed()).await.expect("moved");
    db.close().await;
    house.vault.restart().await;
    column("every role, other tenant", house, |row| {
        house.ask(&mallory, row, &own)
    })
    .await
}

/// Makes a tenant with the roles there are, and takes Mallory with her key there.
async fn move_out(tx: &mut catalog::Tx) -> Result<(), catalog::Error> {
    let other: TenantId = "01900000-0000-7000-8000-00000000000f"
        .parse()
        .expect("an id");
    tenants::insert(tx, other, "other", Timestamp::from_millis(0)).await?;
    for statement in [
        "INSERT INTO role (tenant, name, permissions, built_in) \
         SELECT CAST($1 AS {uuid}), name, permissions, built_in FROM role",
        "INSERT INTO app_user (tenant, id, email, email_key, name, password, state, quota, used, created_at, updated_at) \
         SELECT CAST($1 AS {uuid}), id, email, email_key, name, password, state, quota, used, created_at, updated_at FROM app_user \
         WHERE email = 'mallory@example.org'",
        "INSERT INTO user_role (tenant, app_user, role) \
         SELECT CAST($1 AS {uuid}), app_user, role FROM user_role WHERE app_user = \
         (SELECT id FROM app_user WHERE email = 'mallory@example.org' AND tenant = $1)",
        "UPDATE api_key SET tenant = $1 WHERE app_user = \
         (SELECT id FROM app_user WHERE email = 'mallory@example.org' AND tenant = $1)",
    ] {
        tx.execute(statement, vec![other.into()]).await?;
    }
    Ok(())
}

/// Members of the owner's collection, from those who may do least on.
async fn guests(database: Database) -> Vec<Column> {
    let house = House::on(database).await;
    let mut columns = Vec::new();
    for level in Level::ALL {
        let (guest, own) = house.neighbour(level.as_str()).await;
        let wish = json!({"email": format!("{level}@example.org"), "level": level});
        let members = format!("/collections/{}/members", house.collection);
        house.owner.post(&members, &wish, 200).await;
        let name = format!("user, shared to {level}");
        columns.push(column(name, &house, |row| house.ask(&guest, row, &own)).await);
    }
    columns
}

/// The owner in person and by keys, each in a house of their own: the last rows take things away.
async fn owners(database: Database) -> Vec<Column> {
    let mut columns = Vec::new();
    for (name, scopes) in [
        ("user, own", None),
        (
            "key of a user, own",
            Some(
                &[
                    "assets:read",
                    "assets:write",
                    "assets:delete",
                    "assets:share",
                    "collections:manage",
                ][..],
            ),
        ),
        ("reading key of a user, own", Some(&["assets:read"][..])),
    ] {
        let house = House::on(database).await;
        let client: Client = match scopes {
            None => house.owner.clone(),
            Some(scopes) => key(&house.owner, scopes).await,
        };
        columns.push(column(name, &house, |row| house.ask(&client, row, &house.asset)).await);
    }
    columns
}

fn table(columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let mut text = format!("route\t{}\n", names.join("\t"));
    for (index, row) in MATRIX.iter().enumerate() {
        text.push_str(row.route);
        for column in columns {
            let _ = write!(text, "\t{}", column.answers[index]);
        }
        text.push('\n');
    }
    text
}

/// The cells that differ, and the lines that only one of the two has.
fn differences(kept: &str, now: &str) -> Vec<String> {
    let cells = |text: &str| -> Vec<(String, String)> {
        let mut lines = text
            .lines()
            .map(|line| line.split('\t').collect::<Vec<_>>());
        let head = lines.next().unwrap_or_default();
        lines
            .flat_map(|line| {
                let route = line.first().copied().unwrap_or_default().to_owned();
                let cells = head.iter().zip(line).skip(1);
                let cells: Vec<_> = cells
                    .map(|(who, answer)| (format!("{route} as {who}"), answer.to_owned()))
                    .collect();
                cells
            })
            .collect()
    };
    let (kept, now) = (cells(kept), cells(now));
    let of = |all: &[(String, String)], name: &String| {
        let found = all.iter().find(|(known, _)| known == name);
        found
            .map_or("nothing", |(_, answer)| answer.as_str())
            .to_owned()
    };
    let mut names: Vec<&String> = now.iter().chain(&kept).map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter(|name| of(&kept, name) != of(&now, name))
        .map(|name| {
            format!(
                "  {name}: {} on file, {} now",
                of(&kept, name),
                of(&now, name)
            )
        })
        .collect()
}
