//! The command line against a running vault.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{Database, EMAIL, PASSWORD, Vault, fixtures};

use crate::vault;

/// A running vault and somebody's home with a stored key for it.
pub(crate) struct Desk {
    pub(crate) vault: Vault,
    pub(crate) home: TempDir,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        Self::on(Database::Sqlite).await
    }

    /// The same with its vault on this database.
    pub(crate) async fn on(database: Database) -> Self {
        let desk = Self {
            vault: vault().database(database).start().await,
            home: tempfile::tempdir().expect("a home"),
        };
        let login = desk.run_with_input(
            &["login", desk.vault.url(), "--email", EMAIL],
            &format!("{PASSWORD}\n"),
        );
        assert!(login.status.success(), "{login:?}");
        desk
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mediavault"));
        command
            .args(args)
            .env_clear()
            .env("HOME", self.home.path())
            .env("XDG_CONFIG_HOME", self.home.path());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the program runs")
    }

    fn run_with_input(&self, args: &[&str], input: &str) -> Output {
        let mut command = self.command(args);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut stdin = child.stdin.take().expect("its input");
        stdin.write_all(input.as_bytes()).expect("written");
        drop(stdin);
        child.wait_with_output().expect("it ends")
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::create_dir_all(&path).expect("the folder");
        path
    }
}

/// The lines of `--json`.
pub(crate) fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect()
}

pub(crate) fn code(output: &Output) -> i32 {
    output
        .status
        .code()
        .unwrap_or_else(|| panic!("ended by a signal: {output:?}"))
}

pub(crate) fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// Puts three photographs and a hidden file into a folder.
fn some_photos(folder: &Path) -> Vec<PathBuf> {
    std::fs::write(folder.join(".hidden.jpg"), "x").expect("written");
    ["harbour.jpg", "daisy.jpg", "summit.jpg"]
        .iter()
        .map(|name| {
            let path = folder.join(name);
            std::fs::write(&path, fixtures::named(&format!("photos/{name}")).bytes())
                .expect("written");
            path
        })
        .collect()
}

#[tokio::test]
async fn login_keeps_a_private_key_and_no_password() {
    let desk = Desk::new().await;
    let path = desk.home.path().join("mediavault/credentials.toml");
    let text = std::fs::read_to_string(&path).expect("stored");
    assert!(text.contains("mvk_") && !text.contains(PASSWORD), "{text}");
    assert_eq!(
        path.metadata().expect("there").permissions().mode() & 0o777,
        0o600
    );

    let keys = desk.vault.client().get("/me/keys").await;
    assert_eq!(keys["items"].as_array().map(Vec::len), Some(1));
    let wrong = desk.run_with_input(
        &["login", desk.vault.url(), "--email", EMAIL],
        "not the password\n",
    );
    assert_eq!(code(&wrong), 3, "{wrong:?}");
    assert!(
        errors(&wrong).contains("E-mail or password is wrong"),
        "{wrong:?}"
    );
}

#[tokio::test]
async fn what_is_there_is_not_sent_again() {
    let desk = Desk::new().await;
    let folder = desk.folder("photos");
    let photos = some_photos(&folder);
    std::fs::copy(&photos[0], folder.join("harbour copy.jpg")).expect("copied");
    let folder = folder.to_str().expect("UTF-8");

    let dry = desk.run(&["upload", folder, "--json", "--dry-run"]);
    assert_eq!(
        lines(&dry).last().expect("a summary")["summary"]["would_upload"],
        3
    );
    assert_eq!(desk.vault.client().get("/assets").await["items"], json!([]));

    let first = desk.run(&["upload", folder, "--json"]);
    assert_eq!(code(&first), 0, "{first:?}");
    let summary = lines(&first).pop().expect("a summary");
    let bytes: u64 = photos
        .iter()
        .map(|path| path.metadata().expect("there").len())
        .sum();
    let expected = json!({"uploaded": 3, "duplicate": 1, "would_upload": 0, "joined": 0, "skipped": 1, "failed": 0, "bytes": bytes});
    assert_eq!(summary["summary"], expected);
    assert_eq!(lines(&first).len(), 6, "one line a file and the summary");

    let second = desk.run(&["upload", folder, "--json"]);
    assert_eq!(code(&second), 0);
    assert_eq!(
        lines(&second).last().expect("a summary")["summary"]["duplicate"],
        4
    );
    let uploaded = lines(&first).into_iter().find(|line| {
        line["path"]
            .as_str()
            .is_some_and(|p| p.ends_with("daisy.jpg"))
    });
    let again = lines(&second).into_iter().find(|line| {
        line["path"]
            .as_str()
            .is_some_and(|p| p.ends_with("daisy.jpg"))
    });
    assert_eq!(
        uploaded.expect("a line")["asset_id"],
        again.expect("a line")["asset_id"]
    );
}

