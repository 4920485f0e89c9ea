//! `mediavault import takeout`, with archives made here.

use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use serde_json::{Value, json};
use testkit::fixtures;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::cli::{Desk, code, errors, lines};

const ROOT: &str = "Takeout/Google Photos";

fn photo(name: &str) -> Vec<u8> {
    fixtures::named(&format!("photos/{name}")).bytes()
}

fn known(title: &str, more: Value) -> Vec<u8> {
    let mut text = json!({"title": title, "photoTakenTime": {"timestamp": "1500000000"}});
    for (field, value) in more.as_object().expect("an object") {
        text[field] = value.clone();
    }
    text.to_string().into_bytes()
}

fn archive(desk: &Desk, name: &str, files: &[(&str, Vec<u8>)]) -> PathBuf {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(format!("{ROOT}/{path}"), SimpleFileOptions::default())
            .expect("a file");
        zip.write_all(bytes).expect("written");
    }
    let path = desk.folder("takeout").join(name);
    let bytes = zip.finish().expect("an archive").into_inner();
    std::fs::write(&path, bytes).expect("written");
    path
}

/// Two parts: a photograph whose JSON lies in the other part, one in a year and in an album, one in
/// the trash, one without JSON.
fn export(desk: &Desk) -> Vec<PathBuf> {
    let first = archive(
        desk,
        "takeout-001.zip",
        &[
            ("Photos from 2017/harbour.jpg", photo("harbour.jpg")),
            ("Photos from 2017/daisy.jpg", photo("daisy.jpg")),
            (
                "Photos from 2017/daisy.jpg.supplemental-metadata.json",
                known(
                    "daisy.jpg",
                    json!({"description": "In the garden", "favorited": true}),
                ),
            ),
            ("Photos from 2017/summit.jpg", photo("summit.jpg")),
            (
                "Photos from 2017/summit.jpg.json",
                known("summit.jpg", json!({"trashed": true})),
            ),
            ("Photos from 2017/blue-sea.jpg", photo("blue-sea.jpg")),
        ],
    );
    let second = archive(
        desk,
        "takeout-002.zip",
        &[
            (
                "Photos from 2017/harbour.jpg.json",
                known(
                    "Harbour & sea.jpg",
                    json!({"archived": true, "geoData": {"latitude": 1.5, "longitude": 2.5}}),
                ),
            ),
            (
                "Garden/metadata.json",
                br#"{"title": "Garden: 2017", "description": "Ours", "access": "protected"}"#
                    .to_vec(),
            ),
            ("Garden/daisy.jpg", photo("daisy.jpg")),
        ],
    );
    vec![second, first]
}

fn outcome(report: &Value, path: &str) -> (String, String) {
    let files = report["files"].as_array().expect("files");
    let line = files
        .iter()
        .find(|line| line["path"] == format!("{ROOT}/{path}"))
        .unwrap_or_else(|| panic!("{path} is not in {report:#}"));
    let word = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
    (word("outcome"), word("reason"))
}

#[tokio::test]
async fn an_export_comes_in_with_what_was_known_of_it() {
    let desk = Desk::new().await;
    let parts = export(&desk);
    let report = desk.folder("out").join("report.json");
    let (a, b, r) = (
        parts[0].to_str().expect("UTF-8"),
        parts[1].to_str().expect("UTF-8"),
        report.to_str().expect("UTF-8"),
    );
    let read = || -> Value {
        serde_json::from_slice(&std::fs::read(&report).expect("a report")).expect("JSON")
    };
    let import = ["import", "takeout", a, b, "--json", "--report", r];

    let dry = desk.run(&[&import[..], &["--dry-run"]].concat());
    assert_eq!(code(&dry), 0, "{dry:?}");
    let told = read();
    assert_eq!(told["summary"]["would_upload"], 3, "{told:#}");
    assert_eq!(
        told["files"].as_array().map(Vec::len),
        Some(9),
        "every file is explained"
    );
    assert_eq!(desk.vault.client().get("/assets").await["items"], json!([]));

    let done = desk.run(&import);
    assert_eq!(code(&done), 0, "{done:?}");
    let told = read();
    assert_eq!(told["summary"]["uploaded"], 3, "{told:#}");
    assert_eq!(outcome(&told, "Garden/daisy.jpg").0, "duplicate");
    assert_eq!(
        outcome(&told, "Photos from 2017/harbour.jpg.json").0,
        "joined"
    );
    let (left, why) = outcome(&told, "Photos from 2017/summit.jpg");
    assert!(left == "skipped" && why.contains("--trashed"), "{why}");
    assert_eq!(
        lines(&done).last().expect("a summary")["summary"]["failed"],
        0
    );

    let client = desk.vault.client();
    let daisy = client.get("/assets?q=daisy").await["items"][0].clone();
    assert_eq!(daisy["description"], "In the garden");
    assert_eq!(
        (&daisy["favourite"], &daisy["title"]),
        (&json!(true), &Value::Null)
    );
    let file = told["files"]
        .as_array()
        .and_then(|files| {
            files
                .iter()
                .find(|file| file["path"] == format!("{ROOT}/Photos from 2017/harbour.jpg"))
        })
        .expect("its line");
    let harbour = client
        .settled(file["asset_id"].as_str().expect("an id"))
        .await;
    assert_eq!(harbour["file_name"], "Harbour & sea.jpg");
    assert_eq!(
        (&harbour["archived"], &harbour["location"]["lat"]),
        (&json!(true), &json!(1.5))
    );
    // Google's moment is another than the camera's: somebody had corrected it there.
    assert_eq!(harbour["captured_at"]["utc"], "2017-07-14T02:40:00Z");

    let albums = client.get("/collections").await;
    let garden = &albums["items"][0];
    assert_eq!(
        (&garden["name"], &garden["description"]),
        (&json!("Garden: 2017"), &json!("Ours"))
    );
    assert_eq!(garden["count"], 1, "{albums:#}");

    // Running it again sends nothing, and brings along what was left out before.
    let again = desk.run(&[&import[..], &["--trashed"]].concat());
    assert_eq!(code(&again), 0, "{again:?}");
    let told = read();
    assert_eq!(
        (&told["summary"]["uploaded"], &told["summary"]["duplicate"]),
        (&json!(1), &json!(4))
    );
    let albums = client.get("/collections").await;
    assert_eq!(
        albums["items"].as_array().map(Vec::len),
        Some(1),
        "{albums:#}"
    );
    let trash = client.get("/assets?trashed=true").await;
    assert_eq!(trash["items"][0]["file_name"], "summit.jpg", "{trash:#}");
}

