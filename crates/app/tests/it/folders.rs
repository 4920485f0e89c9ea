//! Folders that stay where they are: real files in a real folder beside a running vault.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{Client, Database, GLANCE, PASSWORD, PATIENCE, Vault, VaultBuilder, fixtures};
use zip::ZipArchive;

use crate::{on_each_database, vault};

on_each_database!(
    files_appear_where_they_lie,
    a_move_keeps_everything,
    a_file_that_was_edited_is_a_new_version,
    a_file_that_is_gone_is_told_and_comes_back,
    an_archive_names_what_is_gone_and_holds_the_rest,
    a_disk_that_is_not_there_proves_nothing,
    what_was_deleted_for_good_does_not_come_back,
    bytes_that_are_uploaded_have_a_home,
    a_folder_that_is_let_go_empties_into_the_trash,
    what_is_no_media_is_refused_with_a_reason,
    a_sidecar_says_what_holds_of_the_file_beside_it,
    only_allowed_folders_are_attached,
    a_scan_that_was_killed_begins_again,
    files_appear_in_the_library_of_their_owner,
);

fn word(value: &Value) -> &str {
    value.as_str().expect("a word")
}

fn items(page: &Value) -> &Vec<Value> {
    page["items"].as_array().expect("items")
}

/// A disk with a folder of photos, and a vault that may show what lies on it.
struct Home {
    disk: TempDir,
    vault: Vault,
}

impl Home {
    async fn on(database: Database) -> Self {
        Self::with(vault().database(database)).await
    }

    async fn with(builder: VaultBuilder) -> Self {
        let disk = tempfile::tempdir().expect("a temporary directory");
        fs::create_dir(disk.path().join("photos")).expect("a folder");
        let roots = disk.path().to_str().expect("UTF-8").to_owned();
        let vault = builder
            .env("MEDIAVAULT_EXTERNAL_ROOTS", roots)
            .start()
            .await;
        Self { disk, vault }
    }

    fn ada(&self) -> &Client {
        self.vault.client()
    }

    fn photos(&self) -> PathBuf {
        self.disk.path().join("photos")
    }

    fn path(&self) -> String {
        let real = fs::canonicalize(self.photos()).expect("it is there");
        real.to_str().expect("UTF-8").to_owned()
    }

    /// Lays a fixture down, as if it had been there for long.
    fn lay(&self, path: &str, fixture: &str) {
        self.write(path, &fixtures::named(fixture).bytes());
    }

    fn write(&self, path: &str, content: &[u8]) {
        let path = self.photos().join(path);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("folders");
        fs::write(&path, content).expect("a file");
        age(&path);
    }

    /// Attaches the folder and has it looked through.
    async fn attach(&self) -> String {
        let wish = json!({"path": self.path()});
        let made = self.ada().post("/folders", &wish, 201).await;
        assert_eq!(made["path"], json!(self.path()));
        let id = word(&made["id"]).to_owned();
        self.looked_through(&id).await;
        id
    }

    /// Has it looked through again.
    async fn scan(&self, id: &str) -> Value {
        let path = format!("/folders/{id}/scan");
        self.ada().post(&path, &json!({}), 202).await;
        self.looked_through(id).await
    }

    /// The folder, once nothing happens to it any more.
    async fn looked_through(&self, id: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let folder = self.ada().get(&format!("/folders/{id}")).await;
            if ["idle", "unreachable"].contains(&word(&folder["state"])) {
                return folder;
            }
            assert!(Instant::now() < deadline, "{folder}");
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// The asset of that name, which is there once.
    async fn named(&self, name: &str) -> Value {
        let all = self.ada().get("/assets").await;
        let mut found = items(&all)
            .iter()
            .filter(|asset| asset["file_name"] == name);
        let asset = found.next().unwrap_or_else(|| panic!("no {name} in {all}"));
        assert!(found.next().is_none(), "{name} is there twice: {all}");
        asset.clone()
    }
}

/// Makes a file look as if it had been left alone for years.
fn age(path: &Path) {
    let file = File::options().write(true).open(path).expect("the file");
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000);
    file.set_modified(then).expect("its time");
}

