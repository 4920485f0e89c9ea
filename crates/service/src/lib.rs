//! The product's verbs. Page, API, command line and links call the same ones with a [`Caller`];
//! what a verb decides it decides here, and nowhere else.
//!
//! [`Vault`] joins the collaborators once. Verbs are methods on it, in the file of their subject:
//! [`ingest`] (the one way in), [`companions`] (what belongs to a file), [`library`] (look, change, trash), [`content`] and [`renditions`]
//! (the ways out), [`archive`], [`export`], [`links`], [`uploads`] (presigned), [`resumable`] (broken off and gone on with), [`steps`], [`imports`]. Behind them,
//! [`pipeline`] says what follows what, [`jobs`] does it, [`keepers`] tidy up, [`follow`] tells
//! listeners what changed.
//!
//! [`Caller`]: identity::Caller

pub mod archive;
pub mod audit;
pub mod collections;
pub mod companions;
pub mod config;
pub mod content;
mod counted;
pub mod error;
pub mod export;
pub mod external;
pub mod follow;
pub mod hub;
pub mod imports;
pub mod ingest;
pub mod integrity;
pub mod jobs;
pub mod keepers;
pub mod library;
pub mod links;
mod load;
pub mod members;
pub mod notifications;
pub mod observe;
mod page;
pub mod pipeline;
pub mod queue;
pub mod readiness;
pub mod relocate;
pub mod renditions;
pub mod replica;
pub mod resumable;
mod runs;
pub mod said;
pub mod settings;
pub mod setup;
pub mod shares;
pub mod steps;
pub mod storage;
pub mod uploads;
pub mod usage;
mod vault;

pub use config::Config;
pub use error::{Error, Result};
pub use vault::{Parts, Vault};
