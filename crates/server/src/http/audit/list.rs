//! `GET /audit`.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::{Timestamp, UserId};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use service::Vault;
use service::audit::Filter;
use utoipa::IntoParams;
use uuid::Uuid;

use super::body::EntryBody;
use super::csv;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;
use crate::respond::page::{self, Page};

/// Longest name of an action.
const MAX_ACTION: usize = 100;

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Done by this account.
    #[param(value_type = Option<uuid::Uuid>)]
    actor: Option<UserId>,
    /// This action; with a `.` at the end all that begin with it (`asset.`).
    action: Option<String>,
    /// Done to this asset, account, key, …
    subject: Option<Uuid>,
    /// At this time (RFC 3339) or later.
    #[param(value_type = Option<String>, format = DateTime)]
    after: Option<Timestamp>,
    /// Before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    before: Option<Timestamp>,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
    /// Most entries, 1 to 200; 50 when absent. CSV has them all.
    limit: Option<u32>,
}

impl Params {
    fn filter(&self) -> Result<Filter, Problem> {
        if self
            .action
            .as_ref()
            .is_some_and(|action| action.len() > MAX_ACTION)
        {
            return Err(Problem::field("action", "At most 100 bytes."));
        }
        Ok(Filter {
            actor: self.actor,
            action: self.action.clone().filter(|action| !action.is_empty()),
            subject: self.subject,
            after: self.after,
            before: self.before,
        })
    }
}

/// Read the audit log, the newest entry first; as CSV when `text/csv` is accepted.
#[utoipa::path(get, path = "/audit", tag = "audit", params(Params),
    responses((status = 200, description = "Entries", content(
        (Page<EntryBody> = "application/json"),
        (String = "text/csv"),
    ))))]
pub(crate) async fn list(
    State(vault): State<Vault>,
    SignedIn(caller): SignedIn,
    headers: HeaderMap,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let filter = params.filter()?;
    if wants_csv(&headers) {
        let pages = vault.export_audit_log(&caller, filter).await?;
        return Ok(as_csv(pages));
    }
    let limit = page::limit(params.limit)?;
    let found = vault
        .audit_log(&caller, filter, params.cursor, limit)
        .await?;
    let page: Page<EntryBody> = Page::of(found);
    Ok(Json(page).into_response())
}

fn wants_csv(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.to_ascii_lowercase().contains("text/csv"))
}

/// Lines as they are read. A failure on the way cuts the answer off, which clients notice.
fn as_csv(
    pages: impl futures::Stream<Item = service::Result<Vec<service::audit::Logged>>> + Send + 'static,
) -> Response {
    let head = stream::once(async { Ok(csv::HEAD.to_owned()) });
    let lines = pages
        .map_ok(|page| page.iter().map(csv::line).collect::<String>())
        .inspect_err(|error| tracing::error!(%error, "the audit log could not be read to its end"));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit.csv\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Body::from_stream(head.chain(lines))).into_response()
}
