//! The JSON shapes of a collection and of its members.

use serde::Serialize;
use service::collections::Collection;
use service::members::Member;
use utoipa::ToSchema;

use crate::http::assets::rendition::version_of;
use crate::http::people::search::FoundBody;

/// An album, or a saved search.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Collection)]
pub(crate) struct CollectionBody {
    #[schema(value_type = String, format = Uuid)]
    id: String,
    name: String,
    description: Option<String>,
    /// The collection it is nested in, where the caller may see that one.
    parent_id: Option<String>,
    owner: PersonBody,
    cover: Option<CoverBody>,
    /// Assets in it that the caller may see; none of the trash or the locked folder. 0 for a smart one.
    count: u64,
    /// `manual`, or `smart`: whatever `query` finds in its owner's library.
    kind: &'static str,
    query: Option<String>,
    /// What the caller may do: `view`, `download`, `comment`, `contribute`, `edit`, or `owner`.
    level: String,
    /// Whether others than its owner may see it.
    shared: bool,
    /// Wall time of the earliest asset.
    first_at: Option<String>,
    /// Wall time of the latest asset.
    last_at: Option<String>,
    created_at: String,
    updated_at: String,
    /// For `If-Match`.
    revision: u64,
    /// Collections nested in it.
    collections: u64,
}

/// Somebody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub(crate) struct PersonBody {
    #[schema(value_type = String, format = Uuid)]
    pub(crate) id: String,
    /// The name, else the e-mail address.
    pub(crate) name: String,
}

/// The picture on a collection's front.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cover)]
pub(crate) struct CoverBody {
    #[schema(value_type = String, format = Uuid)]
    asset_id: String,
    /// Where it is; null until it was made.
    thumb: Option<String>,
    thumbhash: Option<String>,
}

/// One page of collections.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CollectionPage)]
pub(crate) struct PageBody {
    pub(crate) items: Vec<CollectionBody>,
    pub(crate) next_cursor: Option<String>,
}

/// Somebody to whom a collection is open.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Member)]
pub(crate) struct MemberBody {
    user: FoundBody,
    level: String,
    granted_at: String,
    granted_by: Option<PersonBody>,
    /// The collection whose grant it is: this one, or one it is nested in.
    #[schema(value_type = String, format = Uuid)]
    collection_id: String,
}

/// The members of a collection.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Members)]
pub(crate) struct MembersBody {
    pub(crate) items: Vec<MemberBody>,
}

impl From<Collection> for CollectionBody {
    fn from(collection: Collection) -> Self {
        let cover = collection.summary.cover.map(|cover| CoverBody {
            asset_id: cover.asset.to_string(),
            thumb: cover.thumb.map(|row| {
                let (asset, version) = (cover.asset, version_of(&row));
                format!("/api/v1/assets/{asset}/renditions/{}?v={version}", row.name)
            }),
            thumbhash: cover.thumbhash,
        });
        Self {
            id: collection.id.to_string(),
            name: collection.name,
            description: Some(collection.description).filter(|text| !text.is_empty()),
            parent_id: collection.parent.map(|parent| parent.to_string()),
            owner: PersonBody {
                id: collection.owner.to_string(),
                name: collection.owner_name,
            },
            cover,
            count: collection.summary.count,
            kind: if collection.query.is_some() {
                "smart"
            } else {
                "manual"
            },
            query: collection.query,
            level: collection
                .level
                .map_or("owner".to_owned(), |level| level.to_string()),
            shared: collection.shared,
            first_at: collection.summary.first_at.map(|time| time.to_string()),
            last_at: collection.summary.last_at.map(|time| time.to_string()),
            created_at: collection.created_at.to_string(),
            updated_at: collection.updated_at.to_string(),
            revision: collection.revision,
            collections: collection.nested,
        }
    }
}

impl From<Member> for MemberBody {
    fn from(member: Member) -> Self {
        let granted_by = member.granted_by_name.map(|name| PersonBody {
            id: member.granted_by.to_string(),
            name,
        });
        Self {
            user: FoundBody {
                id: member.user.to_string(),
                name: member.name.unwrap_or_else(|| member.email.clone()),
                email: member.email,
            },
            level: member.level.to_string(),
            granted_at: member.granted_at.to_string(),
            granted_by,
            collection_id: member.collection.to_string(),
        }
    }
}
