//! Collections: albums, what lies in them, to whom they are open.

mod albums;
mod members;