async fn files_appear_where_they_lie(database: Database) {
    let home = Home::on(database).await;
    home.lay("2024/sea.jpg", "photos/blue-sea.jpg");
    home.lay("2024/again/same.jpg", "photos/blue-sea.jpg");
    home.write(
        "fresh.jpg",
        &[fixtures::named("photos/blue-sea.jpg").bytes(), vec![0; 9]].concat(),
    );
    let id = home.attach().await;

    let folder = home.ada().get(&format!("/folders/{id}")).await;
    assert_eq!(folder["state"], "idle", "{folder}");
    assert_eq!(folder["files"]["present"], 3);
    assert_eq!(
        folder["scan"]["added"], 2,
        "the same bytes are one asset: {folder}"
    );
    assert_eq!(folder["scan"]["known"], 1);
    assert!(folder["scanned_at"].is_string());
    assert_eq!(items(&home.ada().get("/folders").await).len(), 1);

    let all = home.ada().get("/assets").await;
    assert_eq!(items(&all).len(), 2);
    let asset = items(&all)
        .iter()
        .find(|asset| asset["file_name"] != "fresh.jpg")
        .expect("the sea");
    let asset = home.ada().settled(word(&asset["id"])).await;
    assert_eq!(asset["status"], "ready", "{asset}");
    assert!(asset["thumbhash"].is_string());
    let bytes = home.ada().content(word(&asset["id"])).await;
    assert_eq!(bytes, fixtures::named("photos/blue-sea.jpg").bytes());
    let path = format!("/assets/{}/places", word(&asset["id"]));
    let places = home.ada().get(&path).await;
    let paths: Vec<&str> = items(&places)
        .iter()
        .map(|place| word(&place["path"]))
        .collect();
    assert_eq!(
        paths,
        [
            format!("{}/2024/again/same.jpg", home.path()),
            format!("{}/2024/sea.jpg", home.path())
        ]
    );
    // No byte lies in the vault, and none counts.
    assert_eq!(home.ada().get("/me/usage").await["used"], 0);
    assert_eq!(
        home.ada().get("/system/storage").await["blobs"]["stored_bytes"],
        0
    );
}

async fn a_move_keeps_everything(database: Database) {
    let home = Home::on(database).await;
    home.lay("old/sea.jpg", "photos/blue-sea.jpg");
    let id = home.attach().await;
    let asset = home.named("sea.jpg").await;
    let asset = word(&asset["id"]);
    let path = format!("/assets/{asset}");
    let said = json!({"title": "Harbour", "favourite": true, "tags": ["trip"]});
    home.ada().patch(&path, &said).await;
    let album = json!({"name": "Summer", "asset_ids": [asset]});
    let album = home.ada().post("/collections", &album, 201).await;

    fs::create_dir(home.photos().join("new")).expect("a folder");
    fs::rename(
        home.photos().join("old/sea.jpg"),
        home.photos().join("new/renamed.jpg"),
    )
    .expect("it moves");
    let folder = home.scan(&id).await;
    assert_eq!(folder["scan"]["added"], 0, "{folder}");
    assert_eq!(folder["scan"]["missing"], 0, "{folder}");
    assert_eq!(folder["files"]["present"], 1);
    assert_eq!(folder["files"]["missing"], 0);

    let after = home.ada().asset(asset).await;
    assert_eq!(after["title"], "Harbour");
    assert_eq!(after["favourite"], true);
    assert_eq!(after["tags"], json!(["trip"]));
    let in_album = format!("/collections/{}", word(&album["id"]));
    assert_eq!(home.ada().get(&in_album).await["count"], 1);
    let places = home.ada().get(&format!("{path}/places")).await;
    assert_eq!(
        items(&places)[0]["path"],
        json!(format!("{}/new/renamed.jpg", home.path()))
    );
    assert_eq!(items(&places).len(), 1);
    assert_eq!(
        home.ada().content(asset).await,
        fixtures::named("photos/blue-sea.jpg").bytes()
    );
}

