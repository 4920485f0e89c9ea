//! Every route as everybody: the table of routes says who may call what, and this holds it to that, on
//! each database.

mod file;
mod matrix;

use std::collections::{BTreeMap, BTreeSet};

use domain::Level;
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use server::routes::{Access, PREFIX, table};
use testkit::{Client, Database, Vault, fixtures};

use crate::{on_each_database, vault};
use matrix::{Guests, MATRIX, Names, Row};

on_each_database!(
    nobody_gets_in_without_a_credential,
    nobody_gets_at_another_persons_things,
    a_guest_gets_as_far_as_the_door_is_open,
    an_owner_gets_at_everything_of_their_own,
    a_visitor_gets_at_what_the_link_shows_and_nothing_else,
    a_key_opens_what_its_scopes_name_and_nothing_else,
);

/// An id that nothing has.
const NOTHING: &str = "01900000-0000-7000-8000-000000000000";

/// What a visitor is let in with, and everybody's role in this house.
struct House {
    vault: Vault,
    /// Whose things these are: an ordinary user.
    owner: Client,
    asset: String,
    collection: String,
    link: String,
    token: String,
    key: String,
    session: String,
    upload: String,
    resumable: String,
    /// Ids of what each path names besides.
    access: BTreeMap<String, Access>,
}

impl House {
    async fn on(database: Database) -> Self {
        let vault = vault()
            .database(database)
            .env("MEDIAVAULT_REGISTRATION", "open")
            .start()
            .await;
        let owner = vault.register("bob@example.org").await;
        let photo = fixtures::named("photos/blue-sea.jpg").bytes();
        let asset = owner.upload("one.jpg", photo).await.id().to_owned();
        owner.settled(&asset).await;
        let key = owner.post("/me/keys", &json!({"name": "own"}), 201).await;
        let wish = json!({"file_name": "two.jpg", "size": 10});
        let upload = owner.post("/uploads", &wish, 201).await;
        let album = json!({"name": "Bob's", "asset_ids": [asset]});
        let collection = owner.post("/collections", &album, 201).await;
        let wish = json!({"collection_id": collection["id"], "level": "download"});
        let link = owner.post("/shares", &wish, 201).await;
        let url = word(&link["url"]);
        Self {
            session: other_session(&vault, &owner).await,
            key: word(&key["id"]),
            upload: word(&upload["id"]),
            resumable: begun_upload(&owner).await,
            collection: word(&collection["id"]),
            token: url.rsplit('/').next().expect("its secret part").to_owned(),
            link: word(&link["id"]),
            access: table()
                .into_iter()
                .map(|route| (format!("{} {}", route.method, route.path), route.access))
                .collect(),
            asset,
            owner,
            vault,
        }
    }

    fn access(&self, row: &Row) -> Access {
        let (method, path) = row.parts();
        self.access[&format!("{method} {path}")]
    }

    /// The path of a row with what it names in it.
    fn path(&self, row: &Row) -> String {
        let (_, path) = row.parts();
        let id = match row.names {
            Names::Asset | Names::Shown => &self.asset,
            Names::Collection => &self.collection,
            Names::Link => &self.link,
            Names::Private if path.contains("keys") => &self.key,
            Names::Private if path.contains("sessions") => &self.session,
            Names::Private if path.contains("tus") => &self.resumable,
            Names::Private => &self.upload,
            Names::Nothing => NOTHING,
        };
        let name = match path.contains("renditions") {
            true => "thumb",
            false => "picture",
        };
        let query = match row.route {
            "POST /assets/{id}/files" => "?role=sidecar",
            "GET /users/search" => "?q=eve",
            _ => "",
        };
        let token = match row.names {
            Names::Shown => &self.token,
            _ => "AAAA",
        };
        format!("{path}{query}")
            .replace("{id}", id)
            .replace("{user_id}", NOTHING)
            .replace("{batch}", NOTHING)
            .replace("{number}", "1")
            .replace("{token}", token)
            .replace("{secret}", "AAAA")
            .replace("{name}", name)
    }

    /// The request of a row, in order if it came from the right one; `own` is an asset of whoever asks.
    fn ask(&self, client: &Client, row: &Row, own: &str) -> RequestBuilder {
        let method = Method::from_bytes(row.parts().0.as_bytes()).expect("a method");
        let request = client.request(method, &self.path(row));
        if row.route.contains("/uploads/tus") {
            return in_tus(request, row);
        }
        if row.body.is_empty() {
            return request;
        }
        let body = row
            .body
            .replace("{asset}", &self.asset)
            .replace("{own}", own)
            .replace("{nothing}", NOTHING);
        let body: Value = serde_json::from_str(&body).expect("JSON");
        request.json(&body)
    }

