//! What a library can be narrowed to: its tags, and what its assets have in common.

use std::collections::BTreeMap;
use std::sync::Arc;

use catalog::assets;
use domain::{Filter, MediaKind, Permission};
use futures::FutureExt;
use identity::Caller;

pub use catalog::assets::LabelCount;

use super::timeline::whole_library;
use crate::Vault;
use crate::error::Result;

/// Most cameras told.
const MAX_CAMERAS: usize = 100;

/// How many assets there are of what; the most frequent first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// By make and model in lower case, as `camera:` finds them.
    pub cameras: Vec<(String, u64)>,
    /// By kind.
    pub kinds: Vec<(MediaKind, u64)>,
    /// By year, newest first.
    pub years: Vec<(String, u64)>,
    /// By stars, 0 for unrated; 5 first.
    pub ratings: Vec<(u8, u64)>,
}

impl Vault {
    /// The tags of the caller's own library, most frequent first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn tags(&self, caller: &Caller) -> Result<Vec<LabelCount>> {
        caller.require(Permission::AssetsRead)?;
        let own = caller.visibility().own();
        let found = self
            .catalog()
            .read(move |tx| async move { assets::tags(tx, &own, &Filter::default()).await }.boxed())
            .await?;
        Ok(found)
    }

    /// What the assets that pass a filter have in common; of the whole library from memory until
    /// something in it changes.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn facets(&self, caller: &Caller, filter: Filter) -> Result<Arc<Facets>> {
        caller.require(Permission::AssetsRead)?;
        let counts = &self.counted().facets;
        let whole = whole_library(caller, &filter);
        counts
            .get_or(whole, self.count_facets(caller, filter))
            .await
    }

    async fn count_facets(&self, caller: &Caller, filter: Filter) -> Result<Facets> {
        let visibility = caller.visibility();
        let (combinations, days) = self
            .catalog()
            .read(move |tx| {
                async move {
                    let combinations = assets::facets(tx, &visibility, &filter).await?;
                    let days = assets::count_days(tx, &visibility, &filter).await?;
                    Ok((combinations, days))
                }
                .boxed()
            })
            .await?;
        let (mut cameras, mut kinds) = (BTreeMap::new(), BTreeMap::new());
        let (mut ratings, mut years) = (BTreeMap::new(), BTreeMap::new());
        for combination in combinations {
            let count = combination.count;
            if !combination.camera.is_empty() {
                *cameras.entry(combination.camera).or_default() += count;
            }
            *kinds.entry(combination.kind).or_default() += count;
            *ratings.entry(combination.stars).or_default() += count;
        }
        for (day, count) in days {
            *years.entry(day.to_string()[..4].to_owned()).or_default() += count;
        }
        let mut cameras = frequent(cameras);
        cameras.truncate(MAX_CAMERAS);
        Ok(Facets {
            cameras,
            kinds: frequent(kinds),
            years: years.into_iter().rev().collect(),
            ratings: ratings.into_iter().rev().collect(),
        })
    }
}

/// The most frequent first, equals in the order of their names.
fn frequent<T: Ord>(counts: BTreeMap<T, u64>) -> Vec<(T, u64)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}
