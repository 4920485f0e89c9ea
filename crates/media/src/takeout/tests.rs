//! What Takeout has been seen to write, and a small Takeout of our own that writes at random.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use proptest::prelude::{Just, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::{File, Note, Plan, Reason, Sidecar, folder, plan};

/// An export from paths, and JSON as path and text.
fn read(media: &[&str], json: &[(&str, &str)]) -> Plan {
    let paths = media
        .iter()
        .copied()
        .chain(json.iter().map(|(path, _)| *path));
    let files: Vec<File> = paths
        .map(|path| File {
            path: path.to_owned(),
            size: 1,
        })
        .collect();
    let sidecars: Vec<Sidecar> = json
        .iter()
        .map(|(path, text)| Sidecar {
            path: (*path).to_owned(),
            note: Note::read(text),
        })
        .collect();
    plan(&files, &sidecars)
}

fn text(title: &str, seconds: i64) -> String {
    format!(r#"{{"title": {title:?}, "photoTakenTime": {{"timestamp": "{seconds}"}}}}"#)
}

/// Which JSON each file got.
fn pairs(media: &[&str], json: &[&str]) -> BTreeMap<String, Option<String>> {
    let texts: Vec<(String, String)> = json
        .iter()
        .enumerate()
        .map(|(at, path)| ((*path).to_owned(), text("", 1_500_000_000 + at as i64)))
        .collect();
    let json: Vec<(&str, &str)> = texts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let items = read(media, &json).items;
    items
        .into_iter()
        .map(|item| (item.path, item.sidecar))
        .collect()
}

/// Every line of the table as one folder: the file's JSON is found by name alone.
#[test]
fn json_is_found_by_every_name_takeout_gives_it() {
    let seen = [
        ("IMG_1234.jpg", "IMG_1234.jpg.json"),
        ("IMG_1234.jpg", "IMG_1234.jpg.supplemental-metadata.json"),
        ("IMG_1234.JPG", "IMG_1234.JPG.supplemental-metad.json"),
        ("IMG_1234(1).jpg", "IMG_1234.jpg(1).json"),
        (
            "IMG_1234(2).jpg",
            "IMG_1234.jpg.supplemental-metadata(2).json",
        ),
        ("IMG_1234(1).jpg", "IMG_1234(1).jpg.json"),
        (
            "PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGINAL.jpg",
            "PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGINA.json",
        ),
        (
            "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P.jpg",
            "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json",
        ),
        (
            "Backyard_ceremony_wedding_photography_xxxxxxx_m(494).jpg",
            "Backyard_ceremony_wedding_photography_xxxxxxx_(494).json",
        ),
        (
            "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P(1).jpg",
            "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json",
        ),
        (
            "Screenshot_20190919-053857743_x.jpg",
            "Screenshot_20190919-053857743_x.jpg.supplement.json",
        ),
        ("2019-01-01 12.00.00.jpg", "2019-01-01 12.00.00.jpg..json"),
    ];
    for (file, json) in seen {
        assert_eq!(
            pairs(&[file], &[json])[file].as_deref(),
            Some(json),
            "{file} and {json}"
        );
    }
}

#[test]
fn numbers_move_and_do_not_mix() {
    let media = ["a/IMG.jpg", "a/IMG(1).jpg", "a/IMG(2).jpg", "b/IMG(1).jpg"];
    let json = ["a/IMG.jpg.json", "a/IMG.jpg(1).json", "a/IMG.jpg(2).json"];
    let found = pairs(&media, &json);
    assert_eq!(found["a/IMG.jpg"].as_deref(), Some("a/IMG.jpg.json"));
    assert_eq!(found["a/IMG(1).jpg"].as_deref(), Some("a/IMG.jpg(1).json"));
    assert_eq!(found["a/IMG(2).jpg"].as_deref(), Some("a/IMG.jpg(2).json"));
    assert_eq!(
        found["b/IMG(1).jpg"], None,
        "another folder's JSON is no one else's"
    );
}

#[test]
fn an_edited_copy_is_told_by_its_originals_json() {
    for mark in [
        "-edited",
        "-bearbeitet",
        "-modifié",
        "-編集済み",
        "-ha editado",
    ] {
        let copy = format!("IMG_1{mark}.jpg");
        let found = pairs(&["IMG_1.jpg", &copy], &["IMG_1.jpg.json"]);
        assert_eq!(found[&copy].as_deref(), Some("IMG_1.jpg.json"), "{copy}");
        let copy = format!("IMG_1{mark}(1).jpg");
        let found = pairs(
            &["IMG_1(1).HEIC", &copy],
            &["IMG_1.HEIC.supplemental-metadata(1).json"],
        );
        assert!(found[&copy].is_some(), "{copy}");
    }
    let found = pairs(&["my-editedx.jpg"], &["my.jpg.json"]);
    assert_eq!(found["my-editedx.jpg"], None);
}

#[test]
fn a_live_photo_is_one_item_and_an_own_video_is_not() {
    let live = read(
        &[
            "IMG_1.HEIC",
            "IMG_1.MP4",
            "IMG_2.HEIC",
            "IMG_2.MP4",
            "PXL_3.MP.jpg",
            "PXL_3.MP",
        ],
        &[
            ("IMG_1.HEIC.json", &text("IMG_1.HEIC", 1)),
            ("IMG_2.HEIC.json", &text("IMG_2.HEIC", 2)),
            ("IMG_2.MP4.json", &text("IMG_2.MP4", 3)),
            ("PXL_3.MP.jpg.json", &text("PXL_3.MP.jpg", 4)),
        ],
    );
    let motions: Vec<(&str, Option<&str>)> = live
        .items
        .iter()
        .map(|item| (item.path.as_str(), item.motion.as_deref()))
        .collect();
    let expected = [
        ("IMG_1.HEIC", Some("IMG_1.MP4")),
        ("IMG_2.HEIC", None),
        ("IMG_2.MP4", None),
        ("PXL_3.MP.jpg", Some("PXL_3.MP")),
    ];
    assert_eq!(motions, expected);
}

#[test]
fn a_moving_part_whose_photo_is_missing_keeps_the_photos_json() {
    let found = pairs(&["IMG_1.MP4"], &["IMG_1.HEIC.json"]);
    assert_eq!(found["IMG_1.MP4"].as_deref(), Some("IMG_1.HEIC.json"));
}

#[test]
fn names_cut_alike_are_told_apart_by_title() {
    let stem = "a".repeat(46);
    let (x, y) = (format!("{stem}X.jpg"), format!("{stem}Y.jpg"));
    let (first, second) = (format!("{stem}.json"), format!("{stem}(1).json"));
    let found = read(
        &[&x, &y],
        &[
            (&first, &text(&format!("{stem}Y and more.jpg"), 2)),
            (&second, &text(&format!("{stem}X and more.jpg"), 1)),
        ],
    );
    assert_eq!(found.items[0].sidecar.as_deref(), Some(second.as_str()));
    assert_eq!(found.items[0].file_name, format!("{stem}X and more.jpg"));
    assert_eq!(found.items[1].sidecar.as_deref(), Some(first.as_str()));
}

#[test]
fn what_google_knew_is_read_and_zero_is_nothing() {
    let full = r#"{"title": "Harbour & sea.jpg", "description": "At the\u0000 harbour ",
        "photoTakenTime": {"timestamp": "1564000000", "formatted": "24 July 2019"},
        "geoData": {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0},
        "geoDataExif": {"latitude": 54.32, "longitude": 10.13, "altitude": 3.0},
        "people": [{"name": "Ada"}], "favorited": true, "archived": true, "trashed": true}"#;
    let found = read(&["Harbour _ sea.jpg"], &[("Harbour _ sea.jpg.json", full)]);
    let item = &found.items[0];
    assert_eq!(item.file_name, "Harbour & sea.jpg");
    assert_eq!(item.photo.description.as_deref(), Some("At the harbour"));
    assert_eq!(
        item.photo.taken,
        Some(Timestamp::from_millis(1_564_000_000_000))
    );
    let place = item.photo.place.as_ref().expect("a place");
    assert_eq!(
        (place.lat, place.lon, place.altitude),
        (54.32, 10.13, Some(3.0))
    );
    assert!(item.photo.favourite && item.photo.archived && item.photo.trashed);

    let bare = r#"{"title": "", "description": "", "photoTakenTime": {"timestamp": "0"},
        "geoData": {"latitude": 0.0, "longitude": 0.0}, "favorited": "yes"}"#;
    let found = read(&["a.jpg"], &[("a.jpg.json", bare)]);
    assert_eq!(found.items[0].photo, super::Photo::default());
    assert_eq!(found.items[0].reason, None);
}

