//! Who is calling: accounts, passwords, sessions, tokens and keys, boiled down to a [`Caller`].
//!
//! Every transport hands a [`Credential`] to [`Identity`] and gets a [`Caller`] that all verbs of
//! the product understand. Secrets are stored only as hashes; a revoked session or key stops
//! working at once on this node and within two seconds on the others. Verbs are methods on
//! [`Identity`], one file each.

mod access_token;
mod account;
mod authenticate;
mod authority;
mod cache;
mod caller;
mod config;
mod email;
mod error;
mod grant;
mod identity;
mod invitations;
mod keys;
mod login;
mod name;
mod password;
mod people;
mod profile;
mod readable;
mod record;
mod refresh;
mod register;
mod rescue;
mod roles;
mod secret;
mod sessions;
mod setup;
mod throttle;
mod verify;
mod visitors;

#[cfg(test)]
mod tests;

pub use account::Account;
pub use authority::Authority;
pub use caller::{Caller, Credential, Peer, Trace, Via};
pub use config::{Config, Policy, Registration};
pub use error::Error;
pub use grant::{Carrier, Grant, SignIn};
pub use identity::Identity;
pub use invitations::{Invitation, InvitationState, Invited, NewInvitation};
pub use keys::{KeyInfo, NewKey};
pub use people::{NewPerson, Person, PersonEdit};
pub use profile::ProfileEdit;
pub use register::NewAccount;
pub use rescue::RestoredRole;
pub use roles::RoleInfo;
pub use sessions::SessionInfo;
pub use setup::State;
pub use throttle::neighbourhood;
pub use verify::Verified;