async fn a_file_that_was_edited_is_a_new_version(database: Database) {
    let home = Home::on(database).await;
    home.lay("sea.jpg", "photos/blue-sea.jpg");
    let id = home.attach().await;
    let asset = home.named("sea.jpg").await;
    let asset = word(&asset["id"]);
    home.ada()
        .patch(&format!("/assets/{asset}"), &json!({"title": "Harbour"}))
        .await;
    let edited = [fixtures::named("photos/blue-sea.jpg").bytes(), vec![7; 100]].concat();
    home.write("sea.jpg", &edited);
    let folder = home.scan(&id).await;
    assert_eq!(folder["scan"]["changed"], 1, "{folder}");
    let after = home.ada().settled(asset).await;
    assert_eq!(after["version"], 2, "{after}");
    assert_eq!(after["title"], "Harbour");
    assert_eq!(home.ada().content(asset).await, edited);
    // The bytes of before are nowhere any more, which is said and no failure of ours.
    let before = format!("/assets/{asset}/versions/1/content");
    let problem = home
        .ada()
        .refused(home.ada().request(Method::GET, &before), 410)
        .await;
    assert_eq!(problem["code"], "original_gone");
}

async fn a_file_that_is_gone_is_told_and_comes_back(database: Database) {
    let home = Home::on(database).await;
    home.lay("sea.jpg", "photos/blue-sea.jpg");
    home.write(
        "other.jpg",
        &[fixtures::named("photos/blue-sea.jpg").bytes(), vec![1; 5]].concat(),
    );
    let id = home.attach().await;
    let asset = home.named("sea.jpg").await;
    let asset = word(&asset["id"]).to_owned();
    home.ada().settled(&asset).await;
    let away = home.disk.path().join("away.jpg");
    fs::rename(home.photos().join("sea.jpg"), &away).expect("it moves out");

    let content = format!("/assets/{asset}/content");
    let gone = home
        .ada()
        .refused(home.ada().request(Method::GET, &content), 410)
        .await;
    assert_eq!(gone["code"], "original_gone", "before a scan as after it");
    let folder = home.scan(&id).await;
    assert_eq!(folder["files"]["missing"], 1, "{folder}");
    assert_eq!(folder["scan"]["missing"], 1);
    home.ada()
        .refused(home.ada().request(Method::GET, &content), 410)
        .await;
    let missing = home
        .ada()
        .get(&format!("/folders/{id}/files?state=missing"))
        .await;
    assert_eq!(items(&missing)[0]["path"], "sea.jpg");
    assert_eq!(items(&missing)[0]["asset_id"], json!(asset));
    // What was known of it is still there, its picture too.
    let known = home.ada().asset(&asset).await;
    assert_eq!(known["trashed_at"], Value::Null);
    let thumb = home
        .ada()
        .request(Method::GET, &format!("/assets/{asset}/renditions/thumb"));
    assert_eq!(thumb.send().await.expect("an answer").status(), 200);

    fs::rename(&away, home.photos().join("sea.jpg")).expect("it moves back");
    let folder = home.scan(&id).await;
    assert_eq!(folder["files"]["missing"], 0, "{folder}");
    assert_eq!(
        home.ada().content(&asset).await,
        fixtures::named("photos/blue-sea.jpg").bytes()
    );
}

async fn an_archive_names_what_is_gone_and_holds_the_rest(database: Database) {
    let home = Home::on(database).await;
    home.lay("gone.jpg", "photos/blue-sea.jpg");
    home.lay("there.jpg", "photos/daisy.jpg");
    home.attach().await;
    fs::remove_file(home.photos().join("gone.jpg")).expect("it is deleted");
    let all = home.ada().get("/assets").await;
    let ids: Vec<&Value> = items(&all).iter().map(|asset| &asset["id"]).collect();
    assert_eq!(ids.len(), 2);
    let request = home.ada().request(Method::POST, "/archives");
    let mut archive = unpacked(request.json(&json!({"asset_ids": ids}))).await;
    let daisy = fixtures::named("photos/daisy.jpg").bytes();
    assert_eq!(archive.remove("there.jpg"), Some(daisy.clone()));
    let told = archive.remove("not included.txt").expect("a text");
    let told = String::from_utf8(told).expect("UTF-8");
    assert!(told.starts_with("gone.jpg: "), "{told}");
    assert!(archive.is_empty(), "{:?}", archive.keys());

    let mut export = unpacked(home.ada().request(Method::GET, "/export")).await;
    let problems = export.remove("problems.jsonl").expect("a list");
    let problem: Value = serde_json::from_slice(&problems).expect("one line");
    let path = word(&problem["path"]);
    assert!(path.ends_with("gone.jpg"), "{problem}");
    assert!(!export.contains_key(path), "no empty file in its place");
    assert!(word(&problem["problem"]).contains("moved"), "{problem}");
    assert!(export.values().any(|bytes| *bytes == daisy));
}

