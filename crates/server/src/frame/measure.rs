//! Counts and times requests, by the pattern of their route and never by their path: what a client makes
//! up must not become a new series.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use metrics::{counter, gauge, histogram};

/// Stands for the pages of the web app and everything else that is no route of ours.
const PAGE: &str = "page";

/// A request under way.
pub(super) struct Measured {
    method: &'static str,
    route: String,
    begun: Instant,
    _running: Running,
}

/// Counts as running until dropped: also when the client hangs up.
struct Running;

impl Running {
    fn begin() -> Self {
        gauge!("mediavault_http_requests_in_flight").increment(1.0);
        Self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        gauge!("mediavault_http_requests_in_flight").decrement(1.0);
    }
}

impl Measured {
    pub(super) fn begin(request: &Request) -> Self {
        let pattern = request.extensions().get::<MatchedPath>();
        Self {
            method: method(request.method()),
            route: pattern.map_or(PAGE, MatchedPath::as_str).to_owned(),
            begun: Instant::now(),
            _running: Running::begin(),
        }
    }

    /// Notes how it was answered. Gives the time until the answer began.
    pub(super) fn answered(self, status: StatusCode) -> Duration {
        let took = self.begun.elapsed();
        let labels = [("method", self.method.to_owned()), ("route", self.route)];
        histogram!("mediavault_http_request_duration_seconds", &labels).record(took);
        let [method, route] = labels;
        let status = ("status", status.as_str().to_owned());
        counter!("mediavault_http_requests_total", &[method, route, status]).increment(1);
        took
    }
}

/// The method, of those that exist.
fn method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
