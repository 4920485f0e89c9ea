//! What a person can say about an asset, as JSON: of one, and of many.

use domain::given;
use serde::Deserialize;
use service::library::{Edit, FileFact};
use service::said::{SaidPlace, SaidTime};
use utoipa::ToSchema;

/// What to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AssetEdit)]
pub struct EditBody {
    /// Empty takes it away.
    title: Option<String>,
    /// Empty takes it away.
    description: Option<String>,
    favourite: Option<bool>,
    archived: Option<bool>,
    /// Behind the locked folder's door: found only by who asks for it.
    locked: Option<bool>,
    /// 1 to 5 stars; 0 takes them away.
    rating: Option<u8>,
    /// Replaces all tags.
    tags: Option<Vec<String>>,
    /// `{"local": "2024-05-17T10:00:00", "offset": "+02:00"}`; null leaves it to the file again.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    captured_at: Option<Option<SaidTime>>,
    /// `{"lat": 48.2, "lon": 16.37, "altitude": 180}`; null says that there is none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    location: Option<Option<SaidPlace>>,
    /// Leaves these to the file again: `title`, `description`, `rating`, `captured_at`, `location`.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    use_file: Vec<FileFact>,
    /// Replaces all of the owner's own fields.
    #[schema(value_type = Option<Object>)]
    metadata: Option<serde_json::Map<String, serde_json::Value>>,
}

impl From<EditBody> for Edit {
    fn from(body: EditBody) -> Self {
        Self {
            title: body.title,
            description: body.description,
            favourite: body.favourite,
            archived: body.archived,
            locked: body.locked,
            rating: body.rating,
            tags: body.tags,
            captured_at: body.captured_at,
            location: body.location,
            use_file: body.use_file,
            metadata: body.metadata,
        }
    }
}

/// What to change of many.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BulkEdit)]
pub struct BulkEditBody {
    title: Option<String>,
    description: Option<String>,
    favourite: Option<bool>,
    archived: Option<bool>,
    locked: Option<bool>,
    rating: Option<u8>,
    /// Beside those each has.
    #[serde(default)]
    add_tags: Vec<String>,
    /// However spelled.
    #[serde(default)]
    remove_tags: Vec<String>,
    /// As for one; null says that there is none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    location: Option<Option<SaidPlace>>,
    /// As for one.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    use_file: Vec<FileFact>,
}

impl From<BulkEditBody> for service::library::bulk::Deed {
    fn from(body: BulkEditBody) -> Self {
        let edit = Edit {
            title: body.title,
            description: body.description,
            favourite: body.favourite,
            archived: body.archived,
            locked: body.locked,
            rating: body.rating,
            location: body.location,
            use_file: body.use_file,
            ..Edit::default()
        };
        Self::Edit {
            edit: Box::new(edit),
            add_tags: body.add_tags,
            remove_tags: body.remove_tags,
        }
    }
}
