//! The API document against the program it describes: what it shows is taken, what it forbids is
//! refused, and the refusal names the field.

use std::collections::HashMap;

use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};
use testkit::{Client, fixtures};

use crate::vault;

/// One operation of the document.
struct Operation {
    id: String,
    method: Method,
    path: String,
    said: Value,
}

impl Operation {
    fn all() -> Vec<Self> {
        let document = serde_json::to_value(server::document()).expect("JSON");
        let paths = document["paths"].as_object().expect("paths").clone();
        let operations = paths.into_iter().flat_map(|(path, item)| {
            let item = item.as_object().expect("operations").clone();
            item.into_iter().map(move |(method, said)| Self {
                id: said["operationId"].as_str().expect("an id").to_owned(),
                method: Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method"),
                path: path.clone(),
                said,
            })
        });
        operations.collect()
    }

    /// The schema and the example of its JSON body.
    fn body(&self, schemas: &Value) -> Option<(Value, Value)> {
        let media = &self.said["requestBody"]["content"]["application/json"];
        let schema = media.get("schema")?;
        let name = schema["$ref"].as_str()?.rsplit('/').next()?.to_owned();
        Some((schemas[name].clone(), media["example"].clone()))
    }

    /// The example of its JSON answer; null when it has none.
    fn answer(&self, status: StatusCode) -> Value {
        let said = &self.said["responses"][status.as_str()];
        said["content"]["application/json"]["example"].clone()
    }

    async fn send(
        &self,
        client: &Client,
        things: &Things,
        query: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        let path = self.path.replace("{id}", things.named_by(&self.path));
        let path = path.replace("{user_id}", things.named_by("/api/v1/people"));
        let path = path.replace("{name}", "picture").replace("{number}", "1");
        let request = client.request(self.method.clone(), &format!("{path}{query}"));
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let response = request.send().await.expect("an answer");
        let status = response.status();
        (status, response.json().await.unwrap_or_default())
    }
}

/// One thing of each kind, for paths to name.
struct Things {
    by_resource: HashMap<&'static str, String>,
}

impl Things {
    async fn make(client: &Client) -> Self {
        let photo = fixtures::named("photos/blue-sea.jpg").bytes();
        let asset = client.upload("a.jpg", photo).await.id().to_owned();
        let mut by_resource = HashMap::from([("assets", asset)]);
        let account = &client.get("/me").await["id"];
        by_resource.insert("users", account.as_str().expect("an id").to_owned());
        let wishes = [
            ("collections", json!({"name": "Trip"})),
            ("uploads", json!({"file_name": "b.jpg", "size": 9})),
        ];
        for (resource, wish) in wishes {
            let made = client.post(&format!("/{resource}"), &wish, 201).await;
            by_resource.insert(resource, made["id"].as_str().expect("an id").to_owned());
        }
        Self { by_resource }
    }

    /// The id for a path: of its own kind, or at least one that is somebody's.
    fn named_by(&self, path: &str) -> &str {
        let resource = path.trim_start_matches("/api/v1/").split('/').next();
        let own = self.by_resource.get(resource.unwrap_or_default());
        own.unwrap_or(&self.by_resource["assets"])
    }
}

fn schemas() -> Value {
    let document = serde_json::to_value(server::document()).expect("JSON");
    document["components"]["schemas"].clone()
}

/// What ends the test's own session, or the vault's; and what names a folder of the machine.
const SPARED: [&str; 3] = ["post_auth_logout", "post_me_password", "post_folders"];

#[tokio::test]
async fn every_example_body_is_taken() {
    let open = vault().env("MEDIAVAULT_REGISTRATION", "open");
    let vault = open.start().await;
    let (client, schemas) = (vault.client(), schemas());
    let mut things = Things::make(client).await;
    // Whom the examples speak of: nobody is a member of what is theirs.
    let bob = vault.register("bob@example.org").await.get("/me").await;
    let id = bob["id"].as_str().expect("an id").to_owned();
    things.by_resource.insert("people", id);
    for operation in Operation::all() {
        let Some((_, example)) = operation.body(&schemas) else {
            continue;
        };
        if SPARED.contains(&operation.id.as_str()) {
            continue;
        }
        let (status, answer) = operation.send(client, &things, "", Some(&example)).await;
        let refused = [400, 413, 415, 422].contains(&status.as_u16()) || status.is_server_error();
        assert!(
            !refused,
            "{}: {status} {answer} for {example}",
            operation.id
        );
    }
}

#[tokio::test]
async fn what_the_document_forbids_is_refused() {
    let vault = vault().start().await;
    let (client, schemas) = (vault.client(), schemas());
    let things = Things::make(client).await;
    let (mut tried, mut complaints) = (0, Vec::new());
    for operation in Operation::all() {
        let Some((schema, example)) = operation.body(&schemas) else {
            continue;
        };
        for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
            for wrong in violations(schema) {
                let mut body = example.as_object().cloned().unwrap_or_default();
                body.insert(field.clone(), wrong.clone());
                let sent = Value::Object(body);
                let answer = operation.send(client, &things, "", Some(&sent)).await;
                complaints.extend(complaint(&operation, field, &wrong, &answer));
                tried += 1;
            }
        }
        let mut body: Map<String, Value> = example.as_object().cloned().unwrap_or_default();
        body.insert("no_such_field".to_owned(), json!(1));
        let answer = operation
            .send(client, &things, "", Some(&Value::Object(body)))
            .await;
        complaints.extend(complaint(&operation, "no_such_field", &json!(1), &answer));
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
    assert!(tried > 20, "only {tried} limits tried");
}

