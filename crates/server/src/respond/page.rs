//! One page of a list.

use serde::Serialize;
use utoipa::ToSchema;

/// Some items, and where the next ones begin.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// Send as `cursor` to get the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}
