//! The JSON shape of an asset. Absent facts are null, never zero or empty.

use std::collections::BTreeMap;

use domain::{Camera, Level, LocalTime, Permission, Place};
use identity::Caller;
use serde::Serialize;
use service::Vault;
use service::library::Asset;
use utoipa::ToSchema;

use super::rendition::version_of;

/// What a person sees: one photo, video, recording or document with what is known about it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Asset)]
pub struct AssetBody {
    /// UUIDv7.
    #[schema(value_type = String, format = Uuid)]
    pub id: String,
    /// `image`, `video`, `audio`, `document` or `other`.
    pub kind: String,
    /// `pending`, `processing`, `ready`, `partial`, `failed` or `quarantined`.
    pub status: String,
    /// Name as it was uploaded.
    pub file_name: String,
    pub title: Option<String>,
    pub description: Option<String>,
    /// Found by content, not by name.
    pub mime_type: String,
    /// Bytes of the original.
    pub size: u64,
    /// SHA-256 of the original, 64 hex digits.
    pub sha256: String,
    /// Number of the current version, from 1.
    pub version: u32,
    #[schema(value_type = String, format = Uuid)]
    pub owner_id: String,
    /// Pixels across as displayed.
    pub width: Option<u32>,
    /// Pixels down as displayed.
    pub height: Option<u32>,
    /// Seconds, of video and audio.
    pub duration: Option<f64>,
    pub captured_at: Option<CapturedBody>,
    pub location: Option<LocationBody>,
    pub camera: Option<CameraBody>,
    /// As stored in the file, EXIF 1 to 8.
    pub orientation: Option<u8>,
    /// Pages of a document, frames of an animation.
    pub pages: Option<u32>,
    pub codecs: Option<CodecsBody>,
    /// ThumbHash, base64.
    pub thumbhash: Option<String>,
    /// Dominant colours, most frequent first.
    pub colors: Vec<String>,
    pub tags: Vec<String>,
    /// Stars, 1 to 5.
    pub rating: Option<u8>,
    pub favourite: bool,
    pub archived: bool,
    pub locked: bool,
    pub trashed_at: Option<String>,
    /// Days until the trash lets go of it, where it lies there.
    pub days_left: Option<i64>,
    pub collections: Vec<String>,
    /// The owner's own fields; empty for others.
    #[schema(value_type = Object)]
    pub metadata: serde_json::Value,
    /// What could not be done and why.
    pub problems: Vec<ProblemBody>,
    pub created_at: String,
    pub updated_at: String,
    /// Counts people's edits; `"<revision>"` is good for If-Match.
    pub revision: u64,
    /// Derived pictures by name.
    pub renditions: BTreeMap<String, RenditionBody>,
    /// What the caller may do with it.
    pub permissions: Vec<String>,
}

/// Capture time: wall time and offset apart, because many cameras write no offset.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CapturedAt)]
pub struct CapturedBody {
    /// `YYYY-MM-DDTHH:MM:SS[.fff]`.
    pub local: String,
    /// `+02:00`, when the source states one.
    pub offset: Option<String>,
    /// The instant, when the offset is known.
    pub utc: Option<String>,
    /// The tag it was read from.
    pub source: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Location)]
pub struct LocationBody {
    /// Degrees north, WGS 84.
    pub lat: f64,
    /// Degrees east, WGS 84.
    pub lon: f64,
    /// Metres above sea level.
    pub altitude: Option<f64>,
    pub source: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Camera)]
pub struct CameraBody {
    pub make: Option<String>,
    pub model: Option<String>,
    pub lens: Option<String>,
    pub iso: Option<u32>,
    /// F-number.
    pub aperture: Option<f64>,
    /// Seconds.
    pub exposure: Option<f64>,
    /// Millimetres.
    pub focal_length: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Codecs)]
pub struct CodecsBody {
    pub video: Option<String>,
    pub audio: Option<String>,
    pub container: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssetProblem)]
pub struct ProblemBody {
    pub step: String,
    /// Stable word.
    pub code: String,
    /// One sentence for a person.
    pub message: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rendition)]
pub struct RenditionBody {
    /// Carries a version, so what it answers never changes.
    pub url: String,
    pub width: u32,
    pub height: u32,
    pub mime_type: String,
    pub size: u64,
}

/// One page of assets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssetPage)]
pub struct PageBody {
    pub items: Vec<AssetBody>,
    /// Give it as `cursor` to get what follows; null at the end.
    pub next_cursor: Option<String>,
}

