//! Pages of assets: an order, and a place in it.

use std::fmt;
use std::str::FromStr;

use domain::AssetId;

use super::AssetRow;
use crate::sql::Builder;

/// The order of a list; always newest first, ties by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By capture time (wall time).
    #[default]
    Captured,
    /// By the time of adding.
    Created,
}

/// A place in an order: after this asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The sort key, in milliseconds.
    pub key: i64,
    /// The asset.
    pub id: AssetId,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The assets.
    pub items: Vec<AssetRow>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<Cursor>,
}

impl Sort {
    fn key(self, asset: &AssetRow) -> i64 {
        match self {
            Self::Captured => asset.taken_sort.millis(),
            Self::Created => asset.created_at.millis(),
        }
    }

    /// Appends the condition and order of a page, one row longer than asked for, which tells whether
    /// there is another.
    pub(super) fn page(self, sql: &mut Builder, after: Option<Cursor>, limit: u32) {
        if let Some(cursor) = after {
            sql.push(match self {
                Self::Captured => " AND (a.taken_sort, a.id) < (",
                Self::Created => " AND (a.created_at, a.id) < (",
            });
            sql.bind(cursor.key).push(", ").bind(cursor.id).push(")");
        }
        sql.push(match self {
            Self::Captured => " ORDER BY a.taken_sort DESC, a.id DESC LIMIT ",
            Self::Created => " ORDER BY a.created_at DESC, a.id DESC LIMIT ",
        });
        sql.bind(i64::from(limit) + 1);
    }

    /// Makes a page of what was found by [`Sort::page`].
    pub(super) fn cut(self, mut items: Vec<AssetRow>, limit: u32) -> Page {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| Cursor {
            key: self.key(last),
            id: last.id,
        });
        Page { items, next }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.key, self.id.uuid().as_simple())
    }
}

/// The text was not a cursor of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor that was given out")]
pub struct ParseCursorError;

impl FromStr for Cursor {
    type Err = ParseCursorError;

    fn from_str(text: &str) -> Result<Self, ParseCursorError> {
        let (key, id) = text.split_once('_').ok_or(ParseCursorError)?;
        Ok(Self {
            key: key.parse().map_err(|_| ParseCursorError)?,
            id: id.parse().map_err(|_| ParseCursorError)?,
        })
    }
}
