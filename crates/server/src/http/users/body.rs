//! The JSON shape of an account as whoever manages it sees it.

use domain::{Permissions, Timestamp, UserId};
use identity::Person;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AccountState {
    /// May sign in.
    Active,
    /// May not; its media stay.
    Disabled,
}

/// An account of the tenant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ManagedUser)]
pub(crate) struct PersonBody {
    #[schema(value_type = uuid::Uuid)]
    id: UserId,
    email: String,
    /// Display name.
    #[schema(required)]
    name: Option<String>,
    /// Names of its roles.
    roles: Vec<String>,
    /// What its roles allow together.
    #[schema(value_type = Vec<String>)]
    permissions: Permissions,
    state: AccountState,
    /// Bytes it may own; null: no limit.
    #[schema(required)]
    quota: Option<u64>,
    /// Bytes it owns.
    used: u64,
    /// Assets it owns, those in the trash included.
    asset_count: u64,
    /// Last use of a session or key, to the minute or so; null: not for long, or never.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_seen_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Person> for PersonBody {
    fn from(person: Person) -> Self {
        let account = person.account;
        Self {
            id: account.id,
            email: account.email,
            name: account.name,
            roles: account.roles,
            permissions: account.permissions,
            state: if account.is_active {
                AccountState::Active
            } else {
                AccountState::Disabled
            },
            quota: account.quota,
            used: account.used,
            asset_count: person.assets,
            last_seen_at: person.seen_at,
            created_at: account.created_at,
        }
    }
}
