//! `GET /timeline`: how much lies in each month.

use axum::Json;
use axum::extract::State;
use domain::CollectionId;
use serde::{Deserialize, Serialize};
use service::library::timeline::{Bucket, Timeline};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Query, SignedIn};
use crate::http::assets::narrow;
use crate::problem::Problem;

/// What it is narrowed to.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Query language, as for `GET /assets`.
    q: Option<String>,
    /// Only what lies in this collection.
    #[param(value_type = Option<String>, format = Uuid)]
    collection: Option<CollectionId>,
}

/// How much lies where.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Timeline)]
pub struct TimelineBody {
    /// Assets in all.
    total: u64,
    /// Where they lie, newest first; none is empty.
    buckets: Vec<BucketBody>,
}

/// A stretch of the timeline.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimelineBucket)]
pub struct BucketBody {
    /// A month, `2024-05`; or a day, `2024-05-17`, where a month has more than 1,000.
    key: String,
    /// Its first day.
    #[schema(format = Date)]
    from: String,
    /// The day after its last.
    #[schema(format = Date)]
    to: String,
    count: u64,
}

/// Count the library by month. An asset that nobody dated lies where it was added.
#[utoipa::path(get, path = "/timeline", tag = "timeline", params(Params),
    responses((status = 200, description = "Newest first", body = TimelineBody)))]
pub async fn buckets(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<TimelineBody>, Problem> {
    let filter = narrow::query(params.q.as_deref())?;
    let timeline = app
        .vault
        .timeline(&caller, filter, params.collection)
        .await?;
    Ok(Json(TimelineBody::of(&timeline)))
}

impl TimelineBody {
    fn of(timeline: &Timeline) -> Self {
        let body = |bucket: &Bucket| BucketBody {
            key: bucket.key.clone(),
            from: bucket.from.to_string(),
            to: bucket.to.to_string(),
            count: bucket.count,
        };
        Self {
            total: timeline.total,
            buckets: timeline.buckets.iter().map(body).collect(),
        }
    }
}