#[tokio::test]
async fn a_live_photo_stays_whole() {
    let desk = Desk::new().await;
    let movie = [b"\0\0\0\x14ftypisom\0\0\x02\0isom".as_slice(), &[0; 64]].concat();
    let part = archive(
        &desk,
        "live.zip",
        &[
            ("Photos from 2017/IMG_1.jpg", photo("harbour.jpg")),
            ("Photos from 2017/IMG_1.MP4", movie.clone()),
            (
                "Photos from 2017/IMG_1.jpg.json",
                known("IMG_1.jpg", json!({})),
            ),
        ],
    );
    let client = desk.vault.client();
    // The photograph alone had been sent before.
    let there = client.upload("IMG_1.jpg", photo("harbour.jpg")).await;
    let import = ["import", "takeout", part.to_str().expect("UTF-8"), "--json"];
    for _ in 0..2 {
        let done = desk.run(&import);
        assert_eq!(code(&done), 0, "{done:?}");
        let files = client.get(&format!("/assets/{}/files", there.id())).await;
        let roles: Vec<&str> = files["items"]
            .as_array()
            .expect("files")
            .iter()
            .filter_map(|file| file["role"].as_str())
            .collect();
        assert!(roles.len() == 2 && roles.contains(&"motion"), "{roles:?}");
    }
    assert_eq!(
        client.get("/assets").await["items"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );

    // Both in one form; a picture is no moving part.
    let form = |motion: Vec<u8>| {
        let file = reqwest::multipart::Part::bytes(photo("daisy.jpg")).file_name("b.jpg");
        let motion = reqwest::multipart::Part::bytes(motion).file_name("b.mp4");
        reqwest::multipart::Form::new()
            .part("file", file)
            .part("motion", motion)
    };
    let post = || client.request(reqwest::Method::POST, "/assets");
    client
        .refused(post().multipart(form(photo("summit.jpg"))), 415)
        .await;
    let answer = post()
        .multipart(form(movie))
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        answer.status(),
        200,
        "the file was kept when its companion was refused"
    );
    let alone = reqwest::multipart::Form::new().text("motion", "x");
    client.refused(post().multipart(alone), 400).await;
}

#[tokio::test]
async fn a_report_names_every_file_also_when_an_archive_is_broken() {
    let desk = Desk::new().await;
    let mut parts = export(&desk);
    let broken = desk.folder("takeout").join("takeout-003.zip");
    let bytes = std::fs::read(&parts[0]).expect("a part");
    std::fs::write(&broken, &bytes[..bytes.len() / 2]).expect("written");
    parts.push(broken.clone());
    let report = desk.folder("out").join("report.csv");
    let mut args = vec![
        "import",
        "takeout",
        "--no-albums",
        "--report",
        report.to_str().expect("UTF-8"),
    ];
    args.extend(parts.iter().map(|part| part.to_str().expect("UTF-8")));
    let done = desk.run(&args);
    assert_eq!(code(&done), 1, "something is missing: {done:?}");
    assert!(
        errors(&done).contains("takeout-003.zip"),
        "{}",
        errors(&done)
    );
    let text = std::fs::read_to_string(&report).expect("a report");
    assert_eq!(text.lines().count(), 1 + 9 + 1, "{text}");
    assert!(
        text.contains("Garden: 2017") && text.contains("takeout-003.zip"),
        "{text}"
    );

    let wrong = desk.run(&["import", "takeout", "a.zip", "--report", "report.txt"]);
    assert_eq!(code(&wrong), 2);
}
