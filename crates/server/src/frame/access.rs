//! Who may call a route, checked before its body is read.

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use domain::{Code, Permission};
use identity::{Caller, Credential, Identity, Peer};

use super::{Frame, cross_site};
use crate::config::Config;
use crate::http::auth::cookie;
use crate::problem::Problem;

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Anybody whose credential is good.
    SignedIn,
    /// Anybody who signed in, but no API key.
    InPerson,
    /// Whoever holds the permission.
    Needs(Permission),
    /// Whoever holds the permission and signed in: no API key.
    InPersonWith(Permission),
    /// A good credential with the permission, or a signed URL for this one thing.
    Signed(Permission),
    /// A signed URL alone.
    SignedOnly,
    /// A connection from this machine, or whoever holds the permission.
    LoopbackOr(Permission),
}

/// The layer in front of a group of routes that share `access`.
pub(crate) async fn guard(
    State((frame, access)): State<(Frame, Access)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let verdict = match access {
        // Who these are for takes more than a credential to see: the handler looks.
        Access::Public | Access::Signed(_) | Access::SignedOnly | Access::LoopbackOr(_) => Ok(()),
        Access::SignedIn => admit(&frame, &mut parts, |_| Ok(())).await,
        Access::InPerson => admit(&frame, &mut parts, |caller| caller.in_person().map(drop)).await,
        Access::Needs(permission) => {
            admit(&frame, &mut parts, |caller| caller.require(permission)).await
        }
        Access::InPersonWith(permission) => {
            let both = |caller: &Caller| {
                caller.in_person()?;
                caller.require(permission)
            };
            admit(&frame, &mut parts, both).await
        }
    };
    match verdict {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(problem) => problem.into_response(),
    }
}

async fn admit(
    frame: &Frame,
    parts: &mut Parts,
    allows: impl FnOnce(&Caller) -> Result<(), identity::Error>,
) -> Result<(), Problem> {
    let caller = authenticate(&frame.identity, &frame.config, parts)
        .await?
        .ok_or(Problem::new(Code::Unauthenticated))?;
    allows(&caller)?;
    parts.extensions.insert(caller);
    Ok(())
}

/// Checks the credential of a request; `None` when it carries none.
///
/// # Errors
/// `unauthenticated` for a credential that is not good, `cross_site` for a change by cookie that
/// did not come from our pages.
pub(crate) async fn authenticate(
    identity: &Identity,
    config: &Config,
    parts: &Parts,
) -> Result<Option<Caller>, Problem> {
    if let Some(caller) = parts.extensions.get::<Caller>() {
        return Ok(Some(caller.clone()));
    }
    let caller = if let Some(token) = bearer(&parts.headers)? {
        identity.authenticate(Credential::Bearer(token)).await?
    } else {
        let jar = CookieJar::from_headers(&parts.headers);
        let Some(cookie) = jar.get(cookie::NAME) else {
            return Ok(None);
        };
        cross_site::require_own_site(parts, config)?;
        let credential = Credential::Cookie(cookie.value());
        identity.authenticate(credential).await?
    };
    tracing::Span::current().record("user", tracing::field::display(caller.user));
    let trace = parts.extensions.get::<Peer>().map(Peer::trace);
    Ok(Some(caller.traced(trace.unwrap_or_default())))
}

/// What `Authorization` or `X-Api-Key` carries.
///
/// # Errors
/// `unauthenticated` when it cannot be read.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let unreadable = || Problem::new(Code::Unauthenticated).detail("Unreadable credential.");
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let value = value.to_str().map_err(|_| unreadable())?;
        let (scheme, token) = value.split_once(' ').ok_or_else(unreadable)?;
        return if scheme.eq_ignore_ascii_case("bearer") {
            Ok(Some(token.trim()))
        } else {
            Err(unreadable())
        };
    }
    match headers.get("x-api-key") {
        Some(value) => value.to_str().map(Some).map_err(|_| unreadable()),
        None => Ok(None),
    }
}
