//! One page of a list.

use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;

/// Items on a page when nobody says how many.
const USUAL: u32 = 50;

/// Most items on a page.
const MOST: u32 = 200;

/// Some items, and where the next ones begin.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// Send as `cursor` to get the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page of at most `limit` of `found`, of which one more was asked for: if it is there, there is a
    /// next page, which begins after the last item shown.
    pub fn of<F: Into<T>>(mut found: Vec<F>, limit: u32, cursor: impl Fn(&F) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let next_cursor = found.last().filter(|_| more).map(cursor);
        Self {
            items: found.into_iter().map(Into::into).collect(),
            next_cursor,
        }
    }
}

/// The number of items to show: what was asked for, within reason.
///
/// # Errors
/// A problem for `limit`.
pub fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked.unwrap_or(USUAL) {
        limit @ 1..=MOST => Ok(limit),
        _ => Err(Problem::field("limit", "1 to 200.")),
    }
}
