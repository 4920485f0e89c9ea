//! Resumable uploads: the tus protocol, as clients speak it and as they break off.

mod client;
mod command;
mod concatenation;
mod extensions;
mod interrupted;
mod protocol;
mod quota;
