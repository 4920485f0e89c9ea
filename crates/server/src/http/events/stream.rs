//! `GET /events`: server-sent events (HTML Living Standard §9.2), resumable by `Last-Event-ID`.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt};
use serde_json::json;
use service::hub::Heard;

use crate::app::App;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// How often a silent stream says that it is still there.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Listen to what changes in the library.
///
/// Events are `asset.created`, `asset.updated`, `asset.trashed`, `asset.restored` and
/// `asset.deleted` with `{"asset_id", "status"}`; `reset` means: load everything anew.
#[utoipa::path(get, path = "/events", tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "Resume after this event")),
    responses((status = 200, description = "The stream", content_type = "text/event-stream")))]
pub async fn stream(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let last = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    let heard = app.vault.events(&caller, last).await?;
    let stream = Sse::new(spoken(heard)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let mut response = stream.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would otherwise collect events before it passes them on.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
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
            let status = event.status.map(|status| status.as_str());
            let data = json!({ "asset_id": event.asset.to_string(), "status": status });
            Some(
                Event::default()
                    .id(event.place.to_string())
                    .event(event.kind.as_str())
                    .data(data.to_string()),
            )
        }
        Heard::Reset => Some(Event::default().event("reset").data("{}")),
        Heard::End => None,
    }
}