#[tokio::test]
async fn what_belongs_to_a_photo_stays_with_it_and_albums_are_filled() {
    let desk = Desk::new().await;
    let folder = desk.folder("Kiel week");
    let photo = fixtures::named("photos/harbour.jpg").bytes();
    std::fs::write(folder.join("IMG_1.jpg"), photo).expect("written");
    let send = || {
        desk.run(&[
            "upload",
            folder.to_str().expect("UTF-8"),
            "--album",
            "--json",
        ])
    };
    assert_eq!(code(&send()), 0);
    // They turn up later, beside a photograph that is there.
    let movie = [b"\0\0\0\x14ftypqt  \0\0\x02\0qt  ".as_slice(), &[0; 64]].concat();
    std::fs::write(folder.join("IMG_1.mov"), movie).expect("written");
    std::fs::write(
        folder.join("IMG_1.jpg.xmp"),
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>",
    )
    .expect("written");
    for _ in 0..2 {
        let sent = send();
        assert_eq!(code(&sent), 0, "{sent:?}");
        let summary = lines(&sent).pop().expect("a summary");
        assert_eq!(summary["summary"]["joined"], 2, "{summary}");
        let assets = desk.vault.client().get("/assets").await;
        assert_eq!(assets["items"].as_array().map(Vec::len), Some(1));
        let id = assets["items"][0]["id"].as_str().expect("an id");
        let files = desk
            .vault
            .client()
            .get(&format!("/assets/{id}/files"))
            .await;
        assert_eq!(
            files["items"].as_array().map(Vec::len),
            Some(3),
            "{files:#}"
        );
    }
    let albums = desk.vault.client().get("/collections").await;
    assert_eq!(
        (&albums["items"][0]["name"], &albums["items"][0]["count"]),
        (&json!("Kiel week"), &json!(1))
    );
}

#[tokio::test]
async fn originals_come_back_byte_for_byte() {
    let desk = Desk::new().await;
    let photos = some_photos(&desk.folder("photos"));
    assert_eq!(
        code(&desk.run(&["upload", desk.folder("photos").to_str().expect("UTF-8")])),
        0
    );

    let out = desk.folder("out");
    let out = out.to_str().expect("UTF-8");
    let got = desk.run(&["get", "type:image", "-o", out, "--json"]);
    assert_eq!(code(&got), 0, "{got:?}");
    assert!(lines(&got).iter().all(|line| line["outcome"] == "saved"));
    for photo in &photos {
        let copy = Path::new(out).join(photo.file_name().expect("a name"));
        assert_eq!(
            std::fs::read(copy).expect("saved"),
            std::fs::read(photo).expect("there")
        );
    }
    let again = desk.run(&["get", "type:image", "-o", out, "--json"]);
    assert!(
        lines(&again).iter().all(|line| line["outcome"] == "there"),
        "{again:?}"
    );
    assert_eq!(
        std::fs::read_dir(out).expect("the folder").count(),
        photos.len()
    );
}

#[tokio::test]
async fn a_broken_download_goes_on_where_it_stopped() {
    let desk = Desk::new().await;
    let photo = fixtures::named("photos/harbour.jpg");
    let uploaded = desk.vault.client().upload_fixture(&photo).await;
    let out = desk.folder("out");
    let digest = photo.sha256.to_string();
    let part = out.join(format!(".harbour.jpg.{}.part", &digest[..16]));
    let bytes = photo.bytes();
    std::fs::write(&part, &bytes[..bytes.len() / 2]).expect("written");

    let got = desk.run(&["get", uploaded.id(), "-o", out.to_str().expect("UTF-8")]);
    assert_eq!(code(&got), 0, "{got:?}");
    assert_eq!(
        std::fs::read(out.join("harbour.jpg")).expect("saved"),
        bytes
    );
    assert!(!part.exists());

    // A part with wrong bytes cannot become a file.
    std::fs::remove_file(out.join("harbour.jpg")).expect("removed");
    std::fs::write(&part, vec![7; bytes.len() / 2]).expect("written");
    let got = desk.run(&["get", uploaded.id(), "-o", out.to_str().expect("UTF-8")]);
    assert_eq!(code(&got), 1, "{got:?}");
    assert!(!out.join("harbour.jpg").exists() && !part.exists());

    let shown = desk.run(&["get", uploaded.id(), "-o", "-"]);
    assert_eq!(shown.stdout, bytes);
}

