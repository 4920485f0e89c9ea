//! One page of a list.

use std::fmt::Display;

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
    /// The page in JSON.
    pub fn of<F: Into<T>, P: Display>(found: domain::Page<F, P>) -> Self {
        let page = found.map(Into::into).written();
        Self {
            items: page.items,
            next_cursor: page.next,
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
