//! One file per command: its flags (their comments are the help) and what it does.

pub mod admin;
pub mod completions;
pub mod config;
pub mod doctor;
pub mod get;
pub mod login;
pub mod ls;
pub mod openapi;
pub mod search;
pub mod serve;
pub mod upload;
pub mod verify;
