//! What this crate writes to the audit log.

use catalog::{Tx, audit};
use domain::{TenantId, Timestamp, UserId};
use serde_json::{Value, json};

use crate::caller::{Caller, Peer};
use crate::identity::Identity;

/// A deed worth remembering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    Registered,
    SignedIn,
    SignInFailed,
    SignedOut,
    SessionEnded,
    TokenReused,
    KeyMade,
    KeyRevoked,
    PasswordReset,
    AccountMade,
    SetupCodeMade,
    AccountChanged,
    AccountRemoved,
    PasswordChanged,
    InvitationMade,
    InvitationRevoked,
    RoleMade,
    RoleChanged,
    RoleRemoved,
    RolesRestored,
}

impl Deed {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "account.registered",
            Self::SignedIn => "session.started",
            Self::SignInFailed => "session.refused",
            Self::SignedOut => "session.ended",
            Self::SessionEnded => "session.revoked",
            Self::TokenReused => "session.token_reused",
            Self::KeyMade => "api_key.made",
            Self::KeyRevoked => "api_key.revoked",
            Self::PasswordReset => "account.password_reset",
            Self::AccountMade => "account.made",
            Self::SetupCodeMade => "setup_code.made",
            Self::AccountChanged => "account.changed",
            Self::AccountRemoved => "account.removed",
            Self::PasswordChanged => "account.password_changed",
            Self::InvitationMade => "invitation.made",
            Self::InvitationRevoked => "invitation.revoked",
            Self::RoleMade => "role.made",
            Self::RoleChanged => "role.changed",
            Self::RoleRemoved => "role.removed",
            Self::RolesRestored => "roles.restored",
        }
    }
}

/// An entry in the making.
pub(crate) struct Record {
    entry: audit::Entry,
}

impl Identity {
    /// Begins an entry for something that happens at `now`.
    pub(crate) fn record(&self, deed: Deed, tenant: TenantId, now: Timestamp) -> Record {
        Record {
            entry: audit::Entry {
                tenant,
                id: self.ids().fresh(),
                at: now,
                actor: None,
                action: deed.as_str().to_owned(),
                subject: None,
                detail: json!({}),
                address: None,
                request: None,
            },
        }
    }
}

impl Record {
    /// Who did it.
    pub(crate) fn by(mut self, actor: UserId) -> Self {
        self.entry.actor = Some(actor);
        self
    }

    /// Who did it, and from where.
    pub(crate) fn of(mut self, caller: &Caller) -> Self {
        self.entry.actor = Some(caller.user);
        self.entry.address = caller.trace.address.map(|address| address.to_string());
        self.entry.request = caller.trace.request;
        self
    }

    /// What it was done to.
    pub(crate) fn to(mut self, subject: uuid::Uuid) -> Self {
        self.entry.subject = Some(subject);
        self
    }

    /// Where it was done from.
    pub(crate) fn from(mut self, peer: &Peer) -> Self {
        self.entry.address = Some(peer.address.to_string());
        self.entry.request = peer.request;
        self
    }

    /// What else should be known.
    pub(crate) fn with(mut self, detail: Value) -> Self {
        self.entry.detail = detail;
        self
    }

    /// Writes it in the transaction of the deed.
    pub(crate) async fn write(&self, tx: &mut Tx) -> Result<(), catalog::Error> {
        audit::append(tx, &self.entry).await
    }
}
