//! `GET /timeline/assets`: what a stretch of the timeline is drawn with.

use axum::Json;
use axum::extract::State;
use domain::{CollectionId, Day};
use serde::{Deserialize, Serialize};
use service::library::timeline::{Stretch, Tile};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Query, SignedIn};
use crate::http::assets::{narrow, rendition};
use crate::problem::Problem;

/// Which stretch of what.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// The first day, `YYYY[-MM[-DD]]`; absent, the first there is.
    from: Option<String>,
    /// The day after the last; absent, beyond the last there is.
    to: Option<String>,
    /// Query language, as for `GET /assets`.
    q: Option<String>,
    /// Only what lies in this collection.
    #[param(value_type = Option<String>, format = Uuid)]
    collection: Option<CollectionId>,
    /// `next_cursor` of the page before, with the same parameters otherwise.
    cursor: Option<String>,
    /// Most tiles in the page, 1 to 2,000; 500 when absent.
    limit: Option<u32>,
}

/// One page of tiles.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TilePage)]
pub struct TilePageBody {
    items: Vec<TileBody>,
    /// Give it as `cursor` to get what follows; null at the end.
    next_cursor: Option<String>,
}

/// What is drawn of an asset before it is looked at.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tile)]
pub struct TileBody {
    #[schema(value_type = String, format = Uuid)]
    id: String,
    /// `image`, `video`, `audio`, `document` or `other`.
    kind: String,
    /// `pending`, `processing`, `ready`, `partial`, `failed` or `quarantined`.
    status: String,
    /// Wall time of its capture, `YYYY-MM-DDTHH:MM:SS[.fff]`; else of its adding, in UTC.
    local: String,
    /// Pixels across as displayed.
    width: Option<u32>,
    /// Pixels down as displayed.
    height: Option<u32>,
    /// ThumbHash, base64.
    thumbhash: Option<String>,
    favourite: bool,
    /// Stars, 1 to 5.
    rating: Option<u8>,
    /// Seconds, of video and audio.
    duration: Option<f64>,
    #[schema(value_type = String, format = Uuid)]
    owner_id: String,
    file_name: String,
    /// What somebody called it.
    title: Option<String>,
    /// Its smallest picture; carries a version, so what it answers never changes.
    thumb: Option<String>,
    /// It has a moving part: `content?role=motion`.
    motion: bool,
    trashed_at: Option<String>,
}

/// List what a stretch of the timeline is drawn with, newest first.
#[utoipa::path(get, path = "/timeline/assets", tag = "timeline", params(Params),
    responses((status = 200, description = "A page", body = TilePageBody)))]
pub async fn tiles(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<TilePageBody>, Problem> {
    let stretch = Stretch {
        filter: narrow::query(params.q.as_deref())?,
        collection: params.collection,
        from: day("from", params.from.as_deref())?,
        to: day("to", params.to.as_deref())?,
        cursor: params.cursor,
        limit: params.limit,
    };
    let page = app.vault.tiles(&caller, stretch).await?;
    Ok(Json(TilePageBody {
        items: page.items.into_iter().map(TileBody::of).collect(),
        next_cursor: page.next,
    }))
}

fn day(field: &'static str, text: Option<&str>) -> Result<Option<Day>, Problem> {
    text.map(|text| {
        text.parse()
            .map_err(|error: domain::ParseDayError| Problem::field(field, error.to_string()))
    })
    .transpose()
}

impl TileBody {
    fn of(tile: Tile) -> Self {
        let thumb = tile.thumb.map(|(sha256, step_version)| {
            let version = rendition::version(sha256, step_version);
            format!("/api/v1/assets/{}/renditions/thumb?v={version}", tile.id)
        });
        Self {
            id: tile.id.to_string(),
            kind: tile.kind.to_string(),
            status: tile.status.to_string(),
            local: tile.taken.to_string().trim_end_matches('Z').to_owned(),
            width: tile.width,
            height: tile.height,
            thumbhash: tile.thumbhash,
            favourite: tile.favourite,
            rating: tile.rating,
            duration: None,
            owner_id: tile.owner.to_string(),
            file_name: tile.file_name,
            title: tile.title,
            thumb,
            motion: tile.motion,
            trashed_at: tile.trashed_at.map(|time| time.to_string()),
        }
    }
}