/// The files of a ZIP that is answered whole.
async fn unpacked(request: RequestBuilder) -> HashMap<String, Vec<u8>> {
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let bytes = answer.bytes().await.expect("all of it");
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("a whole archive");
    let mut files = HashMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).expect("a file");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its bytes");
        let name = file.name().expect("UTF-8").into_owned();
        files.insert(name, bytes);
    }
    files
}

async fn a_disk_that_is_not_there_proves_nothing(database: Database) {
    let home = Home::on(database).await;
    home.lay("sea.jpg", "photos/blue-sea.jpg");
    let id = home.attach().await;
    let asset = home.named("sea.jpg").await;
    let asset = word(&asset["id"]).to_owned();
    let away = home.disk.path().join("elsewhere");
    fs::rename(home.photos(), &away).expect("it is unplugged");
    let folder = home.scan(&id).await;
    assert_eq!(folder["state"], "unreachable", "{folder}");
    assert_eq!(folder["files"]["present"], 1);
    let content = format!("/assets/{asset}/content");
    let answer = home.ada().request(Method::GET, &content).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));

    // The mount point without its disk.
    fs::create_dir(home.photos()).expect("a mount point");
    let folder = home.scan(&id).await;
    assert_eq!(folder["state"], "unreachable", "{folder}");
    assert!(word(&folder["message"]).contains("mounted"), "{folder}");
    assert_eq!(folder["files"]["present"], 1);

    fs::remove_dir(home.photos()).expect("an empty folder");
    fs::rename(&away, home.photos()).expect("it is plugged in");
    let folder = home.scan(&id).await;
    assert_eq!(folder["state"], "idle", "{folder}");
    assert_eq!(folder["message"], Value::Null);
    home.ada().content(&asset).await;
}

async fn what_was_deleted_for_good_does_not_come_back(database: Database) {
    let home = Home::on(database).await;
    home.lay("sea.jpg", "photos/blue-sea.jpg");
    let id = home.attach().await;
    let asset = home.named("sea.jpg").await;
    let path = format!("/assets/{}", word(&asset["id"]));
    home.ada().delete(&path).await;
    let folder = home.scan(&id).await;
    assert_eq!(folder["scan"]["added"], 0, "it lies in the trash: {folder}");
    home.ada().delete(&format!("{path}?permanent=true")).await;
    assert!(
        home.photos().join("sea.jpg").exists(),
        "nothing is ever written there"
    );
    fs::rename(home.photos().join("sea.jpg"), home.photos().join("b.jpg")).expect("it moves");
    let folder = home.scan(&id).await;
    assert_eq!(folder["files"]["dismissed"], 1, "{folder}");
    assert_eq!(folder["files"]["present"], 0);
    assert_eq!(items(&home.ada().get("/assets").await).len(), 0);
    assert_eq!(home.ada().get("/me/usage").await["used"], 0);
}

async fn bytes_that_are_uploaded_have_a_home(database: Database) {
    let home = Home::on(database).await;
    let bytes = fixtures::named("photos/blue-sea.jpg").bytes();
    home.lay("sea.jpg", "photos/blue-sea.jpg");
    home.attach().await;
    let asset = home.named("sea.jpg").await;
    let again = home.ada().upload("uploaded.jpg", bytes.clone()).await;
    assert!(again.duplicate);
    assert_eq!(again.id(), word(&asset["id"]));
    fs::remove_file(home.photos().join("sea.jpg")).expect("it is deleted there");
    assert_eq!(home.ada().content(again.id()).await, bytes);
    let used = home.ada().get("/me/usage").await["used"].clone();
    assert_eq!(used, json!(bytes.len()), "now it takes room");
    let path = format!("/assets/{}?permanent=true", again.id());
    home.ada().delete(&format!("/assets/{}", again.id())).await;
    home.ada().delete(&path).await;
    assert_eq!(home.ada().get("/me/usage").await["used"], 0);
}

