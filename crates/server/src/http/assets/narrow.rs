//! What lists and timelines are narrowed to, from the parameters they share.

use domain::{Filter, MediaKind, Test};

use crate::problem::Problem;

/// Reads a query.
pub(in crate::http) fn query(text: Option<&str>) -> Result<Filter, Problem> {
    domain::parse_query(text.unwrap_or_default())
        .map_err(|error| Problem::field("q", error.to_string()))
}

/// Narrows to one kind.
pub(in crate::http) fn kind(filter: Filter, kind: Option<&str>) -> Result<Filter, Problem> {
    let Some(kind) = kind else { return Ok(filter) };
    let kind: MediaKind = kind
        .parse()
        .map_err(|error: String| Problem::field("kind", error))?;
    Ok(filter.and(Test::Kind(kind)))
}