#[tokio::test]
async fn listing_and_searching_are_for_people_and_programs() {
    let desk = Desk::new().await;
    let photo = fixtures::named("photos/harbour.jpg");
    let uploaded = desk.vault.client().upload_fixture(&photo).await;
    desk.vault.client().settled(uploaded.id()).await;

    let table = String::from_utf8(desk.run(&["ls"]).stdout).expect("UTF-8");
    assert!(
        table.starts_with("ID")
            && table.contains("2024-05-04 20:41")
            && table.contains("harbour.jpg"),
        "{table}"
    );
    let found = lines(&desk.run(&["search", "camera:M1 after:2024-05", "--json"]));
    assert_eq!(found[0]["id"], uploaded.id());
    assert_eq!(found[0]["sha256"], photo.sha256.to_string());
    assert!(
        desk.run(&["search", "after:2025", "--json"])
            .stdout
            .is_empty()
    );

    let wrong = desk.run(&["search", "after:soon"]);
    assert_eq!(code(&wrong), 1);
    assert!(errors(&wrong).contains("YYYY"), "{wrong:?}");
}

#[tokio::test]
async fn exit_codes_say_what_kind_of_failure_it_was() {
    let desk = Desk::new().await;
    assert_eq!(code(&desk.run(&["upload", "--no-such-flag"])), 2);
    assert_eq!(code(&desk.run(&["upload", "/nowhere/photo.jpg"])), 1);
    assert_eq!(
        code(&desk.run(&["ls", "--url", desk.vault.url(), "--key", "mvk_wrong"])),
        3
    );
    assert_eq!(
        code(&desk.run(&["ls", "--url", "http://127.0.0.1:9", "--key", "mvk_any"])),
        3
    );
    // The stored key is for its own vault: to another one it is not sent.
    assert_eq!(code(&desk.run(&["ls", "--url", "http://127.0.0.1:9"])), 2);
    assert_eq!(code(&desk.run(&["--version"])), 0);
}

#[test]
fn documents_are_printed_without_a_vault() {
    let run = |args: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_mediavault"))
            .args(args)
            .output()
            .expect("it runs")
    };
    let api: Value = serde_json::from_slice(&run(&["openapi"]).stdout).expect("JSON");
    assert!(
        api["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1")),
        "{}",
        api["openapi"]
    );
    for shell in ["bash", "zsh", "fish"] {
        assert!(!run(&["completions", shell]).stdout.is_empty(), "{shell}");
    }
}

#[tokio::test]
async fn a_watched_folder_is_uploaded_as_it_grows() {
    let mut desk = Desk::new().await;
    let folder = desk.folder("camera");
    let lay = |name: &str, fixture: &str| {
        let bytes = fixtures::named(fixture).bytes();
        std::fs::write(folder.join(name), bytes).expect("the file");
    };
    lay("there.jpg", "photos/blue-sea.jpg");
    let path = folder.to_str().expect("UTF-8");
    let mut watching = desk
        .command(&["upload", "--watch", "--json", "--album=Camera", path])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    in_the_vault(&desk, &["there.jpg"]).await;
    lay("new.jpg", "photos/daisy.jpg");
    std::fs::create_dir(folder.join("later")).expect("a folder");
    lay("later/deep.jpg", "photos/harbour.jpg");
    lay(".hidden.jpg", "photos/fjord.jpg");
    in_the_vault(&desk, &["deep.jpg", "new.jpg", "there.jpg"]).await;

    // While the vault is away, files wait.
    desk.vault.kill();
    lay("away.jpg", "photos/summit.jpg");
    std::fs::rename(folder.join("new.jpg"), folder.join("renamed.jpg")).expect("it moves");
    desk.vault.restart().await;
    in_the_vault(&desk, &["away.jpg", "deep.jpg", "new.jpg", "there.jpg"]).await;
    let albums = desk.vault.client().get("/collections").await;
    assert_eq!(albums["items"][0]["name"], "Camera");

    let pid = rustix::process::Pid::from_child(&watching);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("SIGTERM");
    let ended = watching.wait().expect("it ends");
    assert!(ended.success(), "{ended}");
    let mut text = String::new();
    let mut out = watching.stdout.take().expect("its output");
    std::io::Read::read_to_string(&mut out, &mut text).expect("UTF-8");
    let last: Value = serde_json::from_str(text.lines().last().expect("a line")).expect("JSON");
    assert_eq!(last["summary"]["uploaded"], 4, "{text}");
    assert_eq!(last["summary"]["failed"], 0, "{text}");
}

/// Waits until the library holds files of these names, and no others.
async fn in_the_vault(desk: &Desk, names: &[&str]) {
    let deadline = std::time::Instant::now() + testkit::PATIENCE;
    loop {
        let page = desk.vault.client().get("/assets?sort=name&order=asc").await;
        let items = page["items"].as_array().expect("items");
        let found: Vec<&str> = items
            .iter()
            .filter_map(|one| one["file_name"].as_str())
            .collect();
        if found == names {
            return;
        }
        assert!(
            std::time::Instant::now() < deadline,
            "{found:?}, not {names:?}"
        );
        tokio::time::sleep(testkit::GLANCE).await;
    }
}
