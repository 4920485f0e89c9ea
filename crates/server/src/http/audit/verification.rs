//! `GET /audit/verification`.

use axum::Json;
use axum::extract::State;
use domain::Timestamp;
use serde::Serialize;
use service::Vault;
use service::audit::{self, Fault, Verdict};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::SignedIn;
use crate::problem::Problem;

/// Whether the audit log says what it said.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditVerification)]
pub(crate) struct VerificationBody {
    /// Nothing was altered, removed or inserted.
    intact: bool,
    /// Entries that were read and are as they were sealed.
    entries: u64,
    /// Entries too young to be sealed.
    waiting: u64,
    /// The first place; those before it were removed because they were old enough, which is signed.
    first_place: i64,
    /// The last seal; null: nothing is sealed yet.
    #[schema(required)]
    head: Option<SealBody>,
    /// What is wrong first; null: nothing.
    #[schema(required)]
    fault: Option<FaultBody>,
}

/// A signed place. Kept somewhere else, it proves later that nothing before it is missing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditSeal)]
pub(crate) struct SealBody {
    /// The last entry it covers; places count from 1.
    place: i64,
    /// SHA-256 of the chain up to that entry.
    hash: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// HMAC-SHA-256 by the vault's own key.
    signature: String,
}

/// What is wrong.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditFault)]
pub(crate) struct FaultBody {
    kind: FaultKind,
    /// Where in the chain.
    #[schema(required)]
    place: Option<i64>,
    /// Id of the entry.
    #[schema(required)]
    entry: Option<Uuid>,
}

/// How something is wrong.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = AuditFaultKind)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FaultKind {
    /// An entry does not say what was sealed.
    Altered,
    /// There is no entry at this place any more.
    Removed,
    /// An entry was added later than it says.
    Inserted,
    /// Entries up to this place were altered and hashed anew.
    Resealed,
    /// The signature at this place is not the vault's.
    Forged,
}

impl From<Fault> for FaultBody {
    fn from(fault: Fault) -> Self {
        let (kind, place, entry) = match fault {
            Fault::Altered { place, entry } => (FaultKind::Altered, Some(place), Some(entry)),
            Fault::Removed { place } => (FaultKind::Removed, Some(place), None),
            Fault::Inserted { entry, .. } => (FaultKind::Inserted, None, Some(entry)),
            Fault::Resealed { place } => (FaultKind::Resealed, Some(place), None),
            Fault::Forged { place } => (FaultKind::Forged, Some(place), None),
        };
        Self { kind, place, entry }
    }
}

impl From<Verdict> for VerificationBody {
    fn from(verdict: Verdict) -> Self {
        Self {
            intact: verdict.fault.is_none(),
            entries: verdict.intact,
            waiting: verdict.waiting,
            first_place: verdict.first,
            head: verdict.head.map(|seal| SealBody {
                place: seal.place,
                hash: audit::hex(&seal.hash),
                at: seal.at,
                signature: audit::hex(&seal.signature),
            }),
            fault: verdict.fault.map(FaultBody::from),
        }
    }
}

/// Verify the audit log: read all of it again and compare it with its seals.
#[utoipa::path(get, path = "/audit/verification", tag = "audit",
    responses((status = 200, description = "What was found", body = VerificationBody)))]
pub(crate) async fn verify(
    State(vault): State<Vault>,
    SignedIn(caller): SignedIn,
) -> Result<Json<VerificationBody>, Problem> {
    Ok(Json(vault.verify_audit_log(&caller).await?.into()))
}