#[tokio::test]
async fn parameters_the_document_forbids_are_refused() {
    let vault = vault().start().await;
    let client = vault.client();
    let things = Things::make(client).await;
    let mut complaints = Vec::new();
    for operation in Operation::all() {
        for parameter in operation.said["parameters"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let name = parameter["name"].as_str().expect("a name");
            if parameter["in"] != "query" || ["by", "expires", "signature"].contains(&name) {
                continue;
            }
            for wrong in violations(&parameter["schema"]) {
                let text = wrong
                    .as_str()
                    .map_or_else(|| wrong.to_string(), str::to_owned);
                let query = format!("?{name}={text}");
                let answer = operation.send(client, &things, &query, None).await;
                complaints.extend(complaint(&operation, name, &wrong, &answer));
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// What an owner writes as they like, and what is there by name only.
const FREE: [&str; 3] = ["metadata", "detail", "renditions"];

#[tokio::test]
async fn answers_look_like_their_examples() {
    let vault = vault().start().await;
    let client = vault.client();
    let things = Things::make(client).await;
    client.settled(things.named_by("/api/v1/assets")).await;
    let (mut compared, mut complaints) = (0, Vec::new());
    for operation in Operation::all() {
        // The probes' examples are pages of text; a link's are asked for by its visitors.
        let elsewhere = ["/shared/", "/auth/invitations/", "/events", "/metrics"];
        if operation.method != Method::GET
            || elsewhere.iter().any(|part| operation.path.contains(part))
        {
            continue;
        }
        let example = operation.answer(StatusCode::OK);
        if example.is_null() {
            continue;
        }
        let query = match operation.path.ends_with("/users/search") {
            true => "?q=ada",
            false => "",
        };
        let (status, answer) = operation.send(client, &things, query, None).await;
        if status == StatusCode::OK {
            compared += 1;
            differences(&operation.id, &example, &answer, &mut complaints);
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
    assert!(compared > 25, "only {compared} answers compared");
}

/// Where an answer has other keys than its example, or values of other types. Null stands for anything.
fn differences(place: &str, example: &Value, answer: &Value, complaints: &mut Vec<String>) {
    match (example, answer) {
        (Value::Null, _) | (_, Value::Null) => {}
        // An object of any form: its own document says what is in it.
        (Value::Object(shown), Value::Object(_)) if shown.is_empty() => {}
        (Value::Object(shown), Value::Object(said)) => {
            for key in shown.keys().filter(|key| !said.contains_key(*key)) {
                complaints.push(format!("{place}.{key} is shown and not answered"));
            }
            for (key, value) in said {
                let inner = format!("{place}.{key}");
                match shown.get(key) {
                    None => complaints.push(format!("{inner} is answered and not shown")),
                    Some(_) if FREE.contains(&key.as_str()) => {}
                    Some(example) => differences(&inner, example, value, complaints),
                }
            }
        }
        (Value::Array(shown), Value::Array(said)) => {
            if let (Some(shown), Some(said)) = (shown.first(), said.first()) {
                differences(&format!("{place}[]"), shown, said, complaints);
            }
        }
        _ => {
            if std::mem::discriminant(example) != std::mem::discriminant(answer) {
                complaints.push(format!("{place}: {example} is shown, {answer} answered"));
            }
        }
    }
}

/// What is wrong with the answer to a value the document forbids, if anything.
fn complaint(
    operation: &Operation,
    field: &str,
    wrong: &Value,
    (status, answer): &(StatusCode, Value),
) -> Option<String> {
    let shown = wrong.to_string().chars().take(60).collect::<String>();
    let id = &operation.id;
    if ![400, 413].contains(&status.as_u16()) {
        return Some(format!("{id} takes {field} = {shown}: {status} {answer}"));
    }
    let named = answer["field"].as_str().unwrap_or_default();
    let named_right = named.contains(field);
    (!named_right)
        .then(|| format!("{id}, {field} = {shown}: the refusal names {named:?}: {answer}"))
}

/// Values just outside of what a schema allows.
fn violations(schema: &Value) -> Vec<Value> {
    let mut wrong = Vec::new();
    if let Some(most) = schema["maximum"].as_i64() {
        wrong.push(json!(most + 1));
    }
    if let Some(least) = schema["minimum"].as_i64() {
        wrong.push(json!(least - 1));
    }
    if let Some(most) = schema["maxLength"].as_u64() {
        wrong.push(json!(
            "a".repeat(usize::try_from(most).expect("a length") + 1)
        ));
    }
    if let Some(least) = schema["minLength"].as_u64().filter(|least| *least > 0) {
        wrong.push(json!(
            "a".repeat(usize::try_from(least).expect("a length") - 1)
        ));
    }
    if schema["enum"].is_array()
        || schema["pattern"].is_string()
        || schema["format"] == "uuid"
        || schema["format"] == "date-time"
    {
        wrong.push(json!("no-such-word"));
    }
    if let Some(most) = schema["maxItems"].as_u64() {
        let item = items(&schema["items"]);
        wrong.push(json!(vec![
            item;
            usize::try_from(most).expect("a length") + 1
        ]));
    }
    if schema["minItems"].as_u64().is_some_and(|least| least > 0) {
        wrong.push(json!([]));
    }
    if schema["items"].is_object() {
        let inner = violations(&schema["items"]);
        wrong.extend(inner.into_iter().map(|item| json!([item])));
    }
    wrong
}

/// One good entry of a list.
fn items(schema: &Value) -> Value {
    match (&schema["format"], &schema["pattern"]) {
        (Value::String(format), _) if format == "uuid" => {
            json!("01900000-0000-7000-8000-000000000000")
        }
        (_, Value::String(_)) => json!("0".repeat(64)),
        _ => json!("a"),
    }
}
