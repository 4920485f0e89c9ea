//! Typed ways to read a request, each refusing with a problem that names what is wrong.

mod caller;
mod if_match;
mod json;
mod path;
pub(crate) mod peer;
mod query;
mod this_site;

#[cfg(test)]
mod tests;

pub use caller::{MaybeSignedIn, SignedIn};
pub use if_match::IfMatch;
pub use json::Json;
pub(crate) use json::parse as parse_json;
pub use path::Path;
pub use peer::Remote;
pub use query::Query;
pub use this_site::FromThisSite;
