//! Albums of an export, over all folders.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::pair::Lost;
use super::{Moment, Plan, Reason};

/// An album to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Album {
    /// Its title.
    pub name: String,
    /// What its owner wrote about it.
    pub description: Option<String>,
    /// What lies in it: paths of items, in order.
    pub paths: Vec<String>,
}

/// Gathers the albums of all items. JSON in an album's folder that has no file beside it puts the
/// file of that name and time from another folder into the album: in some exports the file lies
/// only in its year.
pub(super) fn gather(plan: &mut Plan, lost: Vec<Lost>, mut descriptions: BTreeMap<String, String>) {
    let mut albums: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for item in &plan.items {
        if let Some(album) = &item.album {
            albums
                .entry(album.clone())
                .or_default()
                .insert(item.path.clone());
        }
    }
    let elsewhere = by_title(plan);
    for lost in lost {
        let key = lost.photo.title.clone().zip(lost.photo.taken);
        let found = key.as_ref().and_then(|key| elsewhere.get(key));
        let reason = match (found, lost.album) {
            (Some(path), Some(album)) => {
                albums.entry(album).or_default().insert(path.clone());
                Reason::AlbumEntry
            }
            _ => Reason::NoMedia,
        };
        plan.ignore(&lost.path, reason);
    }
    plan.albums = albums
        .into_iter()
        .map(|(name, paths)| Album {
            description: descriptions.remove(&name),
            name,
            paths: paths.into_iter().collect(),
        })
        .collect();
}

/// Items by the title and time in their JSON; an edited copy does not stand for its original.
fn by_title(plan: &Plan) -> HashMap<(String, Moment), String> {
    let mut found = HashMap::new();
    for item in &plan.items {
        let Some(key) = item.photo.title.clone().zip(item.photo.taken) else {
            continue;
        };
        if item.file_name == key.0 || !found.contains_key(&key) {
            found.insert(key, item.path.clone());
        }
    }
    found
}
