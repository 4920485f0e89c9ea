//! Typed ways to answer.

mod conditions;
mod content;
mod disposition;
pub(crate) mod page;
mod range;

pub(crate) use conditions::http_date;
pub use conditions::{Conditions, Verdict};
pub use content::{BodyStream, Cache, Content};
pub use disposition::{Disposition, content_disposition};
pub use page::Page;
