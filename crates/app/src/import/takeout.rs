//! A Google Takeout: what its files are is told by [`media::takeout`]; here they are read and sent.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use media::takeout::{self, Item, Note, Photo, Reason};
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::albums::{self, Wanted};
use super::bring::{self, Beside, Task};
use super::gather::Export;
use super::report::{Line, Report};
use super::{Plan, archive::Entry};
use crate::client::{Client, ClientError};
use crate::upload::{Fate, Show};

/// An export with what is to be done with it.
struct Read {
    export: Export,
    plan: takeout::Plan,
    /// JSON that could not be read from its archive.
    broken: Vec<(Entry, String)>,
}

/// Brings in an export that lies in these archives. `stop` ends it early; the report then says what
/// was not sent.
///
/// # Errors
/// The vault cannot be reached or denies us; what happened until then is in the report beside it.
pub async fn run(
    client: &Client,
    paths: &[PathBuf],
    plan: &Plan,
    stop: CancellationToken,
) -> (Report, Result<(), ClientError>) {
    let paths = paths.to_owned();
    let read = tokio::task::spawn_blocking(move || Read::from(&paths)).await;
    let mut report = Report::default();
    let Ok(read) = read else {
        // It panicked, and has said so.
        let what = "the archives could not be read".to_owned();
        return (report, Err(ClientError::Usage(what)));
    };
    let Read {
        export,
        plan: found,
        broken,
    } = read;
    let mut lines = lines_of(&export, &found, &broken, plan);
    let tasks = tasks(&export, &found, &lines);
    let total = tasks.iter().map(|task| task.entry.size).sum();
    let show = Show::new(plan.style, plan.verbose, tasks.len(), total);
    let export = Arc::new(export);
    let outcome = bring::run(
        client,
        &export,
        tasks,
        plan,
        &show,
        &stop,
        |(path, fate)| {
            show.fate(std::path::Path::new(&path), &fate);
            if let Some(line) = lines.get_mut(&path) {
                line.fate = fate;
            }
        },
    )
    .await;
    let assets = assets(&lines);
    if plan.albums && !plan.dry_run && outcome.is_ok() && !stop.is_cancelled() {
        report.albums = albums::make(client, wanted(&found, &assets)).await;
    }
    show.finish();
    for line in lines.into_values() {
        report.add(line);
    }
    for left in &export.left {
        let fate = if left.lost {
            Fate::Failed {
                reason: left.reason.clone(),
            }
        } else {
            Fate::Skipped(left.reason.clone())
        };
        report.add(Line {
            archive: left.archive.clone(),
            ..line(&left.path, fate)
        });
    }
    (report, outcome)
}

impl Read {
    fn from(paths: &[PathBuf]) -> Self {
        let export = Export::open(paths);
        let (mut sidecars, mut broken) = (Vec::new(), Vec::new());
        for (path, entry) in &export.entries {
            if !path.to_lowercase().ends_with(".json") {
                continue;
            }
            match export.archive(entry).read_all(entry, takeout::MAX_NOTE) {
                Ok(bytes) => sidecars.push(takeout::Sidecar {
                    path: path.clone(),
                    note: Note::read(&String::from_utf8_lossy(&bytes)),
                }),
                Err(error) => broken.push((entry.clone(), error.to_string())),
            }
        }
        let files: Vec<takeout::File> = export
            .entries
            .values()
            .map(|entry| takeout::File {
                path: entry.path.clone(),
                size: entry.size,
            })
            .collect();
        let plan = takeout::plan(&files, &sidecars);
        Self {
            export,
            plan,
            broken,
        }
    }
}

fn line(path: &str, fate: Fate) -> Line {
    Line {
        path: path.to_owned(),
        archive: PathBuf::new(),
        fate,
        sidecar: None,
        motion: None,
        albums: Vec::new(),
        note: None,
    }
}

