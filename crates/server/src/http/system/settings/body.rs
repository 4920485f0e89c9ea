//! The JSON shape of the settings.

use identity::Registration;
use serde::Serialize;
use service::settings::{InForce, Origin};
use utoipa::ToSchema;

/// A setting in force.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Setting<T> {
    value: T,
    /// `configuration`, `vault` (changed here) or `default`.
    source: &'static str,
    /// The configuration gives it, so it can be changed only there.
    fixed: bool,
}

/// The settings that may change while the vault runs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Settings)]
pub(crate) struct SettingsBody {
    /// Who may register: `open`, `invite` or `closed`.
    #[schema(value_type = Setting<String>)]
    registration: Setting<Registration>,
    /// Bytes a new account may own; null: no limit.
    default_quota: Setting<Option<u64>>,
    /// Days before trashed files are deleted for good.
    trash_days: Setting<u32>,
    /// Accepted types, such as `image/*`; empty accepts all.
    allowed_types: Setting<Vec<String>>,
    /// Bytes one file may have.
    max_upload_size: Setting<u64>,
}

impl From<InForce> for SettingsBody {
    fn from(all: InForce) -> Self {
        let origin = |name| all.origins.get(name).copied().unwrap_or(Origin::Default);
        Self {
            registration: setting(all.registration, origin("registration")),
            default_quota: setting(all.default_quota, origin("default_quota")),
            trash_days: setting(all.trash_days, origin("trash_days")),
            max_upload_size: setting(all.max_upload_size, origin("max_upload_size")),
            allowed_types: setting(all.allowed_types.clone(), origin("allowed_types")),
        }
    }
}

fn setting<T>(value: T, origin: Origin) -> Setting<T> {
    Setting {
        value,
        source: match origin {
            Origin::Configuration => "configuration",
            Origin::Vault => "vault",
            Origin::Default => "default",
        },
        fixed: origin == Origin::Configuration,
    }
}
