//! Who may see which assets, as one value.
//!
//! A `Visibility` has no default and every asset read requires one, so a query that forgot its
//! caller does not compile. It is rendered to SQL in `catalog` and to a match in the event hub;
//! both must agree with [`Visibility::admits`], which is the definition.

use crate::id::{TenantId, UserId};

/// Something an asset lies in and through which a caller may see it. Events and indexes carry
/// containers, not people, so a new grant re-indexes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Container {
    /// The library of the user who owns the asset.
    Owner(UserId),
}

/// What one caller may see: a tenant and the containers open to the caller there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visibility {
    tenant: TenantId,
    containers: Vec<Container>,
}

impl Visibility {
    /// What `user` sees as themselves.
    pub fn of_user(tenant: TenantId, user: UserId) -> Self {
        Self {
            tenant,
            containers: vec![Container::Owner(user)],
        }
    }

    /// The tenant outside of which nothing is visible.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The containers open to the caller.
    pub fn containers(&self) -> &[Container] {
        &self.containers
    }

    /// The owners whose libraries are open.
    pub fn owners(&self) -> impl Iterator<Item = UserId> {
        self.containers.iter().map(|container| match container {
            Container::Owner(user) => *user,
        })
    }

    /// Whether an asset of `tenant` that lies in `containers` is visible.
    pub fn admits(&self, tenant: TenantId, containers: &[Container]) -> bool {
        tenant == self.tenant && containers.iter().any(|held| self.containers.contains(held))
    }
}
