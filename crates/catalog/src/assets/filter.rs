//! The tests of a [`domain::Filter`] as SQL.

use domain::{Area, Circle, MediaKind, Stars, Status, Term, Test};

use super::tags;
use crate::pattern::containing;
use crate::sql::Builder;

/// Kilometres from one degree of latitude to the next.
const DEGREE: f64 = 111.195;

/// Appends conditions on asset `a`, each with a leading AND.
pub(super) fn all_of(sql: &mut Builder, terms: &[Term]) {
    one_of_kinds(sql, terms);
    one_of_states(sql, terms);
    for Term { negated, test } in terms {
        if !negated && matches!(test, Test::Kind(_) | Test::Status(_)) {
            continue;
        }
        sql.push(if *negated { " AND NOT (" } else { " AND (" });
        holds(sql, test);
        sql.push(")");
    }
}

fn one_of_kinds(sql: &mut Builder, terms: &[Term]) {
    let kinds: Vec<MediaKind> = asked(terms, |test| match test {
        Test::Kind(kind) => Some(*kind),
        _ => None,
    });
    if !kinds.is_empty() {
        sql.push(" AND a.kind").is_one_of(kinds);
    }
}

fn one_of_states(sql: &mut Builder, terms: &[Term]) {
    let states: Vec<Status> = asked(terms, |test| match test {
        Test::Status(status) => Some(*status),
        _ => None,
    });
    if !states.is_empty() {
        sql.push(" AND a.status").is_one_of(states);
    }
}

fn asked<T>(terms: &[Term], value: impl Fn(&Test) -> Option<T>) -> Vec<T> {
    let plain = terms.iter().filter(|term| !term.negated);
    plain.filter_map(|term| value(&term.test)).collect()
}

/// Appends one condition. None of them is ever NULL, so each can be negated.
fn holds(sql: &mut Builder, test: &Test) {
    match test {
        Test::Word(word) => {
            sql.push("a.search_text LIKE ").bind(containing(word));
            sql.push(r" ESCAPE '\'");
        }
        Test::Name(name) => {
            // The text that is searched begins with the file name.
            sql.push("substr(a.search_text, 1, length(a.file_name)) LIKE ");
            sql.bind(containing(name)).push(r" ESCAPE '\'");
        }
        Test::Camera(camera) => {
            sql.push("a.camera LIKE ").bind(containing(camera));
            sql.push(r" ESCAPE '\'");
        }
        Test::Kind(kind) => {
            sql.push("a.kind = ").bind(*kind);
        }
        Test::Status(status) => {
            sql.push("a.status = ").bind(*status);
        }
        Test::After(day) => {
            sql.push("a.day >= ").bind(day.number());
        }
        Test::Before(day) => {
            sql.push("a.day < ").bind(day.number());
        }
        Test::Tag(tag) => {
            sql.push("EXISTS (SELECT 1 FROM asset_tag t WHERE t.tenant = a.tenant AND t.asset = a.id AND t.tag = ");
            sql.bind(tags::normalise(tag)).push(")");
        }
        Test::Rating(Stars { from, to }) => {
            sql.push("a.stars >= ").bind(*from);
            sql.push(" AND a.stars <= ").bind(*to);
        }
        Test::Favourite => {
            sql.push("a.favourite = TRUE");
        }
        Test::HasPlace => {
            sql.push("a.lat IS NOT NULL");
        }
        Test::Near(circle) => near(sql, circle),
        Test::Within(area) => within(sql, area),
    }
}

fn within(sql: &mut Builder, area: &Area) {
    sql.push("a.lat IS NOT NULL AND a.lat >= ").bind(area.south);
    sql.push(" AND a.lat <= ").bind(area.north);
    sql.push(" AND (a.lon >= ").bind(area.west);
    // One that crosses the 180th meridian is what lies east of its west or west of its east.
    sql.push(if area.west <= area.east {
        " AND a.lon <= "
    } else {
        " OR a.lon <= "
    });
    sql.bind(area.east).push(")");
}

/// The distance is that on a flat map whose scale is right at the circle's middle: databases have no
/// trigonometry in common, and within the largest radius it errs by a few percent at most.
fn near(sql: &mut Builder, circle: &Circle) {
    let reach = circle.radius / DEGREE;
    let shrink = circle.lat.to_radians().cos().max(0.01);
    sql.push("a.lat IS NOT NULL AND a.lat >= ")
        .bind(circle.lat - reach);
    sql.push(" AND a.lat <= ").bind(circle.lat + reach);
    sql.push(" AND (FALSE");
    for middle in [circle.lon, circle.lon - 360.0, circle.lon + 360.0] {
        let nearest = middle.clamp(-180.0, 180.0);
        if (middle - nearest).abs() * shrink > reach {
            continue;
        }
        sql.push(" OR (a.lat - ").bind(circle.lat);
        sql.push(") * (a.lat - ").bind(circle.lat);
        sql.push(") + (a.lon - ").bind(middle);
        sql.push(") * (a.lon - ").bind(middle);
        sql.push(") * ").bind(shrink * shrink);
        sql.push(" <= ").bind(reach * reach);
    }
    sql.push(")");
}

#[cfg(test)]
mod tests;
