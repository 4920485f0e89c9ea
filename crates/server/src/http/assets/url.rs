//! `POST /assets/{id}/url`: a URL that works without a credential.

use axum::Json;
use axum::extract::State;
use domain::AssetId;
use serde::{Deserialize, Serialize};
use service::links::CONTENT;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Json as JsonIn, Path, SignedIn};
use crate::problem::Problem;

/// What the URL shall read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UrlRequest)]
pub struct Body {
    /// `content`, or the name of a rendition; `content` when absent.
    target: Option<String>,
    /// Seconds it works, at most a week.
    expires_in: u32,
    /// Save rather than show.
    #[serde(default)]
    download: bool,
}

/// A signed URL.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignedUrl)]
pub struct Answer {
    /// Path and query; complete when the vault knows its public address.
    url: String,
    expires_at: String,
    /// Whether the store answers it itself. The vault's own encryption makes every URL the vault's.
    direct: bool,
}

/// Make a signed URL.
#[utoipa::path(post, path = "/assets/{id}/url", tag = "assets", params(("id" = String, Path)),
    request_body = Body, responses((status = 200, description = "The URL", body = Answer)))]
pub async fn url(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<Answer>, Problem> {
    let target = body.target.as_deref().unwrap_or(CONTENT);
    let link = app
        .vault
        .link(&caller, id, target, body.expires_in, body.download)
        .await?;
    let path = if target == CONTENT {
        CONTENT.to_owned()
    } else {
        format!("renditions/{target}")
    };
    let download = if body.download { "&download=1" } else { "" };
    let base = app
        .config
        .public_url
        .as_deref()
        .unwrap_or_default()
        .trim_end_matches('/');
    let url = format!(
        "{base}/api/v1/assets/{id}/{path}?by={}&expires={}&signature={}{download}",
        link.by,
        link.expires_at.millis(),
        link.signature
    );
    Ok(Json(Answer {
        url,
        expires_at: link.expires_at.to_string(),
        direct: false,
    }))
}
