//! Settings of the verbs: limits, policies, the workers' pace. Defaults suit one person's machine.

mod hours;

use std::time::Duration;

use domain::MediaType;
use serde::{Deserialize, Serialize};

pub use hours::Hours;

/// What to do with a file whose content is not what its name or sender claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MismatchPolicy {
    /// Keep it as what it is, and say so on the asset.
    #[default]
    Record,
    /// Refuse it.
    Refuse,
}

/// Settings of the verbs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Bytes one file may have.
    pub max_upload_size: u64,
    /// Accepted types, `image/*` or `image/jpeg`; empty accepts every type.
    pub allowed_types: Vec<String>,
    /// A name or claim that the content belies.
    pub type_mismatch: MismatchPolicy,
    /// Bytes that must stay free on the disk; an upload that would go below is refused.
    pub min_free_space: u64,
    /// Files worked on at the same time; 0 is one a processor core.
    pub workers: usize,
    /// Seconds a worker may be silent before its job is given to another.
    pub lease_seconds: u32,
    /// Seconds the workers get to finish when the vault stops.
    pub drain_seconds: u32,
    /// Times a job is tried before it is put aside.
    pub max_attempts: u32,
    /// Bytes of pictures kept in memory.
    pub picture_cache: u64,
    /// Folders of the machine below which folders may be attached that stay where they are.
    pub external_roots: Vec<String>,
    /// Minutes between two looks through such a folder; 0: only when asked for.
    pub external_scan_minutes: u32,
    /// Days a trashed asset is kept before it is deleted for good.
    pub trash_days: u32,
    /// Days an entry of the audit log is kept; 0: for ever.
    pub audit_days: u32,
    /// Bytes a second that are copied to the replica at most; 0: as fast as it goes.
    pub replica_rate: u64,
    /// Days in which every copy is read again once; 0: only when asked for.
    pub scrub_days: u32,
    /// Bytes a second that are read for that at most; 0: as fast as it goes.
    pub scrub_rate: u64,
    /// Hours of the day, in UTC, in which that is done.
    pub scrub_hours: Hours,
    /// Seconds after which an upload that nothing arrives for is given up.
    pub unfinished_upload_seconds: u32,
    /// Resumable uploads one account may have under way.
    pub max_open_uploads: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_upload_size: 64 << 30,
            allowed_types: Vec::new(),
            type_mismatch: MismatchPolicy::default(),
            min_free_space: 256 << 20,
            workers: 0,
            lease_seconds: 60,
            drain_seconds: 20,
            max_attempts: 5,
            picture_cache: 32 << 20,
            external_roots: Vec::new(),
            external_scan_minutes: 60,
            trash_days: 30,
            audit_days: 0,
            replica_rate: 64 << 20,
            scrub_days: 30,
            scrub_rate: 16 << 20,
            scrub_hours: Hours::ALL,
            unfinished_upload_seconds: 3 * 24 * 60 * 60,
            max_open_uploads: 200,
        }
    }
}

impl Config {
    /// Whether files of this type are accepted.
    pub fn allows(&self, found: MediaType) -> bool {
        let kind_of = |pattern: &str| pattern.strip_suffix("/*").map(str::to_owned);
        self.allowed_types.is_empty()
            || self
                .allowed_types
                .iter()
                .any(|pattern| match kind_of(pattern) {
                    Some(kind) => found.mime().split('/').next() == Some(kind.as_str()),
                    None => found.mime() == pattern,
                })
    }

    /// Files worked on at the same time, with 0 resolved.
    pub fn worker_count(&self) -> usize {
        match self.workers {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            count => count,
        }
    }

    /// How long a worker may be silent.
    pub fn lease(&self) -> Duration {
        Duration::from_secs(u64::from(self.lease_seconds))
    }

    /// Refuses settings that cannot work.
    ///
    /// # Errors
    /// The setting and what is wrong with it.
    pub fn validate(&self) -> Result<(), (&'static str, String)> {
        if self.max_upload_size == 0 {
            return Err(("max_upload_size", "must be more than 0".to_owned()));
        }
        for pattern in &self.allowed_types {
            let known = match pattern.strip_suffix("/*") {
                Some(kind) => MediaType::ALL
                    .iter()
                    .any(|known| known.mime().starts_with(&format!("{kind}/"))),
                None => pattern.parse::<MediaType>().is_ok(),
            };
            if !known {
                return Err(("allowed_types", format!("{pattern} names no known type")));
            }
        }
        if let Some(root) = self
            .external_roots
            .iter()
            .find(|root| !root.starts_with('/'))
        {
            let why = format!("{root} must be a whole path, beginning with /");
            return Err(("external_roots", why));
        }
        if self.scrub_days > 3650 {
            return Err(("scrub_days", "at most 3650".to_owned()));
        }
        if self.workers > 256 {
            return Err(("workers", "at most 256".to_owned()));
        }
        if !(5..=3600).contains(&self.lease_seconds) {
            return Err(("lease_seconds", "5 to 3600".to_owned()));
        }
        if !(1..=30 * 24 * 60 * 60).contains(&self.unfinished_upload_seconds) {
            return Err(("unfinished_upload_seconds", "1 to 2592000".to_owned()));
        }
        if !(1..=10_000).contains(&self.max_open_uploads) {
            return Err(("max_open_uploads", "1 to 10000".to_owned()));
        }
        if !(1..=50).contains(&self.max_attempts) {
            return Err(("max_attempts", "1 to 50".to_owned()));
        }
        Ok(())
    }
}
