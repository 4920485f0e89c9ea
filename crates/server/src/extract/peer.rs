//! Where a request came from.
//!
//! `X-Forwarded-For` is believed only as far as trusted proxies wrote it: the list is read from the
//! right, and the first address that is not a trusted proxy is the client.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{Extensions, HeaderMap, header};
use identity::Peer;

use crate::config::Config;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Headers that only a proxy adds: a request with one did not begin on this machine.
const FORWARDING: [&str; 4] = [FORWARDED_FOR, "forwarded", "x-real-ip", "x-forwarded-host"];

/// Longest client name that is kept.
const MAX_AGENT: usize = 200;

/// The peer of the request.
#[derive(Debug, Clone)]
pub struct Remote(pub Peer);

impl<S> FromRequestParts<S> for Remote
where
    S: Send + Sync,
    Arc<Config>: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        // The frame has looked already; outside of it we look ourselves.
        let known = parts.extensions.get::<Peer>().cloned();
        Ok(Self(known.unwrap_or_else(|| {
            let config = Arc::<Config>::from_ref(state);
            of(&parts.headers, &parts.extensions, &config)
        })))
    }
}

/// Reads the peer off a request. A request that came by no socket (a test) is from nowhere.
pub(crate) fn of(headers: &HeaderMap, extensions: &Extensions, config: &Config) -> Peer {
    let socket = extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| {
            info.0.ip().to_canonical()
        });
    let forwarded = FORWARDING.iter().any(|name| headers.contains_key(*name));
    Peer {
        address: client(socket, headers, config),
        on_loopback: socket.is_loopback() && !forwarded && is_asked_for_here(headers, config),
        agent: agent(headers),
        request: None,
    }
}

/// Whether the request asks for this machine by one of its own names. A page of somebody else's can
/// make its visitor's browser connect to this machine, by a name of its own that leads here (DNS
/// rebinding); it cannot make it send another name than that.
fn is_asked_for_here(headers: &HeaderMap, config: &Config) -> bool {
    let Some(host) = headers.get(header::HOST) else {
        // HTTP/2 and scripts; no browser speaks the first without TLS.
        return true;
    };
    let Ok(authority) = Authority::try_from(host.as_bytes()) else {
        return false;
    };
    let name = authority.host();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
        || config
            .public_host()
            .is_some_and(|own| own.eq_ignore_ascii_case(name))
}

fn client(socket: IpAddr, headers: &HeaderMap, config: &Config) -> IpAddr {
    let trusted = |address: &IpAddr| {
        config
            .trusted_proxies
            .iter()
            .any(|net| net.contains(address))
    };
    let mut client = socket;
    let lists: Vec<_> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let hops = lists.iter().rev().flat_map(|list| list.rsplit(','));
    for hop in hops {
        if !trusted(&client) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

fn agent(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(agent.chars().take(MAX_AGENT).collect())
}
