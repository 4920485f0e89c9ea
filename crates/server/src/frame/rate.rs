//! Holds every client to its share. Calls that are answered quickly are counted against a rate: of
//! the account or the key, and for whoever has none, of the address. What carries media or files of
//! the web app takes long and comes in swarms; there only the number at a time is bounded. Probes are
//! left alone.
//!
//! Answers to counted calls say how the client stands (`RateLimit`, `RateLimit-Policy`:
//! draft-ietf-httpapi-ratelimit-headers-08).

use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{ApiKeyId, Code, UserId};
use http_body::{Body as HttpBody, Frame as BodyFrame, SizeHint};
use identity::{Caller, Peer, Via};
use metrics::counter;

use super::{Frame, authenticate};
use crate::config::Config;
use crate::limits::{Crowd, Meter, Place, Reading, Rule};
use crate::problem::Problem;
use crate::routes::PREFIX;

#[cfg(test)]
mod tests;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Routes that carry bytes of media, by method and pattern below [`PREFIX`].
pub(crate) const TRANSFERS: [(Method, &str); 14] = [
    (Method::GET, "/assets/{id}/content"),
    (Method::GET, "/assets/{id}/renditions/{name}"),
    (Method::GET, "/assets/{id}/versions/{number}/content"),
    (Method::GET, "/shared/{token}/assets/{id}/content"),
    (Method::GET, "/shared/{token}/assets/{id}/renditions/{name}"),
    (Method::POST, "/archives"),
    (Method::POST, "/shared/{token}/archive"),
    (Method::GET, "/export"),
    (Method::POST, "/assets"),
    (Method::POST, "/assets/{id}/files"),
    (Method::POST, "/assets/{id}/versions"),
    (Method::PUT, "/uploads/{id}/content"),
    (Method::POST, "/uploads/tus"),
    (Method::PATCH, "/uploads/tus/{id}"),
];

/// Seconds after which somebody with too many transfers may ask again: one of them may have ended.
const CROWDED: u64 = 1;

/// Whom a request counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    Address(IpAddr),
    User(UserId),
    Key(ApiKeyId),
}

/// How a request is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Not at all.
    Probe,
    /// By rate.
    Call,
    /// By number at a time.
    Transfer,
    /// By number at a time, and it is nobody's in particular.
    Page,
}

/// What all clients have asked for.
pub(crate) struct Limits {
    addresses: Option<Meter<IpAddr>>,
    users: Option<Meter<UserId>>,
    keys: Option<Meter<ApiKeyId>>,
    transfers: Crowd<Who>,
}

impl Limits {
    pub(crate) fn new(config: &Config) -> Self {
        // Whoever switches limits off means all of them.
        let on = |rule: Option<Rule>| config.rate_limit.and(rule);
        Self {
            addresses: config.rate_limit.map(Meter::new),
            users: on(config.user_rate_limit).map(Meter::new),
            keys: on(config.key_rate_limit).map(Meter::new),
            transfers: Crowd::default(),
        }
    }
}