#[test]
fn folders_with_a_title_are_albums_and_years_are_not() {
    let root = "Takeout/Google Photos";
    let (year, trip) = (format!("{root}/Photos from 2019"), format!("{root}/Kiel"));
    let one = text("a.jpg", 5);
    let found = read(
        &[
            &format!("{year}/a.jpg"),
            &format!("{year}/b.jpg"),
            &format!("{trip}/a.jpg"),
            "Takeout/Drive/c.jpg",
            "Takeout/archive_browser.html",
        ],
        &[
            (
                &format!("{year}/metadata.json"),
                r#"{"title": "Photos from 2019", "description": ""}"#,
            ),
            (&format!("{year}/a.jpg.json"), &one),
            (&format!("{year}/b.jpg.json"), &text("b.jpg", 6)),
            (
                &format!("{trip}/metadata.json"),
                r#"{"title": "Kiel: week", "description": "Sailing", "access": "protected"}"#,
            ),
            (&format!("{trip}/a.jpg.json"), &one),
            // The photo itself lies only in its year.
            (&format!("{trip}/b.jpg.json"), &text("b.jpg", 6)),
            (&format!("{root}/print-subscriptions.json"), "{}"),
            (&format!("{root}/broken.json"), "{"),
        ],
    );
    let albums: Vec<_> = found
        .albums
        .iter()
        .map(|album| (album.name.as_str(), album.paths.len()))
        .collect();
    assert_eq!(albums, [("Kiel: week", 2)]);
    assert_eq!(found.albums[0].description.as_deref(), Some("Sailing"));
    let reasons: BTreeMap<&str, Reason> = found
        .ignored
        .iter()
        .map(|file| (file.path.rsplit('/').next().unwrap_or(""), file.reason))
        .collect();
    assert_eq!(reasons["c.jpg"], Reason::OtherProduct);
    assert_eq!(reasons["archive_browser.html"], Reason::OtherProduct);
    assert_eq!(reasons["print-subscriptions.json"], Reason::OtherJson);
    assert_eq!(reasons["broken.json"], Reason::Unreadable);
    assert!(
        found
            .ignored
            .iter()
            .any(|file| file.reason == Reason::AlbumEntry)
    );
}

