//! [`Visibility`] as SQL: the only place. Its meaning is [`Visibility::admits`], and the suite holds
//! the two equal.

use domain::Visibility;

use crate::sql::Builder;

/// Appends the condition that asset `a` is visible.
pub(crate) fn admitted(sql: &mut Builder, visibility: &Visibility) {
    sql.push("a.tenant = ")
        .bind(visibility.tenant())
        .push(" AND a.owner");
    sql.is_one_of(visibility.owners());
}
