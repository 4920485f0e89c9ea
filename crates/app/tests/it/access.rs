//! Every route as everybody: the table of routes says who may call what, and this holds it to that.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use server::routes::{Access, PREFIX, Route, table};
use testkit::{Client, Vault, fixtures};

use crate::vault;

/// An id that nothing has.
const NOTHING: &str = "01900000-0000-7000-8000-000000000000";

/// Things of the first account, for others to grasp at.
struct Owned {
    asset: String,
    key: String,
    session: String,
    upload: String,
    collection: String,
    share: String,
}

impl Owned {
    async fn make(owner: &Client) -> Self {
        let asset = owner
            .upload("one.jpg", fixtures::named("photos/blue-sea.jpg").bytes())
            .await;
        let key = owner.post("/me/keys", &json!({"name": "own"}), 201).await;
        let sessions = owner.get("/me/sessions").await;
        let wish = json!({"file_name": "two.jpg", "size": 10});
        let upload = owner.post("/uploads", &wish, 201).await;
        let album = json!({"name": "Ada's", "asset_ids": [asset.id()]});
        let collection = owner.post("/collections", &album, 201).await;
        let link = json!({"asset_ids": [asset.id()], "level": "view"});
        let share = owner.post("/shares", &link, 201).await;
        Self {
            asset: asset.id().to_owned(),
            key: word(&key["id"]),
            session: word(&sessions["items"][0]["id"]),
            upload: word(&upload["id"]),
            collection: word(&collection["id"]),
            share: word(&share["id"]),
        }
    }

    /// The path of a route with one of these things in it.
    fn path(&self, route: &Route) -> String {
        let id = match route.path.trim_start_matches(PREFIX).split('/').nth(1) {
            Some("me") if route.path.contains("keys") => &self.key,
            Some("me") => &self.session,
            Some("uploads") => &self.upload,
            Some("jobs") => NOTHING,
            Some("collections") => &self.collection,
            Some("shares") => &self.share,
            _ => &self.asset,
        };
        fill(&route.path, id)
    }
}

/// A route's path with this id in it, and with words that name nothing for the rest.
fn fill(path: &str, id: &str) -> String {
    let query = if path.ends_with("/files") {
        "?role=sidecar"
    } else {
        ""
    };
    format!("{path}{query}")
        .replace("{id}", id)
        .replace("{user_id}", NOTHING)
        .replace("{batch}", NOTHING)
        .replace("{number}", "1")
        .replace("{token}", "AAAA")
        .replace("{name}", "picture")
}

fn word(value: &Value) -> String {
    value.as_str().expect("a word").to_owned()
}

/// A request that would be in order if it came from the right one.
fn ask(client: &Client, route: &Route, path: &str) -> RequestBuilder {
    let method = Method::from_bytes(route.method.as_bytes()).expect("a method");
    let request = client.request(method, path);
    let body = match route.path.trim_start_matches(PREFIX) {
        "/assets/{id}/url" => json!({"target": "content", "expires_in": 60}),
        "/assets/bulk" => json!({"ids": [NOTHING], "do": {"edit": {}}}),
        "/assets/check" => json!({"hashes": []}),
        "/archives" => json!({"asset_ids": [NOTHING]}),
        "/imports/plan" => json!({"source": "takeout", "files": []}),
        "/uploads" => json!({"file_name": "x.jpg", "size": 1}),
        "/collections" => json!({"name": "mine"}),
        "/collections/{id}/assets" | "/collections/{id}/assets/remove" => {
            json!({"asset_ids": [NOTHING]})
        }
        "/collections/{id}/members" => json!({"email": "bob@example.org", "level": "view"}),
        "/collections/{id}/members/{user_id}" => json!({"level": "view"}),
        "/shares" => json!({"asset_ids": [NOTHING], "level": "view"}),
        "/notifications/read" => json!({"all": true}),
        "/jobs/pause" => json!({"seconds": 1}),
        "/users" => json!({"email": "new@example.org"}),
        "/roles/{name}" => json!({"permissions": []}),
        "/roles" => json!({"name": "new", "permissions": []}),
        _ => json!({}),
    };
    match route.method {
        "GET" | "DELETE" => request,
        _ => request.json(&body),
    }
}

