//! The JSON shape of a key.

use domain::{ApiKeyId, Permissions, Timestamp};
use identity::KeyInfo;
use serde::Serialize;
use utoipa::ToSchema;

/// A key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(super) struct KeyBody {
    #[schema(value_type = uuid::Uuid)]
    id: ApiKeyId,
    name: String,
    /// Its first characters, to tell keys apart.
    prefix: String,
    /// What it allows at most.
    #[schema(value_type = Vec<String>)]
    scopes: Permissions,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Null: until it is revoked.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    expires_at: Option<Timestamp>,
    /// Last use, to the minute or so; null: never.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_used_at: Option<Timestamp>,
}

impl From<KeyInfo> for KeyBody {
    fn from(key: KeyInfo) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.used_at,
        }
    }
}
