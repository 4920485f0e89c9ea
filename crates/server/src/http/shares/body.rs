//! The JSON shape of a link.

use serde::Serialize;
use service::shares::Share;
use utoipa::ToSchema;

use crate::config::Config;

/// A link as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Share)]
pub(crate) struct ShareBody {
    #[schema(value_type = String, format = Uuid)]
    id: String,
    /// The page to send; complete when the vault knows its public address.
    url: String,
    name: String,
    /// `view` or `download`.
    level: String,
    has_password: bool,
    expires_at: Option<String>,
    revoked_at: Option<String>,
    /// How often it was opened.
    views: u64,
    max_views: Option<u32>,
    /// Shows pictures and nothing of what is said about them; gives no originals away.
    hide_metadata: bool,
    /// The collection it opens; null: a selection.
    collection_id: Option<String>,
    /// Assets it shows at this moment.
    asset_count: u64,
    created_at: String,
}

/// One page of links.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SharePage)]
pub(crate) struct PageBody {
    pub(crate) items: Vec<ShareBody>,
    pub(crate) next_cursor: Option<String>,
}

impl ShareBody {
    pub(crate) fn of(share: Share, config: &Config) -> Self {
        let base = config.public_url.as_deref().unwrap_or_default();
        let row = share.row;
        Self {
            id: row.id.to_string(),
            url: format!("{}/s/{}", base.trim_end_matches('/'), share.token),
            name: row.name,
            level: row.level.to_string(),
            has_password: row.password.is_some(),
            expires_at: row.expires_at.map(|time| time.to_string()),
            revoked_at: row.revoked_at.map(|time| time.to_string()),
            views: row.views,
            max_views: row.max_views,
            hide_metadata: row.hide_metadata,
            collection_id: row.collection.map(|id| id.to_string()),
            asset_count: share.count,
            created_at: row.created_at.to_string(),
        }
    }
}
