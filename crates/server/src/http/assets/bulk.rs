//! `POST /assets/bulk`: the same for many assets; and taking it back.

use axum::Json;
use axum::extract::State;
use domain::{AssetId, BatchId, Code};
use serde::{Deserialize, Serialize};
use service::library::bulk::{Deed, Outcome, Which};
use utoipa::ToSchema;

use super::edit::BulkEditBody;
use super::narrow;
use super::revisions::Params;
use crate::app::App;
use crate::extract::{Json as JsonIn, Path, Query, SignedIn};
use crate::problem::Problem;

/// Which of the caller's own assets, and what is done with each.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BulkRequest)]
pub struct Body {
    /// At most 1,000; or else `q`.
    #[schema(value_type = Option<Vec<String>>)]
    ids: Option<Vec<AssetId>>,
    /// All that this query finds, at most 10,000.
    q: Option<String>,
    r#do: Do,
}

/// Exactly one of these.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BulkDeed)]
pub struct Do {
    edit: Option<BulkEditBody>,
    shift_captured: Option<Shift>,
    /// true: to the trash.
    #[serde(default)]
    trash: bool,
    /// true: out of the trash.
    #[serde(default)]
    restore: bool,
    /// true: from the trash, for good.
    #[serde(default)]
    delete: bool,
}

/// Moves times, because a clock was wrong.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BulkShift)]
pub struct Shift {
    /// Later when positive.
    seconds: i64,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkAnswer)]
pub struct Answer {
    /// Names the edits, for `POST /assets/bulk/{batch}/undo`; null when nothing was edited.
    #[schema(format = Uuid)]
    batch: Option<String>,
    /// Assets that are as wanted now.
    done: u64,
    /// Those that are not, and why.
    failed: Vec<FailedBody>,
}

/// An asset that could not be helped.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkFailure)]
pub struct FailedBody {
    #[schema(format = Uuid)]
    id: String,
    /// Stable word, as of problems.
    #[schema(value_type = String)]
    code: Code,
    detail: String,
}

impl Answer {
    fn of(outcome: Outcome) -> Self {
        let failed = outcome.failed.into_iter().map(|failed| FailedBody {
            id: failed.id.to_string(),
            code: failed.code,
            detail: failed.detail,
        });
        Self {
            batch: outcome.batch.map(|batch| batch.to_string()),
            done: outcome.done,
            failed: failed.collect(),
        }
    }
}

/// Do the same to many of the caller's own assets. Each few of them are a transaction; those that
/// could not be helped are told, and the others are done.
#[utoipa::path(post, path = "/assets/bulk", tag = "assets", request_body = Body,
    responses((status = 200, description = "What became of it", body = Answer)))]
pub async fn bulk(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<Answer>, Problem> {
    let which = match (body.ids, body.q) {
        (Some(ids), None) => Which::Named(ids),
        (None, Some(q)) => Which::Matching(narrow::query(Some(&q))?),
        _ => return Err(Problem::field("ids", "Send either ids or q.")),
    };
    let outcome = app.vault.bulk(&caller, which, body.r#do.deed()?).await?;
    Ok(Json(Answer::of(outcome)))
}

impl Do {
    fn deed(self) -> Result<Deed, Problem> {
        let asked = [
            self.edit.map(Deed::from),
            self.shift_captured
                .map(|shift| Deed::ShiftCaptured(shift.seconds)),
            self.trash.then_some(Deed::Trash),
            self.restore.then_some(Deed::Restore),
            self.delete.then_some(Deed::Delete),
        ];
        let mut asked = asked.into_iter().flatten();
        match (asked.next(), asked.next()) {
            (Some(deed), None) => Ok(deed),
            _ => Err(Problem::field(
                "do",
                "Exactly one of edit, shift_captured, trash, restore, delete.",
            )),
        }
    }
}

/// Take back what one request changed of many assets.
#[utoipa::path(post, path = "/assets/bulk/{batch}/undo", tag = "assets",
    params(("batch" = String, Path), Params),
    responses((status = 200, description = "What became of it", body = Answer)))]
pub async fn undo(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(batch): Path<BatchId>,
    Query(params): Query<Params>,
) -> Result<Json<Answer>, Problem> {
    let outcome = app.vault.undo_bulk(&caller, batch, params.force).await?;
    Ok(Json(Answer::of(outcome)))
}
