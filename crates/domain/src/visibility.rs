//! Who may see which assets, as one value.
//!
//! A `Visibility` has no default and every asset read requires one, so a query that forgot its
//! caller does not compile. It is rendered to SQL in `catalog` and to a match in the event hub;
//! both must agree with [`Visibility::level`], which is the definition.

use serde::{Deserialize, Serialize};

use crate::id::{CollectionId, ShareId, TenantId, UserId};
use crate::kind::words;

words! {
    /// What a grant allows with what it opens; each level includes those before it.
    Level {
        /// See pictures and what is said about them.
        View = "view",
        /// Take the original away.
        Download = "download",
        /// Say something about it.
        Comment = "comment",
        /// Add own media to the collection.
        Contribute = "contribute",
        /// Change what is said about others' media in it.
        Edit = "edit",
    }
}

/// Something an asset lies in and through which a caller may see it. Events and indexes carry
/// containers, not people, so a new grant re-indexes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Container {
    /// The library of the user who owns the asset.
    Owner(UserId),
    /// A collection the asset was put into.
    Collection(CollectionId),
    /// A link that was made for a selection the asset is part of.
    Share(ShareId),
}

/// Where an asset stands: all that decides who may see it.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// Its tenant.
    pub tenant: TenantId,
    /// Everything it lies in, its owner's library among them.
    pub containers: &'a [Container],
    /// In the trash, locked away or quarantined: hidden from everybody but its owner.
    pub withheld: bool,
}

/// What one caller may see: a tenant, the containers open to the caller there, and how far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visibility {
    tenant: TenantId,
    /// Sorted by container, each once.
    open: Vec<(Container, Level)>,
}

impl Visibility {
    /// What `user` sees as themselves when nothing is shared with them.
    pub fn of_user(tenant: TenantId, user: UserId) -> Self {
        Self::through(tenant, [(Container::Owner(user), Level::Edit)])
    }

    /// What is seen through these containers; of two levels for one the higher holds.
    pub fn through(tenant: TenantId, open: impl IntoIterator<Item = (Container, Level)>) -> Self {
        let mut open: Vec<_> = open.into_iter().collect();
        // The highest level of a container comes first and stays.
        open.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        open.dedup_by_key(|(container, _)| *container);
        Self { tenant, open }
    }

    /// The same caller's own library and nothing that others share.
    #[must_use]
    pub fn own(&self) -> Self {
        let own = |(container, _): &&(Container, Level)| matches!(container, Container::Owner(_));
        Self {
            tenant: self.tenant,
            open: self.open.iter().filter(own).copied().collect(),
        }
    }

    /// The tenant outside of which nothing is visible.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The containers open to the caller, and how far.
    pub fn containers(&self) -> &[(Container, Level)] {
        &self.open
    }

    /// The owners whose libraries are open.
    pub fn owners(&self) -> impl Iterator<Item = UserId> {
        self.open
            .iter()
            .filter_map(|(container, _)| match container {
                Container::Owner(user) => Some(*user),
                _ => None,
            })
    }

    /// The collections that are open.
    pub fn collections(&self) -> impl Iterator<Item = CollectionId> {
        self.open
            .iter()
            .filter_map(|(container, _)| match container {
                Container::Collection(collection) => Some(*collection),
                _ => None,
            })
    }

    /// The links' selections that are open.
    pub fn shares(&self) -> impl Iterator<Item = ShareId> {
        self.open
            .iter()
            .filter_map(|(container, _)| match container {
                Container::Share(share) => Some(*share),
                _ => None,
            })
    }

    /// How far `container` is open.
    pub fn level_in(&self, container: Container) -> Option<Level> {
        self.open
            .binary_search_by_key(&container, |(held, _)| *held)
            .ok()
            .map(|at| self.open[at].1)
    }

    /// What the caller may do with an asset that stands there; `None`: it does not exist for them.
    pub fn level(&self, standing: Standing<'_>) -> Option<Level> {
        if standing.tenant != self.tenant {
            return None;
        }
        let through = |container: &Container| match container {
            Container::Owner(_) => self.level_in(*container),
            _ if standing.withheld => None,
            _ => self.level_in(*container),
        };
        standing.containers.iter().filter_map(through).max()
    }

    /// Whether news that goes to these containers is for the caller. News of what is withheld goes to its
    /// owner's library alone.
    pub fn hears(&self, tenant: TenantId, containers: &[Container]) -> bool {
        self.admits(Standing {
            tenant,
            containers,
            withheld: false,
        })
    }

    /// Whether an asset that stands there is visible.
    pub fn admits(&self, standing: Standing<'_>) -> bool {
        self.level(standing).is_some()
    }
}

#[cfg(test)]
mod tests;
