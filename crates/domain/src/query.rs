//! The query language, as far as plain filters go: `beach type:image camera:"iPhone 12"
//! after:2024-05 before:2024-06-15 is:favourite`.
//!
//! Words match file name, title and description. A mistake says what was expected and where.

use std::str::FromStr;

use crate::kind::MediaKind;

/// Most words and filters of one query. Each is a condition that the database checks, and planning
/// thousands of them can keep one busy for minutes.
const MAX_TERMS: usize = 50;

/// What a list or search is narrowed to. Empty means everything the caller may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Each must occur in file name, title or description, ignoring case.
    pub words: Vec<String>,
    /// One of these kinds; empty means any.
    pub kinds: Vec<MediaKind>,
    /// Must occur in make or model, ignoring case.
    pub camera: Option<String>,
    /// Captured at or after this wall time, `YYYY[-MM[-DD]]`.
    pub after: Option<String>,
    /// Captured before this wall time, `YYYY[-MM[-DD]]`.
    pub before: Option<String>,
    /// Bears this tag.
    pub tags: Vec<String>,
    /// Only favourites.
    pub favourite: bool,
    /// Only what lies in the trash; otherwise the trash is left out.
    pub trashed: bool,
}

/// A query that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {position})")]
pub struct QueryError {
    /// What was expected.
    pub message: String,
    /// Where in the query, counted in characters from 0.
    pub position: usize,
}

/// Reads a query.
///
/// # Errors
/// The first mistake, with its position.
pub fn parse_query(text: &str) -> Result<Filter, QueryError> {
    let mut filter = Filter::default();
    for (index, (position, token)) in tokens(text)?.into_iter().enumerate() {
        let fail = |message: String| QueryError { message, position };
        if index == MAX_TERMS {
            return Err(fail(format!("at most {MAX_TERMS} words and filters")));
        }
        let Some((key, value)) = token.split_once(':').filter(|(key, _)| is_key(key)) else {
            filter.words.push(token);
            continue;
        };
        if value.is_empty() {
            return Err(fail(format!("{key}: wants a value")));
        }
        match key {
            "type" => filter.kinds.push(MediaKind::from_str(value).map_err(fail)?),
            "camera" => filter.camera = Some(value.to_owned()),
            "after" => filter.after = Some(date(value).map_err(fail)?),
            "before" => filter.before = Some(date(value).map_err(fail)?),
            "tag" => filter.tags.push(value.to_owned()),
            "is" => match value {
                "favourite" | "favorite" => filter.favourite = true,
                "trashed" => filter.trashed = true,
                _ => return Err(fail("is: wants favourite or trashed".to_owned())),
            },
            _ => {
                return Err(fail(format!(
                    "unknown filter {key}: (there are type, camera, after, before, tag, is)"
                )));
            }
        }
    }
    Ok(filter)
}

/// A word before a colon is meant as a filter when it is all letters: `IMG:1` is still a word.
fn is_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase())
}

fn date(value: &str) -> Result<String, String> {
    let bad = || "a date is written YYYY, YYYY-MM or YYYY-MM-DD".to_owned();
    let mut parts = value.split('-');
    let mut next = |width: usize, range: std::ops::RangeInclusive<u16>| match parts.next() {
        None => Ok(None),
        Some(part) if part.len() == width && part.bytes().all(|b| b.is_ascii_digit()) => {
            let number: u16 = part.parse().map_err(|_| bad())?;
            if range.contains(&number) {
                Ok(Some(number))
            } else {
                Err(bad())
            }
        }
        Some(_) => Err(bad()),
    };
    next(4, 0..=9999)?.ok_or_else(bad)?;
    next(2, 1..=12)?;
    next(2, 1..=31)?;
    if parts.next().is_some() {
        Err(bad())
    } else {
        Ok(value.to_owned())
    }
}

/// Splits at white space outside double quotes; quotes group and vanish.
fn tokens(text: &str) -> Result<Vec<(usize, String)>, QueryError> {
    let mut found = Vec::new();
    let mut current: Option<(usize, String)> = None;
    let mut quote = None;
    for (position, c) in text.chars().enumerate() {
        match c {
            '"' if quote.is_some() => quote = None,
            '"' => {
                quote = Some(position);
                current.get_or_insert_with(|| (position, String::new()));
            }
            c if c.is_whitespace() && quote.is_none() => found.extend(current.take()),
            c => current
                .get_or_insert_with(|| (position, String::new()))
                .1
                .push(c),
        }
    }
    if let Some(position) = quote {
        return Err(QueryError {
            message: "this quote is never closed".to_owned(),
            position,
        });
    }
    found.extend(current);
    Ok(found)
}

#[cfg(test)]
mod tests;
