//! Collections: albums somebody put together, and saved searches.
//!
//! A collection is its owner's. What others put into it stays theirs: it is lent for as long as the
//! collection is open to them. Who sees what lies in one is `grants` and `visibility`; a saved search
//! holds nothing, is never opened to anybody, and has nothing nested in it.
//!
//! Whatever changes who may see an owner's collections, or what others have lent to them, first takes
//! the owner's lock ([`lock`]): so nobody can put something in while being shown out.

mod change;
mod contents;
mod read;
mod tree;

use domain::{AssetId, CollectionId, Level, TenantId, Timestamp, UserId};

pub use change::{Change, Changed, NewCollection, count_of_owner, delete, insert, update};
pub use contents::{Put, holds, put, reclaim, take, touch};
pub use read::{Narrowing, get, list};
pub use tree::{ancestors, audience, depth_below, lock};

use crate::renditions::Rendition;

/// A collection as somebody who may see it sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectionRow {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: CollectionId,
    /// Whose it is.
    pub owner: UserId,
    /// What its owner is called: the name, else the e-mail address.
    pub owner_name: String,
    /// The collection it is nested in, if the reader may see that one.
    pub parent: Option<CollectionId>,
    /// Its name.
    pub name: String,
    /// What its owner says about it; may be empty.
    pub description: String,
    /// The search of a smart one.
    pub query: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it, or what lies in it, was last changed.
    pub updated_at: Timestamp,
    /// Counts its changes, for `If-Match`.
    pub revision: u64,
    /// How far it is open to the reader; `None`: it is the reader's own.
    pub level: Option<Level>,
    /// Whether others may see it through a grant.
    pub shared: bool,
    /// What lies in it: only what the reader may see, nothing from the trash or the locked folder.
    pub summary: Summary,
    /// How many collections the reader may see are nested in it, one step down.
    pub nested: u64,
}

/// What lies in a collection, in short.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// How many assets.
    pub count: u64,
    /// Capture time of the earliest, as the timeline sorts it.
    pub first_at: Option<Timestamp>,
    /// Capture time of the latest.
    pub last_at: Option<Timestamp>,
    /// The picture on its front: the one chosen, else the latest.
    pub cover: Option<Cover>,
}

/// The picture on the front of a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct Cover {
    /// Of this asset.
    pub asset: AssetId,
    /// Its placeholder.
    pub thumbhash: Option<String>,
    /// The picture; `None` until it was made.
    pub thumb: Option<Rendition>,
}
