//! What a person says of an asset, column by column: the raw form of an edit, and of its undoing.

use domain::{LocalTime, Place, Timestamp, given};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{FileFact, Patch};
use crate::assets::derive::Said;
use crate::assets::hydrate::holding;
use crate::assets::{AssetRow, tags};
use crate::sql::Builder;
use crate::{Error, Tx};

/// Most tags of an asset.
const MAX_TAGS: usize = 1000;

/// Where a time comes from that was reckoned from another.
const SHIFTED: &str = "said";

/// What is said; an absent field says nothing new. Of what the file may say too, `Some(None)` leaves it
/// to the file, and `""`, 0 and `null` say "none".
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Saying {
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub(super) title: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub(super) description: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub(super) rating: Option<Option<u8>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub(super) captured: Option<Option<LocalTime>>,
    /// JSON of a place.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub(super) place: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) favourite: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) archived: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) locked: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) metadata: Option<Value>,
}

/// JSON of a place, or of none.
fn written(place: Option<&Place>) -> String {
    serde_json::json!(place).to_string()
}

impl Saying {
    /// What a patch of this asset says, or why it cannot be said of it.
    pub(super) fn of(patch: &Patch, asset: &AssetRow) -> Result<Self, &'static str> {
        let text = |new: &Option<String>| Some(new.clone().unwrap_or_default());
        let mut saying = Self {
            title: patch.title.as_ref().map(text),
            description: patch.description.as_ref().map(text),
            rating: patch.rating.map(|new| Some(new.unwrap_or(0))),
            captured: patch.captured.clone(),
            place: patch.place.as_ref().map(|new| Some(written(new.as_ref()))),
            favourite: patch.favourite,
            archived: patch.archived,
            locked: patch.locked,
            tags: tags_of(patch, asset)?,
            metadata: patch.metadata.clone(),
        };
        for fact in &patch.use_file {
            match fact {
                FileFact::Title => saying.title = Some(None),
                FileFact::Description => saying.description = Some(None),
                FileFact::Rating => saying.rating = Some(None),
                FileFact::Captured => saying.captured = Some(None),
                FileFact::Place => saying.place = Some(None),
            }
        }
        if let Some(seconds) = patch.shift_captured {
            saying.captured = Some(Some(shifted(asset, seconds)?));
        }
        Ok(saying)
    }

    /// The same fields as `other` has, with what is said here.
    pub(super) fn only_of(&self, other: &Self) -> Self {
        fn one<T: Clone, U>(kept: &Option<T>, of: &Option<U>) -> Option<T> {
            of.as_ref().and(kept.as_ref()).cloned()
        }
        Self {
            title: one(&self.title, &other.title),
            description: one(&self.description, &other.description),
            rating: one(&self.rating, &other.rating),
            captured: one(&self.captured, &other.captured),
            place: one(&self.place, &other.place),
            favourite: one(&self.favourite, &other.favourite),
            archived: one(&self.archived, &other.archived),
            locked: one(&self.locked, &other.locked),
            tags: one(&self.tags, &other.tags),
            metadata: one(&self.metadata, &other.metadata),
        }
    }

    /// What holds of an asset once this is said.
    pub(super) fn applied_to(&self, asset: &AssetRow) -> AssetRow {
        let mut after = asset.clone();
        let facts = &asset.facts;
        if let Some(title) = &self.title {
            after.title = holding(title.clone(), facts.title.as_deref());
        }
        if let Some(description) = &self.description {
            after.description = holding(description.clone(), facts.description.as_deref());
        }
        if let Some(rating) = self.rating {
            after.rating = rating.or(facts.rating).filter(|stars| *stars > 0);
        }
        if let Some(captured) = &self.captured {
            let holding = LocalTime::that_holds(captured.as_ref(), facts.captured.as_ref());
            after.captured = holding.cloned();
        }
        if let Some(place) = &self.place {
            after.place = match place {
                // It was written by us.
                Some(json) => serde_json::from_str(json).unwrap_or_default(),
                None => facts.place.clone(),
            };
        }
        after.favourite = self.favourite.unwrap_or(after.favourite);
        after.archived = self.archived.unwrap_or(after.archived);
        after.locked = self.locked.unwrap_or(after.locked);
        if let Some(labels) = &self.tags {
            after.tags = tags::as_kept(labels);
        }
        if let Some(metadata) = &self.metadata {
            after.metadata = metadata.clone();
        }
        after
    }

    /// Writes the columns that something is said of.
    pub(super) async fn store(
        &self,
        tx: &mut Tx,
        asset: &AssetRow,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut sql = Builder::new("UPDATE asset SET revision = revision + 1, updated_at = ");
        sql.bind(now);
        if let Some(title) = &self.title {
            sql.push(", title = ").bind(title.as_deref());
        }
        if let Some(description) = &self.description {
            sql.push(", description = ").bind(description.as_deref());
        }
        if let Some(rating) = self.rating {
            sql.push(", rating = ").bind(rating);
        }
        if let Some(captured) = &self.captured {
            let time = captured.as_ref();
            sql.push(", captured_local = ")
                .bind(time.map(|time| time.local.as_str()));
            sql.push(", captured_offset = ")
                .bind(time.and_then(|time| time.offset_minutes));
            sql.push(", captured_source = ")
                .bind(time.map(|time| time.source.as_str()));
        }
        if let Some(place) = &self.place {
            sql.push(", said_place = ").bind(place.as_deref());
        }
        for (column, value) in [
            (", favourite = ", self.favourite),
            (", archived = ", self.archived),
            (", locked = ", self.locked),
        ] {
            if value.is_some() {
                sql.push(column).bind(value);
            }
        }
        if let Some(metadata) = &self.metadata {
            sql.push(", metadata = ").bind(metadata);
        }
        sql.push(" WHERE tenant = ").bind(asset.tenant);
        sql.push(" AND id = ").bind(asset.id);
        let (sql, args) = sql.finish();
        tx.execute(sql, args).await.map(drop)
    }
}