#[test]
fn years_are_known_in_many_languages() {
    for year in [
        "Photos from 2019",
        "Fotos von 2019",
        "Photos de 2019",
        "Foto's uit 2019",
        "2019 年の写真",
        "2019 年的照片",
        "Zdjęcia z 2019",
    ] {
        assert!(folder::is_year(year), "{year}");
    }
    for album in [
        "Italy 2019",
        "2019",
        "Photos from 2019 and 2020",
        "Fotos von Oma",
    ] {
        assert!(!folder::is_year(album), "{album}");
    }
}

#[test]
fn json_without_its_file_is_said() {
    let found = read(&[], &[("a.jpg.json", &text("a.jpg", 1))]);
    assert_eq!(found.ignored[0].reason, Reason::NoMedia);
    let found = read(&["notes.txt"], &[]);
    assert_eq!(found.ignored[0].reason, Reason::NotMedia);
}

/// Something that was in Google Photos.
#[derive(Debug, Clone)]
struct Kept {
    stem: String,
    ending: &'static str,
    edited: Option<&'static str>,
    live: bool,
}

fn kept() -> impl Strategy<Value = Kept> {
    let stem = prop_oneof![
        "[a-c]{1,3}",
        "[a-b ]{1,2}x[a-c]{36,60}",
        "IMG_[0-9]{2}",
        "\u{fc}[\u{e4}\u{1f600}]{1,40}"
    ];
    let ending = prop_oneof![Just(".jpg"), Just(".HEIC"), Just(".png")];
    let edited = prop_oneof![Just(None), Just(Some("-edited")), Just(Some("-bearbeitet"))];
    (stem, ending, edited, proptest::bool::ANY).prop_map(|(stem, ending, edited, live)| Kept {
        stem,
        ending,
        edited,
        live,
    })
}

/// What is written of a library: media paths with the time that is right for them, JSON with texts.
struct Written {
    media: BTreeMap<String, i64>,
    json: BTreeMap<String, String>,
}

