//! One line of an export: the format, for those who write it and those who read it.

use catalog::collections::CollectionRow;
use catalog::versions::{FileRole, VersionFile};
use domain::{AssetId, CollectionId, LocalTime, MediaType, Place, Sha256, Timestamp, VersionId};
use media::xmp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::library::Asset;
use crate::library::revisions::Revision;
use crate::library::versions::Version;

/// A collection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Collection {
    /// Its id where it was exported.
    pub id: CollectionId,
    /// The collection it is nested in.
    pub parent: Option<CollectionId>,
    /// Its name.
    pub name: String,
    /// What its owner says about it; may be empty.
    #[serde(default)]
    pub description: String,
    /// The search of a smart one.
    pub query: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An asset: its files, what holds of it, and what of that its owner said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its id where it was exported.
    pub id: AssetId,
    /// Where its original lies in the export.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Name as uploaded.
    pub file_name: String,
    /// Digest of its original.
    pub sha256: Sha256,
    /// Bytes of its original.
    pub size: u64,
    /// Its type by content.
    pub mime_type: String,
    /// The number of its current version.
    pub version: u32,
    /// When it was added.
    pub created_at: Timestamp,
    /// Capture time that holds.
    pub captured_at: Option<LocalTime>,
    /// Place that holds.
    pub location: Option<Place>,
    /// Title that holds.
    pub title: Option<String>,
    /// Description that holds.
    pub description: Option<String>,
    /// Its tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Stars that hold, 1 to 5.
    pub rating: Option<u8>,
    /// The collections it lies in.
    #[serde(default)]
    pub collections: Vec<CollectionId>,
    /// What its owner said, in the form an upload takes.
    pub said: Value,
    /// What lies beside its original: a moving part, a sidecar, a RAW.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
    /// Its earlier versions, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Earlier>,
    /// Its edits, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revisions: Vec<Edit>,
}

/// A file beside an original, or of an earlier version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// `original`, `motion`, `sidecar` or `raw`.
    pub role: String,
    /// Where it lies in the export. Files of one asset with the same bytes lie there once.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Digest of its bytes.
    pub sha256: Sha256,
    /// Its bytes.
    pub size: u64,
    /// Its type by content.
    pub mime_type: String,
}

/// A version that is not the current one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// From 1.
    pub number: u32,
    /// Name as uploaded.
    pub file_name: String,
    /// When it came.
    pub created_at: Timestamp,
    /// Its original, and what lies beside it.
    pub files: Vec<File>,
}

/// An edit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// From 1.
    pub number: u64,
    /// When it was made.
    pub made_at: Timestamp,
    /// The fields it changed, before it.
    pub before: Value,
    /// The same fields after it.
    pub after: Value,
}

impl Collection {
    pub(super) fn of(told: CollectionRow) -> Self {
        Self {
            id: told.id,
            parent: told.parent,
            name: told.name,
            description: told.description,
            query: told.query,
            created_at: told.created_at,
        }
    }
}

impl File {
    fn of(file: &VersionFile) -> Self {
        Self {
            role: file.role.as_str().to_owned(),
            path: String::new(),
            sha256: file.sha256,
            size: file.size,
            mime_type: file.media_type.to_string(),
        }
    }

    /// Ending of files of this type.
    pub fn extension(&self) -> &'static str {
        let known = self.mime_type.parse::<MediaType>();
        known.map_or("bin", MediaType::extension)
    }

    /// It is what was uploaded, and not something beside it.
    pub fn is_original(&self) -> bool {
        self.role == FileRole::Original.as_str()
    }
}

