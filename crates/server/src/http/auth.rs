//! Accounts: `/auth/…`.

mod body;
pub(crate) mod cookie;
pub(crate) mod invitation;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod refresh;
pub(crate) mod register;
pub(crate) mod state;
pub(crate) mod verify;

pub(crate) use body::UserBody;