async fn a_folder_that_is_let_go_empties_into_the_trash(database: Database) {
    let home = Home::on(database).await;
    home.lay("sea.jpg", "photos/blue-sea.jpg");
    let uploaded = fixtures::named("formats/alpha.png").bytes();
    home.ada().upload("both.png", uploaded.clone()).await;
    home.write("both.png", &uploaded);
    let id = home.attach().await;
    let asset = home.named("sea.jpg").await;
    let path = format!("/assets/{}", word(&asset["id"]));
    home.ada().patch(&path, &json!({"title": "Harbour"})).await;
    home.ada().delete(&format!("/folders/{id}")).await;
    assert_eq!(items(&home.ada().get("/folders").await).len(), 0);
    let all = home.ada().get("/assets").await;
    assert_eq!(items(&all).len(), 1, "what the vault has stays: {all}");
    assert!(home.ada().get(&path).await["trashed_at"].is_string());
    assert!(home.photos().join("sea.jpg").exists());

    home.attach().await;
    let back = home.ada().get(&path).await;
    assert_eq!(back["trashed_at"], Value::Null);
    assert_eq!(back["title"], "Harbour");
    home.ada().content(word(&asset["id"])).await;
}

async fn what_is_no_media_is_refused_with_a_reason(database: Database) {
    let home = Home::on(database).await;
    home.write("empty.jpg", b"");
    home.write("noise.jpg", &[0xfe, 0x01, 0x99, 0x00, 0x42].repeat(50));
    home.lay("sea.jpg", "photos/blue-sea.jpg");
    std::os::unix::fs::symlink("/etc/passwd", home.photos().join("passwd.txt")).expect("a link");
    let id = home.attach().await;
    let folder = home.ada().get(&format!("/folders/{id}")).await;
    assert_eq!(folder["files"]["present"], 1, "{folder}");
    assert_eq!(folder["files"]["refused"], 2, "a link is no file: {folder}");
    let first = home
        .ada()
        .get(&format!("/folders/{id}/files?state=refused&limit=1"))
        .await;
    assert_eq!(items(&first)[0]["path"], "empty.jpg");
    assert!(word(&items(&first)[0]["problem"]).contains("empty"));
    let cursor = word(&first["next_cursor"]);
    let second = home
        .ada()
        .get(&format!(
            "/folders/{id}/files?state=refused&limit=1&cursor={cursor}"
        ))
        .await;
    assert_eq!(items(&second)[0]["path"], "noise.jpg");
    assert_eq!(second["next_cursor"], Value::Null);
}

async fn a_sidecar_says_what_holds_of_the_file_beside_it(database: Database) {
    let home = Home::on(database).await;
    home.lay("IMG_1.jpg", "photos/blue-sea.jpg");
    // Upper case comes first in the order of names.
    home.write("IMG_1.XMP", &sidecar("Harbour"));
    home.lay("IMG_2.jpg", "photos/daisy.jpg");
    home.write("IMG_2.jpg.xmp", &sidecar("Daisy"));
    home.write("alone.xmp", &sidecar("Alone"));
    let id = home.attach().await;
    let folder = home.ada().get(&format!("/folders/{id}")).await;
    assert_eq!(folder["files"]["beside"], 2, "{folder}");
    assert_eq!(folder["files"]["refused"], 1, "{folder}");
    let titled = async |name: &str, title: &str| {
        let asset = home.named(name).await;
        let is_titled = |asset: &Value| asset["title"] == title;
        home.ada().until(word(&asset["id"]), is_titled).await;
    };
    titled("IMG_1.jpg", "Harbour").await;
    titled("IMG_2.jpg", "Daisy").await;

    home.write("IMG_2.jpg.xmp", &sidecar("Daisy, again"));
    let folder = home.scan(&id).await;
    assert_eq!(folder["scan"]["beside"], 1, "only what changed: {folder}");
    titled("IMG_2.jpg", "Daisy, again").await;
}

fn sidecar(title: &str) -> Vec<u8> {
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
         <rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title><rdf:Alt>\
         <rdf:li xml:lang='x-default'>{title}</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    .into_bytes()
}