/// One line for every file, with its fate as long as nobody has carried it out.
fn lines_of(
    export: &Export,
    found: &takeout::Plan,
    broken: &[(Entry, String)],
    plan: &Plan,
) -> BTreeMap<String, Line> {
    let waiting = || Fate::Skipped("not sent: the import was stopped before".to_owned());
    let mut lines = BTreeMap::new();
    let mut add = |line: Line| lines.insert(line.path.clone(), line);
    for item in &found.items {
        let left_out = item.photo.trashed && !plan.trashed;
        let fate = if left_out {
            Fate::Skipped("it lay in the trash; --trashed brings it along".to_owned())
        } else {
            waiting()
        };
        if let Some(motion) = &item.motion {
            let with = format!("It is the moving part of {}.", item.path);
            add(line(motion, Fate::Joined(with)));
        }
        add(Line {
            sidecar: item.sidecar.clone(),
            motion: item.motion.clone(),
            note: item.reason.map(|reason| reason.sentence().to_owned()),
            ..line(&item.path, fate)
        });
    }
    for ignored in &found.ignored {
        let reason = ignored.reason.sentence().to_owned();
        let fate = match ignored.reason {
            Reason::Unreadable => Fate::Failed { reason },
            Reason::Applied | Reason::Folder | Reason::AlbumEntry => Fate::Joined(reason),
            _ => Fate::Skipped(reason),
        };
        add(line(&ignored.path, fate));
    }
    for (entry, reason) in broken {
        let reason = format!("its text could not be read: {reason}");
        add(line(&entry.path, Fate::Failed { reason }));
    }
    for album in &found.albums {
        for path in &album.paths {
            if let Some(line) = lines.get_mut(path) {
                line.albums.push(album.name.clone());
            }
        }
    }
    for line in lines.values_mut() {
        if let Some(entry) = export.entries.get(&line.path) {
            line.archive = export.archive(entry).path.clone();
        }
    }
    lines
}

/// What is to be sent. Files with JSON come first: of several with the same bytes the first is sent,
/// and it shall be one of which something is known.
fn tasks(export: &Export, found: &takeout::Plan, lines: &BTreeMap<String, Line>) -> Vec<Task> {
    let entry = |path: &String| export.entries.get(path).cloned();
    let wanted = found
        .items
        .iter()
        .filter(|item| lines.get(&item.path).is_some_and(is_waiting));
    let mut items: Vec<&Item> = wanted.collect();
    items.sort_by_key(|item| (item.sidecar.is_none(), item.motion.is_none()));
    items
        .into_iter()
        .filter_map(|item| {
            Some(Task {
                entry: entry(&item.path)?,
                file_name: item.file_name.clone(),
                metadata: metadata(&item.photo),
                beside: item
                    .motion
                    .as_ref()
                    .and_then(entry)
                    .map(Beside::motion)
                    .into_iter()
                    .collect(),
                earlier: Vec::new(),
                expected: None,
            })
        })
        .collect()
}

fn is_waiting(line: &Line) -> bool {
    matches!(&line.fate, Fate::Skipped(reason) if reason.starts_with("not sent"))
}

/// What the upload is told. Google's title is the file's name and no title.
fn metadata(photo: &Photo) -> Value {
    let mut said = Map::new();
    if let Some(description) = &photo.description {
        said.insert("description".to_owned(), json!(description));
    }
    if let Some(taken) = photo.taken {
        let local = taken.to_string();
        // The moment is known, and not the hour on the clock of the place.
        let time = json!({"local": local.trim_end_matches('Z'), "offset": "Z"});
        said.insert("captured_at".to_owned(), time);
    }
    if let Some(place) = &photo.place {
        let mut location = json!({"lat": place.lat, "lon": place.lon});
        if let Some(altitude) = place.altitude {
            location["altitude"] = json!(altitude);
        }
        said.insert("location".to_owned(), location);
    }
    let flags = [
        ("favourite", photo.favourite),
        ("archived", photo.archived),
        ("locked", photo.locked),
        ("trashed", photo.trashed),
    ];
    for (flag, _) in flags.into_iter().filter(|(_, set)| *set) {
        said.insert(flag.to_owned(), json!(true));
    }
    Value::Object(said)
}

/// Which asset each file is now, where it is one.
pub(super) fn assets(lines: &BTreeMap<String, Line>) -> BTreeMap<String, String> {
    let own = |line: &Line| match &line.fate {
        Fate::Uploaded { asset_id, .. } | Fate::Duplicate { asset_id, .. } => {
            Some(asset_id.clone())
        }
        _ => None,
    };
    let of = |line: &Line| match &line.fate {
        Fate::Same { as_path, .. } => own(lines.get(as_path.to_str()?)?),
        _ => own(line),
    };
    lines
        .values()
        .filter_map(|line| Some((line.path.clone(), of(line)?)))
        .collect()
}

fn wanted(found: &takeout::Plan, assets: &BTreeMap<String, String>) -> BTreeMap<String, Wanted> {
    let mut wanted = BTreeMap::new();
    for album in &found.albums {
        let mut ids: Vec<String> = Vec::new();
        for id in album.paths.iter().filter_map(|path| assets.get(path)) {
            if !ids.contains(id) {
                ids.push(id.clone());
            }
        }
        if !ids.is_empty() {
            let album_of = Wanted {
                parent: None,
                description: album.description.clone(),
                query: None,
                assets: ids,
            };
            wanted.insert(album.name.clone(), album_of);
        }
    }
    wanted
}