/// All tags an asset bears after a patch, when it changes any.
fn tags_of(patch: &Patch, asset: &AssetRow) -> Result<Option<Vec<String>>, &'static str> {
    if patch.tags.is_none() && patch.add_tags.is_empty() && patch.remove_tags.is_empty() {
        return Ok(None);
    }
    let mut labels = patch.tags.clone().unwrap_or_else(|| asset.tags.clone());
    let unwanted: Vec<_> = patch
        .remove_tags
        .iter()
        .map(|tag| tags::normalise(tag))
        .collect();
    labels.retain(|label| !unwanted.contains(&tags::normalise(label)));
    labels.extend_from_slice(&patch.add_tags);
    let labels = tags::as_kept(&labels);
    if labels.len() > MAX_TAGS {
        return Err("it would bear too many tags");
    }
    Ok(Some(labels))
}

fn shifted(asset: &AssetRow, seconds: i64) -> Result<LocalTime, &'static str> {
    let time = asset
        .captured
        .as_ref()
        .ok_or("nobody knows when it was taken")?;
    let mut time = time.plus_seconds(seconds).ok_or("there is no such time")?;
    time.source = SHIFTED.to_owned();
    Ok(time)
}

impl AssetRow {
    /// What holds, as if all of it had been said: then nothing of the file's comes in again.
    pub(super) fn as_said(&self) -> Said {
        Said {
            file_name: self.file_name.clone(),
            title: Some(self.title.clone().unwrap_or_default()),
            description: Some(self.description.clone().unwrap_or_default()),
            rating: Some(self.rating.unwrap_or(0)),
            captured: self.captured.clone(),
            place: Some(self.place.clone()),
            created_at: self.created_at,
        }
    }
}
