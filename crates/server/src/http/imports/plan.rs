//! `POST /imports/plan`: what is what in another service's export.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use service::imports::{self, Item, Photo, Plan, Reason, Text};
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Json as JsonIn, SignedIn};
use crate::problem::Problem;

/// Which service made the export.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Google Takeout of Google Photos.
    Takeout,
}

/// An export: all its paths, and the text of its JSON files.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ImportPlanRequest)]
pub struct Body {
    /// Where it comes from.
    #[serde(rename = "source")]
    _source: Source,
    /// Its files, of all archives together; at most 100,000.
    files: Vec<FileBody>,
    /// The JSON files among them, with their text.
    #[serde(default)]
    sidecars: Vec<TextBody>,
}

/// One file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ImportFile)]
pub struct FileBody {
    /// Path inside the archives.
    path: String,
    /// Bytes.
    #[serde(default)]
    size: u64,
}

/// One JSON file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ImportSidecar)]
pub struct TextBody {
    /// Path inside the archives.
    path: String,
    /// What stands in it.
    text: String,
}

/// What to do with the export.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportPlan)]
pub struct Answer {
    /// Files to upload.
    items: Vec<ItemBody>,
    /// The others, with the reason.
    ignored: Vec<IgnoredBody>,
    /// Collections to make, with what lies in them.
    albums: Vec<AlbumBody>,
}

/// One file to upload.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportItem)]
pub struct ItemBody {
    path: String,
    /// Name to upload it under: the one it had before it was exported.
    file_name: String,
    /// Album of its folder.
    album: Option<String>,
    /// Ready to be sent with it.
    metadata: MetadataBody,
    /// The file that is its moving part.
    motion: Option<String>,
    /// The JSON that told.
    sidecar: Option<String>,
    /// `no_json`: it comes without what the other service knew.
    reason: Option<&'static str>,
}

/// What the other service knew.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportMetadata)]
pub struct MetadataBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    captured_at: Option<TimeBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<PlaceBody>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    favourite: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    archived: bool,
    /// It lay in the trash: leave it out, or send it there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    trashed: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    locked: bool,
}

/// A moment: the offset is `Z`, because the hour on the clock of the place is not known.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportTime)]
pub struct TimeBody {
    local: String,
    offset: &'static str,
}

/// A place.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportPlace)]
pub struct PlaceBody {
    lat: f64,
    lon: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    altitude: Option<f64>,
}

/// One file that is not uploaded as one of its own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportIgnored)]
pub struct IgnoredBody {
    path: String,
    /// `applied`, `folder`, `album_entry`, `no_media`, `unreadable`, `other_json`, `not_media`,
    /// `other_product`, `repeated`.
    reason: &'static str,
    /// The same in a sentence.
    detail: &'static str,
}

/// One collection to make.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportAlbum)]
pub struct AlbumBody {
    name: String,
    description: Option<String>,
    /// Paths of items; one may lie in several albums.
    paths: Vec<String>,
}

/// Tell what to do with the files of an export, without sending them.
///
/// Send the paths of all its parts together: what belongs together may lie in different archives.
#[utoipa::path(post, path = "/imports/plan", tag = "imports", request_body = Body,
    responses((status = 200, description = "What is what; nothing was stored", body = Answer)))]
pub async fn plan(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<Answer>, Problem> {
    let files = body.files.into_iter().map(|file| imports::File {
        path: file.path,
        size: file.size,
    });
    let texts = body.sidecars.into_iter().map(|text| Text {
        path: text.path,
        text: text.text,
    });
    let (files, texts) = (files.collect(), texts.collect());
    let plan = app.vault.plan_takeout(&caller, files, texts).await?;
    Ok(Json(Answer::of(plan)))
}

impl Answer {
    fn of(plan: Plan) -> Self {
        let ignored = plan.ignored.into_iter().map(|file| IgnoredBody {
            path: file.path,
            reason: file.reason.as_str(),
            detail: file.reason.sentence(),
        });
        let albums = plan.albums.into_iter().map(|album| AlbumBody {
            name: album.name,
            description: album.description,
            paths: album.paths,
        });
        Self {
            items: plan.items.into_iter().map(ItemBody::of).collect(),
            ignored: ignored.collect(),
            albums: albums.collect(),
        }
    }
}

impl ItemBody {
    fn of(item: Item) -> Self {
        Self {
            path: item.path,
            file_name: item.file_name,
            album: item.album,
            metadata: MetadataBody::of(item.photo),
            motion: item.motion,
            sidecar: item.sidecar,
            reason: item.reason.map(Reason::as_str),
        }
    }
}

impl MetadataBody {
    fn of(photo: Photo) -> Self {
        Self {
            description: photo.description,
            captured_at: photo.taken.map(|moment| TimeBody {
                local: imports::local(moment),
                offset: "Z",
            }),
            location: photo.place.map(|place| PlaceBody {
                lat: place.lat,
                lon: place.lon,
                altitude: place.altitude,
            }),
            favourite: photo.favourite,
            archived: photo.archived,
            trashed: photo.trashed,
            locked: photo.locked,
        }
    }
}