impl Record {
    pub(super) fn of(
        asset: &Asset,
        files: &[(VersionId, VersionFile)],
        versions: &[Version],
        revisions: Vec<Revision>,
    ) -> Self {
        let of = |version: VersionId| {
            let files = files.iter().filter(move |(of, _)| *of == version);
            files.map(|(_, file)| File::of(file))
        };
        let mut earlier: Vec<Earlier> = versions
            .iter()
            .filter(|version| version.id != asset.version)
            .map(|version| Earlier {
                number: version.number,
                file_name: version.file_name.clone(),
                created_at: version.created_at,
                files: of(version.id).collect(),
            })
            .collect();
        earlier.sort_unstable_by_key(|version| version.number);
        let mut edits: Vec<Edit> = revisions
            .into_iter()
            .map(|revision| Edit {
                number: revision.number,
                made_at: revision.made_at,
                before: revision.before,
                after: revision.after,
            })
            .collect();
        edits.sort_unstable_by_key(|edit| edit.number);
        Self {
            id: asset.id,
            path: String::new(),
            file_name: asset.file_name.clone(),
            sha256: asset.sha256,
            size: asset.size,
            mime_type: asset.media_type.to_string(),
            version: asset.version_number,
            created_at: asset.created_at,
            captured_at: asset.captured.clone(),
            location: asset.place.clone(),
            title: asset.title.clone(),
            description: asset.description.clone(),
            tags: asset.tags.clone(),
            rating: asset.rating,
            collections: asset.collections.clone(),
            said: said(asset),
            files: of(asset.version)
                .filter(|file| !file.is_original())
                .collect(),
            versions: earlier,
            revisions: edits,
        }
    }

    /// What holds of it, as a sidecar for other programs.
    pub fn xmp(&self) -> String {
        xmp::write(&xmp::Sidecar {
            title: self.title.as_deref(),
            description: self.description.as_deref(),
            tags: &self.tags,
            rating: self.rating,
            favourite: self.said["favourite"] == true,
            captured: self.captured_at.as_ref(),
            place: self.location.as_ref(),
        })
    }

    /// Every file of it, with the number of the version it is of. What lies in several places once.
    pub fn all_files(&self) -> Vec<(u32, File)> {
        let original = File {
            role: FileRole::Original.as_str().to_owned(),
            path: self.path.clone(),
            sha256: self.sha256,
            size: self.size,
            mime_type: self.mime_type.clone(),
        };
        let mut all = vec![(self.version, original)];
        let beside = self.files.iter().map(|file| (self.version, file));
        let earlier = self.versions.iter().flat_map(|version| {
            let files = version.files.iter();
            files.map(|file| (version.number, file))
        });
        for (number, file) in beside.chain(earlier) {
            if all.iter().all(|(_, known)| known.path != file.path) {
                all.push((number, file.clone()));
            }
        }
        all
    }
}
/// What its owner said: what holds and is not the file's own.
fn said(asset: &Asset) -> Value {
    let facts = &asset.facts;
    let mut said = Map::new();
    let mut say = |field: &str, value: Value| {
        said.insert(field.to_owned(), value);
    };
    if asset.title != facts.title {
        say("title", json!(asset.title.as_deref().unwrap_or_default()));
    }
    if asset.description != facts.description {
        let description = asset.description.as_deref().unwrap_or_default();
        say("description", json!(description));
    }
    if asset.rating != facts.rating.filter(|stars| *stars > 0) {
        say("rating", json!(asset.rating.unwrap_or(0)));
    }
    if asset.captured != facts.captured
        && let Some(captured) = &asset.captured
    {
        say("captured_at", time(captured));
    }
    if asset.place != facts.place {
        let place = asset.place.as_ref();
        let location = place
            .map(|place| json!({"lat": place.lat, "lon": place.lon, "altitude": place.altitude}));
        say("location", json!(location));
    }
    if !asset.tags.is_empty() {
        say("tags", json!(asset.tags));
    }
    // A keyword of the file that was taken away stays away.
    say("tags_only", json!(true));
    if asset
        .metadata
        .as_object()
        .is_some_and(|own| !own.is_empty())
    {
        say("metadata", asset.metadata.clone());
    }
    let flags = [
        ("favourite", asset.favourite),
        ("archived", asset.archived),
        ("locked", asset.locked),
        ("trashed", asset.trashed_at.is_some()),
    ];
    for (flag, _) in flags.into_iter().filter(|(_, set)| *set) {
        say(flag, json!(true));
    }
    Value::Object(said)
}

/// A time as an upload takes it.
fn time(time: &LocalTime) -> Value {
    let offset = match time.offset_minutes {
        _ if time.source == LocalTime::INSTANT => Some("Z".to_owned()),
        Some(minutes) => {
            let sign = if minutes < 0 { '-' } else { '+' };
            let minutes = minutes.unsigned_abs();
            Some(format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60))
        }
        None => None,
    };
    json!({"local": time.local, "offset": offset})
}
