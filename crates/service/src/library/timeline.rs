//! The timeline: how much lies in each month, and what it is drawn with.

use std::sync::Arc;

use catalog::assets::{self, Sort, Span};
use domain::{CollectionId, Day, Filter, Page, Permission};
use identity::Caller;

pub use catalog::assets::Tile;

use super::place;
use crate::counted::Library;
use crate::error::{Error, Result};
use crate::{Vault, page};

/// Assets in a page of tiles when the client names no number.
const DEFAULT_PAGE: u32 = 500;

/// Most assets in a page of tiles.
const MAX_PAGE: u32 = 2000;

/// A month with more is told by its days, so that no stretch is too long to load at once.
const MAX_BUCKET: u64 = 1000;

/// How much lies where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Assets in all.
    pub total: u64,
    /// Where they lie, newest first; none is empty.
    pub buckets: Vec<Bucket>,
}

/// A stretch of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// A month, `2024-05`, or a day, `2024-05-17`.
    pub key: String,
    /// Its first day.
    pub from: Day,
    /// The day after its last.
    pub to: Day,
    /// Assets in it.
    pub count: u64,
}

/// A part of a timeline to draw.
#[derive(Debug, Clone, Default)]
pub struct Stretch {
    /// What it is narrowed to.
    pub filter: Filter,
    /// A collection it is of.
    pub collection: Option<CollectionId>,
    /// The first day; absent, the first there is.
    pub from: Option<Day>,
    /// The day after the last; absent, beyond the last there is.
    pub to: Option<Day>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Most tiles in the page.
    pub limit: Option<u32>,
}

impl Vault {
    /// How much of what the caller may see lies in each month. The plain question, which every page
    /// begins with, is answered from memory until something in the library changes.
    ///
    /// # Errors
    /// `NotFound` for the collection.
    pub async fn timeline(
        &self,
        caller: &Caller,
        filter: Filter,
        collection: Option<CollectionId>,
    ) -> Result<Arc<Timeline>> {
        caller.require(Permission::AssetsRead)?;
        let filter = self.narrowed(caller, filter, collection).await?;
        let counts = &self.counted().timelines;
        let whole = whole_library(caller, &filter);
        counts.get_or(whole, self.count(caller, filter)).await
    }

    async fn count(&self, caller: &Caller, filter: Filter) -> Result<Timeline> {
        let visibility = caller.visibility();
        let days = self
            .catalog()
            .read(move |tx| {
                Box::pin(async move { assets::count_days(tx, &visibility, &filter).await })
            })
            .await?;
        Ok(Timeline::of(&days))
    }

    /// A page of tiles of the assets the caller may see, newest first.
    ///
    /// # Errors
    /// `NotFound` for the collection, a field problem for `to`, `limit` or `cursor`.
    pub async fn tiles(&self, caller: &Caller, stretch: Stretch) -> Result<Page<Tile>> {
        caller.require(Permission::AssetsRead)?;
        let limit = page::size(stretch.limit, DEFAULT_PAGE, MAX_PAGE)?;
        let after = place(stretch.cursor.as_deref(), Sort::Captured)?;
        let (from, to) = (stretch.from, stretch.to);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(Error::field("to", "not before from"));
        }
        let filter = self
            .narrowed(caller, stretch.filter, stretch.collection)
            .await?;
        let visibility = caller.visibility();
        let page = self
            .catalog()
            .read(move |tx| {
                Box::pin(async move {
                    let span = Span { from, to };
                    assets::tiles(tx, &visibility, &filter, span, after, limit).await
                })
            })
            .await?;
        Ok(page.written())
    }
}

/// The library that a filter looks at, if it is one and looks at all of it.
pub(super) fn whole_library(caller: &Caller, filter: &Filter) -> Option<Library> {
    let mut owners = caller.visibility.owners();
    match (owners.next(), owners.next(), filter.is_default()) {
        (Some(owner), None, true) => Some((caller.tenant, owner)),
        _ => None,
    }
}

impl Timeline {
    /// Of how much lies in each day, newest first.
    fn of(days: &[(Day, u64)]) -> Self {
        let mut buckets = Vec::new();
        for month in days.chunk_by(|(a, _), (b, _)| a.month() == b.month()) {
            let count = month.iter().map(|(_, count)| count).sum();
            if count > MAX_BUCKET {
                buckets.extend(month.iter().map(|(day, count)| Bucket {
                    key: day.to_string(),
                    from: *day,
                    to: day.next(),
                    count: *count,
                }));
            } else if let Some((day, _)) = month.first() {
                buckets.push(Bucket {
                    key: day.month_name(),
                    from: day.month(),
                    to: day.next_month(),
                    count,
                });
            }
        }
        Self {
            total: days.iter().map(|(_, count)| count).sum(),
            buckets,
        }
    }
}

#[cfg(test)]
mod tests;