/// Writes as Takeout does: names cut, equal names numbered, JSON named after the cut name.
fn write(library: &[Kept], supplement: bool) -> Written {
    let mut written = Written {
        media: BTreeMap::new(),
        json: BTreeMap::new(),
    };
    let mut names: BTreeMap<String, u32> = BTreeMap::new();
    let mut jsons: BTreeSet<String> = BTreeSet::new();
    for (at, kept) in library.iter().enumerate() {
        let seconds = 1_000_000_000 + at as i64;
        let title = format!("{}{}", kept.stem, kept.ending);
        let stem = cut(&kept.stem, 47);
        let count = names
            .entry(format!("{stem}{}", kept.ending).to_lowercase())
            .or_default();
        let number = if *count == 0 {
            String::new()
        } else {
            format!("({count})")
        };
        *count += 1;
        let tail = if supplement {
            ".supplemental-metadata"
        } else {
            ""
        };
        let base = cut(&format!("{title}{tail}"), 46);
        let json = format!("{base}{number}.json");
        if !jsons.insert(json.to_lowercase()) {
            // Two long names that are cut alike; told apart by title, which another test holds.
            continue;
        }
        written.json.insert(json, text(&title, seconds));
        written
            .media
            .insert(format!("{stem}{number}{}", kept.ending), seconds);
        let roomy = kept.stem.encode_utf16().count() < 34;
        if let Some(mark) = kept.edited.filter(|_| roomy) {
            written
                .media
                .insert(format!("{stem}{mark}{number}{}", kept.ending), seconds);
        }
        if kept.live && kept.ending == ".HEIC" {
            written.media.insert(format!("{stem}{number}.MP4"), seconds);
        }
    }
    written
}

fn cut(text: &str, most: usize) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= most
        })
        .collect()
}

proptest! {
    /// Whatever Takeout writes of a library, every file gets the time that was its own.
    #[test]
    fn every_file_finds_its_own_json(library in proptest::collection::vec(kept(), 1..12), supplement: bool) {
        let written = write(&library, supplement);
        let media: Vec<&str> = written.media.keys().map(String::as_str).collect();
        let json: Vec<(&str, &str)> = written.json.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let found = read(&media, &json);
        for item in &found.items {
            let taken = item.photo.taken.map(Timestamp::seconds);
            prop_assert_eq!(taken, written.media.get(&item.path).copied(), "{} of {:?}", item.path, written.json.keys());
        }
    }

    /// No file is lost or told twice, and the order in which archives are given does not matter.
    #[test]
    fn every_file_is_explained_once_in_any_order(
        names in proptest::collection::btree_set("(Takeout/)?(Google Photos/)?(Photos from 2019/|A/|B/)?[ab]{1,2}(-edited)?(\\([12]\\))?\\.(jpg|MP4|HEIC|jpg\\.json|json|txt)", 0..20),
        seed in 0_usize..7,
    ) {
        let texts = [text("a.jpg", 1), text("b.HEIC", 2), r#"{"title": "A", "description": ""}"#.to_owned(), "{".to_owned(), "[]".to_owned()];
        let names: Vec<String> = names.into_iter().collect();
        let (json, media): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| name.ends_with(".json"));
        let media: Vec<&str> = media.into_iter().map(String::as_str).collect();
        let json: Vec<(&str, &str)> = json.into_iter().enumerate().map(|(at, name)| (name.as_str(), texts[(at + seed) % texts.len()].as_str())).collect();
        let found = read(&media, &json);
        let mut told: Vec<&str> = found.items.iter().flat_map(|item| std::iter::once(item.path.as_str()).chain(item.motion.as_deref())).collect();
        told.extend(found.ignored.iter().map(|file| file.path.as_str()));
        told.sort_unstable();
        let expected: Vec<&str> = names.iter().map(String::as_str).collect();
        prop_assert_eq!(told, expected);

        let (mut back_media, mut back_json) = (media.clone(), json.clone());
        back_media.reverse();
        back_json.reverse();
        prop_assert!(read(&back_media, &back_json) == found, "order matters");
    }

    /// Any text is read without falling over.
    #[test]
    fn any_text_is_a_note(text in ".{0,200}") {
        let _ = Note::read(&text);
    }
}
