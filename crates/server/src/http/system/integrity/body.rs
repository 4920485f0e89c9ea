//! The JSON shapes of copies, checks and findings.

use serde::Serialize;
use service::integrity::report::{Affected, CheckRun, FindingReport, Integrity, StoreReport};
use utoipa::ToSchema;

/// How the copies of everything are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Integrity)]
pub(crate) struct IntegrityBody {
    /// The primary, and the replica where there is one.
    stores: Vec<StoreBody>,
    /// Copies that are wrong and not repaired.
    open_findings: u64,
    /// The check that runs, or ran last.
    #[schema(required)]
    check: Option<CheckBody>,
    scrub: ScrubBody,
}

/// One store and its copies.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IntegrityStore)]
pub(crate) struct StoreBody {
    /// `primary` or `replica`.
    role: &'static str,
    /// What the store is called.
    name: String,
    /// Why it cannot be used just now; null when it can.
    #[schema(required)]
    away: Option<String>,
    /// Since when, as far as that is known.
    #[schema(required, format = DateTime)]
    away_since: Option<String>,
    /// Bytes that can still be written; null: unknown.
    #[schema(required)]
    free_bytes: Option<u64>,
    /// Copies there are, and bytes of their files as they were sent.
    copies: u64,
    bytes: u64,
    /// Of them, those that are wrong.
    damaged: u64,
    /// Of them, those that are not there.
    missing: u64,
    /// Every copy was read again since then; null: there is none.
    #[schema(required, format = DateTime)]
    checked_since: Option<String>,
    behind: BehindBody,
}

/// What a store is still to get.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IntegrityBehind)]
pub(crate) struct BehindBody {
    count: u64,
    /// As they are stored.
    bytes: u64,
    /// Since when the oldest has waited; null: none waits.
    #[schema(required, format = DateTime)]
    since: Option<String>,
    /// Of them, those that were tried in vain.
    failing: u64,
}

/// How everything is read again by itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Scrub)]
pub(crate) struct ScrubBody {
    /// Days in which everything is read once; 0: only when asked for.
    days: u32,
    /// Bytes a second; 0: as fast as it goes.
    rate: u64,
    /// Hours of the day, in UTC: `22-6`.
    hours: String,
}

/// A check of every copy.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Check)]
pub(crate) struct CheckBody {
    #[schema(value_type = String, format = Uuid)]
    id: String,
    /// `running`, `done` or `cancelled`.
    state: &'static str,
    /// Name of whoever asked for it.
    started_by: String,
    started_at: String,
    #[schema(required, format = DateTime)]
    ended_at: Option<String>,
    /// Copies there were to look at when it began, and their bytes.
    copies: u64,
    bytes: u64,
    /// Copies looked at, and their bytes.
    checked: u64,
    checked_bytes: u64,
    /// Copies that were wrong.
    found: u64,
    /// Of them, those repaired.
    repaired: u64,
    /// Why it cannot go on just now.
    #[schema(required)]
    message: Option<String>,
}

/// A copy that is, or was, not what it ought to be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Finding)]
pub(crate) struct FindingBody {
    #[schema(value_type = String, format = Uuid)]
    id: String,
    #[schema(value_type = String, format = Uuid)]
    blob_id: String,
    /// `primary`, `replica` or `external`: the copy in which store.
    store: &'static str,
    /// `damaged`, `missing` or `unreadable`.
    kind: &'static str,
    /// As it was found, in words.
    reason: String,
    /// `scrub`, `check` or `read`: who noticed.
    found_by: &'static str,
    #[schema(format = DateTime)]
    found_at: String,
    /// `open`, `repaired`, `sound` (read whole later), `replaced` (the bytes came again) or `dropped`
    /// (nothing referred to it any more).
    outcome: &'static str,
    #[schema(format = DateTime)]
    outcome_at: String,
    /// Why it could not be repaired, when that was tried last.
    #[schema(required)]
    problem: Option<String>,
    /// Assets that have the file, at most 5.
    assets: Vec<AffectedBody>,
}

/// An asset that has a file that was found wrong.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AffectedAsset)]
pub(crate) struct AffectedBody {
    #[schema(value_type = String, format = Uuid)]
    id: String,
    /// Null where it lies behind its owner's lock.
    #[schema(required)]
    file_name: Option<String>,
    /// Name, or else e-mail address, of its owner.
    owner: String,
}

impl From<Integrity> for IntegrityBody {
    fn from(found: Integrity) -> Self {
        Self {
            stores: found.stores.into_iter().map(StoreBody::from).collect(),
            open_findings: found.open_findings,
            check: found.check.map(CheckBody::from),
            scrub: ScrubBody {
                days: found.scrub_days,
                rate: found.scrub_rate,
                hours: found.scrub_hours.to_string(),
            },
        }
    }
}

impl From<StoreReport> for StoreBody {
    fn from(store: StoreReport) -> Self {
        let (away, since) = store.away.unzip();
        Self {
            role: store.role.as_str(),
            name: store.name,
            away,
            away_since: since.flatten().map(|time| time.to_string()),
            free_bytes: store.free_bytes,
            copies: store.sums.copies,
            bytes: store.sums.bytes,
            damaged: store.sums.damaged,
            missing: store.sums.missing,
            checked_since: store.sums.oldest_check.map(|time| time.to_string()),
            behind: BehindBody {
                count: store.behind.count,
                bytes: store.behind.bytes,
                since: store.behind.since.map(|time| time.to_string()),
                failing: store.behind.failing,
            },
        }
    }
}

impl From<CheckRun> for CheckBody {
    fn from(run: CheckRun) -> Self {
        Self {
            id: run.id.to_string(),
            state: run.state.as_str(),
            started_by: run.started_by,
            started_at: run.started_at.to_string(),
            ended_at: run.ended_at.map(|time| time.to_string()),
            copies: run.tally.copies,
            bytes: run.tally.bytes,
            checked: run.tally.checked,
            checked_bytes: run.tally.checked_bytes,
            found: run.tally.found,
            repaired: run.tally.repaired,
            message: run.message,
        }
    }
}

impl From<FindingReport> for FindingBody {
    fn from(report: FindingReport) -> Self {
        let finding = report.finding;
        Self {
            id: finding.id.to_string(),
            blob_id: finding.blob.to_string(),
            store: finding.store.as_str(),
            kind: finding.kind.as_str(),
            reason: finding.reason,
            found_by: finding.found_by.as_str(),
            found_at: finding.found_at.to_string(),
            outcome: finding.outcome.as_str(),
            outcome_at: finding.outcome_at.to_string(),
            problem: finding.problem,
            assets: report.affected.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Affected> for AffectedBody {
    fn from(asset: Affected) -> Self {
        Self {
            id: asset.asset.to_string(),
            file_name: asset.file_name,
            owner: asset.owner_name,
        }
    }
}
