//! `GET /events`: server-sent events (HTML Living Standard §9.2), resumable by `Last-Event-ID`.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRef, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt};
use identity::Caller;
use serde_json::json;
use service::hub::Heard;

use crate::app::App;
use crate::extract::SignedIn;
use crate::frame::authenticate;
use crate::problem::Problem;

/// How often a silent stream says that it is still there.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Listen to what changes in the library.
///
/// Events are `asset.created`, `asset.updated`, `asset.trashed`, `asset.restored` and
/// `asset.deleted` with `{"asset_id", "status"}`; `collection.updated` and `collection.deleted` with
/// `{"collection_id"}`; `access.changed` when the listener may see or do other things than before;
/// `notification.created`; `reset` means: load everything anew.
#[utoipa::path(get, path = "/events", tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "Resume after this event")),
    responses((status = 200, description = "The stream", content_type = "text/event-stream")))]
pub async fn stream(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    headers: HeaderMap,
    mut parts: Parts,
) -> Result<Response, Problem> {
    let last = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    let heard = app.vault.events(&caller, last).await?;
    // What the frame found out at the beginning is not asked again otherwise.
    parts.extensions.remove::<Caller>();
    let heard = while_signed_in(heard, app, parts);
    let stream = Sse::new(spoken(heard)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let mut response = stream.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would otherwise collect events before it passes them on.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// Ends before the first event that comes when the credential is no longer good: a stream outlives
/// neither a sign-out nor a token. Clients come back by themselves and are told to sign in.
fn while_signed_in(
    heard: impl Stream<Item = Heard>,
    app: App,
    parts: Parts,
) -> impl Stream<Item = Heard> {
    let listener = Arc::new((app, parts));
    heard.take_while(move |_| {
        let listener = Arc::clone(&listener);
        async move {
            let (app, parts) = &*listener;
            let caller = authenticate(&FromRef::from_ref(app), &Arc::from_ref(app), parts).await;
            matches!(caller, Ok(Some(_)))
        }
    })
}

/// The events of a stream; the first thing said is how long to wait before coming back.
fn spoken(heard: impl Stream<Item = Heard>) -> impl Stream<Item = Result<Event, Infallible>> {
    let hello = futures::stream::once(async {
        Event::default()
            .retry(Duration::from_secs(2))
            .comment("hello")
    });
    hello
        .chain(heard.filter_map(|heard| std::future::ready(said(heard))))
        .map(Ok)
}

fn said(heard: Heard) -> Option<Event> {
    match heard {
        Heard::Event(event) => {
            let (kind, id) = (event.kind.as_str(), event.subject.to_string());
            let data = match kind.split_once('.') {
                Some(("asset", _)) => {
                    let status = event.status.map(|status| status.as_str());
                    json!({ "asset_id": id, "status": status })
                }
                Some(("collection", _)) => json!({ "collection_id": id }),
                _ => json!({}),
            };
            Some(
                Event::default()
                    .id(event.place.to_string())
                    .event(kind)
                    .data(data.to_string()),
            )
        }
        Heard::Reset => Some(Event::default().event("reset").data("{}")),
        Heard::End => None,
    }
}
