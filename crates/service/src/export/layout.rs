//! Where the files of an export lie. Whoever unpacks it finds photographs by the month they were taken, with
//! what belongs to them beside them; what only another vault wants lies in folders of its own.

use std::collections::HashMap;

use catalog::versions::FileRole;
use domain::{AssetId, Sha256};

use super::record::{File, Record};
use crate::archive::Names;

/// Gives files their places. No two get the same, ignoring case.
#[derive(Default)]
pub struct Layout {
    names: Names,
    kept: HashMap<AssetId, String>,
}

impl Layout {
    /// One that gives originals the places they have had: so an export that was made before goes on.
    pub fn keeping(kept: HashMap<AssetId, String>) -> Self {
        let mut names = Names::default();
        for path in kept.values() {
            names.take(last(path));
        }
        Self { names, kept }
    }

    /// Gives every file of an asset its place.
    pub fn place(&mut self, record: &mut Record) {
        record.path = match self.kept.remove(&record.id) {
            Some(path) => path,
            None => format!(
                "{}/{}",
                month(record),
                self.names
                    .unique(record.file_name.trim_start_matches(['.', ' ']))
            ),
        };
        let mut places: HashMap<Sha256, String> = HashMap::new();
        places.insert(record.sha256, record.path.clone());
        let id = record.id;
        let stem = match record.path.rsplit_once('.') {
            Some((stem, ending)) if !ending.contains('/') => stem,
            _ => &record.path,
        };
        for file in &mut record.files {
            // As phones and cameras name them, so that other programs pair them.
            let paired = format!("{stem}.{}", file.extension());
            let is_pair = matches!(file.role.as_str(), "motion" | "raw");
            let place = match is_pair && self.names.take(last(&paired)) {
                true => paired,
                false => aside("beside", id, file),
            };
            file.path = places.entry(file.sha256).or_insert(place).clone();
        }
        for version in &mut record.versions {
            for file in &mut version.files {
                let place = aside("versions", id, file);
                file.path = places.entry(file.sha256).or_insert(place).clone();
            }
        }
    }
}

/// The last part of a path.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A place that only these bytes of this asset have.
fn aside(folder: &str, id: AssetId, file: &File) -> String {
    // It may come from a vault that nobody knows.
    let role = FileRole::ALL.iter().find(|role| role.as_str() == file.role);
    let role = role.map_or("other", |role| role.as_str());
    let digest = file.sha256.to_string();
    format!(
        "{folder}/{id}/{role}-{}.{}",
        &digest[..16],
        file.extension()
    )
}

/// `originals/2024/05`: by the time it was taken, else came.
fn month(record: &Record) -> String {
    let captured = record
        .captured_at
        .as_ref()
        .and_then(domain::LocalTime::as_if_utc);
    let day = captured.unwrap_or(record.created_at).to_string();
    let mut parts = day.splitn(3, '-');
    match (parts.next(), parts.next()) {
        (Some(year), Some(month)) if year.len() == 4 && month.len() == 2 => {
            format!("originals/{year}/{month}")
        }
        _ => "originals/undated".to_owned(),
    }
}

#[cfg(test)]
mod tests;
