//! Pages of assets: an order, and a place in it.

use std::fmt;
use std::str::FromStr;

use domain::{AssetId, Day, Timestamp, one_more};

use super::AssetRow;
use crate::sql::{Arg, Builder};

/// What a list is sorted by; ties by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By capture time (wall time). The day comes first only because timelines are counted by it: it
    /// follows from the time, so it changes nothing of the order.
    #[default]
    Captured,
    /// By the time of adding.
    Created,
    /// By file name, without regard to the case of A to Z. This key alone is text: it is compared byte
    /// by byte, which no locale changes, and a place in it carries the whole name.
    Name,
    /// By the bytes of the original.
    Size,
    /// By stars, unrated as 0.
    Rating,
    /// By the time of going to the trash.
    Trashed,
}

/// An order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// By what.
    pub sort: Sort,
    /// Smallest first; otherwise the greatest, or newest.
    pub ascending: bool,
}

impl From<Sort> for Order {
    fn from(sort: Sort) -> Self {
        let ascending = false;
        Self { sort, ascending }
    }
}

/// What an asset is sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// Milliseconds, bytes or stars.
    Number(i64),
    /// A file name in lower case.
    Text(String),
}

impl Key {
    fn arg(self) -> Arg {
        match self {
            Self::Number(number) => number.into(),
            Self::Text(text) => text.into(),
        }
    }
}

/// A place in an order: after this asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The sort key.
    pub key: Key,
    /// The asset.
    pub id: AssetId,
}

impl Cursor {
    /// Whether it can be a place in this order.
    pub fn fits(&self, sort: Sort) -> bool {
        matches!(self.key, Key::Text(_)) == (sort == Sort::Name)
    }

    /// The day it lies in, of an order by capture time.
    fn day(&self) -> i64 {
        match self.key {
            Key::Number(millis) => Day::of(Timestamp::from_millis(millis)).number(),
            Key::Text(_) => 0,
        }
    }
}

/// A page of a list of assets.
pub type Page<T = AssetRow> = domain::Page<T, Cursor>;

impl Sort {
    /// Where an asset stands.
    pub(super) fn place(self, asset: &AssetRow) -> Cursor {
        let millis = |time: Timestamp| Key::Number(time.millis());
        let key = match self {
            Self::Captured => millis(asset.taken_sort),
            Self::Created => millis(asset.created_at),
            Self::Name => Key::Text(asset.file_name.to_ascii_lowercase()),
            Self::Size => Key::Number(crate::users::signed(asset.size)),
            Self::Rating => Key::Number(asset.rating.unwrap_or(0).into()),
            Self::Trashed => millis(asset.trashed_at.unwrap_or(asset.created_at)),
        };
        Cursor { key, id: asset.id }
    }

    const fn columns(self) -> &'static str {
        match self {
            Self::Captured => "a.day, a.taken_sort, a.id",
            Self::Created => "a.created_at, a.id",
            Self::Name => "{file_name_key}, a.id",
            Self::Size => "a.size, a.id",
            Self::Rating => "a.stars, a.id",
            Self::Trashed => "a.trashed_at, a.id",
        }
    }

    const fn descending(self) -> &'static str {
        match self {
            Self::Captured => "a.day DESC, a.taken_sort DESC, a.id DESC",
            Self::Created => "a.created_at DESC, a.id DESC",
            Self::Name => "{file_name_key} DESC, a.id DESC",
            Self::Size => "a.size DESC, a.id DESC",
            Self::Rating => "a.stars DESC, a.id DESC",
            Self::Trashed => "a.trashed_at DESC, a.id DESC",
        }
    }
}

impl Order {
    /// Appends the condition and order of a page, one row longer than asked for, which tells whether
    /// there is another. The cursor must fit.
    pub(super) fn page(self, sql: &mut Builder, after: Option<Cursor>, limit: u32) {
        if let Some(cursor) = after {
            sql.push(" AND (").push(self.sort.columns());
            sql.push(if self.ascending { ") > (" } else { ") < (" });
            if self.sort == Sort::Captured {
                sql.bind(cursor.day()).push(", ");
            }
            sql.bind(cursor.key.arg());
            sql.push(", ").bind(cursor.id).push(")");
        }
        sql.push(" ORDER BY ").push(if self.ascending {
            self.sort.columns()
        } else {
            self.sort.descending()
        });
        sql.push(" LIMIT ").bind(one_more(limit));
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Key::Number(number) => write!(f, "{number}")?,
            Key::Text(text) => {
                f.write_str("x")?;
                for byte in text.bytes() {
                    write!(f, "{byte:02x}")?;
                }
            }
        }
        write!(f, "_{}", self.id.uuid().as_simple())
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
        let key = match key.strip_prefix('x') {
            Some(hex) => Key::Text(unhex(hex).ok_or(ParseCursorError)?),
            None => Key::Number(key.parse().map_err(|_| ParseCursorError)?),
        };
        let id = id.parse().map_err(|_| ParseCursorError)?;
        Ok(Self { key, id })
    }
}

fn unhex(text: &str) -> Option<String> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    let bytes: Option<Vec<u8>> = digits
        .chunks_exact(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok())
        .collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests;
