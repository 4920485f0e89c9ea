//! Who is asking, by which credential, and what that allows.

use std::net::IpAddr;

use domain::{
    ApiKeyId, Permission, Permissions, RequestId, SessionId, ShareId, TenantId, UserId, Visibility,
};

use crate::error::Error;
use crate::throttle::neighbourhood;

/// The credential a caller came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// A browser's session cookie.
    Session(SessionId),
    /// An access token, good as long as its session.
    Token(SessionId),
    /// An API key.
    Key(ApiKeyId),
    /// A signed URL: the caller is whoever signed it, for that one thing.
    Link,
    /// A link that somebody made: the caller is a visitor, who sees what it opens and nothing else. The
    /// account named beside is that of the link's owner.
    Share(ShareId),
    /// The vault itself, working for a user.
    Service,
}

/// Somebody whose credential was checked. Every verb of the product takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The tenant outside of which the caller sees nothing.
    pub tenant: TenantId,
    /// The account acted for.
    pub user: UserId,
    /// What roles and the credential's scopes allow together.
    pub permissions: Permissions,
    /// What the caller may see.
    pub visibility: Visibility,
    /// How the caller proved it.
    pub via: Via,
    /// Where the request came from.
    pub trace: Trace,
}

/// What the audit log notes of a request beside who made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Trace {
    /// Address of the client; `None`: the vault itself, or a command at the machine.
    pub address: Option<IpAddr>,
    /// The request.
    pub request: Option<RequestId>,
}

impl Caller {
    /// The same caller, with where the request came from.
    #[must_use]
    pub fn traced(self, trace: Trace) -> Self {
        Self { trace, ..self }
    }

    /// Refuses a caller who may not do this.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] naming the permission.
    pub fn require(&self, permission: Permission) -> Result<(), Error> {
        if self.permissions.has(permission) {
            Ok(())
        } else {
            Err(Error::NotAllowed(permission))
        }
    }

    /// The assets the caller may see.
    pub fn visibility(&self) -> Visibility {
        self.visibility.clone()
    }

    /// Refuses a caller who came by anything but a sign-in.
    ///
    /// # Errors
    /// [`Error::InPerson`].
    pub fn in_person(&self) -> Result<SessionId, Error> {
        self.session().ok_or(Error::InPerson)
    }

    /// The session the caller came by, if by one.
    pub fn session(&self) -> Option<SessionId> {
        match self.via {
            Via::Session(session) | Via::Token(session) => Some(session),
            Via::Key(_) | Via::Link | Via::Share(_) | Via::Service => None,
        }
    }
}

/// Where a request came from, as far as it can be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Address of the client, read through trusted proxies only.
    pub address: IpAddr,
    /// The socket itself is on loopback and no proxy forwarded the request.
    pub on_loopback: bool,
    /// What the client calls itself, shown in the list of sessions.
    pub agent: Option<String>,
    /// The request, for the audit log.
    pub request: Option<RequestId>,
}

impl Peer {
    /// What counts as the same client where only its address is known: an IPv6 customer holds at
    /// least a /64 and could change within it.
    pub fn neighbourhood(&self) -> IpAddr {
        neighbourhood(self.address)
    }

    /// What the audit log notes of it.
    pub fn trace(&self) -> Trace {
        Trace {
            address: Some(self.address),
            request: self.request,
        }
    }
}

/// A credential as it was sent, not yet checked.
#[derive(Clone, Copy)]
pub enum Credential<'a> {
    /// Value of the session cookie.
    Cookie(&'a str),
    /// What followed `Authorization: Bearer`: an access token or an API key.
    Bearer(&'a str),
}