pub(super) async fn limit(State(frame): State<Frame>, request: Request, next: Next) -> Response {
    let kind = kind_of(&request);
    if kind == Kind::Probe {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let caller = match kind {
        Kind::Page => None,
        // A credential that is not good is refused further in; here it makes nobody somebody.
        _ => authenticate(&frame.identity, &frame.config, &parts)
            .await
            .ok()
            .flatten(),
    };
    let who = who(caller.as_ref(), parts.extensions.get::<Peer>());
    if let Some(caller) = caller {
        parts.extensions.insert(caller);
    }
    let request = Request::from_parts(parts, body);
    match kind {
        Kind::Call => call(&frame, who, request, next).await,
        _ => transfer(&frame, who, request, next).await,
    }
}

async fn call(frame: &Frame, who: Who, request: Request, next: Next) -> Response {
    let Some((policy, reading)) = count(frame, who) else {
        return next.run(request).await;
    };
    let mut response = match reading.wait {
        None => next.run(request).await,
        Some(seconds) => refuse(policy, seconds),
    };
    let headers = response.headers_mut();
    let rule = reading.rule;
    let (q, w) = (rule.count(), rule.window().as_secs());
    let said = format!("\"{policy}\";q={q};w={w}");
    let stands = format!("\"{policy}\";r={};t={}", reading.remaining, reading.reset);
    for (name, value) in [(RATE_LIMIT_POLICY, said), (RATE_LIMIT, stands)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}

/// The name of the rule that holds for them, and how they stand; `None` where there is no rule.
fn count(frame: &Frame, who: Who) -> Option<(&'static str, Reading)> {
    let now = frame.clock.now();
    let limits = &frame.limits;
    match who {
        Who::Address(address) => {
            let meter = limits.addresses.as_ref()?;
            Some(("anonymous", meter.count(address, now)))
        }
        Who::User(user) => Some(("user", limits.users.as_ref()?.count(user, now))),
        Who::Key(key) => Some(("key", limits.keys.as_ref()?.count(key, now))),
    }
}

async fn transfer(frame: &Frame, who: Who, request: Request, next: Next) -> Response {
    let most = match who {
        Who::Address(_) => frame.config.max_transfers_per_address,
        Who::User(_) | Who::Key(_) => frame.config.max_transfers_per_user,
    };
    let Some(place) = frame.limits.transfers.enter(who, most) else {
        return refuse("transfers", CROWDED);
    };
    let response = next.run(request).await;
    response.map(|inner| {
        if inner.is_end_stream() {
            inner
        } else {
            Body::new(Held {
                inner,
                _place: place,
            })
        }
    })
}

fn refuse(limit: &'static str, seconds: u64) -> Response {
    counter!("mediavault_http_limited_total", "limit" => limit).increment(1);
    let detail = match limit {
        "transfers" => {
            "Too many transfers at the same time: wait until some have ended.".to_owned()
        }
        _ => format!(
            "Too many requests: wait {seconds} s. The headers RateLimit and RateLimit-Policy tell more."
        ),
    };
    Problem::new(Code::TooManyRequests)
        .detail(detail)
        .retry_after(seconds)
        .into_response()
}

fn who(caller: Option<&Caller>, peer: Option<&Peer>) -> Who {
    match caller.map(|caller| (caller.via, caller.user)) {
        Some((Via::Key(key), _)) => Who::Key(key),
        Some((Via::Session(_) | Via::Token(_) | Via::Service, user)) => Who::User(user),
        // Visitors are as many as want to be; the account named beside is not theirs.
        Some((Via::Link | Via::Share(_), _)) | None => {
            Who::Address(peer.map_or(IpAddr::from([0; 4]), Peer::neighbourhood))
        }
    }
}

fn kind_of(request: &Request) -> Kind {
    let path = request.uri().path();
    if path.starts_with("/health") || path == "/metrics" {
        return Kind::Probe;
    }
    let Some(below) = path.strip_prefix(PREFIX) else {
        return Kind::Page;
    };
    if !below.starts_with('/') {
        return Kind::Page;
    }
    let pattern = request.extensions().get::<MatchedPath>();
    let pattern = pattern.and_then(|pattern| pattern.as_str().strip_prefix(PREFIX));
    let asked = request.method();
    // A GET route answers HEAD as well, without a body.
    let is_by = |by: &Method| by == asked || (*by == Method::GET && *asked == Method::HEAD);
    let carries = pattern.is_some_and(|pattern| {
        TRANSFERS
            .iter()
            .any(|(by, known)| is_by(by) && *known == pattern)
    });
    if carries { Kind::Transfer } else { Kind::Call }
}

/// A body that holds its client's place until it was sent or given up.
struct Held {
    inner: Body,
    _place: Place<Who>,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<BodyFrame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
