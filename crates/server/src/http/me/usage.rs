//! `GET /me/usage`.

use axum::Json;
use axum::extract::State;
use domain::{AssetId, MediaKind};
use serde::Serialize;
use service::Vault;
use service::usage::{Usage, Weight};
use utoipa::ToSchema;

use crate::extract::SignedIn;
use crate::problem::Problem;

/// What one's library weighs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Usage)]
pub(crate) struct UsageBody {
    /// Bytes that count against the quota.
    used: u64,
    /// Bytes the account may own; null: no limit.
    #[schema(required)]
    quota: Option<u64>,
    /// Assets outside of the trash.
    count: u64,
    /// The same by kind.
    by_kind: Vec<KindBody>,
    /// The same by the month of their arrival, the oldest first.
    by_month: Vec<MonthBody>,
    /// The ten largest assets, those in the trash included.
    largest: Vec<LargeBody>,
    trash: WeightBody,
    /// Earlier versions of assets.
    versions: WeightBody,
}

/// A number of things and their bytes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Weight)]
pub(crate) struct WeightBody {
    count: u64,
    bytes: u64,
}

impl From<Weight> for WeightBody {
    fn from(weight: Weight) -> Self {
        Self {
            count: weight.count,
            bytes: weight.bytes,
        }
    }
}

/// The assets of one kind.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageOfKind)]
pub(crate) struct KindBody {
    #[schema(value_type = String)]
    kind: MediaKind,
    #[serde(flatten)]
    weight: WeightBody,
}

/// The assets that arrived in one month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageOfMonth)]
pub(crate) struct MonthBody {
    /// `2024-05`, UTC.
    month: String,
    #[serde(flatten)]
    weight: WeightBody,
}

/// A large asset.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LargeAsset)]
pub(crate) struct LargeBody {
    #[schema(value_type = uuid::Uuid)]
    id: AssetId,
    file_name: String,
    #[schema(value_type = String)]
    kind: MediaKind,
    bytes: u64,
    /// In the trash.
    trashed: bool,
}

impl From<Usage> for UsageBody {
    fn from(usage: Usage) -> Self {
        let largest = usage.largest.into_iter().map(|asset| LargeBody {
            id: asset.id,
            file_name: asset.file_name,
            kind: asset.kind,
            bytes: asset.bytes,
            trashed: asset.trashed,
        });
        let kinds = usage.by_kind.into_iter().map(|(kind, weight)| KindBody {
            kind,
            weight: weight.into(),
        });
        let months = usage.by_month.into_iter().map(|(month, weight)| MonthBody {
            month,
            weight: weight.into(),
        });
        Self {
            used: usage.used,
            quota: usage.quota,
            count: usage.kept.count,
            by_kind: kinds.collect(),
            by_month: months.collect(),
            largest: largest.collect(),
            trash: usage.trash.into(),
            versions: usage.versions.into(),
        }
    }
}

/// Say what one's library weighs, and where the weight lies.
#[utoipa::path(get, path = "/me/usage", tag = "me",
    responses((status = 200, description = "In bytes", body = UsageBody)))]
pub(crate) async fn usage(
    State(vault): State<Vault>,
    SignedIn(caller): SignedIn,
) -> Result<Json<UsageBody>, Problem> {
    Ok(Json(vault.usage(&caller).await?.into()))
}