async fn only_allowed_folders_are_attached(database: Database) {
    let home = Home::on(database).await;
    let outside = tempfile::tempdir().expect("a temporary directory");
    let link = home.disk.path().join("link");
    std::os::unix::fs::symlink(outside.path(), &link).expect("a link");
    fs::write(home.disk.path().join("file"), b"x").expect("a file");
    let inside = |name: &str| {
        home.disk
            .path()
            .join(name)
            .to_str()
            .expect("UTF-8")
            .to_owned()
    };
    let outside = outside.path().to_str().expect("UTF-8").to_owned();
    for path in [
        "photos".to_owned(),
        "/etc".to_owned(),
        "/".to_owned(),
        outside,
        inside("link"),
        inside("file"),
        inside("nothing"),
        inside("photos/../../"),
    ] {
        let wish = json!({"path": path});
        let request = home.ada().request(Method::POST, "/folders").json(&wish);
        let problem = home.ada().refused(request, 400).await;
        assert_eq!(problem["field"], "path", "{path}: {problem}");
    }
    home.attach().await;
    fs::create_dir(home.photos().join("below")).expect("a folder");
    for path in [home.path(), format!("{}/below", home.path()), inside("")] {
        let wish = json!({"path": path});
        let request = home.ada().request(Method::POST, "/folders").json(&wish);
        home.ada().refused(request, 409).await;
    }
    // A vault whose operator named no folder says so.
    let plain = vault().database(database).start().await;
    let wish = json!({"path": home.path()});
    let request = plain.client().request(Method::POST, "/folders").json(&wish);
    let problem = plain.client().refused(request, 400).await;
    assert!(
        word(&problem["detail"]).contains("external_roots"),
        "{problem}"
    );
}

async fn a_scan_that_was_killed_begins_again(database: Database) {
    // Another takes over once the one who was killed has been silent for that long.
    let quick = vault()
        .database(database)
        .env("MEDIAVAULT_LEASE_SECONDS", "5");
    let mut home = Home::with(quick).await;
    let photo = fixtures::named("photos/blue-sea.jpg").bytes();
    for number in 0..200_u32 {
        let content = [photo.as_slice(), number.to_be_bytes().as_slice()].concat();
        home.write(&format!("{:02}/{number}.jpg", number % 10), &content);
    }
    let wish = json!({"path": home.path()});
    let made = home.ada().post("/folders", &wish, 201).await;
    let id = word(&made["id"]).to_owned();
    let deadline = Instant::now() + PATIENCE;
    while items(&home.ada().get("/assets").await).is_empty() {
        assert!(Instant::now() < deadline, "nothing appears");
        tokio::time::sleep(GLANCE).await;
    }
    home.vault.restart().await;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let folder = home.ada().get(&format!("/folders/{id}")).await;
        if folder["files"]["present"] == 200 && folder["state"] == "idle" {
            break;
        }
        assert!(Instant::now() < deadline, "{folder}");
        tokio::time::sleep(GLANCE).await;
    }
    let months = home.ada().get("/timeline").await;
    assert_eq!(months["total"], 200, "none twice: {months}");
}

async fn files_appear_in_the_library_of_their_owner(database: Database) {
    let home = Home::on(database).await;
    home.lay("sea.jpg", "photos/blue-sea.jpg");
    let wish = json!({"email": "bob@example.org", "password": PASSWORD, "roles": ["user"]});
    let bob = home.ada().post("/users", &wish, 201).await;
    let wish = json!({"path": home.path(), "owner_id": bob["id"]});
    let made = home.ada().post("/folders", &wish, 201).await;
    assert_eq!(made["owner"]["id"], bob["id"]);
    home.looked_through(word(&made["id"])).await;
    assert_eq!(items(&home.ada().get("/assets").await).len(), 0);
    let body = json!({"email": "bob@example.org", "password": PASSWORD, "session": "token"});
    let session = home.vault.stranger().post("/auth/login", &body, 200).await;
    let bob = home
        .vault
        .stranger()
        .with_token(word(&session["access_token"]));
    let his = bob.get("/assets").await;
    assert_eq!(items(&his).len(), 1);
    let id = word(&items(&his)[0]["id"]);
    let places = format!("/assets/{id}/places");
    assert_eq!(items(&bob.get(&places).await).len(), 1);
    home.ada()
        .refused(home.ada().request(Method::GET, &places), 404)
        .await;
    bob.refused(bob.request(Method::GET, "/folders"), 403).await;
    let other = home.disk.path().join("other");
    fs::create_dir(&other).expect("a folder");
    let nobody = json!({"path": other, "owner_id": "01900000-0000-7000-8000-000000000000"});
    let request = home.ada().request(Method::POST, "/folders").json(&nobody);
    assert_eq!(home.ada().refused(request, 400).await["field"], "owner_id");
}
