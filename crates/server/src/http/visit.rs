//! `/shared/{token}`: what visitors see who follow a link and have no account.

pub(crate) mod archive;
pub(crate) mod assets;
mod body;
pub(crate) mod content;
mod cookie;
pub(crate) mod describe;
pub(crate) mod open;
pub(crate) mod rendition;
