//! What clients say about pages: how long, and from where.

use std::str::FromStr;

use crate::error::{Error, Result};

/// How many are wanted, of a bounded number.
pub(crate) fn size(asked: Option<u32>, default: u32, most: u32) -> Result<u32> {
    let limit = asked.unwrap_or(default);
    if (1..=most).contains(&limit) {
        Ok(limit)
    } else {
        Err(Error::field("limit", format!("1 to {most}")))
    }
}

/// The place after which a page begins, as the page before named it.
pub(crate) fn after<P: FromStr>(cursor: Option<&str>) -> Result<Option<P>> {
    let text = cursor.filter(|text| !text.is_empty());
    let place = text.map(str::parse).transpose();
    place.map_err(|_| Error::field("cursor", "not a cursor of this list"))
}