    async fn status(&self, client: &Client, row: &Row, own: &str) -> u16 {
        status(self.ask(client, row, own)).await.as_u16()
    }

    /// Somebody with an account here and an asset of their own.
    async fn neighbour(&self, name: &str) -> (Client, String) {
        let client = self.vault.register(&format!("{name}@example.org")).await;
        let photo = fixtures::named("photos/dunes.jpg").bytes();
        let own = client.upload("own.jpg", photo).await.id().to_owned();
        (client, own)
    }
}

impl Row {
    /// The method, and the path as the table of routes has it.
    fn parts(&self) -> (&'static str, String) {
        let (method, path) = self.route.split_once(' ').expect("a method and a path");
        let outside = path.starts_with("/health") || path == "/metrics";
        let prefix = if outside { "" } else { PREFIX };
        (method, format!("{prefix}{path}"))
    }

    /// What it is about may not be there even for whoever may ask.
    fn is_vague(&self) -> bool {
        let (_, path) = self.parts();
        self.names == Names::Nothing
            || self.body.contains("{nothing}")
            || ["{user_id}", "{number}", "{batch}", "steps"]
                .iter()
                .any(|part| path.contains(part))
    }
}

/// A request of the tus protocol, in order.
fn in_tus(request: RequestBuilder, row: &Row) -> RequestBuilder {
    let request = request.header("tus-resumable", "1.0.0");
    match row.route {
        "PATCH /uploads/tus/{id}" => request
            .header("content-type", "application/offset+octet-stream")
            .header("upload-offset", "0")
            .body(""),
        "POST /uploads/tus/{id}" => request.header("x-http-method-override", "HEAD"),
        "POST /uploads/tus" => request.header("upload-length", "1"),
        _ => request,
    }
}

/// A resumable upload without bytes.
async fn begun_upload(owner: &Client) -> String {
    let request = owner.request(Method::POST, "/uploads/tus");
    let request = request
        .header("tus-resumable", "1.0.0")
        .header("upload-length", "9");
    let answer = request.send().await.expect("an answer");
    let location = answer.headers()["location"].to_str().expect("text");
    location.rsplit('/').next().expect("an id").to_owned()
}

/// A second session of the account, which may end without ending the first.
async fn other_session(vault: &Vault, owner: &Client) -> String {
    let credentials = json!({
        "email": "bob@example.org", "password": testkit::PASSWORD, "session": "token",
    });
    vault
        .stranger()
        .post("/auth/login", &credentials, 200)
        .await;
    let sessions = owner.get("/me/sessions").await;
    let sessions = sessions["items"].as_array().expect("a list").clone();
    let other = sessions.iter().find(|session| session["current"] == false);
    word(&other.expect("a second session")["id"])
}

fn word(value: &Value) -> String {
    value.as_str().expect("a word").to_owned()
}

async fn status(request: RequestBuilder) -> StatusCode {
    request.send().await.expect("an answer").status()
}

/// Whether an answer says that the request was let through to what it asks for.
fn is_let_in(status: u16, row: &Row) -> bool {
    ![401, 403].contains(&status) && status < 500 && (status != 404 || row.is_vague())
}

