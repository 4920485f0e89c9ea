//! What a caller may do: permissions, sets of them, and the built-in roles.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kind::words;

words! {
    /// One thing a role, token or key can allow. Also the scope names of tokens and keys.
    Permission {
        /// See own and granted media.
        AssetsRead = "assets:read",
        /// Upload and edit.
        AssetsWrite = "assets:write",
        /// Trash and delete for good.
        AssetsDelete = "assets:delete",
        /// Make links and grants.
        AssetsShare = "assets:share",
        /// Ask for generated descriptions.
        AssetsDescribe = "assets:describe",
        /// Make and change collections.
        CollectionsManage = "collections:manage",
        /// See media of the partner organisation.
        PartnerRead = "partner:read",
        /// Manage what was shared with the organisation.
        PartnerManage = "partner:manage",
        /// Own figures.
        AnalyticsPersonal = "analytics:personal",
        /// The organisation's figures.
        AnalyticsPartner = "analytics:partner",
        /// The tenant's figures.
        AnalyticsSystem = "analytics:system",
        /// Invite, disable, change quotas.
        UsersManage = "users:manage",
        /// Define roles.
        RolesManage = "roles:manage",
        /// Change settings.
        SettingsManage = "settings:manage",
        /// Decide on reported or flagged media.
        ModerationReview = "moderation:review",
        /// Define webhooks.
        WebhooksManage = "webhooks:manage",
        /// Add and remove models.
        ModelsManage = "models:manage",
        /// See, retry and cancel everybody's jobs.
        JobsManage = "jobs:manage",
        /// Read the audit log.
        AuditRead = "audit:read",
        /// Look after storage, backup, health.
        SystemMaintain = "system:maintain",
    }
}

/// A set of permissions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Permissions(u32);

impl Permissions {
    /// The empty set.
    pub const NONE: Self = Self(0);

    /// Every permission there is.
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// Whether the set holds `permission`.
    pub fn has(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u32) != 0
    }

    /// What both sets hold: a key never allows more than its owner may.
    #[must_use]
    pub fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What this set holds and the other does not.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What either set holds: a user's roles add up.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The permissions in the set, in order.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL
            .iter()
            .copied()
            .filter(move |permission| self.has(*permission))
    }

    /// Reads a space- or comma-separated list.
    ///
    /// # Errors
    /// The first word that is not a permission.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split([' ', ','])
            .filter(|word| !word.is_empty())
            .map(str::parse)
            .collect()
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(
            permissions
                .into_iter()
                .fold(0, |bits, permission| bits | (1 << permission as u32)),
        )
    }
}

impl std::fmt::Display for Permissions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<_> = self.iter().map(Permission::as_str).collect();
        f.write_str(&words.join(" "))
    }
}

impl std::fmt::Debug for Permissions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{{{self}}}")
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Permission>::deserialize(deserializer)?
            .into_iter()
            .collect())
    }
}

words! {
    /// The roles every tenant starts with. A tenant may define more from permissions.
    Role {
        /// Owns media.
        User = "user",
        /// Owns media and looks after an organisation's.
        Partner = "partner",
        /// Runs a tenant.
        Admin = "admin",
        /// Runs the installation.
        Operator = "operator",
    }
}

impl Role {
    /// The permissions the role starts with.
    pub fn permissions(self) -> Permissions {
        use Permission as P;
        let user = [
            P::AssetsRead,
            P::AssetsWrite,
            P::AssetsDelete,
            P::AssetsShare,
            P::AssetsDescribe,
            P::CollectionsManage,
            P::AnalyticsPersonal,
        ];
        let partner = [P::PartnerRead, P::PartnerManage, P::AnalyticsPartner];
        let admin = [
            P::AnalyticsSystem,
            P::UsersManage,
            P::RolesManage,
            P::SettingsManage,
            P::ModerationReview,
            P::WebhooksManage,
            P::AuditRead,
        ];
        let operator = [
            P::SettingsManage,
            P::ModelsManage,
            P::JobsManage,
            P::SystemMaintain,
        ];
        let set = |lists: &[&[P]]| lists.iter().flat_map(|list| list.iter().copied()).collect();
        match self {
            Self::User => set(&[&user]),
            Self::Partner => set(&[&user, &partner]),
            Self::Admin => set(&[&user, &admin]),
            Self::Operator => set(&[&operator]),
        }
    }
}
