//! The routes: one folder per resource, one file per verb. A handler parses, calls one verb, and
//! responds; what is decided is decided behind it.

pub(crate) mod archives;
pub(crate) mod assets;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod collections;
pub(crate) mod events;
pub(crate) mod export;
pub(crate) mod folders;
pub(crate) mod health;
pub(crate) mod imports;
pub(crate) mod invitations;
pub(crate) mod jobs;
pub(crate) mod library;
pub(crate) mod me;
pub(crate) mod metrics;
pub(crate) mod notifications;
pub(crate) mod people;
pub(crate) mod roles;
pub(crate) mod shares;
pub(crate) mod system;
pub(crate) mod timeline;
pub(crate) mod tus;
pub(crate) mod uploads;
pub(crate) mod users;
pub(crate) mod visit;