async fn status(request: RequestBuilder) -> StatusCode {
    request.send().await.expect("an answer").status()
}

async fn open_vault() -> Vault {
    let open = vault().env("MEDIAVAULT_REGISTRATION", "open");
    open.start().await
}

/// A key of the caller with just these scopes.
async fn key(owner: &Client, scopes: &[&str]) -> Client {
    let wish = json!({"name": "narrow", "scopes": scopes});
    let made = owner.post("/me/keys", &wish, 201).await;
    owner.with_token(made["key"].as_str().expect("a key"))
}

#[tokio::test]
async fn nobody_gets_in_without_a_credential() {
    let vault = vault().start().await;
    let owned = Owned::make(vault.client()).await;
    let stranger = vault.stranger();
    for route in table() {
        let path = owned.path(&route);
        // As if from elsewhere: some things are allowed at the machine itself.
        let request = ask(&stranger, &route, &path).header("x-forwarded-for", "203.0.113.9");
        let status = status(request).await;
        let expected = match route.access {
            Access::Public => {
                assert_ne!(status, 403, "{} {path}", route.method);
                assert!(
                    !status.is_server_error(),
                    "{} {path}: {status}",
                    route.method
                );
                continue;
            }
            Access::SignedOnly => [400, 403],
            _ => [401, 401],
        };
        assert!(
            expected.contains(&status.as_u16()),
            "{} {path}: {status}",
            route.method
        );
    }
}

#[tokio::test]
async fn nobody_gets_at_another_persons_things() {
    let vault = open_vault().await;
    let owned = Owned::make(vault.client()).await;
    let other = vault.register("bob@example.org").await;
    let may: Vec<String> = other.get("/me").await["permissions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(word)
        .collect();
    for route in table() {
        let path = owned.path(&route);
        let lacks = match route.access {
            Access::Needs(permission) | Access::InPersonWith(permission) => {
                !may.contains(&permission.to_string())
            }
            _ => false,
        };
        let about_one = route.path.contains("{id}") && route.access != Access::SignedOnly;
        if !lacks && !about_one {
            continue;
        }
        let status = status(ask(&other, &route, &path)).await;
        let expected = if lacks { 403 } else { 404 };
        assert_eq!(status, expected, "{} {path}", route.method);
    }
    let kept = vault
        .client()
        .get(&format!("/assets/{}", owned.asset))
        .await;
    assert_eq!(kept["trashed_at"], Value::Null, "nobody has touched it");
    assert_eq!(other.get("/assets").await["items"], json!([]));
}

#[tokio::test]
async fn a_key_opens_what_its_scopes_name_and_nothing_else() {
    let vault = vault().start().await;
    let owner = vault.client();
    for route in table() {
        let path = fill(&route.path, NOTHING);
        let (right, wrong) = match route.access {
            Access::Needs(permission) | Access::Signed(permission) => {
                let wrong = if permission.as_str() == "audit:read" {
                    "users:manage"
                } else {
                    "audit:read"
                };
                (permission.as_str(), wrong)
            }
            Access::InPerson | Access::InPersonWith(_) => {
                let all = key(owner, &["assets:read", "users:manage", "roles:manage"]).await;
                assert_eq!(
                    status(ask(&all, &route, &path)).await,
                    403,
                    "{} {path}",
                    route.method
                );
                continue;
            }
            _ => continue,
        };
        let refused = status(ask(&key(owner, &[wrong]).await, &route, &path)).await;
        assert_eq!(refused, 403, "{} {path} with {wrong}", route.method);
        // Who may change something must also be able to look at it.
        let narrow = key(owner, &[right, "assets:read"]).await;
        let answer = status(ask(&narrow, &route, &path)).await;
        assert!(
            ![401, 403].contains(&answer.as_u16()) && !answer.is_server_error(),
            "{} {path} with {right}: {answer}",
            route.method
        );
        for made in owner.get("/me/keys").await["items"]
            .as_array()
            .expect("a list")
        {
            owner
                .delete(&format!("/me/keys/{}", word(&made["id"])))
                .await;
        }
    }
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
