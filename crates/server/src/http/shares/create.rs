//! `POST /shares`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{AssetId, CollectionId, Level, Timestamp};
use serde::Deserialize;
use service::shares::Wish;
use utoipa::ToSchema;

use super::body::ShareBody;
use crate::app::App;
use crate::extract::{Json as JsonIn, SignedIn};
use crate::problem::Problem;

/// A link to make: to a collection, or to a selection of assets.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewShare)]
pub(crate) struct Body {
    /// An own collection, with those nested in it.
    #[schema(value_type = Option<String>)]
    collection_id: Option<CollectionId>,
    /// Own assets, at most 1000.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    asset_ids: Vec<AssetId>,
    name: Option<String>,
    /// Asked of visitors; 6 characters or more.
    password: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Seconds until it ends, instead of `expires_at`.
    expires_in: Option<u32>,
    /// `view` or `download`.
    #[schema(value_type = String)]
    level: Level,
    /// Show pictures and nothing of what is said about them; give no originals away.
    #[serde(default)]
    hide_metadata: bool,
    /// How often it may be opened.
    max_views: Option<u32>,
}

/// Make a link.
#[utoipa::path(post, path = "/shares", tag = "shares", request_body = Body,
    responses((status = 201, description = "The link", body = ShareBody)))]
pub(crate) async fn create(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<(StatusCode, Json<ShareBody>), Problem> {
    let expires_at = match (body.expires_at, body.expires_in) {
        (Some(_), Some(_)) => {
            return Err(Problem::field("expires_in", "or expires_at, not both"));
        }
        (None, Some(seconds)) => Some(app.clock.now().plus_millis(i64::from(seconds) * 1000)),
        (at, None) => at,
    };
    let wish = Wish {
        collection: body.collection_id,
        assets: body.asset_ids,
        name: body.name,
        password: body.password,
        level: body.level,
        hide_metadata: body.hide_metadata,
        max_views: body.max_views,
        expires_at,
    };
    let share = app.vault.make_share(&caller, wish).await?;
    Ok((StatusCode::CREATED, Json(ShareBody::of(share, &app.config))))
}
