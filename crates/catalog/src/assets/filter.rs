//! [`domain::Filter`] as SQL.

use domain::{Filter, LocalTime};

use super::tags;
use crate::sql::Builder;

/// Appends the filter's conditions on asset `a`, each with a leading AND.
pub(super) fn narrow(sql: &mut Builder, filter: &Filter) {
    sql.push(if filter.trashed {
        " AND a.trashed_at IS NOT NULL"
    } else {
        " AND a.trashed_at IS NULL"
    });
    if filter.favourite {
        sql.push(" AND a.favourite = TRUE");
    }
    if !filter.kinds.is_empty() {
        sql.push(" AND a.kind");
        sql.is_one_of(filter.kinds.iter().copied());
    }
    for word in &filter.words {
        sql.push(" AND a.search_text LIKE ")
            .bind(containing(word))
            .push(r" ESCAPE '\'");
    }
    if let Some(camera) = &filter.camera {
        sql.push(" AND a.camera LIKE ")
            .bind(containing(camera))
            .push(r" ESCAPE '\'");
    }
    if let Some(after) = &filter.after {
        sql.push(" AND a.taken_sort >= ")
            .bind(start_of(after).unwrap_or(i64::MIN));
    }
    if let Some(before) = &filter.before {
        sql.push(" AND a.taken_sort < ")
            .bind(start_of(before).unwrap_or(i64::MAX));
    }
    for tag in &filter.tags {
        sql.push(" AND EXISTS (SELECT 1 FROM asset_tag t WHERE t.tenant = a.tenant AND t.asset = a.id AND t.tag = ");
        sql.bind(tags::normalise(tag)).push(")");
    }
}

/// A LIKE pattern for text that contains `word`. Text and pattern are lower-cased by us, because the
/// databases disagree about case.
fn containing(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len() + 2);
    pattern.push('%');
    for c in word.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The first moment of `YYYY[-MM[-DD]]` as if in UTC, in milliseconds. A day that its month does not
/// have is one of the next month.
fn start_of(date: &str) -> Option<i64> {
    let mut parts = date.split('-');
    let (year, month) = (parts.next()?, parts.next().unwrap_or("01"));
    let day: i64 = parts.next().unwrap_or("01").parse().ok()?;
    let first = LocalTime {
        local: format!("{year}-{month}-01T00:00:00"),
        offset_minutes: None,
        source: String::new(),
    };
    Some(first.as_if_utc()?.millis() + (day - 1) * 86_400_000)
}

#[cfg(test)]
mod tests;