#[test]
fn the_matrix_has_every_route_of_the_router_and_of_the_document() {
    let said: BTreeSet<String> = MATRIX
        .iter()
        .map(|row| format!("{} {}", row.parts().0, row.parts().1))
        .collect();
    assert_eq!(said.len(), MATRIX.len(), "a route stands twice");
    let routed: BTreeSet<String> = table()
        .into_iter()
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    let document = serde_json::to_value(server::document()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let described: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("operations").keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    assert_eq!(said, routed, "the matrix and the router");
    assert_eq!(said, described, "the matrix and the document");
}

async fn nobody_gets_in_without_a_credential(database: Database) {
    let house = House::on(database).await;
    let stranger = house.vault.stranger();
    let spent = house
        .owner
        .post("/me/keys", &json!({"name": "spent"}), 201)
        .await;
    let revoked = house.owner.with_token(&word(&spent["key"]));
    let id = word(&spent["id"]);
    house.owner.delete(&format!("/me/keys/{id}")).await;
    for row in MATRIX {
        // As if from elsewhere: some things are allowed at the machine itself.
        let request = house.ask(&stranger, row, NOTHING);
        let request = request.header("x-forwarded-for", "203.0.113.9");
        let answer = status(request).await.as_u16();
        let fits = match house.access(row) {
            // What a link shows is for whoever was let in.
            Access::Public if row.names == Names::Shown => {
                let described = ["GET /shared/{token}", "POST /shared/{token}/open"];
                answer
                    == if described.contains(&row.route) {
                        200
                    } else {
                        401
                    }
            }
            Access::Public => answer != 403 && answer < 500,
            Access::SignedOnly => [400, 403].contains(&answer),
            _ => answer == 401,
        };
        assert!(fits, "{} without a credential: {answer}", row.route);
        if matches!(
            house.access(row),
            Access::Public | Access::SignedOnly | Access::LoopbackOr(_)
        ) {
            continue;
        }
        let answer = house.status(&revoked, row, NOTHING).await;
        assert_eq!(answer, 401, "{} with a revoked key", row.route);
    }
}

async fn nobody_gets_at_another_persons_things(database: Database) {
    let house = House::on(database).await;
    let administrator = house.vault.client().clone();
    let (user, own) = house.neighbour("eve").await;
    let (powerless, without) = house.neighbour("nil").await;
    let role = json!({"name": "nothing", "permissions": []});
    administrator.post("/roles", &role, 201).await;
    let id = word(&powerless.get("/me").await["id"]);
    let powers = json!({"roles": ["nothing"]});
    administrator.patch(&format!("/users/{id}"), &powers).await;
    for (client, own, name) in [
        (&user, &own, "a user"),
        (&powerless, &without, "an account without permissions"),
        (&administrator, &own, "an administrator"),
    ] {
        let may = permissions(client).await;
        for row in MATRIX {
            let lacks = match house.access(row) {
                Access::Needs(right)
                | Access::InPersonWith(right)
                | Access::Signed(right)
                | Access::LoopbackOr(right) => !may.contains(right.as_str()),
                _ => false,
            };
            // The machine itself may look at how the vault does.
            let local = matches!(house.access(row), Access::LoopbackOr(_));
            let others = !matches!(row.names, Names::Nothing | Names::Shown)
                && house.access(row) != Access::SignedOnly;
            if local || (!lacks && !others) {
                continue;
            }
            let answer = house.status(client, row, own).await;
            // To show somebody out is asked of the verb, and there by right first.
            let expected: &[u16] = match (lacks, house.access(row)) {
                (true, _) => &[403],
                (false, Access::SignedIn | Access::InPerson) => &[403, 404],
                _ => &[404],
            };
            assert!(
                expected.contains(&answer),
                "{} as {name}: {answer}",
                row.route
            );
        }
    }
    let kept = house.owner.asset(&house.asset).await;
    assert_eq!(kept["trashed_at"], Value::Null, "nobody has touched it");
    let seen = user.get("/assets").await;
    assert_eq!(
        seen["items"].as_array().map(Vec::len),
        Some(1),
        "only the own"
    );
    let seen = administrator.get("/assets").await;
    assert_eq!(seen["items"], json!([]));
}

async fn permissions(client: &Client) -> BTreeSet<String> {
    let me = client.get("/me").await;
    let all = me["permissions"].as_array().expect("a list");
    all.iter().map(word).collect()
}

async fn a_guest_gets_as_far_as_the_door_is_open(database: Database) {
    let house = House::on(database).await;
    for level in Level::ALL {
        let (guest, own) = house.neighbour(level.as_str()).await;
        let wish = json!({"email": format!("{level}@example.org"), "level": level});
        let members = format!("/collections/{}/members", house.collection);
        house.owner.post(&members, &wish, 200).await;
        for row in MATRIX {
            if matches!(row.names, Names::Nothing | Names::Shown)
                || house.access(row) == Access::SignedOnly
            {
                continue;
            }
            let answer = house.status(&guest, row, &own).await;
            let fits = match row.guests {
                Guests::From(least) if *level >= least => is_let_in(answer, row),
                Guests::From(_) | Guests::Never => answer == 403,
                Guests::Outside => answer == 404,
            };
            assert!(fits, "{} with {level}: {answer}", row.route);
        }
    }
    let kept = house.owner.asset(&house.asset).await;
    assert_eq!(kept["trashed_at"], Value::Null, "nobody took it away");
}

async fn an_owner_gets_at_everything_of_their_own(database: Database) {
    let house = House::on(database).await;
    let may = permissions(&house.owner).await;
    for row in MATRIX {
        let access = house.access(row);
        let lacks = match access {
            Access::Needs(right) | Access::InPersonWith(right) => !may.contains(right.as_str()),
            _ => false,
        };
        // Who signs in or follows a link comes as nobody yet.
        if matches!(
            access,
            Access::Public | Access::SignedOnly | Access::LoopbackOr(_)
        ) {
            continue;
        }
        let answer = house.status(&house.owner, row, &house.asset).await;
        let fits = match lacks {
            true => answer == 403,
            false => is_let_in(answer, row),
        };
        assert!(fits, "{} as the owner: {answer}", row.route);
    }
}

async fn a_visitor_gets_at_what_the_link_shows_and_nothing_else(database: Database) {
    let house = House::on(database).await;
    let visitor = house.vault.stranger();
    let open = format!("/shared/{}/open", house.token);
    let opened = visitor.request(Method::POST, &open).json(&json!({}));
    let opened = opened.send().await.expect("an answer");
    let pass = opened.headers()[SET_COOKIE].to_str().expect("text");
    let pass = pass.split(';').next().expect("a cookie").to_owned();
    let photo = fixtures::named("photos/dunes.jpg").bytes();
    let hidden = house.owner.upload("two.jpg", photo).await.id().to_owned();
    for row in MATRIX {
        let with_pass = |request: RequestBuilder| request.header(COOKIE, &pass);
        let request = house.ask(&visitor, row, NOTHING);
        let request = request.header("x-forwarded-for", "203.0.113.9");
        let answer = status(with_pass(request)).await.as_u16();
        let fits = match house.access(row) {
            Access::Public if row.names == Names::Shown => answer == 200,
            Access::Public => answer != 403 && answer < 500,
            Access::SignedOnly => [400, 403].contains(&answer),
            _ => answer == 401,
        };
        assert!(fits, "{} as a visitor: {answer}", row.route);
        if row.names == Names::Shown && row.route.contains("{id}") {
            let path = house.path(row).replace(&house.asset, &hidden);
            let answer = status(with_pass(visitor.request(Method::GET, &path))).await;
            assert_eq!(answer, 404, "{path}: the link does not show it");
        }
    }
}

async fn a_key_opens_what_its_scopes_name_and_nothing_else(database: Database) {
    let house = House::on(database).await;
    let owner = house.vault.client();
    let everything = key(owner, &["assets:read", "users:manage", "roles:manage"]).await;
    let mut keys: BTreeMap<&str, (Client, Client)> = BTreeMap::new();
    for row in MATRIX {
        let right = match house.access(row) {
            Access::Needs(right) | Access::Signed(right) => right.as_str(),
            Access::InPerson | Access::InPersonWith(_) => {
                let answer = house.status(&everything, row, NOTHING).await;
                assert_eq!(answer, 403, "{} with a key", row.route);
                continue;
            }
            _ => continue,
        };
        let wrong = match right {
            "audit:read" => "users:manage",
            _ => "audit:read",
        };
        if !keys.contains_key(right) {
            let only_wrong = key(owner, &[wrong]).await;
            // Who may change something must also be able to look at it.
            keys.insert(
                right,
                (key(owner, &[right, "assets:read"]).await, only_wrong),
            );
        }
        let (fitting, unfit) = &keys[right];
        let refused = house.status(unfit, row, NOTHING).await;
        assert_eq!(refused, 403, "{} with {wrong}", row.route);
        let answer = house.status(fitting, row, NOTHING).await;
        let fits = ![401, 403].contains(&answer) && answer < 500;
        assert!(fits, "{} with {right}: {answer}", row.route);
    }
}

/// A key of the caller with just these scopes.
async fn key(owner: &Client, scopes: &[&str]) -> Client {
    let wish = json!({"name": "narrow", "scopes": scopes});
    let made = owner.post("/me/keys", &wish, 201).await;
    owner.with_token(&word(&made["key"]))
}

#[tokio::test]
async fn strange_paths_are_refused_politely() {
    let vault = vault().start().await;
    let address = vault.url().trim_start_matches("http://").to_owned();
    for path in [
        "//",
        "/..",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/api/v1/../../etc/passwd",
        "/api/v1/assets/%00",
        "/api/v1/assets/..%2f..%2f",
        "/api/v1//assets",
        "/api/v1/assets/",
        "/api/v1/assets/%ff%fe",
        "/api/v1/assets/not-an-id",
        "/%",
        "/%zz",
        "/api/v1/assets?limit=%00",
        "/api/v1/assets?q=%ff",
        "/a%0d%0aSet-Cookie:%20x=1",
    ] {
        let status = raw(&address, path, vault.client().token()).await;
        assert!((400..500).contains(&status), "{path}: {status}");
    }
}

/// Sends a path as it is: a client library would clean it first.
async fn raw(address: &str, path: &str, token: Option<&str>) -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut socket = tokio::net::TcpStream::connect(address)
        .await
        .expect("a connection");
    let token = token.unwrap_or_default();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.expect("an answer");
    let line = String::from_utf8_lossy(&answer)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned();
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("{path}: {line}"))
}