/// What became of one uploaded file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Received)]
pub struct ReceivedBody {
    pub asset: AssetBody,
    /// The caller had these bytes already; `asset` is the one that was there.
    pub duplicate: bool,
}

impl AssetBody {
    /// As `caller` sees it, in the trash or not.
    pub fn in_trash_or_not(asset: Asset, caller: &Caller, vault: &Vault) -> Self {
        let days_left = asset.trashed_at.map(|trashed| vault.days_left(trashed));
        Self {
            days_left,
            ..Self::of(asset, caller)
        }
    }

    /// As `caller` sees it, who has it out of the trash.
    pub fn of(asset: Asset, caller: &Caller) -> Self {
        let facts = asset.facts;
        let renditions = asset.renditions.iter().map(|row| {
            let version = version_of(row);
            let body = RenditionBody {
                url: format!(
                    "/api/v1/assets/{}/renditions/{}?v={version}",
                    asset.id, row.name
                ),
                width: row.width,
                height: row.height,
                mime_type: row.mime.clone(),
                size: row.size,
            };
            (row.name.clone(), body)
        });
        Self {
            id: asset.id.to_string(),
            kind: asset.kind.to_string(),
            status: asset.status.to_string(),
            title: asset.title,
            description: asset.description,
            mime_type: asset.media_type.to_string(),
            size: asset.size,
            sha256: asset.sha256.to_string(),
            version: asset.version_number,
            owner_id: asset.owner.to_string(),
            width: facts.width,
            height: facts.height,
            duration: None,
            captured_at: asset.captured.map(CapturedBody::of),
            location: asset.place.map(LocationBody::of),
            camera: CameraBody::of(facts.camera),
            orientation: facts.orientation,
            pages: facts.frames,
            codecs: None,
            thumbhash: facts.thumbhash,
            colors: facts.colors,
            tags: asset.tags,
            rating: asset.rating,
            favourite: asset.favourite,
            archived: asset.archived,
            locked: asset.locked,
            trashed_at: asset.trashed_at.map(|time| time.to_string()),
            days_left: None,
            collections: asset.collections.iter().map(ToString::to_string).collect(),
            metadata: match asset.owner == caller.user {
                true => asset.metadata,
                false => serde_json::json!({}),
            },
            problems: asset.problems.into_iter().map(ProblemBody::of).collect(),
            created_at: asset.created_at.to_string(),
            updated_at: asset.updated_at.to_string(),
            revision: asset.revision,
            renditions: renditions.collect(),
            permissions: allowed(caller, asset.level, asset.owner == caller.user),
            file_name: asset.file_name,
        }
    }
}

/// What the caller may do with an asset: its owner as much as the credential allows, a guest as far as
/// it was opened to them.
fn allowed(caller: &Caller, level: Level, own: bool) -> Vec<String> {
    let may = |permission: Permission| caller.permissions.has(permission);
    let words = [
        ("view", may(Permission::AssetsRead)),
        (
            "download",
            may(Permission::AssetsRead) && level >= Level::Download,
        ),
        ("edit", may(Permission::AssetsWrite) && level >= Level::Edit),
        ("delete", may(Permission::AssetsDelete) && own),
        ("share", may(Permission::AssetsShare) && own),
    ];
    let held = words.into_iter().filter(|(_, held)| *held);
    held.map(|(word, _)| word.to_owned()).collect()
}

impl CapturedBody {
    pub(in crate::http) fn of(time: LocalTime) -> Self {
        let offset = time.offset_minutes.map(|minutes| {
            let sign = if minutes < 0 { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
        });
        let utc = time.utc().map(|time| time.to_string());
        Self {
            local: time.local,
            offset,
            utc,
            source: time.source,
        }
    }
}

impl LocationBody {
    fn of(place: Place) -> Self {
        Self {
            lat: place.lat,
            lon: place.lon,
            altitude: place.altitude,
            source: place.source,
        }
    }
}

impl CameraBody {
    fn of(camera: Camera) -> Option<Self> {
        (camera != Camera::default()).then_some(Self {
            make: camera.make,
            model: camera.model,
            lens: camera.lens,
            iso: camera.iso,
            aperture: camera.aperture,
            exposure: camera.exposure,
            focal_length: camera.focal_length,
        })
    }
}

impl ProblemBody {
    fn of(problem: service::library::AssetProblem) -> Self {
        Self {
            step: problem.step,
            code: problem.code,
            message: problem.message,
        }
    }
}
