//! `GET /notifications`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;

/// Which messages.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Only those that were not read.
    unread: bool,
    /// Most messages in the page, 1 to 200; 50 when absent.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notification)]
pub(crate) struct MessageBody {
    #[schema(value_type = String, format = Uuid)]
    id: String,
    /// `collection.shared` or `collection.contributed`; for those who look after the vault
    /// `copies.damaged`, `replica.away` and `replica.back`, too.
    kind: String,
    /// Names as they were, by kind.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
    /// The id of what it is about.
    subject: Option<String>,
    created_at: String,
    read_at: Option<String>,
}

/// Messages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notifications)]
pub(crate) struct Answer {
    items: Vec<MessageBody>,
    /// How many were not read, on this page or not.
    unread: u64,
    next_cursor: Option<String>,
}

/// Read messages.
#[utoipa::path(get, path = "/notifications", tag = "notifications", params(Params),
    responses((status = 200, description = "Newest first", body = Answer)))]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<Answer>, Problem> {
    let cursor = params.cursor.as_deref();
    let inbox = app
        .vault
        .notifications(&caller, params.unread, cursor, params.limit)
        .await?;
    let items = inbox.page.items.into_iter().map(|message| MessageBody {
        id: message.id.to_string(),
        kind: message.kind,
        detail: message.detail,
        subject: message.subject.map(|subject| subject.to_string()),
        created_at: message.created_at.to_string(),
        read_at: message.read_at.map(|time| time.to_string()),
    });
    Ok(Json(Answer {
        items: items.collect(),
        unread: inbox.unread,
        next_cursor: inbox.page.next,
    }))
}
